#pragma once

// Histories that lie in segments, joined into one segment column by column: what a delta and a compaction are made
// from. Where neighbours come from one segment their rows are copied together, so that a range in which few were
// touched costs little more than its bytes.
//
//   SegmentJoin join(scale, schema);
//   for (...) join.add(number, {&segment, index});            // as it stands there
//   join.add(number, {&segment, index}, {&came, other});      // and with what came since
//   TRY_ASSIGN(const Segment joined, std::move(join).named());
//
// Law: the bytes are those that build_segment gives of the same events, be they added in whatever order.
//
// Cost: about 2 ns an event where neighbours lie together, some 0.3 us a customer and a cache miss for each column
// where they do not. Memory: the segment, and 16 bytes a stretch of rows. Thread-safety: one thread; the segments are
// read.

#include <cstdint>
#include <vector>

#include "base/prefetch.h"
#include "base/result.h"
#include "timeline/internal/segment_layout.h"
#include "timeline/segment.h"

namespace behoud::timeline {

class SegmentJoin {
 public:
  // A customer of a segment.
  struct Place {
    const Segment* segment = nullptr;
    std::uint32_t index = 0;
  };

  // Customers here and there lie in no cache: asked for before they are added, many come at once.
  static void prefetch(Place place) {
    prefetch_line(place.segment->event_begin() + place.index);
    prefetch_line(place.segment->order_begin() + place.index);
  }

  // `scale` and `schema` are those of the segments, whose schema may end sooner; they and the segments must outlive it.
  SegmentJoin(const Scale& scale, const Schema& schema) : scale_(scale), schema_(schema) {}

  // Numbers ascend. One of whom nothing is known:
  void add(std::uint32_t number);
  void add(std::uint32_t number, Place place);
  // The rows of both; what is said of the customer beside them is what stands at the first.
  void add(std::uint32_t number, Place place, Place came);
  std::uint32_t customers() const { return static_cast<std::uint32_t>(numbers_.size()); }

  // A segment that names its customers, or of the range that begins with the first (which requires that none is left
  // out). Errors: kOutOfRange (2^32 events or more, a customer's spend over 2^63).
  Result<Segment> named() &&;
  Result<Segment> range() &&;

 private:
  // Rows of a source, one behind the other.
  struct Stretch {
    std::uint32_t source = 0, first = 0, count = 0;
  };
  using Stretches = std::vector<Stretch>;
  // Of whom both places have rows.
  struct Both {
    std::uint32_t customer = 0;  // in the segment to be
    Place place, came;
  };

  std::uint32_t source_of(const Segment* segment);
  // Calls work(column of its source, stretch) for each, and has the next ones' values fetched meanwhile.
  template <class Work>
  static void for_each(const Stretches& stretches, const std::vector<Column>& columns, const Work& work);
  static void extend(Stretches& stretches, std::uint32_t source, std::uint32_t first, std::uint32_t count);
  void add_rows(Place place, std::uint32_t source);
  void interleave(Place place, Place came);
  void close(std::uint32_t number);
  Result<void> sum_spend();
  std::vector<Column> columns(Role role, std::uint16_t index) const;
  void draft(Role role, std::uint16_t index, const Stretches& stretches, std::uint64_t count);
  void lay_out(bool names);
  void fill();
  void fill_days();
  Result<Segment> join(bool names);

  const Scale& scale_;
  const Schema& schema_;
  static constexpr std::uint32_t kNobody = 0;  // the source of those of whom nothing is known
  std::vector<const Segment*> sources_;
  std::uint32_t last_source_ = kNobody;
  std::vector<std::uint32_t> numbers_;
  std::vector<std::uint32_t> event_begin_{0}, order_begin_{0};
  std::uint64_t events_ = 0, orders_ = 0;
  Stretches event_rows_, order_rows_, customer_rows_;
  std::vector<Both> both_;
  std::vector<std::int64_t> spend_;
  SegmentLayout layout_;
};

}  // namespace behoud::timeline
