#pragma once

// One customer's history as a plain vector of rows: what the slow oracles of the engine's questions read, and what
// tests compare a segment with. Slow and obvious on purpose; for tests and benches alone (behoud_timeline_oracle).

#include <vector>

#include "calendar/zone.h"
#include "timeline/plain_events.h"

namespace behoud::timeline {

struct PlainEvent {
  std::int64_t at_ms = 0;
  std::uint64_t seq = 0;
  Kind kind = 0;
  bool date_only = false;
  calendar::Day day;  // civil, in the shop's zone
  std::int64_t gross_minor = 0;
  std::vector<std::uint32_t> dimensions{};
  std::vector<std::int64_t> measures{};
};

struct PlainHistory {
  std::uint32_t customer = 0;
  std::vector<std::uint32_t> dimensions{};
  std::vector<PlainEvent> events{};  // ascending by (instant, seq)
};

// Of every customer, by number, also those without events.
std::vector<PlainHistory> plain_histories(const calendar::Zone& zone, const PlainCustomers& customers,
                                          const PlainEvents& events);

}  // namespace behoud::timeline
