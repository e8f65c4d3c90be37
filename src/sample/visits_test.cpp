#include "sample/visits.h"

#include <array>

#include <gtest/gtest.h>

namespace behoud::sample {
namespace {

TEST(Visits, AreTheSameInAnyRanges) {
  const VisitPlan plan{.customers = 1000, .events = 30'000};
  const Visits all = make_visits(plan, 0, 1000);
  const Visits first = make_visits(plan, 0, 400), rest = make_visits(plan, 400, 600);
  ASSERT_EQ(all.size(), first.size() + rest.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Visits& part = i < first.size() ? first : rest;
    const std::size_t j = i < first.size() ? i : i - first.size();
    ASSERT_EQ(all.at_s[i], part.at_s[j]);
    ASSERT_EQ(all.customer[i], part.customer[j]);
    ASSERT_EQ(all.amount_minor[i], part.amount_minor[j]);
  }
  EXPECT_NE(make_visits({.customers = 1000, .events = 30'000, .seed = 2}, 0, 1000).at_s, all.at_s);
}

TEST(Visits, HaveTheSharesAndTheSizeThatTheySay) {
  const VisitPlan plan{.customers = 20'000, .events = 680'000};
  const Visits all = make_visits(plan, 0, plan.customers);
  // 34 events a customer whose number varies as an exponential to the power 1.3: a standard error of about 1.2 %.
  EXPECT_NEAR(static_cast<double>(all.size()), 680'000, 0.06 * 680'000);
  std::array<double, 4> share{};
  std::uint32_t seen = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    share[static_cast<std::size_t>(all.kind[i])] += 1.0 / static_cast<double>(all.size());
    if (i > 0 && all.customer[i] == all.customer[i - 1])
      ASSERT_GT(all.at_s[i], all.at_s[i - 1]);
    else
      ASSERT_EQ(all.customer[i], seen++);  // each has at least one
    ASSERT_LT(all.at_s[i], plan.days * 86'400);
    ASSERT_EQ(all.amount_minor[i] > 0, all.kind[i] == VisitKind::kOrder);
  }
  EXPECT_EQ(seen, plan.customers);
  EXPECT_NEAR(share[3], 0.19, 0.01);
  EXPECT_NEAR(share[2], 0.14, 0.01);
  EXPECT_NEAR(share[1], 0.27, 0.02);
  EXPECT_LT(visitor_source(plan, 7), 8U);
}

}  // namespace
}  // namespace behoud::sample
