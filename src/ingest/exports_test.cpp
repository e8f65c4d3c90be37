// Every file in testdata/exports against the figures worked out for it by hand (testdata/exports/README.md).

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "ingest/mapping.h"
#include "ingest/orders_for_tests.h"
#include "ledger/order.h"

namespace behoud::ingest {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

const fs::path kFolder = fs::path(BEHOUD_SOURCE_DIR) / "testdata" / "exports";
constexpr std::string_view kExpected = ".expected.json";

std::vector<std::string> fixture_names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(kExpected)) names.push_back(name.substr(0, name.size() - kExpected.size()));
  }
  std::sort(names.begin(), names.end());
  return names;
}

json::object read_expected(const std::string& name) {
  std::ifstream in(kFolder / (name + std::string(kExpected)));
  std::stringstream text;
  text << in.rdbuf();
  return json::parse(text.str()).as_object();
}

std::string text_of(const json::object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  return v != nullptr && v->is_string() ? std::string(v->as_string()) : std::string();
}
std::int64_t number_of(const json::object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  return v != nullptr && v->is_int64() ? v->as_int64() : 0;
}

// A plain settlement of what was read, as definitions.md has it: the counted orders, their buyers and their money.
struct Figures {
  std::int64_t counted = 0, gross = 0, revenue = 0;
  std::set<std::string> buyers;
};
Figures settle_plainly(const Collect& seen, const std::string& currency) {
  struct Open {
    std::int64_t at = 0, gross = 0, total = 0, refunded = 0;
    bool main = true;
    std::string customer;
  };
  std::vector<Open> orders;
  for (const OwnedOrder& o : seen.orders) {
    if (!o.at_ms || o.space == 0 || o.test || o.cancelled_ms) continue;
    if (ledger::standing_of(o.status) != ledger::Standing::kCounts) continue;
    std::int64_t parts = 0;
    for (const OwnedRefund& r : o.refunds) parts += r.minor;
    Open open{*o.at_ms, *o.gross, *o.total, std::max(parts, o.refund.value_or(0)), o.currency == currency, o.customer};
    if (open.total > 0 && open.refunded >= open.total) continue;
    orders.push_back(open);
  }
  for (const OwnedLoose& r : seen.refunds) {
    Open* latest = nullptr;
    for (Open& o : orders) {
      const bool fits = o.customer == r.customer && o.at < r.at_ms && o.total - o.refunded >= r.minor;
      if (fits && (latest == nullptr || o.at > latest->at)) latest = &o;
    }
    if (latest != nullptr) latest->refunded += r.minor;
  }
  Figures f;
  for (const Open& o : orders) {
    ++f.counted;
    f.buyers.insert(o.customer);
    if (!o.main) continue;
    f.gross += o.gross;
    f.revenue += o.gross;
    if (o.total > 0) f.revenue -= money::mul_div(o.gross, std::min(o.refunded, o.total), o.total).value();
  }
  return f;
}

class Exports : public testing::TestWithParam<std::string> {};

TEST_P(Exports, AgreeWithTheFiguresWorkedOutByHand) {
  const json::object expected = read_expected(GetParam());
  const json::object& asked = expected.at("options").as_object();
  ReadOptions options = test_options();
  if (const std::string zone = text_of(asked, "zone"); !zone.empty())
    options.zone = calendar::Zone::create(zone).value();
  if (const std::string c = text_of(asked, "currency"); !c.empty())
    options.currency = money::Currency::parse(c).value();
  if (const std::string map = text_of(asked, "map"); !map.empty()) options.map = parse_mapping(map).value();
  options.date_format = text_of(asked, "date_format");

  Collect seen;
  const auto facts = read_orders({(kFolder / GetParam()).string()}, options, seen);
  ASSERT_TRUE(facts) << facts.error().message << "\n" << facts.error().hint;

  // What was recognised.
  EXPECT_EQ(facts->files.front().system, text_of(expected, "system"));

  // The account of every row.
  EXPECT_EQ(bridge_fault(*facts), "");
  std::map<std::string, std::int64_t> counts, sums;
  for (const BridgeStep& s : facts->bridge) {
    counts[s.name] += static_cast<std::int64_t>(s.count);
    sums[s.name] += s.minor;
  }
  for (const char* step : {"rows", "header_rows", "title_rows", "total_rows", "blank_rows", "refund_rows", "lines",
                           "orders", "anonymous", "refunds_without_order"}) {
    EXPECT_EQ(counts[step], number_of(expected, step)) << step;
  }
  EXPECT_EQ(sums["billed"], number_of(expected, "billed_minor"));
  EXPECT_EQ(sums["gross"], number_of(expected, "all_gross_minor"));
  EXPECT_EQ(sums["tax"], number_of(expected, "tax_minor"));
  EXPECT_EQ(sums["shipping"], number_of(expected, "shipping_minor"));
  EXPECT_EQ(sums["discount"], number_of(expected, "discount_minor"));
  EXPECT_EQ(sums["refunds"], number_of(expected, "refunds_minor"));
  EXPECT_EQ(facts->currency.code(), text_of(expected, "currency"));
  EXPECT_EQ(calendar::to_string(facts->first_day.value()), text_of(expected, "first_day"));
  EXPECT_EQ(calendar::to_string(facts->last_day.value()), text_of(expected, "last_day"));

  // Rejected rows, in order.
  const json::array& rejected = expected.at("rejected").as_array();
  ASSERT_EQ(facts->rejected.size(), rejected.size());
  EXPECT_EQ(facts->rejected_count, rejected.size());
  for (std::size_t i = 0; i < rejected.size(); ++i) {
    const json::object& r = rejected[i].as_object();
    EXPECT_EQ(facts->rejected[i].place.line, static_cast<std::uint64_t>(number_of(r, "line")));
    EXPECT_EQ(facts->rejected[i].place.column, text_of(r, "column"));
    EXPECT_EQ(facts->rejected[i].reason, text_of(r, "reason"));
  }

  std::set<std::string> notices, expected_notices;
  for (const Notice& n : facts->notices) notices.insert(n.key);
  for (const auto& n : expected.at("notices").as_array()) expected_notices.insert(std::string(n.as_string()));
  EXPECT_EQ(notices, expected_notices);

  // The orders.
  std::map<std::string, std::int64_t> standings;
  for (const OwnedOrder& o : seen.orders) {
    if (!o.at_ms) continue;
    switch (ledger::standing_of(o.status)) {
      case ledger::Standing::kCounts:
        ++standings["counts"];
        break;
      case ledger::Standing::kAwaited:
        ++standings["awaited"];
        break;
      case ledger::Standing::kNot:
        ++standings["not"];
        break;
      case ledger::Standing::kRefunded:
        ++standings["refunded"];
        break;
      case ledger::Standing::kUnknown:
        ++standings["unknown"];
        break;
      case ledger::Standing::kTest:
        ++standings["test"];
        break;
    }
  }
  std::map<std::string, std::int64_t> expected_standings;
  for (const auto& [key, value] : expected.at("standings").as_object()) {
    expected_standings[std::string(key)] = value.as_int64();
  }
  EXPECT_EQ(standings, expected_standings);

  std::map<std::string, std::pair<std::int64_t, std::int64_t>> foreign, expected_foreign;
  for (const BridgeStep& s : facts->bridge) {
    if (s.name == "foreign") foreign[s.detail] = {static_cast<std::int64_t>(s.count), s.minor};
  }
  if (const auto* f = expected.if_contains("foreign")) {
    for (const auto& [code, value] : f->as_object()) {
      expected_foreign[std::string(code)] = {number_of(value.as_object(), "orders"),
                                             number_of(value.as_object(), "gross_minor")};
    }
  }
  EXPECT_EQ(foreign, expected_foreign);

  for (const auto& value : expected.at("some_orders").as_array()) {
    const json::object& o = value.as_object();
    const OwnedOrder* found = seen.find(text_of(o, "id"));
    ASSERT_NE(found, nullptr) << text_of(o, "id");
    SCOPED_TRACE(found->id);
    EXPECT_EQ(found->customer, text_of(o, "customer"));
    const calendar::Moment placed{{found->at_ms.value()}, found->date_only};
    EXPECT_EQ(calendar::to_string(options.zone.day_of(placed)), text_of(o, "day"));
    EXPECT_EQ(found->gross.value(), number_of(o, "gross_minor"));
    EXPECT_EQ(found->total.value(), number_of(o, "total_minor"));
    if (o.contains("tax_minor")) {
      EXPECT_EQ(found->tax.value_or(0), number_of(o, "tax_minor"));
    }
    if (o.contains("shipping_minor")) {
      EXPECT_EQ(found->shipping.value_or(0), number_of(o, "shipping_minor"));
    }
    std::int64_t refunded = 0;
    for (const OwnedRefund& r : found->refunds) refunded += r.minor;
    EXPECT_EQ(std::max(refunded, found->refund.value_or(0)), number_of(o, "refund_minor"));
    if (o.contains("status")) {
      EXPECT_EQ(found->status, text_of(o, "status"));
    }
    if (o.contains("currency")) {
      EXPECT_EQ(found->currency, text_of(o, "currency"));
    }
    if (!found->lines.empty()) {
      std::int64_t lines = 0;
      for (const OwnedLine& l : found->lines) lines += l.amount_minor;
      EXPECT_EQ(lines, found->gross.value()) << "the lines sum to the order";
    }
  }

  std::multiset<std::tuple<std::uint64_t, std::string, std::int64_t>> loose, expected_loose;
  for (const OwnedLoose& r : seen.refunds) loose.emplace(r.line, r.customer, r.minor);
  if (const auto* list = expected.if_contains("loose_refunds")) {
    for (const auto& value : list->as_array()) {
      const json::object& r = value.as_object();
      expected_loose.emplace(static_cast<std::uint64_t>(number_of(r, "line")), text_of(r, "customer"),
                             number_of(r, "minor"));
    }
  }
  EXPECT_EQ(loose, expected_loose);

  // And what the definitions make of it.
  const Figures figures = settle_plainly(seen, text_of(expected, "currency"));
  EXPECT_EQ(figures.counted, number_of(expected, "counted_orders"));
  EXPECT_EQ(figures.buyers.size(), static_cast<std::size_t>(number_of(expected, "buyers")));
  EXPECT_EQ(figures.gross, number_of(expected, "gross_minor"));
  EXPECT_EQ(figures.revenue, number_of(expected, "revenue_minor"));
}

INSTANTIATE_TEST_SUITE_P(Of, Exports, testing::ValuesIn(fixture_names()), [](const auto& each) {
  std::string name = each.param;
  std::replace_if(name.begin(), name.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return name;
});

TEST(ExportsFolder, HoldsTwentyFilesWithTheirFigures) {
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(kExpected) || name == "README.md" || name.starts_with(".")) continue;
    ++files;
    EXPECT_TRUE(fs::exists(kFolder / (name + std::string(kExpected)))) << name;
  }
  EXPECT_EQ(files, fixture_names().size());
  EXPECT_GE(files, 20u);
}

}  // namespace
}  // namespace behoud::ingest
