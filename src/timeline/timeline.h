#pragma once

// A timeline at one revision: every customer's history, in parts that are segments. What questions are asked of. A
// value that never changes; whoever appends makes the next one and lets go of this, and a reader keeps its own for as
// long as it reads (the segments are shared, so a copy costs a few pointers a part).
//
// Parts. Each customer is in exactly one part, where it is not hidden. A part of the base holds the customers of a
// range; one touched since is hidden there, and replaced whole in a part of the delta. A number that is hidden wherever
// it stands is nobody: a customer who became one with another, or of whom nothing is said any more. A question passes
// over hidden ones.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "timeline/customer_view.h"

namespace behoud::timeline {

struct Part {
  Segment segment;
  std::vector<std::uint64_t> hidden{};  // bit i: customer i is replaced by another part, or nobody; empty: none is
  bool is_hidden(std::size_t i) const { return !hidden.empty() && (hidden[i / 64] >> (i % 64) & 1) != 0; }
  void hide(std::size_t i) {
    hidden.resize((std::size_t{segment.customers()} + 63) / 64);
    hidden[i / 64] |= std::uint64_t{1} << (i % 64);
  }
};

struct Timeline {
  Scale scale;
  Schema schema;
  std::vector<Part> parts;
  // How many codes the dictionary of each customer dimension has, and of each event dimension.
  std::vector<std::uint32_t> customer_codes{}, event_codes{};
  std::int64_t revision = 0;
  std::uint32_t numbers = 0;  // below it every number was somebody's once, in a part or nobody's now; may be too low
  std::uint32_t end_day = 0xFFFF'FFFF;  // from the epoch's day: every event lies before it; may be too late

  // Whether nothing lies at or behind the start of that day, so that what is kept of each customer speaks for it too.
  bool ends_before(std::uint32_t day) const { return day >= std::min(end_day, scale.days()); }
  std::uint64_t customers() const;  // that are not hidden
  std::uint64_t events() const;     // of all parts, hidden ones too: what is read
  std::uint64_t orders() const;     // likewise
  std::size_t bytes() const;        // of the columns at rest
};

// Who is asked of: a bit a customer, by part. Empty words of a part mean everybody in it.
struct Selection {
  std::vector<std::vector<std::uint64_t>> parts;
  friend bool operator==(const Selection&, const Selection&) = default;
};
// Those who are not hidden: what "everybody" is as bits.
Selection everybody(const Timeline& timeline);
std::uint64_t count(const Selection& selection);
// The numbers of those selected, ascending within each part, parts in their order.
std::vector<std::uint32_t> numbers(const Timeline& timeline, const Selection& selection);

// One customer's whole history, by number; nullopt where there is none of that number. Cost: a binary search over the
// parts (for those that name their customers also within them), then loads: under a microsecond and a cache miss or
// two.
std::optional<CustomerView> find_customer(const Timeline& timeline, std::uint32_t number);

// Whether there is one, by what needs no column: parts that name their customers lie in memory.
bool is_somebody(const Timeline& timeline, std::uint32_t number);

}  // namespace behoud::timeline
