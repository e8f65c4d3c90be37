#pragma once

// Civil months from any day: 31 January + 1 month is the last day of February.

#include <algorithm>
#include <cstdint>
#include <vector>

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

// The days of a span taken apart into month and day once, for who asks month_of_life of every order. 8 bytes a day.
class MonthTable {
 public:
  // Of the days of [begin, end).
  MonthTable(calendar::Day begin, calendar::Day end) : begin_(begin) {
    days_.reserve(static_cast<std::size_t>(std::max(end - begin, 0)));
    for (calendar::Day d = begin; d < end; d = d + 1) {
      const auto date = calendar::ymd(d);
      const auto last = (date.year() / date.month() / std::chrono::last).day();
      days_.push_back({static_cast<int>(date.year()) * 12 + static_cast<int>(static_cast<unsigned>(date.month())),
                       static_cast<std::uint8_t>(static_cast<unsigned>(date.day())),
                       static_cast<std::uint8_t>(static_cast<unsigned>(last))});
    }
  }
  // Requires that both days are of the span, and since <= d.
  int month_of_life(calendar::Day since, calendar::Day d) const {
    const Parts& from = at(since);
    const Parts& to = at(d);
    return to.month - from.month + (to.day >= std::min(from.day, to.days_in_month));
  }

 private:
  struct Parts {
    std::int32_t month;
    std::uint8_t day, days_in_month;
  };
  const Parts& at(calendar::Day d) const { return days_[static_cast<std::size_t>(d - begin_)]; }
  calendar::Day begin_;
  std::vector<Parts> days_;
};

// The last `count` calendar months that have ended at as-of, as [begin, end).
struct Months {
  calendar::Day begin, end;
};
inline Months last_complete_months(const AsOf& now, int count) {
  const calendar::Day end = calendar::floor_to({}, now.today, now.today);
  return {add_months(end, -count), end};
}

}  // namespace behoud::retention
