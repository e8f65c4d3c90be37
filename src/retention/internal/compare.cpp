#include "retention/internal/compare.h"

#include <algorithm>
#include <cassert>

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

// Nobody's shop is that old; what a question of odd days would ask for is not reckoned at all.
Result<void> check_year(Day from, int days_back) {
  if (static_cast<int>(calendar::ymd(from).year()) - 2 - days_back / 365 >= 1) return {};
  return fail(Errc::kOutOfRange, "the span to compare with begins before the year 1", "begin the question later",
              {{}, 0, "compare"});
}

}  // namespace

Day a_year_before(Grain grain, Day d) {
  const bool weekdays = grain.unit == Unit::kWeek || grain.unit == Unit::kWeeks || grain.unit == Unit::kDays;
  return weekdays ? d - 364 : add_months(d, -12);
}

Result<Axis> compared_axis(const Axis& asked, Grain grain, Compare with, std::optional<int> back) {
  if (asked.empty()) return Axis{};
  const Day from = asked.points().front();
  const int count = back.value_or(asked.size());
  assert(count >= 1 && count <= asked.size());
  constexpr int kDaysAYearMax = 366;
  TRY(check_year(from, with == Compare::kLastYear ? kDaysAYearMax
                                                  : asked.periods()[static_cast<std::size_t>(count) - 1].end() - from));
  Day begin = with == Compare::kLastYear ? a_year_before(grain, from) : begin_before(grain, from, count);
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

Result<Question> a_year_ago(const Question& q, const Shop& shop) {
  Question out = q;
  out.compare.reset();
  if (!shop.now.known) return out;
  TRY(check_year(shop.now.today, 366));
  out.as_of = shop.histories->zone.first_instant(add_months(shop.now.today, -12));
  return out;
}

}  // namespace behoud::retention
