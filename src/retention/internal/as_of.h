#pragma once

// The moment a question is asked of: orders at or after it have not happened, refunds and cancellations at or after it
// are not known. At an instant inside a day "the start of day t" is the next day's: today counts.

#include <optional>

#include "calendar/day.h"
#include "timeline/histories.h"

namespace behoud::retention {

struct AsOf {
  calendar::Instant at;
  calendar::Day today;  // the day that `at` falls on
  calendar::Day cut;    // days before it are seen: `today` when `at` is its first instant, else the day after
  bool known = true;    // false: nothing ever happened in this shop and nobody said when it is; the others mean nothing
};

// Without an instant: the start of the day after the last order, be it one that does not count (of shops without
// orders, after the last act).
AsOf as_of(const timeline::Histories& h, std::optional<calendar::Instant> asked);

// A row's order has happened. Of `today` an order that has no time of day has.
inline bool happened(const timeline::Histories& h, std::size_t row, const AsOf& now) {
  if (h.order_day[row] != now.today) return h.order_day[row] < now.today;
  if (now.cut == now.today) return false;
  return h.order_at[row] < now.at || (!h.date_only.empty() && h.date_only[row]);
}

}  // namespace behoud::retention
