#include "timeline/kept/whole_ranges.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <utility>

#include "base/together.h"
#include "timeline/live/segment_join.h"

namespace behoud::timeline {
namespace {

// What a file has beside a segment's columns: their padding and their entries in the head; of what is shared as well.
constexpr std::uint64_t kBesideColumns = 8192;

// Whether somebody's history in this part of the base is not what it is now. A number that is nobody's, and of which
// nothing is there, may stay.
bool touched(const Timeline& t, std::size_t range) {
  const Part& part = t.parts[range];
  for (std::size_t w = 0; w < part.hidden.size(); ++w) {
    for (std::uint64_t word = part.hidden[w]; word != 0; word &= word - 1) {
      const auto i = static_cast<std::uint32_t>(w * 64) + static_cast<std::uint32_t>(std::countr_zero(word));
      if (!CustomerView(part.segment, i).is_blank(t.schema)) return true;
      if (find_customer(t, part.segment.number(i))) return true;
    }
  }
  return false;
}

std::uint32_t end_of(const Timeline& t) {
  std::uint32_t end = t.numbers;
  for (const Part& part : t.parts) {
    if (part.segment.customers() > 0) end = std::max(end, part.segment.number(part.segment.customers() - 1) + 1);
  }
  return end;
}

}  // namespace

Result<WholeRanges> whole_ranges(const LiveTimeline::Revision& now, std::uint32_t range_customers) {
  const Timeline& t = *now.timeline;
  const std::size_t ranges = now.ranges;
  WholeRanges out{.timeline = t, .kept = {}};
  out.timeline.parts.clear();
  const std::uint32_t end = end_of(t);
  struct Range {
    std::uint32_t first = 0, end = 0;
  };
  std::vector<Range> anew;
  std::vector<std::size_t> place;  // of each among the parts
  const auto make = [&](std::uint32_t first, std::uint32_t last) {
    anew.push_back({first, last});
    place.push_back(out.timeline.parts.size());
    out.timeline.parts.emplace_back();
    out.kept.emplace_back();
  };
  std::uint32_t next = 0;
  for (std::size_t r = 0; r < ranges; ++r) {
    const Segment& s = t.parts[r].segment;
    next = s.shape().first_customer + s.customers();
    const bool grows = r + 1 == ranges && next < end && s.customers() < range_customers;
    if (!touched(t, r) && !grows) {
      out.timeline.parts.push_back(t.parts[r]);
      out.kept.push_back(now.versions[r] == 0 ? std::optional(r) : std::nullopt);
      continue;
    }
    if (grows) next = std::min(end, s.shape().first_customer + range_customers);
    make(s.shape().first_customer, next);
  }
  for (; next < end; next = std::min(end, next + range_customers)) make(next, std::min(end, next + range_customers));

  std::vector<std::optional<Error>> failures(anew.size());
  std::vector<std::function<void()>> tasks;
  tasks.reserve(anew.size());
  for (std::size_t i = 0; i < anew.size(); ++i) {
    tasks.emplace_back([&, i] {
      SegmentJoin join(t.scale, t.schema);
      std::vector<std::uint32_t> nobody;
      for (std::uint32_t number = anew[i].first; number < anew[i].end; ++number) {
        if (const auto view = find_customer(t, number)) {
          join.add(number, {&view->segment(), view->index()});
          continue;
        }
        join.add(number);
        nobody.push_back(number - anew[i].first);
      }
      Result<Segment> made = std::move(join).range();
      if (made) {
        Part& part = out.timeline.parts[place[i]];
        part.segment = *std::move(made);
        for (const std::uint32_t index : nobody) part.hide(index);
      } else {
        failures[i] = std::move(made).error();
      }
    });
  }
  run_together(tasks);
  for (std::optional<Error>& failure : failures) {
    if (failure) return std::unexpected(*std::move(failure));
  }
  return out;
}

std::uint64_t bytes_made_anew(const LiveTimeline::Revision& now) {
  const Timeline& t = *now.timeline;
  std::uint64_t bytes = kBesideColumns;
  for (std::size_t p = 0; p < t.parts.size(); ++p) {
    if (p < now.ranges && now.versions[p] == 0 && !touched(t, p)) continue;
    bytes += t.parts[p].segment.bytes() + kBesideColumns;
  }
  return bytes;
}

}  // namespace behoud::timeline
