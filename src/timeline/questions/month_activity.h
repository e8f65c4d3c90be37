#pragma once

// Who was active, month by month (W2): docs/definitions.md, "Retention of a period", for civil months and the basis
// `orders`, as of the end of each month (a month that is not over is read as if nobody ordered any more in it).
//
// The shop's own window reads the `ordered` and `active` planes: 16 bytes a customer and 64 months. Any other window in
// days makes the active months from the order projection, by a table of which months an order of each day reaches: 2
// bytes an order more. Thread-safety: pure.

#include <cstdint>
#include <optional>
#include <vector>

#include "timeline/questions/slice.h"

namespace behoud::timeline {

struct MonthActivity {
  std::uint64_t customers_start = 0;  // S: active at the month's first day
  std::uint64_t customers_end = 0;    // E: active at the next month's first day
  std::uint64_t new_customers = 0;    // N: first order in the month, active at its end
  std::uint64_t one_and_gone = 0;     // first order in the month, not active at its end
  std::uint64_t reactivated = 0;      // R: had ordered, not active at the start, active at the end
  std::uint64_t retained = 0;         // K: active at both
  std::uint64_t lost = 0;             // L: S - K
  friend bool operator==(const MonthActivity&, const MonthActivity&) = default;
};

// [code of the split][month]. `window_days`: nullopt is the shop's own (Schema::window_days).
std::vector<std::vector<MonthActivity>> month_activity(const Timeline& timeline,
                                                       std::optional<std::uint32_t> window_days = {},
                                                       const Slice& slice = {});

}  // namespace behoud::timeline
