// The twenty exports of testdata/exports through the program, both ways: `report` of the file and `import` into a
// ledger give the figures that were worked out by hand, and the same rows as each other.

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "app/testing/process.h"

namespace behoud::app::testing {
namespace {

namespace fs = std::filesystem;
const fs::path kFolder = fs::path(BEHOUD_SOURCE_DIR) / "testdata" / "exports";
constexpr std::string_view kExpected = ".expected.json";

std::vector<std::string> exports() {
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(kExpected)) out.push_back(name.substr(0, name.size() - kExpected.size()));
  }
  std::sort(out.begin(), out.end());
  return out;
}

TEST(Exports, AreTwenty) { EXPECT_EQ(exports().size(), 20U); }

class Export : public ::testing::TestWithParam<std::string> {};

struct Sums {
  std::int64_t orders = 0, gross = 0, revenue = 0;
  friend bool operator==(const Sums&, const Sums&) = default;
};

Sums sums_of(const boost::json::value& rows) {
  Sums out;
  for (const auto& row : rows.as_array()) {
    out.orders += row.at("orders").to_number<std::int64_t>();
    out.gross += row.at("gross_minor").to_number<std::int64_t>();
    out.revenue += row.at("revenue_minor").to_number<std::int64_t>();
  }
  return out;
}

TEST_P(Export, GivesTheFiguresWorkedOutByHandByReportAndByImport) {
  std::ifstream in(kFolder / (GetParam() + std::string(kExpected)));
  const boost::json::value expected =
      boost::json::parse(std::string{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()});
  const auto& asked = expected.at("options").as_object();
  std::vector<std::string> how;
  for (const auto& [option, name] : std::initializer_list<std::pair<const char*, const char*>>{
           {"--timezone", "zone"}, {"--currency", "currency"}, {"--map", "map"}, {"--date-format", "date_format"}}) {
    if (const auto* value = asked.if_contains(name)) {
      how.emplace_back(option);
      how.emplace_back(value->as_string());
    }
  }
  const Sums by_hand{expected.at("counted_orders").to_number<std::int64_t>(),
                     expected.at("gross_minor").to_number<std::int64_t>(),
                     expected.at("revenue_minor").to_number<std::int64_t>()};

  const std::string file = (kFolder / GetParam()).string();
  std::vector<std::string> words{"report", file, "--json"};
  words.insert(words.end(), how.begin(), how.end());
  const Ended report = run_behoud(words);
  ASSERT_EQ(report.exit_code, 0) << report.err;
  const boost::json::value shown = boost::json::parse(report.out);
  EXPECT_EQ(sums_of(shown.at("retention").at("rows")), by_hand);

  const TemporaryFolder folder;
  const std::string copy = folder / GetParam();  // the list of rejected rows is written beside the file
  fs::copy_file(file, copy);
  words = {"import", "orders", copy, "--data", folder / "shop", "--json"};
  words.insert(words.end(), how.begin(), how.end());
  // An import needs a currency; amounts that state none have two decimals in the report too.
  if (expected.at("currency").as_string().empty() && !asked.contains("currency"))
    words.insert(words.end(), {"--currency", "EUR"});
  const Ended import = run_behoud(words);
  ASSERT_EQ(import.exit_code, 0) << import.err;
  const boost::json::value told = boost::json::parse(import.out);
  EXPECT_EQ(told.at("rejected").at("count").to_number<std::size_t>(), expected.at("rejected").as_array().size());
  EXPECT_EQ(told.at("bridge"), shown.at("bridge"));
  const Ended answer = run_behoud({"retention", "--data", folder / "shop", "--format", "json"});
  ASSERT_EQ(answer.exit_code, 0) << answer.err;
  const boost::json::value kept = boost::json::parse(answer.out);
  EXPECT_EQ(sums_of(kept.at("rows")), by_hand);
  EXPECT_EQ(kept.at("rows"), shown.at("retention").at("rows"));
}

INSTANTIATE_TEST_SUITE_P(Exports, Export, ::testing::ValuesIn(exports()), [](const auto& named) {
  std::string out = named.param;
  std::replace_if(out.begin(), out.end(), [](char c) { return c == '-' || c == '.'; }, '_');
  return out;
});

}  // namespace
}  // namespace behoud::app::testing
