#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "retention/answers.h"
#include "retention/internal/costs.h"
#include "retention/internal/months.h"
#include "retention/test_shop.h"

namespace behoud::retention {
namespace {

using timeline::Histories;

Question asked(std::string_view from, std::string_view to, std::string_view as_of) {
  Question q;
  q.from = day(from);
  q.to = day(to);
  q.window_days = 30;
  q.as_of = calendar::Instant{day(as_of).number * calendar::kMsPerDay};
  return q;
}
timeline::CostEntry entry(std::string_view from, std::string_view to, std::int64_t minor) {
  return {day(from), day(to), minor, "marketing", "retention", "", ""};
}

TEST(Cost, AnEntryIsSpreadOverItsDaysToTheCent) {
  // 100 over 3 days: 33, 33, 34.
  const timeline::CostEntry e = entry("2024-01-01", "2024-01-04", 100);
  EXPECT_EQ(cost_within(e, day("2024-01-01"), day("2024-01-02")), 33);
  EXPECT_EQ(cost_within(e, day("2024-01-02"), day("2024-01-03")), 33);
  EXPECT_EQ(cost_within(e, day("2024-01-03"), day("2024-01-04")), 34);
  EXPECT_EQ(cost_within(e, day("2023-01-01"), day("2025-01-01")), 100);
  EXPECT_EQ(cost_within(e, day("2024-01-04"), day("2025-01-01")), 0);
  EXPECT_EQ(cost_within(entry("2024-01-01", "2024-01-01", 70), day("2024-01-01"), day("2024-01-02")), 70);
  // A correction, over 2 days: -101 is floor(-50.5) = -51, then -50.
  EXPECT_EQ(cost_within(entry("2024-01-01", "2024-01-03", -101), day("2024-01-01"), day("2024-01-02")), -51);
}

RC_GTEST_PROP(Cost, AnyWayOfCuttingASpanSumsToTheEntry, ()) {
  const auto below = [](int n) { return *rc::gen::inRange(0, n); };
  timeline::CostEntry e = entry("2024-01-01", "2024-01-02", *rc::gen::arbitrary<std::int64_t>() / 2);
  e.to = e.from + 1 + below(400);
  std::vector<calendar::Day> cuts{e.from - 10, e.to + 10};
  for (int i = below(10); i > 0; --i) cuts.push_back(e.from + below(e.to - e.from));
  std::sort(cuts.begin(), cuts.end());
  std::int64_t sum = 0;
  for (std::size_t i = 1; i < cuts.size(); ++i) sum += cost_within(e, cuts[i - 1], cuts[i]);
  RC_ASSERT(sum == e.minor);
}

TEST(Cost, IsDividedByTheCustomersItKeptAndMade) {
  TestShop shop;
  shop.order("a", "2023-12-20", 100).order("a", "2024-01-20", 100).order("b", "2023-12-20", 100);
  shop.order("c", "2024-01-10", 100).order("d", "2024-01-11", 100).order("z", "2024-06-01", 1);
  shop.cost("2024-01-01", "2024-02-01", 900, "retention");
  shop.cost("2024-01-31", "2024-02-02", 100, "acquisition");  // 50 of it on 31 January
  shop.cost("2024-01-10", "2024-01-11", 7, "");               // for neither
  const CostRow row =
      answer_cost(shop.histories(), {}, asked("2024-01-01", "2024-02-01", "2024-06-02")).value().rows.at(0);
  EXPECT_EQ(row.crc_total_minor, 900);
  EXPECT_EQ(row.acquisition_cost_minor, 50);
  EXPECT_DOUBLE_EQ(*row.crc_minor, 300.0);               // a, c, d at the end
  EXPECT_DOUBLE_EQ(*row.crc_per_retained_minor, 900.0);  // a
  EXPECT_DOUBLE_EQ(*row.cac_minor, 25.0);                // c, d
  EXPECT_EQ(row.customers_end, 3u);
  EXPECT_EQ(row.retained, 1u);
  EXPECT_EQ(row.new_customers, 2u);
  EXPECT_EQ(row.one_and_gone, 0u);
}

TEST(Cost, AcquisitionPaysBackWithTheMarginOfTheNewCustomers) {
  timeline::BuildSettings settings;
  settings.margin_rate_millionth = 500'000;
  TestShop shop(settings);
  // c is new on 10 January: 100 at once, 200 in their third month, 400 on the day their second year begins.
  shop.order("c", "2023-01-10", 100).order("c", "2023-03-15", 200).order("c", "2024-01-10", 400);
  shop.order("z", "2022-06-01", 1);
  shop.cost("2023-01-01", "2023-02-01", 120, "acquisition");
  const Histories h = shop.histories();
  const auto row = [&](std::string_view as_of) {
    return answer_cost(h, {}, asked("2023-01-01", "2023-02-01", as_of)).value().rows.at(0);
  };
  EXPECT_DOUBLE_EQ(*row("2024-02-01").acquisition_roi, (150.0 - 120) / 120);
  EXPECT_EQ(row("2024-02-01").newcomers_margin_minor, 150);
  EXPECT_FALSE(row("2024-01-31").newcomers_margin_minor.has_value());
  EXPECT_EQ(row("2024-02-01").payback_months, 3);  // 50, 50, 150
  EXPECT_FALSE(row("2024-01-31").acquisition_roi.has_value());
  EXPECT_FALSE(row("2023-03-15").payback_months.has_value());
}

TEST(Cost, WithoutMarginOrAcquisitionCostThereIsNoReturnToSpeakOf) {
  TestShop shop;
  shop.order("c", "2023-01-10", 100).cost("2023-01-01", "2023-02-01", 120, "acquisition");
  const CostRow row =
      answer_cost(shop.histories(), {}, asked("2023-01-01", "2023-03-01", "2025-01-01")).value().rows.at(0);
  EXPECT_FALSE(row.acquisition_roi.has_value());
  EXPECT_FALSE(row.payback_months.has_value());
}

TEST(Cost, CannotBeSplit) {
  Question q;
  q.split = Split::kSource;
  EXPECT_EQ(answer_cost(TestShop().histories(), {}, q).error().code, Errc::kInvalidArgument);
}

TEST(Cost, ASumBeyond64BitsIsAnError) {
  TestShop shop;
  shop.order("c", "2023-01-10", 100);
  shop.cost("2023-01-01", "2023-02-01", INT64_MAX, "retention")
      .cost("2023-01-01", "2023-02-01", INT64_MAX, "retention");
  EXPECT_EQ(answer_cost(shop.histories(), {}, asked("2023-01-01", "2023-02-01", "2025-01-01")).error().code,
            Errc::kOutOfRange);
}

TEST(Months, OfLifeBeginOnTheSameDayOfTheMonthOrItsLast) {
  EXPECT_EQ(add_months(day("2024-01-31"), 1), day("2024-02-29"));
  EXPECT_EQ(add_months(day("2024-01-31"), 13), day("2025-02-28"));
  EXPECT_EQ(add_months(day("2024-03-31"), -1), day("2024-02-29"));
  EXPECT_EQ(month_of_life(day("2024-01-31"), day("2024-01-31")), 1);
  EXPECT_EQ(month_of_life(day("2024-01-31"), day("2024-02-28")), 1);
  EXPECT_EQ(month_of_life(day("2024-01-31"), day("2024-02-29")), 2);
  EXPECT_EQ(month_of_life(day("2024-01-31"), day("2024-03-30")), 2);
  EXPECT_EQ(month_of_life(day("2024-01-31"), day("2024-03-31")), 3);
}

RC_GTEST_PROP(Months, OfLifeIsTheFirstThatHasNotEnded, ()) {
  const calendar::Day since = day("2020-01-01") + *rc::gen::inRange(0, 2000);
  const calendar::Day on = since + *rc::gen::inRange(0, 2000);
  int m = 1;
  while (add_months(since, m) <= on) ++m;
  RC_ASSERT(month_of_life(since, on) == m);
}

}  // namespace
}  // namespace behoud::retention
