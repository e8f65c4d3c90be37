#include "retention/internal/gaps.h"

#include <array>
#include <map>

#include "base/huge_pages.h"
#include "base/together.h"

namespace behoud::retention {

UsualGaps UsualGaps::of(const Purchases& purchases) {
  // Gaps of the shop by their length: those below kCounted, which are nearly all, in an array.
  constexpr int kCounted = 4096;
  struct Lengths {
    std::vector<std::uint64_t> count = std::vector<std::uint64_t>(kCounted);
    std::map<int, std::uint64_t> longer;
    std::uint64_t gaps = 0;
  };
  UsualGaps out;
  resize_huge(out.own, purchases.customers());
  std::array<Lengths, kParts> parts;
  run_in_parts(purchases.customers(), [&](std::size_t part, std::size_t begin, std::size_t end) {
    Lengths& own = parts[part];
    std::vector<int> gaps;
    for (std::size_t c = begin; c < end; ++c) {
      gaps_of(purchases.days_of(c), gaps);
      own.gaps += gaps.size();
      for (const int gap : gaps) ++(gap < kCounted ? own.count[static_cast<std::size_t>(gap)] : own.longer[gap]);
      if (gaps.size() >= kOwnMin) out.own[c] = usual_gap(gaps);
    }
  });
  Lengths all;
  for (const Lengths& part : parts) {
    all.gaps += part.gaps;
    for (std::size_t gap = 0; gap < kCounted; ++gap) all.count[gap] += part.count[gap];
    for (const auto& [gap, count] : part.longer) all.longer[gap] += count;
  }
  if (all.gaps == 0) return out;
  // The same rank as usual_gap's, in ascending lengths.
  const std::uint64_t rank = (all.gaps * 9 + 9) / 10;
  std::uint64_t seen = 0;
  for (int gap = 0; gap < kCounted && seen < rank; ++gap) {
    seen += all.count[static_cast<std::size_t>(gap)];
    out.shop = gap;
  }
  for (auto longer = all.longer.begin(); longer != all.longer.end() && seen < rank; ++longer) {
    seen += longer->second;
    out.shop = longer->first;
  }
  return out;
}

}  // namespace behoud::retention
