#include "sample/shop.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <gtest/gtest.h>

namespace behoud::sample {
namespace {

Shop shop(std::uint32_t customers = 4000, std::uint64_t seed = 7, bool behaviour = true) {
  Plan plan;
  plan.customers = customers;
  plan.seed = seed;
  plan.behaviour = behaviour;
  return make_shop(plan).value();
}

bool same(const Shop& a, const Shop& b) {
  const auto order = [](const Order& x, const Order& y) {
    return x.customer == y.customer && x.at == y.at && x.subtotal_minor == y.subtotal_minor && x.status == y.status &&
           x.refund_minor == y.refund_minor && x.coupon == y.coupon && x.source == y.source && x.country == y.country;
  };
  return std::ranges::equal(a.orders, b.orders, order) && a.events.size() == b.events.size() &&
         a.subscriptions.size() == b.subscriptions.size() && a.costs.size() == b.costs.size();
}

TEST(SampleShop, IsTheSameForTheSamePlanAndAnotherForAnotherSeed) {
  EXPECT_TRUE(same(shop(300, 1), shop(300, 1)));
  EXPECT_FALSE(same(shop(300, 1), shop(300, 2)));
}

// A file of orders, made without behaviour, is of the same shop as a data folder, made with it.
TEST(SampleShop, HasTheSameOrdersWithoutBehaviour) {
  const Shop with = shop(500, 3, true), without = shop(500, 3, false);
  EXPECT_FALSE(with.events.empty());
  EXPECT_TRUE(without.events.empty());
  EXPECT_TRUE(without.subscriptions.empty());
  const auto order = [](const Order& a, const Order& b) {
    return a.customer == b.customer && a.at == b.at && a.subtotal_minor == b.subtotal_minor && a.status == b.status &&
           a.refund_minor == b.refund_minor && a.refunded_at == b.refunded_at && a.coupon == b.coupon &&
           a.source == b.source && a.country == b.country && a.line_count == b.line_count;
  };
  EXPECT_TRUE(std::ranges::equal(with.orders, without.orders, order));
  const auto line = [](const Line& a, const Line& b) { return a.product == b.product && a.quantity == b.quantity; };
  EXPECT_TRUE(std::ranges::equal(with.lines, without.lines, line));
}

TEST(SampleShop, RefusesPlansThatHaveNoMeaning) {
  for (const auto& [customers, years, code] :
       std::initializer_list<std::tuple<std::uint32_t, int, Errc>>{{0, 3, Errc::kInvalidArgument},
                                                                   {10, 0, Errc::kInvalidArgument},
                                                                   {10, 31, Errc::kInvalidArgument},
                                                                   {50'000'001, 3, Errc::kOutOfRange}}) {
    Plan plan;
    plan.customers = customers;
    plan.years = years;
    const auto made = make_shop(plan);
    ASSERT_FALSE(made.has_value());
    EXPECT_EQ(made.error().code, code);
  }
}

TEST(SampleShop, HasOrdersByTimeWithinItsYearsAndEveryCustomerBoughtOnce) {
  const Shop s = shop();
  std::set<std::uint32_t> buyers;
  EXPECT_TRUE(std::ranges::is_sorted(s.orders, {}, [](const Order& o) { return o.at; }));
  for (const Order& o : s.orders) {
    EXPECT_GE(o.at.ms, calendar::civil(2023, 1, 1).number * calendar::kMsPerDay);
    EXPECT_LT(o.at.ms, s.plan.until.number * calendar::kMsPerDay);
    buyers.insert(o.customer);
  }
  EXPECT_EQ(buyers.size(), 4000U);
}

TEST(SampleShop, HasOrdersWhoseMoneyAddsUp) {
  const Shop s = shop();
  for (const Order& o : s.orders) {
    std::int32_t sum = 0;
    for (const Line& l : s.lines_of(o)) sum += l.quantity * products()[l.product].price_minor;
    ASSERT_EQ(sum - o.discount_minor, o.subtotal_minor);
    ASSERT_GE(o.subtotal_minor, 0);
    ASSERT_NEAR(o.tax_minor, o.subtotal_minor * 9.0 / 109.0, 0.51);
    ASSERT_LE(o.refund_minor, o.total_minor());
    ASSERT_EQ(o.status == Status::kRefunded, o.refund_minor == o.total_minor() && o.refund_minor > 0);
    if (o.refund_minor > 0) {
      ASSERT_GT(o.refunded_at, o.at);
    }
  }
}

// A shop to believe in: some buy once and most money comes from those who stay; sources differ as they were made to.
TEST(SampleShop, IsHeterogeneousAsRealShopsAre) {
  const Shop s = shop(20'000, 3, false);
  std::map<std::uint32_t, int> orders;
  std::map<std::uint32_t, std::uint8_t> source;
  for (const Order& o : s.orders) {
    source.try_emplace(o.customer, o.source);
    ++orders[o.customer];
  }
  double once = 0, most = 0;
  std::array<double, 7> people{}, sum{};
  for (const auto& [customer, n] : orders) {
    once += n == 1;
    most = std::max(most, static_cast<double>(n));
    people[source[customer]] += 1;
    sum[source[customer]] += n;
  }
  EXPECT_GT(once / 20'000, 0.25);
  EXPECT_LT(once / 20'000, 0.65);
  EXPECT_GT(most, 40);
  EXPECT_GT(sum[6] / people[6], 1.3 * sum[4] / people[4]) << "referred customers buy more than those of affiliates";
  std::array<int, 13> by_month{};
  for (const Order& o : s.orders) {
    const calendar::Day d{static_cast<std::int32_t>(o.at.ms / calendar::kMsPerDay)};
    if (d >= calendar::civil(2025, 1, 1)) ++by_month[static_cast<unsigned>(calendar::ymd(d).month())];
  }
  EXPECT_GT(by_month[12], by_month[7]) << "December is busier than July";
}

TEST(SampleShop, TellsAStoryInEvents) {
  const Shop s = shop();
  EXPECT_TRUE(std::ranges::is_sorted(s.events, {}, [](const Event& e) { return e.at; }));
  std::map<Kind, std::size_t> count;
  for (const Event& e : s.events) ++count[e.kind];
  EXPECT_EQ(count.size(), 8U);
  EXPECT_GT(count[Kind::kProductViewed], 2 * s.orders.size());
  EXPECT_GT(count[Kind::kProductAdded], s.orders.size() / 2);
  EXPECT_GT(count[Kind::kTicketOpened], s.orders.size() / 50);
  for (const Event& e : s.events) {
    if (e.kind == Kind::kSurveyAnswered) {
      ASSERT_LE(e.value, 10);
    }
  }
  EXPECT_GT(s.subscriptions.size(), 100U);
  for (const Subscription& sub : s.subscriptions) {
    if (sub.trial_end && sub.end) {
      ASSERT_GE(*sub.end, *sub.trial_end);
    }
    if (sub.resume) {
      ASSERT_GT(*sub.resume, sub.pause.value());
    }
  }
  EXPECT_GT(s.costs.size(), 100U);
  for (const Cost& c : s.costs) {
    ASSERT_LT(c.from, c.to);
    ASSERT_GT(c.minor, 0);
  }
}

}  // namespace
}  // namespace behoud::sample
