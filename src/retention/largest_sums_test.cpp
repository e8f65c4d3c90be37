// Amounts that sum to the last unit of 64 bits, and one beyond: a right number or an error, never a wrong number.

#include <gtest/gtest.h>

#include "retention/answers.h"
#include "retention/test_shop.h"

namespace behoud::retention {
namespace {

constexpr std::int64_t kAll = INT64_MAX;  // what every shop here sums to

// Two customers who order each month of two years, for as much each time: 48 orders.
TestShop& two_years(TestShop& shop) {
  std::int64_t left = kAll;
  for (int m = 0; m < 24; ++m) {
    for (const char* who : {"c-1", "c-2"}) {
      const std::int64_t minor = m == 23 && who[2] == '2' ? left : kAll / 48;
      left -= minor;
      shop.order(who,
                 (m < 12 ? "2023-" : "2024-") + std::string(m % 12 < 9 ? "0" : "") + std::to_string(m % 12 + 1) + "-15",
                 minor);
    }
  }
  return shop;
}
Question by(const char* grain) {
  Question q;
  q.grain = calendar::parse_grain(grain).value();
  q.as_of = calendar::Zone::utc().first_instant(day("2025-02-01"));
  return q;
}

TEST(LargestSums, OfPeriodsCustomersAndPartsAreWhole) {
  TestShop shop;
  const timeline::Histories h = two_years(shop).histories();
  for (const char* grain : {"day", "week", "month", "quarter", "year", "3mo", "500d"}) {
    Question q = by(grain);
    if (q.grain.unit == calendar::Grain::Unit::kDay) {
      q.from = day("2024-12-01");
      q.to = day("2024-12-31");
    }
    __int128 revenue = 0, value = 0;
    const RetentionAnswer retention = answer_retention(h, {}, q).value();
    for (const RetentionRow& row : retention.rows) revenue += row.revenue_minor;
    const ValueAnswer values = answer_value(h, {}, q).value();
    for (const ValueRow& row : values.rows) value += row.revenue_minor;
    if (q.grain.unit == calendar::Grain::Unit::kDay) {
      EXPECT_EQ(revenue, 2 * (kAll / 48) + kAll % 48) << grain;
    } else {
      EXPECT_EQ(revenue, kAll) << grain;
    }
    EXPECT_EQ(value, revenue) << grain;
    EXPECT_GT(values.rows.back().value_to_date_minor.value_or(-1), 4e18) << "of two customers";
    const CohortAnswer cohorts = answer_cohorts(h, {}, by("month")).value();
    EXPECT_EQ(cohorts.rows.at(0).cells.back().cumulative_revenue_minor, kAll);
    const BehindAnswer behind = customers_behind(h, {}, by("year"), "buyers").value();
    ASSERT_EQ(behind.rows.size(), 2u);
    EXPECT_EQ(behind.rows[0].revenue_minor + behind.rows[1].revenue_minor, kAll);
    EXPECT_EQ(behind.rows[0].customer, "c-2") << "the last order has what is left over";
  }
}

TEST(LargestSums, OfWhatSlipsAwayAndWhatChangedAreWhole) {
  TestShop shop;
  const timeline::Histories h = two_years(shop).histories();
  Question later = by("year");
  later.as_of = calendar::Zone::utc().first_instant(day("2025-06-01"));
  const SlippingAnswer slipping = answer_slipping(h, {}, later).value();
  ASSERT_EQ(slipping.rows.size(), 2u);
  EXPECT_EQ(slipping.at_stake_minor, slipping.rows[0].at_stake_minor + slipping.rows[1].at_stake_minor);
  EXPECT_GT(slipping.at_stake_minor, kAll / 4);
  const ChangeAnswer change = answer_change(h, {}, by("year")).value().value();
  EXPECT_EQ(change.by_customers_minor + change.by_frequency_minor + change.by_order_value_minor,
            change.revenue_after_minor - change.revenue_before_minor);
}

TEST(LargestSums, OfMarginsAreWhole) {
  timeline::BuildSettings settings;
  settings.margin_rate_millionth = 1'000'000;
  TestShop shop(std::move(settings));
  const timeline::Histories h = two_years(shop).histories();
  __int128 margin = 0;
  const ValueAnswer values = answer_value(h, {}, by("month")).value();
  for (const ValueRow& row : values.rows) margin += row.margin_minor.value();
  EXPECT_EQ(margin, kAll);
}

TEST(LargestSums, OfWhatRetentionIsWorthAreAnErrorWhereTheyAreTooLarge) {
  TestShop shop;
  const timeline::Histories h = two_years(shop).histories();
  Question q = by("month");
  q.as_of = calendar::Zone::utc().first_instant(day("2025-01-01"));
  const auto worth = answer_whatif(h, {365, 5}, q);
  ASSERT_TRUE(worth.has_value()) << worth.error().message;
  EXPECT_GT(worth->worth_minor.value(), 0);
  const auto too_much = answer_whatif(h, {365, 100}, q);
  ASSERT_FALSE(too_much.has_value());
  EXPECT_EQ(too_much.error().code, Errc::kOutOfRange);
  EXPECT_NE(too_much.error().message.find("worth"), std::string::npos);
}

TEST(LargestSums, OfCostsAreWholeAndBeyondAnError) {
  const auto of = [](std::int64_t second) {
    TestShop shop;
    two_years(shop).cost("2024-01-01", "2025-01-01", kAll - 1, "retention");
    shop.cost("2024-03-01", "2024-03-01", second, "retention");
    shop.cost("2024-03-01", "2024-04-01", kAll, "acquisition");
    return answer_cost(shop.histories(), {}, by("year"));
  };
  EXPECT_EQ(of(1).value().rows.back().crc_total_minor, 0) << "January 2025";
  EXPECT_EQ(of(1).value().rows.at(1).crc_total_minor, kAll);
  EXPECT_EQ(of(1).value().rows.at(1).acquisition_cost_minor, kAll);
  const auto beyond = of(2);
  ASSERT_FALSE(beyond.has_value());
  EXPECT_EQ(beyond.error().code, Errc::kOutOfRange);
  EXPECT_NE(beyond.error().message.find("costs of retention from 2024-01-01 to 2025-01-01"), std::string::npos);
}

TEST(LargestSums, OfAChangeBeyond64BitsAreAnErrorThatNamesIt) {
  TestShop shop;
  shop.order("c-1", "2023-05-05", kAll / 2);
  for (const char* who : {"c-1", "c-2", "c-3"}) shop.order(who, "2024-05-05", 1);
  const auto change = answer_change(shop.histories(), {}, by("year"));
  ASSERT_FALSE(change.has_value());
  EXPECT_EQ(change.error().code, Errc::kOutOfRange);
  EXPECT_NE(change.error().message.find("since 2023-01-01"), std::string::npos) << change.error().message;
}

}  // namespace
}  // namespace behoud::retention
