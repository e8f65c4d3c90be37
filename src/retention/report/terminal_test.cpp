#include "retention/report/terminal.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "retention/report/internal/cells.h"
#include "retention/report/internal/made_up_report.h"

namespace behoud::retention::report {
namespace {

using internal::Cells;
using internal::large_report;
using internal::small_report;

std::string page(const Report& report, const char* language = "en", TerminalOptions options = {}) {
  auto out = render_terminal(report, language, options);
  EXPECT_TRUE(out) << (out ? "" : out.error().message);
  return out.value_or("");
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

std::filesystem::path golden(const std::string& name) {
  return std::filesystem::path(BEHOUD_SOURCE_DIR) / "src/retention/report/golden" / name;
}

// With BEHOUD_GOLDEN=write the files are written anew, to be read and committed.
void expect_golden(const std::string& name, const std::string& text) {
  if (const char* mode = std::getenv("BEHOUD_GOLDEN"); mode && std::string(mode) == "write") {
    std::filesystem::create_directories(golden(name).parent_path());
    std::ofstream(golden(name), std::ios::binary) << text;
    return;
  }
  std::ifstream in(golden(name), std::ios::binary);
  const std::string expected{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(text, expected) << name;
}

TEST(Terminal, IsTheSamePageInThreeLanguages) {
  for (const char* language : {"en", "nl", "sv"}) {
    expect_golden(std::string("small.") + language + ".txt", page(small_report(), language));
  }
  expect_golden("small.en.ascii.txt", page(small_report(), "en", {80, false, false}));
  expect_golden("large.en.txt", page(large_report()));
}

TEST(Terminal, OpensWithTheAnswer) {
  const std::string text = page(small_report());
  EXPECT_NE(text.find("You kept 80 of the 100 customers you had on 1 January; 20 left, 17 came new, 3 came back."),
            std::string::npos)
      << text;
}

TEST(Terminal, NoLineIsWiderThanThePage) {
  for (const int columns : {10, 80, 96, 100, 400}) {
    const int most = std::clamp(columns, 80, 100);
    for (const char* language : {"en", "nl", "sv"}) {
      for (const bool utf8 : {true, false}) {
        for (const Report& r : {small_report(), large_report()}) {
          for (const std::string& line : lines_of(page(r, language, {columns, utf8, false}))) {
            EXPECT_LE(Cells::width(line), most) << line;
          }
        }
      }
    }
  }
}

TEST(Terminal, IsPlainWithoutColourAndAsciiWithoutUtf8) {
  EXPECT_EQ(page(large_report(), "sv").find('\x1b'), std::string::npos);
  for (const char c : page(large_report(), "sv", {96, false, false})) {
    EXPECT_TRUE(c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7f));
  }
  // With colour the same text stands there: colour carries nothing alone.
  const std::string coloured = page(large_report(), "en", {96, true, true});
  EXPECT_NE(coloured.find("\x1b["), std::string::npos);
  std::string bare;
  for (std::size_t i = 0; i < coloured.size(); ++i) {
    if (coloured[i] == '\x1b') {
      i = coloured.find('m', i);
    } else {
      bare += coloured[i];
    }
  }
  EXPECT_EQ(bare, page(large_report()));
}

TEST(Terminal, NamesFromAFileCannotSteerIt) {
  Report r = small_report();
  r.files = {"\x1b]0;owned\x07.csv"};
  r.slipping.rows[0].customer =
      "\x1b[2J\x1b[31m\xE2\x80\xAE"
      "evil\nname";
  r.actions[0].command = "a\x1b[0mb";
  const std::string text = page(r);
  for (const char c : text) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
  EXPECT_EQ(text.find("\xE2\x80\xAE"), std::string::npos);
  EXPECT_NE(text.find("evil name"), std::string::npos);
}

TEST(Terminal, SaysThatThereIsNothing) {
  Report none;
  none.basics = small_report().basics;
  none.warnings = {Warning::kNoOrders};
  none.bridge.lines = {{"orders", BridgeLine::Kind::kTotal, 0, 0, "", "", {}}};
  const std::string text = page(none);
  EXPECT_NE(text.find("There are no orders here that count"), std::string::npos);
  EXPECT_NE(text.find("Not one order counts."), std::string::npos);
  EXPECT_EQ(text.find("Who is slipping away"), std::string::npos);
}

TEST(Terminal, AmountsAreBareWithoutACurrencyAndItSaysSo) {
  Report r = small_report();
  r.basics.currency = "";
  r.warnings = {Warning::kNoCurrency};
  const std::string text = page(r);
  EXPECT_EQ(text.find("€"), std::string::npos);
  EXPECT_NE(text.find("No currency is known, so amounts are bare numbers."), std::string::npos);
  EXPECT_NE(text.find("3,660"), std::string::npos);
}

TEST(Terminal, MarksASample) {
  Report r = small_report();
  r.sample = true;
  EXPECT_NE(lines_of(page(r))[0].find("Sample data"), std::string::npos);
  EXPECT_NE(page(r).find("This is a made-up sample shop, not yours."), std::string::npos);
}

// Of a shop of thousands a reader of Dutch saw "Klantverliespercenta…", "Bestelde vaker dan e…": the names of the rows
// made room for the numbers.
TEST(Terminal, HeadlineFiguresBearTheirWholeNames) {
  Report report = large_report();
  ASSERT_TRUE(report.headline.has_value());
  const auto enlarge = [](RetentionRow& row) {
    for (Rate* rate : {&row.crr, &row.crr_strict, &row.churn_rate, &row.returning_rate, &row.repeat_rate}) {
      rate->n = 1915;
      rate->d = 20'000;
    }
    row.customers_start = row.customers_end = 20'000;
    row.revenue_minor = 19'689'500;
  };
  enlarge(report.headline->now);
  for (const char* language : {"en", "nl", "sv"}) {
    const std::string text = page(report, language, {80, true, false});
    const std::size_t begin = text.find(" 95"), end = text.find("──", begin);
    ASSERT_NE(end, std::string::npos);
    const std::string headline = text.substr(begin, end - begin);
    EXPECT_EQ(headline.find("…"), std::string::npos) << headline;
    for (const std::string_view word : {"Klantverliespercentage", "(leerboek)"}) {  // no word is broken in two
      EXPECT_EQ(headline.find(word) != std::string::npos, std::string_view(language) == "nl") << headline;
    }
    for (const std::string& line : lines_of(text)) EXPECT_LE(Cells::width(line), 80) << line;
  }
}

TEST(Terminal, TheHeadlineAloneIsTheTopOfThePage) {
  const auto top = render_headline(small_report(), "en", {});
  ASSERT_TRUE(top);
  EXPECT_EQ(page(small_report()).substr(0, 400), top->substr(0, 400));
  EXPECT_LT(lines_of(*top).size(), 25u);
  EXPECT_EQ(top->find("From file to figures"), std::string::npos);
}

TEST(Terminal, KnowsNoOtherLanguage) {
  const auto out = render_terminal(small_report(), "fr", {});
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().code, Errc::kInvalidArgument);
}

}  // namespace
}  // namespace behoud::retention::report
