#include "ingest/hash.h"

#include <gtest/gtest.h>

namespace behoud::ingest {
namespace {

// As it was first written, and as what is stored was made.
std::uint64_t as_first_written(std::string_view text, std::uint64_t seed) {
  constexpr std::uint64_t k0 = 0xA0761D6478BD642FULL, k1 = 0xE7037ED1A0B428DBULL, k2 = 0x8EBC6AF09C88C6E3ULL;
  const char* p = text.data();
  std::size_t n = text.size();
  std::uint64_t h = fold_product(seed ^ k0, n ^ k1);
  const auto word = [](const char* q, std::size_t length) {
    std::uint64_t w = 0;
    for (std::size_t i = length; i > 0; --i) w = w << 8 | static_cast<unsigned char>(q[i - 1]);
    return w;
  };
  while (n > 16) {
    h = fold_product(word(p, 8) ^ k1, word(p + 8, 8) ^ h);
    p += 16;
    n -= 16;
  }
  const std::uint64_t a = n >= 8 ? word(p, 8) : word(p, n);
  const std::uint64_t b = n > 8 ? word(p + 8, n - 8) : 0;
  return fold_product(fold_product(a ^ k1, b ^ h) ^ k2, h ^ k0);
}

TEST(Hash, IsOfEveryLengthWhatItAlwaysWas) {
  std::uint64_t state = 1;
  for (std::size_t length = 0; length <= 70; ++length) {
    for (int i = 0; i < 200; ++i) {
      std::string text;  // of a length of its own, so that a read beyond it is one
      for (std::size_t c = 0; c < length; ++c) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        text.push_back(static_cast<char>(state >> 56));
      }
      text.shrink_to_fit();
      ASSERT_EQ(hash_bytes(text), as_first_written(text, 0)) << length;
      ASSERT_EQ(hash_bytes(text, state), as_first_written(text, state)) << length;
    }
  }
}

// A value of its own, so that both cannot change together.
TEST(Hash, OfAnOrderIsWrittenDown) {
  Hash128 hash;
  hash.add("c");
  hash.add("a-customer");
  hash.add(std::uint64_t{1'700'000'000'000});
  EXPECT_EQ(hash.hex(), "e62b3801712cca2d3293533361e4802b");
}

}  // namespace
}  // namespace behoud::ingest
