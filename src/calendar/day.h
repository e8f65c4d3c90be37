#pragma once

// Two kinds of time that must never be mixed: an Instant is a point on the world's time line (UTC, milliseconds), a Day
// is a date on the shop's wall calendar. Only a Zone (calendar/zone.h) turns one into the other.
//
// Both are plain 64- and 32-bit values with arithmetic in their own unit. The calendar is proleptic Gregorian.

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace behoud::calendar {

// A civil day, counted from 1970-01-01 = 0.
struct Day {
  std::int32_t number = 0;
  friend auto operator<=>(Day, Day) = default;
  friend constexpr Day operator+(Day d, int days) { return {d.number + days}; }
  friend constexpr Day operator-(Day d, int days) { return {d.number - days}; }
  friend constexpr int operator-(Day a, Day b) { return a.number - b.number; }
};

// Milliseconds since 1970-01-01T00:00:00Z.
struct Instant {
  std::int64_t ms = 0;
  friend auto operator<=>(Instant, Instant) = default;
};

// When something happened, as a source states it: an instant, or a civil day alone ("2024-03-01" in an export).
// A date-only moment keeps its civil day in every zone; its instant, for ordering, is that day's midnight UTC.
struct Moment {
  Instant at;
  bool date_only = false;
  friend bool operator==(Moment, Moment) = default;
};

inline constexpr std::int64_t kMsPerDay = 86'400'000;
inline constexpr Day kEarliestDay{7305};   // 1990-01-01: anything earlier in an input is a mistake
inline constexpr Day kLatestDay{2932896};  // 9999-12-31

constexpr Day civil(int year, unsigned month, unsigned day) {
  return {static_cast<std::int32_t>(
      std::chrono::sys_days{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day}}
          .time_since_epoch()
          .count())};
}
constexpr std::chrono::year_month_day ymd(Day d) {
  return std::chrono::year_month_day{std::chrono::sys_days{std::chrono::days{d.number}}};
}

std::string to_string(Day d);      // "2024-02-29"
std::string to_string(Instant t);  // RFC 3339 in UTC, "2024-02-29T13:05:07.250Z"; no fraction when it is zero
Result<Day> parse_day(std::string_view text);          // strict YYYY-MM-DD; kInvalidArgument names the text
Result<Instant> parse_instant(std::string_view text);  // RFC 3339 with offset; kInvalidArgument names the text

}  // namespace behoud::calendar
