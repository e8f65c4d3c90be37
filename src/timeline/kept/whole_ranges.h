#pragma once

// A timeline of base and delta as a base alone: the ranges of customers that nobody was touched in as they are, the
// others made anew, those who came since in the last range until it is full. What a file is written from, and so it
// says which of its ranges still are those of the file that the base was opened from: not those that were compacted
// since.
//
// Cost: as building those ranges (segment_builder.h), two at a time: 40 bytes an event of two ranges while they are
// made.

#include <cstddef>
#include <optional>
#include <vector>

#include "timeline/live/live_timeline.h"

namespace behoud::timeline {

struct WholeRanges {
  Timeline timeline;                             // who is hidden is nobody
  std::vector<std::optional<std::size_t>> kept;  // by part: which part of the file's base it is, unchanged
};

// Requires that the timeline's customers are numbered without a gap. Ranges are of `range_customers`, those that
// compacting made of customers who came since of any number. Errors: kOutOfRange (too many events for one segment).
Result<WholeRanges> whole_ranges(const LiveTimeline::Revision& now, std::uint32_t range_customers);
// About how many bytes those take that a file does not have yet.
std::uint64_t bytes_made_anew(const LiveTimeline::Revision& now);

}  // namespace behoud::timeline
