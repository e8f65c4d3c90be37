#include "retention/report/internal/cells.h"

#include <cmath>
#include <limits>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace behoud::retention::report::internal {
namespace {

const Cells kUtf8(true);
const Cells kAscii(false);

TEST(Cells, KnowsHowWideATextIs) {
  struct {
    const char* text;
    int width;
  } const cases[] = {{"", 0},   {"abc", 3},  {"é", 1},   {"e\xCC\x81", 1}, {"日本", 4},
                     {"😀", 2}, {"שלום", 4}, {"€12", 3}, {"▁█", 2}};
  for (const auto& c : cases) EXPECT_EQ(Cells::width(c.text), c.width) << c.text;
}

TEST(Cells, NothingFromAFileSteersTheTerminal) {
  const std::string hostile =
      "\x1b[2J\x1b]0;title\x07name\r\n\xC2\x9B"
      "31m\xE2\x80\xAE"
      "evil\xE2\x81\xA6";
  for (const Cells& cells : {kUtf8, kAscii}) {
    const std::string shown = cells.shown(hostile);
    for (const char c : shown) EXPECT_FALSE(static_cast<unsigned char>(c) < 0x20 || c == '\x7f') << shown;
    EXPECT_EQ(shown.find("\xE2\x80\xAE"), std::string::npos) << "right-to-left override";
    EXPECT_EQ(shown.find("\xC2\x9B"), std::string::npos) << "C1 control sequence introducer";
    EXPECT_NE(shown.find("name"), std::string::npos);
  }
}

TEST(Cells, WritesAsciiWhereTheTerminalKnowsNothingElse) {
  struct {
    const char* given;
    const char* shown;
  } const cases[] = {{"Behåller vi våra kunder?", "Behaller vi vara kunder?"},
                     {"71.1–86.7%", "71.1-86.7%"},
                     {"€1,234", "EUR 1,234"},
                     {"€ 1.234", "EUR 1.234"},
                     {"1 234 kr", "1 234 kr"},
                     {"−20", "-20"},
                     {"“x” · y", "\"x\" | y"},
                     {"😀", "?"}};
  for (const auto& c : cases) EXPECT_EQ(kAscii.shown(c.given), c.shown);
}

RC_GTEST_PROP(Cells, AsciiIsAsciiAndFitsAreAsWideAsAsked, (const std::string& text)) {
  const int columns = *rc::gen::inRange(0, 30);
  for (const char c : kAscii.shown(text))
    RC_ASSERT(static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7f);
  RC_ASSERT(Cells::width(kUtf8.fit(text, columns)) == columns);
  RC_ASSERT(Cells::width(kAscii.fit(text, columns, Side::kRight)) == columns);
}

RC_GTEST_PROP(Cells, WrappingLosesNoWordAndNoLineIsTooWide, ()) {
  const auto words = *rc::gen::container<std::vector<std::string>>(
      rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::inRange('a', static_cast<char>('z' + 1)))));
  const int columns = *rc::gen::inRange(4, 40);
  std::string text, joined;
  for (const auto& w : words) text += w + " ";
  for (const auto& w : words) joined += w;
  std::string back;
  for (const auto& line : kUtf8.wrap(text, columns)) {
    RC_ASSERT(Cells::width(line) <= columns);
    for (const char c : line) {
      if (c != ' ') back += c;
    }
  }
  RC_ASSERT(back == joined);
}

TEST(Cells, DrawsBarsToAnEighthOfACell) {
  EXPECT_EQ(kUtf8.bar(1, 2, 4), "██  ");
  EXPECT_EQ(kUtf8.bar(1, 1, 3), "███");
  EXPECT_EQ(kUtf8.bar(0, 1, 3), "   ");
  EXPECT_EQ(kUtf8.bar(5, 16, 2), "▋ ");
  EXPECT_EQ(kUtf8.bar(1, 1e9, 3), "▏  ") << "a little is not nothing";
  EXPECT_EQ(kUtf8.bar(1, 0, 3), "   ");
  EXPECT_EQ(kAscii.bar(1, 2, 4), "##  ");
  EXPECT_EQ(kAscii.bar(1, 1e9, 3), "#  ");
}

TEST(Cells, DrawsSparklinesWithGaps) {
  const double gap = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(kUtf8.spark({0, 1, gap, 0.5}, 0, 1), "▁█ ▅");
  EXPECT_EQ(kAscii.spark({0, 1, gap, 0.5}, 0, 1), "_# =");
  EXPECT_EQ(kUtf8.spark({3, 3}, 3, 3), "▅▅");
}

TEST(Cells, CutsWithAnEllipsis) {
  EXPECT_EQ(kUtf8.fit("abcdef", 4), "abc…");
  EXPECT_EQ(kAscii.fit("abcdef", 4), "a...");
  EXPECT_EQ(kUtf8.fit("日本語", 4), "日… ") << "a wide character does not straddle the edge";
  EXPECT_EQ(kUtf8.fit("ab", 4, Side::kRight), "  ab");
}

}  // namespace
}  // namespace behoud::retention::report::internal
