#include <gtest/gtest.h>

#include "retention/answers.h"
#include "retention/test_shop.h"

namespace behoud::retention {
namespace {

Claim claim(const timeline::Histories& h, std::string_view name, ShopSettings settings = {.window_days = 30},
            std::string_view as_of = {}) {
  Question q;
  if (!as_of.empty()) q.as_of = calendar::Instant{day(as_of).number * calendar::kMsPerDay};
  const ClaimsAnswer answer = answer_claims(h, settings, q).value();
  for (const Claim& c : answer.rows) {
    if (c.name == name) return c;
  }
  ADD_FAILURE() << "no claim " << name;
  return {};
}
std::string who(int i) { return "c" + std::to_string(i); }

TEST(Claims, CostOfANewCustomerAgainstAKeptOne) {
  TestShop shop;
  shop.order("first", "2022-06-01", 1);
  for (int i = 0; i < 40; ++i) shop.order(who(i), "2023-03-10", 100).order(who(i), "2023-12-20", 100);  // new, kept
  for (int i = 40; i < 60; ++i) shop.order(who(i), "2023-05-10", 100);                                  // new, gone
  shop.order("z", "2024-01-10", 1);
  shop.cost("2023-01-01", "2024-01-01", 60 * 60, "acquisition");  // 60 for each new one
  shop.cost("2023-01-01", "2024-01-01", 40 * 10, "retention");    // 10 for each of those at the end
  const Claim c = claim(shop.histories(), "new_costs_five_times");
  EXPECT_DOUBLE_EQ(*c.value, 6.0);
  EXPECT_EQ(c.people, 40u) << "of the 60 new and the 40 kept, the fewer";
  EXPECT_EQ(c.verdict, Verdict::kTrue);
}

TEST(Claims, PeopleAreCountedOnceHoweverOftenTheyOrder) {
  TestShop shop;
  for (int i = 0; i < 100; ++i) shop.order(who(i), "2024-01-10", 100);
  for (int i = 0; i < 10; ++i) {
    for (int k = 0; k < 5; ++k) shop.order(who(i), "2024-02-1" + std::to_string(k), 200);
  }
  const Claim c = claim(shop.histories(), "returning_spend_more");
  EXPECT_EQ(c.people, 10u) << "50 repeat orders of 10 people";
  EXPECT_EQ(c.why, "claim.why.few_people");
}

TEST(Claims, WithoutCostsNothingCanBeSaidAboutThem) {
  TestShop shop;
  for (int i = 0; i < 50; ++i) shop.order(who(i), "2022-03-10", 100).order(who(i), "2024-01-20", 100);
  const Claim c = claim(shop.histories(), "new_costs_five_times");
  EXPECT_EQ(c.verdict, Verdict::kCannotTell);
  EXPECT_EQ(c.why, "claim.why.no_costs");
}

TEST(Claims, RepeatOrdersAgainstFirstOnes) {
  const auto shop_where_repeats_are = [](std::int64_t minor, int spread = 1) {
    TestShop shop;
    for (int i = 0; i < 100; ++i) {
      shop.order(who(i), "2024-01-10", 100 + i % 3).order(who(i), "2024-02-10", minor + i % 3 * spread);
    }
    return shop.histories();
  };
  const Claim twice = claim(shop_where_repeats_are(200), "returning_spend_more");
  EXPECT_NEAR(*twice.value, 200.99 / 100.99 - 1, 1e-12);
  EXPECT_LT(*twice.low, *twice.value);
  EXPECT_GT(*twice.high, *twice.value);
  EXPECT_EQ(twice.people, 100u);
  EXPECT_EQ(twice.verdict, Verdict::kTrue);
  EXPECT_EQ(claim(shop_where_repeats_are(110), "returning_spend_more").verdict, Verdict::kFalse);
  const Claim close = claim(shop_where_repeats_are(120, 50), "returning_spend_more");
  EXPECT_EQ(close.verdict, Verdict::kCannotTell);
  EXPECT_EQ(close.why, "claim.why.too_close");
}

TEST(Claims, AFirstOrderThatTheCustomerFileSaysIsNoneIsARepeatOrder) {
  TestShop shop;
  for (int i = 0; i < 100; ++i) {
    shop.order(who(i), "2024-01-10", i < 50 ? 100 : 200);
    if (i >= 50) shop.known(who(i), "2019-01-01");
  }
  EXPECT_DOUBLE_EQ(*claim(shop.histories(), "returning_spend_more").value, 1.0);
}

TEST(Claims, ThreeInTenAfterAYear) {
  TestShop shop;
  shop.order("first", "2021-11-01", 1);
  // Of 100 who came on 1 March 2022, 40 order after day 365, which is 1 March 2023; one on that very day.
  for (int i = 0; i < 100; ++i) {
    shop.order(who(i), "2022-03-01", 100);
    if (i < 40) shop.order(who(i), "2023-03-02", 100);
    if (i == 50) shop.order(who(i), "2023-03-01", 100);
  }
  shop.order("z", "2024-06-01", 1);
  const Claim c = claim(shop.histories(), "three_in_ten_after_a_year");
  EXPECT_EQ(c.people, 100u);
  EXPECT_DOUBLE_EQ(*c.value, 0.4);
  EXPECT_EQ(c.verdict, Verdict::kTrue);
}

TEST(Claims, AHistoryThatIsTooShortCannotTell) {
  TestShop shop;
  for (int i = 0; i < 50; ++i) shop.order(who(i), "2024-01-10", 100).order(who(i), "2024-03-01", 100);
  const timeline::Histories h = shop.histories();
  for (const char* name : {"three_in_ten_after_a_year", "five_points_profit", "average_retention"}) {
    const Claim c = claim(h, name);
    EXPECT_EQ(c.verdict, Verdict::kCannotTell) << name;
    EXPECT_EQ(c.why, "claim.why.short_history") << name;
  }
}

TEST(Claims, AverageRetentionIsOfAWholeYear) {
  TestShop shop;
  shop.order("first", "2022-06-01", 1);
  for (int i = 0; i < 100; ++i) {
    shop.order(who(i), "2022-12-20", 100);
    if (i < 38) shop.order(who(i), "2023-12-20", 100);
  }
  shop.order("z", "2024-01-10", 1);
  const timeline::Histories h = shop.histories();
  const Claim c = claim(h, "average_retention");
  EXPECT_EQ(c.people, 100u);
  EXPECT_DOUBLE_EQ(*c.value, 0.38);
  EXPECT_EQ(c.verdict, Verdict::kTrue);
  // With 365 days nobody can have been lost before the history is two years long.
  EXPECT_EQ(claim(h, "average_retention", {.window_days = 365}).why, "claim.why.short_history");
}

TEST(Claims, FivePointsAreTheWhatIfAsAShareOfMargin) {
  timeline::BuildSettings settings;
  settings.margin_rate_millionth = 250'000;
  TestShop shop(settings);
  for (int i = 0; i < 60; ++i) {
    for (int month = 0; month < 26; ++month) {
      shop.order(who(i), calendar::to_string(day("2022-01-05") + month * 30 + i % 7), 1000);
    }
  }
  const timeline::Histories h = shop.histories();
  const WhatIfAnswer what_if = answer_whatif(h, {.window_days = 60, .what_if_points = 5}, {}).value();
  const Claim c = claim(h, "five_points_profit", {.window_days = 60, .what_if_points = 1});
  EXPECT_EQ(c.value, what_if.share_of_margin);
  EXPECT_EQ(c.people, 60u);
  // Nobody leaves: x grows by 3 people a month to 36 of 60, 32.5 % of the year on average.
  EXPECT_NEAR(*c.value, 0.325, 0.01);
  EXPECT_EQ(c.verdict, Verdict::kTrue);
}

}  // namespace
}  // namespace behoud::retention
