// behoud notes: alone, and beside a server that holds the folder, whose route shows the same.

#include <boost/json.hpp>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "app/testing/process.h"
#include "app/testing/running_server.h"

namespace behoud::app::testing {
namespace {

class Notes : public ::testing::Test {
 protected:
  void SetUp() override {
    std::ofstream(folder_ / "o.csv") << "customer,date,amount,currency\na,2024-01-05,10.00,SEK\n";
    ASSERT_EQ(run_behoud({"import", "orders", folder_ / "o.csv", "--data", data()}).exit_code, 0);
  }
  std::string data() const { return folder_ / "shop"; }
  Ended notes(std::vector<std::string> words) const {
    words.insert(words.begin(), "notes");
    words.insert(words.end(), {"--data", data()});
    return run_behoud(words);
  }
  std::string add(const std::string& day, const std::string& text) const {
    const Ended added = notes({"add", "--day", day, "--text", text, "--kind", "campaign", "--json"});
    EXPECT_EQ(added.exit_code, 0) << added.err;
    return std::string{boost::json::parse(added.out).at("id").as_string()};
  }
  TemporaryFolder folder_;
};

TEST_F(Notes, AreListedAddedAndRemoved) {
  EXPECT_EQ(notes({"--json"}).out, "{\"rows\":[],\"next\":null}\n");
  const std::string first = add("2024-01-10", "Winter sale");
  ASSERT_EQ(notes({"add", "--day", "2024-02-01", "--text", "  =prices up ", "--kind", "price"}).exit_code, 0);
  ASSERT_EQ(notes({"add", "--day", "2023-12-31", "--text", "Räksmörgås"}).exit_code, 0);
  const auto rows = boost::json::parse(notes({"--format", "json"}).out).at("rows").as_array();
  ASSERT_EQ(rows.size(), 3U) << "the newest day first";
  EXPECT_EQ(rows[0].at("text"), "=prices up");
  EXPECT_EQ(rows[1].at("id").as_string(), first);
  EXPECT_EQ(rows[1].at("day"), "2024-01-10");
  EXPECT_EQ(rows[1].at("kind"), "campaign");
  EXPECT_EQ(rows[2].at("kind"), "other");
  const std::string csv = notes({"--format", "csv"}).out;
  EXPECT_TRUE(csv.starts_with("id,day,kind,text\n")) << csv;
  EXPECT_NE(csv.find(",2024-02-01,price,\"'=prices up\"\n"), std::string::npos) << csv;
  EXPECT_NE(notes({}).out.find("Winter sale"), std::string::npos);
  EXPECT_EQ(notes({"remove", first}).out, first + " is removed\n");
  const Ended again = notes({"remove", first, "--json"});
  EXPECT_NE(again.exit_code, 0);
  EXPECT_TRUE(boost::json::parse(again.out).as_object().contains("error")) << again.out;
  EXPECT_EQ(boost::json::parse(notes({"--json"}).out).at("rows").as_array().size(), 2U);
}

TEST_F(Notes, ChangeNoFigure) {
  const auto figures = [&] { return run_behoud({"retention", "--json", "--data", data()}).out; };
  const std::string before = figures();
  add("2024-01-10", "Winter sale");
  EXPECT_EQ(figures(), before);
}

TEST_F(Notes, OfAServedFolderAreTheRoutes) {
  const std::string before = add("2024-01-10", "Winter sale");
  RunningServer server({"--data", data()});
  ASSERT_TRUE(server.ok());
  SignedInClient client(server);
  const std::string after = add("2024-03-10", "Spring \"sale\"");  // goes to the server
  const auto served = client.get("/api/v1/notes");
  ASSERT_TRUE(served && served->status == 200);
  EXPECT_EQ(served->body, notes({"--json"}).out);
  EXPECT_NE(served->body.find(after), std::string::npos);
  EXPECT_EQ(notes({"remove", before}).exit_code, 0);
  EXPECT_EQ(client.get("/api/v1/notes")->body.find(before), std::string::npos);
}

TEST_F(Notes, SayWhatIsWrong) {
  const struct {
    std::vector<std::string> words;
    const char* about;
  } wrong[] = {{{"add"}, "--day"},
               {{"add", "--day", "2024-01-10"}, "--text"},
               {{"add", "--day", "yesterday", "--text", "x"}, "yesterday"},
               {{"add", "--day", "2024-01-10", "--text", " "}, "one line"},
               {{"add", "--day", "2024-01-10", "--text", "two\nlines"}, "one line"},
               {{"add", "--day", "2024-01-10", "--text", std::string(501, 'x')}, "one line"},
               {{"add", "--day", "2024-01-10", "--text", "x", "--kind", "gossip"}, "campaign"},
               {{"remove"}, "remove ID"},
               {{"burn", "n_0"}, "notes add"}};
  for (const auto& w : wrong) {
    const Ended e = notes(w.words);
    EXPECT_EQ(e.exit_code, 2) << w.about << e.err;
    EXPECT_NE(e.err.find(w.about), std::string::npos) << e.err;
  }
  const std::string sample = folder_ / "sample";
  ASSERT_EQ(run_behoud({"sample", "--customers", "5", "--data", sample}).exit_code, 0);
  EXPECT_EQ(run_behoud({"notes", "add", "--day", "2024-01-01", "--text", "x", "--data", sample}).exit_code, 2);
  EXPECT_EQ(run_behoud({"notes", "--json", "--data", sample}).out, "{\"rows\":[],\"next\":null}\n");
}

}  // namespace
}  // namespace behoud::app::testing
