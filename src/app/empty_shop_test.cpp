// A shop without orders: a folder that has costs, or customers, or nothing but settings. Everything that answers says
// so and what to do, and no date is made up.

#include <boost/json.hpp>
#include <csignal>
#include <filesystem>
#include <memory>

#include <gtest/gtest.h>

#include "app/folder_shop.h"
#include "app/testing/fake_console.h"
#include "app/testing/process.h"
#include "base/file.h"
#include "ledger/ledger.h"

namespace behoud::app::testing {
namespace {

constexpr const char* kQuestions[] = {"retention", "cohorts", "value", "cost", "claims", "whatif"};

class EmptyShop : public ::testing::Test {
 protected:
  void SetUp() override {
    FakeWorld world;
    auto folder = ledger::DataFolder::create(data_, false, environment_of(world.world()));
    ASSERT_TRUE(folder);
    ASSERT_TRUE(ledger::Ledger::open(std::move(*folder)));
  }
  Ended run(std::vector<std::string> words) const {
    words.insert(words.end(), {"--data", data_});
    return run_behoud(std::move(words));
  }
  static void says_there_are_no_orders(const std::string& text, const std::string& where) {
    EXPECT_NE(text.find("No orders yet"), std::string::npos) << where << ": " << text;
    EXPECT_NE(text.find("behoud import orders"), std::string::npos) << where << ": " << text;
    EXPECT_EQ(text.find("1969"), std::string::npos) << where << ": " << text;
    EXPECT_EQ(text.find("1970"), std::string::npos) << where << ": " << text;
  }
  TemporaryFolder folder_;
  std::string data_ = folder_ / "shop";
};

TEST_F(EmptyShop, EveryQuestionSaysThatThereAreNoOrders) {
  for (const std::string question : kQuestions) {
    const Ended table = run({question});
    ASSERT_EQ(table.exit_code, 0) << question << table.err;
    says_there_are_no_orders(table.out, question);
    const Ended csv = run({question, "--format", "csv"});
    EXPECT_EQ(csv.exit_code, 0) << question << csv.err;
    says_there_are_no_orders(csv.err, question);
    const Ended json = run({question, "--format", "json"});
    ASSERT_EQ(json.exit_code, 0) << question << json.err;
    const auto answer = boost::json::parse(json.out).as_object();
    EXPECT_TRUE(answer.at("as_of").is_null()) << question;
    EXPECT_TRUE(answer.at("history_start").is_null()) << question;
    if (question != "claims") {
      EXPECT_TRUE(answer.at("rows").as_array().empty()) << question;
    }
    // Said, it is a date like any other.
    const Ended dated = run({question, "--format", "json", "--as-of", "2024-03-01"});
    ASSERT_EQ(dated.exit_code, 0) << question << dated.err;
    EXPECT_EQ(boost::json::parse(dated.out).at("as_of"), "2024-03-01T00:00:00Z") << question;
  }
}

TEST_F(EmptyShop, NobodyIsBehindANumber) {
  for (const char* behind : {"buyers", "lost", "crr_strict", "cohort:2024-01-01", "cohort:2024-01-01:3", "win_back"}) {
    const Ended table = run({"customers", "--behind", behind});
    EXPECT_EQ(table.exit_code, 0) << behind << table.err;
    says_there_are_no_orders(table.out, behind);
    const Ended json = run({"customers", "--behind", behind, "--format", "json"});
    ASSERT_EQ(json.exit_code, 0) << behind << json.err;
    EXPECT_TRUE(boost::json::parse(json.out).at("rows").as_array().empty()) << behind;
  }
  EXPECT_EQ(run({"customers", "--behind", "buyers", "--from", "2024-01-01", "--to", "2024-02-01"}).exit_code, 0);
  EXPECT_EQ(run({"customers", "--behind", "biers"}).exit_code, 2) << "a name is still right or wrong";
}

TEST_F(EmptyShop, TheReportSaysSoInEveryFormAndLanguage) {
  const struct {
    const char* language;
    const char* nothing;
    const char* way_out;
  } languages[] = {{"en", "There are no orders here yet", "behoud import orders FILE"},
                   {"nl", "Er zijn hier nog geen bestellingen", "behoud import orders BESTAND"},
                   {"sv", "Här finns inga order ännu", "behoud import orders FIL"}};
  for (const auto& l : languages) {
    const std::string page = folder_ / "page.html";
    const Ended shown = run({"report", "--lang", l.language, "--html", page});
    ASSERT_EQ(shown.exit_code, 0) << shown.err;
    for (const std::string& text : {shown.out, *read_file(page, 1 << 20)}) {
      EXPECT_NE(text.find(l.nothing), std::string::npos) << text;
      EXPECT_NE(text.find(l.way_out), std::string::npos) << text;
      EXPECT_EQ(text.find("1969"), std::string::npos) << text;
      EXPECT_EQ(text.find("1970"), std::string::npos) << text;
    }
  }
  const Ended json = run({"report", "--json"});
  ASSERT_EQ(json.exit_code, 0) << json.err;
  const auto report = boost::json::parse(json.out).as_object();
  EXPECT_TRUE(report.at("as_of").is_null());
  EXPECT_TRUE(report.at("headline").is_null());
  EXPECT_EQ(report.at("warnings").as_array().front(), "empty");
}

TEST_F(EmptyShop, AnExportHasAHeaderAndNoRows) {
  for (const char* what : {"orders", "customers", "events"}) {
    const Ended e = run({"export", what});
    ASSERT_EQ(e.exit_code, 0) << e.err;
    EXPECT_EQ(std::ranges::count(e.out, '\n'), 1) << e.out;
    if (std::string_view{what} != "events") says_there_are_no_orders(e.err, what);
    const std::string file = folder_ / "out.parquet";
    EXPECT_EQ(run({"export", what, "--format", "parquet", "--out", file}).exit_code, 0) << what;
  }
}

TEST_F(EmptyShop, CostsAloneAreNoReasonForADate) {
  const std::string costs = folder_ / "costs.csv";
  ASSERT_TRUE(write_file(costs, "from,amount,currency,purpose\n2024-01-05,10.00,EUR,retention\n"));
  ASSERT_EQ(run({"import", "costs", costs}).exit_code, 0);
  const Ended table = run({"cost"});
  ASSERT_EQ(table.exit_code, 0) << table.err;
  says_there_are_no_orders(table.out, "cost");
}

TEST_F(EmptyShop, OrdersOfWhichNoneCountsAreAnotherMatter) {
  const std::string orders = folder_ / "orders.csv";
  ASSERT_TRUE(write_file(orders,
                         "order_id,customer,date,amount,currency,status\n1,anna-17,2024-01-05,10.00,EUR,cancelled\n"
                         "2,bo-4,2024-01-06,10.00,EUR,pending\n"));
  ASSERT_EQ(run({"import", "orders", orders}).exit_code, 0);
  const Ended table = run({"retention"});
  ASSERT_EQ(table.exit_code, 0) << table.err;
  EXPECT_NE(table.out.find("Not one of 2 orders counts"), std::string::npos) << table.out;
  const Ended report = run({"report"});
  EXPECT_EQ(report.exit_code, 0) << report.err;
  EXPECT_NE(report.out.find("Not one order counts"), std::string::npos) << report.out;
}

}  // namespace
}  // namespace behoud::app::testing
