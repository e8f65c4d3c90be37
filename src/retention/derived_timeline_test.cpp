// The engine's timeline, laid out from any shop, against what retention/ answers of the same shop: who was there, new,
// kept, lost and back, the cohorts, and how each customer bought.

#include <map>
#include <optional>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "retention/people.h"
#include "retention/random_shop.h"
#include "timeline/questions/cohort_months.h"
#include "timeline/questions/month_activity.h"
#include "timeline/questions/purchase_cells.h"
#include "timeline/source/derived.h"

namespace behoud::retention {
namespace {

using calendar::Day;
using timeline::Timeline;

// A shop, its timeline, and the question whose rows are the timeline's months as of a moment behind every refund.
struct Both {
  timeline::Histories histories;
  std::optional<timeline::LaidOut> laid_out;
  Question question;
  ShopSettings settings;
  const Timeline& timeline() const { return laid_out->timeline; }
};

Both any_both() {
  Both both;
  both.histories = any_shop().histories;
  // What happened before the history is not in the orders, and no question of the engine's.
  both.histories.known_since.assign(both.histories.customers(), std::nullopt);
  both.histories.orders_before.assign(both.histories.customers(), 0);
  static const int windows[] = {1, 7, 30, 90, 365};
  both.settings.window_days = any_of(windows);
  auto laid_out = timeline::lay_out(both.histories, {}, static_cast<std::uint32_t>(both.settings.window_days));
  RC_ASSERT(laid_out.has_value());
  both.laid_out = *std::move(laid_out);
  const timeline::Scale& scale = both.timeline().scale;
  both.question.grain = {calendar::Grain::Unit::kMonth, 1};
  both.question.from = scale.epoch_day();
  both.question.to = scale.day(scale.days());
  std::int64_t behind = scale.zone().first_instant(scale.day(scale.days())).ms;
  for (const timeline::OrderStep& step : both.histories.steps) behind = std::max(behind, step.at_ms + 1);
  both.question.as_of = scale.zone().first_instant(scale.zone().day_of(calendar::Instant{behind}) + 1);
  return both;
}

timeline::MonthActivity activity_of(const RetentionRow& row) {
  return {row.customers_start, row.customers_end, row.new_customers, row.one_and_gone,
          row.reactivated,     row.retained,      row.lost};
}

// One answer of the engine a part of the split, under the part's word.
template <class Answer>
std::map<std::string, Answer> by_word(const Both& both, std::size_t dimension, std::vector<Answer> answers) {
  std::map<std::string, Answer> out;
  for (std::size_t code = 0; code < answers.size(); ++code) {
    out[both.laid_out->dictionaries.customer[dimension][code]] = std::move(answers[code]);
  }
  return out;
}

constexpr struct {
  Split split;
  std::size_t dimension;
} kSplits[] = {{Split::kNone, 0},
               {Split::kSource, timeline::kSourceOfCustomer},
               {Split::kCountry, timeline::kCountryOfCustomer},
               {Split::kItem, timeline::kFirstItem},
               {Split::kCoupon, timeline::kFirstCoupon}};

RC_GTEST_PROP(DerivedTimeline, CountsWhoWasThereNewKeptLostAndBackAsRetentionDoes, ()) {
  const Both both = any_both();
  for (const auto& [split, dimension] : kSplits) {
    for (const int window : {both.settings.window_days, 45}) {
      Question q = both.question;
      q.split = split;
      q.window_days = window;
      const auto answer = answer_retention(both.histories, both.settings, q);
      RC_ASSERT(answer.has_value());
      timeline::Slice slice;
      if (split != Split::kNone) slice.split = dimension;
      const bool own = window == both.settings.window_days;
      auto counted = timeline::month_activity(
          both.timeline(), own ? std::nullopt : std::optional(static_cast<std::uint32_t>(window)), slice);
      auto parts = split == Split::kNone ? std::map<std::string, std::vector<timeline::MonthActivity>>{{"", counted[0]}}
                                         : by_word(both, dimension, std::move(counted));
      for (const RetentionRow& row : answer->rows) {
        const auto day = static_cast<std::uint32_t>(row.head.period_start - both.timeline().scale.epoch_day());
        timeline::MonthActivity& mine = parts.at(row.head.split)[both.timeline().scale.month_of_day(day)];
        RC_ASSERT(mine == activity_of(row));
        mine = {};
      }
      for (const auto& [word, months] : parts) {
        for (const timeline::MonthActivity& left : months) RC_ASSERT(left == timeline::MonthActivity{});
      }
    }
  }
}

RC_GTEST_PROP(DerivedTimeline, HasTheCohortsOfRetention, ()) {
  const Both both = any_both();
  const timeline::Scale& scale = both.timeline().scale;
  for (const auto& [split, dimension] : kSplits) {
    Question q = both.question;
    q.split = split;
    q.mode = CohortMode::kOn;
    const auto answer = answer_cohorts(both.histories, both.settings, q);
    RC_ASSERT(answer.has_value());
    timeline::Slice slice;
    if (split != Split::kNone) slice.split = dimension;
    auto counted = timeline::cohort_months(both.timeline(), slice);
    auto parts = split == Split::kNone ? std::map<std::string, timeline::CohortMonths>{{"", counted[0]}}
                                       : by_word(both, dimension, std::move(counted));
    for (const CohortRow& row : answer->rows) {
      const std::uint32_t c = scale.month_of_day(static_cast<std::uint32_t>(row.cohort - scale.epoch_day()));
      timeline::CohortMonths& mine = parts.at(row.split);
      RC_ASSERT(mine.at(c, c) == row.size);
      for (const CohortCell& cell : row.cells) {
        const std::uint32_t m = c + static_cast<std::uint32_t>(cell.k);
        const std::uint64_t customers = m < mine.months ? mine.at(c, m) : 0;
        RC_ASSERT(customers == cell.customers);
        if (m < mine.months) mine.customers[std::size_t{c} * mine.months + m] = 0;
      }
    }
    for (const auto& [word, left] : parts) {
      for (const std::uint64_t customers : left.customers) RC_ASSERT(customers == 0U);
    }
  }
}

RC_GTEST_PROP(DerivedTimeline, KnowsHowEachCustomerBoughtAsRetentionDoes, ()) {
  const Both both = any_both();
  const Timeline& t = both.timeline();
  const auto people = people_of(both.histories, both.settings, both.question);
  RC_ASSERT(people.has_value());
  RC_ASSERT(people->size() == t.customers());
  const timeline::PurchaseQuestion question{.as_of_day = t.scale.days()};
  std::map<timeline::PurchaseCell, std::uint64_t> cells;
  for (std::uint32_t c = 0; c < people->size(); ++c) {
    const auto customer = timeline::find_customer(t, c);
    RC_ASSERT(customer.has_value());
    RC_ASSERT(customer->orders() == people->orders[c]);
    const auto mine = timeline::purchases_of(*customer, question);
    RC_ASSERT(mine.has_value() == (people->orders[c] > 0));
    if (!mine) continue;
    RC_ASSERT(mine->repeats + 1 == people->orders[c]);
    RC_ASSERT(static_cast<int>(mine->recency) == people->last_order[c] - people->first_order[c]);
    RC_ASSERT(static_cast<int>(mine->age) == t.scale.day(t.scale.days()) - people->first_order[c]);
    std::int64_t revenue = 0;
    for (std::uint32_t o = 0; o < customer->orders(); ++o) {
      revenue += customer->gross(o) - customer->order_measure(timeline::kRefunded, o);
    }
    RC_ASSERT(revenue == people->revenue_minor[c]);
    timeline::PurchaseCell key = *mine;
    key.customers = 0;
    key.spend_minor = 0;
    ++cells[key];
  }
  std::uint64_t customers = 0;
  const auto counted_cells = timeline::purchase_cells(t, question);
  for (timeline::PurchaseCell cell : counted_cells[0]) {
    const std::uint64_t counted = cell.customers;
    cell.customers = 0;
    cell.spend_minor = 0;
    RC_ASSERT(cells[cell] == counted);
    customers += counted;
  }
  std::uint64_t all = 0;
  for (const auto& [cell, n] : cells) all += n;
  RC_ASSERT(customers == all);
}

}  // namespace
}  // namespace behoud::retention
