#pragma once

// Counts, for each of 64 bit positions, in how many words the bit is set: how months (or days) of customers become
// numbers of customers. Words are added into bit-sliced counters, eight words side by side (a carry-save adder tree,
// after Harley and Seal; see Mula, Kurz and Lemire 2018, "Faster population counts using AVX2 instructions"): about one
// adder, five logical operations, for eight words, whatever the instructions.

#include <array>
#include <cstddef>
#include <cstdint>

#include "timeline/internal/isa.h"

namespace behoud::timeline {

using BitCounts = std::array<std::uint64_t, 64>;

// Eight words, side by side.
using Words = std::uint64_t __attribute__((vector_size(64)));
static_assert(sizeof(Words) == 64);

// Takes eight Words (64 words) at a time, up to 2^20 of them, then is drained. Lives in a kernel's registers and stack.
class CarrySaveCounter {
 public:
  BEHOUD_INLINE void add(const Words (&x)[8]) {
    Words twos_a, twos_b, fours_a, fours_b, eights;
    adder(twos_a, ones_, x[0], x[1]);
    adder(twos_b, ones_, x[2], x[3]);
    adder(fours_a, twos_, twos_a, twos_b);
    adder(twos_a, ones_, x[4], x[5]);
    adder(twos_b, ones_, x[6], x[7]);
    adder(fours_b, twos_, twos_a, twos_b);
    adder(eights, fours_, fours_a, fours_b);
    // The carries of weight 8 ripple on: every second one goes up a level.
    std::size_t level = 0;
    for (std::uint32_t round = rounds_++; (round & 1) != 0; round >>= 1, ++level) {
      Words carry;
      adder(carry, sum_[level], waiting_[level], eights);
      eights = carry;
    }
    waiting_[level] = eights;
  }
  // Adds what was counted to `counts` and begins anew.
  void drain(BitCounts& counts, Isa isa);

 private:
  static constexpr std::size_t kLevels = 20;
  // carry: the bits that are set in two or more of sum, a and b; sum: those set in one or three.
  static BEHOUD_INLINE void adder(Words& carry, Words& sum, const Words& a, const Words& b) {
    const Words u = sum ^ a;
    carry = (sum & a) | (u & b);
    sum = u ^ b;
  }
  Words ones_{}, twos_{}, fours_{};
  Words sum_[kLevels]{}, waiting_[kLevels]{};  // of weight 8 << level
  std::uint32_t rounds_ = 0;
};

// counts[b] += how many of `words` have bit b set.
void count_bits(const std::uint64_t* words, std::size_t n, BitCounts& counts, Isa isa = best_isa());

}  // namespace behoud::timeline
