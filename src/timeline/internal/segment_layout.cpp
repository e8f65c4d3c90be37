#include "timeline/internal/segment_layout.h"

#include <algorithm>
#include <cassert>

#include "base/huge_pages.h"

namespace behoud::timeline {

void SegmentLayout::add(Role role, std::uint16_t index, std::uint64_t count, std::uint8_t width) {
  drafts_.push_back({.role = role, .index = index, .count = count, .width = width});
}

void SegmentLayout::add(Role role, std::uint16_t index, std::uint64_t count, std::int64_t least, std::int64_t most) {
  // Codes and flags are what they are: a frame of reference is for what may lie far from 0.
  const bool may_have_base = role == Role::kSeq || role == Role::kGross || role == Role::kOrderMeasure ||
                             role == Role::kSpend || role == Role::kIdentity;
  const bool based = may_have_base || least < 0;
  const std::uint64_t span =
      based ? static_cast<std::uint64_t>(most) - static_cast<std::uint64_t>(least) : static_cast<std::uint64_t>(most);
  std::uint8_t width = width_of(span);
  while (!may_have_width(role, width)) width = static_cast<std::uint8_t>(std::max(1, width * 2));
  drafts_.push_back(
      {.role = role, .index = index, .count = count, .base = based && width < 8 ? least : 0, .width = width});
}

void SegmentLayout::place() {
  std::size_t size = 0;
  for (Draft& d : drafts_) {
    d.offset = size;
    if (d.width == 0) continue;
    size += (d.count * d.width + kColumnPadding + kColumnAlignment - 1) / kColumnAlignment * kColumnAlignment;
  }
  const auto memory = std::make_shared<ZeroedBytes>(size + kColumnAlignment);
  begin_ = reinterpret_cast<std::byte*>(memory->data());
  const auto across = reinterpret_cast<std::uintptr_t>(begin_) % kColumnAlignment;
  begin_ += across == 0 ? 0 : kColumnAlignment - across;
  memory_ = memory;
}

const Draft& SegmentLayout::find(Role role, std::uint16_t index) const {
  const auto found = std::ranges::find_if(drafts_, [&](const Draft& d) { return d.role == role && d.index == index; });
  assert(found != drafts_.end());
  return *found;
}

Result<Segment> SegmentLayout::segment(Segment::Shape shape) const {
  std::vector<NamedColumn> columns;
  columns.reserve(drafts_.size());
  for (const Draft& d : drafts_) {
    const std::byte* data = d.width == 0 ? nullptr : begin_ + d.offset;
    columns.push_back({d.role, d.index, {.data = data, .count = d.count, .base = d.base, .width = d.width}});
  }
  return Segment::create(shape, columns, memory_);
}

}  // namespace behoud::timeline
