#include "ingest/amounts.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace behoud::ingest {
namespace {

TEST(Amounts, ReadsWhatPeopleWrite) {
  const struct {
    const char* cell;
    char mark;
    std::optional<std::int64_t> cents;
    const char* around = "";
  } cases[] = {
      {"1234.50", '.', 123450},
      {"1234,50", ',', 123450},
      {"1,234.50", '.', 123450},
      {"1.234,50", ',', 123450},
      {"1 234,50", ',', 123450},
      {"1\xC2\xA0"
       "234,50",
       ',', 123450},
      {"1\xE2\x80\xAF"
       "234,50",
       ',', 123450},
      {"1'234.50", '.', 123450},
      {"1\xE2\x80\x99"
       "234.50",
       '.', 123450},
      {"12,34,567.00", '.', 123456700},
      {"1.234.567", ',', 123456700},
      {"\xE2\x82\xAC 12.50", '.', 1250, "\xE2\x82\xAC"},
      {"12,50 \xE2\x82\xAC", ',', 1250, "\xE2\x82\xAC"},
      {"EUR 12.50", '.', 1250, "EUR"},
      {"12.50EUR", '.', 1250, "EUR"},
      {"$1,234.5", '.', 123450, "$"},
      {"12,50 kr", ',', 1250, "kr"},
      {"kr. 1.234,50", ',', 123450, "kr."},
      {"Rs.500", '.', 50000, "Rs."},
      {"-12.50", '.', -1250},
      {"\xE2\x88\x92"
       "12.50",
       '.', -1250},
      {"12.50-", '.', -1250},
      {"(12.50)", '.', -1250},
      {"(\xE2\x82\xAC 12.50)", '.', -1250, "\xE2\x82\xAC"},
      {"-\xE2\x82\xAC 12.50", '.', -1250, "\xE2\x82\xAC"},
      {"\xE2\x82\xAC -12.50", '.', -1250, "\xE2\x82\xAC"},
      {"\xE2\x82\xAC-12.50", '.', -1250, "\xE2\x82\xAC"},
      {"+12.50", '.', 1250},
      {"12,-", ',', 1200},
      {"\xE2\x82\xAC 12,-", ',', 1200, "\xE2\x82\xAC"},
      {"12:-", ',', 1200},
      {"12.", '.', 1200},
      {".5", '.', 50},
      {"-.5", '.', -50},
      {"0", '.', 0},
      {"-0.00", '.', 0},
      {"0.125", '.', 13},  // half away from zero
      {"-0.125", '.', -13},
      {"0.1249999999999999999999999", '.', 12},
      {"00012.50", '.', 1250},
      {"'12.50", '.', 1250},
      {" 12.50 ", '.', 1250},
      {"12.340000000000001", '.', 1234},
      {"1.2.3", '.', {}},
      {"1,23.4", '.', {}},
      {"1234,567.00", '.', {}},
      {"12.50.00", '.', {}},
      {"1 2", '.', {}},
      {"12 34", '.', {}},
      {"1.234", ',', 123400},
      {"1.23", ',', {}},
      {"abc", '.', {}},
      {"12%", '.', {}},
      {"1e5", '.', {}},
      {"1E+5", '.', {}},
      {"=1+2", '.', {}},
      {"--12", '.', {}},
      {"(-12)", '.', {}},
      {"12a34", '.', {}},
      {"2024-03-01", '.', {}},
      {"$12 USD", '.', {}},
      {"XYZ 12", '.', 1200, "XYZ"},  // who reads the currency says that there is none
      {"12 tomatoes", '.', {}},
      {"NaN0", '.', {}},
  };
  for (const auto& c : cases) {
    Decimal d;
    std::string_view around;
    const AmountFault fault = read_amount(c.cell, c.mark, d, around);
    if (!c.cents) {
      EXPECT_EQ(fault, AmountFault::kUnreadable) << c.cell;
      continue;
    }
    ASSERT_EQ(fault, AmountFault::kNone) << c.cell;
    EXPECT_EQ(d.minor(2), c.cents) << c.cell;
    EXPECT_EQ(around, c.around) << c.cell;
  }
}

TEST(Amounts, TellsBlankAndBeyondRange) {
  Decimal d;
  for (const char* blank : {"", " ", "-", "\xE2\x80\x93", "n/a", "NULL", "nan", "None"}) {
    EXPECT_EQ(read_amount(blank, '.', d), AmountFault::kBlank) << blank;
  }
  EXPECT_EQ(read_amount("9223372036854775807", '.', d), AmountFault::kNone);
  EXPECT_EQ(d.minor(0), INT64_MAX);
  EXPECT_EQ(d.minor(2), std::nullopt);
  EXPECT_EQ(read_amount("9223372036854775808", '.', d), AmountFault::kRange);
  EXPECT_EQ(read_amount("99999999999999999999.99", '.', d), AmountFault::kRange);
  EXPECT_EQ(read_amount("99999999999999999999.999999999999999999999", '.', d), AmountFault::kRange);
  EXPECT_EQ(read_amount("9,999,999,999,999,999,999,999", '.', d), AmountFault::kRange);
  EXPECT_EQ(read_amount(std::string(200, '9'), '.', d), AmountFault::kUnreadable);  // no one writes that
}

// Nineteen nines once overflowed on the way to being told too many.
TEST(Amounts, ReadNineteenDigitsUpToTheLastThatFits) {
  Decimal d;
  EXPECT_EQ(read_amount("9223372036854775807", '.', d), AmountFault::kNone);
  EXPECT_EQ(d, (Decimal{INT64_MAX, 0}));
  EXPECT_EQ(read_amount("9223372036854775808", '.', d), AmountFault::kRange);
  EXPECT_EQ(read_amount("9999999999999999999", '.', d), AmountFault::kRange);
  EXPECT_EQ(read_amount("999999999999999999.5", '.', d), AmountFault::kNone);
}

TEST(Amounts, RoundToTheExponent) {
  EXPECT_EQ((Decimal{12345, 3}).minor(0), 12);
  EXPECT_EQ((Decimal{12500, 3}).minor(0), 13);
  EXPECT_EQ((Decimal{-12500, 3}).minor(0), -13);
  EXPECT_EQ((Decimal{12, 0}).minor(3), 12000);
  EXPECT_EQ((Decimal{INT64_MAX, 18}).minor(0), 9);
  EXPECT_TRUE((Decimal{1250, 2}) == (Decimal{125, 1}));
  EXPECT_FALSE((Decimal{1250, 2}) == (Decimal{1251, 2}));
  EXPECT_FALSE((Decimal{INT64_MAX, 0}) == (Decimal{1, 18}));
}

AmountEvidence seen(std::initializer_list<const char*> cells) {
  AmountEvidence e;
  std::uint64_t line = 2;
  for (const char* c : cells) e.add(c, line++);
  return e;
}

TEST(AmountEvidence, DecidesTheMarkFromAllCells) {
  const struct {
    std::vector<const char*> cells;
    std::optional<int> exponent;
    char mark;
    bool guessed = false;
  } cases[] = {
      {{"12.50", "1.234"}, {}, '.'},
      {{"12,50", "1.234"}, {}, ','},
      {{"12,50", "1,234"}, {}, ','},
      {{"1,234.50"}, {}, '.'},
      {{"1.234,50"}, {}, ','},
      {{"1.234.567"}, {}, ','},
      {{"1,234,567"}, {}, '.'},
      {{"0.125"}, {}, '.'},
      {{"0,125"}, {}, ','},
      {{"12345.678"}, {}, '.'},
      {{"12", "13"}, {}, '.'},
      {{}, {}, '.'},
      {{"\xE2\x82\xAC 12,-", "\xE2\x82\xAC 13,-"}, {}, '.'},
      {{"kr. 12,50"}, {}, ','},
      {{"1.234", "999"}, {}, ',', true},  // thousands, and a notice
      {{"1,234", "999"}, {}, '.', true},
      {{"1.234", "999", "0", "\xE2\x82\xAC 12"}, 2, ',', true},
      {{"1.234", "2.500"}, 3, '.'},  // dinars
      {{"1.234", "2.500"}, 0, ','},  // yen
  };
  for (const auto& c : cases) {
    AmountEvidence e;
    std::uint64_t line = 2;
    for (const char* cell : c.cells) e.add(cell, line++);
    const auto d = e.decide("f.csv", c.exponent);
    ASSERT_TRUE(d) << (c.cells.empty() ? "" : c.cells[0]);
    EXPECT_EQ(d->mark, c.mark) << (c.cells.empty() ? "" : c.cells[0]);
    EXPECT_EQ(d->guessed, c.guessed) << (c.cells.empty() ? "" : c.cells[0]);
  }
}

TEST(AmountEvidence, AsksWhereAGuessCouldBeAThousandTimesWrong) {
  const std::vector<const char*> unclear[] = {{"1.234"},
                                              {"1.234", "2.500"},
                                              {"1.234", "0"},     // who writes decimals may leave them off a zero
                                              {"1.234", "1234"},  // thousands would have been marked there, too
                                              {"1.234", "950", "1234"},  // now so, now so
                                              {"1,234"}};
  for (const auto& cells : unclear) {
    for (const std::optional<int> exponent : {std::optional<int>(), std::optional<int>(2)}) {
      AmountEvidence e;
      std::uint64_t line = 2;
      for (const char* cell : cells) e.add(cell, line++);
      const auto d = e.decide("orders.csv", exponent);
      ASSERT_FALSE(d) << cells.size();
      EXPECT_EQ(d.error().code, Errc::kBadInput);
      EXPECT_EQ(d.error().why.reason, "problem.amounts_ambiguous");
      EXPECT_NE(d.error().hint.find("--decimal ,"), std::string::npos) << d.error().hint;
      EXPECT_NE(d.error().hint.find("--decimal ."), std::string::npos) << d.error().hint;
      EXPECT_EQ(d.error().place, (Place{"orders.csv", 2, ""}));
    }
  }
}

// What another column writes tells nothing: its zeros and cents are of another hand.
TEST(AmountEvidence, LooksForSmallAmountsInTheSameColumn) {
  AmountEvidence apart;
  apart.add("1.234", 2, "Total");
  apart.add("12", 2, "Shipping");
  EXPECT_FALSE(apart.decide("f", 2));
  AmountEvidence other;
  other.add("950", 3, "Total");
  apart.merge(other);
  const auto d = apart.decide("f", 2);
  ASSERT_TRUE(d);
  EXPECT_EQ(d->mark, ',');
  EXPECT_TRUE(d->guessed);
}

TEST(AmountEvidence, SaysWhichLinesMixMarks) {
  const auto mixed = seen({"12.50", "13,50"}).decide("orders.csv", {});
  ASSERT_FALSE(mixed);
  EXPECT_EQ(mixed.error().code, Errc::kBadInput);
  EXPECT_NE(mixed.error().message.find("12.50"), std::string::npos);
  EXPECT_NE(mixed.error().message.find("13,50"), std::string::npos);
  EXPECT_EQ(mixed.error().place, (Place{"orders.csv", 3, ""}));
  EXPECT_FALSE(seen({"1.234", "1,234"}).decide("f", {}));
  const auto most = seen({"1.5", "2.5", "3.5", "4.5", "5,5"}).decide("f", {});
  ASSERT_TRUE(most);
  EXPECT_EQ(most->mark, '.');
  EXPECT_EQ(most->against, 1u);
}

// Any amount, written in any of the ways, is read back exactly once the mark is known.
RC_GTEST_PROP(Amounts, ReadBackWhatIsWritten, ()) {
  const std::int64_t minor = *rc::gen::inRange<std::int64_t>(-999'999'999'999, 999'999'999'999);
  const char mark = *rc::gen::element('.', ',');
  const auto group = *rc::gen::element<std::string>("", mark == '.' ? "," : ".", " ", "\xC2\xA0", "'", "\xE2\x80\xAF");
  const std::uint64_t magnitude = static_cast<std::uint64_t>(minor < 0 ? -minor : minor);
  std::string whole = std::to_string(magnitude / 100);
  for (int at = static_cast<int>(whole.size()) - 3; at > 0; at -= 3) whole.insert(static_cast<std::size_t>(at), group);
  std::string text = whole + mark + (magnitude % 100 < 10 ? "0" : "") + std::to_string(magnitude % 100);
  const auto symbol = *rc::gen::element<std::string>("", "\xE2\x82\xAC", "EUR", "kr", "$");
  const int where = *rc::gen::inRange(0, 3);
  if (!symbol.empty() && where == 0) text = symbol + " " + text;
  if (!symbol.empty() && where == 1) text += " " + symbol;
  if (minor < 0) {
    const int how = *rc::gen::inRange(0, 3);
    text = how == 0 ? "-" + text : how == 1 ? "(" + text + ")" : text + "-";
  }
  Decimal d;
  RC_ASSERT(read_amount(text, mark, d) == AmountFault::kNone);
  RC_ASSERT(d.minor(2) == minor);
  AmountEvidence e;
  e.add(text, 1);
  const auto decided = e.decide("f", {});
  RC_ASSERT(decided.has_value());
  RC_ASSERT(decided->mark == mark);
}

}  // namespace
}  // namespace behoud::ingest
