#include "ingest/dates.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/text.h"
#include "ingest/mapping.h"

namespace behoud::ingest {
namespace {

using calendar::Day;
using calendar::Instant;
using calendar::kMsPerDay;

constexpr std::int64_t kMsPerHour = 3'600'000;
constexpr std::int64_t kMsPerMinute = 60'000;
constexpr std::int64_t kFarthestZoneMs = 14 * kMsPerHour;  // UTC+14: Kiritimati, where a day begins first

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

// "Z", "+01:00", "+0100", "+01", " +0100"; the whole of `s`. nullopt: none of them.
std::optional<std::int32_t> parse_offset(std::string_view s) {
  if (s == "Z" || s == "z") return 0;
  if (s.size() < 3 || (s[0] != '+' && s[0] != '-') || !digits(s.data() + 1, 2)) return std::nullopt;
  std::int32_t minutes = two(s.data() + 1) * 60;
  std::string_view rest = s.substr(3);
  if (!rest.empty() && rest[0] == ':') rest.remove_prefix(1);
  if (!rest.empty()) {
    if (rest.size() != 2 || !digits(rest.data(), 2) || two(rest.data()) > 59) return std::nullopt;
    minutes += two(rest.data());
  } else if (s.size() != 3) {
    return std::nullopt;
  }
  if (minutes > 26 * 60) return std::nullopt;
  return s[0] == '-' ? -minutes : minutes;
}

// The time of day and offset behind the date of the commonest form, "13:05[:07[.250]][Z|+01:00| +0100]".
bool parse_iso_time(std::string_view s, CivilTime& out, std::int64_t& time_ms) {
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
  if (s[0] == ' ') s.remove_prefix(1);
  const auto offset = parse_offset(s);
  if (!offset) return false;
  out.has_offset = true;
  out.offset_minutes = *offset;
  return true;
}

// ---- month and weekday names ----

constexpr std::pair<std::string_view, std::int8_t> kMonths[] = {
    {"january", 1},  {"januari", 1},   {"januar", 1},    {"janner", 1}, {"jan", 1},       {"february", 2},
    {"februari", 2}, {"februar", 2},   {"feb", 2},       {"febr", 2},   {"march", 3},     {"maart", 3},
    {"mars", 3},     {"marz", 3},      {"maerz", 3},     {"mar", 3},    {"mrt", 3},       {"mrz", 3},
    {"april", 4},    {"apr", 4},       {"may", 5},       {"mei", 5},    {"maj", 5},       {"mai", 5},
    {"june", 6},     {"juni", 6},      {"jun", 6},       {"july", 7},   {"juli", 7},      {"jul", 7},
    {"august", 8},   {"augustus", 8},  {"augusti", 8},   {"aug", 8},    {"september", 9}, {"sep", 9},
    {"sept", 9},     {"october", 10},  {"oktober", 10},  {"oct", 10},   {"okt", 10},      {"november", 11},
    {"nov", 11},     {"december", 12}, {"dezember", 12}, {"dec", 12},   {"dez", 12}};

std::int32_t month_of(std::string_view word) {
  const std::string folded = squash(word);
  for (const auto& [text, number] : kMonths) {
    if (folded == text) return number;
  }
  return 0;
}

bool is_weekday(std::string_view word) {
  static constexpr std::string_view kWeekdays[] = {
      "monday", "mon",       "tuesday",  "tue",      "tues",     "wednesday",  "wed",       "thursday", "thu",
      "thur",   "thurs",     "fri",      "friday",   "sat",      "saturday",   "sun",       "sunday",   "maandag",
      "ma",     "dinsdag",   "di",       "wo",       "woensdag", "do",         "donderdag", "vr",       "vrijdag",
      "za",     "zaterdag",  "zo",       "zondag",   "man",      "mandag",     "tis",       "tisdag",   "ons",
      "onsdag", "tors",      "torsdag",  "fre",      "fredag",   "lor",        "lordag",    "son",      "sondag",
      "montag", "mo",        "dienstag", "mittwoch", "mi",       "donnerstag", "freitag",   "fr",       "samstag",
      "sa",     "sonnabend", "sonntag",  "so"};
  const std::string folded = squash(word);
  return std::find(std::begin(kWeekdays), std::end(kWeekdays), folded) != std::end(kWeekdays);
}

// ---- the scanner of everything that is not of the commonest form ----

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
bool scan_time(Scanner& in, DateParts& out) {
  if (in.done()) return true;
  bool apart = in.blanks();
  if (in.take(',') || in.take('@')) apart = true, in.blanks();
  bool t = false;
  if (lower(in.peek()) == 't' && is_digit(in.peek(1))) {
    in.skip();
    t = true;
  } else if (!is_digit(in.peek())) {
    const std::string word = squash(in.word());
    if (word != "at" && word != "om" && word != "um" && word != "kl" && word != "klockan") return false;
    in.take('.');
    apart = in.blanks();
  }
  if (!apart && !t) return false;
  std::int64_t hour = 0, minute = 0, second = 0, fraction = 0;
  const int n = in.number(hour);
  if (n == 1 || n == 2) {
    const char mark = in.peek();
    if ((mark != ':' && mark != '.') || !is_digit(in.peek(1))) return false;
    in.skip();
    if (in.number(minute) != 2) return false;
    if (in.peek() == mark && is_digit(in.peek(1))) {
      in.skip();
      if (in.number(second) != 2) return false;
      if ((in.peek() == '.' || in.peek() == ',') && is_digit(in.peek(1))) {
        in.skip();
        for (std::int64_t unit = 100; is_digit(in.peek()); in.skip(), unit /= 10) fraction += (in.peek() - '0') * unit;
      }
    }
  } else if (t && (n == 4 || n == 6)) {
    if (n == 6) second = hour % 100, hour /= 100;
    minute = hour % 100;
    hour /= 100;
  } else {
    return false;
  }
  in.blanks();
  const char half = lower(in.peek());
  if ((half == 'a' || half == 'p') && (lower(in.peek(1)) == 'm' || (in.peek(1) == '.' && lower(in.peek(2)) == 'm'))) {
    in.skip(in.peek(1) == '.' ? 3 : 2);
    in.take('.');
    if (hour < 1 || hour > 12) return false;
    hour = hour % 12 + (half == 'p' ? 12 : 0);
    in.blanks();
  }
  if (hour > 23 || minute > 59 || second > 60) return false;
  out.has_time = true;
  out.time_ms = hour * kMsPerHour + minute * kMsPerMinute + second * 1000 + fraction;
  if (in.done()) return true;
  const std::size_t before = in.at();
  const std::string zone = squash(in.word());
  if (zone == "cet" || zone == "cest") {
    out.has_offset = true;
    out.offset_minutes = zone == "cet" ? 60 : 120;
  } else if (zone == "utc" || zone == "gmt" || zone == "z") {
    out.has_offset = true;
  } else {
    in.back_to(before);
  }
  if (in.peek() == '+' || in.peek() == '-') {
    std::string_view offset = in.rest();
    if (const std::size_t end = offset.find(' '); end != std::string_view::npos) offset = offset.substr(0, end);
    const auto minutes = parse_offset(offset);
    if (!minutes) return false;
    in.skip(offset.size());
    out.has_offset = true;
    out.offset_minutes = *minutes;
  }
  in.blanks();
  // "Fri Mar 01 2024 13:05:07 GMT+0100 (Central European Standard Time)"
  if (in.peek() == '(' && in.rest().back() == ')') return true;
  return in.done();
}

std::optional<DateParts> scan_named(Scanner& in, std::int32_t first, int first_digits) {
  DateParts out;
  out.family = DateFamily::kNames;
  std::int64_t number = 0;
  const auto ordinal = [&] {
    const std::size_t before = in.at();
    const std::string suffix = squash(in.word());
    if (suffix != "st" && suffix != "nd" && suffix != "rd" && suffix != "th" && suffix != "e") in.back_to(before);
  };
  if (first_digits > 0) {  // 1 March 2024, 01-mrt-24, 2024-Mar-01
    const std::int32_t month = month_of(in.word());
    if (month == 0) return std::nullopt;
    in.take('.');
    in.blanks();
    if (!in.take('-')) in.take('/');
    in.take(',');
    in.blanks();
    const int n = in.number(number);
    if (first_digits == 4) {
      if (n < 1 || n > 2) return std::nullopt;
      out.a = first;
      out.c = static_cast<std::int32_t>(number);
      out.a_digits = 4;
    } else {
      if (n != 4 && n != 2) return std::nullopt;
      out.a = static_cast<std::int32_t>(number);
      out.a_digits = static_cast<std::int8_t>(n);
      out.c = first;
    }
    out.b = month;
  } else {  // March 1, 2024; Mar 01 2024
    const std::int32_t month = month_of(in.word());
    if (month == 0) return std::nullopt;
    in.take('.');
    in.blanks();
    if (!in.take('-')) in.take('/');
    const int d = in.number(number);
    if (d < 1 || d > 2) return std::nullopt;
    out.c = static_cast<std::int32_t>(number);
    ordinal();
    in.take('.');
    in.blanks();
    if (!in.take('-')) in.take('/');
    in.take(',');
    in.blanks();
    const int n = in.number(number);
    if (n != 4 && n != 2) return std::nullopt;
    out.a = static_cast<std::int32_t>(number);
    out.a_digits = static_cast<std::int8_t>(n);
    out.b = month;
  }
  const bool dated = out.a_digits == 2
                         ? valid_date(2000 + out.a, out.b, out.c) || valid_date(1900 + out.a, out.b, out.c)
                         : valid_date(out.a, out.b, out.c);
  if (!dated || !scan_time(in, out)) return std::nullopt;
  return out;
}

// `year` of two digits: of this century when that is not beyond this year, else of the last.
std::int32_t full_year(std::int32_t year, Instant now) {
  const std::int32_t this_year =
      static_cast<int>(calendar::ymd(Day{static_cast<std::int32_t>(now.ms / kMsPerDay)}).year());
  return 2000 + year <= this_year ? 2000 + year : 1900 + year;
}

// The day that `p` names in `order`, if that is a date. `now` bounds years of two digits.
std::optional<std::int32_t> day_in_order(const DateParts& p, DayOrder order, Instant now) {
  std::int32_t y = 0, m = 0, d = 0;
  switch (order) {
    case DayOrder::kYmd:
      y = p.a, m = p.b, d = p.c;
      break;
    case DayOrder::kDmy:
      y = p.c, m = p.b, d = p.a;
      break;
    case DayOrder::kMdy:
      y = p.c, m = p.a, d = p.b;
      break;
  }
  if (p.family == DateFamily::kTwoDigit) y = full_year(y, now);
  if (!valid_date(y, m, d)) return std::nullopt;
  const std::int32_t day = day_number(y, m, d);
  if (p.family == DateFamily::kTwoDigit &&
      (day < calendar::kEarliestDay.number || day * kMsPerDay > now.ms + kFarthestZoneMs)) {
    return std::nullopt;
  }
  return day;
}

constexpr std::size_t index(DateFamily f) { return static_cast<std::size_t>(f); }

std::string_view family_words(DateFamily f) {
  switch (f) {
    case DateFamily::kYmd:
      return "year first";
    case DateFamily::kDmy:
      return "year last";
    case DateFamily::kTwoDigit:
      return "a year of two digits";
    case DateFamily::kNames:
      return "the month's name";
    case DateFamily::kEpoch:
      return "seconds since 1970";
    case DateFamily::kEpochMs:
      return "milliseconds since 1970";
  }
  return "";
}

}  // namespace

std::string to_string(const DateForm& form) {
  if (!form.custom.empty()) return form.custom;
  switch (form.family) {
    case DateFamily::kYmd:
      return "YMD";
    case DateFamily::kDmy:
    case DateFamily::kTwoDigit:
      return form.order == DayOrder::kDmy ? "DMY" : form.order == DayOrder::kMdy ? "MDY" : "YMD";
    case DateFamily::kNames:
      return "names";
    case DateFamily::kEpoch:
      return "epoch";
    case DateFamily::kEpochMs:
      return "epoch-ms";
  }
  return {};
}

bool is_no_date(std::string_view cell) {
  cell = trim(cell);
  if (cell.empty()) return true;
  if (cell.size() > 19) return false;
  if (cell.starts_with("0000-00-00") || cell == "-" || cell == "\xE2\x80\x93" || cell == "\xE2\x80\x94") return true;
  const std::string text = to_lower(cell);
  return text == "n/a" || text == "null" || text == "none" || text == "nan" || text == "nat" || text == "\\n";
}

std::optional<DateParts> scan_date(std::string_view cell) {
  cell = trim(cell);
  if (!cell.empty() && cell[0] == '\'') cell.remove_prefix(1);
  if (cell.empty() || cell.size() > 80) return std::nullopt;
  Scanner in(cell);
  DateParts out;
  std::int64_t first = 0, second = 0, third = 0;
  if (!is_digit(in.peek())) {
    const std::size_t before = in.at();
    const std::string_view word = in.word();
    if (word.empty()) return std::nullopt;
    if (month_of(word) != 0) {
      in.back_to(before);
      return scan_named(in, 0, 0);
    }
    if (!is_weekday(word)) return std::nullopt;
    in.take('.');
    in.take(',');
    in.blanks();
    if (!is_digit(in.peek())) return scan_named(in, 0, 0);
  }
  const int n = in.number(first);
  if (n <= 0) return std::nullopt;
  if (in.done() || n == 8 || n == 14) {
    switch (n) {
      case 8:
      case 14: {
        std::int64_t date = first;
        if (n == 14) {
          const std::int64_t clock = first % 1'000'000;
          date = first / 1'000'000;
          if (clock / 10000 > 23 || clock / 100 % 100 > 59 || clock % 100 > 60) return std::nullopt;
          out.has_time = true;
          out.time_ms = clock / 10000 * kMsPerHour + clock / 100 % 100 * kMsPerMinute + clock % 100 * 1000;
          if (!in.done()) return std::nullopt;
        }
        out.a = static_cast<std::int32_t>(date / 10000);
        out.b = static_cast<std::int32_t>(date / 100 % 100);
        out.c = static_cast<std::int32_t>(date % 100);
        out.a_digits = 4;
        if (out.a < 1900 || out.a > 2200 || !valid_date(out.a, out.b, out.c)) return std::nullopt;
        if (n == 8 && !scan_time(in, out)) return std::nullopt;
        return out;
      }
      case 9:
      case 10:
        out.family = DateFamily::kEpoch;
        out.epoch_ms = first * 1000;
        return out;
      case 12:
      case 13:
        out.family = DateFamily::kEpochMs;
        out.epoch_ms = first;
        return out;
      default:
        return std::nullopt;
    }
  }
  if (n > 4) return std::nullopt;
  const std::size_t after_first = in.at();
  // 1 March 2024, 1. März 2024, 1st March 2024, 01-mrt-24
  {
    if (n <= 2) {
      const std::string suffix = squash(in.word());
      if (suffix != "st" && suffix != "nd" && suffix != "rd" && suffix != "th") in.back_to(after_first);
    }
    in.take('.');
    in.blanks();
    if (!in.take('-')) in.take('/');
    in.blanks();
    const bool letter =
        !in.done() && !is_digit(in.peek()) &&
        ((lower(in.peek()) >= 'a' && lower(in.peek()) <= 'z') || static_cast<unsigned char>(in.peek()) >= 0xC3);
    if (letter) return scan_named(in, static_cast<std::int32_t>(first), n == 3 ? 0 : n);
    in.back_to(after_first);
  }
  out.mark = in.peek();
  if (out.mark != '-' && out.mark != '/' && out.mark != '.') return std::nullopt;
  in.skip();
  if (out.mark == '.') in.blanks();  // "1. 3. 2024"
  const int n2 = in.number(second);
  if (n2 < 1 || n2 > 2 || !in.take(out.mark)) return std::nullopt;
  if (out.mark == '.') in.blanks();
  const int n3 = in.number(third);
  out.a = static_cast<std::int32_t>(first);
  out.b = static_cast<std::int32_t>(second);
  out.c = static_cast<std::int32_t>(third);
  out.a_digits = static_cast<std::int8_t>(n);
  if (n == 4 && (n3 == 1 || n3 == 2)) {
    out.family = DateFamily::kYmd;
    if (!valid_date(out.a, out.b, out.c)) return std::nullopt;
  } else if (n <= 2 && n3 == 4) {
    out.family = DateFamily::kDmy;
    if (!valid_date(out.c, out.b, out.a) && !valid_date(out.c, out.a, out.b)) return std::nullopt;
  } else if (n <= 2 && n3 == 2) {
    out.family = DateFamily::kTwoDigit;
  } else {
    return std::nullopt;
  }
  if (!scan_time(in, out)) return std::nullopt;
  return out;
}

// ---- evidence ----

void DateEvidence::note(Seen& seen, std::string_view cell, std::uint64_t line) {
  if (seen.count++ == 0) {
    seen.line = line;
    seen.example = std::string(trim(cell).substr(0, 40));
  }
}

void DateEvidence::add(std::string_view cell, std::uint64_t line) {
  // The commonest form first: a whole pass over a file goes through here.
  if (cell.size() >= 10 && cell[4] == '-' && cell[7] == '-' && digits(cell.data(), 4) && digits(cell.data() + 5, 2) &&
      digits(cell.data() + 8, 2)) {
    CivilTime time;
    std::int64_t time_ms = 0;
    const bool dated =
        valid_date(two(cell.data()) * 100 + two(cell.data() + 2), two(cell.data() + 5), two(cell.data() + 8));
    const bool timed =
        cell.size() > 10 && (cell[10] == ' ' || cell[10] == 'T') && parse_iso_time(cell.substr(11), time, time_ms);
    if (dated && (timed || cell.size() == 10)) {
      ++dates_;
      if (family_[index(DateFamily::kYmd)].count++ == 0) {
        family_[index(DateFamily::kYmd)].line = line;
        family_[index(DateFamily::kYmd)].example = std::string(cell);
      }
      with_time_ += timed ? 1 : 0;
      with_offset_ += time.has_offset ? 1 : 0;
      not_midnight_ += time_ms != 0 ? 1 : 0;
      return;
    }
  }
  if (is_no_date(cell)) return;
  const auto parts = scan_date(cell);
  std::optional<std::int32_t> in_order[3];
  bool dated = parts.has_value();
  if (dated && (parts->family == DateFamily::kDmy || parts->family == DateFamily::kTwoDigit)) {
    const bool short_year = parts->family == DateFamily::kTwoDigit;
    for (const DayOrder o : {DayOrder::kYmd, DayOrder::kDmy, DayOrder::kMdy}) {
      if (o == DayOrder::kYmd && !short_year) continue;
      if (o == DayOrder::kMdy && short_year && parts->mark == '.') continue;
      in_order[static_cast<std::size_t>(o)] = day_in_order(*parts, o, now_);
    }
    dated = in_order[0] || in_order[1] || in_order[2];
  }
  if (!dated) {
    if (garbage_++ == 0) garbage_line_ = line;
    return;
  }
  ++dates_;
  note(family_[index(parts->family)], cell, line);
  short_names_ += parts->family == DateFamily::kNames && parts->a_digits == 2 ? 1 : 0;
  if (parts->family == DateFamily::kDmy || parts->family == DateFamily::kTwoDigit) {
    const std::size_t which = parts->family == DateFamily::kDmy ? 0 : 1;
    for (std::size_t o = 0; o < 3; ++o) {
      if (!in_order[o]) note(against_[which][o], cell, line);
    }
    dotted_[which] += parts->mark == '.' ? 1 : 0;
  }
  with_time_ += parts->has_time ? 1 : 0;
  with_offset_ += parts->has_offset ? 1 : 0;
  not_midnight_ += parts->time_ms != 0 || parts->family == DateFamily::kEpoch || parts->family == DateFamily::kEpochMs;
}

Result<DateForm> DateEvidence::decide(const std::string& file, const std::string& column, std::optional<DayOrder> asked,
                                      std::string_view field) const {
  const auto bad = [&](std::string message, std::string hint, std::uint64_t line) {
    return fail(Errc::kBadInput, file + ": " + std::move(message), std::move(hint), Place{file, line, column});
  };
  const std::string where = "column " + quoted(column);
  const std::string name_it = "Name the column that holds it: --map " + std::string(field) +
                              "=COLUMN; or say its form: --date-format DMY, or one such as \"%d.%m.%Y %H:%M\".";
  if (dates_ == 0) {
    return bad(where + " was taken for a date, but no cell of it reads as one", name_it, garbage_line_);
  }
  std::size_t main = 0;
  for (std::size_t f = 1; f < kDateFamilies; ++f) {
    if (family_[f].count > family_[main].count) main = f;
  }
  std::uint64_t readable = family_[main].count;
  for (const DateFamily f : {DateFamily::kYmd, DateFamily::kNames}) {
    if (index(f) != main) readable += family_[index(f)].count;
  }
  if (main != index(DateFamily::kNames)) readable -= short_names_;
  const std::uint64_t total = dates_ + garbage_;
  if (readable * 5 < total * 4) {
    std::size_t other = kDateFamilies;
    for (std::size_t f = 0; f < kDateFamilies; ++f) {
      if (f == main || f == index(DateFamily::kYmd) || f == index(DateFamily::kNames) || family_[f].count == 0)
        continue;
      if (other == kDateFamilies || family_[f].count > family_[other].count) other = f;
    }
    if (other == kDateFamilies || garbage_ > family_[other].count) {
      return bad(std::to_string(garbage_) + " of " + std::to_string(total) + " cells of " + where +
                     " do not read as dates, the first on line " + std::to_string(garbage_line_),
                 name_it, garbage_line_);
    }
    return bad(where + " mixes date formats: " + quoted(family_[main].example) + " (" +
                   std::string(family_words(static_cast<DateFamily>(main))) + ", line " +
                   std::to_string(family_[main].line) + ") and " + quoted(family_[other].example) + " (" +
                   std::string(family_words(static_cast<DateFamily>(other))) + ", line " +
                   std::to_string(family_[other].line) + ")",
               "Export the file with one date format, or split it.", family_[other].line);
  }
  DateForm form;
  form.family = static_cast<DateFamily>(main);
  form.all_midnight = with_time_ > 0 && not_midnight_ == 0 && with_offset_ == 0;
  if (form.family != DateFamily::kDmy && form.family != DateFamily::kTwoDigit) return form;

  const std::size_t which = form.family == DateFamily::kDmy ? 0 : 1;
  const auto& against = against_[which];
  const Seen& seen = family_[main];
  if (asked && (which == 1 || *asked != DayOrder::kYmd)) {
    form.order = *asked;
    const Seen& unfit = against[static_cast<std::size_t>(*asked)];
    if (unfit.count * 5 > seen.count) {
      return bad("read as " + to_string(form) + ", " + std::to_string(unfit.count) + " cells of " + where +
                     " are no dates, such as " + quoted(unfit.example) + " on line " + std::to_string(unfit.line),
                 "Leave --date-format out, or give the form that the file has.", unfit.line);
    }
    return form;
  }
  const bool dotted = dotted_[which] == seen.count;
  std::vector<DayOrder> candidates = {DayOrder::kDmy};
  if (!(which == 1 && dotted)) candidates.push_back(DayOrder::kMdy);
  if (which == 1) candidates.push_back(DayOrder::kYmd);
  const auto count = [&](DayOrder o) { return against[static_cast<std::size_t>(o)].count; };
  std::vector<DayOrder> alive;
  for (const DayOrder o : candidates) {
    if (count(o) == 0) alive.push_back(o);
  }
  if (alive.size() == 1) {
    form.order = alive[0];
    return form;
  }
  if (alive.empty()) {
    DayOrder best = candidates[0], next = candidates[0];
    for (const DayOrder o : candidates) {
      if (count(o) < count(best)) best = o;
    }
    for (const DayOrder o : candidates) {
      if (o != best && (next == best || count(o) < count(next))) next = o;
    }
    if (count(best) * 100 <= count(next)) {
      form.order = best;
      return form;
    }
    const Seen& one = against[static_cast<std::size_t>(best)];
    const Seen& two_ = against[static_cast<std::size_t>(next)];
    return bad(where + " mixes the order of day and month: " + quoted(two_.example) + " (line " +
                   std::to_string(two_.line) + ") and " + quoted(one.example) + " (line " + std::to_string(one.line) +
                   ")",
               "Export the file with one date format, or split it.", one.line);
  }
  if (which == 0 && dotted) {  // dots part day, month and year wherever they are used at all
    form.order = DayOrder::kDmy;
    return form;
  }
  return bad(
      "it cannot be told which number of the dates in " + where + " is the day, such as " + quoted(seen.example) +
          " on line " + std::to_string(seen.line),
      "Say it: --date-format DMY (day first), MDY (month first)" + std::string(which == 1 ? " or YMD" : "") + ".",
      seen.line);
}

// ---- reading ----

DateReader::DateReader(DateForm form, calendar::Zone zone, Instant now)
    : form_(std::move(form)), zone_(std::move(zone)), now_(now), local_max_ms_(now.ms + kFarthestZoneMs) {}

Result<DateReader> DateReader::create(DateForm form, calendar::Zone zone, Instant now) {
  if (!form.custom.empty()) TRY(parse_date_format(form.custom));
  return DateReader(std::move(form), std::move(zone), now);
}

namespace {

// One pass of a strptime-like form over the cell.
bool scan_custom(std::string_view form, std::string_view cell, Instant now, CivilTime& out) {
  Scanner in(trim(cell));
  std::int64_t y = -1, m = -1, d = -1, hour = 0, minute = 0, second = 0, fraction = 0, n = 0;
  std::optional<std::int64_t> epoch;
  bool pm = false, half = false;
  const auto bounded = [&](int digits_max, std::int64_t& value) {
    value = 0;
    int count = 0;
    while (count < digits_max && is_digit(in.peek())) {
      value = value * 10 + (in.peek() - '0');
      in.skip();
      ++count;
    }
    return count;
  };
  for (std::size_t i = 0; i < form.size(); ++i) {
    const char c = form[i];
    if (is_blank(c)) {
      in.blanks();
      continue;
    }
    if (c != '%') {
      if (!in.take(c)) return false;
      continue;
    }
    switch (form[++i]) {
      case 'Y':
        if (bounded(4, y) != 4) return false;
        break;
      case 'y':
        if (bounded(2, n) != 2) return false;
        y = full_year(static_cast<std::int32_t>(n), now);
        break;
      case 'm':
        if (bounded(2, m) == 0) return false;
        break;
      case 'd':
      case 'e':
        in.blanks();
        if (bounded(2, d) == 0) return false;
        break;
      case 'b':
      case 'B':
      case 'h':
        m = month_of(in.word());
        if (m == 0) return false;
        in.take('.');
        break;
      case 'a':
      case 'A':
        if (!is_weekday(in.word())) return false;
        in.take('.');
        break;
      case 'H':
      case 'I':
        if (bounded(2, hour) == 0) return false;
        out.has_time = true;
        break;
      case 'M':
        if (bounded(2, minute) == 0) return false;
        break;
      case 'S':
        if (bounded(2, second) == 0) return false;
        break;
      case 'f': {
        if (!is_digit(in.peek())) return false;
        for (std::int64_t unit = 100; is_digit(in.peek()); in.skip(), unit /= 10) fraction += (in.peek() - '0') * unit;
        break;
      }
      case 'p': {
        const char h = lower(in.peek());
        if (h != 'a' && h != 'p') return false;
        in.skip();
        in.take('.');
        if (lower(in.peek()) != 'm') return false;
        in.skip();
        in.take('.');
        half = true;
        pm = h == 'p';
        break;
      }
      case 'z': {
        std::string_view text = in.rest();
        std::size_t length = 0;
        while (length < text.size() && (is_digit(text[length]) || std::strchr("+-:Zz", text[length]) != nullptr)) {
          ++length;
        }
        const auto offset = parse_offset(text.substr(0, length));
        if (!offset) return false;
        in.skip(length);
        out.has_offset = true;
        out.offset_minutes = *offset;
        break;
      }
      case 's':
        if (bounded(18, n) == 0) return false;
        epoch = n;
        break;
      case '%':
        if (!in.take('%')) return false;
        break;
      default:
        return false;
    }
  }
  in.blanks();
  if (!in.done()) return false;
  if (epoch) {
    if (*epoch > INT64_C(253402300800)) return false;  // year 10000
    out.has_time = out.has_offset = true;
    out.local_ms = *epoch * 1000;
    return true;
  }
  if (half) {
    if (hour < 1 || hour > 12) return false;
    hour = hour % 12 + (pm ? 12 : 0);
  }
  if (hour > 23 || minute > 59 || second > 60) return false;
  if (!valid_date(static_cast<std::int32_t>(y), static_cast<std::int32_t>(m), static_cast<std::int32_t>(d))) {
    return false;
  }
  out.local_ms =
      day_number(static_cast<std::int32_t>(y), static_cast<std::int32_t>(m), static_cast<std::int32_t>(d)) * kMsPerDay +
      hour * kMsPerHour + minute * kMsPerMinute + second * 1000 + fraction;
  return true;
}

}  // namespace

std::optional<CivilTime> DateReader::read_civil(std::string_view cell) {
  CivilTime out;
  if (!form_.custom.empty()) {
    if (!scan_custom(form_.custom, cell, now_, out)) return std::nullopt;
    return out;
  }
  if (cell.size() >= 10 && cell[4] == '-' && cell[7] == '-') {
    const bool same = std::memcmp(cell.data(), last_text_.data(), 10) == 0;
    bool dated = same;
    if (!same && digits(cell.data(), 4) && digits(cell.data() + 5, 2) && digits(cell.data() + 8, 2)) {
      const std::int32_t y = two(cell.data()) * 100 + two(cell.data() + 2);
      const std::int32_t m = two(cell.data() + 5), d = two(cell.data() + 8);
      if (valid_date(y, m, d)) {
        dated = true;
        last_day_ = day_number(y, m, d);
        std::memcpy(last_text_.data(), cell.data(), 10);
      }
    }
    if (dated) {
      out.local_ms = last_day_ * kMsPerDay;
      if (cell.size() == 10) return out;
      std::int64_t time_ms = 0;
      if ((cell[10] == ' ' || cell[10] == 'T') && parse_iso_time(cell.substr(11), out, time_ms)) {
        out.has_time = true;
        out.local_ms += time_ms;
        return out;
      }
      out = {};
    }
  }
  const auto parts = scan_date(cell);
  if (!parts) return std::nullopt;
  std::optional<std::int32_t> day;
  switch (parts->family) {
    case DateFamily::kEpoch:
    case DateFamily::kEpochMs:
      if (parts->family != form_.family) return std::nullopt;
      out.has_time = out.has_offset = true;
      out.local_ms = parts->epoch_ms;
      return out;
    case DateFamily::kYmd:
      day = day_in_order(*parts, DayOrder::kYmd, now_);
      break;
    case DateFamily::kNames: {
      const std::int32_t year = parts->a_digits == 2 ? full_year(parts->a, now_) : parts->a;
      if (parts->a_digits == 2 && form_.family != DateFamily::kNames) return std::nullopt;
      if (valid_date(year, parts->b, parts->c)) day = day_number(year, parts->b, parts->c);
      break;
    }
    case DateFamily::kDmy:
    case DateFamily::kTwoDigit:
      if (parts->family != form_.family) return std::nullopt;
      day = day_in_order(*parts, form_.order, now_);
      break;
  }
  if (!day) return std::nullopt;
  out.has_time = parts->has_time;
  out.has_offset = parts->has_offset;
  out.offset_minutes = parts->offset_minutes;
  out.local_ms = *day * kMsPerDay + parts->time_ms;
  return out;
}

std::int64_t DateReader::instant_of_local(std::int64_t local_ms) {
  const std::int64_t day = local_ms / kMsPerDay;  // local_ms >= 0 here: dates before 1990 never come this far
  if (day != offset_day_) {
    const std::int64_t begin = day * kMsPerDay;
    const std::int64_t first = zone_.from_local(begin).ms;
    const std::int64_t noon = zone_.from_local(begin + kMsPerDay / 2).ms;
    const std::int64_t next = zone_.from_local(begin + kMsPerDay).ms;
    offset_day_ = day;
    offset_ms_ = begin - first;
    // A zone changes its offset at most once within a day and its neighbours' midnights; noon guards against a change
    // and its undoing on one day.
    offset_constant_ = noon - first == kMsPerDay / 2 && next - first == kMsPerDay;
  }
  if (offset_constant_) return local_ms - offset_ms_;
  return zone_.from_local(local_ms).ms;
}

DateFault DateReader::read(std::string_view cell, calendar::Moment& out) {
  const auto civil = read_civil(cell);
  if (!civil) return DateFault::kUnreadable;
  const std::int64_t local = civil->local_ms;
  if (local < calendar::kEarliestDay.number * kMsPerDay) return DateFault::kTooEarly;
  const bool midnight = local % kMsPerDay == 0;
  if (civil->has_offset) {
    const std::int64_t at = local - civil->offset_minutes * kMsPerMinute;
    if (at > now_.ms) return DateFault::kFuture;
    out = {{at}, false};
    return DateFault::kNone;
  }
  if (local > local_max_ms_) return DateFault::kFuture;
  if (!civil->has_time || (form_.all_midnight && midnight)) {
    out = {{local}, true};
    return DateFault::kNone;
  }
  out = {{form_.utc ? local : instant_of_local(local)}, false};
  return DateFault::kNone;
}

Result<DateForm> parse_date_format(std::string_view text) {
  text = trim(text);
  DateForm form;
  const std::string folded = squash(text);
  if (text.find('%') == std::string_view::npos) {
    // "DMY", "DD/MM/YYYY", "yyyy-mm-dd": the order of the letters is all that is asked for.
    std::string letters;
    for (const char c : folded) {
      if (letters.empty() || letters.back() != c) letters += c;
    }
    if (letters == "dmy") {
      form.family = DateFamily::kDmy;
      form.order = DayOrder::kDmy;
      return form;
    }
    if (letters == "mdy") {
      form.family = DateFamily::kDmy;
      form.order = DayOrder::kMdy;
      return form;
    }
    if (letters == "ymd") return form;
  } else {
    bool year = false, month = false, day = false, known = true;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '%') continue;
      const char c = i + 1 < text.size() ? text[++i] : '\0';
      known = known && c != '\0' && std::strchr("YymdebBhaAHIMSfpzs%", c) != nullptr;
      year = year || c == 'Y' || c == 'y' || c == 's';
      month = month || c == 'm' || c == 'b' || c == 'B' || c == 'h' || c == 's';
      day = day || c == 'd' || c == 'e' || c == 's';
    }
    if (known && year && month && day) {
      form.custom = std::string(text);
      return form;
    }
  }
  return fail(Errc::kInvalidArgument, quoted(text) + " is no date format",
              "Use DMY, MDY, YMD, or a form with year, month and day such as \"%d.%m.%Y %H:%M\".");
}

}  // namespace behoud::ingest
