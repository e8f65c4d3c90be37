// What commands that run without a server leave in the log of who did what: a line for each change, with the command
// line as its doer and no word of a person.

#include <boost/json.hpp>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "app/testing/process.h"
#include "app/testing/running_server.h"

namespace behoud::app::testing {
namespace {

namespace json = boost::json;

class CommandLog : public ::testing::Test {
 protected:
  Ended run(std::vector<std::string> words) {
    words.insert(words.end(), {"--data", data_});
    return run_behoud(words);
  }
  std::string file(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }
  std::string log() {
    const Ended e = run({"access", "audit", "--json"});
    EXPECT_EQ(e.exit_code, 0) << e.err;
    return e.out;
  }
  // "action subject id detail" of each line, the oldest first; each is of the command line.
  std::vector<std::string> lines() {
    std::vector<std::string> out;
    const json::value told = json::parse(log());
    for (const json::value& row : told.at("rows").as_array()) {
      EXPECT_EQ(row.at("actor").at("kind"), "command") << json::serialize(row);
      std::string line{row.at("action").as_string()};
      for (const char* name : {"subject", "detail"}) {
        const json::value* v = row.as_object().if_contains(name);
        if (v != nullptr && !v->is_null()) line += " " + json::serialize(*v);
      }
      out.insert(out.begin(), line);
    }
    return out;
  }

  TemporaryFolder folder_;
  std::string data_ = folder_ / "shop";
  static constexpr const char* kOrders =
      "order_id,customer,email,date,amount,currency\n1,anna-17,anna@example.com,2024-01-05,10.00,EUR\n";
};

TEST_F(CommandLog, EveryChangeIsALineOfTheCommandLineWithoutPersonalData) {
  const std::string orders = file("secret-name.csv", kOrders);
  ASSERT_EQ(run({"import", "orders", orders, "--dry-run"}).exit_code, 0);
  ASSERT_EQ(run({"import", "orders", orders}).exit_code, 0);
  ASSERT_EQ(run({"import", "orders", orders, "--dry-run"}).exit_code, 0);
  ASSERT_EQ(run({"settings", "--window", "90d", "--margin", "35%"}).exit_code, 0);
  ASSERT_EQ(run({"settings", "--window", "90d"}).exit_code, 0) << "changes nothing, says nothing";
  ASSERT_EQ(run({"settings"}).exit_code, 0);
  const Ended cost = run({"costs", "add", "--from", "2024-01-01", "--amount", "5", "--purpose", "retention", "--note",
                          "secret note", "--json"});
  ASSERT_EQ(cost.exit_code, 0) << cost.err;
  const std::string id{json::parse(cost.out).at("id").as_string()};
  ASSERT_EQ(run({"costs", "change", id, "--from", "2024-01-01", "--amount", "6", "--purpose", "retention"}).exit_code,
            0);
  ASSERT_EQ(run({"costs", "remove", id}).exit_code, 0);
  ASSERT_NE(run({"costs", "remove", "c_0"}).exit_code, 0);
  const Ended note = run({"notes", "add", "--day", "2024-01-05", "--text", "secret sale", "--json"});
  ASSERT_EQ(note.exit_code, 0) << note.err;
  const std::string noted{json::parse(note.out).at("id").as_string()};
  ASSERT_EQ(run({"notes"}).exit_code, 0);
  ASSERT_EQ(run({"notes", "remove", noted}).exit_code, 0);
  ASSERT_NE(run({"notes", "remove", noted}).exit_code, 0);
  ASSERT_EQ(run({"imports", "undo", "1"}).exit_code, 0);
  ASSERT_NE(run({"imports", "undo", "1"}).exit_code, 0);
  ASSERT_EQ(run({"access", "invite", "--email", "secret@example.com", "--role", "owner"}).exit_code, 0);

  std::vector<std::string> actions;
  for (const std::string& line : lines()) actions.push_back(line.substr(0, line.find(' ')));
  EXPECT_EQ(actions, (std::vector<std::string>{"import", "settings_changed", "cost_entered", "cost_changed",
                                               "cost_removed", "note_added", "note_removed", "undo", "user_invited"}));
  const std::string told = log();
  for (const char* word : {"secret", "anna", "example.com", "shop"}) {
    EXPECT_EQ(told.find(word), std::string::npos) << word;
  }
  EXPECT_NE(told.find("window_days"), std::string::npos) << "which settings, not to what";
}

TEST_F(CommandLog, BesideAServerEachChangeIsOneLineToo) {
  ASSERT_EQ(run({"import", "orders", file("a.csv", kOrders)}).exit_code, 0);
  RunningServer server({"--data", data_});
  ASSERT_TRUE(server.ok());
  ASSERT_EQ(run({"settings", "--window", "90d"}).exit_code, 0);
  ASSERT_EQ(run({"notes", "add", "--day", "2024-01-05", "--text", "sale"}).exit_code, 0);
  ASSERT_EQ(run({"import", "orders", file("b.csv", std::string(kOrders) + "2,bo-4,,2024-01-06,1.00,EUR\n")}).exit_code,
            0);
  std::vector<std::string> actions;
  for (const std::string& line : lines()) actions.push_back(line.substr(0, line.find(' ')));
  EXPECT_EQ(actions, (std::vector<std::string>{"import", "link_made", "settings_changed", "note_added", "import"}));
}

}  // namespace
}  // namespace behoud::app::testing
