// The report says: write to these 34 people, with this command. The command lists 34 people.

#include <boost/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "app/testing/process.h"

namespace behoud::app::testing {
namespace {

TEST(ActionLists, HoldAsManyPeopleAsTheReportSays) {
  const TemporaryFolder folder;
  const std::string data = folder / "shop";
  ASSERT_EQ(run_behoud({"sample", "--customers", "500", "--data", data}).exit_code, 0);
  const Ended report = run_behoud({"report", "--data", data, "--json"});
  ASSERT_EQ(report.exit_code, 0) << report.err;
  const boost::json::value shown = boost::json::parse(report.out);
  int lists = 0;
  for (const auto& action : shown.at("actions").as_array()) {
    const std::string command{action.at("command").as_string()};
    if (!command.starts_with("behoud customers ")) continue;
    std::istringstream text(command.substr(std::string("behoud ").size()));
    std::vector<std::string> words;
    for (std::string word; text >> word;) words.push_back(word);
    words.insert(words.end(), {"--format", "json"});
    const Ended listed = run_behoud(words);
    ASSERT_EQ(listed.exit_code, 0) << command << listed.err;
    const boost::json::value rows = boost::json::parse(listed.out);
    EXPECT_EQ(rows.at("rows").as_array().size(), action.at("people").to_number<std::size_t>()) << command;
    ++lists;
  }
  EXPECT_GE(lists, 2);
}

TEST(ActionLists, OfASampleAreMadeInTheWindowItsOrdersFit) {
  const TemporaryFolder folder;
  const std::string data = folder / "shop";
  ASSERT_EQ(run_behoud({"sample", "--customers", "500", "--data", data}).exit_code, 0);
  const Ended settings = run_behoud({"settings", "--data", data, "--json"});
  ASSERT_EQ(settings.exit_code, 0) << settings.err;
  EXPECT_EQ(boost::json::parse(settings.out).at("window_days"), 180);
}

}  // namespace
}  // namespace behoud::app::testing
