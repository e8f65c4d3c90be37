#include "retention/answer_json.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <gtest/gtest.h>

#include "base/json_writer.h"

namespace behoud::retention {
namespace {

using boost::json::value;
using calendar::civil;

template <class Answer>
value parsed(const Answer& answer) {
  std::string out;
  JsonWriter json(out);
  write_json(json, answer);
  EXPECT_TRUE(json.complete());
  return boost::json::parse(out);
}

Basics basics(Basis basis = Basis::kOrders) {
  return {.as_of = {1719792000000},
          .revision = 12,
          .history_start = civil(2022, 1, 3),
          .window_days = 365,
          .basis = basis,
          .grain = {},
          .zone = "Europe/Amsterdam",
          .currency = "EUR"};
}
template <class Row>
Row january() {
  Row row;
  row.head.period_start = civil(2024, 1, 1);
  row.head.period_end = civil(2024, 2, 1);
  return row;
}

std::vector<std::string> keys(const value& object) {
  std::vector<std::string> out;
  for (const auto& member : object.as_object()) out.emplace_back(member.key());
  return out;
}

// Every field of a row has its sentence among the definitions.
void expect_defined(const value& document, const value& row) {
  for (const std::string& key : keys(row)) {
    ASSERT_TRUE(document.at("definitions").as_object().contains(key)) << key;
    EXPECT_TRUE(document.at("definitions").at(key).is_string()) << key;
  }
}

TEST(AnswerJson, OpensWithWhatItWasComputedFrom) {
  const value v = parsed(RetentionAnswer{basics(), {}});
  EXPECT_EQ(keys(v), (std::vector<std::string>{"as_of", "revision", "history_start", "definitions", "rows"}));
  EXPECT_EQ(v.at("as_of").as_string(), "2024-07-01T00:00:00Z");
  EXPECT_EQ(v.at("revision").as_int64(), 12);
  EXPECT_EQ(v.at("history_start").as_string(), "2022-01-03");
  EXPECT_EQ(v.at("definitions").at("window_days").as_int64(), 365);
  EXPECT_EQ(v.at("definitions").at("grain").as_string(), "month");
  EXPECT_EQ(v.at("definitions").at("basis").as_string(), "orders");
  EXPECT_TRUE(v.at("rows").as_array().empty());
}

template <class Answer>
void expect_unconverted(const Answer& answer) {
  const std::vector<timeline::Unconverted> unconverted{{money::Currency::parse("SEK").value(), 1, -5},
                                                       {money::Currency::parse("USD").value(), 2, 3000}};
  std::string out;
  JsonWriter json(out);
  write_json(json, answer, unconverted);
  EXPECT_EQ(boost::json::parse(out).at("unconverted"), boost::json::parse(R"([
      {"currency": "SEK", "orders": 1, "gross_minor": -5}, {"currency": "USD", "orders": 2, "gross_minor": 3000}])"));
  EXPECT_LT(out.find("\"unconverted\""), out.find("\"rows\"")) << out;
  EXPECT_FALSE(parsed(answer).as_object().contains("unconverted"));
}

TEST(AnswerJson, SaysWhichMoneyIsInNoSum) {
  expect_unconverted(RetentionAnswer{basics(), {}});
  expect_unconverted(CohortAnswer{basics(), {}, {}, {}});
  expect_unconverted(ValueAnswer{basics(), {}});
  expect_unconverted(CostAnswer{basics(), {}});
  expect_unconverted(ClaimsAnswer{basics(), {}});
  expect_unconverted(WhatIfAnswer{basics(), 5, {}, {}, {}, {}});
  expect_unconverted(BehindAnswer{basics(), {}});
}

TEST(AnswerJson, WhatIsNotKnownIsNull) {
  Basics none = basics();
  none.history_start.reset();
  none.currency.clear();
  const value v = parsed(RetentionAnswer{none, {january<RetentionRow>()}});
  EXPECT_TRUE(v.at("history_start").is_null());
  EXPECT_TRUE(v.at("definitions").at("currency").is_null());
  const value& row = v.at("rows").as_array().at(0);
  EXPECT_TRUE(row.at("evaluated_to").is_null());
  EXPECT_TRUE(row.at("split").is_null());
  EXPECT_TRUE(row.at("crr").at("value").is_null());
  EXPECT_EQ(row.at("crr").at("d").as_int64(), 0);
}

TEST(AnswerJson, ARetentionRowHasTheNamesOfTheDefinitions) {
  RetentionRow row = january<RetentionRow>();
  row.customers_start = 100;
  row.customers_end = 110;
  row.new_customers = 27;
  row.reactivated = 3;
  row.retained = 80;
  row.lost = 20;
  row.crr_strict = {80, 100, 0.8, 0.711, 0.867};
  const value v = parsed(RetentionAnswer{basics(), {row}});
  const value& r = v.at("rows").as_array().at(0);
  EXPECT_EQ(keys(r), (std::vector<std::string>{"period_start",
                                               "period_end",
                                               "complete",
                                               "warming_up",
                                               "new_at_most",
                                               "evaluated_to",
                                               "split",
                                               "customers_start",
                                               "customers_end",
                                               "new",
                                               "one_and_gone",
                                               "reactivated",
                                               "retained",
                                               "lost",
                                               "crr",
                                               "crr_strict",
                                               "churn_rate",
                                               "returning_rate",
                                               "returning_rate_active",
                                               "orders",
                                               "buyers",
                                               "gross_minor",
                                               "revenue_minor",
                                               "repeat_rate"}));
  EXPECT_EQ(r.at("new").as_int64(), 27);
  EXPECT_EQ(keys(r.at("crr_strict")), (std::vector<std::string>{"value", "n", "d", "low", "high"}));
  EXPECT_EQ(r.at("crr_strict").at("value").as_double(), 0.8);
  expect_defined(v, r);
}

TEST(AnswerJson, SubscriptionsHaveTheirOwnFieldsBesides) {
  RetentionRow row = january<RetentionRow>();
  row.paused = 2;
  const value v = parsed(RetentionAnswer{basics(Basis::kSubscriptions), {row}});
  const value& r = v.at("rows").as_array().at(0);
  EXPECT_EQ(r.at("paused").as_int64(), 2);
  EXPECT_TRUE(r.at("in_trial").is_null());
  EXPECT_TRUE(r.at("net_retention").is_null());
  expect_defined(v, r);
}

TEST(AnswerJson, CohortsHoldCellsAndMeans) {
  const CohortAnswer answer{
      basics(),
      CohortMode::kOnOrAfter,
      {CohortRow{civil(2024, 1, 1), "shop", false, 10, {CohortCell{0, true, 10, {10, 10, 1.0, {}, {}}, 500, 500}}}},
      {CohortMean{0, 1.0, {}, 1}}};
  const value v = parsed(answer);
  EXPECT_EQ(v.at("definitions").at("mode").as_string(), "on_or_after");
  const value& row = v.at("rows").as_array().at(0);
  EXPECT_EQ(keys(row), (std::vector<std::string>{"cohort", "split", "warming_up", "size", "cells"}));
  EXPECT_EQ(row.at("split").as_string(), "shop");
  EXPECT_EQ(
      keys(row.at("cells").as_array().at(0)),
      (std::vector<std::string>{"k", "complete", "customers", "rate", "revenue_minor", "cumulative_revenue_minor"}));
  expect_defined(v, row);
  expect_defined(v, row.at("cells").as_array().at(0));
  expect_defined(v, v.at("means").as_array().at(0));
  EXPECT_EQ(keys(v.at("means").as_array().at(0)),
            (std::vector<std::string>{"k", "weighted", "plain", "cohorts", "customers", "size"}));
  EXPECT_TRUE(v.at("means").as_array().at(0).at("plain").is_null());
}

TEST(AnswerJson, EveryDefinedFieldOfTheOthersIsThere) {
  const value values = parsed(ValueAnswer{basics(), {january<ValueRow>()}});
  const value costs = parsed(CostAnswer{basics(), {january<CostRow>()}});
  Claim claim;
  claim.name = "average_retention";
  claim.why = "claim.short";
  const value claims = parsed(ClaimsAnswer{basics(), {claim}});
  const value behind = parsed(BehindAnswer{basics(), {CustomerRow{"a@example.com", 2, 300, civil(2024, 1, 5), 0}}});
  for (const value& v : {values, costs, claims, behind}) {
    const value& row = v.at("rows").as_array().at(0);
    expect_defined(v, row);
  }
  EXPECT_EQ(claims.at("rows").as_array().at(0).at("verdict").as_string(), "cannot_tell");
  EXPECT_EQ(behind.at("rows").as_array().at(0).at("last_order").as_string(), "2024-01-05");
  WhatIfAnswer whatif{basics(), 5, 1234.5, {}, {}, {{civil(2024, 1, 1), 1.5, 2.5}}};
  const value w = parsed(whatif);
  EXPECT_EQ(w.at("worth_minor").as_double(), 1234.5);
  EXPECT_TRUE(w.at("share_of_margin").is_null());
  EXPECT_EQ(w.at("rows").as_array().at(0).at("extra_customers").as_double(), 1.5);
}

TEST(AnswerJson, NamesAreThoseOfTheOptions) {
  EXPECT_EQ(name(Basis::kOrders), "orders");
  EXPECT_EQ(name(Basis::kSubscriptions), "subscriptions");
  EXPECT_EQ(name(Basis::kRelation), "relation");
  EXPECT_EQ(name(Basis::kEvents), "events");
  EXPECT_EQ(name(Split::kCoupon), "coupon");
  EXPECT_EQ(name(CohortMode::kActive), "active");
  EXPECT_EQ(name(Verdict::kTrue), "true");
}

}  // namespace
}  // namespace behoud::retention
