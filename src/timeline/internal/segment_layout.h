#pragma once

// The columns of a segment to be: how wide each is to be stored, where in the segment's memory it lies, and the segment
// when they are filled. What whoever makes a segment has in common: built from plain events (segment_builder.h) or
// joined from segments (live/segment_join.h), the same values give the same bytes.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/result.h"
#include "timeline/segment.h"

namespace behoud::timeline {

struct Draft {
  Role role = Role::kAt;
  std::uint16_t index = 0;
  std::uint64_t count = 0;
  std::int64_t base = 0;
  std::uint8_t width = 0;
  std::size_t offset = 0;  // in the segment's memory
};

class SegmentLayout {
 public:
  // A column whose width is known.
  void add(Role role, std::uint16_t index, std::uint64_t count, std::uint8_t width);
  // A column of values from `least` to `most` (0 and 0 where there are none), in the narrowest frame of reference that
  // the role may have.
  void add(Role role, std::uint16_t index, std::uint64_t count, std::int64_t least, std::int64_t most);

  // Gives every column its place in fresh memory, which is zero.
  void place();
  const std::vector<Draft>& drafts() const { return drafts_; }
  std::byte* data(const Draft& draft) { return begin_ + draft.offset; }
  // Of width 0 none. Requires that there is one.
  const Draft& find(Role role, std::uint16_t index = 0) const;
  // T is of the column's width; nullptr of a column of width 0.
  template <class T>
  T* values(Role role, std::uint16_t index = 0) {
    const Draft& draft = find(role, index);
    return draft.width == 0 ? nullptr : reinterpret_cast<T*>(data(draft));
  }

  Result<Segment> segment(Segment::Shape shape) const;

 private:
  std::vector<Draft> drafts_;
  std::shared_ptr<const void> memory_;
  std::byte* begin_ = nullptr;
};

// How many planes of 64 months each a timeline's customers have.
inline std::uint16_t planes_of(const Scale& scale) { return static_cast<std::uint16_t>((scale.months() + 63) / 64); }

inline std::uint8_t kind_width(const Schema& schema) { return schema.kinds.size() > 256 ? 2 : 1; }

}  // namespace behoud::timeline
