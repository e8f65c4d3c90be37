#pragma once

// How long a session and a link hold. Pure: time is an argument.
//
// A session ends 30 days after it began, or 7 days after it was last used. Its use is written down at most hourly, so
// that reading costs no write: the 7 days count from a mark at most an hour old.

#include "calendar/day.h"

namespace behoud::access {

inline constexpr std::int64_t kHourMs = 3'600'000;
inline constexpr std::int64_t kSessionMs = 30 * calendar::kMsPerDay;
inline constexpr std::int64_t kSessionIdleMs = 7 * calendar::kMsPerDay;
inline constexpr std::int64_t kSeenStepMs = kHourMs;
inline constexpr std::int64_t kLinkMs = calendar::kMsPerDay;

struct SessionTimes {
  calendar::Instant created, seen;
};
constexpr bool is_live(SessionTimes s, calendar::Instant now) {
  return now.ms - s.created.ms < kSessionMs && now.ms - s.seen.ms < kSessionIdleMs;
}
constexpr bool is_seen_anew(SessionTimes s, calendar::Instant now) { return now.ms - s.seen.ms >= kSeenStepMs; }
constexpr calendar::Instant end_of(SessionTimes s) { return {s.created.ms + kSessionMs}; }

}  // namespace behoud::access
