#include "timeline/internal/text_map.h"

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace behoud::timeline {
namespace {

RC_GTEST_PROP(TextMap, AgreesWithAStandardMap, (const std::vector<std::string>& texts)) {
  TextMap map;
  std::map<std::string, std::uint32_t> oracle;
  for (const std::string& text : texts) {
    RC_ASSERT(map.find(text, hash_text(text)).has_value() == oracle.contains(text));
    const auto fresh = static_cast<std::uint32_t>(oracle.size());
    const auto expected = oracle.emplace(text, fresh).first->second;
    const auto found = map.find_or_insert(text, hash_text(text), fresh);
    RC_ASSERT(found.has_value());
    RC_ASSERT(found->number == expected);
    RC_ASSERT(found->inserted == (expected == fresh));
    RC_ASSERT(map.text(found->reference) == text);
  }
  RC_ASSERT(map.size() == oracle.size());
}

TEST(TextMap, KeepsTextsApartThatShareTheirWholeHash) {
  TextMap map;
  for (std::uint32_t i = 0; i < 2000; ++i) {
    const auto found = map.find_or_insert("key" + std::to_string(i), 0x123456789abcdef0ULL, i);
    ASSERT_TRUE(found && found->inserted);
  }
  for (std::uint32_t i = 0; i < 2000; ++i) {
    EXPECT_EQ(map.find("key" + std::to_string(i), 0x123456789abcdef0ULL), i);
  }
  EXPECT_EQ(map.find("key2000", 0x123456789abcdef0ULL), std::nullopt);
}

TEST(TextMap, GrowsThroughManyTextsAndArenaBlocks) {
  TextMap map;
  const std::string tail(100, 'x');
  for (std::uint32_t i = 0; i < 50'000; ++i) {
    const std::string text = std::to_string(i) + tail;
    map.prefetch_slot(hash_text(text));
    map.prefetch_record(hash_text(text));
    ASSERT_TRUE(map.find_or_insert(text, hash_text(text), i)->inserted);
  }
  for (std::uint32_t i = 0; i < 50'000; ++i) {
    const std::string text = std::to_string(i) + tail;
    ASSERT_EQ(map.find(text, hash_text(text)), i);
  }
}

TEST(TextMap, HoldsTheLongestText) {
  TextMap map;
  const std::string longest(TextMap::kMaxTextBytes, 'k');
  const auto found = map.find_or_insert(longest, hash_text(longest), 7);
  EXPECT_EQ(map.text(found->reference), longest);
}

}  // namespace
}  // namespace behoud::timeline
