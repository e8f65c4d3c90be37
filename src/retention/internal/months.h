#pragma once

// Civil months from any day: 31 January + 1 month is the last day of February.

#include "calendar/day.h"
#include "calendar/period.h"
#include "retention/internal/as_of.h"

namespace behoud::retention {

inline calendar::Day add_months(calendar::Day d, int months) {
  using namespace std::chrono;
  const year_month_day from = calendar::ymd(d);
  const year_month to = from.year() / from.month() + std::chrono::months{months};
  const auto last = (to / std::chrono::last).day();
  const auto day = from.day() < last ? from.day() : last;
  return {static_cast<std::int32_t>(sys_days{to / day}.time_since_epoch().count())};
}

// The number m >= 1 of the month of a customer's life that `d` falls in: the least with d < add_months(since, m).
// Requires since <= d.
inline int month_of_life(calendar::Day since, calendar::Day d) {
  const auto a = calendar::ymd(since), b = calendar::ymd(d);
  const int apart = (static_cast<int>(b.year()) - static_cast<int>(a.year())) * 12 +
                    static_cast<int>(static_cast<unsigned>(b.month())) -
                    static_cast<int>(static_cast<unsigned>(a.month()));
  return d < add_months(since, apart) ? apart : apart + 1;
}

// The last `count` calendar months that have ended at as-of, as [begin, end).
struct Months {
  calendar::Day begin, end;
};
inline Months last_complete_months(const AsOf& now, int count) {
  const calendar::Day end = calendar::floor_to({}, now.today, now.today);
  return {add_months(end, -count), end};
}

}  // namespace behoud::retention
