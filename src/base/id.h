#pragma once

// Ids that cannot be swapped: each is its own type, and the tag is all it takes.
//
//   using CustomerId = Id<struct CustomerTag>;
//   using JourneyId = Id<struct JourneyTag>;
//   void enrol(CustomerId customer, JourneyId journey);   // enrol(journey, customer) does not compile
//
// A plain value of 64 bits: compared, ordered and hashed as its number; no arithmetic, no conversion from a number
// without naming the type.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace behoud {

template <class Tag>
struct Id {
  std::uint64_t value = 0;

  Id() = default;
  constexpr explicit Id(std::uint64_t v) : value(v) {}
  friend constexpr auto operator<=>(Id, Id) = default;
};

}  // namespace behoud

template <class Tag>
struct std::hash<behoud::Id<Tag>> {
  // For ids of our own making, which nobody can choose so as to collide; hostile keys go through base/hash.h.
  std::size_t operator()(behoud::Id<Tag> id) const noexcept { return std::hash<std::uint64_t>{}(id.value); }
};
