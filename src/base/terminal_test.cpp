#include "base/terminal.h"

#include <map>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <rapidcheck/gtest.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text.h"

namespace behoud {
namespace {

using Environment = std::map<std::string, std::string>;
Terminal terminal(int fd, const Environment& environment) {
  return Terminal::of(fd, [&](const char* name) -> const char* {
    const auto it = environment.find(name);
    return it == environment.end() ? nullptr : it->second.c_str();
  });
}

// A real pseudo-terminal of 100 columns.
class PtyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    winsize size{};
    size.ws_col = 100;
    size.ws_row = 30;
    if (::openpty(&outside_, &inside_, nullptr, nullptr, &size) != 0) GTEST_SKIP() << "no pseudo-terminals here";
  }
  void TearDown() override {
    if (outside_ >= 0) ::close(outside_);
    if (inside_ >= 0) ::close(inside_);
  }
  int outside_ = -1, inside_ = -1;
};

TEST_F(PtyTest, ATerminalIsInteractiveColouredAndHasItsWidth) {
  const Terminal t = terminal(inside_, {{"TERM", "xterm"}, {"LANG", "nl_NL.UTF-8"}});
  EXPECT_TRUE(t.interactive);
  EXPECT_TRUE(t.colour);
  EXPECT_TRUE(t.utf8);
  EXPECT_EQ(t.width, 100);
}

TEST_F(PtyTest, NoColorAndDumbTerminalsAreRespected) {
  EXPECT_FALSE(terminal(inside_, {{"NO_COLOR", "1"}}).colour);
  EXPECT_TRUE(terminal(inside_, {{"NO_COLOR", ""}}).colour) << "empty means not set";
  EXPECT_FALSE(terminal(inside_, {{"TERM", "dumb"}}).interactive);
  EXPECT_FALSE(terminal(inside_, {{"TERM", "dumb"}}).colour);
}

TEST(Terminal, APipeIsNone) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const Terminal t = terminal(ends[1], {{"TERM", "xterm"}});
  EXPECT_FALSE(t.interactive);
  EXPECT_FALSE(t.colour);
  EXPECT_EQ(t.width, 80);
  EXPECT_EQ(terminal(ends[1], {{"COLUMNS", "120"}}).width, 120);
  EXPECT_EQ(terminal(ends[1], {{"COLUMNS", "5"}}).width, 20);
  EXPECT_EQ(terminal(ends[1], {{"COLUMNS", "many"}}).width, 80);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(Terminal, KnowsWhetherTheLocaleIsUtf8) {
  EXPECT_TRUE(terminal(-1, {}).utf8);
  EXPECT_FALSE(terminal(-1, {{"LANG", "C"}}).utf8);
  EXPECT_TRUE(terminal(-1, {{"LANG", "C.utf8"}}).utf8);
  EXPECT_FALSE(terminal(-1, {{"LC_ALL", "POSIX"}, {"LANG", "sv_SE.UTF-8"}}).utf8) << "LC_ALL comes first";
  EXPECT_TRUE(terminal(-1, {{"LC_ALL", ""}, {"LC_CTYPE", "en_GB.UTF-8"}, {"LANG", "C"}}).utf8);
}

TEST(Columns, AreCountedAsTheyAreSeen) {
  EXPECT_EQ(columns_of(""), 0);
  EXPECT_EQ(columns_of("abc"), 3);
  EXPECT_EQ(columns_of("Söner €"), 7);
  EXPECT_EQ(columns_of("e\xCC\x81"), 1) << "a combining mark stands on its letter";
  EXPECT_EQ(columns_of("日本"), 4);
  EXPECT_EQ(columns_of("😀"), 2);
  EXPECT_EQ(columns_of("\xFF"), 1);
}

TEST(Columns, TextIsCutOrFilledToThem) {
  EXPECT_EQ(fit("abc", 5), "abc  ");
  EXPECT_EQ(fit("abc", 5, true), "  abc");
  EXPECT_EQ(fit("abcdef", 4), "abc…");
  EXPECT_EQ(fit("Ångström", 4), "Ång…");
  EXPECT_EQ(fit("日本語", 4), "日… ") << "half a wide character is none";
  EXPECT_EQ(fit("abc", 0), "");
  EXPECT_EQ(fit("", 2), "  ");
}

RC_GTEST_PROP(ColumnsLaw, FittedTextIsExactlyThatWide, (const std::string& text)) {
  const int width = *rc::gen::inRange(1, 40);
  RC_ASSERT(columns_of(fit(text, width)) == width);
  RC_ASSERT(columns_of(fit(text, width, true)) == width);
}

TEST(Counts, AreShort) {
  const std::map<double, std::string> cases = {
      {0, "0"},         {950, "950"},        {999, "999"},      {999.6, "1.0k"},  {1000, "1.0k"},
      {12345, "12.3k"}, {999'949, "999.9k"}, {999'950, "1.0M"}, {1.25e6, "1.2M"}, {4.5e9, "4.5G"}};
  for (const auto& [count, text] : cases) EXPECT_EQ(short_count(count), text);
  EXPECT_EQ(short_count(-1), "0");
  EXPECT_EQ(clock_text(5), "0:05");
  EXPECT_EQ(clock_text(754), "12:34");
  EXPECT_EQ(clock_text(3723), "1:02:03");
  EXPECT_EQ(clock_text(-1), "0:00");
}

struct Watch {
  std::int64_t now = 10'000;
  std::vector<std::string> writes;
  Progress progress(Terminal t, std::string label = "Reading orders.csv") {
    return Progress(
        std::move(label), "rows", t, [this](std::string_view s) { writes.emplace_back(s); }, [this] { return now; });
  }
};
constexpr Terminal kPerson{.interactive = true, .colour = true, .utf8 = true, .width = 80};
constexpr Terminal kPipe{};

TEST(Progress, WhatTakesLessThanASecondSaysNothing) {
  Watch w;
  {
    Progress p = w.progress(kPerson);
    for (int i = 0; i < 10; ++i, w.now += 99) p.update(static_cast<std::uint64_t>(i), 10);
  }
  EXPECT_TRUE(w.writes.empty());
}

TEST(Progress, RedrawsOneLineTenTimesASecondOnATerminalAndWipesIt) {
  Watch w;
  {
    Progress p = w.progress(kPerson);
    w.now += 2'000;
    p.update(1'000'000, 4'000'000);
    ASSERT_EQ(w.writes.size(), 1u);
    EXPECT_EQ(w.writes[0], "\rReading orders.csv  ███░░░░░░░░░  25%  1.0M/4.0M rows  500.0k/s  0:06 left\x1b[K");
    w.now += 50;
    p.update(1'100'000, 4'000'000);
    EXPECT_EQ(w.writes.size(), 1u) << "not yet";
    w.now += 50;
    p.update(1'200'000, 4'000'000);
    EXPECT_EQ(w.writes.size(), 2u);
    p.update(1'000, 4'000'000);
    w.now += 100;
    p.update(1'000, 4'000'000);
    EXPECT_NE(w.writes.back().find("30%"), std::string::npos) << "never back";
  }
  EXPECT_EQ(w.writes.back(), "\r\x1b[K");
}

TEST(Progress, WritesAPlainLineEveryFiveSecondsElsewhere) {
  Watch w;
  {
    Progress p = w.progress(kPipe);
    for (int i = 1; i <= 120; ++i) {
      w.now += 100;
      p.update(static_cast<std::uint64_t>(i) * 1000, 240'000);
    }
  }
  ASSERT_EQ(w.writes.size(), 4u) << "after 1, 6 and 11 seconds, and at the end";
  EXPECT_EQ(w.writes[0], "Reading orders.csv    4%  10.0k/240.0k rows  10.0k/s  0:23 left\n");
  EXPECT_EQ(w.writes[3], "Reading orders.csv  120.0k rows  10.0k/s\n");
  for (const std::string& line : w.writes) EXPECT_EQ(line.find_first_of("\r\x1b"), std::string::npos);
}

TEST(Progress, WithoutATotalItCounts) {
  Watch w;
  Progress p = w.progress(kPerson);
  w.now += 1'000;
  p.update(5'000, 0);
  EXPECT_EQ(w.writes.back(), "\rReading orders.csv  5.0k rows  5.0k/s\x1b[K");
}

TEST(Progress, TheLabelGivesWayToTheNumbers) {
  for (const int width : {20, 40, 60, 80}) {
    Watch w;
    Progress p = w.progress({.interactive = true, .width = width}, std::string(200, 'x'));
    w.now += 1'000;
    p.update(1, 2);
    std::string line = w.writes.back().substr(1);
    line.resize(line.size() - 3);
    EXPECT_LE(columns_of(line), width - 1) << line;
    EXPECT_NE(line.find(width == 20 ? "█" : "50%"), std::string::npos) << line;
  }
}

TEST(Progress, WithoutUtf8TheBarIsAscii) {
  Watch w;
  Progress p = w.progress({.interactive = true, .utf8 = false, .width = 80});
  w.now += 1'000;
  p.update(1, 2);
  EXPECT_NE(w.writes.back().find("######------"), std::string::npos);
  for (const char c : w.writes.back()) EXPECT_LT(static_cast<unsigned char>(c), 0x80);
}

TEST(Progress, MoreThanTheTotalIsAllOfIt) {
  Watch w;
  Progress p = w.progress(kPerson);
  w.now += 1'000;
  p.update(30, 20);
  EXPECT_NE(w.writes.back().find("100%"), std::string::npos);
  EXPECT_EQ(w.writes.back().find("left"), std::string::npos);
}

}  // namespace
}  // namespace behoud
