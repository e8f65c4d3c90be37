#pragma once

// How each order stands at an as-of: placed by then, counting as a purchase, and how much of it was refunded. A walk
// over the rows of Histories in order, O(1) amortised a row; the same orders count as in Purchases
// (retention/internal).
//
// A step holds where its instant is before as-of, or not known (then it is the order's own).

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "retention/internal/as_of.h"
#include "timeline/histories.h"

namespace behoud::retention::report::internal {

struct Standing {
  bool placed = false;
  bool counts = false;
  std::int64_t refunded_minor = 0;
  // Once everything that is dated after the as-of will have happened.
  bool counts_in_the_end = false;
  std::int64_t refunded_in_the_end_minor = 0;
};

class Standings {
 public:
  // From the row `first` on.
  Standings(const timeline::Histories& h, calendar::Instant at, std::size_t first = 0)
      : h_(h), now_(as_of(h, at)), row_(first) {
    const auto step = std::partition_point(h.steps.begin(), h.steps.end(),
                                           [first](const timeline::OrderStep& s) { return s.order < first; });
    step_ = static_cast<std::size_t>(step - h.steps.begin());
  }

  calendar::Day cut() const { return now_.cut; }  // the first day that does not count

  // Of the next row; requires that there is one.
  Standing next() {
    Standing s;
    s.placed = happened(h_, row_, now_);
    s.counts = s.counts_in_the_end = s.placed;
    for (; step_ < h_.steps.size() && h_.steps[step_].order == row_; ++step_) {
      const timeline::OrderStep& step = h_.steps[step_];
      s.refunded_in_the_end_minor = step.refunded_minor;
      s.counts_in_the_end = s.placed && step.counts;
      if (step.at_ms != timeline::kUnknownInstant && step.at_ms >= now_.at.ms) continue;
      s.refunded_minor = step.refunded_minor;
      s.counts = s.placed && step.counts;
    }
    ++row_;
    return s;
  }

 private:
  const timeline::Histories& h_;
  AsOf now_;
  std::size_t row_ = 0, step_ = 0;
};

}  // namespace behoud::retention::report::internal
