#pragma once

// Who was active, new, kept, lost and back, and who bought, in any periods: docs/definitions.md, "Retention of a
// period", for the basis `orders`. Periods follow each other: period p is [points[p], points[p + 1]).
//
// Reads the begins, the days of the orders and no more: 2 bytes an order and 4 a customer. Up to kWordPeriods periods a
// customer's history becomes four words (active at which points, ordered and ordered again in which periods, born in
// which), by a table of what an order of each day says, and words are counted by bit position; a split takes the
// customers of a block code by code. More periods or codes are told run by run, which costs by the order and not by the
// period. Both ways give the same. Thread-safety: pure.

#include <cstdint>
#include <span>
#include <vector>

#include "calendar/day.h"
#include "timeline/questions/slice.h"

namespace behoud::timeline {

struct PeriodActivity {
  std::uint64_t customers_start = 0, customers_end = 0;  // S, E: active at the period's first day, at the next one's
  std::uint64_t new_customers = 0;                       // N: became a customer in it, active at its end
  std::uint64_t one_and_gone = 0;                        // became a customer in it, not active at its end
  std::uint64_t reactivated = 0;                         // R: became one earlier, active at its end alone
  std::uint64_t retained = 0, lost = 0;                  // K, L: active at its start; at its end too, or not
  std::uint64_t unknown_newcomers = 0;                   // of those who became customers, those of whom it is not known
  std::uint64_t ordered_before = 0;                      // became customers before it
  std::uint64_t buyers = 0, repeaters = 0;               // with an order in it; with two or more
  std::uint64_t returned = 0, returned_active = 0;       // of the buyers: customers before it; active at its start
  std::uint64_t buyers_to_date = 0;                      // with an order before its end
  friend bool operator==(const PeriodActivity&, const PeriodActivity&) = default;
};

struct PeriodQuestion {
  static constexpr calendar::Day kNever{0x3fffffff};  // no customer

  std::vector<calendar::Day> points{};  // ascending, two or more; they may lie beyond the timeline's days
  int window_days = 365;                // an order on day d makes active at the start of the days (d, d + window_days]
  // By number of the customer, since when they are one: not after their first order; kNever of who never ordered.
  // Empty: since the first order. And whether that is known, not supposed; empty: of nobody.
  std::span<const calendar::Day> since{};
  std::span<const std::uint8_t> known{};
};

inline constexpr std::size_t kWordPeriods = 63;  // their points are the bits of a word
inline constexpr std::size_t kWordCodes = 512;

enum class PeriodWay : std::uint8_t { kBest, kRuns };  // for tests: the result is the same

// [code of the split][period]. Requires points ascending strictly, two or more, and a window of at least a day.
std::vector<std::vector<PeriodActivity>> period_activity(const Timeline& timeline, const PeriodQuestion& question,
                                                         const Slice& slice = {}, PeriodWay way = PeriodWay::kBest);

}  // namespace behoud::timeline
