#pragma once

// Timelines in words: who did what, without the numbers and codes that two timelines of one ledger may give
// differently.

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include <fmt/format.h>

#include "timeline/kept/kept_timeline.h"

namespace behoud::timeline {

// By customer's key.
using Told = std::map<std::string, std::string>;

inline std::string told(const Timeline& t, const Dictionaries& d, std::uint32_t number) {
  const CustomerView c = find_customer(t, number).value();
  const Segment& s = c.segment();
  std::string out;
  for (std::size_t k = 0; k < t.schema.customer_dimensions.size(); ++k) {
    out += fmt::format("{} ", d.customer[k].at(c.dimension(k)));
  }
  const auto day = [&](std::uint16_t index) { return index == kNoDay ? -1 : t.scale.day(index).number; };
  out += fmt::format("days {} {} spend {}\n", day(s.first_day()[c.index()]), day(s.last_day()[c.index()]),
                     s.spend()[c.index()]);
  // Months in which an order lies; which ones are active hangs on those and the window alone.
  for (std::uint32_t m = 0; m < t.scale.months(); ++m) {
    const auto bit = [&](const std::uint64_t* plane) { return plane != nullptr && (plane[c.index()] >> (m % 64) & 1); };
    if (m / 64 < s.planes() && bit(s.ordered(m / 64)))
      out += fmt::format("{} ", t.scale.day(t.scale.month_begin(m)).number);
  }
  out += '\n';
  for (std::uint32_t i = 0; i < c.events(); ++i) {
    out += fmt::format("{} {} {} {} {}", t.scale.epoch().ms + c.at_ms(i), c.seq(i), t.schema.kinds.at(c.kind(i)),
                       std::min<Kind>(c.kind(i), kNamedKinds), c.date_only(i));
    for (std::size_t k = 0; k < t.schema.event_dimensions.size(); ++k) {
      out += fmt::format(" {}", d.event[k].at(c.event_dimension(k, i)));
    }
    out += '\n';
  }
  for (std::uint32_t o = 0; o < c.orders(); ++o) {
    out += fmt::format("order {}", c.gross(o));
    for (std::size_t k = 0; k < t.schema.order_measures.size(); ++k) out += fmt::format(" {}", c.order_measure(k, o));
    out += '\n';
  }
  return out;
}

inline std::string key_of(const Histories& h, std::uint32_t c) {
  return fmt::format("{}/{}", static_cast<int>(h.customer_space[c]), h.customer_key[c]);
}

inline Told told(const Derived& derived) {
  const Histories& h = derived.rebuilt.histories;
  Told out;
  for (std::uint32_t c = 0; c < h.customers(); ++c) {
    out[key_of(h, c)] = told(derived.laid_out.timeline, derived.laid_out.dictionaries, c);
  }
  return out;
}

// Customers that `h` does not know stand under their numbers.
inline Told told(const KeptTimeline& kept, const Histories& h) {
  std::vector<Role> roles;
  for (std::size_t r = 0; r < kRoles; ++r) roles.push_back(static_cast<Role>(r));
  const KeptTimeline::Reading now = kept.to_read(roles).value();
  std::set<std::uint32_t> left;
  for (const std::uint32_t number : numbers(*now.timeline, everybody(*now.timeline))) left.insert(number);
  Told out;
  for (std::uint32_t c = 0; c < h.customers(); ++c) {
    const auto number = kept.customer({h.customer_space[c], h.customer_key[c]}).value();
    if (!number) continue;
    out[key_of(h, c)] = told(*now.timeline, *now.dictionaries, *number);
    left.erase(*number);
  }
  for (const std::uint32_t number : left) out[std::to_string(number)] = "somebody else";
  return out;
}

}  // namespace behoud::timeline
