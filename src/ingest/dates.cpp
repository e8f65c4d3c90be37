#include "ingest/dates.h"

#include <cstring>
#include <utility>

#include "base/text.h"
#include "ingest/date_scan.h"
#include "ingest/mapping.h"

namespace behoud::ingest {

using calendar::Instant;
using calendar::kMsPerDay;
using namespace date_scan;

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
              "Use DMY, MDY, YMD, or a form with year, month and day such as \"%d.%m.%Y %H:%M\".", {},
              {"problem.date_format_unknown", {{"value", text}}});
}

}  // namespace behoud::ingest
