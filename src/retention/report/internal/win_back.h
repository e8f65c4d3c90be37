#pragma once

// Who was lost in a period and is not back, with what they spent in the year to their last order.
// Cost: a pass over the orders on two threads.

#include <cstdint>
#include <vector>

#include "retention/answers.h"
#include "retention/internal/view.h"
#include "timeline/histories.h"

namespace behoud::retention::report::internal {

struct Lost {
  std::uint64_t people = 0;
  std::int64_t year_minor = 0;
  void add(const Lost& o) {
    people += o.people;
    year_minor += o.year_minor;
  }
};

// `who`: the people too.
Lost win_back(const timeline::Histories& h, const View& view, int window_days, const PeriodHead& period,
              std::vector<std::uint32_t>* who = nullptr);

}  // namespace behoud::retention::report::internal
