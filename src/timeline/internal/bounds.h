#pragma once

// What the builder of histories refuses, and in which words.

#include <cstdint>
#include <limits>

#include "ledger/bounds.h"

namespace behoud::timeline {

inline constexpr std::uint32_t kRowsMax = 0xfffffffe;  // 2^32 - 2: kNoRow and one for counting
using ledger::in_range;
using ledger::kTextBytesMax;
inline constexpr std::size_t kLabelBytesMax = 1024;

// Of what no order or customer can be told of, as the words of an event.
inline constexpr const char* kTooLong = "an id, a key or another short text is longer than 4,096 bytes";
inline constexpr const char* kTooMuchText = "the ids and keys of the orders take more than 16 GB";
inline constexpr const char* kBadMoment = "the moment of an order, a refund or a cancellation is not within 1900..9999";

inline bool fits(__int128 value) {
  return value <= std::numeric_limits<std::int64_t>::max() && value > std::numeric_limits<std::int64_t>::min();
}

}  // namespace behoud::timeline
