#pragma once

// The transitions of one zone, read from a TZif file (RFC 8536, versions 2 and later) of the system's IANA database.
// A file lists transitions up to some year and ends in a rule (a POSIX TZ string, "CET-1CEST,M3.5.0,M10.5.0/3") for the
// years after; both are flattened here. The `date` library is not used for this because it stops at the list: with
// Debian's tzdata it knows no summer time after 2037. It is the oracle of the tests instead.
//
// The bytes come from the system, yet are read as if they were hostile: every count is checked against the size.

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace behoud::calendar {

// The clock shows UTC + offset from `at` on, until the next transition.
struct Transition {
  std::int64_t at_ms = 0;
  std::int64_t offset_ms = 0;
  friend bool operator==(const Transition&, const Transition&) = default;
};

// Ascending by `at_ms`, never empty; the first is the beginning of time. Rules run on to the end of `last_year`.
// Errors: kCorrupt (not a TZif file of version 2 or later, or one that contradicts itself).
Result<std::vector<Transition>> read_tzif(std::string_view bytes, int last_year);

// The transitions of a POSIX TZ string in [first_year, last_year], ascending; the first entry is the offset before
// them. Errors: kCorrupt. An empty rule means that nothing is known: no transitions.
Result<std::vector<Transition>> expand_rule(std::string_view rule, int first_year, int last_year);

}  // namespace behoud::calendar
