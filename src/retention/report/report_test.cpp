#include "retention/report/report.h"

#include <boost/json.hpp>
#include <pugixml.hpp>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/json_writer.h"
#include "retention/answer_json.h"
#include "retention/report/html.h"
#include "retention/report/internal/made_up_report.h"
#include "retention/report/internal/random_shop.h"
#include "retention/report/json.h"
#include "retention/report/terminal.h"
#include "retention/test_shop.h"

namespace behoud::retention::report {
namespace {

Report made(const timeline::Histories& h, ReportOptions options = {}, ShopSettings settings = {}) {
  auto r = make_report(h, {}, settings, options);
  EXPECT_TRUE(r) << (r ? "" : r.error().message);
  return r.value_or(Report{});
}

// Ten customers who order each month; from April 2024 on two of them do not, and one comes new.
TestShop& monthly(TestShop& shop) {
  for (const char* month :
       {"2023-01", "2023-02", "2023-03", "2023-04", "2023-05", "2023-06", "2023-07", "2023-08", "2023-09", "2023-10",
        "2023-11", "2023-12", "2024-01", "2024-02", "2024-03", "2024-04", "2024-05", "2024-06"}) {
    for (int c = 0; c < 10; ++c) {
      if (std::string(month) >= "2024-04" && c < 2) continue;
      shop.order("c" + std::to_string(c), std::string(month) + "-10", 1'000 + 100 * c);
    }
  }
  shop.order("new", "2024-05-20", 2'500);
  return shop;
}

TEST(Report, TellsOfTheLastCompletePeriod) {
  TestShop shop;
  const auto h = monthly(shop).histories();
  ReportOptions options;
  options.question.window_days = 30;
  const Report r = made(h, options);
  ASSERT_TRUE(r.headline);
  // As-of is 11 June: May is complete. On 1 May eight were active (10 April), on 1 June the same eight and the new one.
  EXPECT_EQ(calendar::to_string(r.headline->now.head.period_start), "2024-05-01");
  EXPECT_TRUE(r.headline->now.head.complete);
  EXPECT_EQ(r.headline->now.customers_start, 8u);
  EXPECT_EQ(r.headline->now.retained, 8u);
  EXPECT_EQ(r.headline->now.new_customers, 1u);
  EXPECT_EQ(calendar::to_string(r.headline->previous->head.period_start), "2024-04-01");
  EXPECT_EQ(calendar::to_string(r.headline->year_earlier->head.period_start), "2023-05-01");
  EXPECT_EQ(r.headline->value.orders, r.headline->now.orders);
  EXPECT_EQ(calendar::to_string(*r.first_day), "2023-01-10");
  EXPECT_EQ(calendar::to_string(*r.last_day), "2024-06-10");
  EXPECT_EQ(r.customers, 11u);
  EXPECT_FALSE(r.window_choice);
  ASSERT_TRUE(r.change);
  EXPECT_EQ(r.change->by_customers_minor + r.change->by_frequency_minor + r.change->by_order_value_minor,
            r.change->revenue_after_minor - r.change->revenue_before_minor);
  EXPECT_EQ(r.warnings, (std::vector<Warning>{Warning::kFewCustomers, Warning::kNoCurrency}));
}

TEST(Report, TheFirstYearMakesEverybodyLookNew) {
  TestShop shop;
  for (int c = 0; c < 40; ++c)
    shop.order("c" + std::to_string(c), "2024-01-10", 1'000).order("c" + std::to_string(c), "2024-03-05", 1'000);
  const Report r = made(shop.histories());
  ASSERT_TRUE(r.headline);
  EXPECT_TRUE(r.headline->now.head.warming_up);
  EXPECT_EQ(r.warnings[0], Warning::kAllWarmingUp);
  const std::string page = render_terminal(r, "en", {}).value();
  EXPECT_NE(page.find("The first year makes everybody look new."), std::string::npos);
}

TEST(Report, OfNoOrderSaysSo) {
  const Report none = made(timeline::Histories{});
  EXPECT_FALSE(none.headline);
  EXPECT_EQ(none.warnings[0], Warning::kEmpty);
  EXPECT_FALSE(none.basics.as_of_known);
  TestShop shop;
  auto o = shop.make("ann", "2024-01-10", 1'000);
  o.status = "cancelled";
  shop.add(o);
  const Report r = made(shop.histories());
  EXPECT_FALSE(r.headline);
  EXPECT_EQ(r.warnings[0], Warning::kNoOrders);
  ASSERT_NE(r.bridge.find("cancelled"), nullptr);
  EXPECT_EQ(r.bridge.find("cancelled")->count, -1);
  for (const Report* report : {&none, &r}) {
    EXPECT_TRUE(render_json(*report));
    for (const char* language : {"en", "nl", "sv"}) {
      EXPECT_TRUE(render_html(*report, language));
      EXPECT_TRUE(render_terminal(*report, language, {}));
    }
  }
}

TEST(Report, OfOnePeriodThatIsNotOver) {
  const Report r = made(TestShop().order("ann", "2024-01-10", 1'000).histories());
  ASSERT_TRUE(r.headline);
  EXPECT_FALSE(r.headline->now.head.complete);
  EXPECT_EQ(r.warnings[0], Warning::kNoCompletePeriod);
  EXPECT_FALSE(r.headline->previous);
  EXPECT_FALSE(r.change);
}

TEST(Report, AGrainTooFineForACohortTableGivesWay) {
  TestShop shop;
  for (int d = 0; d < 900; d += 30)
    shop.order("c" + std::to_string(d % 7), calendar::to_string(day("2022-01-01") + d), 100);
  ReportOptions options;
  options.question.grain.unit = calendar::Grain::Unit::kDay;
  const Report r = made(shop.histories(), options);
  EXPECT_EQ(calendar::to_string(r.cohort_grain), "week");
  EXPECT_LE(r.cohorts_on.rows.size(), kCohortsMax);
  EXPECT_EQ(calendar::to_string(r.basics.grain), "day");
}

TEST(Report, NamesAndErrorsOfTheQuestionsComeThrough) {
  TestShop shop;
  ReportOptions options;
  options.question.from = day("2024-01-02");
  options.question.to = day("2024-02-01");
  const auto r = make_report(monthly(shop).histories(), {}, {}, options);
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, Errc::kInvalidArgument);
}

TEST(Report, CountsWhatWasRejectedByReason) {
  ingest::ReadFacts facts;
  facts.rejected = {{{"a.csv", 3, "Date"}, "ingest.reject.date", "x"},
                    {{"a.csv", 4, "Date"}, "ingest.reject.date", "x"},
                    {{"a.csv", 9, "Amount"}, "ingest.reject.amount", "x"}};
  facts.rejected_count = 3;
  facts.rows = 20;
  TestShop shop;
  const auto r = make_report(monthly(shop).histories(), facts, {}, {});
  ASSERT_TRUE(r);
  ASSERT_EQ(r->reading.reasons.size(), 2u);
  EXPECT_EQ(r->reading.reasons[0].reason, "ingest.reject.date");
  EXPECT_EQ(r->reading.reasons[0].rows, 2u);
  EXPECT_EQ(r->reading.reasons[0].places[1].line, 4u);
  EXPECT_TRUE(r->reading.reasons_complete);
}

template <class Answer>
boost::json::value json_of(const Answer& answer) {
  std::string out;
  JsonWriter json(out);
  write_json(json, answer);
  return boost::json::parse(out);
}

RC_GTEST_PROP(Report, OfAnyShopHoldsTogether, ()) {
  const auto h = *internal::random_shop();
  ReportOptions options;
  options.question.grain =
      calendar::parse_grain(*rc::gen::element<std::string>("week", "month", "quarter", "year", "28d")).value();
  options.question.window_days = *rc::gen::element(30, 90, 365);
  options.files = {"orders.csv"};
  const Report r = make_report(h, {}, {}, options).value();
  RC_ASSERT(check(r.bridge).has_value());
  for (const RetentionRow& row : r.retention.rows) {
    RC_ASSERT(row.customers_start == row.retained + row.lost);
    RC_ASSERT(row.customers_end == row.retained + row.new_customers + row.reactivated);
  }
  RC_ASSERT(r.actions.size() <= kActionsMax);
  for (std::size_t i = 1; i < r.actions.size(); ++i) {
    const auto &a = r.actions[i - 1].amount_minor, &b = r.actions[i].amount_minor;
    RC_ASSERT((!b || (a && *a >= *b)));  // RC_ASSERT's own || looks at both sides
  }

  // The three renderings of it.
  const std::string page = render_html(r, "nl").value();
  pugi::xml_document document;
  RC_ASSERT(document.load_string(page.c_str(), pugi::parse_full).status == pugi::status_ok);
  RC_ASSERT(!render_terminal(r, "sv", {}).value().empty());
  const auto json = boost::json::parse(render_json(r).value());
  RC_ASSERT(json.at("retention") == json_of(r.retention));
  RC_ASSERT(json.at("bridge").as_array().size() == r.bridge.lines.size());
  if (!r.headline) return;
  RC_ASSERT(json.at("value") == json_of(r.value));
  RC_ASSERT(json.at("claims") == json_of(r.claims));
  RC_ASSERT(json.at("whatif") == json_of(r.whatif));
  RC_ASSERT(json.at("cohorts").at("on") == json_of(r.cohorts_on));
  RC_ASSERT(json.at("cohorts").at("on_or_after") == json_of(r.cohorts_on_or_after));
  const auto& headline = json.at("headline");
  RC_ASSERT(headline.at("retained").to_number<std::uint64_t>() == r.headline->now.retained);
  RC_ASSERT(headline.at("crr_strict") == json_of(r.headline->now.crr_strict));

  // The answers are those that the questions give on their own.
  Question q = options.question;
  RC_ASSERT(json.at("retention") == json_of(answer_retention(h, {}, q).value()));
  RC_ASSERT(json.at("value") == json_of(answer_value(h, {}, q).value()));
  const SlippingAnswer slipping = answer_slipping(h, {}, q).value();
  RC_ASSERT(r.slipping.customers == slipping.rows.size());
  RC_ASSERT(r.slipping.at_stake_minor == slipping.at_stake_minor);
}

TEST(ReportJson, HoldsEverything) {
  const Report r = internal::small_report();
  const auto json = boost::json::parse(render_json(r).value());
  EXPECT_EQ(json.at("as_of").as_string(), "2024-02-01T00:00:00Z");
  EXPECT_EQ(json.at("history_start").as_string(), "2020-03-02");
  EXPECT_EQ(json.at("answer").at("en").as_string(),
            "You kept 80 of the 100 customers you had on 1 January; 20 left, 17 came new, 3 came back.");
  EXPECT_EQ(
      json.at("answer").at("nl").as_string(),
      "Je hield 80 van de 100 klanten die je op 1 januari had; 20 vertrokken, 17 kwamen er nieuw bij, 3 kwamen terug.");
  EXPECT_EQ(json.at("answer").at("sv").as_string(),
            "Du behöll 80 av de 100 kunder du hade den 1 januari; 20 försvann, 17 nya kom till och 3 kom tillbaka.");
  EXPECT_EQ(json.at("window").at("days").to_number<int>(), 90);
  EXPECT_EQ(json.at("window").at("why").as_string(), "window.covers");
  EXPECT_EQ(json.at("headline").at("previous_start").as_string(), "2023-12-01");
  EXPECT_TRUE(json.at("headline").at("year_earlier_start").is_null());
  EXPECT_EQ(json.at("bridge").at(2).at("rows").as_array().size(), 3u);
  EXPECT_EQ(json.at("change").at("by_order_value_minor").to_number<std::int64_t>(), -29'974);
  EXPECT_EQ(json.at("slipping").at("customers").to_number<int>(), 9);
  EXPECT_EQ(json.at("slipping").at("rows").at(0).at("last_order").as_string(), "2023-12-02");
  EXPECT_EQ(json.at("actions").at(0).at("command").as_string(), "behoud customers --behind slipping_away");
  EXPECT_TRUE(json.at("actions").at(1).at("amount_minor").is_null());
  EXPECT_EQ(json.at("reading").at("files").at(0).at("columns").at(0).at("taken_for").as_string(), "customer");
  EXPECT_TRUE(json.at("reading").at("files").at(0).at("columns").at(3).at("taken_for").is_null());
  EXPECT_EQ(json.at("reading").at("reasons").at(0).at("places").at(2).at("line").to_number<int>(), 512);
  EXPECT_EQ(json.at("first_command").as_string(), "behoud import orders orders.csv");
}

}  // namespace
}  // namespace behoud::retention::report
