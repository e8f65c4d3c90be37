#pragma once

// Dates and times as exports write them. What "03/04/2024" means is decided once for a whole column: every cell is
// shown to a DateEvidence, which then decides a DateForm, by which a DateReader reads the cells.
//
// Families of forms:
//   ymd    2024-03-01, 2024/3/1, 2024.03.01, 20240301
//   dmy    01-03-2024, 1/3/2024, 1.3.2024, 01/03/24: day first, or month first; which, the column tells
//   names  1 Mar 2024, Mar 1, 2024, 1 maart 2024, 01-mrt-24, 1. März 2024, Fri, 01 Mar 2024 (en, nl, sv, de)
//   epoch  1709294707 (seconds), 1709294707000 (milliseconds)
// each but the last with or without a time: `13:05`, `13:05:07.250`, `1:05 PM`, after a blank, `T` or a comma, and an
// offset: `Z`, `UTC`, `+01:00`, `+0100`, `+01`. A time without offset is in the zone that the reader was given.
//
// A cell of ymd, or of names with a year of four digits, has one reading and is taken in a column of any family.
//
// Deciding. Of dmy the order is day-month when some cell's first number is above 12, month-day when some second one is,
// day-month where dots part the numbers and nothing speaks against it, else unknown: --date-format is asked for. Years
// of two digits may stand first, too; they are taken only when one order alone makes every cell a date between 1990
// and now. The family that most cells have is the column's when four in five cells can be read by it; the rows of the
// others are rejected one by one. Below that the formats are mixed, which is an error naming a line of each; and so is
// a column in which over 1 in 100 of the telling cells speaks for the other order.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "calendar/day.h"
#include "calendar/zone.h"

namespace behoud::ingest {

enum class DateFamily : std::uint8_t { kYmd, kDmy, kTwoDigit, kNames, kEpoch, kEpochMs };
inline constexpr std::size_t kDateFamilies = 6;
enum class DayOrder : std::uint8_t { kYmd, kDmy, kMdy };

struct DateForm {
  DateFamily family = DateFamily::kYmd;
  DayOrder order = DayOrder::kYmd;  // of kDmy and kTwoDigit
  std::string custom;               // a strptime-like form instead; empty: by family
  bool utc = false;                 // times without offset are UTC ("Created (UTC)")
  bool all_midnight = false;        // every time of the column is 00:00 without offset: they are dates alone
  friend bool operator==(const DateForm&, const DateForm&) = default;
};
// As FileShape::date_format says it: "YMD", "DMY", "MDY", "names", "epoch", "epoch-ms", or the custom form.
std::string to_string(const DateForm& form);

// A date as written, before any zone: local wall time in ms since local 1970-01-01T00:00.
struct CivilTime {
  std::int64_t local_ms = 0;
  bool has_time = false;
  bool has_offset = false;
  std::int32_t offset_minutes = 0;
};

// What a cell says, its numbers not yet told apart. nullopt: no date of any family.
struct DateParts {
  DateFamily family = DateFamily::kYmd;
  std::int32_t a = 0, b = 0, c = 0;  // the three numbers in their order; of names: year, month, day
  std::int8_t a_digits = 0;
  char mark = 0;  // between them; 0: none
  std::int64_t time_ms = 0;
  bool has_time = false, has_offset = false;
  std::int32_t offset_minutes = 0;
  std::int64_t epoch_ms = 0;  // of kEpoch and kEpochMs
};
std::optional<DateParts> scan_date(std::string_view cell);

// Cells that mean "none": empty, "-", "n/a", "null", "none", "nan", "0000-00-00".
bool is_no_date(std::string_view cell);

class DateEvidence {
 public:
  // `now` bounds the years of two digits.
  explicit DateEvidence(calendar::Instant now) : now_(now) {}
  void add(std::string_view cell, std::uint64_t line);
  std::uint64_t cells() const { return dates_ + garbage_; }
  std::uint64_t dates() const { return dates_; }
  // What the cells seen so far say. `asked`: the order that the user gave, instead of what the cells say about it.
  // `column`, `file` and the field's name in --map are for the errors: kBadInput (no dates; ambiguous; mixed).
  Result<DateForm> decide(const std::string& file, const std::string& column,
                          std::optional<DayOrder> asked = std::nullopt, std::string_view field = "date") const;

 private:
  struct Seen {
    std::uint64_t count = 0, line = 0;  // line: of the first
    std::string example;
  };
  static void note(Seen& seen, std::string_view cell, std::uint64_t line);
  calendar::Instant now_;
  std::uint64_t dates_ = 0, garbage_ = 0, garbage_line_ = 0;
  std::array<Seen, kDateFamilies> family_;
  // Of kDmy and of kTwoDigit: cells that are a date in another order but not in this one.
  std::array<std::array<Seen, 3>, 2> against_;
  std::array<std::uint64_t, 2> dotted_{};
  std::uint64_t with_offset_ = 0, not_midnight_ = 0, with_time_ = 0;
  std::uint64_t short_names_ = 0;  // of kNames: with a year of two digits
};

enum class DateFault : std::uint8_t { kNone, kUnreadable, kTooEarly, kFuture };

// Reads the cells of one column. Keeps the last day it read, since exports are sorted by time. Not thread-safe.
class DateReader {
 public:
  // Errors: kInvalidArgument (a custom form that has no year, month and day, or a directive that is not known).
  static Result<DateReader> create(DateForm form, calendar::Zone zone, calendar::Instant now);

  // A moment is in the future when it has not come anywhere on Earth (UTC+14) at `now`, or, with an offset, at all.
  DateFault read(std::string_view cell, calendar::Moment& out);
  // The same without bounds and zone: what is written. nullopt: unreadable.
  std::optional<CivilTime> read_civil(std::string_view cell);
  const DateForm& form() const { return form_; }

 private:
  DateReader(DateForm form, calendar::Zone zone, calendar::Instant now);
  std::int64_t instant_of_local(std::int64_t local_ms);

  DateForm form_;
  calendar::Zone zone_;
  calendar::Instant now_;
  std::int64_t local_max_ms_ = 0;
  // The date part read last ("2024-03-01") and its day.
  std::array<char, 10> last_text_{};
  std::int32_t last_day_ = 0;
  // The local day whose offset is the same from midnight to midnight, and that offset.
  std::int64_t offset_day_ = INT64_MIN;
  std::int64_t offset_ms_ = 0;
  bool offset_constant_ = false;
};

// "DMY", "MDY", "YMD" (any case), or a strptime-like form: %Y %y %m %d %e %b %B %H %I %M %S %f %p %z %s %%.
// Errors: kInvalidArgument naming the text.
Result<DateForm> parse_date_format(std::string_view text);

}  // namespace behoud::ingest
