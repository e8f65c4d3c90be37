#include "retention/people.h"

#include <cstdlib>
#include <map>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "retention/random_shop.h"
#include "retention/test_shop.h"

namespace behoud::retention {
namespace {

[[maybe_unused]] const int kConfigured = setenv("RC_PARAMS", "max_success=200", 0);

// Beside the lists of people that the questions give.
RC_GTEST_PROP(People, AreThoseOfTheQuestions, ()) {
  const RandomShop shop = any_shop();
  Question q = any_question(shop);
  q.basis = Basis::kOrders;
  q.split = Split::kNone;
  q.kinds.clear();
  q.from.reset();
  q.to.reset();
  const People people = people_of(shop.histories, {}, q).value();
  RC_ASSERT(people.size() == shop.histories.customers());
  if (!people.basics.history_start) return;
  // The one period that ends where as-of looks: who is active at its end is active now.
  q.grain = {calendar::Grain::Unit::kDays, people.today - *people.basics.history_start};
  q.from = people.basics.history_start;
  q.to = people.today;
  std::vector<bool> active(people.size()), bought(people.size());
  const BehindAnswer at_end = customers_behind(shop.histories, {}, q, "customers_end").value();
  for (const CustomerRow& row : at_end.rows) {
    active[row.index] = true;
  }
  const BehindAnswer buyers = customers_behind(shop.histories, {}, q, "buyers").value();
  for (const CustomerRow& row : buyers.rows) {
    bought[row.index] = true;
    RC_ASSERT(people.orders[row.index] == row.orders);
    RC_ASSERT(people.revenue_minor[row.index] == row.revenue_minor);
    RC_ASSERT(people.last_order[row.index] == *row.last_order);
    RC_ASSERT(people.first_order[row.index] <= people.last_order[row.index]);
    RC_ASSERT(shop.histories.order_day[people.first_row[row.index]] == people.first_order[row.index]);
  }
  std::map<std::uint32_t, Slipping> slipping;
  const SlippingAnswer all_slipping = answer_slipping(shop.histories, {}, q).value();
  for (const Slipping& row : all_slipping.rows) slipping[row.customer] = row;
  for (std::uint32_t c = 0; c < people.size(); ++c) {
    RC_ASSERT((people.standing[c] == People::Standing::kActive) == active[c]);
    RC_ASSERT((people.orders[c] > 0) == bought[c]);
    const auto usual = people.usual_gap_days(c);
    const auto silent = people.silent_days(c);
    const bool slips = active[c] && bought[c] && usual && *silent > *usual;
    RC_ASSERT(slipping.contains(c) == slips);
    if (!slips) continue;
    RC_ASSERT(slipping[c].silent_days == *silent);
    RC_ASSERT(slipping[c].usual_days == *usual);
  }
}

RC_GTEST_PROP(People, OrdersThatCountSumToTheirRevenue, ()) {
  const RandomShop shop = any_shop();
  Question q = any_question(shop);
  q.basis = Basis::kOrders;
  q.kinds.clear();
  const People people = people_of(shop.histories, {}, q).value();
  const auto standings = order_standings(shop.histories, people.basics.as_of);
  for (std::uint32_t c = 0; c < people.size(); ++c) {
    std::int64_t revenue = 0;
    std::uint32_t orders = 0;
    for (std::uint32_t row = shop.histories.order_begin[c]; row < shop.histories.order_begin[c + 1]; ++row) {
      if (!standings[row].counts) continue;
      ++orders;
      revenue += shop.histories.gross_minor[row] - standings[row].refunded_minor;
    }
    RC_ASSERT(orders == people.orders[c]);
    RC_ASSERT(revenue == people.revenue_minor[c]);
  }
}

TEST(People, AreLostOnTheFirstDayTheyAreNotActive) {
  TestShop made;
  made.order("gone", "2024-01-10", 4000).order("gone", "2024-01-20", 1000).order("here", "2024-03-25", 700);
  made.known("early", "2023-01-01", 3);
  const timeline::Histories h = made.histories();
  const ShopSettings settings{.window_days = 30};
  const People people = people_of(h, settings, {}).value();
  EXPECT_EQ(people.standing[0], People::Standing::kLapsed);
  EXPECT_EQ(people.lost_on(0), day("2024-02-20")) << "20 January and 30 days is 19 February, active still at its start";
  EXPECT_EQ(people.aov_minor(0), 2500);
  EXPECT_EQ(people.usual_gap_days(0), 10) << "the shop's only gap";
  EXPECT_EQ(people.silent_days(0), 66);
  EXPECT_EQ(people.since[0], day("2024-01-10"));
  EXPECT_EQ(people.standing[1], People::Standing::kActive);
  EXPECT_FALSE(people.lost_on(1).has_value());
  EXPECT_EQ(people.standing[2], People::Standing::kLapsed) << "ordered before the history";
  EXPECT_FALSE(people.lost_on(2).has_value());
  EXPECT_FALSE(people.aov_minor(2).has_value());
  EXPECT_EQ(people.last_order[2], People::kNoDay);
  // Asked on the day itself and the one before it.
  const std::pair<const char*, People::Standing> cases[] = {{"2024-02-19", People::Standing::kActive},
                                                            {"2024-02-20", People::Standing::kLapsed}};
  for (const auto& [at, standing] : cases) {
    Question q;
    q.as_of = calendar::Instant{day(at).number * calendar::kMsPerDay};
    const People then = people_of(h, settings, q).value();
    EXPECT_EQ(then.standing[0], standing) << at;
  }
}

}  // namespace
}  // namespace behoud::retention
