#include "timeline/internal/bit_counter.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "timeline/internal/kind_masks.h"
#include "timeline/testing_isas.h"

namespace behoud::timeline {
namespace {

BitCounts slowly(const std::vector<std::uint64_t>& words) {
  BitCounts counts{};
  for (const std::uint64_t word : words) {
    for (std::size_t b = 0; b < 64; ++b) counts[b] += word >> b & 1;
  }
  return counts;
}

RC_GTEST_PROP(BitCounter, CountsEveryBitOnEveryMachine, ()) {
  const auto n = *rc::gen::inRange<std::size_t>(0, 3000);
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  std::vector<std::uint64_t> words(n);
  std::uint64_t x = seed;
  for (std::uint64_t& word : words) {
    x = x * 6364136223846793005ULL + 1442695040888963407ULL;
    word = seed % 3 == 0 ? ~std::uint64_t{0} : x ^ x >> 31;
  }
  for (const Isa isa : isas_here()) {
    BitCounts counts{};
    count_bits(words.data(), words.size(), counts, isa);
    count_bits(words.data(), words.size() / 2, counts, isa);  // adds to what is there
    BitCounts both = slowly(words);
    words.resize(n);
    const BitCounts half = slowly({words.begin(), words.begin() + static_cast<std::ptrdiff_t>(n / 2)});
    for (std::size_t b = 0; b < 64; ++b) both[b] += half[b];
    RC_ASSERT(counts == both);
  }
}

TEST(BitCounter, HoldsAMillionWordsInOnePass) {
  const std::vector<std::uint64_t> words(1'000'003, 0x8000'0000'0000'0001);
  for (const Isa isa : isas_here()) {
    BitCounts counts{};
    count_bits(words.data(), words.size(), counts, isa);
    EXPECT_EQ(counts[0], words.size());
    EXPECT_EQ(counts[63], words.size());
    EXPECT_EQ(counts[1], 0U);
  }
}

#if BEHOUD_X86
BEHOUD_AVX2 std::uint64_t avx2_mask(const std::uint8_t* kinds, std::uint32_t row, std::uint32_t n, Kind kind) {
  return Avx2Kinds{kinds}(row, n, kind);
}
BEHOUD_AVX512 std::uint64_t avx512_mask(const std::uint8_t* kinds, std::uint32_t row, std::uint32_t n, Kind kind) {
  return Avx512Kinds{kinds}(row, n, kind);
}
#endif

RC_GTEST_PROP(KindMasks, SayWhereAKindStands, ()) {
  const auto kinds = *rc::gen::container<std::vector<std::uint8_t>>(
      200, rc::gen::weightedElement<std::uint8_t>({{3, 0}, {3, 1}, {1, 0x80}, {1, 0xFF}, {1, 0x7F}}));
  const std::vector<std::uint16_t> wide(kinds.begin(), kinds.end());
  const auto row = *rc::gen::inRange<std::uint32_t>(0, 130);
  const auto n = *rc::gen::inRange<std::uint32_t>(0, 65);
  for (const Kind kind : {Kind{0}, Kind{1}, Kind{0x7F}, Kind{0x80}, Kind{0xFF}, Kind{9}}) {
    std::uint64_t mask = 0;
    for (std::uint32_t i = 0; i < n; ++i) mask |= std::uint64_t{kinds[row + i] == kind} << i;
    RC_ASSERT(PlainKinds{kinds.data()}(row, n, kind) == mask);
    RC_ASSERT(WideKinds{wide.data()}(row, n, kind) == mask);
#if BEHOUD_X86
    if (best_isa() >= Isa::kAvx2) RC_ASSERT(avx2_mask(kinds.data(), row, n, kind) == mask);
    if (best_isa() >= Isa::kAvx512) RC_ASSERT(avx512_mask(kinds.data(), row, n, kind) == mask);
#endif
  }
}

}  // namespace
}  // namespace behoud::timeline
