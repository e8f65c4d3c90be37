#include "retention/oracle.h"

#include <cstdlib>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/json_writer.h"
#include "retention/answer_json.h"
#include "retention/random_shop.h"

// The engine against the definitions done slowly, on any shop and question: equal to the byte of their JSON.

namespace behoud::retention {
namespace {

using calendar::Day;

// Thousands of histories in all; RC_PARAMS overrides it, and replays what a failure prints.
[[maybe_unused]] const int kConfigured = setenv("RC_PARAMS", "max_success=400", 0);

template <class Answer>
std::string json_of(const Answer& answer) {
  std::string out;
  JsonWriter json(out);
  write_json(json, answer);
  return out;
}

// Both, or the first place where they part.
void expect_equal(const std::string& engine, const std::string& slow) {
  if (engine == slow) return;
  std::size_t at = 0;
  while (at < engine.size() && at < slow.size() && engine[at] == slow[at]) ++at;
  const std::size_t from = at < 400 ? 0 : at - 400;
  RC_FAIL("engine: ..." + engine.substr(from, 800) + "\n oracle: ..." + slow.substr(from, 800));
}

RC_GTEST_PROP(Oracle, RetentionAgrees, ()) {
  const RandomShop shop = any_shop();
  const Question q = any_question(shop);
  const auto answer = answer_retention(shop.histories, {}, q);
  RC_ASSERT(answer.has_value());
  expect_equal(json_of(*answer), json_of(oracle::retention(shop.histories, {}, q)));
  for (const RetentionRow& row : answer->rows) {
    RC_ASSERT(row.customers_start == row.retained + row.lost);
    RC_ASSERT(row.customers_end == row.retained + row.new_customers + row.reactivated);
  }
}

RC_GTEST_PROP(Oracle, CohortsAgree, ()) {
  const RandomShop shop = any_shop();
  Question q = any_question(shop);
  const auto answer = answer_cohorts(shop.histories, {}, q);
  RC_ASSERT(answer.has_value());
  expect_equal(json_of(*answer), json_of(oracle::cohorts(shop.histories, {}, q)));
}

RC_GTEST_PROP(Oracle, ValueAgrees, ()) {
  const RandomShop shop = any_shop();
  const Question q = any_question(shop);
  const auto answer = answer_value(shop.histories, {}, q);
  RC_ASSERT(answer.has_value());
  expect_equal(json_of(*answer), json_of(oracle::value(shop.histories, {}, q)));
}

RC_GTEST_PROP(Oracle, CostAgrees, ()) {
  const RandomShop shop = any_shop();
  Question q = any_question(shop);
  q.split = Split::kNone;
  const auto answer = answer_cost(shop.histories, {}, q);
  RC_ASSERT(answer.has_value());
  expect_equal(json_of(*answer), json_of(oracle::cost(shop.histories, {}, q)));
}

RC_GTEST_PROP(Oracle, WhatIfAgrees, ()) {
  const RandomShop shop = any_shop();
  const Question q = any_question(shop);
  const auto answer = answer_whatif(shop.histories, {}, q);
  RC_ASSERT(answer.has_value());
  expect_equal(json_of(*answer), json_of(oracle::whatif(shop.histories, {}, q)));
}

RC_GTEST_PROP(Oracle, SlippingAgrees, ()) {
  const RandomShop shop = any_shop();
  const Question q = any_question(shop);
  const SlippingAnswer engine = answer_slipping(shop.histories, {}, q).value();
  const SlippingAnswer slow = oracle::slipping(shop.histories, {}, q);
  RC_ASSERT(engine.at_stake_minor == slow.at_stake_minor);
  RC_ASSERT(engine.rows.size() == slow.rows.size());
  for (std::size_t i = 0; i < slow.rows.size(); ++i) {
    const Slipping &a = engine.rows[i], &b = slow.rows[i];
    RC_ASSERT(std::tie(a.customer, a.silent_days, a.usual_days, a.at_stake_minor, a.orders, a.last_order) ==
              std::tie(b.customer, b.silent_days, b.usual_days, b.at_stake_minor, b.orders, b.last_order));
  }
}

RC_GTEST_PROP(Oracle, ChangeAgreesAndItsPartsSumToIt, ()) {
  const RandomShop shop = any_shop();
  Question q = any_question(shop);
  const auto engine = answer_change(shop.histories, {}, q).value();
  const auto slow = oracle::change(shop.histories, {}, q);
  RC_ASSERT(engine.has_value() == slow.has_value());
  if (!engine) return;
  RC_ASSERT(engine->revenue_before_minor == slow->revenue_before_minor);
  RC_ASSERT(engine->revenue_after_minor == slow->revenue_after_minor);
  RC_ASSERT(engine->by_customers_minor == slow->by_customers_minor);
  RC_ASSERT(engine->by_frequency_minor == slow->by_frequency_minor);
  RC_ASSERT(engine->by_order_value_minor == slow->by_order_value_minor);
  RC_ASSERT(engine->before.period_start == slow->before.period_start);
  RC_ASSERT(engine->after.period_start == slow->after.period_start);
  RC_ASSERT(engine->by_customers_minor + engine->by_frequency_minor + engine->by_order_value_minor ==
            engine->revenue_after_minor - engine->revenue_before_minor);
}

RC_GTEST_PROP(Oracle, WindowAgrees, ()) {
  const RandomShop shop = any_shop();
  const WindowChoice engine = choose_window(shop.histories), slow = oracle::window(shop.histories);
  RC_ASSERT(engine.days == slow.days);
  RC_ASSERT(engine.gaps == slow.gaps);
  RC_ASSERT(engine.covered == slow.covered);
  RC_ASSERT(engine.why == slow.why);
  RC_ASSERT(engine.candidates == slow.candidates);
}

// ---- A number opens.

std::set<std::uint32_t> indexes(const BehindAnswer& answer) {
  std::set<std::uint32_t> out;
  for (const CustomerRow& row : answer.rows) out.insert(row.index);
  RC_ASSERT(out.size() == answer.rows.size());
  return out;
}

RC_GTEST_PROP(Oracle, TheCustomersBehindANumberAreAsManyAsItSays, ()) {
  const RandomShop shop = any_shop();
  Question q = any_question(shop);
  const RetentionAnswer answer = answer_retention(shop.histories, {}, q).value();
  if (answer.rows.empty()) return;
  const RetentionRow& row = answer.rows[static_cast<std::size_t>(below(static_cast<std::int64_t>(answer.rows.size())))];
  std::vector<std::pair<std::string, std::uint64_t>> fields = {
      {"customers_start", row.customers_start},
      {"customers_end", row.customers_end},
      {"new", row.new_customers},
      {"one_and_gone", row.one_and_gone},
      {"reactivated", row.reactivated},
      {"retained", row.retained},
      {"lost", row.lost},
      {"crr", row.crr.n},
      {"crr_strict", row.crr_strict.n},
      {"churn_rate", row.churn_rate.n},
      {"returning_rate", row.returning_rate.n},
      {"returning_rate_active", row.returning_rate_active.n},
      {"buyers", row.buyers},
      {"repeat_rate", row.repeat_rate.n},
  };
  if (q.basis == Basis::kSubscriptions) {
    fields.emplace_back("paused", *row.paused);
    fields.emplace_back("in_trial", *row.in_trial);
    fields.emplace_back("trial_converted", row.trial_converted->n);
  }
  // By the row's own dates and the question's grain, wherever the periods were laid from.
  Question one = q;
  one.from = row.head.period_start;
  one.to = row.head.period_end;
  for (const auto& [field, number] : fields) {
    const auto part = q.split == Split::kNone ? std::nullopt : std::optional(row.head.split);
    const auto behind = customers_behind(shop.histories, {}, one, field + (part ? ":" + *part : ""));
    RC_ASSERT(behind.has_value());
    RC_ASSERT(behind->rows.size() == number);
    RC_ASSERT(indexes(*behind) ==
              oracle::people(shop.histories, {}, q, field, row.head.period_start, row.head.period_end, part));
  }
}

// Those beside them too: by their own dates, or where they were read for a part of the period, by the days of the part.
RC_GTEST_PROP(Oracle, TheCustomersBehindAComparedNumberAreAsManyAsItSays, ()) {
  const RandomShop shop = any_shop();
  Question q = any_question(shop);
  q.compare = one_in(2) ? Compare::kPrevious : Compare::kLastYear;
  const RetentionAnswer answer = answer_retention(shop.histories, {}, q).value();
  if (answer.comparison->rows.empty()) return;
  const auto rows = static_cast<std::int64_t>(answer.comparison->rows.size());
  const RetentionRow& row =
      answer.comparison->rows[one_in(2) ? static_cast<std::size_t>(rows - 1) : static_cast<std::size_t>(below(rows))];
  Question one = q;
  one.compare.reset();
  one.from = row.head.period_start;
  one.to = row.head.evaluated_to.value_or(row.head.period_end);
  if (row.head.evaluated_to) one.grain = {calendar::Grain::Unit::kDays, *one.to - *one.from};
  const std::pair<std::string, std::uint64_t> fields[] = {{"customers_start", row.customers_start},
                                                          {"customers_end", row.customers_end},
                                                          {"new", row.new_customers},
                                                          {"one_and_gone", row.one_and_gone},
                                                          {"lost", row.lost},
                                                          {"returning_rate", row.returning_rate.n},
                                                          {"buyers", row.buyers},
                                                          {"repeat_rate", row.repeat_rate.n}};
  for (const auto& [field, number] : fields) {
    const auto behind =
        customers_behind(shop.histories, {}, one, q.split == Split::kNone ? field : field + ":" + row.head.split);
    RC_ASSERT(behind.has_value());
    RC_ASSERT(behind->rows.size() == number);
  }
}

// What counts no people itself opens those it is made from.
RC_GTEST_PROP(Oracle, TheCustomersBehindAValueOrACostAreThoseItIsMadeFrom, ()) {
  const RandomShop shop = any_shop();
  Question q = any_question(shop);
  const RetentionAnswer answer = answer_retention(shop.histories, {}, q).value();
  const ValueAnswer value = answer_value(shop.histories, {}, q).value();
  if (answer.rows.empty()) return;
  RC_ASSERT(value.rows.size() == answer.rows.size());
  const auto at = static_cast<std::size_t>(below(static_cast<std::int64_t>(answer.rows.size())));
  const RetentionRow& row = answer.rows[at];
  const Day a = row.head.period_start, b = row.head.period_end;
  Question one = q;
  one.from = a;
  one.to = b;
  const auto part = q.split == Split::kNone ? std::nullopt : std::optional(row.head.split);
  const auto behind = [&](std::string field) {
    return indexes(customers_behind(shop.histories, {}, one, field + (part ? ":" + *part : "")).value());
  };
  const auto slow = [&](std::string_view field, Day from) {
    return oracle::people(shop.histories, {}, q, field, from, b, part);
  };
  const auto buyers = slow("buyers", a);
  for (const char* field : {"orders", "gross_minor", "revenue_minor", "margin_minor", "aov_minor", "purchase_frequency",
                            "items_per_order", "units", "customer_value_minor"}) {
    RC_ASSERT(behind(field) == buyers);
  }
  RC_ASSERT(buyers.size() == row.buyers);
  const auto joined = [](std::set<std::uint32_t> x, const std::set<std::uint32_t>& y) {
    x.insert(y.begin(), y.end());
    return x;
  };
  RC_ASSERT(behind("crc_minor") == slow("customers_end", a));
  RC_ASSERT(behind("crc_per_retained_minor") == slow("retained", a));
  for (const char* field : {"cac_minor", "acquisition_roi", "payback_months", "newcomers_margin_minor"}) {
    RC_ASSERT(behind(field) == joined(slow("new", a), slow("one_and_gone", a)));
    RC_ASSERT(behind(field).size() == row.new_customers + row.one_and_gone);
  }
  RC_ASSERT(behind("value_per_active_minor") == joined(slow("customers_start", a), slow("customers_end", a)));
  // Everybody who had ordered by the end: all revenue up to it over value_to_date_minor is how many they are.
  const auto to_date = behind("value_to_date_minor");
  RC_ASSERT(to_date == slow("buyers", Day{-1'000'000}));
  RC_ASSERT(value.rows[at].value_to_date_minor.has_value() == !to_date.empty());
  RC_ASSERT(behind("buyers_to_date") == to_date);
  RC_ASSERT(behind("revenue_to_date_minor") == to_date);
  RC_ASSERT(value.rows[at].buyers_to_date == to_date.size());
}

// As many as a claim says, each once; by the definitions, of the last 12 complete months where it is of those.
RC_GTEST_PROP(Oracle, TheCustomersBehindAClaimAreAsManyAsItSays, ()) {
  const RandomShop shop = any_shop();
  Question q = any_question(shop);
  q.split = Split::kNone;
  const ClaimsAnswer answer = answer_claims(shop.histories, {}, q).value();
  const auto today = shop.histories.zone.day_of(answer.basics.as_of);
  const Day end = calendar::floor_to({}, today, today);
  Day begin = end;
  for (int i = 0; i < 12; ++i) begin = calendar::floor_to({}, begin - 1, begin);
  for (const Claim& claim : answer.rows) {
    const auto behind = indexes(customers_behind(shop.histories, {}, q, "claim:" + claim.name).value());
    RC_ASSERT(behind.size() == claim.people);
    const auto slow = [&](std::string_view field) {
      return oracle::people(shop.histories, {}, q, field, begin, end, {});
    };
    if (claim.name == "average_retention") RC_ASSERT(behind == slow("customers_start"));
    if (claim.name == "five_points_profit") RC_ASSERT(behind == slow("customers_end"));
    if (claim.name == "new_costs_five_times") {
      auto newcomers = slow("new");
      newcomers.merge(slow("one_and_gone"));
      const auto kept = slow("customers_end");
      RC_ASSERT(behind == (newcomers.size() < kept.size() ? newcomers : kept));
    }
  }
  RC_ASSERT(!customers_behind(shop.histories, {}, q, "claim:nonsense").has_value());
}

RC_GTEST_PROP(Oracle, TheCustomersBehindACellAreAsManyAsItSays, ()) {
  const RandomShop shop = any_shop();
  const Question q = any_question(shop);
  const CohortAnswer answer = answer_cohorts(shop.histories, {}, q).value();
  if (answer.rows.empty()) return;
  Question laid = q;  // for the oracle, which takes no default
  if (!q.from) {
    Question whole = q;  // of all parts: a row for each period
    whole.split = Split::kNone;
    laid.from = answer_cohorts(shop.histories, {}, whole).value().rows.at(0).cohort;
  }
  for (const CohortRow& row : answer.rows) {
    const auto part = q.split == Split::kNone ? std::nullopt : std::optional(row.split);
    const std::string name = "cohort:" + calendar::to_string(row.cohort);
    const std::string suffix = part ? ":" + *part : "";
    RC_ASSERT(customers_behind(shop.histories, {}, q, name + suffix).value().rows.size() == row.size);
    for (const CohortCell& cell : row.cells) {
      const auto behind = customers_behind(shop.histories, {}, q, name + ":" + std::to_string(cell.k) + suffix).value();
      RC_ASSERT(behind.rows.size() == cell.customers);
      RC_ASSERT(indexes(behind) == oracle::cell(shop.histories, {}, laid, row.cohort, cell.k, part));
    }
  }
}

}  // namespace
}  // namespace behoud::retention
