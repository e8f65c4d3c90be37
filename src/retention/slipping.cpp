#include <algorithm>
#include <array>
#include <tuple>

#include "base/together.h"
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
  const timeline::Histories& h = *shop.histories;
  const Purchases& purchases = *shop.purchases;
  SlippingAnswer answer{shop.basics, {}, 0};
  const auto& gaps = shop.view->shared<UsualGaps>([&] { return UsualGaps::of(purchases); });

  const Day today = shop.now.cut;
  const Day year_ago = add_months(today, -12);
  std::array<std::vector<Slipping>, kParts> parts;
  run_in_parts(purchases.customers(), [&](std::size_t part, std::size_t begin, std::size_t end) {
    for (std::size_t c = begin; c < end; ++c) {
      const auto days = purchases.days_of(c);
      if (days.empty()) continue;
      const std::optional<int> usual = gaps.own[c] > 0 ? std::optional<int>(gaps.own[c]) : gaps.shop;
      const int silent = today - days.back();
      if (!usual || silent <= *usual || !shop.population->active_at(c, today)) continue;
      Slipping row;
      row.customer = static_cast<std::uint32_t>(c);
      row.silent_days = silent;
      row.usual_days = *usual;
      row.orders = days.size();
      row.last_order = days.back();
      for (std::size_t i = purchases.begin[c]; i < purchases.begin[c + 1]; ++i) {
        if (purchases.day[i] >= year_ago) row.at_stake_minor += purchases.revenue_minor[i];
      }
      parts[part].push_back(row);
    }
  });
  for (const auto& part : parts) answer.rows.insert(answer.rows.end(), part.begin(), part.end());
  for (const Slipping& row : answer.rows) answer.at_stake_minor += row.at_stake_minor;
  std::sort(answer.rows.begin(), answer.rows.end(), [&h](const Slipping& a, const Slipping& b) {
    return std::tie(b.at_stake_minor, h.customer_key[a.customer], a.customer) <
           std::tie(a.at_stake_minor, h.customer_key[b.customer], b.customer);
  });
  return answer;
}

}  // namespace behoud::retention
