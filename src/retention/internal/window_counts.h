#pragma once

// The gaps between order days, counted as the choice of a window needs them.

#include <array>
#include <cstdint>

#include "retention/answers.h"

namespace behoud::retention {

class WindowCounts {
 public:
  void add(int gap) {
    ++gaps_;
    for (std::size_t i = 0; i < kCandidates.size(); ++i) within_[i] += gap <= kCandidates[i];
  }
  void add(const WindowCounts& other) {
    gaps_ += other.gaps_;
    for (std::size_t i = 0; i < kCandidates.size(); ++i) within_[i] += other.within_[i];
  }
  WindowChoice choose() const;

 private:
  static constexpr std::array kCandidates{30, 60, 90, 180, 365};

  std::uint64_t gaps_ = 0;
  std::array<std::uint64_t, kCandidates.size()> within_{};
};

}  // namespace behoud::retention
