#pragma once

// Return on day N (W8): of the customers by their first event of a kind (a first visit), how many had any event on the
// N-th civil day after that one's.
//
// Reads each customer's kinds until the first of the kind is found, then the instants of the days asked for: of long
// histories a small part. Thread-safety: pure.

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "timeline/questions/slice.h"

namespace behoud::timeline {

inline constexpr std::uint32_t kReturnDaysMax = 63;

struct ReturnQuestion {
  Kind first = 0;
  std::uint32_t days = 30;      // N = 1 .. days
  std::uint32_t as_of_day = 0;  // from the epoch's day: whose day N lies on it or later could not return yet
};

struct ReturnDays {
  // By N from 0: [0] is all customers with a first event (of a day before as-of).
  std::vector<std::uint64_t> customers;  // whose N-th day lies before as-of
  std::vector<std::uint64_t> returned;   // of them, with an event on that day; [0] is `customers[0]`
  friend bool operator==(const ReturnDays&, const ReturnDays&) = default;
};

// [code of the split]. Errors: kInvalidArgument (no day, or more than 63).
Result<std::vector<ReturnDays>> return_days(const Timeline& timeline, const ReturnQuestion& question,
                                            const Slice& slice = {});

}  // namespace behoud::timeline
