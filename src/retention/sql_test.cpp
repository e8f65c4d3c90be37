#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/testing/until_tests_end.h"
#include "retention/random_shop.h"
#include "retention/sql_oracle.h"

// The engine against SQL, on any shop and question.

namespace behoud::retention {
namespace {

// One for all cases.
UntilTestsEnd<SqlOracle>& sql = UntilTestsEnd<SqlOracle>::add();

std::vector<calendar::Period> periods_of(const RetentionAnswer& answer) {
  std::vector<calendar::Period> out;
  for (const RetentionRow& row : answer.rows) {
    out.push_back(calendar::Period::create(row.head.period_start, row.head.period_end).value());
  }
  return out;
}

void gaps_agree(const timeline::Histories& h) {
  const WindowChoice choice = choose_window(h);
  const auto gaps = sql->gaps();
  RC_ASSERT(static_cast<std::int64_t>(choice.gaps) == gaps.at(0));
  for (std::size_t i = 0; i < choice.candidates.size(); ++i) {
    const double share = gaps[0] == 0 ? 0 : static_cast<double>(gaps[i + 1]) / static_cast<double>(gaps[0]);
    RC_ASSERT(choice.candidates[i].second == share);
  }
}

RC_GTEST_PROP(Sql, RetentionValueAndGapsAgree, ()) {
  const RandomShop shop = any_shop();
  Question q = any_question(shop);
  q.split = Split::kNone;
  const RetentionAnswer answer = answer_retention(shop.histories, {}, q).value();
  const ValueAnswer value = answer_value(shop.histories, {}, q).value();
  const CostAnswer cost = answer_cost(shop.histories, {}, q).value();
  if (answer.rows.empty() || shop.histories.customers() == 0) return;
  sql->load(shop.histories, {}, q, periods_of(answer), answer.basics.as_of);
  if (!q.as_of) gaps_agree(shop.histories);  // the window is chosen from all that is known
  const auto rows = sql->periods();
  RC_ASSERT(rows.size() == answer.rows.size());
  RC_ASSERT(rows.size() == value.rows.size());
  RC_ASSERT(rows.size() == cost.rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const RetentionRow& row = answer.rows[i];
    const auto counted = [&](const char* field) { return static_cast<std::uint64_t>(rows[i].at(field)); };
    RC_ASSERT(row.customers_start == counted("customers_start"));
    RC_ASSERT(row.customers_end == counted("customers_end"));
    RC_ASSERT(row.new_customers == counted("new"));
    RC_ASSERT(row.one_and_gone == counted("one_and_gone"));
    RC_ASSERT(row.reactivated == counted("reactivated"));
    RC_ASSERT(row.retained == counted("retained"));
    RC_ASSERT(row.lost == counted("lost"));
    RC_ASSERT(row.crr.n == counted("customers_end") - counted("new"));
    RC_ASSERT(row.crr.d == counted("customers_start"));
    RC_ASSERT(row.returning_rate.d == counted("ordered_before"));
    RC_ASSERT(row.returning_rate.n == counted("returned"));
    RC_ASSERT(row.returning_rate_active.n == counted("returned_active"));
    RC_ASSERT(row.orders == counted("orders"));
    RC_ASSERT(row.buyers == counted("buyers"));
    RC_ASSERT(row.repeat_rate.n == counted("repeaters"));
    RC_ASSERT(row.gross_minor == rows[i].at("gross_minor"));
    RC_ASSERT(row.revenue_minor == rows[i].at("revenue_minor"));
    RC_ASSERT(value.rows[i].revenue_minor == row.revenue_minor);
    RC_ASSERT(value.rows[i].orders == row.orders);
    RC_ASSERT(value.rows[i].customers_start == counted("customers_start"));
    RC_ASSERT(value.rows[i].customers_end == counted("customers_end"));
    RC_ASSERT(cost.rows[i].customers_end == counted("customers_end"));
    RC_ASSERT(cost.rows[i].retained == counted("retained"));
    RC_ASSERT(cost.rows[i].new_customers == counted("new"));
    RC_ASSERT(cost.rows[i].one_and_gone == counted("one_and_gone"));
    if (row.orders > 0) {
      RC_ASSERT(*value.rows[i].aov_minor ==
                static_cast<double>(rows[i].at("revenue_minor")) / static_cast<double>(rows[i].at("orders")));
    }
  }
}

RC_GTEST_PROP(Sql, CohortsAgree, ()) {
  const RandomShop shop = any_shop();
  Question q = any_question(shop);
  q.split = Split::kNone;
  q.to.reset();  // every cohort up to as-of
  const CohortAnswer answer = answer_cohorts(shop.histories, {}, q).value();
  const RetentionAnswer retention = answer_retention(shop.histories, {}, q).value();
  if (answer.rows.empty()) return;
  sql->load(shop.histories, {}, q, periods_of(retention), answer.basics.as_of);
  const auto cells = sql->cells(q.mode);
  std::size_t filled = 0;
  for (std::size_t i = 0; i < answer.rows.size(); ++i) {
    const CohortRow& row = answer.rows[i];
    RC_ASSERT(row.cells.size() == answer.rows.size() - i);
    if (row.size == 0) continue;
    for (const CohortCell& cell : row.cells) {
      ++filled;
      RC_ASSERT((cells.at({static_cast<int>(i), cell.k}) ==
                 SqlOracle::Cell{static_cast<std::int64_t>(row.size), static_cast<std::int64_t>(cell.customers),
                                 cell.revenue_minor, cell.cumulative_revenue_minor}));
    }
  }
  RC_ASSERT(cells.size() == filled);
}

}  // namespace
}  // namespace behoud::retention
