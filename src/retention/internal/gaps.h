#pragma once

// Gaps between one order and the next: days between successive order days, so that two orders of one day make no gap.

#include <algorithm>
#include <span>
#include <vector>

#include "calendar/day.h"

namespace behoud::retention {

inline void gaps_of(std::span<const calendar::Day> days, std::vector<int>& out) {
  out.clear();
  for (std::size_t i = 1; i < days.size(); ++i) {
    if (days[i] != days[i - 1]) out.push_back(days[i] - days[i - 1]);
  }
}

// The shortest gap that 9 in 10 gaps do not exceed (nearest rank). Reorders `gaps`, which must not be empty.
inline int usual_gap(std::vector<int>& gaps) {
  const std::size_t rank = (gaps.size() * 9 + 9) / 10;  // ceil(0.9 n), 1-based
  const auto at = gaps.begin() + static_cast<std::ptrdiff_t>(rank - 1);
  std::nth_element(gaps.begin(), at, gaps.end());
  return *at;
}

}  // namespace behoud::retention
