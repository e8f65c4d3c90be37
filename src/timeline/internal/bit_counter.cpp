#include "timeline/internal/bit_counter.h"

#include <cstring>

#if BEHOUD_X86
#include <immintrin.h>
#endif

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

BEHOUD_INLINE void count_body(const std::uint64_t* words, std::size_t n, BitCounts& counts, Isa isa) {
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
  counter.drain(counts, isa);
}

void count_plain(const std::uint64_t* words, std::size_t n, BitCounts& counts) {
  count_body(words, n, counts, Isa::kPlain);
}
#if BEHOUD_X86
BEHOUD_AVX2 void count_avx2(const std::uint64_t* words, std::size_t n, BitCounts& counts) {
  count_body(words, n, counts, Isa::kAvx2);
}
BEHOUD_AVX512 void count_avx512(const std::uint64_t* words, std::size_t n, BitCounts& counts) {
  count_body(words, n, counts, Isa::kAvx512);
}
#endif

// A level of the rounds whose bit is set has one that waits for a second.
void sum_plain(const Words (&low)[3], const Words* sum, const Words* waiting, std::uint32_t rounds, BitCounts& counts) {
  for (std::uint32_t k = 0; k < 3; ++k) add_weighted(low[k], std::uint64_t{1} << k, counts);
  for (std::uint32_t level = 0; rounds >> level != 0; ++level) {
    add_weighted(sum[level], std::uint64_t{8} << level, counts);
    if ((rounds >> level & 1) != 0) add_weighted(waiting[level], std::uint64_t{8} << level, counts);
  }
}

#if BEHOUD_X86
// The 64 sums in four registers, to which a lane's weight is added where it has a bit: 2^26 words fit 32 bits.
class Sums {
 public:
  BEHOUD_AVX512 Sums() {
    for (__m512i& of : of_) of = _mm512_setzero_si512();
  }
  BEHOUD_AVX512 void add(const Words& lanes, std::uint32_t weight) {
    const __m512i w = _mm512_set1_epi32(static_cast<int>(weight));
    for (int lane = 0; lane < 8; ++lane) {
      const std::uint64_t word = lanes[lane];
      for (int k = 0; k < 4; ++k) {
        of_[k] = _mm512_mask_add_epi32(of_[k], static_cast<__mmask16>(word >> (16 * k)), of_[k], w);
      }
    }
  }
  BEHOUD_AVX512 void add_to(BitCounts& counts) const {
    alignas(64) std::uint32_t out[64];
    for (int k = 0; k < 4; ++k) _mm512_store_si512(out + 16 * k, of_[k]);
    for (std::size_t b = 0; b < 64; ++b) counts[b] += out[b];
  }

 private:
  __m512i of_[4];
};

BEHOUD_AVX512 void sum_avx512(const Words (&low)[3], const Words* sum, const Words* waiting, std::uint32_t rounds,
                              BitCounts& counts) {
  Sums sums;
  for (std::uint32_t k = 0; k < 3; ++k) sums.add(low[k], 1U << k);
  for (std::uint32_t level = 0; rounds >> level != 0; ++level) {
    sums.add(sum[level], 8U << level);
    if ((rounds >> level & 1) != 0) sums.add(waiting[level], 8U << level);
  }
  sums.add_to(counts);
}
#endif

}  // namespace

void CarrySaveCounter::drain(BitCounts& counts, Isa isa) {
  const Words low[3] = {ones_, twos_, fours_};
  switch (isa) {
#if BEHOUD_X86
    case Isa::kAvx512:
      sum_avx512(low, sum_, waiting_, rounds_, counts);
      break;
#endif
    default:
      sum_plain(low, sum_, waiting_, rounds_, counts);
      break;
  }
  ones_ = twos_ = fours_ = Words{};
  for (std::size_t level = 0; level < kLevels && rounds_ >> level != 0; ++level) sum_[level] = Words{};
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
