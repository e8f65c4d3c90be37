#include "timeline/internal/bit_counter.h"

#include <cstring>

namespace behoud::timeline {
namespace {

// Byte b of the table's entry is bit b of its index.
constexpr std::array<std::uint64_t, 256> kSpread = [] {
  std::array<std::uint64_t, 256> table{};
  for (std::size_t byte = 0; byte < 256; ++byte) {
    for (std::size_t b = 0; b < 8; ++b) table[byte] |= std::uint64_t{byte >> b & 1} << (8 * b);
  }
  return table;
}();

// counts[b] += weight x how many lanes have bit b set.
void add_weighted(const Words& lanes, std::uint64_t weight, BitCounts& counts) {
  std::uint64_t sums[8]{};  // sums[k]: eight byte counters, of the bits 8k .. 8k + 7
  for (int lane = 0; lane < 8; ++lane) {
    const std::uint64_t word = lanes[lane];
    for (int k = 0; k < 8; ++k) sums[k] += kSpread[word >> (8 * k) & 0xFF];
  }
  for (int b = 0; b < 64; ++b) counts[static_cast<std::size_t>(b)] += weight * (sums[b / 8] >> (8 * (b % 8)) & 0xFF);
}

BEHOUD_INLINE void count_body(const std::uint64_t* words, std::size_t n, BitCounts& counts) {
  CarrySaveCounter counter;
  std::size_t i = 0;
  Words x[8];
  for (; i + 64 <= n; i += 64) {
    std::memcpy(x, words + i, sizeof x);
    counter.add(x);
  }
  if (i < n) {
    std::memset(x, 0, sizeof x);
    std::memcpy(x, words + i, (n - i) * sizeof(std::uint64_t));
    counter.add(x);
  }
  counter.drain(counts);
}

void count_plain(const std::uint64_t* words, std::size_t n, BitCounts& counts) { count_body(words, n, counts); }
#if BEHOUD_X86
BEHOUD_AVX2 void count_avx2(const std::uint64_t* words, std::size_t n, BitCounts& counts) {
  count_body(words, n, counts);
}
BEHOUD_AVX512 void count_avx512(const std::uint64_t* words, std::size_t n, BitCounts& counts) {
  count_body(words, n, counts);
}
#endif

}  // namespace

void CarrySaveCounter::drain(BitCounts& counts) {
  add_weighted(ones_, 1, counts);
  add_weighted(twos_, 2, counts);
  add_weighted(fours_, 4, counts);
  for (std::size_t level = 0; level < kLevels && rounds_ >> level != 0; ++level) {
    add_weighted(sum_[level], std::uint64_t{8} << level, counts);
    // A level whose bit of the number of rounds is set has one that waits for a second.
    if ((rounds_ >> level & 1) != 0) add_weighted(waiting_[level], std::uint64_t{8} << level, counts);
    sum_[level] = Words{};
  }
  ones_ = twos_ = fours_ = Words{};
  rounds_ = 0;
}

void count_bits(const std::uint64_t* words, std::size_t n, BitCounts& counts, Isa isa) {
  constexpr std::size_t kMost = std::size_t{1} << 24;  // words in a pass: under the levels' bound
  for (std::size_t i = 0; i < n; i += kMost) {
    const std::size_t some = n - i < kMost ? n - i : kMost;
    switch (isa) {
#if BEHOUD_X86
      case Isa::kAvx512:
        count_avx512(words + i, some, counts);
        break;
      case Isa::kAvx2:
        count_avx2(words + i, some, counts);
        break;
#endif
      default:
        count_plain(words + i, some, counts);
        break;
    }
  }
}

}  // namespace behoud::timeline
