#pragma once

// What the builder of histories refuses, and in which words.

#include <cstdint>
#include <limits>
#include <optional>

#include "calendar/day.h"

namespace behoud::timeline {

inline constexpr std::uint32_t kRowsMax = 0xfffffffe;  // 2^32 - 2: kNoRow and one for counting
inline constexpr std::size_t kTextBytesMax = 4096;     // of an id, a key, a word: longer is no identifier
inline constexpr std::size_t kLabelBytesMax = 1024;

inline constexpr const char* kTooLong = "an order id, a customer key or another short text is longer than 4,096 bytes";
inline constexpr const char* kTooMuchText = "the ids and keys of the orders take more than 16 GB";
inline constexpr const char* kBadMoment = "the moment of an order, a refund or a cancellation is not within 1900..9999";

// Years 1900 to 9999, with a day to spare on either side for the zone. What is earlier than 1990 a reader refuses; this
// bound only keeps civil days within their 32 bits.
inline bool in_range(calendar::Instant t) {
  constexpr std::int64_t kFirst = -2'208'988'800'000, kLast = (2932896LL + 1) * calendar::kMsPerDay;
  return kFirst <= t.ms && t.ms < kLast;
}
inline bool in_range(std::optional<calendar::Instant> t) { return !t || in_range(*t); }

inline bool fits(__int128 value) {
  return value <= std::numeric_limits<std::int64_t>::max() && value > std::numeric_limits<std::int64_t>::min();
}

}  // namespace behoud::timeline
