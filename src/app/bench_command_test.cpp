#include <boost/json.hpp>
#include <filesystem>
#include <set>

#include <gtest/gtest.h>

#include "app/exit_code.h"
#include "app/testing/process.h"
#include "base/testing/temporary_folder.h"

namespace behoud::app::testing {
namespace {

TEST(BenchCommand, TimesEveryQuestionAndFindsDuckDbOfOneMindWithIt) {
  const TemporaryFolder scratch;
  const Ended e = run_behoud({"bench", "engine", "--customers", "3000", "--events", "90000", "--rounds", "1",
                              "--scratch", scratch.path(), "--json"});
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
  const auto& ingest = json.at("ingest");
  EXPECT_GT(ingest.at("events_a_second").to_number<double>(), 0);
  EXPECT_GT(ingest.at("append_cpu_us").to_number<double>(), 0);
  EXPECT_GT(ingest.at("written_bytes_an_event").to_number<double>(), 0);
  EXPECT_LE(ingest.at("written_bytes_an_event").to_number<double>(), 200);
  EXPECT_GE(ingest.at("peak_bytes_an_event").to_number<double>(), json.at("bytes_an_event").to_number<double>());
  ASSERT_FALSE(ingest.at("questions").as_array().empty());
  for (const auto& q : ingest.at("questions").as_array()) {
    EXPECT_TRUE(names.contains(std::string(q.at("name").as_string())));
    EXPECT_GT(q.at("cpu_ms").to_number<double>(), 0) << q.at("name");
  }
  EXPECT_TRUE(std::filesystem::is_empty(scratch.path())) << "the bench's file is left behind";
}

TEST(BenchCommand, AFolderThatIsNotThereIsNamed) {
  const Ended e = run_behoud({"bench", "engine", "--customers", "300", "--events", "9000", "--rounds", "1",
                              "--no-peers", "--scratch", "/nowhere", "--json"});
  EXPECT_NE(e.exit_code, kDone);
  EXPECT_NE(e.err.find("/nowhere"), std::string::npos) << e.err;
  EXPECT_NE(e.err.find("--scratch"), std::string::npos) << e.err;
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
