#include "calendar/zone_file.h"

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "calendar/day.h"

namespace behoud::calendar {
namespace {

constexpr std::int64_t kHour = 3'600'000;

std::int64_t utc(int y, unsigned m, unsigned d, std::int64_t h = 0) {
  return civil(y, m, d).number * kMsPerDay + h * kHour;
}

std::string database_file(const char* zone) {
  std::ifstream in(std::string("/usr/share/zoneinfo/") + zone, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<Transition> after(std::int64_t ms, const std::vector<Transition>& all) {
  std::vector<Transition> out;
  for (const Transition& t : all) {
    if (t.at_ms > ms) out.push_back(t);
  }
  return out;
}

// ---- A file of our own making

std::string number(std::uint64_t value, int bytes) {
  std::string out;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xFF);
  return out;
}
struct Type {
  std::int32_t seconds;
};
struct File {
  char version = '2';
  std::vector<std::pair<std::int64_t, int>> transitions;  // seconds, type
  std::vector<Type> types = {{3600}};
  std::uint32_t leaps = 0;
  std::string footer = "\nXXX-1\n";

  std::string block(int time_bytes, bool empty) const {
    const auto count = [&](std::size_t n) { return number(empty ? 0 : n, 4); };
    std::string out = std::string("TZif") + version + std::string(15, '\0') + count(0) + count(0) + count(leaps) +
                      count(transitions.size()) + count(types.size()) + count(2);
    if (empty) return out;
    for (const auto& [at, type] : transitions) out += number(static_cast<std::uint64_t>(at), time_bytes);
    for (const auto& [at, type] : transitions) out += number(static_cast<std::uint64_t>(type), 1);
    for (const Type& t : types) out += number(static_cast<std::uint32_t>(t.seconds), 4) + std::string(2, '\0');
    out += std::string("X\0", 2) + std::string(leaps * 12, '\0');
    return out;
  }
  std::string bytes() const { return block(4, true) + block(8, false) + footer; }
};

TEST(ZoneFile, TransitionsAndThenTheRule) {
  File f;
  f.types = {{0}, {3600}};
  f.transitions = {{utc(2000, 1, 1) / 1000, 1}, {utc(2001, 1, 1) / 1000, 0}};
  f.footer = "\nAAA0BBB,M3.5.0/1,M10.5.0/2\n";
  const auto all = read_tzif(f.bytes(), 2002).value();
  const std::vector<Transition> expected = {{INT64_MIN, 0},
                                            {utc(2000, 1, 1), kHour},
                                            {utc(2001, 1, 1), 0},
                                            {utc(2001, 3, 25, 1), kHour},
                                            {utc(2001, 10, 28, 1), 0},
                                            {utc(2002, 3, 31, 1), kHour},
                                            {utc(2002, 10, 27, 1), 0}};
  EXPECT_EQ(all, expected);
}

TEST(ZoneFile, WithoutARuleTheLastOffsetStays) {
  File f;
  f.types = {{0}, {3600}};
  f.transitions = {{0, 1}};
  f.footer = "\n\n";
  EXPECT_EQ(read_tzif(f.bytes(), 2100).value(), (std::vector<Transition>{{INT64_MIN, 0}, {0, kHour}}));
}

TEST(ZoneFile, WhatContradictsItselfIsCorrupt) {
  const auto made = [](auto change) {
    File f;
    change(f);
    return f.bytes();
  };
  ASSERT_TRUE(read_tzif(File().bytes(), 2030).has_value());
  const struct {
    std::string bytes;
    const char* why;
  } cases[] = {{"", "empty"},
               {"not a zone", "no header"},
               {made([](File& f) { f.version = '\0'; }), "version 1"},
               {made([](File& f) { f.types.clear(); }), "no types"},
               {made([](File& f) { f.leaps = 1; }), "leap seconds"},
               {made([](File& f) { f.transitions = {{0, 1}}; }), "a type that is not there"},
               {made([](File& f) { f.transitions = {{10, 0}, {5, 0}}; }), "out of order"},
               {made([](File& f) { f.types = {{26 * 3600}}; }), "too far ahead"},
               {made([](File& f) { f.types = {{-26 * 3600}}; }), "too far behind"},
               {made([](File& f) { f.footer = ""; }), "no rule"},
               {made([](File& f) { f.footer = "\nnonsense"; }), "a rule that is none"}};
  for (const auto& c : cases) {
    const auto all = read_tzif(c.bytes, 2030);
    ASSERT_FALSE(all.has_value()) << c.why;
    EXPECT_EQ(all.error().code, Errc::kCorrupt) << c.why;
    EXPECT_FALSE(all.error().hint.empty());
  }
}

TEST(ZoneFile, AHugeCountIsCutOffNotAllocated) {
  std::string bytes = File().bytes();
  for (const std::size_t header : {std::size_t{0}, std::size_t{44}}) {
    for (std::size_t field = 20; field < 44; field += 4) {
      std::string huge = bytes;
      huge.replace(header + field, 4, "\xFF\xFF\xFF\xFF");
      EXPECT_EQ(read_tzif(huge, 2030).error().code, Errc::kCorrupt);
    }
  }
}

TEST(ZoneFile, CutOffAtEachByteItIsCorruptOrKnowsNothingElse) {
  const std::string whole = database_file("Europe/Amsterdam");
  ASSERT_GT(whole.size(), 1000u);
  const auto good = read_tzif(whole, 2040).value();
  const std::size_t footer = whole.rfind('\n', whole.size() - 2);
  for (std::size_t n = 0; n < whole.size(); ++n) {
    const auto all = read_tzif(std::string_view(whole).substr(0, n), 2040);
    if (n < footer + 2) {
      ASSERT_FALSE(all.has_value()) << n;
      ASSERT_EQ(all.error().code, Errc::kCorrupt) << n;
    } else if (all.has_value() && n < whole.size() - 1) {
      // Part of a rule may be a rule ("CET-1"): the list before it is whole all the same.
      EXPECT_EQ(all->front(), good.front()) << n;
    }
  }
  EXPECT_EQ(read_tzif(std::string_view(whole).substr(0, whole.size() - 1), 2040).value(), good)
      << "only the last newline";
}

// ---- Rules; the dates are those of the tz database's own examples and of the calendar

TEST(Rule, FormsOfDays) {
  const struct {
    const char* rule;
    int year;
    std::int64_t begins, ends;
    std::int64_t summer_minutes;
    const char* why;
  } cases[] = {
      {"CET-1CEST,M3.5.0,M10.5.0/3", 2040, utc(2040, 3, 25, 1), utc(2040, 10, 28, 1), 120, "the last Sunday"},
      {"EST5EDT,M3.2.0,M11.1.0", 2040, utc(2040, 3, 11, 7), utc(2040, 11, 4, 6), -240,
       "the second and the first Sunday"},
      {"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 2040, utc(2040, 10, 6, 15) + kHour / 2, utc(2040, 3, 31, 15), 660,
       "half an hour"},
      {"AAA0BBB,J60/0,J300/0", 2040, utc(2040, 3, 1), utc(2040, 10, 26, 23), 60, "J60 is 1 March, leap year or not"},
      {"AAA0BBB,J60/0,J300/0", 2041, utc(2041, 3, 1), utc(2041, 10, 26, 23), 60, "the same"},
      {"AAA0BBB,59/0,300/0", 2040, utc(2040, 2, 29), utc(2040, 10, 26, 23), 60, "zero-based: 59 is 29 February"},
      {"AAA0BBB,59/0,300/0", 2041, utc(2041, 3, 1), utc(2041, 10, 27, 23), 60, "and 1 March otherwise"},
      {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 2040, utc(2040, 3, 25, 1), utc(2040, 10, 28, 1), -60,
       "the hour before Sunday"},
      {"EET-2EEST,M3.4.4/50,M10.4.4/50", 2040, utc(2040, 3, 24), utc(2040, 10, 26, 23), 180,
       "fifty hours after Thursday"},
      {"IST-1GMT0,M10.5.0,M3.5.0/1", 2040, utc(2040, 10, 28, 1), utc(2040, 3, 25, 1), 0, "negative summer time"},
  };
  for (const auto& c : cases) {
    const auto all = expand_rule(c.rule, c.year, c.year).value();
    ASSERT_EQ(all.size(), 3u) << c.why;
    std::int64_t begins = 0, ends = 0;
    for (const Transition& t : after(0, all)) (t.offset_ms == c.summer_minutes * 60'000 ? begins : ends) = t.at_ms;
    EXPECT_EQ(begins, c.begins) << c.rule << ": " << c.why;
    EXPECT_EQ(ends, c.ends) << c.rule << ": " << c.why;
  }
}

TEST(Rule, SummerTimeAllYearIsOneOffset) {
  File f;
  f.types = {{-4 * 3600}};
  f.footer = "\nEST5EDT,0/0,J365/25\n";
  const auto all = read_tzif(f.bytes(), 2030).value();
  EXPECT_EQ(all.front().offset_ms, -4 * kHour);
  EXPECT_EQ(after(INT64_MIN, all), (std::vector<Transition>{{utc(2031, 1, 1, 5), -5 * kHour}}))
      << "where the table ends";
}

TEST(Rule, AnEmptyOneKnowsNothing) { EXPECT_TRUE(expand_rule("", 2000, 2030).value().empty()); }

TEST(Rule, OthersAreCorrupt) {
  for (const char* rule : {"A",
                           "AB1",
                           "<>1",
                           "<+01",
                           "AAA",
                           "AAA25",
                           "AAA1:60",
                           "AAA1BB,M1.1.1,M2.1.1",
                           "AAA1BBB",
                           "AAA1BBB,M1.1.1",
                           "AAA1BBB,M0.1.1,M2.1.1",
                           "AAA1BBB,M13.1.1,M2.1.1",
                           "AAA1BBB,M1.0.1,M2.1.1",
                           "AAA1BBB,M1.6.1,M2.1.1",
                           "AAA1BBB,M1.1.7,M2.1.1",
                           "AAA1BBB,M1.1,M2.1.1",
                           "AAA1BBB,J0,J1",
                           "AAA1BBB,J366,J1",
                           "AAA1BBB,366,1",
                           "AAA1BBB,M1.1.1/168,M2.1.1",
                           "AAA1BBB,M1.1.1,M2.1.1/",
                           "AAA1BBB,M1.1.1,M2.1.1,",
                           "AAA1BBB,M1.1.1,M2.1.1x",
                           "AAA99999999999999999999"}) {
    const auto all = expand_rule(rule, 2000, 2001);
    ASSERT_FALSE(all.has_value()) << rule;
    EXPECT_EQ(all.error().code, Errc::kCorrupt) << rule;
  }
}

}  // namespace
}  // namespace behoud::calendar
