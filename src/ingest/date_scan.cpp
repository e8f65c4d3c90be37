#include "ingest/date_scan.h"

#include <algorithm>
#include <utility>

#include "ingest/mapping.h"

namespace behoud::ingest {
namespace date_scan {

using calendar::Day;
using calendar::Instant;
using calendar::kMsPerDay;

namespace {

constexpr std::pair<std::string_view, std::int8_t> kMonths[] = {
    {"january", 1},  {"januari", 1},   {"januar", 1},    {"janner", 1}, {"jan", 1},       {"february", 2},
    {"februari", 2}, {"februar", 2},   {"feb", 2},       {"febr", 2},   {"march", 3},     {"maart", 3},
    {"mars", 3},     {"marz", 3},      {"maerz", 3},     {"mar", 3},    {"mrt", 3},       {"mrz", 3},
    {"april", 4},    {"apr", 4},       {"may", 5},       {"mei", 5},    {"maj", 5},       {"mai", 5},
    {"june", 6},     {"juni", 6},      {"jun", 6},       {"july", 7},   {"juli", 7},      {"jul", 7},
    {"august", 8},   {"augustus", 8},  {"augusti", 8},   {"aug", 8},    {"september", 9}, {"sep", 9},
    {"sept", 9},     {"october", 10},  {"oktober", 10},  {"oct", 10},   {"okt", 10},      {"november", 11},
    {"nov", 11},     {"december", 12}, {"dezember", 12}, {"dec", 12},   {"dez", 12}};

}  // namespace

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

std::int32_t full_year(std::int32_t year, Instant now) {
  const std::int32_t this_year =
      static_cast<int>(calendar::ymd(Day{static_cast<std::int32_t>(now.ms / kMsPerDay)}).year());
  return 2000 + year <= this_year ? 2000 + year : 1900 + year;
}

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

}  // namespace date_scan

using namespace date_scan;

namespace {

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

}  // namespace

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

}  // namespace behoud::ingest
