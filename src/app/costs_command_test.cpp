// behoud costs: what is entered stands beside what files say, and only that can be changed one by one.

#include <boost/json.hpp>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "app/testing/process.h"

namespace behoud::app::testing {
namespace {

class Costs : public ::testing::Test {
 protected:
  void SetUp() override {
    std::ofstream(folder_ / "o.csv") << "customer,date,amount,currency\na,2024-01-05,10.00,SEK\n";
    std::ofstream(folder_ / "c.csv") << "from,amount,currency,purpose\n2024-01-09,12.00,SEK,acquisition\n";
    ASSERT_EQ(run_behoud({"import", "orders", folder_ / "o.csv", "--data", data()}).exit_code, 0);
    ASSERT_EQ(run_behoud({"import", "costs", folder_ / "c.csv", "--data", data()}).exit_code, 0);
  }
  std::string data() const { return folder_ / "shop"; }
  Ended costs(std::vector<std::string> words) const {
    words.insert(words.begin(), "costs");
    words.insert(words.end(), {"--data", data()});
    return run_behoud(words);
  }
  TemporaryFolder folder_;
};

TEST_F(Costs, AreEnteredChangedAndTakenAway) {
  const Ended added = costs({"add", "--from", "2024-01-01", "--to", "2024-02-01", "--amount", "310.50", "--purpose",
                             "retention", "--note", "letters", "--json"});
  ASSERT_EQ(added.exit_code, 0) << added.err;
  const auto cost = boost::json::parse(added.out).as_object();
  EXPECT_EQ(cost.at("amount_minor"), 31050);
  EXPECT_EQ(cost.at("currency"), "SEK");
  const std::string id{cost.at("id").as_string()};
  ASSERT_EQ(costs({"change", id, "--from", "2024-01-02", "--amount=-5", "--purpose", "acquisition"}).exit_code, 0);
  const auto rows = boost::json::parse(costs({"--format", "json"}).out).at("rows").as_array();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].at("origin"), "file");
  EXPECT_EQ(rows[1].at("origin"), "entered");
  EXPECT_EQ(rows[1].at("amount_minor"), -500);
  EXPECT_EQ(rows[1].at("to"), "2024-01-03");
  EXPECT_NE(costs({}).out.find(id), std::string::npos);
  EXPECT_TRUE(costs({"--format", "csv"}).out.starts_with("id,from,to,amount_minor,"));
  const Ended of_file = costs({"remove", std::string{rows[0].at("id").as_string()}});
  EXPECT_EQ(of_file.exit_code, 2) << of_file.err;
  EXPECT_EQ(costs({"remove", id}).exit_code, 0);
  EXPECT_EQ(boost::json::parse(costs({"--json"}).out).at("rows").as_array().size(), 1U);
}

TEST_F(Costs, SayWhatIsWrong) {
  const std::vector<std::vector<std::string>> wrong{
      {"add"},
      {"add", "--from", "2024-01-01", "--amount", "1"},
      {"add", "--from", "yesterday", "--amount", "1", "--purpose", "retention"},
      {"add", "--from", "2024-01-01", "--amount", "much", "--purpose", "retention"},
      {"add", "--from", "2024-01-01", "--amount", "1", "--purpose", "fun"},
      {"add", "--from", "2024-01-01", "--amount", "1", "--purpose", "retention", "--kind", "bribes"},
      {"change"},
      {"burn", "c_0"}};
  for (const auto& words : wrong) {
    const Ended e = costs(words);
    EXPECT_EQ(e.exit_code, 2) << words.front() << e.err;
    EXPECT_FALSE(e.err.empty());
  }
  EXPECT_NE(costs({"remove", "c_0123"}).exit_code, 0);
  EXPECT_EQ(run_behoud({"costs", "add", "--data", folder_ / "nowhere"}).exit_code,
            run_behoud({"settings", "--window", "9d", "--data", folder_ / "nowhere"}).exit_code);
}

}  // namespace
}  // namespace behoud::app::testing
