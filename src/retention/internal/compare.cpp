#include "retention/internal/compare.h"

#include <algorithm>

#include "retention/internal/months.h"

namespace behoud::retention {

using calendar::Day;
using calendar::Grain;
using calendar::Period;
using Unit = Grain::Unit;

namespace {

// The first day of as many periods before `from`.
Day begin_before(Grain grain, Day from, int count) {
  switch (grain.unit) {
    case Unit::kDays:
      return from - count * grain.count;
    case Unit::kWeeks:
      return from - count * grain.count * 7;
    case Unit::kMonths:
      return add_months(from, -count * grain.count);
    case Unit::kDay:
      return from - count;
    case Unit::kWeek:
      return from - 7 * count;
    case Unit::kMonth:
      return add_months(from, -count);
    case Unit::kQuarter:
      return add_months(from, -3 * count);
    case Unit::kYear:
      return add_months(from, -12 * count);
  }
  return from;
}

}  // namespace

Day a_year_before(Grain grain, Day d) {
  const bool weekdays = grain.unit == Unit::kWeek || grain.unit == Unit::kWeeks || grain.unit == Unit::kDays;
  return weekdays ? d - 364 : add_months(d, -12);
}

Result<Axis> compared_axis(const Axis& asked, Grain grain, Compare with) {
  if (asked.empty()) return Axis{};
  const Day from = asked.points().front();
  const int year = static_cast<int>(calendar::ymd(from).year());
  // Nobody's shop is that old; what a question of odd days would ask for is not reckoned at all.
  constexpr int kDaysAYearMax = 366;
  const int back = with == Compare::kLastYear ? kDaysAYearMax : asked.periods().back().end() - from;
  if (year - 2 - back / 365 < 1) {
    return fail(Errc::kOutOfRange, "the span to compare with begins before the year 1", "begin the question later",
                {{}, 0, "compare"});
  }
  Day begin = with == Compare::kLastYear ? a_year_before(grain, from) : begin_before(grain, from, asked.size());
  const Day anchor = begin;
  std::vector<Period> periods;
  periods.reserve(asked.periods().size());
  for (int p = 0; p < asked.size(); ++p) {
    const Day end = calendar::next(grain, begin, anchor);
    periods.push_back(Period::create(begin, end).value());
    begin = end;
  }
  const Period& last = periods.back();
  Day until = last.end();
  if (!asked.complete(asked.size() - 1)) {
    const Day read = asked.points().back();
    const Day same = with == Compare::kLastYear && grain.unit != Unit::kDay
                         ? a_year_before(grain, read)
                         : last.begin() + (read - asked.periods().back().begin());
    until = std::clamp(same, last.begin() + 1, last.end());
  }
  return Axis::read_until(std::move(periods), until);
}

}  // namespace behoud::retention
