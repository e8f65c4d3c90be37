#pragma once

// What reading a date and judging a column of dates share: the scanner of a cell, and the arithmetic of days that both
// do on every cell of a file, which is why it is inline.

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "ingest/dates.h"

namespace behoud::ingest::date_scan {

inline constexpr std::int64_t kMsPerHour = 3'600'000;
inline constexpr std::int64_t kMsPerMinute = 60'000;
inline constexpr std::int64_t kFarthestZoneMs = 14 * kMsPerHour;  // UTC+14: Kiritimati, where a day begins first

constexpr bool leap(std::int32_t y) { return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0; }
constexpr bool valid_date(std::int32_t y, std::int32_t m, std::int32_t d) {
  constexpr std::int8_t kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (y < 1000 || y > 9999 || m < 1 || m > 12 || d < 1) return false;
  return d <= kDays[m - 1] + (m == 2 && leap(y) ? 1 : 0);
}
// Days from civil (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"), for years 1000..9999.
constexpr std::int32_t day_number(std::int32_t y, std::int32_t m, std::int32_t d) {
  y -= m <= 2 ? 1 : 0;
  const std::int32_t era = y / 400;
  const std::int32_t yoe = y - era * 400;
  const std::int32_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
  const std::int32_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
  return era * 146097 + doe - 719468;
}
static_assert(day_number(1970, 1, 1) == 0 && day_number(2000, 2, 29) == 11016);

constexpr bool digits(const char* p, int n) {
  for (int i = 0; i < n; ++i) {
    if (!is_digit(p[i])) return false;
  }
  return true;
}
constexpr std::int32_t two(const char* p) { return (p[0] - '0') * 10 + (p[1] - '0'); }

constexpr std::size_t index(DateFamily f) { return static_cast<std::size_t>(f); }

// "Z", "+01:00", "+0100", "+01", " +0100"; the whole of `s`. nullopt: none of them.
std::optional<std::int32_t> parse_offset(std::string_view s);

// The time of day and offset behind the date of the commonest form, "13:05[:07[.250]][Z|+01:00| +0100]".
inline bool parse_iso_time(std::string_view s, CivilTime& out, std::int64_t& time_ms) {
  if (s.size() < 5 || !digits(s.data(), 2) || s[2] != ':' || !digits(s.data() + 3, 2)) return false;
  const std::int32_t hour = two(s.data()), minute = two(s.data() + 3);
  std::int32_t second = 0;
  s.remove_prefix(5);
  std::int64_t fraction = 0;
  if (s.size() >= 3 && s[0] == ':' && digits(s.data() + 1, 2)) {
    second = two(s.data() + 1);
    s.remove_prefix(3);
    if (s.size() >= 2 && (s[0] == '.' || s[0] == ',') && is_digit(s[1])) {
      std::int64_t unit = 100;
      std::size_t i = 1;
      for (; i < s.size() && is_digit(s[i]); ++i, unit /= 10) fraction += (s[i] - '0') * unit;
      s.remove_prefix(i);
    }
  }
  if (hour > 23 || minute > 59 || second > 60) return false;
  time_ms = hour * kMsPerHour + minute * kMsPerMinute + second * 1000 + fraction;
  if (s.empty()) return true;
  if (s == "Z") {
    out.has_offset = true;
    out.offset_minutes = 0;
    return true;
  }
  if (s[0] == ' ') s.remove_prefix(1);
  const auto offset = parse_offset(s);
  if (!offset) return false;
  out.has_offset = true;
  out.offset_minutes = *offset;
  return true;
}

// January is 1, in four languages and short; 0: no month.
std::int32_t month_of(std::string_view word);
bool is_weekday(std::string_view word);

class Scanner {
 public:
  explicit Scanner(std::string_view text) : s_(text) {}
  bool done() const { return at_ >= s_.size(); }
  char peek() const { return done() ? '\0' : s_[at_]; }
  char peek(std::size_t n) const { return at_ + n < s_.size() ? s_[at_ + n] : '\0'; }
  void skip(std::size_t n = 1) { at_ += n; }
  bool take(char c) {
    if (done() || s_[at_] != c) return false;
    ++at_;
    return true;
  }
  // Blanks, no-break and thin ones too: some locales write them between time and AM.
  bool blanks() {
    const std::size_t before = at_;
    for (;;) {
      if (is_blank(peek())) {
        ++at_;
      } else if (s_.substr(at_).starts_with("\xC2\xA0")) {
        at_ += 2;
      } else if (s_.substr(at_).starts_with("\xE2\x80\xAF") || s_.substr(at_).starts_with("\xE2\x80\x89")) {
        at_ += 3;
      } else {
        return at_ != before;
      }
    }
  }
  // At most 18 digits; returns how many, 0 for none.
  int number(std::int64_t& out) {
    int n = 0;
    out = 0;
    while (is_digit(peek()) && n < 18) {
      out = out * 10 + (s_[at_++] - '0');
      ++n;
    }
    return is_digit(peek()) ? -1 : n;
  }
  std::string_view word() {
    const std::size_t begin = at_;
    while (!done()) {
      const char c = s_[at_];
      const bool letter = (lower(c) >= 'a' && lower(c) <= 'z') || static_cast<unsigned char>(c) >= 0xC3;
      if (!letter && static_cast<unsigned char>(c) < 0x80) break;
      if (s_.substr(at_).starts_with("\xC2\xA0") || s_.substr(at_).starts_with("\xE2\x80")) break;
      ++at_;
    }
    return s_.substr(begin, at_ - begin);
  }
  std::string_view rest() const { return s_.substr(std::min(at_, s_.size())); }
  std::size_t at() const { return at_; }
  void back_to(std::size_t at) { at_ = at; }

 private:
  std::string_view s_;
  std::size_t at_ = 0;
};

// The time behind a date, the whole rest of the cell. Fills time and offset; false: not a time.
bool scan_time(Scanner& in, DateParts& out);

// `year` of two digits: of this century when that is not beyond this year, else of the last.
std::int32_t full_year(std::int32_t year, calendar::Instant now);

// The day that `p` names in `order`, if that is a date. `now` bounds years of two digits.
std::optional<std::int32_t> day_in_order(const DateParts& p, DayOrder order, calendar::Instant now);

}  // namespace behoud::ingest::date_scan
