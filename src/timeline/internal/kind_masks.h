#pragma once

// Where a kind stands among up to 64 events: bit i of the answer is set when kind[i] is `kind`. The events' order
// becomes the bits' order, and "the next cart" a count of trailing zeroes. Reads up to 64 bytes (of kinds of one byte)
// from `kinds`, which every column has behind its last value.

#include <cstdint>
#include <cstring>

#include "timeline/internal/isa.h"
#include "timeline/schema.h"

#if BEHOUD_X86
#include <immintrin.h>
#endif

namespace behoud::timeline {

constexpr std::uint64_t first_bits(std::uint32_t n) {
  return n >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << n) - 1;
}

// Each gives the mask over the first n <= 64 events.
struct PlainKinds {
  const std::uint8_t* kinds;
  BEHOUD_INLINE std::uint64_t operator()(std::uint32_t row, std::uint32_t n, Kind kind) const {
    constexpr std::uint64_t kLow = 0x7F7F7F7F7F7F7F7FULL;
    const std::uint64_t pattern = kind * 0x0101010101010101ULL;
    std::uint64_t mask = 0;
    for (std::uint32_t i = 0; i < n; i += 8) {
      std::uint64_t x = 0;
      std::memcpy(&x, kinds + row + i, 8);
      x ^= pattern;
      const std::uint64_t zero = ~(((x & kLow) + kLow) | x | kLow);  // 0x80 in each byte that is 0
      mask |= ((zero >> 7) * 0x0102040810204080ULL >> 56) << i;
    }
    return mask & first_bits(n);
  }
};
struct WideKinds {
  const std::uint16_t* kinds;
  BEHOUD_INLINE std::uint64_t operator()(std::uint32_t row, std::uint32_t n, Kind kind) const {
    std::uint64_t mask = 0;
    for (std::uint32_t i = 0; i < n; ++i) mask |= std::uint64_t{kinds[row + i] == kind} << i;
    return mask;
  }
};
#if BEHOUD_X86
BEHOUD_BEGIN_AVX2
struct Avx2Kinds {
  const std::uint8_t* kinds;
  BEHOUD_INLINE std::uint64_t operator()(std::uint32_t row, std::uint32_t n, Kind kind) const {
    const __m256i pattern = _mm256_set1_epi8(static_cast<char>(kind));
    const auto* at = reinterpret_cast<const __m256i*>(kinds + row);
    const int low = _mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_loadu_si256(at), pattern));
    const int high = _mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_loadu_si256(at + 1), pattern));
    return _bzhi_u64(static_cast<std::uint32_t>(low) | std::uint64_t{static_cast<std::uint32_t>(high)} << 32, n);
  }
};
BEHOUD_END_TARGET
BEHOUD_BEGIN_AVX512
struct Avx512Kinds {
  const std::uint8_t* kinds;
  BEHOUD_INLINE std::uint64_t operator()(std::uint32_t row, std::uint32_t n, Kind kind) const {
    const __m512i x = _mm512_loadu_si512(kinds + row);
    return _bzhi_u64(_mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(static_cast<char>(kind))), n);
  }
};
BEHOUD_END_TARGET
#endif

}  // namespace behoud::timeline
