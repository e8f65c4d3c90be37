#include "calendar/day.h"

#include <fmt/format.h>

#include "base/text.h"

namespace behoud::calendar {
namespace {

// Reads exactly `count` digits at the front of `text`; -1 where they are not there.
int take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return -1;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_digit(text[i])) return -1;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

// YYYY-MM-DD at the front of `text`, years 0001 to 9999.
std::optional<Day> take_day(std::string_view& text) {
  const int year = take_digits(text, 4);
  if (year < 1 || !take(text, '-')) return std::nullopt;
  const int month = take_digits(text, 2);
  if (month < 0 || !take(text, '-')) return std::nullopt;
  const int day = take_digits(text, 2);
  if (day < 0) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  return civil(year, static_cast<unsigned>(month), static_cast<unsigned>(day));
}

std::optional<Instant> take_instant(std::string_view text) {
  const std::optional<Day> day = take_day(text);
  if (!day) return std::nullopt;
  if (!take(text, 'T') && !take(text, 't') && !take(text, ' ')) return std::nullopt;
  const int hour = take_digits(text, 2);
  if (hour < 0 || hour > 23 || !take(text, ':')) return std::nullopt;
  const int minute = take_digits(text, 2);
  if (minute < 0 || minute > 59 || !take(text, ':')) return std::nullopt;
  const int second = take_digits(text, 2);
  if (second < 0 || second > 60) return std::nullopt;
  std::int64_t ms = 0;
  if (take(text, '.')) {
    if (text.empty() || !is_digit(text.front())) return std::nullopt;
    // Digits past the millisecond are dropped, never rounded up: an instant stays in its second, and so in its day.
    for (std::int64_t unit = 100; !text.empty() && is_digit(text.front()); unit /= 10, text.remove_prefix(1)) {
      ms += unit * (text.front() - '0');
    }
  }
  std::int64_t offset_minutes = 0;
  if (!take(text, 'Z') && !take(text, 'z')) {
    const std::int64_t sign = take(text, '-') ? -1 : 1;
    if (sign > 0 && !take(text, '+')) return std::nullopt;
    const int offset_hour = take_digits(text, 2);
    if (offset_hour < 0 || offset_hour > 23 || !take(text, ':')) return std::nullopt;
    const int offset_minute = take_digits(text, 2);
    if (offset_minute < 0 || offset_minute > 59) return std::nullopt;
    offset_minutes = sign * (offset_hour * 60 + offset_minute);
  }
  if (!text.empty()) return std::nullopt;
  // A leap second is the last millisecond of its minute: our time line has none, and it must not slip into the next
  // day.
  const std::int64_t in_minute = second == 60 ? 59'999 : second * 1000 + ms;
  const std::int64_t local = day->number * kMsPerDay + (hour * 60 + minute) * std::int64_t{60'000} + in_minute;
  const Instant t{local - offset_minutes * 60'000};
  // An offset may push the ends of the calendar out of it; what cannot be written back is refused.
  if (t.ms < civil(1, 1, 1).number * kMsPerDay || t.ms >= (kLatestDay.number + 1) * kMsPerDay) return std::nullopt;
  return t;
}

}  // namespace

std::string to_string(Day d) {
  const std::chrono::year_month_day date = ymd(d);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::string to_string(Instant t) {
  std::int64_t day = t.ms / kMsPerDay;
  std::int64_t ms = t.ms % kMsPerDay;
  if (ms < 0) {
    ms += kMsPerDay;
    --day;
  }
  std::string out = to_string(Day{static_cast<std::int32_t>(day)});
  const std::int64_t seconds = ms / 1000;
  fmt::format_to(std::back_inserter(out), "T{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (ms % 1000 != 0) fmt::format_to(std::back_inserter(out), ".{:03}", ms % 1000);
  out += 'Z';
  return out;
}

Result<Day> parse_day(std::string_view text) {
  std::string_view rest = text;
  const std::optional<Day> day = take_day(rest);
  if (!day || !rest.empty()) {
    return fail(Errc::kInvalidArgument, quoted(text) + " is not a day",
                "Write a day as YYYY-MM-DD, such as 2024-02-29.", {}, {"problem.day_unreadable", {{"value", text}}});
  }
  return *day;
}

Result<Instant> parse_instant(std::string_view text) {
  const std::optional<Instant> instant = take_instant(text);
  if (!instant) {
    return fail(Errc::kInvalidArgument, quoted(text) + " is not an instant",
                "Write an instant with its offset, such as 2024-02-29T13:05:07Z or 2024-02-29T14:05:07+01:00.");
  }
  return *instant;
}

}  // namespace behoud::calendar
