#pragma once

// Gaps between one order and the next: days between successive order days, so that two orders of one day make no gap.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "retention/internal/purchases.h"

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

// The usual gap of each customer who has enough of them to tell, and of the shop: what who is slipping away is held
// against, at every window. Of a View.
struct UsualGaps {
  static constexpr std::size_t kOwnMin = 5;

  static UsualGaps of(const Purchases& purchases);

  std::vector<std::int32_t> own;  // by customer; 0 with fewer than kOwnMin gaps
  std::optional<int> shop;        // absent without any gap
  std::size_t bytes() const { return own.capacity() * sizeof(own[0]); }
};

}  // namespace behoud::retention
