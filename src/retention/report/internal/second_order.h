#pragma once

// Who ordered once, as long ago as the slower half of second orders comes (from the median gap to the 90th percentile).
// Cost: a pass over the orders on two threads; the gaps are kept with the view.

#include <cstdint>
#include <optional>
#include <vector>

#include "retention/internal/view.h"
#include "timeline/histories.h"

namespace behoud::retention::report::internal {

struct Due {
  std::uint64_t people = 0;
  int from_days = 0, to_days = 0;
  // Of those who had not come back by the median: how many still did, and what their second order brought.
  std::optional<double> rate, mean_minor;
};

// `who`: the people too. Nobody, where too few orders tell.
Due second_order_due(const timeline::Histories& h, const View& view, int window_days,
                     std::vector<std::uint32_t>* who = nullptr);

}  // namespace behoud::retention::report::internal
