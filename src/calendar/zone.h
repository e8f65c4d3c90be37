#pragma once

// A shop's time zone: turns instants into civil days and back, by the system's IANA database (package tzdata).
//
// Laws. The days of a zone tile the time line: first_instant(d) <= t < first_instant(d + 1) exactly when day_of(t) ==
// d. A day may have 23, 24.5 or 25 hours, lack 00:00 (then it begins at its first instant), or not exist at all (Apia,
// 2011-12-30: first_instant(d) == first_instant(d + 1), and no instant falls on it).
// A clock that goes back across midnight (St. John's did at 00:01 until 2011) does not take the day back: the new day
// began. Cost: day_of and to_local look the offset up in a flat table with an index of 25-day buckets: a few ns for any
// order of input, no locks, no cache. Exact from the zone's first record to the year 9999. Thread-safety: a Zone is
// immutable and cheap to copy.

#include <memory>
#include <string>
#include <string_view>

#include "calendar/day.h"

namespace behoud::calendar {

class Zone {
 public:
  // `name` is an IANA name ("Europe/Amsterdam", "UTC"). Errors: kInvalidArgument (unknown; the hint names near ones),
  // kUnavailable (this machine has no time zone database), kCorrupt (the database's file is damaged).
  static Result<Zone> create(std::string_view name);
  static Zone utc();

  const std::string& name() const;
  Day day_of(Instant t) const;
  // The civil day of a moment: a date-only one keeps its own.
  Day day_of(Moment m) const;
  Instant first_instant(Day d) const;
  // The instant of a local wall time given as ms since local 1970-01-01T00:00. A missing local time moves forward by
  // the gap, a doubled one is the earlier.
  Instant from_local(std::int64_t local_ms) const;
  // Milliseconds of local wall time since local 1970-01-01T00:00.
  std::int64_t to_local(Instant t) const;

 private:
  struct Rules;  // the transitions, flattened: sorted UTC instants, the offset after each, and the index
  explicit Zone(std::shared_ptr<const Rules> rules);
  std::shared_ptr<const Rules> rules_;  // shared: immutable, and zones are copied into every reader
};

}  // namespace behoud::calendar
