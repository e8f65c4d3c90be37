#include <algorithm>
#include <tuple>

#include "retention/internal/counted.h"
#include "retention/internal/gaps.h"
#include "retention/internal/months.h"

namespace behoud::retention {

using calendar::Day;

Result<SlippingAnswer> answer_slipping(const Source& h, const ShopSettings& s, const Question& q) {
  TRY_ASSIGN(const Shop shop, Shop::open(h, s, q));
  return answer_slipping(shop);
}

Result<SlippingAnswer> answer_slipping(const Shop& shop) {
  constexpr std::size_t kOwnGapsMin = 5;
  const timeline::Histories& h = *shop.histories;
  const Purchases& purchases = *shop.purchases;
  SlippingAnswer answer{shop.basics, {}, 0};

  std::vector<int> gaps, all_gaps;
  for (std::size_t c = 0; c < purchases.customers(); ++c) {
    gaps_of(purchases.days_of(c), gaps);
    all_gaps.insert(all_gaps.end(), gaps.begin(), gaps.end());
  }
  std::optional<int> usual_of_shop;
  if (!all_gaps.empty()) usual_of_shop = usual_gap(all_gaps);

  const Day today = shop.now.cut;
  const Day year_ago = add_months(today, -12);
  for (std::uint32_t c = 0; c < purchases.customers(); ++c) {
    const auto days = purchases.days_of(c);
    if (days.empty() || !shop.population->active_at(c, today)) continue;
    gaps_of(days, gaps);
    const std::optional<int> usual = gaps.size() < kOwnGapsMin ? usual_of_shop : usual_gap(gaps);
    const int silent = today - days.back();
    if (!usual || silent <= *usual) continue;
    Slipping row;
    row.customer = c;
    row.silent_days = silent;
    row.usual_days = *usual;
    row.orders = days.size();
    row.last_order = days.back();
    for (std::size_t i = purchases.begin[c]; i < purchases.begin[c + 1]; ++i) {
      if (purchases.day[i] >= year_ago) row.at_stake_minor += purchases.revenue_minor[i];
    }
    answer.at_stake_minor += row.at_stake_minor;
    answer.rows.push_back(row);
  }
  std::sort(answer.rows.begin(), answer.rows.end(), [&h](const Slipping& a, const Slipping& b) {
    return std::tie(b.at_stake_minor, h.customer_key[a.customer], a.customer) <
           std::tie(a.at_stake_minor, h.customer_key[b.customer], b.customer);
  });
  return answer;
}

}  // namespace behoud::retention
