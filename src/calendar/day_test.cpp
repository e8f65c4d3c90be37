#include "calendar/day.h"

#include <cstdio>
#include <ctime>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace behoud::calendar {
namespace {

TEST(Day, CountsFromTheFirstOfJanuary1970) {
  EXPECT_EQ(civil(1970, 1, 1).number, 0);
  EXPECT_EQ(civil(1969, 12, 31).number, -1);
  EXPECT_EQ(civil(1990, 1, 1), kEarliestDay);
  EXPECT_EQ(civil(9999, 12, 31), kLatestDay);
  EXPECT_EQ(civil(2024, 2, 28) + 1, civil(2024, 2, 29));
  EXPECT_EQ(civil(2024, 3, 1) - civil(2024, 2, 1), 29);
}

TEST(Day, IsWrittenAndReadAsYearMonthDay) {
  for (const char* text :
       {"0001-01-01", "1900-01-01", "1900-02-28", "1990-01-01", "2000-02-29", "2024-02-29", "9999-12-31"}) {
    const auto day = parse_day(text);
    ASSERT_TRUE(day.has_value()) << text;
    EXPECT_EQ(to_string(*day), text);
  }
}

// The C library as the oracle: gmtime is the same calendar by other means.
RC_GTEST_PROP(DayLaw, WritesWhatTheCLibraryWrites, ()) {
  const Day d{*rc::gen::inRange(civil(1, 1, 1).number, kLatestDay.number + 1)};
  const std::time_t seconds = std::time_t{d.number} * 86'400;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
  RC_ASSERT(to_string(d) == text);
  RC_ASSERT(parse_day(text).value() == d);
}

TEST(Day, RefusesWhatIsNoDayAndNamesIt) {
  for (const std::string text :
       {"", "2024", "2024-2-29", "2023-02-29", "1900-02-29", "2024-13-01", "2024-00-10", "2024-01-00", "2024-01-32",
        "2024-04-31", "0000-01-01", "-001-01-01", "10000-01-01", "2024-01-01 ", " 2024-01-01", "2024/01/01",
        "2024-01-01T", "2O24-01-01", "+024-01-01"}) {
    const auto day = parse_day(text);
    ASSERT_FALSE(day.has_value()) << text;
    EXPECT_EQ(day.error().code, Errc::kInvalidArgument);
    EXPECT_NE(day.error().message.find("'" + text + "'"), std::string::npos) << day.error().message;
    EXPECT_FALSE(day.error().hint.empty());
  }
}

TEST(Instant, IsReadWithItsOffset) {
  const std::int64_t midnight = civil(2024, 2, 29).number * kMsPerDay;
  const struct {
    const char* text;
    std::int64_t ms;
    const char* why;
  } cases[] = {{"2024-02-29T00:00:00Z", midnight, "UTC"},
               {"2024-02-29t00:00:00z", midnight, "lower case is allowed by RFC 3339"},
               {"2024-02-29 00:00:00Z", midnight, "so is a blank, for readability"},
               {"2024-02-29T00:00:00+00:00", midnight, "an offset of nothing"},
               {"2024-02-29T01:00:00+01:00", midnight, "east is ahead"},
               {"2024-02-28T19:00:00-05:00", midnight, "west is behind"},
               {"2024-02-29T05:45:00+05:45", midnight, "an offset with minutes"},
               {"2024-02-29T00:00:00.5Z", midnight + 500, "tenths"},
               {"2024-02-29T00:00:00.007Z", midnight + 7, "milliseconds"},
               {"2024-02-29T00:00:00.007999999Z", midnight + 7, "what is finer is dropped, not rounded"},
               {"2024-02-28T23:59:60Z", midnight - 1, "a leap second stays in its day"},
               {"0001-01-01T00:00:00Z", civil(1, 1, 1).number * kMsPerDay, "the first"},
               {"9999-12-31T23:59:59.999Z", (kLatestDay.number + 1) * kMsPerDay - 1, "the last"}};
  for (const auto& c : cases) {
    const auto t = parse_instant(c.text);
    ASSERT_TRUE(t.has_value()) << c.text;
    EXPECT_EQ(t->ms, c.ms) << c.text << ": " << c.why;
  }
}

TEST(Instant, IsWrittenInUtcWithAFractionOnlyWhenThereIsOne) {
  EXPECT_EQ(to_string(Instant{0}), "1970-01-01T00:00:00Z");
  EXPECT_EQ(to_string(Instant{-1}), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(to_string(Instant{1'709'211'907'250}), "2024-02-29T13:05:07.250Z");
  EXPECT_EQ(to_string(Instant{1'709'211'907'007}), "2024-02-29T13:05:07.007Z");
}

RC_GTEST_PROP(InstantLaw, IsReadBackAsItWasWritten, ()) {
  const Instant t{
      *rc::gen::inRange<std::int64_t>(civil(1, 1, 1).number * kMsPerDay, (kLatestDay.number + 1) * kMsPerDay)};
  RC_ASSERT(parse_instant(to_string(t)).value() == t);
}

TEST(Instant, RefusesWhatIsNoInstantAndNamesIt) {
  for (const std::string text :
       {"", "2024-02-29", "2024-02-29T00:00:00", "2024-02-29T00:00Z", "2024-02-29T24:00:00Z", "2024-02-29T00:60:00Z",
        "2024-02-29T00:00:61Z", "2024-02-29T00:00:00.Z", "2024-02-29T00:00:00+1:00", "2024-02-29T00:00:00+0100",
        "2024-02-29T00:00:00+24:00", "2024-02-29T00:00:00+01:60", "2024-02-29T00:00:00ZZ", "2023-02-29T00:00:00Z",
        "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "1709211907"}) {
    const auto t = parse_instant(text);
    ASSERT_FALSE(t.has_value()) << text;
    EXPECT_EQ(t.error().code, Errc::kInvalidArgument);
    EXPECT_NE(t.error().message.find("'" + text + "'"), std::string::npos) << t.error().message;
  }
}

TEST(Instant, AnErrorShowsHostileTextOnlyInPart) {
  const auto t = parse_instant(std::string(100'000, 'x') + "\x1b[2J");
  ASSERT_FALSE(t.has_value());
  EXPECT_LT(t.error().message.size(), 120u);
  const auto day = parse_day("\x1b[2J\xff");
  ASSERT_FALSE(day.has_value());
  EXPECT_EQ(day.error().message.find('\x1b'), std::string::npos);
  EXPECT_EQ(day.error().message.find('\xff'), std::string::npos);
}

}  // namespace
}  // namespace behoud::calendar
