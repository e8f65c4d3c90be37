#include "app/questions.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <map>

#include <gtest/gtest.h>

#include "base/json_writer.h"
#include "retention/answer_json.h"
#include "retention/test_shop.h"

namespace behoud::app {
namespace {

using namespace retention;
using Words = std::map<std::string, std::string, std::less<>>;

class QuestionsTest : public ::testing::Test {
 protected:
  QuestionsTest() {
    TestShop shop;
    for (int month = 1; month <= 12; ++month) {
      const auto on = [&](int day) {
        return "2023-" + std::string(month < 10 ? "0" : "") + std::to_string(month) + "-" + std::to_string(day);
      };
      shop.order("steady", on(10), 1000);
      if (month < 4) shop.order("left", on(11), 500);
      if (month % 5 == 0) shop.order("sometimes", on(12), 2500);
      if (month == 6) shop.order("=once()", on(13), 700);
    }
    shop.cost("2023-01-01", "2023-03-01", 10000, "retention");
    histories_ = shop.histories();
    settings_.window_days = 90;
  }
  Result<std::string> ask(std::string_view name, const Words& words = {}, Format format = Format::kJson) const {
    return answer_question(
        name, {histories_, settings_},
        [&](std::string_view option) -> std::optional<std::string_view> {
          const auto found = words.find(option);
          if (found == words.end()) return std::nullopt;
          return found->second;
        },
        format, true);
  }
  timeline::Histories histories_;
  ShopSettings settings_;
};

TEST_F(QuestionsTest, EveryQuestionIsOneJsonDocumentWithOneLineEnd) {
  for (const QuestionSyntax& q : questions()) {
    Words words;
    if (q.name == "customers") words["behind"] = "retained";
    const auto text = ask(q.name, words);
    ASSERT_TRUE(text) << q.name << ": " << text.error().message;
    const auto document = boost::json::parse(*text);
    EXPECT_TRUE(document.at("rows").is_array()) << q.name;
    EXPECT_TRUE(document.at("definitions").is_object()) << q.name;
    EXPECT_EQ(document.at("definitions").at("window_days").as_int64(), 90);
    EXPECT_EQ(text->find('\n'), text->size() - 1);
  }
}

TEST_F(QuestionsTest, MoneyWithoutAnExchangeRateIsToldOfInEveryAnswer) {
  histories_.unconverted = {{money::Currency::parse("USD").value(), 2, 3000},
                            {money::Currency::parse("JPY").value(), 1, 500}};
  for (const QuestionSyntax& q : questions()) {
    Words words;
    if (q.name == "customers") words["behind"] = "retained";
    const auto document = boost::json::parse(*ask(q.name, words));
    EXPECT_EQ(document.at("unconverted"), boost::json::parse(R"([
        {"currency": "USD", "orders": 2, "gross_minor": 3000}, {"currency": "JPY", "orders": 1, "gross_minor": 500}])"))
        << q.name;
    const std::string table = *ask(q.name, words, Format::kTable);
    EXPECT_NE(table.find("revision 0\n"
                         "Without an exchange rate: 2 orders of 30.00 USD in all, counted as orders, their money in no "
                         "sum\n"
                         "Without an exchange rate: 1 order of 500 JPY in all, counted as orders, their money in no "
                         "sum\n\n"),
              std::string::npos)
        << table;
  }
}

TEST_F(QuestionsTest, TheJsonIsTheRoomsOwn) {
  Question q;
  q.grain = *calendar::parse_grain("quarter");
  q.window_days = 30;
  std::string expected;
  JsonWriter json(expected);
  write_json(json, *answer_retention(histories_, settings_, q));
  EXPECT_EQ(*ask("retention", {{"grain", "quarter"}, {"window", "30d"}}), expected + "\n");
}

TEST_F(QuestionsTest, EveryQuestionHasItsCsvAndItsTable) {
  for (const QuestionSyntax& q : questions()) {
    const Words words = q.name == "whatif" ? Words{{"as-of", "2024-01-01"}}
                                           : Words{{"behind", "new"}, {"from", "2023-06-01"}, {"to", "2023-07-01"}};
    const auto csv = ask(q.name, words, Format::kCsv);
    const auto table = ask(q.name, words, Format::kTable);
    ASSERT_TRUE(csv && table) << q.name;
    EXPECT_GT(std::count(csv->begin(), csv->end(), '\n'), 1) << q.name;
    EXPECT_TRUE(table->starts_with("As of 202")) << *table;
    EXPECT_NE(table->find("T00:00:00Z, window 90 days, basis orders, by month, UTC, revision 0\n\n"),
              std::string::npos);
  }
  EXPECT_NE(ask("whatif", {{"as-of", "2024-01-01"}}, Format::kTable)->find("5 more points of retention: worth "),
            std::string::npos);
}

TEST_F(QuestionsTest, ANamePutIntoCsvIsNoFormula) {
  const auto csv = ask("customers", {{"behind", "new"}, {"from", "2023-06-01"}, {"to", "2023-07-01"}}, Format::kCsv);
  EXPECT_EQ(*csv, "customer,orders,revenue_minor,last_order\n\"'=once()\",1,700,2023-06-13\n");
}

TEST_F(QuestionsTest, AsManyPeopleAsTheNumberSays) {
  const Words may{{"from", "2023-05-01"}, {"to", "2023-06-01"}};
  const auto row = boost::json::parse(*ask("retention", may)).at("rows").at(0);
  for (const std::string field :
       {"customers_start", "customers_end", "new", "reactivated", "retained", "lost", "buyers"}) {
    Words words = may;
    words["behind"] = field;
    const auto people = ask("customers", words);
    ASSERT_TRUE(people) << people.error().message;
    EXPECT_EQ(boost::json::parse(*people).at("rows").as_array().size(),
              static_cast<std::size_t>(row.at(field).as_int64()))
        << field;
  }
}

TEST_F(QuestionsTest, AComparisonStandsBehindTheRowsAndBesideTheirColumns) {
  const Words words{{"from", "2023-07-01"}, {"to", "2023-09-01"}, {"compare", "previous"}};
  const Words earlier{{"from", "2023-05-01"}, {"to", "2023-07-01"}};
  for (const std::string name : {"retention", "value", "cost"}) {
    const auto document = boost::json::parse(*ask(name, words));
    EXPECT_EQ(document.at("comparison").at("compare"), "previous");
    EXPECT_EQ(document.at("comparison").at("from"), "2023-05-01");
    EXPECT_EQ(document.at("comparison").at("to"), "2023-07-01");
    EXPECT_EQ(document.at("comparison").at("rows"), boost::json::parse(*ask(name, earlier)).at("rows")) << name;
    const auto csv = *ask(name, words, Format::kCsv);
    const auto then = *ask(name, earlier, Format::kCsv);
    EXPECT_NE(csv.find(",compared_period_start,"), std::string::npos);
    EXPECT_NE(csv.find(then.substr(then.find("\n2023-05-01") + 1, 40)), std::string::npos) << csv << then;
    EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 3);
    EXPECT_NE(ask(name, words, Format::kTable)->find("\nCompared with the periods before, 2023-05-01 to 2023-07-01\n"),
              std::string::npos);
  }
  EXPECT_EQ(ask("retention", {{"compare", "yesterday"}}).error().place.column, "compare");
}

TEST_F(QuestionsTest, CohortsClaimsAndWhatIfStandBesideTheEarlierOnes) {
  const Words words{{"from", "2023-07-01"}, {"to", "2023-08-01"}, {"compare", "previous"}};
  const auto cohorts = boost::json::parse(*ask("cohorts", words)).at("comparison");
  EXPECT_EQ(cohorts.at("from"), "2023-06-01");
  EXPECT_EQ(cohorts.at("rows").as_array().size(), 1U);
  EXPECT_EQ(cohorts.at("means").as_array().size(), cohorts.at("rows").at(0).at("cells").as_array().size());
  const auto csv = *ask("cohorts", words, Format::kCsv);
  EXPECT_NE(csv.find(",compared_cohort,"), std::string::npos) << csv;
  EXPECT_NE(csv.find(",2023-06-01,"), std::string::npos) << csv;
  EXPECT_NE(
      ask("cohorts", words, Format::kTable)->find("\nCompared with the periods before, 2023-06-01 to 2023-07-01\n"),
      std::string::npos);
  for (const std::string name : {"claims", "whatif"}) {
    const auto document = boost::json::parse(*ask(name, {{"compare", "last_year"}, {"as-of", "2024-01-15"}}));
    const auto then = document.at("comparison");
    EXPECT_EQ(then.at("as_of"), "2023-01-15T00:00:00Z") << name;
    EXPECT_EQ(then.at("from"), "2022-01-01") << name;
    EXPECT_EQ(then.at("to"), "2023-01-01") << name;
    EXPECT_EQ(then.at("rows"), boost::json::parse(*ask(name, {{"as-of", "2023-01-15"}})).at("rows")) << name;
    const Words last_year{{"compare", "last_year"}, {"as-of", "2024-01-15"}};
    EXPECT_NE(ask(name, last_year, Format::kTable)->find("\nCompared with a year before, as of 2023-01-15"),
              std::string::npos);
    EXPECT_NE(ask(name, last_year, Format::kCsv)->find(name == "claims" ? ",compared_verdict," : ",compared_month,"),
              std::string::npos);
  }
}

TEST_F(QuestionsTest, MoreOrFewerPointsAreAnotherWorth) {
  const auto worth = [&](const std::string& points) {
    return boost::json::parse(*ask("whatif", {{"points", points}, {"as-of", "2024-01-01"}}))
        .at("definitions")
        .at("points")
        .as_double();
  };
  EXPECT_EQ(worth("2.5"), 2.5);
  for (const std::string points : {"0", "-1", "101", "many", "", "5x", "nan"}) {
    const auto answer = ask("whatif", {{"points", points}});
    ASSERT_FALSE(answer) << points;
    EXPECT_EQ(answer.error().place.column, "points");
  }
}

TEST_F(QuestionsTest, PagesOfPeopleTogetherAreTheWholeList) {
  for (const std::string behind : {"buyers", "new", "cohort:2023-01-01"}) {
    for (const std::string limit : {"1", "2", "1000"}) {
      Words words{{"behind", behind}, {"grain", "year"}};
      const auto whole = boost::json::parse(*ask("customers", words)).at("rows").as_array();
      boost::json::array pages;
      words["limit"] = limit;
      for (int n = 0; n < 10; ++n) {
        const auto page = ask("customers", words);
        ASSERT_TRUE(page) << page.error().message;
        const auto document = boost::json::parse(*page);
        for (const auto& row : document.at("rows").as_array()) pages.push_back(row);
        EXPECT_EQ(document.at("total").to_number<std::size_t>(), whole.size());
        if (document.at("next").is_null()) break;
        EXPECT_EQ(document.at("rows").as_array().size(), std::stoul(limit));
        words["cursor"] = document.at("next").as_string().c_str();
      }
      EXPECT_EQ(pages, whole) << behind << " by " << limit;
    }
  }
  const auto wrong = [&](Words words) {
    words["behind"] = "buyers";
    return ask("customers", words).error().place.column;
  };
  for (const std::string cursor : {"", "b1", "x", "b1zz", "l100000000000000000000000000"}) {
    EXPECT_EQ(wrong({{"cursor", cursor}}), "cursor") << cursor;
  }
  EXPECT_EQ(wrong({{"limit", "0"}}), "limit");
}

TEST_F(QuestionsTest, WhatNothingIsKnownOfCountsNobodyAndSaysSo) {
  const std::pair<const char*, const char*> bases[] = {{"subscriptions", "problem.no_subscriptions"},
                                                       {"relation", "problem.no_relation"},
                                                       {"events", "problem.no_events"}};
  for (const auto& [basis, reason] : bases) {
    for (const char* question : {"retention", "cohorts", "value", "cost", "claims", "whatif", "customers"}) {
      const auto answer = ask(question, {{"basis", basis}, {"behind", "buyers"}});
      ASSERT_FALSE(answer) << question << basis;
      EXPECT_EQ(answer.error().code, Errc::kInvalidArgument);
      EXPECT_EQ(answer.error().place.column, "basis");
      EXPECT_EQ(answer.error().why.reason, reason);
      EXPECT_NE(answer.error().hint.find("leave out --basis"), std::string::npos) << answer.error().hint;
    }
  }
}

TEST_F(QuestionsTest, AKindOfEventsThatThereIsNotNamesThoseThereAre) {
  TestShop shop;
  shop.order("one", "2023-01-10", 1000);
  shop.order("two", "2023-03-10", 1000);
  for (const char* kind : {"Product Viewed", "Email Opened"}) {
    shop.builder().add_event(shop.customer("one"), day("2023-02-01"), kind);
  }
  shop.builder().add_joined({shop.customer("two"), day("2023-01-01"), 0});
  timeline::Subscription subscription;
  subscription.customer = shop.customer("one");
  subscription.id = "s1";
  subscription.start = day("2023-01-01");
  shop.builder().add_subscription(subscription);
  histories_ = shop.histories();
  const auto wrong = ask("retention", {{"basis", "events"}, {"kinds", "Email Opened,nosuch"}});
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().message, "there is no event of the kind 'nosuch'");
  EXPECT_EQ(wrong.error().hint, "these kinds there are: Email Opened, Product Viewed");
  EXPECT_EQ(wrong.error().place.column, "kinds");
  EXPECT_EQ(wrong.error().why.reason, "problem.event_kind_unknown");
  // What there is is counted by.
  EXPECT_TRUE(ask("retention", {{"basis", "events"}, {"kinds", "Email Opened"}}));
  for (const char* basis : {"events", "relation", "subscriptions"}) EXPECT_TRUE(ask("retention", {{"basis", basis}}));
}

TEST_F(QuestionsTest, AShopWithoutOrdersAnswersThatItHasNone) {
  histories_ = TestShop().histories();
  const auto answer = ask("retention", {{"basis", "subscriptions"}}, Format::kTable);
  ASSERT_TRUE(answer);
  EXPECT_NE(answer->find("No orders yet"), std::string::npos) << *answer;
}

TEST_F(QuestionsTest, MistakesAreUsage) {
  EXPECT_EQ(ask("customers").error().place.column, "behind");
  for (const auto& [name, words] :
       std::vector<std::pair<std::string, Words>>{{"retention", {{"grain", "never"}}},
                                                  {"retention", {{"from", "2023-01-02"}, {"to", "2023-02-01"}}},
                                                  {"customers", {{"behind", "nonsense"}}},
                                                  {"customers", {{"behind", "cohort:2023-13-01"}}},
                                                  {"cohorts", {{"mode", "sideways"}}}}) {
    const auto answer = ask(name, words);
    ASSERT_FALSE(answer) << name;
    EXPECT_EQ(answer.error().code, Errc::kInvalidArgument) << answer.error().message;
  }
}

}  // namespace
}  // namespace behoud::app
