#include "calendar/period.h"

#include <algorithm>
#include <cassert>

#include <fmt/format.h>

#include "base/text.h"

namespace behoud::calendar {
namespace {

constexpr std::size_t kPeriodsMax = 20'000;
constexpr int kCountMax = 9'999;

constexpr int floor_div(int a, int b) { return a / b - (a % b < 0 ? 1 : 0); }  // requires b > 0

// Months since year 0.
int month_index(Day d) {
  const auto date = ymd(d);
  return static_cast<int>(date.year()) * 12 + static_cast<int>(static_cast<unsigned>(date.month())) - 1;
}

// The day `day_of_month` of month `index`, or the month's last day where it is shorter.
Day in_month(int index, unsigned day_of_month) {
  const std::chrono::year year{floor_div(index, 12)};
  const auto month = static_cast<unsigned>(index - floor_div(index, 12) * 12 + 1);
  const auto last = (year / std::chrono::month{month} / std::chrono::last).day();
  return civil(static_cast<int>(year), month, std::min(day_of_month, static_cast<unsigned>(last)));
}

// Boundary `k` of a counted month grain.
Day month_boundary(int count, Day anchor, int k) {
  return in_month(month_index(anchor) + k * count, static_cast<unsigned>(ymd(anchor).day()));
}

int days_per_period(Grain g) { return g.unit == Grain::Unit::kWeeks ? 7 * g.count : g.count; }

// The error's subject, "2024-01-03 is no first day of a week".
std::unexpected<Error> not_a_boundary(Grain g, std::string_view which, Day d, Day anchor) {
  const std::string day = to_string(d), grain = to_string(g), before = to_string(floor_to(g, d, anchor)),
                    after = to_string(next(g, floor_to(g, d, anchor), anchor));
  return fail(Errc::kInvalidArgument,
              fmt::format("{} {} does not lie on a boundary of the grain {}: the nearest are {} and {}", which, day,
                          grain, before, after),
              "Take one of the two, or another --grain.", {},
              {"problem.period_off_grain", {{"day", day}, {"grain", grain}, {"before", before}, {"after", after}}});
}

}  // namespace

Result<Period> Period::create(Day begin, Day end) {
  if (begin >= end) {
    return fail(Errc::kInvalidArgument,
                fmt::format("a period must begin before it ends: {} to {}", to_string(begin), to_string(end)),
                "The end is excluded: one day is 2024-01-01 to 2024-01-02.");
  }
  return Period(begin, end);
}

Result<Grain> parse_grain(std::string_view text) {
  using Unit = Grain::Unit;
  if (text == "day") return Grain{Unit::kDay, 1};
  if (text == "week") return Grain{Unit::kWeek, 1};
  if (text == "month") return Grain{Unit::kMonth, 1};
  if (text == "quarter") return Grain{Unit::kQuarter, 1};
  if (text == "year") return Grain{Unit::kYear, 1};
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto count = parse_integer(text.substr(0, digits));
  const std::string_view unit = text.substr(digits);
  if (count && *count >= 1 && *count <= kCountMax) {
    const int n = static_cast<int>(*count);
    if (unit == "d") return Grain{Unit::kDays, n};
    if (unit == "w") return Grain{Unit::kWeeks, n};
    if (unit == "mo") return Grain{Unit::kMonths, n};
  }
  return fail(Errc::kInvalidArgument, quoted(text) + " is not a grain",
              "A grain is day, week, month, quarter or year, or a count from 1 to 9999 of days (28d), weeks (4w) or "
              "months (3mo).",
              {}, {"problem.grain_unknown", {{"value", text}}});
}

std::string to_string(Grain g) {
  switch (g.unit) {
    case Grain::Unit::kDay:
      return "day";
    case Grain::Unit::kWeek:
      return "week";
    case Grain::Unit::kMonth:
      return "month";
    case Grain::Unit::kQuarter:
      return "quarter";
    case Grain::Unit::kYear:
      return "year";
    case Grain::Unit::kDays:
      return fmt::format("{}d", g.count);
    case Grain::Unit::kWeeks:
      return fmt::format("{}w", g.count);
    case Grain::Unit::kMonths:
      return fmt::format("{}mo", g.count);
  }
  assert(false && "a grain has one of the units above");
  return {};
}

Day floor_to(Grain g, Day d, Day anchor) {
  assert(g.count >= 1);
  switch (g.unit) {
    case Grain::Unit::kDay:
      return d;
    case Grain::Unit::kWeek:
      return {floor_div(d.number + 3, 7) * 7 - 3};  // 1970-01-01 was a Thursday
    case Grain::Unit::kMonth:
      return in_month(month_index(d), 1);
    case Grain::Unit::kQuarter:
      return in_month(floor_div(month_index(d), 3) * 3, 1);
    case Grain::Unit::kYear:
      return in_month(floor_div(month_index(d), 12) * 12, 1);
    case Grain::Unit::kDays:
    case Grain::Unit::kWeeks: {
      const int length = days_per_period(g);
      return anchor + floor_div(d - anchor, length) * length;
    }
    case Grain::Unit::kMonths: {
      const int k = floor_div(month_index(d) - month_index(anchor), g.count);
      const Day begin = month_boundary(g.count, anchor, k);
      return begin <= d ? begin : month_boundary(g.count, anchor, k - 1);
    }
  }
  assert(false && "a grain has one of the units above");
  return d;
}

Day next(Grain g, Day begin, Day anchor) {
  assert(floor_to(g, begin, anchor) == begin);
  switch (g.unit) {
    case Grain::Unit::kDay:
      return begin + 1;
    case Grain::Unit::kWeek:
      return begin + 7;
    case Grain::Unit::kMonth:
      return in_month(month_index(begin) + 1, 1);
    case Grain::Unit::kQuarter:
      return in_month(month_index(begin) + 3, 1);
    case Grain::Unit::kYear:
      return in_month(month_index(begin) + 12, 1);
    case Grain::Unit::kDays:
    case Grain::Unit::kWeeks:
      return begin + days_per_period(g);
    case Grain::Unit::kMonths:
      // Clamping never leaves the month, so months tell boundaries apart.
      return month_boundary(g.count, anchor, floor_div(month_index(begin) - month_index(anchor), g.count) + 1);
  }
  assert(false && "a grain has one of the units above");
  return begin;
}

Day anchor_of(Grain g, Day from, Day to) {
  return floor_to(g, to, from) != to && floor_to(g, from, to) == from ? to : from;
}

Result<std::vector<Period>> periods(Grain g, Day from, Day to) { return periods(g, from, to, anchor_of(g, from, to)); }

Result<std::vector<Period>> periods(Grain g, Day from, Day to, Day anchor) {
  if (from >= to) {
    return fail(Errc::kInvalidArgument, fmt::format("--from {} is not before --to {}", to_string(from), to_string(to)),
                "--to is excluded: the year 2024 is --from 2024-01-01 --to 2025-01-01.", {},
                {"problem.period_backwards", {{"from", to_string(from)}, {"to", to_string(to)}}});
  }
  if (floor_to(g, from, anchor) != from) {
    return not_a_boundary(g, "--from", from, anchor);
  }
  if (floor_to(g, to, anchor) != to) {
    return not_a_boundary(g, "--to", to, anchor);
  }
  std::vector<Period> out;
  for (Day begin = from; begin < to;) {
    if (out.size() == kPeriodsMax) {
      return fail(Errc::kOutOfRange,
                  fmt::format("{} to {} has more than {} periods of the grain {}", to_string(from), to_string(to),
                              kPeriodsMax, to_string(g)),
                  "Ask for a shorter span or a coarser grain.", {},
                  {"problem.periods_too_many", {{"most", kPeriodsMax}}});
    }
    const Day end = next(g, begin, anchor);
    TRY_ASSIGN(const Period period, Period::create(begin, end));
    out.push_back(period);
    begin = end;
  }
  return out;
}

}  // namespace behoud::calendar
