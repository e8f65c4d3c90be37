#include "base/hash.h"

#include <cstring>
#include <memory>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <rapidcheck/gtest.h>

#include "base/id.h"

namespace behoud {
namespace {

// The key of the published vectors: bytes 00 01 .. 0f; their input is 00 01 .. n - 1.
constexpr HashKey kVectorKey{0x0706050403020100, 0x0f0e0d0c0b0a0908};
std::string vector_input(int n) {
  std::string out;
  for (int i = 0; i < n; ++i) out += static_cast<char>(i);
  return out;
}

// vectors_sip64 of the authors' reference (github.com/veorq/SipHash, vectors.h), read little-endian; 15 is the paper's.
TEST(KeyedHash, EqualsThePublishedVectorsOf64Bits) {
  const std::uint64_t expected[] = {0x726fdb47dd0e0e31, 0x74f839c593dc67fd, 0x0d6c8009d9a94f5a,
                                    0x85676696d7fb7e2d, 0xcf2794e0277187b7, 0x18765564cd99a68d,
                                    0xcbc9466e58fee3ce, 0xab0200f58b01d137, 0x93f5f5799a932462};
  for (int n = 0; n < 9; ++n) EXPECT_EQ(keyed_hash64(kVectorKey, vector_input(n)), expected[n]) << n;
  EXPECT_EQ(keyed_hash64(kVectorKey, vector_input(15)), 0xa129ca6149be45e5);
}

// vectors_sip128 of the same.
TEST(KeyedHash, EqualsThePublishedVectorsOf128Bits) {
  const Hash128 expected[] = {{0xe6a825ba047f81a3, 0x930255c71472f66d},
                              {0x44af996bd8c187da, 0x45fc229b11597634},
                              {0xc75da4a48d227781, 0xe4ff0af6de8ba3fc}};
  for (int n = 0; n < 3; ++n) EXPECT_EQ(keyed_hash128(kVectorKey, vector_input(n)), expected[n]) << n;
}

// OpenSSL's SipHash as the oracle for every length and any number of rounds.
std::string oracle(const HashKey& key, std::string_view bytes, std::size_t size, unsigned c_rounds, unsigned d_rounds) {
  const std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> mac(EVP_MAC_fetch(nullptr, "SIPHASH", nullptr), EVP_MAC_free);
  const std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)> context(EVP_MAC_CTX_new(mac.get()), EVP_MAC_CTX_free);
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &size),
                                   OSSL_PARAM_construct_uint(OSSL_MAC_PARAM_C_ROUNDS, &c_rounds),
                                   OSSL_PARAM_construct_uint(OSSL_MAC_PARAM_D_ROUNDS, &d_rounds),
                                   OSSL_PARAM_construct_end()};
  unsigned char raw_key[16];
  std::memcpy(raw_key, &key.low, 8);
  std::memcpy(raw_key + 8, &key.high, 8);
  std::string out(size, '\0');
  std::size_t written = 0;
  const bool ok =
      EVP_MAC_init(context.get(), raw_key, sizeof raw_key, parameters) == 1 &&
      EVP_MAC_update(context.get(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()) == 1 &&
      EVP_MAC_final(context.get(), reinterpret_cast<unsigned char*>(out.data()), &written, out.size()) == 1;
  return ok && written == size ? out : "";
}
std::string bytes_of(std::uint64_t v) {
  std::string out(8, '\0');
  std::memcpy(out.data(), &v, 8);
  return out;
}

RC_GTEST_PROP(KeyedHashLaw, EqualsOpenSsl, (std::uint64_t low, std::uint64_t high, const std::string& text)) {
  const HashKey key{low, high};
  RC_ASSERT(bytes_of(keyed_hash64(key, text)) == oracle(key, text, 8, 2, 4));
  const Hash128 wide = keyed_hash128(key, text);
  RC_ASSERT(bytes_of(wide.low) + bytes_of(wide.high) == oracle(key, text, 16, 2, 4));
  RC_ASSERT(bytes_of(table_hash(key, text)) == oracle(key, text, 8, 1, 3));
}

TEST(KeyedHash, DependsOnTheKey) {
  EXPECT_NE(keyed_hash64({1, 0}, "order-1"), keyed_hash64({2, 0}, "order-1"));
  EXPECT_NE(keyed_hash64({1, 0}, "order-1"), keyed_hash64({1, 1}, "order-1"));
}

// Computed with the reference implementation, xxHash 0.8.1.
TEST(Checksum, EqualsTheReferenceOfXxh64) {
  const struct {
    const char* text;
    std::uint64_t seed, expected;
  } cases[] = {
      {"", 0, 0xef46db3751d8e999},
      {"", 20141025, 0x493d554c526625ba},
      {"a", 0, 0xd24ec4f1a98c6e5b},
      {"a", 20141025, 0x9fe3ce221f1dd34a},
      {"abc", 0, 0x44bc2cf5ad770999},
      {"abc", 20141025, 0x15bf5082de140c67},
      {"xxhash", 0, 0x32dd38952c4bc720},
      {"xxhash", 20141025, 0xb559b98d844e0635},
      {"0123456789abcdef0123456789abcde", 0, 0x1fdfc63febacfde7},
      {"0123456789abcdef0123456789abcde", 20141025, 0xc1b5aad8e8f8e598},
      {"0123456789abcdef0123456789abcdef", 0, 0x642a94958e71e6c5},
      {"0123456789abcdef0123456789abcdef", 20141025, 0x954435f971b0530c},
      {"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.ordering", 0, 0xef8e31babcefc3a1},
      {"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.ordering", 20141025, 0x036868bc64a6dba4}};
  for (const auto& c : cases) EXPECT_EQ(checksum(c.text, c.seed), c.expected) << c.text << " " << c.seed;
  // Every length up to 1,000, folded into one number.
  std::string bytes;
  for (int i = 0; i < 1000; ++i) bytes += static_cast<char>(i * 7 + 3);
  std::uint64_t folded = 0;
  for (std::size_t n = 0; n <= 1000; ++n) folded = folded * 31 + checksum(std::string_view(bytes).substr(0, n), n);
  EXPECT_EQ(folded, 0x0e36baba3ec3af8d);
}

RC_GTEST_PROP(ChecksumLaw, AnySplitGivesTheSame, (const std::vector<std::string>& parts, std::uint64_t seed)) {
  std::string whole;
  Checksum sum(seed);
  for (const std::string& part : parts) {
    whole += part;
    sum.add(part);
  }
  RC_ASSERT(sum.digest() == checksum(whole, seed));
}

TEST(Checksum, NoticesEveryFlippedBit) {
  std::string bytes(100, 'x');
  const std::uint64_t good = checksum(bytes);
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_NE(checksum(bytes), good) << bit;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
  }
}

// ---- Ids

using CustomerId = Id<struct CustomerTag>;
using JourneyId = Id<struct JourneyTag>;
static_assert(!std::is_convertible_v<CustomerId, JourneyId>);
static_assert(!std::is_constructible_v<CustomerId, JourneyId>);
static_assert(!std::is_convertible_v<std::uint64_t, CustomerId>);
static_assert(sizeof(CustomerId) == 8);

TEST(Id, IsOrderedAndHashedAsItsNumber) {
  EXPECT_LT(CustomerId(1), CustomerId(2));
  EXPECT_EQ(CustomerId(), CustomerId(0));
  const std::unordered_set<CustomerId> some = {CustomerId(1), CustomerId(2), CustomerId(1)};
  EXPECT_EQ(some.size(), 2u);
  const std::set<CustomerId> ordered(some.begin(), some.end());
  EXPECT_EQ(ordered.begin()->value, 1u);
}

}  // namespace
}  // namespace behoud
