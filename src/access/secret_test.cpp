#include "access/secret.h"

#include <set>

#include <gtest/gtest.h>

#include "access/testing/room.h"

namespace behoud::access {
namespace {

TEST(Secret, IsAll256BitsOfChanceAsText) {
  std::uint64_t next = 0;
  const Chance counting = [&] { return ++next; };
  EXPECT_EQ(random_bytes(counting, 3), std::string("\1\0\0", 3));
  next = 0;
  const std::string secret = new_secret(counting);
  EXPECT_EQ(next, 4U) << "four words of 64 bits";
  EXPECT_EQ(secret, "AQAAAAAAAAACAAAAAAAAAAMAAAAAAAAABAAAAAAAAAA");
  EXPECT_EQ(secret.size(), kSecretLetters);
  std::set<std::string> many;
  const Chance chance = testing::chance_of(1);
  for (int i = 0; i < 1000; ++i) many.insert(new_secret(chance));
  EXPECT_EQ(many.size(), 1000U);
}

TEST(Secret, IsKeptAsSha256OfItsPurposeAndItself) {
  // printf 'token\0abc' | sha256sum
  EXPECT_EQ(hexadecimal(hash_of("token", "abc")), "8a06b753d7f39d1a5c888ed8fefc722becab26c0b3b3baf5ff0d58be8513e466");
  EXPECT_NE(hash_of("link", "abc"), hash_of("session", "abc"));
  EXPECT_NE(hash_of("a", "bc"), hash_of("ab", "c")) << "purpose and secret cannot run into each other";
}

TEST(Secret, IsComparedWhole) {
  EXPECT_TRUE(equal_in_constant_time("", ""));
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  for (const char* other : {"", "ab", "abd", "abcd", "bbc"}) EXPECT_FALSE(equal_in_constant_time("abc", other));
}

}  // namespace
}  // namespace behoud::access
