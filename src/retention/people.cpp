#include "retention/people.h"

#include "retention/internal/gaps.h"
#include "retention/internal/shop.h"
#include "retention/report/internal/standing.h"

namespace behoud::retention {

using calendar::Day;

Result<People> people_of(const Source& source, const ShopSettings& s, const Question& q) {
  constexpr std::size_t kOwnGapsMin = 5;  // as for who is slipping away
  TRY_ASSIGN(const Shop shop, Shop::open(source, s, q));
  const timeline::Histories& h = source.histories;
  const Purchases& purchases = *shop.purchases;
  const std::size_t n = h.customers();
  People people;
  people.basics = shop.basics;
  people.today = shop.now.cut;
  people.standing.assign(n, People::Standing::kNone);
  people.orders.resize(n);
  people.revenue_minor.resize(n);
  people.first_order.assign(n, People::kNoDay);
  people.last_order.assign(n, People::kNoDay);
  people.since.assign(n, People::kNoDay);
  people.first_row.assign(n, People::kNoRow);
  people.own_gap_days.resize(n);
  std::vector<int> gaps, all_gaps;
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
    for (std::size_t i = purchases.begin[c]; i < purchases.begin[c + 1]; ++i) {
      people.revenue_minor[c] += purchases.revenue_minor[i];
    }
    people.first_order[c] = days.front();
    people.last_order[c] = days.back();
    people.first_row[c] = static_cast<std::uint32_t>(purchases.row(purchases.begin[c]));
    gaps_of(days, gaps);
    all_gaps.insert(all_gaps.end(), gaps.begin(), gaps.end());
    if (gaps.size() >= kOwnGapsMin) people.own_gap_days[c] = usual_gap(gaps);
  }
  if (!all_gaps.empty()) people.shop_gap_days = usual_gap(all_gaps);
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
