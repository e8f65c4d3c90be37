// Imports as people make them: the program started, files in a folder, answers compared.

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "app/testing/process.h"

namespace behoud::app::testing {
namespace {

namespace fs = std::filesystem;

class Import : public ::testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }
  static std::string text_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  Ended import(const std::string& kind, const std::string& path, std::vector<std::string> more = {}) {
    std::vector<std::string> words{"import", kind, path, "--data", data_, "--json"};
    words.insert(words.end(), more.begin(), more.end());
    return run_behoud(words);
  }
  static boost::json::object json(const Ended& e) {
    const boost::json::value told = boost::json::parse(e.out);
    return told.as_object();
  }
  // The rows of an answer, in a window that both shops share.
  boost::json::value rows(const std::string& question, const std::string& data, std::vector<std::string> more = {}) {
    std::vector<std::string> words{question, "--data", data, "--format", "json"};
    words.insert(words.end(), more.begin(), more.end());
    const Ended e = run_behoud(words);
    EXPECT_EQ(e.exit_code, 0) << e.err;
    return e.exit_code == 0 ? boost::json::parse(e.out).at("rows") : boost::json::value{};
  }

  TemporaryFolder folder_;
  std::string data_ = folder_ / "shop";
  static constexpr const char* kOrders =
      "order_id,customer,date,amount,currency,item\n"
      "1,anna-17,2024-01-05,10.00,EUR,tea\n2,bo-4,2024-01-20,20.00,EUR,mug\n"
      "3,anna-17,2024-02-11,12.50,EUR,tea\n4,cleo-9,2024-03-02,7.00,EUR,tea\n";
};

TEST_F(Import, MakesTheFolderAndTheShopsSettingsFromTheFirstFile) {
  const Ended e = import("orders", file("orders.csv", kOrders), {"--timezone", "Europe/Amsterdam"});
  ASSERT_EQ(e.exit_code, 0) << e.err;
  const auto told = json(e);
  EXPECT_EQ(told.at("import").at("added"), 4);
  EXPECT_EQ(told.at("settings").at("currency"), "EUR");
  const auto answer = boost::json::parse(run_behoud({"retention", "--data", data_, "--format", "json"}).out);
  EXPECT_EQ(answer.at("definitions").at("timezone"), "Europe/Amsterdam");
  EXPECT_EQ(answer.at("definitions").at("currency"), "EUR");
  EXPECT_EQ(answer.at("definitions").at("window_days"), 365) << "fewer than 30 gaps";
  EXPECT_EQ(answer.at("rows").as_array().size(), 3U);
}

TEST_F(Import, AddsNothingFromTheSameFileAndOnlyWhatIsNewFromALaterOne) {
  const std::string first = file("orders.csv", kOrders);
  ASSERT_EQ(import("orders", first).exit_code, 0);
  const auto again = json(import("orders", first));
  EXPECT_EQ(again.at("import").at("repeats"), 1);
  EXPECT_EQ(again.at("import").at("added"), 0);
  // Columns in another order, one order changed, one new.
  const auto later =
      json(import("orders", file("later.csv",
                                 "amount,date,order_id,currency,customer,item\n10.00,2024-01-05,1,EUR,anna-17,tea\n"
                                 "25.00,2024-01-20,2,EUR,bo-4,mug\n9.00,2024-04-01,5,EUR,bo-4,tea\n")));
  EXPECT_EQ(later.at("import").at("added"), 1);
  EXPECT_EQ(later.at("import").at("changed"), 1);
  EXPECT_EQ(later.at("import").at("repeated"), 1);
  std::int64_t revenue = 0;
  const auto answered = rows("retention", data_);
  for (const auto& row : answered.as_array()) revenue += row.at("revenue_minor").to_number<std::int64_t>();
  EXPECT_EQ(revenue, 1000 + 2500 + 1250 + 700 + 900);
}

TEST_F(Import, TakenBackLeavesTheAnswersOfTheOthersAlone) {
  const std::string a = file("a.csv", kOrders);
  const std::string b = file("b.csv",
                             "order_id,customer,date,amount,currency,item\n3,anna-17,2024-02-11,12.50,EUR,tea\n"
                             "4,cleo-9,2024-03-02,9.00,EUR,tea\n6,dee-2,2024-03-09,5.00,EUR,mug\n");
  ASSERT_EQ(import("orders", a).exit_code, 0);
  ASSERT_EQ(import("orders", b).exit_code, 0);
  const Ended undone = run_behoud({"imports", "undo", "1", "--data", data_});
  ASSERT_EQ(undone.exit_code, 0) << undone.err;
  const std::string alone = folder_ / "alone";
  ASSERT_EQ(run_behoud({"import", "orders", b, "--data", alone}).exit_code, 0);
  for (const char* question : {"retention", "cohorts", "value"}) {
    EXPECT_EQ(rows(question, data_), rows(question, alone)) << question;
  }
  EXPECT_NE(run_behoud({"imports", "undo", "1", "--data", data_}).exit_code, 0) << "taken back already";
  EXPECT_NE(run_behoud({"imports", "undo", "77", "--data", data_}).exit_code, 0) << "no such import";
  const auto listed = boost::json::parse(run_behoud({"imports", "--data", data_, "--format", "json"}).out);
  const auto& list = listed.at("rows").as_array();
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].at("state"), "undone");
  EXPECT_EQ(list[1].at("state"), "committed");
}

TEST_F(Import, GivesTheFiguresOfTheReportOfTheSameFile) {
  const std::string path = folder_ / "sample.csv";
  ASSERT_EQ(run_behoud({"sample", "--customers", "200", "--shape", "shopify", "--out", path}).exit_code, 0);
  ASSERT_EQ(import("orders", path, {"--timezone", "Europe/Amsterdam"}).exit_code, 0);
  const Ended report = run_behoud({"report", path, "--timezone", "Europe/Amsterdam", "--json"});
  ASSERT_EQ(report.exit_code, 0) << report.err;
  EXPECT_EQ(boost::json::parse(report.out).at("retention").at("rows"), rows("retention", data_));
}

TEST_F(Import, ThatFailsLeavesNothingBehind) {
  const struct {
    const char* name;
    const char* text;
    const char* says;
  } cases[] = {
      {"empty.csv", "", "empty"},
      {"header.csv", "order_id,customer,date,amount\n", ""},
      {"strange.csv", "a,b,c\nx,y,z\n", ""},
      {"ambiguous.csv", "order_id,customer,date,amount\n1,a,03/04/2024,5\n2,b,05/06/2024,6\n", "--date-format"},
      {"bare.csv", "order_id,customer,date,amount\n1,a,2024-01-01,5.00\n", "--currency"}};
  for (const auto& c : cases) {
    const Ended e = import("orders", file(c.name, c.text));
    EXPECT_EQ(e.exit_code, 3) << c.name << e.err;
    EXPECT_NE(e.err.find(c.says), std::string::npos) << e.err;
    EXPECT_FALSE(fs::exists(data_)) << c.name;
    EXPECT_FALSE(json(e).at("error").at("message").as_string().empty());
  }
  EXPECT_EQ(import("orders", folder_ / "absent.csv").exit_code, 3);
  EXPECT_EQ(import("cats", file("orders.csv", kOrders)).exit_code, 2);
  EXPECT_FALSE(fs::exists(data_));
}

// The amounts of a file fit, and those of the shop before it: together they would leave no answer that can be summed.
TEST_F(Import, RefusesAmountsThatTheShopCannotSumAndChangesNothing) {
  const std::string head = "order_id,customer,date,amount,currency\n", most = "23058430092136939.50,EUR\n";
  ASSERT_EQ(import("orders", file("a.csv", head + "1,c1,2024-01-05," + most), {"--timezone", "UTC"}).exit_code, 0);
  ASSERT_EQ(import("orders", file("b.csv", head + "2,c2,2024-02-05," + most)).exit_code, 0);
  const auto before = rows("value", data_);
  const std::string third = file("c.csv", head + "3,c1,2024-03-05,5.00,EUR\n4,c3,2024-03-06," + most);
  for (const std::vector<std::string>& more : {std::vector<std::string>{"--dry-run"}, {}}) {
    const Ended refused = import("orders", third, more);
    EXPECT_EQ(refused.exit_code, 3);
    EXPECT_NE(refused.err.find("c.csv"), std::string::npos) << refused.err;
    EXPECT_NE(refused.err.find("line 3, column 'amount'"), std::string::npos) << refused.err;
    EXPECT_EQ(rows("value", data_), before);
  }
  const Ended listed = run_behoud({"imports", "--data", data_, "--json"});
  EXPECT_EQ(boost::json::parse(listed.out).at("rows").as_array().size(), 2u) << listed.out;
  EXPECT_EQ(import("orders", file("d.csv", head + "5,c1,2024-03-05,5.00,EUR\n")).exit_code, 0);
  EXPECT_EQ(run_behoud({"doctor", "--data", data_}).exit_code, 0);
}

TEST_F(Import, DryRunTellsAndKeepsNothing) {
  const std::string path = file("orders.csv", kOrders);
  const auto first = json(import("orders", path, {"--dry-run"}));
  EXPECT_EQ(first.at("dry_run"), true);
  EXPECT_FALSE(fs::exists(data_));
  ASSERT_EQ(import("orders", path).exit_code, 0);
  const auto later = json(
      import("orders", file("later.csv", "order_id,customer,date,amount,currency\n9,anna-17,2024-05-01,3.00,EUR\n"),
             {"--dry-run"}));
  EXPECT_EQ(later.at("import").at("added"), 1);
  EXPECT_EQ(rows("retention", data_).as_array().size(), 3U) << "May is not there";
}

// It once failed when all of it had been written, and was taken back: the ledger took what the histories did not.
TEST_F(Import, LeavesOutAnOrderWhoseNumberIsTooLongAndTakesTheRest) {
  std::string text = "order_id,customer,date,amount,currency\n";
  for (int i = 0; i < 20; ++i) text += std::to_string(i) + ",c" + std::to_string(i) + ",2024-01-05,1.00,EUR\n";
  text += std::string(5000, '7') + ",c1,2024-01-06,1.00,EUR\n" + std::string(70'000, '8') + ",c2,2024-01-06,1.00,EUR\n";
  const struct {
    const char *language, *reason;
  } told_in[] = {{"en", "the text is longer than 4,096 bytes"},
                 {"nl", "de tekst is langer dan 4.096 bytes"},
                 {"sv", "texten är längre än 4 096 byte"}};
  const std::string path = file("orders.csv", text);
  for (const auto& in : told_in) {
    data_ = folder_ / in.language;
    const Ended e = import("orders", path, {"--lang", in.language});
    ASSERT_EQ(e.exit_code, 0) << e.err;
    const auto told = json(e);
    EXPECT_EQ(told.at("rejected").at("count"), 2);
    EXPECT_EQ(told.at("import").at("added"), 20);
    EXPECT_EQ(rows("retention", data_).as_array().size(), 1U);
    const std::string rejected = text_of(path + ".rejected.csv");
    EXPECT_NE(rejected.find(",22,order_id,"), std::string::npos) << rejected;
    EXPECT_NE(rejected.find(in.reason), std::string::npos) << rejected;
    EXPECT_LT(rejected.size(), 1000U) << "no more than the beginning of a cell";
  }
}

TEST_F(Import, WritesRejectedRowsDownWithLineColumnAndReason) {
  std::string text = "order_id,customer,date,amount,currency\n";
  for (int i = 0; i < 60; ++i) text += std::to_string(i) + ",c" + std::to_string(i) + ",2024-01-05,1.00,EUR\n";
  text += "61,=1+1,2024-01-05,99999999999999999999999,EUR\n";
  const std::string path = file("orders.csv", text);
  const auto told = json(import("orders", path));
  EXPECT_EQ(told.at("rejected").at("count"), 1);
  EXPECT_EQ(told.at("import").at("added"), 60);
  const std::string rejected = text_of(path + ".rejected.csv");
  EXPECT_TRUE(rejected.starts_with("file,line,column,reason,cell\n")) << rejected;
  EXPECT_NE(rejected.find(",62,amount,"), std::string::npos) << rejected;
}

TEST_F(Import, TakesEveryKindOfFile) {
  ASSERT_EQ(import("orders", file("orders.csv", kOrders)).exit_code, 0);
  const struct {
    const char* kind;
    const char* text;
    int records;
  } cases[] = {{"customers",
                "id,email,name,country,first_order,orders\nanna-17,one@example.com,Customer one,NL,2019-05-01,3\n", 1},
               {"costs",
                "from,to,amount,currency,kind,purpose\n2024-01-01,2024-01-31,31.00,EUR,marketing,retention\n2024-02-01,"
                "2024-02-29,58.00,EUR,marketing,acquisition\n",
                2},
               {"items", "id,name,category,cost,currency\ntea,Tea,Drinks,4.00,EUR\n", 1},
               {"rates", "Date,USD,SEK,\n2024-01-05,1.0921,11.2130,\n2024-01-04,1.0953,N/A,\n", 3},
               {"subscriptions",
                "id,customer,plan,start,amount,currency,interval\ns1,anna-17,monthly,2024-01-10,9.00,EUR,month\n", 1}};
  for (const auto& c : cases) {
    const Ended e = import(c.kind, file(std::string(c.kind) + ".csv", c.text));
    ASSERT_EQ(e.exit_code, 0) << c.kind << e.err;
    EXPECT_EQ(json(e).at("import").at("added"), c.records) << c.kind << e.out;
  }
  const auto cost_rows = rows("cost", data_, {"--from", "2024-01-01", "--to", "2024-03-01"});
  const auto& costs = cost_rows.as_array();
  ASSERT_EQ(costs.size(), 2U);
  EXPECT_EQ(costs[0].at("crc_total_minor"), 3100);
  const auto subscribed_rows =
      rows("retention", data_, {"--basis", "subscriptions", "--from", "2024-02-01", "--to", "2024-03-01"});
  const auto& subscribed = subscribed_rows.as_array();
  ASSERT_EQ(subscribed.size(), 1U);
  EXPECT_EQ(subscribed[0].at("customers_start"), 1);
}

// Four columns are all that a file must have: no item, coupon, source or country is stated by any order of it.
TEST_F(Import, OfTheFewestColumnsIsAnsweredAndExported) {
  ASSERT_EQ(
      import("orders", file("few.csv", "order,customer,date,amount\n1,anna-17,2024-01-05,10\n2,bo-4,2024-02-06,20\n"),
             {"--currency", "EUR"})
          .exit_code,
      0);
  for (const char* question : {"retention", "cohorts", "value", "cost", "claims", "whatif"}) {
    EXPECT_FALSE(rows(question, data_).is_null()) << question;
  }
  for (const char* split : {"source", "country", "item", "coupon"}) {
    EXPECT_FALSE(rows("retention", data_, {"--split", split}).is_null()) << split;
    EXPECT_FALSE(rows("cohorts", data_, {"--split", split}).is_null()) << split;
  }
  EXPECT_EQ(run_behoud({"report", "--data", data_}).exit_code, 0);
  for (const char* what : {"orders", "customers"}) {
    const Ended csv = run_behoud({"export", what, "--data", data_});
    EXPECT_EQ(csv.exit_code, 0) << what << csv.err;
    EXPECT_EQ(std::count(csv.out.begin(), csv.out.end(), '\n'), 3) << csv.out;
    const Ended parquet =
        run_behoud({"export", what, "--data", data_, "--format", "parquet", "--out", folder_ / "out.parquet"});
    EXPECT_EQ(parquet.exit_code, 0) << what << parquet.err;
  }
  // What was exported comes in again as it went out.
  const Ended orders = run_behoud({"export", "orders", "--data", data_});
  EXPECT_NE(orders.out.find("1,anna-17,customer_id,"), std::string::npos) << orders.out;
}

// A customer's number is its source's own, an order's number the shop's: customer 17 of the till is not customer 17 of
// the webshop, and order 3 told of by both is one order.
TEST_F(Import, KeepsCustomerNumbersOfTwoSourcesApartAndOrderNumbersTogether) {
  const std::string head = "order_id,customer,date,amount,currency\n";
  const std::string till = file("till.csv", head + "1,17,2024-01-05,10.00,EUR\n3,18,2024-01-06,30.00,EUR\n");
  const std::string web = file("web.csv", head + "2,17,2024-01-07,20.00,EUR\n3,18,2024-01-06,30.00,EUR\n" +
                                              "4,ann@example.com,2024-01-08,40.00,EUR\n");
  ASSERT_EQ(import("orders", till, {"--source", "till"}).exit_code, 0);
  ASSERT_EQ(import("orders", web, {"--source", "web"}).exit_code, 0);
  const std::vector<std::string> january{"--from", "2024-01-01", "--to", "2024-02-01", "--behind", "buyers"};
  const auto behind = rows("customers", data_, january);
  std::map<std::string, std::int64_t> spent;
  for (const auto& row : behind.as_array()) {
    spent[std::string(row.at("customer").as_string())] = row.at("revenue_minor").to_number<std::int64_t>();
  }
  const std::map<std::string, std::int64_t> expected{
      {"till:17", 1000}, {"web:17", 2000}, {"web:18", 3000}, {"ann@example.com", 4000}};
  EXPECT_EQ(spent, expected) << "of order 3 the later statement holds";
  EXPECT_EQ(rows("retention", data_).as_array().at(0).at("orders"), 4);
  // A customer file of the till is about the till's customers.
  const std::string customers = file("customers.csv", "id,first_order\n17,2019-05-06\n");
  ASSERT_EQ(import("customers", customers, {"--source", "till"}).exit_code, 0);
  EXPECT_EQ(rows("retention", data_).as_array().at(0).at("new"), 3);
  for (const char* odd : {"a:b", " till", "a\nb"}) {
    EXPECT_EQ(import("orders", till, {"--source", odd}).exit_code, 2) << odd;
  }
}

// The folder is held by a server: the import runs over there, its words come out here, and the server's answers move.
TEST_F(Import, RunsInTheServerThatHoldsTheFolder) {
  ASSERT_EQ(import("orders", file("orders.csv", kOrders)).exit_code, 0);
  Start start;
  start.words = {"serve", "--data", data_, "--port", "0"};
  Process server(start);
  ASSERT_TRUE(server.wait_for("Ctrl-C"));
  Start client;
  client.folder = folder_.path();
  file("later.csv", "order_id,customer,date,amount,currency\n9,anna-17,2024-05-01,3.00,EUR\n");
  client.words = {"import", "orders", "later.csv", "--data", data_, "--json"};
  const Ended e = run_behoud(client);
  ASSERT_EQ(e.exit_code, 0) << e.err;
  EXPECT_EQ(json(e).at("import").at("added"), 1);
  EXPECT_EQ(json(e).at("files").as_array().at(0).at("file"), "later.csv");
  EXPECT_EQ(rows("retention", data_).as_array().size(), 5U);
  const Ended bad = run_behoud({"import", "orders", folder_ / "absent.csv", "--data", data_});
  EXPECT_EQ(bad.exit_code, 3) << bad.err;
  server.signal(15);
  EXPECT_EQ(server.wait().exit_code, 0);
}

}  // namespace
}  // namespace behoud::app::testing
