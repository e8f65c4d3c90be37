// What a column's dates are, by all of its cells.

#include <utility>
#include <vector>

#include "ingest/date_scan.h"
#include "ingest/dates.h"

namespace behoud::ingest {

using namespace date_scan;

namespace {

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
  const auto bad = [&](std::string message, std::string hint, std::uint64_t line, Why why) {
    return fail(Errc::kBadInput, file + ": " + std::move(message), std::move(hint), Place{file, line, column},
                std::move(why));
  };
  const auto both = [](const Seen& a, const Seen& b) {
    return std::vector<Why::Value>{
        {"first", a.example}, {"first_line", a.line}, {"second", b.example}, {"second_line", b.line}};
  };
  const std::string where = "column " + quoted(column);
  const std::string name_it = "Name the column that holds it: --map " + std::string(field) +
                              "=COLUMN; or say its form: --date-format DMY, or one such as \"%d.%m.%Y %H:%M\".";
  if (dates_ == 0) {
    return bad(where + " was taken for a date, but no cell of it reads as one", name_it, garbage_line_,
               {"problem.dates_none"});
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
                 name_it, garbage_line_, {"problem.dates_few", {{"count", garbage_}, {"total", total}}});
    }
    return bad(where + " mixes date formats: " + quoted(family_[main].example) + " (" +
                   std::string(family_words(static_cast<DateFamily>(main))) + ", line " +
                   std::to_string(family_[main].line) + ") and " + quoted(family_[other].example) + " (" +
                   std::string(family_words(static_cast<DateFamily>(other))) + ", line " +
                   std::to_string(family_[other].line) + ")",
               "Export the file with one date format, or split it.", family_[other].line,
               {"problem.dates_mixed", both(family_[main], family_[other])});
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
      return bad(
          "read as " + to_string(form) + ", " + std::to_string(unfit.count) + " cells of " + where +
              " are no dates, such as " + quoted(unfit.example) + " on line " + std::to_string(unfit.line),
          "Leave --date-format out, or give the form that the file has.", unfit.line,
          {"problem.dates_not_so", {{"form", to_string(form)}, {"count", unfit.count}, {"value", unfit.example}}});
    }
    return form;
  }
  const bool dotted = dotted_[which] == seen.count;
  std::vector<DayOrder> candidates = {DayOrder::kDmy};
  if (which != 1 || !dotted) candidates.push_back(DayOrder::kMdy);
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
    return bad(
        where + " mixes the order of day and month: " + quoted(two_.example) + " (line " + std::to_string(two_.line) +
            ") and " + quoted(one.example) + " (line " + std::to_string(one.line) + ")",
        "Export the file with one date format, or split it.", one.line, {"problem.dates_order_mixed", both(two_, one)});
  }
  if (which == 0 && dotted) {  // dots part day, month and year wherever they are used at all
    form.order = DayOrder::kDmy;
    return form;
  }
  return bad(
      "it cannot be told which number of the dates in " + where + " is the day, such as " + quoted(seen.example) +
          " on line " + std::to_string(seen.line),
      "Say it: --date-format DMY (day first), MDY (month first)" + std::string(which == 1 ? " or YMD" : "") + ".",
      seen.line,
      {"problem.dates_ambiguous", {{"value", seen.example}, {"candidates", which == 1 ? "DMY,MDY,YMD" : "DMY,MDY"}}});
}

}  // namespace behoud::ingest
