#include "retention/people_behind.h"

#include <algorithm>
#include <tuple>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "retention/random_shop.h"
#include "retention/test_shop.h"

namespace behoud::retention {
namespace {

bool before(const CustomerRow& a, const CustomerRow& b) {
  return std::tie(b.revenue_minor, a.customer, a.index) < std::tie(a.revenue_minor, b.customer, b.index);
}

// Rows are the same whichever is looked at first, and a row is found by what a cursor holds of it.
RC_GTEST_PROP(PeopleBehind, AreInOneOrderHoweverTheyAreLookedAt, ()) {
  const RandomShop shop = any_shop();
  Question q = any_question(shop);
  q.split = Split::kNone;
  const std::string behind = one_in(2) ? "customers_end" : "buyers";
  const auto all = customers_behind(shop.histories, {}, q, behind);
  auto people = people_behind(shop.histories, {}, q, behind);
  RC_ASSERT(all.has_value() == people.has_value());
  if (!all) return;
  const std::vector<CustomerRow>& rows = all->rows;
  RC_ASSERT(people->size() == rows.size());
  RC_ASSERT(std::is_sorted(rows.begin(), rows.end(), before));
  for (std::int64_t i = 0; !rows.empty() && i < 10; ++i) {
    const auto at = static_cast<std::size_t>(below(static_cast<std::int64_t>(rows.size())));
    const CustomerRow row = people->row(at);
    RC_ASSERT(row.index == rows[at].index);
    RC_ASSERT(std::tie(row.customer, row.orders, row.revenue_minor, row.last_order) ==
              std::tie(rows[at].customer, rows[at].orders, rows[at].revenue_minor, rows[at].last_order));
    const auto [first, end] = people->find(row.revenue_minor, row.customer);
    RC_ASSERT(first <= at);
    RC_ASSERT(at < end);
  }
  // What is nobody's stands where it would.
  const std::int64_t minor = below(3000);
  const auto [first, end] = people->find(minor, "c3x");
  RC_ASSERT(first == end);
  RC_ASSERT(static_cast<std::ptrdiff_t>(first) == std::count_if(rows.begin(), rows.end(), [&](const CustomerRow& r) {
              return r.revenue_minor > minor || (r.revenue_minor == minor && r.customer < "c3x");
            }));
}

TEST(PeopleBehind, OrdersRevenuesOfAnySize) {
  TestShop shop;
  const std::int64_t amounts[] = {0, 1, 65'535, 65'536, 4'294'967'296, 1'000'000'000'000'000, 65'537, 1};
  for (std::size_t i = 0; i < std::size(amounts); ++i) shop.order("c" + std::to_string(i), "2024-01-05", amounts[i]);
  shop.order("z", "2024-03-05", 1);
  const timeline::Histories h = shop.histories();
  Question q;
  q.from = day("2024-01-01");
  q.to = day("2024-02-01");
  auto people = people_behind(h, {}, q, "buyers");
  ASSERT_TRUE(people && people->size() == std::size(amounts));
  std::string order;
  for (const CustomerRow& row : people->rows(0, people->size())) order += row.customer;
  EXPECT_EQ(order, "c5c4c6c3c2c1c7c0");
}

}  // namespace
}  // namespace behoud::retention
