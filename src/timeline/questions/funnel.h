#pragma once

// A funnel (W7): of the customers who did step 1 in a month, how many went on to step 2, then step 3, ... within a
// window.
//
// A customer reaches step s in month m when they have an event of step 1 in month m, after which (in the order of their
// history: instant, then arrival) an event of step 2 comes, after that one of step 3, and so on to step s, the last at
// most `window` after that step 1. Each customer counts once a month and step. Taking the next event of the next step
// from each step 1 on is enough: a later one is never sooner.
//
// How: a customer's kinds become one bit mask a step (64 events a word), and the next event of a step a count of
// trailing zeroes. Histories of over 64 events are walked back to front, carrying where each step comes next. Reads 5
// bytes an event. Thread-safety: pure.

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "timeline/questions/slice.h"

namespace behoud::timeline {

inline constexpr std::size_t kFunnelStepsMax = 8;

struct FunnelQuestion {
  std::vector<Kind> steps;                    // two to eight kinds; the same one may come again
  std::uint32_t window_seconds = 7 * 86'400;  // from step 1, included
};

// reached[m][s]: customers who did step 1 in month m and went on to step s + 1.
struct FunnelMonths {
  std::vector<std::vector<std::uint64_t>> reached;
  friend bool operator==(const FunnelMonths&, const FunnelMonths&) = default;
};

// [code of the split]. Errors: kInvalidArgument (fewer than two steps, or more than eight).
Result<std::vector<FunnelMonths>> funnel(const Timeline& timeline, const FunnelQuestion& question,
                                         const Slice& slice = {});

}  // namespace behoud::timeline
