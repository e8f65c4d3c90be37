#pragma once

// What is bought by the same people: for each pair of items (codes of an event dimension of orders) how many customers
// have ordered both, ever.
//
// Cost: a customer with n different items makes n (n - 1) / 2 pairs, so those with more than `items_max` (a trader, a
// robot) are left out and counted. Thread-safety: pure.

#include <cstdint>
#include <vector>

#include "timeline/questions/slice.h"

namespace behoud::timeline {

struct ItemPair {
  std::uint32_t a = 0, b = 0;  // codes, a < b, neither 0
  std::uint64_t customers = 0;
  friend bool operator==(const ItemPair&, const ItemPair&) = default;
};

struct ItemPairs {
  std::vector<ItemPair> pairs;  // most customers first, equal ones by a, then b; at most `top`
  std::uint64_t left_out = 0;   // customers with too many items
  friend bool operator==(const ItemPairs&, const ItemPairs&) = default;
};

struct PairQuestion {
  std::size_t dimension = 0;  // of Schema::event_dimensions
  std::size_t items_max = 200;
  std::size_t top = 1000;
};

// [code of the split]. Requires dimension < schema.event_dimensions.size().
std::vector<ItemPairs> item_pairs(const Timeline& timeline, const PairQuestion& question, const Slice& slice = {});

}  // namespace behoud::timeline
