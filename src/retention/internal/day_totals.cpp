#include "retention/internal/day_totals.h"

#include <array>

#include "base/together.h"

namespace behoud::retention {

DayTotals::DayTotals(const timeline::Histories& h, const Purchases& purchases) {
  if (!purchases.first_day || *purchases.last_day - *purchases.first_day >= kDaysMax) return;
  first_ = *purchases.first_day;
  const auto days = static_cast<std::size_t>(*purchases.last_day - first_) + 1;
  std::array<std::vector<OrderSums>, kParts> parts;
  run_in_parts(purchases.size(), [&](std::size_t part, std::size_t begin, std::size_t end) {
    std::vector<OrderSums>& own = parts[part];
    own.resize(days);
    const OrderReader read(h, purchases);
    for (std::size_t i = begin; i < end; ++i) read.add(i, own[static_cast<std::size_t>(purchases.day[i] - first_)]);
  });
  until_.resize(days + 1);
  for (std::size_t d = 0; d < days; ++d) {
    until_[d + 1] = until_[d];
    for (const auto& part : parts) until_[d + 1].add(part[d]);
  }
}

std::int64_t costed_revenue(const timeline::Histories& h, std::size_t row, std::int64_t revenue_minor) {
  const std::int64_t gross = h.gross_minor[row], costed = h.costed_gross_minor[row];
  if (costed == gross) return revenue_minor;
  if (costed == 0 || gross == 0) return 0;
  return money::mul_div(revenue_minor, costed, gross).value_or(0);
}

}  // namespace behoud::retention
