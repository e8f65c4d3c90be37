#pragma once

// A timeline of base and delta as a base alone: the ranges of customers that nobody was touched in as they are, the
// others made anew, those who came since in the last range until it is full. What a file is written from.
//
// Cost: as building those ranges (segment_builder.h), two at a time: 40 bytes an event of two ranges while they are
// made.

#include <cstddef>
#include <optional>
#include <vector>

#include "timeline/timeline.h"

namespace behoud::timeline {

struct WholeRanges {
  Timeline timeline;                             // who is hidden is nobody
  std::vector<std::optional<std::size_t>> kept;  // by part: which part of the base it is, unchanged
};

// Parts [0, ranges) of `timeline` are the base. Requires that its customers are numbered without a gap; a range holds
// `range_customers` at most. Errors: kOutOfRange (too many events for one segment).
Result<WholeRanges> whole_ranges(const Timeline& timeline, std::size_t ranges, std::uint32_t range_customers);
// About how many bytes those take that would be made anew, in a file.
std::uint64_t bytes_made_anew(const Timeline& timeline, std::size_t ranges);

}  // namespace behoud::timeline
