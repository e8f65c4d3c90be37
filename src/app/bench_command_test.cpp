#include <boost/json.hpp>
#include <set>

#include <gtest/gtest.h>

#include "app/exit_code.h"
#include "app/testing/process.h"

namespace behoud::app::testing {
namespace {

TEST(BenchCommand, TimesEveryQuestionAndFindsDuckDbOfOneMindWithIt) {
  const Ended e =
      run_behoud({"bench", "engine", "--customers", "3000", "--events", "90000", "--rounds", "1", "--json"});
  ASSERT_EQ(e.exit_code, kDone) << e.err;
  const auto json = boost::json::parse(e.out);
  EXPECT_EQ(json.at("customers"), 3000);
  EXPECT_GT(json.at("events").as_int64(), 60'000);
  EXPECT_EQ(json.at("threads"), 2);
  EXPECT_GT(json.at("bandwidth_gb_s").to_number<double>(), 0);
  EXPECT_LT(json.at("bytes_an_event").to_number<double>(), 16);
  std::set<std::string> names;
  for (const auto& q : json.at("questions").as_array()) {
    const std::string name(q.at("name").as_string());
    names.insert(name);
    EXPECT_GT(q.at("ms").to_number<double>(), 0) << name;
    EXPECT_GT(q.at("bytes").to_number<double>(), 0) << name;
    if (name.ends_with("-split") || name.ends_with("-filter")) continue;  // has no peer
    EXPECT_TRUE(q.at("equal").as_bool()) << name;
    EXPECT_GT(q.at("peers").at("duckdb_clustered_ms").to_number<double>(), 0) << name;
  }
  for (const char* name : {"W1", "W2", "W3", "W4", "W5", "W6", "W7", "W8", "W1-split", "W1-filter", "W2-split",
                           "W2-filter", "W4-filter"}) {
    EXPECT_TRUE(names.contains(name)) << name;
  }
}

TEST(BenchCommand, MistakesAreUsage) {
  const struct {
    std::vector<std::string> words;
    std::string_view says;
  } cases[] = {{{"bench"}, "engine"},
               {{"bench", "ledger"}, "there is nothing else to bench than: engine"},
               {{"bench", "engine", "--customers", "0"}, "--customers"},
               {{"bench", "engine", "--threads", "65"}, "--threads"},
               {{"bench", "engine", "--format", "csv"}, "a table or as JSON"}};
  for (const auto& c : cases) {
    const Ended e = run_behoud(c.words);
    EXPECT_EQ(e.exit_code, kUsage) << c.says;
    EXPECT_NE(e.err.find(c.says), std::string::npos) << e.err;
  }
}

}  // namespace
}  // namespace behoud::app::testing
