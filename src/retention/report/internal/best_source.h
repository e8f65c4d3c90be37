#pragma once

// The source whose first orders bring more within 365 days than those of all others: by Welch's test, z > 1.96, 30
// people each; of several, the one that gains most. Cost: a pass over the orders on two threads, kept with the view.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "retention/internal/view.h"
#include "timeline/histories.h"

namespace behoud::retention::report::internal {

struct BestSource {
  bool any = false;
  std::uint64_t people = 0;
  timeline::Code code = 0;
  double mean_minor = 0, others_minor = 0;
  std::size_t bytes() const { return sizeof(*this); }

  static BestSource of(const timeline::Histories& h, const View& view);
  std::vector<std::uint32_t> customers(const timeline::Histories& h, const View& view) const;
};

const BestSource& best_source(const timeline::Histories& h, const View& view);

}  // namespace behoud::retention::report::internal
