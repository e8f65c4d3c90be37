#pragma once

// Periods and the grains that cut time into them. A Period is a non-empty half-open span of civil days [begin, end), so
// that neighbours share no day. A Grain is `day`, `week` (ISO, Monday), `month`, `quarter`, `year`, or a count of days,
// weeks or months (`28d`, `4w`, `3mo`) laid from the first day asked for.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calendar/day.h"

namespace behoud::calendar {

class Period {
 public:
  static Result<Period> create(Day begin, Day end);  // kInvalidArgument unless begin < end
  Day begin() const { return begin_; }
  Day end() const { return end_; }  // excluded
  int days() const { return end_ - begin_; }
  bool contains(Day d) const { return begin_ <= d && d < end_; }
  friend bool operator==(const Period&, const Period&) = default;

 private:
  Period(Day begin, Day end) : begin_(begin), end_(end) {}
  Day begin_, end_;
};

struct Grain {
  enum class Unit : std::uint8_t { kDay, kWeek, kMonth, kQuarter, kYear, kDays, kWeeks, kMonths };
  Unit unit = Unit::kMonth;
  int count = 1;  // of the unit; other than 1 only for kDays, kWeeks, kMonths
  friend bool operator==(Grain, Grain) = default;
  bool counted() const { return unit >= Unit::kDays; }  // laid from --from instead of from the calendar
};

// "day", "week", "month", "quarter", "year", "28d", "4w", "3mo". Errors: kInvalidArgument (names the text and the
// forms).
Result<Grain> parse_grain(std::string_view text);
std::string to_string(Grain g);

// The first day of the period of grain `g` that holds `d`. Counted grains are laid from `anchor`.
Day floor_to(Grain g, Day d, Day anchor);
// The first day of the following period; `begin` is a period's first day. A counted month grain clamps to the month's
// length from the anchor's day of month (anchor 31 January: 28 or 29 February, 31 March, ...), so it needs the anchor.
Day next(Grain g, Day begin, Day anchor);

// The day that the counted periods of [from, to) are laid from: `from`, or `to` where counted months laid from `from`
// miss it and laid back from it reach `from`. `from` is then the last day of a month that lacks the day of `to`: of
// 28 February to 30 May by `3mo`, 30 May. So what is laid from any anchor, one period or several in a row, is a span of
// its own grain.
Day anchor_of(Grain g, Day from, Day to);

// The periods of [from, to) in grain `g`, ascending, laid from `anchor` or, without one, from anchor_of. Errors:
// kInvalidArgument when from >= to, or when `from` or `to` does not lie on a boundary of the grain (the message names
// the two nearest); kOutOfRange above 20,000 periods.
Result<std::vector<Period>> periods(Grain g, Day from, Day to);
Result<std::vector<Period>> periods(Grain g, Day from, Day to, Day anchor);

}  // namespace behoud::calendar
