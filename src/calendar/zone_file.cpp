#include "calendar/zone_file.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "base/text.h"
#include "calendar/day.h"

namespace behoud::calendar {
namespace {

constexpr std::int64_t kBeginningOfTime = std::numeric_limits<std::int64_t>::min();
constexpr std::size_t kHeaderBytes = 44;
constexpr std::size_t kTypeBytes = 6;
// RFC 8536 section 3.2 wants more than -25 and less than 26 hours.
constexpr std::int64_t kOffsetSecondsMax = 26 * 3600;

std::unexpected<Error> corrupt(const char* what) {
  return fail(Errc::kCorrupt, std::string("the time zone file is damaged: ") + what, "Reinstall the package tzdata.");
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  std::size_t left() const { return bytes_.size(); }
  std::string_view take(std::size_t n) {
    const std::string_view out = bytes_.substr(0, n);
    bytes_.remove_prefix(out.size());
    return out;
  }
  std::string_view rest() const { return bytes_; }

 private:
  std::string_view bytes_;
};

// Big-endian, two's complement.
std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}
std::int32_t int32(std::string_view bytes) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(big_endian(bytes)));
}
std::int64_t int64(std::string_view bytes) { return static_cast<std::int64_t>(big_endian(bytes)); }

struct Header {
  std::size_t version = 0, isut = 0, isstd = 0, leap = 0, time = 0, type = 0, character = 0;
  std::size_t body_bytes(std::size_t time_bytes) const {
    return time * time_bytes + time + type * kTypeBytes + character + leap * (time_bytes + 4) + isstd + isut;
  }
};

Result<Header> read_header(Reader& in) {
  const std::string_view h = in.take(kHeaderBytes);
  if (h.size() != kHeaderBytes || !h.starts_with("TZif")) return corrupt("no header");
  Header out;
  out.version = static_cast<unsigned char>(h[4]);
  std::size_t* const counts[] = {&out.isut, &out.isstd, &out.leap, &out.time, &out.type, &out.character};
  for (std::size_t i = 0; i < 6; ++i) *counts[i] = big_endian(h.substr(20 + 4 * i, 4));
  return out;
}

// ---- The rule of the years after the list

struct Change {  // one of the two days of a rule
  enum class Form : std::uint8_t { kJulianWithoutLeap, kZeroBased, kMonthWeekDay } form = Form::kMonthWeekDay;
  int a = 0, b = 0, c = 0;
  std::int64_t second_of_day = 2 * 3600;  // by the clock before the change; -167 to 167 hours
};

class RuleReader {
 public:
  explicit RuleReader(std::string_view text) : text_(text) {}
  bool done() const { return text_.empty(); }
  bool take(char c) {
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool abbreviation() {
    std::size_t n = 0;
    if (take('<')) {
      n = text_.find('>');
      if (n == std::string_view::npos || n == 0) return false;
      text_.remove_prefix(n + 1);
      return true;
    }
    while (n < text_.size() && lower(text_[n]) >= 'a' && lower(text_[n]) <= 'z') ++n;
    text_.remove_prefix(n);
    return n >= 3;
  }
  std::optional<int> number(int max) {
    std::size_t n = 0;
    int value = 0;
    while (n < text_.size() && is_digit(text_[n]) && value <= max) value = value * 10 + (text_[n++] - '0');
    text_.remove_prefix(n);
    if (n == 0 || value > max) return std::nullopt;
    return value;
  }
  // [+-]hh[:mm[:ss]] in seconds.
  std::optional<std::int64_t> time(int hours_max) {
    const std::int64_t sign = take('-') ? -1 : 1;
    if (sign > 0) take('+');
    const auto hours = number(hours_max);
    if (!hours) return std::nullopt;
    std::int64_t seconds = std::int64_t{*hours} * 3600;
    for (const std::int64_t unit : {60, 1}) {
      if (!take(':')) break;
      const auto part = number(59);
      if (!part) return std::nullopt;
      seconds += *part * unit;
    }
    return sign * seconds;
  }
  std::optional<Change> change() {
    Change out;
    if (take('M')) {
      const auto month = number(12);
      if (!month || *month < 1 || !take('.')) return std::nullopt;
      const auto week = number(5);
      if (!week || *week < 1 || !take('.')) return std::nullopt;
      const auto weekday = number(6);
      if (!weekday) return std::nullopt;
      out = {Change::Form::kMonthWeekDay, *month, *week, *weekday};
    } else if (take('J')) {
      const auto day = number(365);
      if (!day || *day < 1) return std::nullopt;
      out = {Change::Form::kJulianWithoutLeap, *day};
    } else {
      const auto day = number(365);
      if (!day) return std::nullopt;
      out = {Change::Form::kZeroBased, *day};
    }
    if (take('/')) {
      const auto seconds = time(167);
      if (!seconds) return std::nullopt;
      out.second_of_day = *seconds;
    }
    return out;
  }

 private:
  std::string_view text_;
};

Day day_of(const Change& change, int year) {
  switch (change.form) {
    case Change::Form::kZeroBased:
      return civil(year, 1, 1) + change.a;
    case Change::Form::kJulianWithoutLeap: {  // 1 to 365, where 29 February has no number: 60 is always 1 March
      const bool after_leap_day = std::chrono::year{year}.is_leap() && change.a >= 60;
      return civil(year, 1, 1) + (change.a - 1 + (after_leap_day ? 1 : 0));
    }
    case Change::Form::kMonthWeekDay:
      break;
  }
  const std::chrono::weekday weekday{static_cast<unsigned>(change.c)};
  const auto month = std::chrono::year{year} / std::chrono::month{static_cast<unsigned>(change.a)};
  const std::chrono::sys_days day = change.b == 5
                                        ? std::chrono::sys_days{month / weekday[std::chrono::last]}
                                        : std::chrono::sys_days{month / weekday[static_cast<unsigned>(change.b)]};
  return {static_cast<std::int32_t>(day.time_since_epoch().count())};
}

}  // namespace

Result<std::vector<Transition>> expand_rule(std::string_view rule, int first_year, int last_year) {
  if (rule.empty()) return std::vector<Transition>{};
  RuleReader in(rule);
  if (!in.abbreviation()) return corrupt("its rule has no name");
  const auto west = in.time(24);
  if (!west) return corrupt("its rule has no offset");
  const std::int64_t standard = -*west;  // POSIX counts westwards
  std::vector<Transition> out{{kBeginningOfTime, standard * 1000}};
  if (in.done()) return out;

  if (!in.abbreviation()) return corrupt("its rule has no name for summer time");
  std::int64_t summer = standard + 3600;
  if (!in.take(',')) {
    const auto summer_west = in.time(24);
    if (!summer_west || !in.take(',')) return corrupt("its rule has no offset for summer time");
    summer = -*summer_west;
  }
  const auto start = in.change();
  if (!start || !in.take(',')) return corrupt("its rule does not say when summer time begins");
  const auto end = in.change();
  if (!end || !in.done()) return corrupt("its rule does not say when summer time ends");

  for (int year = first_year; year <= last_year; ++year) {
    const std::int64_t begins = day_of(*start, year).number * std::int64_t{86'400} + start->second_of_day - standard;
    const std::int64_t ends = day_of(*end, year).number * std::int64_t{86'400} + end->second_of_day - summer;
    out.push_back({begins * 1000, summer * 1000});
    out.push_back({ends * 1000, standard * 1000});
  }
  // Where summer time lasts the whole year, one year's end is the next one's beginning: the later entry must win, so
  // the order among equals is kept.
  std::stable_sort(out.begin(), out.end(), [](const Transition& a, const Transition& b) { return a.at_ms < b.at_ms; });
  return out;
}

Result<std::vector<Transition>> read_tzif(std::string_view bytes, int last_year) {
  Reader in(bytes);
  TRY_ASSIGN(const Header old, read_header(in));
  if (old.version < '2') return corrupt("version 1 has no years after 2037");
  // Counts have 32 bits and the factors are small, so these sums cannot overflow 64.
  if (in.left() < old.body_bytes(4)) return corrupt("cut off");
  in.take(old.body_bytes(4));
  TRY_ASSIGN(const Header header, read_header(in));
  if (in.left() < header.body_bytes(8)) return corrupt("cut off");
  if (header.type == 0) return corrupt("no local time types");
  if (header.leap != 0) return corrupt("it counts leap seconds");
  const std::string_view times = in.take(header.time * 8);
  const std::string_view kinds = in.take(header.time);
  const std::string_view types = in.take(header.type * kTypeBytes);
  in.take(header.character + header.isstd + header.isut);

  std::vector<std::int64_t> offsets;
  for (std::size_t i = 0; i < header.type; ++i) {
    const std::int32_t seconds = int32(types.substr(i * kTypeBytes, 4));
    if (seconds <= -kOffsetSecondsMax || seconds >= kOffsetSecondsMax) return corrupt("an offset of more than a day");
    offsets.push_back(std::int64_t{seconds} * 1000);
  }
  // Before the first transition type 0 holds (RFC 8536, section 3.2).
  std::vector<Transition> out{{kBeginningOfTime, offsets[0]}};
  constexpr std::int64_t kSecondsMax =
      std::int64_t{400} * 365 * 86'400 * 25;  // 10,000 years, so that ms do not overflow
  for (std::size_t i = 0; i < header.time; ++i) {
    const auto kind = static_cast<unsigned char>(kinds[i]);
    if (kind >= offsets.size()) return corrupt("a transition to a type that is not there");
    const std::int64_t at = std::clamp(int64(times.substr(i * 8, 8)), -kSecondsMax, kSecondsMax) * 1000;
    if (at < out.back().at_ms) return corrupt("its transitions are not in order");
    out.push_back({at, offsets[kind]});
  }

  std::string_view footer = in.rest();
  if (footer.size() < 2 || footer.front() != '\n') return corrupt("no rule at its end");
  footer.remove_prefix(1);
  footer = footer.substr(0, footer.find('\n'));
  // The rule holds after the last transition of the list.
  const Transition last = out.back();
  int first_year = 1900;
  if (out.size() > 1) {
    const std::int64_t day =
        std::clamp<std::int64_t>(last.at_ms / kMsPerDay, civil(1900, 1, 1).number, kLatestDay.number);
    first_year = static_cast<int>(ymd(Day{static_cast<std::int32_t>(day)}).year()) - 1;
  }
  TRY_ASSIGN(const std::vector<Transition> rule, expand_rule(footer, first_year, last_year));
  for (const Transition& t : rule) {
    if (t.at_ms > last.at_ms) out.push_back(t);
  }

  // One entry an instant (the later wins), and none that changes nothing.
  std::vector<Transition> clean;
  for (const Transition& t : out) {
    if (!clean.empty() && clean.back().at_ms == t.at_ms) clean.pop_back();
    if (clean.empty() || clean.back().offset_ms != t.offset_ms) clean.push_back(t);
  }
  return clean;
}

}  // namespace behoud::calendar
