#include "base/dictionary.h"

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace behoud {
namespace {

constexpr HashKey kKey{1, 2};

TEST(Dictionary, GivesCodesInTheOrderOfFirstAppearance) {
  Dictionary d(kKey);
  EXPECT_EQ(d.intern("b").value(), 0u);
  EXPECT_EQ(d.intern("a").value(), 1u);
  EXPECT_EQ(d.intern("b").value(), 0u);
  EXPECT_EQ(d.intern("").value(), 2u) << "nothing is a word too";
  EXPECT_EQ(d.intern(std::string_view("\0", 1)).value(), 3u);
  EXPECT_EQ(d.size(), 4u);
  EXPECT_EQ(d.at(0), "b");
  EXPECT_EQ(d.at(2), "");
  EXPECT_EQ(d.at(3), std::string_view("\0", 1));
  EXPECT_EQ(d.find("a"), 1u);
  EXPECT_EQ(d.find("c"), std::nullopt);
}

TEST(Dictionary, AnEmptyOneFindsNothing) {
  const Dictionary d(kKey);
  EXPECT_EQ(d.size(), 0u);
  EXPECT_EQ(d.find(""), std::nullopt);
}

// A std::map as the slow, obvious dictionary.
RC_GTEST_PROP(DictionaryLaw, AgreesWithAMap, (const std::vector<std::string>& words, std::uint64_t key)) {
  Dictionary d({key, 0});
  std::map<std::string, std::uint32_t> oracle;
  for (const std::string& word : words) {
    const auto code = oracle.emplace(word, static_cast<std::uint32_t>(oracle.size())).first->second;
    RC_ASSERT(d.find(word).has_value() == (d.size() == oracle.size()));
    RC_ASSERT(d.intern(word).value() == code);
  }
  RC_ASSERT(d.size() == oracle.size());
  for (const auto& [word, code] : oracle) {
    RC_ASSERT(d.at(code) == word);
    RC_ASSERT(d.find(word) == code);
  }
}

TEST(Dictionary, ManyWordsStayFoundAndTheirViewsStayGood) {
  Dictionary d(kKey);
  const std::string_view first = d.at(d.intern("customer-0").value());
  constexpr std::uint32_t kWords = 300'000;
  std::uint64_t bytes = 0;
  for (std::uint32_t i = 0; i < kWords; ++i) {
    const std::string word = "customer-" + std::to_string(i);
    ASSERT_EQ(d.intern(word).value(), i);
    bytes += word.size();
  }
  for (std::uint32_t i = 0; i < kWords; i += 7) {
    ASSERT_EQ(d.find("customer-" + std::to_string(i)), i);
    ASSERT_EQ(d.at(i), "customer-" + std::to_string(i));
  }
  EXPECT_EQ(first, "customer-0");
  EXPECT_EQ(first.data(), d.at(0).data());
  // Bytes and what the contract says beside them: length, place (a vector doubles), table.
  EXPECT_LT(d.bytes(), bytes + kWords * (1 + 8 + 15) + 2 * 1024 * 1024);
}

TEST(Dictionary, WordsOfEveryLengthAreKept) {
  Dictionary d(kKey);
  std::vector<std::size_t> lengths = {0, 1, 126, 127, 128, 129, 16'382, 16'383, 16'384, 16'385, 65'535, 65'536};
  for (int round = 0; round < 20; ++round) {  // across the ends of blocks
    for (const std::size_t n : lengths) {
      const std::string word = std::string(n, static_cast<char>('a' + round));
      const auto code = d.intern(word).value();
      ASSERT_EQ(d.at(code), word);
      ASSERT_EQ(d.find(word), code);
    }
  }
}

TEST(Dictionary, AWordThatIsTooLongIsRefused) {
  Dictionary d(kKey);
  const auto code = d.intern(std::string(Dictionary::kWordBytesMax + 1, 'x'));
  ASSERT_FALSE(code.has_value());
  EXPECT_EQ(code.error().code, Errc::kOutOfRange);
  EXPECT_EQ(d.size(), 0u);
}

TEST(Dictionary, IsBoundedInWords) {
  Dictionary d(kKey, {.words_max = 2});
  ASSERT_TRUE(d.intern("a"));
  ASSERT_TRUE(d.intern("b"));
  const auto c = d.intern("c");
  ASSERT_FALSE(c.has_value());
  EXPECT_EQ(c.error().code, Errc::kOutOfRange);
  EXPECT_EQ(d.intern("a").value(), 0u) << "what is there goes on being found";
  EXPECT_EQ(d.find("c"), std::nullopt);
  EXPECT_EQ(d.size(), 2u);
}

TEST(Dictionary, IsBoundedInBytes) {
  for (const std::uint64_t limit : {100ull, 1'000ull, 100'000ull, 3'000'000ull}) {
    Dictionary d(kKey, {.bytes_max = limit});
    std::uint32_t i = 0;
    while (d.intern("word number " + std::to_string(i)).has_value()) {
      ++i;
      ASSERT_LE(d.bytes(), limit);
    }
    ASSERT_LE(d.bytes(), std::max<std::uint64_t>(limit, 128));
    for (std::uint32_t code = 0; code < i; ++code) ASSERT_EQ(d.find("word number " + std::to_string(code)), code);
    if (limit >= 100'000) {
      EXPECT_GT(i, limit / 60) << "the bound is used";
    }
  }
}

}  // namespace
}  // namespace behoud
