#include "base/text.h"

#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace behoud {
namespace {

// Any bytes, with a liking for those that UTF-8 gives a meaning to.
std::string any_bytes() {
  const auto byte = rc::gen::weightedOneOf<unsigned char>(
      {{2, rc::gen::arbitrary<unsigned char>()},
       {3,
        rc::gen::element<unsigned char>(0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE2, 0xED, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF)},
       {3, rc::gen::element<unsigned char>(0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xA8, 0xBB, 0xBF)},
       {1, rc::gen::element<unsigned char>(' ', 'a', 0, 0x7F)}});
  std::string out;
  for (const unsigned char b : *rc::gen::container<std::vector<unsigned char>>(byte)) out += static_cast<char>(b);
  return out;
}

// Decodes by arithmetic: reads what the lead byte promises, then looks at the value; slow and obvious.
bool oracle_is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80         ? 1
                               : (lead >> 5) == 6  ? 2
                               : (lead >> 4) == 14 ? 3
                               : (lead >> 3) == 30 ? 4
                                                   : 0;
    if (length == 0 || i + length > text.size()) return false;
    std::uint32_t point = length == 1 ? lead : lead & (0xFFu >> (length + 1));
    for (std::size_t j = 1; j < length; ++j) {
      const auto next = static_cast<unsigned char>(text[i + j]);
      if ((next >> 6) != 2) return false;
      point = point << 6 | (next & 0x3F);
    }
    const std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (point < least[length] || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) return false;
    i += length;
  }
  return true;
}

TEST(Text, IsTrimmedOfBlanksAndWhatSpreadsheetsLeave) {
  const struct {
    const char *text, *trimmed;
  } cases[] = {{"", ""},
               {"  ", ""},
               {" a b ", "a b"},
               {"\t\r\n\v\fx\n", "x"},
               {"\xC2\xA0x\xC2\xA0", "x"},
               {"\xEF\xBB\xBFid", "id"},
               {" \xC2\xA0 x", "x"},
               {"é", "é"},
               {"\xA0x", "\xA0x"},
               {"\xC2", "\xC2"}};
  for (const auto& c : cases) EXPECT_EQ(trim(c.text), c.trimmed) << c.text;
}

TEST(Text, IsLoweredInAsciiAlone) {
  EXPECT_EQ(to_lower("ABCxyzÀ@[`{"), "abcxyzÀ@[`{");
  EXPECT_TRUE(equal_ignoring_case("Order ID", "order id"));
  EXPECT_FALSE(equal_ignoring_case("Order ID", "order i"));
  EXPECT_FALSE(equal_ignoring_case("@", "`"));
}

TEST(Text, EmailsHaveOneForm) {
  EXPECT_EQ(normalise_email("  Shop.Owner+News@Example.COM \n"), "shop.owner+news@example.com");
  EXPECT_EQ(normalise_email("not an address"), "not an address");
}

TEST(Utf8, KnowsWellFormedFromIllFormed) {
  const struct {
    std::string text;
    bool good;
    const char* why;
  } cases[] = {{"", true, "nothing"},
               {"plain", true, "ASCII"},
               {"\xC3\xA9", true, "é"},
               {"\xE2\x82\xAC", true, "€"},
               {"\xF0\x9F\x98\x80", true, "outside the BMP"},
               {std::string(1, '\0'), true, "a NUL is a character"},
               {"\xF4\x8F\xBF\xBF", true, "U+10FFFF"},
               {"\xF4\x90\x80\x80", false, "above U+10FFFF"},
               {"\xC0\x80", false, "overlong NUL"},
               {"\xC1\xBF", false, "overlong"},
               {"\xE0\x9F\xBF", false, "overlong"},
               {"\xF0\x8F\xBF\xBF", false, "overlong"},
               {"\xED\xA0\x80", false, "a surrogate"},
               {"\xED\x9F\xBF", true, "just below the surrogates"},
               {"\xEE\x80\x80", true, "just above them"},
               {"\xE2\x82", false, "cut off"},
               {"\x80", false, "a continuation alone"},
               {"\xFF", false, "never a byte of UTF-8"}};
  for (const auto& c : cases) {
    EXPECT_EQ(is_utf8(c.text), c.good) << c.why;
    EXPECT_EQ(oracle_is_utf8(c.text), c.good) << c.why << " (oracle)";
  }
}

RC_GTEST_PROP(Utf8Law, AgreesWithDecodingByArithmetic, ()) {
  const std::string text = any_bytes();
  RC_ASSERT(is_utf8(text) == oracle_is_utf8(text));
}

RC_GTEST_PROP(Utf8Law, RepairGivesUtf8AndLeavesGoodTextAlone, ()) {
  const std::string text = any_bytes();
  const std::string repaired = repair_utf8(text);
  RC_ASSERT(oracle_is_utf8(repaired));
  RC_ASSERT(repair_utf8(repaired) == repaired);
  if (oracle_is_utf8(text)) RC_ASSERT(repaired == text);
}

// The example of the Unicode standard, 15.0, table 3-8 and the text around it.
TEST(Utf8, EachMaximalIllFormedPartBecomesOneReplacement) {
  const std::string r(kReplacement);
  EXPECT_EQ(repair_utf8("\x61\xF1\x80\x80\xE1\x80\xC2\x62\x80\x63\x80\xBF\x64"),
            "a" + r + r + r + "b" + r + "c" + r + r + "d");
  EXPECT_EQ(repair_utf8("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41"), r + r + r + r + r + r + r + r + "A");
  EXPECT_EQ(repair_utf8("\xED\xA0\x80"), r + r + r);
}

TEST(Latin1, BecomesUtf8WithThePrintableRangeOfWindows) {
  EXPECT_EQ(latin1_to_utf8("caf\xE9"), "café");
  EXPECT_EQ(latin1_to_utf8("\x80 12,50"), "€ 12,50");
  EXPECT_EQ(latin1_to_utf8("\x93quoted\x94 \x96 \x99"), "“quoted” – ™");
  EXPECT_EQ(latin1_to_utf8("\x81\x8D\x8F\x90\x9D"), std::string(kReplacement) + std::string(kReplacement) +
                                                        std::string(kReplacement) + std::string(kReplacement) +
                                                        std::string(kReplacement));
  EXPECT_EQ(latin1_to_utf8(std::string_view("\0a", 2)), std::string_view("\0a", 2));
  for (int b = 0xA0; b < 0x100; ++b) {
    const std::string out = latin1_to_utf8(std::string(1, static_cast<char>(b)));
    ASSERT_EQ(out.size(), 2u);
    EXPECT_EQ((static_cast<unsigned char>(out[0]) & 0x1F) << 6 | (static_cast<unsigned char>(out[1]) & 0x3F), b);
  }
}

TEST(Integer, IsReadWholeOrNotAtAll) {
  constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  const struct {
    const char* text;
    std::optional<std::int64_t> value;
  } cases[] = {{"0", 0},
               {"-0", 0},
               {"+7", 7},
               {"-12", -12},
               {"007", 7},
               {"9223372036854775807", kMax},
               {"-9223372036854775808", kMin},
               {"9223372036854775808", {}},
               {"", {}},
               {"+", {}},
               {"-", {}},
               {"+-1", {}},
               {"--1", {}},
               {" 1", {}},
               {"1 ", {}},
               {"1.0", {}},
               {"1e3", {}},
               {"0x1", {}},
               {"one", {}}};
  for (const auto& c : cases) EXPECT_EQ(parse_integer(c.text), c.value) << c.text;
}

RC_GTEST_PROP(IntegerLaw, IsReadBackAsItWasWritten, (std::int64_t value)) {
  RC_ASSERT(parse_integer(std::to_string(value)) == value);
}

TEST(Quoted, ShowsHostileTextHarmlessly) {
  EXPECT_EQ(quoted("a b"), "'a b'");
  EXPECT_EQ(quoted(""), "''");
  EXPECT_EQ(quoted("\x1b[31m"), "'" + std::string(kReplacement) + "[31m'");
  EXPECT_EQ(quoted("\xC2\x9B"
                   "31m"),
            "'" + std::string(kReplacement) + "31m'")
      << "a C1 control is one too";
  EXPECT_EQ(quoted("abcdef", 3), "'abc...'");
  EXPECT_EQ(quoted("ab€", 4), "'ab...'") << "a character is never cut";
}

RC_GTEST_PROP(QuotedLaw, IsShortUtf8WithoutControls, ()) {
  const std::string out = quoted(any_bytes(), 20);
  RC_ASSERT(oracle_is_utf8(out));
  for (const char c : out) RC_ASSERT(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
  RC_ASSERT(out.size() <= 2 + 3 + 60);  // 20 bytes, each of which may have become a replacement of three
}

}  // namespace
}  // namespace behoud
