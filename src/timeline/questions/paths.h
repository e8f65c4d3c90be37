#pragma once

// What customers did next: the kinds of events from a first one of `from` on, the same one again and again counted as
// one, and how many customers went each way.
//
// Reads kinds alone, from the first of `from` until the path is full. Thread-safety: pure.

#include <array>
#include <cstdint>
#include <vector>

#include "base/result.h"
#include "timeline/questions/slice.h"

namespace behoud::timeline {

inline constexpr std::size_t kPathMax = 4;
inline constexpr Kind kPathEnd = 0xFFFF;  // fills a path of fewer steps

struct Path {
  std::array<Kind, kPathMax> kinds{};  // the first is `from`
  std::uint64_t customers = 0;
  friend bool operator==(const Path&, const Path&) = default;
};

struct PathQuestion {
  Kind from = 0;
  std::size_t length = kPathMax;  // steps, the first one included
};

// [code of the split]; most customers first, equal ones by their kinds. Customers without an event of `from` are on no
// path. Errors: kInvalidArgument (a length of 0 or over four).
Result<std::vector<std::vector<Path>>> paths(const Timeline& timeline, const PathQuestion& question,
                                             const Slice& slice = {});

}  // namespace behoud::timeline
