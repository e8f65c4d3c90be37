#pragma once

// What every question of the engine can be asked with besides its own parameters: of whom, split by what, on how many
// threads. An answer is a vector with one entry for each code of the split's dimension; without a split it has one
// entry.

#include <cstddef>
#include <optional>

#include "timeline/fold.h"
#include "timeline/internal/isa.h"

namespace behoud::timeline {

struct Slice {
  int threads = 2;
  const Selection* only = nullptr;     // nullptr: everybody
  std::optional<std::size_t> split{};  // a customer dimension
  Isa isa = best_isa();                // for tests and benches: the result is the same
  FoldOptions options() const { return {.threads = threads, .only = only}; }
  std::size_t codes(const Timeline& t) const { return split ? t.customer_codes[*split] : 1; }
};

}  // namespace behoud::timeline
