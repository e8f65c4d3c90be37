#pragma once

// What the rules of actions.h share: people found by stretches of customers on two threads, and from how many on a
// figure is worth a word.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/together.h"
#include "retention/internal/purchases.h"
#include "timeline/histories.h"

namespace behoud::retention::report::internal {

inline constexpr int kYearDays = 365;
inline constexpr std::uint64_t kPeopleMin = 30;  // below it a mean or a rate says nothing

// Customers, ascending.
class Found {
 public:
  void add(std::size_t part, std::size_t customer) { parts_[part].push_back(static_cast<std::uint32_t>(customer)); }
  std::vector<std::uint32_t> all() const {
    std::vector<std::uint32_t> out;
    for (const auto& part : parts_) out.insert(out.end(), part.begin(), part.end());
    return out;
  }

 private:
  std::array<std::vector<std::uint32_t>, kParts> parts_;
};

template <class T>
T sum_of(const std::array<T, kParts>& parts) {
  T sum{};
  for (const T& part : parts) sum.add(part);
  return sum;
}

// Whose first order of the histories is the first of their life, for all that is known.
inline bool begins_here(const timeline::Histories& h, const Purchases& purchases, std::size_t c) {
  return purchases.begin[c] < purchases.begin[c + 1] && (h.orders_before.empty() || h.orders_before[c] == 0);
}

}  // namespace behoud::retention::report::internal
