#include <gtest/gtest.h>

#include "retention/answers.h"
#include "retention/test_shop.h"

namespace behoud::retention {
namespace {

using timeline::Histories;

Question asked(std::string_view from, std::string_view to, std::optional<int> window = {}) {
  Question q;
  q.from = day(from);
  q.to = day(to);
  q.window_days = window;
  return q;
}
Question at(Question q, std::string_view as_of) {
  q.as_of = calendar::Instant{day(as_of).number * calendar::kMsPerDay};
  return q;
}

// ---- Value.

TEST(Value, MeansAreMadeFromTheSums) {
  TestShop shop;
  auto two = shop.make("c-1", "2024-01-03", 1000);
  two.units_milli = 2500;
  auto one = shop.make("c-1", "2024-01-20", 501);
  one.units_milli = 1000;
  const Histories h = shop.add(two).add(one).order("c-2", "2024-01-31", 1000).order("c-7", "2023-12-01", 5).histories();
  const ValueRow row = answer_value(h, {}, asked("2024-01-01", "2024-02-01", 30)).value().rows.at(0);
  EXPECT_EQ(row.orders, 3u);
  EXPECT_EQ(row.buyers, 2u);
  EXPECT_DOUBLE_EQ(*row.aov_minor, 2501.0 / 3);
  EXPECT_DOUBLE_EQ(*row.purchase_frequency, 1.5);
  EXPECT_DOUBLE_EQ(*row.items_per_order, 3.5 / 3);
  EXPECT_DOUBLE_EQ(*row.units, 3.5);
  EXPECT_DOUBLE_EQ(*row.customer_value_minor, 2501.0 / 2);
  EXPECT_EQ(row.repeat_rate.n, 1u);
  EXPECT_EQ(row.repeat_rate.d, 2u);
  EXPECT_DOUBLE_EQ(*row.value_to_date_minor, 2506.0 / 3);
  // Nobody is active on 1 January (31 days on); c1 and c2 are on 1 February.
  EXPECT_DOUBLE_EQ(*row.value_per_active_minor, 2501.0);
  EXPECT_EQ(row.customers_start, 0u);
  EXPECT_EQ(row.customers_end, 2u);
  EXPECT_EQ(row.buyers_to_date, 3u);
  EXPECT_EQ(row.revenue_to_date_minor, 2506);
}

TEST(Value, NothingDividedByNothingIsNull) {
  const Histories h = TestShop().order("c-1", "2024-01-03", 1000).order("c-1", "2024-05-03", 1000).histories();
  const ValueRow row = answer_value(h, {}, asked("2024-03-01", "2024-04-01", 30)).value().rows.at(0);
  EXPECT_FALSE(row.aov_minor.has_value());
  EXPECT_FALSE(row.purchase_frequency.has_value());
  EXPECT_FALSE(row.items_per_order.has_value());
  EXPECT_FALSE(row.units.has_value());
  EXPECT_FALSE(row.customer_value_minor.has_value());
  EXPECT_FALSE(row.value_per_active_minor.has_value());
  EXPECT_FALSE(row.repeat_rate.value.has_value());
}

TEST(Value, LifetimeIsOverSpansOfTheWindowThatEndAtAsOf) {
  // W = 30, as-of 1 May: spans from 1 April, 2 March, 1 February. The history begins 1 January: the span from 2 January
  // would be warming up. c1 and c2 are active on 1 February; c2 is lost by 2 March, c1 never.
  TestShop shop;
  shop.order("c-1", "2024-01-01", 100).order("c-2", "2024-01-20", 100);
  shop.order("c-1", "2024-01-25", 100).order("c-1", "2024-02-20", 200).order("c-1", "2024-03-18", 300);
  shop.order("c-1", "2024-04-15", 400).order("c-3", "2024-04-20", 500);
  const Histories h = shop.histories();
  const ValueAnswer a = answer_value(h, {}, at(asked("2024-03-01", "2024-05-01", 30), "2024-05-01")).value();
  // S = 2 + 1 + 1, L = 1; revenue 200 + 300 + 900 of 1 + 1 + 2 buyers.
  EXPECT_DOUBLE_EQ(*a.rows[0].lifespan, 4.0);
  EXPECT_DOUBLE_EQ(*a.rows[0].clv_minor, 1400.0 / 4 * 4);
  ASSERT_TRUE(a.rows[0].spans.has_value());
  EXPECT_EQ(a.rows[0].spans->customers_start, 4u);
  EXPECT_EQ(a.rows[0].spans->lost, 1u);
  EXPECT_EQ(a.rows[0].spans->buyers, 4u);
  EXPECT_EQ(a.rows[0].spans->revenue_minor, 1400);
  EXPECT_EQ(a.rows[1].clv_minor, a.rows[0].clv_minor);
}

TEST(Value, LifetimeIsNullInAnUnfinishedPeriodAndWhenNobodyWasLost) {
  TestShop shop;
  for (const char* on : {"2024-01-01", "2024-01-20", "2024-02-10", "2024-03-01", "2024-03-20", "2024-04-10"}) {
    shop.order("c-1", on, 100);
  }
  const Histories h = shop.histories();
  const ValueAnswer a = answer_value(h, {.window_days = 30}, {}).value();
  for (const ValueRow& row : a.rows) {
    EXPECT_FALSE(row.lifespan.has_value());
    EXPECT_FALSE(row.clv_minor.has_value());
  }
}

TEST(Value, MarginIsItemCostElseTheShopsRateElseUnknown) {
  timeline::BuildSettings settings;
  settings.item_costs["mug"] = 300;
  const ledger::OrderLine mugs[] = {{"mug", "", 2000, 1000}}, both[] = {{"mug", "", 1000, 400}, {"tea", "", 1000, 600}};
  const auto answer = [&](std::optional<std::int32_t> rate, std::span<const ledger::OrderLine> lines,
                          std::optional<std::int64_t> refund) {
    settings.margin_rate_millionth = rate;
    TestShop shop(settings);
    auto o = shop.make("c-1", "2024-01-03", 1000);
    o.lines = lines;
    o.refund_minor = refund;
    shop.add(o);
    return answer_value(shop.histories(), {}, {}).value().rows.at(0).margin_minor;
  };
  EXPECT_EQ(answer({}, mugs, {}), 400);           // 1000 - 2 x 300
  EXPECT_EQ(answer({}, both, {}), std::nullopt);  // the tea has neither cost nor rate
  EXPECT_EQ(answer(500'000, both, {}), 400);      // 400 - 300 + 600 / 2
  EXPECT_EQ(answer(500'000, both, 500), 50);      // half refunded: 200 - 300 + 300 / 2
  EXPECT_EQ(answer(333'333, {}, {}), 333);        // no cost at all: the rate
  EXPECT_EQ(answer({}, {}, {}), std::nullopt);
}

// ---- What changed.

TEST(Change, TheThreePartsSumToTheChange) {
  TestShop shop;
  // 2 buyers x 1 order x 100 = 200; then 3 buyers, 4 orders, 520.
  shop.order("a", "2024-01-03", 100).order("b", "2024-01-03", 100);
  shop.order("a", "2024-02-03", 130).order("b", "2024-02-03", 130).order("c", "2024-02-03", 130);
  shop.order("c", "2024-02-04", 130).order("z", "2024-03-01", 1);
  const ChangeAnswer c = answer_change(shop.histories(), {}, {}).value().value();
  EXPECT_EQ(c.before.period_start, day("2024-01-01"));
  EXPECT_EQ(c.after.period_start, day("2024-02-01"));
  EXPECT_EQ(c.revenue_before_minor, 200);
  EXPECT_EQ(c.revenue_after_minor, 520);
  EXPECT_EQ(c.by_customers_minor, 100);    // 3 x 1 x 100
  EXPECT_EQ(c.by_frequency_minor, 100);    // 4 orders x 100
  EXPECT_EQ(c.by_order_value_minor, 120);  // 4 x 130
}

TEST(Change, OutOfNothingIsAllCustomers) {
  TestShop shop;
  shop.order("a", "2024-01-03", 100).order("b", "2024-03-03", 50).order("z", "2024-04-01", 1);
  const ChangeAnswer c = answer_change(shop.histories(), {}, asked("2024-02-01", "2024-04-01")).value().value();
  EXPECT_EQ(c.by_customers_minor, 50);
  EXPECT_EQ(c.by_frequency_minor, 0);
  EXPECT_EQ(c.by_order_value_minor, 0);
}

TEST(Change, OneCompletePeriodHasNothingToCompareWith) {
  const Histories h = TestShop().order("a", "2024-01-03", 100).order("b", "2024-02-03", 50).histories();
  EXPECT_FALSE(answer_change(h, {}, {}).value().has_value());
}

// ---- Slipping away.

TEST(Slipping, SilentLongerThanNineInTenOfTheirOwnGaps) {
  TestShop shop;
  // c1: every 10 days, then 11 days of silence. c2: gaps of 10, 10, 10, 10, 40.
  for (const char* on : {"2024-01-01", "2024-01-11", "2024-01-21", "2024-01-31", "2024-02-10", "2024-02-20"}) {
    shop.order("c-1", on, 100);
  }
  for (const char* on : {"2023-12-13", "2023-12-23", "2024-01-02", "2024-01-12", "2024-01-22", "2024-02-19"}) {
    shop.order("c-2", on, 500);
  }
  const SlippingAnswer a = answer_slipping(shop.histories(), {}, at({}, "2024-03-02")).value();
  ASSERT_EQ(a.rows.size(), 1u);
  EXPECT_EQ(a.rows[0].customer, 0u);
  EXPECT_EQ(a.rows[0].silent_days, 11);
  EXPECT_EQ(a.rows[0].usual_days, 10);
  EXPECT_EQ(a.rows[0].at_stake_minor, 600);
  EXPECT_EQ(a.rows[0].last_order, day("2024-02-20"));
  EXPECT_EQ(a.at_stake_minor, 600);
}

TEST(Slipping, WithFewGapsTheShopsCount) {
  TestShop shop;
  for (const char* on : {"2024-01-01", "2024-01-11", "2024-01-21", "2024-01-31", "2024-02-10", "2024-02-20"}) {
    shop.order("c-1", on, 100);
  }
  shop.order("c-3", "2024-02-05", 700);  // one order, no gap of their own
  const SlippingAnswer a = answer_slipping(shop.histories(), {}, at({}, "2024-02-21")).value();
  ASSERT_EQ(a.rows.size(), 1u);
  EXPECT_EQ(a.rows[0].customer, 1u);
  EXPECT_EQ(a.rows[0].usual_days, 10);
}

// ---- What-if.

TEST(WhatIf, FollowsTheRecurrenceOverTheLastTwelveCompleteMonths) {
  TestShop shop;
  for (int c = 0; c < 40; ++c) {
    for (int i = 0; i < 30; ++i) {
      const calendar::Day on = day("2022-11-03") + (c * 7 + i * (20 + c)) % 800;
      shop.order("c" + std::to_string(c), calendar::to_string(on), 100 + c);
    }
  }
  const Histories h = shop.histories();
  const Question q = at({}, "2024-12-15");
  const ShopSettings settings{.window_days = 30, .what_if_points = 5};
  const WhatIfAnswer a = answer_whatif(h, settings, q).value();
  const RetentionAnswer months =
      answer_retention(h, settings, at(asked("2023-12-01", "2024-12-01"), "2024-12-15")).value();
  ASSERT_EQ(a.rows.size(), 12u);
  double x = 0, worth = 0, revenue = 0;
  for (std::size_t m = 0; m < 12; ++m) {
    const RetentionRow& row = months.rows[m];
    const auto s = static_cast<double>(row.customers_start), e = static_cast<double>(row.customers_end);
    ASSERT_GT(s, 0);
    x = x * static_cast<double>(row.retained) / s + 0.05 * s;
    worth += x * static_cast<double>(row.revenue_minor) / ((s + e) / 2);
    revenue += static_cast<double>(row.revenue_minor);
    EXPECT_EQ(a.rows[m].month, row.head.period_start);
    EXPECT_NEAR(a.rows[m].extra_customers, x, 1e-9);
  }
  EXPECT_NEAR(*a.worth_minor, worth, 1e-6);
  EXPECT_NEAR(*a.share_of_revenue, worth / revenue, 1e-12);
  EXPECT_FALSE(a.share_of_margin.has_value());
}

TEST(WhatIf, IsUnknownInAHistoryOfLessThanTwelveMonths) {
  const Histories h = TestShop().order("a", "2024-01-03", 100).order("a", "2024-11-03", 100).histories();
  const WhatIfAnswer a = answer_whatif(h, {}, {}).value();
  EXPECT_FALSE(a.worth_minor.has_value());
  EXPECT_TRUE(a.rows.empty());
}

// ---- The window.

TEST(Window, IsTheSmallestThatCoversNineInTenGaps) {
  TestShop shop;
  for (int c = 0; c < 36; ++c) {
    const std::string who = "c" + std::to_string(c);
    shop.order(who, "2024-01-01", 1);
    shop.order(who, c < 30 ? "2024-02-20" : c < 33 ? "2024-03-31" : "2024-06-01", 1);  // 50, 90 and 152 days
  }
  const WindowChoice w = choose_window(shop.histories());
  EXPECT_EQ(w.days, 90);  // 33 of 36: 91.7 %
  EXPECT_EQ(w.gaps, 36u);
  EXPECT_DOUBLE_EQ(w.covered, 33.0 / 36);
  EXPECT_EQ(w.why, "window.covers");
  EXPECT_EQ(w.candidates.size(), 5u);
}

TEST(Window, WithFewGapsIsAYear) {
  TestShop shop;
  for (int c = 0; c < 29; ++c) {
    shop.order("c" + std::to_string(c), "2024-01-01", 1).order("c" + std::to_string(c), "2024-01-03", 1);
  }
  EXPECT_EQ(choose_window(shop.histories()).days, 365);
}

TEST(Window, TwoOrdersOfOneDayMakeNoGap) {
  TestShop shop;
  shop.order("a", "2024-01-01", 1).order("a", "2024-01-01", 1).order("a", "2024-01-05", 1);
  EXPECT_EQ(choose_window(shop.histories()).gaps, 1u);
}

}  // namespace
}  // namespace behoud::retention
