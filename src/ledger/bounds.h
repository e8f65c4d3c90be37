#pragma once

// What a record may hold at most: stated once, and checked by whoever reads a file (a row beyond it is rejected by
// itself, with its line), by the ledger's writer, and by the builder of histories, so that what one of them takes the
// next does too.

#include <cstddef>
#include <cstdint>
#include <optional>

#include "calendar/day.h"

namespace behoud::ledger {

// Of an id, a key, a word, a name, a note: longer is a cell that was not closed, or a column that is none of these.
inline constexpr std::size_t kTextBytesMax = 4096;
// Of an event's properties, which are a document.
inline constexpr std::size_t kPropertiesBytesMax = std::size_t{1} << 20;
inline constexpr std::size_t kOrderLinesMax = 65'535;  // and as many refunds

// Years 1900 to 9999, with a day to spare on either side for the zone. What is earlier than 1990 a reader refuses; this
// bound only keeps civil days within their 32 bits.
inline bool in_range(calendar::Instant t) {
  constexpr std::int64_t kFirst = -2'208'988'800'000, kLast = (2932896LL + 1) * calendar::kMsPerDay;
  return kFirst <= t.ms && t.ms < kLast;
}
inline bool in_range(std::optional<calendar::Instant> t) { return !t || in_range(*t); }
inline bool in_range(const std::optional<calendar::Moment>& t) { return !t || in_range(t->at); }

}  // namespace behoud::ledger
