#include "retention/report/internal/win_back.h"

#include <array>

#include "retention/report/internal/found.h"

namespace behoud::retention::report::internal {

Lost win_back(const timeline::Histories& h, const View& view, int window_days, const PeriodHead& period,
              std::vector<std::uint32_t>* who) {
  const Purchases& purchases = view.purchases();
  const calendar::Day end_day = view.now().cut;
  std::array<Lost, kParts> parts;
  Found found;
  run_in_parts(h.customers(), [&](std::size_t part, std::size_t begin, std::size_t end) {
    Lost own;
    for (std::size_t c = begin; c < end; ++c) {
      const auto days = purchases.days_of(c);
      if (days.empty()) continue;
      const calendar::Day last = days.back();
      // Active at the period's start, not at its end, nor now.
      if (last >= period.period_start || last < period.period_start - window_days) continue;
      if (last >= period.period_end - window_days || last >= end_day - window_days) continue;
      ++own.people;
      if (who != nullptr) found.add(part, c);
      for (std::size_t i = purchases.begin[c]; i < purchases.begin[c + 1]; ++i) {
        if (purchases.day[i] > last - kYearDays) own.year_minor += purchases.revenue_minor[i];
      }
    }
    parts[part] = own;
  });
  if (who != nullptr) *who = found.all();
  return sum_of(parts);
}

}  // namespace behoud::retention::report::internal
