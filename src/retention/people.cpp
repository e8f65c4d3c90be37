#include "retention/people.h"

#include "retention/internal/customer_revenue.h"
#include "retention/internal/gaps.h"
#include "retention/internal/shop.h"
#include "retention/report/internal/standing.h"

namespace behoud::retention {

using calendar::Day;

Result<People> people_of(const Source& source, const ShopSettings& s, const Question& q) {
  TRY_ASSIGN(const Shop shop, Shop::open(source, s, q));
  const timeline::Histories& h = source.histories;
  const Purchases& purchases = *shop.purchases;
  const std::size_t n = h.customers();
  People people;
  people.basics = shop.basics;
  people.today = shop.now.cut;
  people.standing.assign(n, People::Standing::kNone);
  people.orders.resize(n);
  people.revenue_minor = shop.view->shared<CustomerRevenue>([&] { return CustomerRevenue::of(purchases); }).minor;
  people.first_order.assign(n, People::kNoDay);
  people.last_order.assign(n, People::kNoDay);
  people.since.assign(n, People::kNoDay);
  people.first_row.assign(n, People::kNoRow);
  const auto& gaps = shop.view->shared<UsualGaps>([&] { return UsualGaps::of(purchases); });
  people.own_gap_days.assign(gaps.own.begin(), gaps.own.end());
  people.shop_gap_days = gaps.shop;
  for (std::uint32_t c = 0; c < n; ++c) {
    const Day since = shop.population->since(c);
    if (since != kNever) {
      people.standing[c] =
          shop.population->active_at(c, people.today) ? People::Standing::kActive : People::Standing::kLapsed;
      if (since != kBeforeTheHistory) people.since[c] = since;
    }
    const auto days = purchases.days_of(c);
    if (days.empty()) continue;
    people.orders[c] = static_cast<std::uint32_t>(days.size());
    people.first_order[c] = days.front();
    people.last_order[c] = days.back();
    people.first_row[c] = static_cast<std::uint32_t>(purchases.row(purchases.begin[c]));
  }
  return people;
}

std::vector<OrderStanding> order_standings(const timeline::Histories& h, calendar::Instant at) {
  std::vector<OrderStanding> out(h.orders());
  report::internal::Standings standings(h, at);
  for (OrderStanding& order : out) {
    const auto standing = standings.next();
    order = {standing.counts, standing.refunded_minor};
  }
  return out;
}

std::optional<double> People::aov_minor(std::uint32_t c) const {
  if (orders[c] == 0) return std::nullopt;
  return static_cast<double>(revenue_minor[c]) / static_cast<double>(orders[c]);
}

std::optional<int> People::usual_gap_days(std::uint32_t c) const {
  return own_gap_days[c] > 0 ? std::optional(own_gap_days[c]) : shop_gap_days;
}

std::optional<int> People::silent_days(std::uint32_t c) const {
  if (orders[c] == 0) return std::nullopt;
  return today - last_order[c];
}

std::optional<Day> People::lost_on(std::uint32_t c) const {
  if (basics.basis != Basis::kOrders || standing[c] != Standing::kLapsed || orders[c] == 0) return std::nullopt;
  return last_order[c] + basics.window_days + 1;
}

}  // namespace behoud::retention
