#include "calendar/zone.h"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <string>

#include <date/tz.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "calendar/zone_file.h"

namespace behoud::calendar {
namespace {

constexpr std::int64_t kHour = 3'600'000;
constexpr std::int64_t kMinute = 60'000;

// Half-hour summer time; midnight summer time; a missing day; plain; an offset of 45 minutes; a clock that went back at
// 00:01; Ramadan; a transition at 22:00 on Saturday; a rule at 24:00; one written as negative summer time; none.
const char* const kZones[] = {"Australia/Lord_Howe",
                              "America/Sao_Paulo",
                              "Pacific/Apia",
                              "Europe/Amsterdam",
                              "Asia/Kathmandu",
                              "America/St_Johns",
                              "Africa/Casablanca",
                              "America/Nuuk",
                              "Africa/Cairo",
                              "Europe/Dublin",
                              "UTC"};

Zone zone(std::string_view name) { return Zone::create(name).value(); }
Instant utc(int y, unsigned m, unsigned d, std::int64_t h = 0, std::int64_t min = 0) {
  return {civil(y, m, d).number * kMsPerDay + h * kHour + min * kMinute};
}
std::int64_t wall(int y, unsigned m, unsigned d, std::int64_t h = 0, std::int64_t min = 0) {
  return utc(y, m, d, h, min).ms;
}

// ---- The `date` library as the oracle; it knows transitions up to 2037.

date::sys_time<std::chrono::milliseconds> sys(Instant t) {
  return date::sys_time<std::chrono::milliseconds>{std::chrono::milliseconds{t.ms}};
}
std::int64_t oracle_to_local(const date::time_zone& z, Instant t) {
  return z.to_local(sys(t)).time_since_epoch().count();
}

Instant oracle_from_local(const date::time_zone& z, std::int64_t local_ms) {
  const auto info = z.get_info(date::local_time<std::chrono::milliseconds>{std::chrono::milliseconds{local_ms}});
  // unique: its own offset; doubled: the first is the earlier instant; missing: the clock before the gap.
  return {local_ms - std::chrono::milliseconds{info.first.offset}.count()};
}

// The earliest instant whose local time has reached day `d`.
Instant oracle_first_instant(const date::time_zone& z, Day d) {
  const auto midnight = date::local_time<std::chrono::milliseconds>{std::chrono::milliseconds{d.number * kMsPerDay}};
  const auto info = z.get_info(midnight);
  if (info.result == date::local_info::nonexistent) {
    return {std::chrono::milliseconds{info.first.end.time_since_epoch()}.count()};
  }
  return {midnight.time_since_epoch().count() - std::chrono::milliseconds{info.first.offset}.count()};
}

constexpr Day kOracleEnd = civil(2037, 12, 1);

TEST(Zone, AgreesWithTheDateLibraryOnEveryDay) {
  for (const char* name : kZones) {
    const Zone z = zone(name);
    const date::time_zone& oracle = *date::locate_zone(name);
    for (Day d = civil(1990, 1, 1); d < kOracleEnd; d = d + 1) {
      ASSERT_EQ(z.first_instant(d).ms, oracle_first_instant(oracle, d).ms) << name << " " << to_string(d);
      for (std::int64_t h = 0; h < 24; h += 3) {
        const Instant t{d.number * kMsPerDay + h * kHour + 17 * kMinute};
        ASSERT_EQ(z.to_local(t), oracle_to_local(oracle, t)) << name << " " << to_string(t);
      }
    }
  }
}

TEST(Zone, AgreesWithTheDateLibraryAroundEveryTransition) {
  for (const char* name : kZones) {
    const Zone z = zone(name);
    const date::time_zone& oracle = *date::locate_zone(name);
    auto info = oracle.get_info(sys(utc(1990, 1, 1)));
    while (info.end < sys(Instant{kOracleEnd.number * kMsPerDay})) {
      const std::int64_t at = std::chrono::milliseconds{info.end.time_since_epoch()}.count();
      for (std::int64_t minutes = -26 * 60; minutes <= 26 * 60; minutes += 10) {
        for (const std::int64_t ms : {-1, 0, 1}) {
          const Instant t{at + minutes * kMinute + ms};
          ASSERT_EQ(z.to_local(t), oracle_to_local(oracle, t)) << name << " " << to_string(t);
          ASSERT_EQ(z.from_local(t.ms).ms, oracle_from_local(oracle, t.ms).ms) << name << " local " << to_string(t);
        }
      }
      info = oracle.get_info(info.end);
    }
  }
}

// ---- The C library as the oracle for the years after the list: it reads the rule at the end of the file as we do.

class CLibraryZone {
 public:
  explicit CLibraryZone(const char* name) {
    setenv("TZ", name, 1);
    tzset();
  }
  ~CLibraryZone() {
    unsetenv("TZ");
    tzset();
  }
  std::int64_t to_local(Instant t) const {
    const std::time_t seconds = t.ms / 1000;
    std::tm parts{};
    localtime_r(&seconds, &parts);
    return t.ms + parts.tm_gmtoff * 1000;
  }
};

TEST(Zone, AgreesWithTheCLibraryInYearsThatOnlyTheRuleKnows) {
  for (const char* name : kZones) {
    const Zone z = zone(name);
    const CLibraryZone oracle(name);
    for (const int year :
         {2037, 2038, 2039, 2040, 2087, 2088, 2100, 2101, 2400, 2499, 2500, 2501, 2899, 2900, 9998, 9999}) {
      for (std::int64_t ms = utc(year, 1, 1).ms; ms < utc(year, 12, 31).ms; ms += 30 * kMinute) {
        ASSERT_EQ(z.to_local({ms}), oracle.to_local({ms})) << name << " " << to_string(Instant{ms});
      }
    }
  }
}

TEST(Zone, EveryZoneOfTheDatabaseIsReadAsTheDateLibraryReadsIt) {
  int zones = 0;
  for (const date::time_zone& oracle : date::get_tzdb().zones) {
    if (oracle.name() == "localtime") continue;
    const Zone z = zone(oracle.name());
    ++zones;
    for (std::int64_t ms = utc(1901, 1, 1).ms; ms < utc(2037, 12, 1).ms; ms += 97 * kHour) {
      ASSERT_EQ(z.to_local({ms}), oracle_to_local(oracle, {ms})) << oracle.name() << " " << to_string(Instant{ms});
    }
  }
  EXPECT_GT(zones, 400);
}

// ---- Laws

TEST(Zone, DaysTileTheTimeLine) {
  for (const char* name : kZones) {
    const Zone z = zone(name);
    for (Day d = civil(1990, 1, 1); d <= civil(2040, 12, 31); d = d + 1) {
      const Instant begin = z.first_instant(d);
      const Instant end = z.first_instant(d + 1);
      ASSERT_LE(begin, end) << name << " " << to_string(d);
      if (begin == end) continue;  // the day does not exist
      ASSERT_LT(z.day_of(Instant{begin.ms - 1}), d) << name << " " << to_string(d);
      ASSERT_EQ(z.day_of(begin), d) << name << " " << to_string(d);
      ASSERT_EQ(z.day_of(Instant{end.ms - 1}), d) << name << " " << to_string(d);
      for (Instant t = begin; t < end; t.ms += 29 * kMinute) ASSERT_EQ(z.day_of(t), d) << name << " " << to_string(t);
    }
  }
}

RC_GTEST_PROP(ZoneLaw, AnyInstantLiesInItsDay, ()) {
  const Zone z = zone(kZones[*rc::gen::inRange<std::size_t>(0, std::size(kZones))]);
  const Instant t{*rc::gen::inRange<std::int64_t>(utc(1, 1, 2).ms, utc(9999, 12, 31).ms)};
  const Day d = z.day_of(t);
  RC_ASSERT(z.first_instant(d) <= t);
  RC_ASSERT(t < z.first_instant(d + 1));
}

RC_GTEST_PROP(ZoneLaw, FromLocalTurnsToLocalBackExceptInADoubledHour, ()) {
  const Zone z = zone(kZones[*rc::gen::inRange<std::size_t>(0, std::size(kZones))]);
  const Instant t{*rc::gen::inRange<std::int64_t>(utc(1950, 1, 1).ms, utc(2100, 12, 31).ms)};
  const Instant back = z.from_local(z.to_local(t));
  RC_ASSERT(back <= t);
  RC_ASSERT(z.to_local(back) == z.to_local(t));
}

// ---- Days worth knowing by name

TEST(Zone, SomeDaysAreNotTwentyFourHoursLong) {
  const struct {
    const char* zone;
    Day day;
    std::int64_t minutes;
    const char* why;
  } cases[] = {{"Europe/Amsterdam", civil(2024, 3, 31), 23 * 60, "summer time begins"},
               {"Europe/Amsterdam", civil(2024, 10, 27), 25 * 60, "summer time ends"},
               {"Europe/Amsterdam", civil(2024, 7, 1), 24 * 60, "a plain day"},
               {"Australia/Lord_Howe", civil(2024, 4, 7), 24 * 60 + 30, "half an hour back"},
               {"Australia/Lord_Howe", civil(2024, 10, 6), 23 * 60 + 30, "half an hour forward"},
               {"America/Sao_Paulo", civil(2018, 11, 4), 23 * 60, "begins at 01:00"},
               {"America/Sao_Paulo", civil(2018, 2, 17), 25 * 60, "23:00 came twice"},
               {"Pacific/Apia", civil(2011, 12, 29), 24 * 60, "the day before the gap"},
               {"Pacific/Apia", civil(2011, 12, 30), 0, "does not exist"},
               {"Pacific/Apia", civil(2011, 12, 31), 24 * 60, "the day after the gap"},
               {"Asia/Kathmandu", civil(2024, 1, 1), 24 * 60, "5:45 ahead, no summer time"},
               {"America/St_Johns", civil(2010, 11, 6), 24 * 60, "23:01 comes again, but the next day has begun"},
               {"America/St_Johns", civil(2010, 11, 7), 25 * 60, "so that day has the hour"},
               {"Europe/Amsterdam", civil(2040, 3, 25), 23 * 60, "after the end of the list"}};
  for (const auto& c : cases) {
    const Zone z = zone(c.zone);
    EXPECT_EQ(z.first_instant(c.day + 1).ms - z.first_instant(c.day).ms, c.minutes * kMinute)
        << c.zone << " " << to_string(c.day) << ": " << c.why;
  }
}

TEST(Zone, ADayWithoutMidnightBeginsAtItsFirstInstant) {
  const Zone z = zone("America/Sao_Paulo");
  EXPECT_EQ(z.first_instant(civil(2018, 11, 4)), utc(2018, 11, 4, 3));
  EXPECT_EQ(z.to_local(utc(2018, 11, 4, 3)), wall(2018, 11, 4, 1));
}

TEST(Zone, ADayThatHasBegunIsNotTakenBackWhenTheClockIs) {
  const Zone z = zone("America/St_Johns");  // 2010-11-07 00:01 -> 2010-11-06 23:01
  const Instant begin = z.first_instant(civil(2010, 11, 7));
  EXPECT_EQ(z.day_of(begin), civil(2010, 11, 7));
  const Instant again{begin.ms + 2 * kMinute};
  EXPECT_EQ(z.to_local(again), wall(2010, 11, 6, 23, 2)) << "the clock on the wall";
  EXPECT_EQ(z.day_of(again), civil(2010, 11, 7)) << "the day of the shop";
}

TEST(Zone, AMissingLocalTimeMovesForwardByTheGap) {
  EXPECT_EQ(zone("Europe/Amsterdam").from_local(wall(2024, 3, 31, 2, 30)), utc(2024, 3, 31, 1, 30)) << "read as 03:30";
  EXPECT_EQ(zone("Australia/Lord_Howe").from_local(wall(2024, 10, 6, 2, 10)), utc(2024, 10, 5, 15, 40))
      << "read as 02:40";
  const Zone apia = zone("Pacific/Apia");
  EXPECT_EQ(apia.to_local(apia.from_local(wall(2011, 12, 30, 10))), wall(2011, 12, 31, 10)) << "by a whole day";
}

TEST(Zone, ADoubledLocalTimeIsTheEarlier) {
  EXPECT_EQ(zone("Europe/Amsterdam").from_local(wall(2024, 10, 27, 2, 30)), utc(2024, 10, 27, 0, 30));
  EXPECT_EQ(zone("Australia/Lord_Howe").from_local(wall(2024, 4, 7, 1, 45)), utc(2024, 4, 6, 14, 45));
  EXPECT_EQ(zone("America/Sao_Paulo").from_local(wall(2018, 2, 17, 23, 30)), utc(2018, 2, 18, 1, 30));
}

TEST(Zone, ADateOnlyMomentKeepsItsDayInEveryZone) {
  for (const char* name : kZones) {
    EXPECT_EQ(zone(name).day_of(Moment{utc(2024, 3, 1), true}), civil(2024, 3, 1)) << name;
  }
  EXPECT_EQ(zone("America/Sao_Paulo").day_of(Moment{utc(2024, 3, 1), false}), civil(2024, 2, 29));
}

TEST(Zone, InstantsBeyondAnyCalendarDoNotOverflow) {
  const Zone z = zone("Europe/Amsterdam");
  constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  EXPECT_LT(z.day_of(Instant{kMin}), z.day_of(Instant{0}));
  EXPECT_GT(z.day_of(Instant{kMax}), kLatestDay);
  EXPECT_LT(z.from_local(kMin), z.from_local(kMax));
  EXPECT_LT(z.first_instant(Day{std::numeric_limits<std::int32_t>::min()}), z.first_instant(Day{0}));
  EXPECT_GT(z.day_of(Moment{{kMax}, true}), kLatestDay);
}

// ---- Errors

TEST(Zone, AnUnknownNameIsRefusedWithNearOnes) {
  const struct {
    const char* name;
    const char* near;
  } cases[] = {{"Europe/Amsterdan", "Europe/Amsterdam"}, {"europe/amsterdam", "Europe/Amsterdam"},
               {"Amsterdam", "Europe/Amsterdam"},        {"Europe/Stokholm", "Europe/Stockholm"},
               {" Europe/Paris", "Europe/Paris"},        {"america/new york", "America/New_York"}};
  for (const auto& c : cases) {
    const auto z = Zone::create(c.name);
    ASSERT_FALSE(z.has_value()) << c.name;
    EXPECT_EQ(z.error().code, Errc::kInvalidArgument);
    EXPECT_NE(z.error().message.find(c.name), std::string::npos);
    EXPECT_NE(z.error().hint.find(c.near), std::string::npos) << z.error().hint;
  }
}

TEST(Zone, NamesThatAreNoZonesOfTheDatabaseAreRefused) {
  for (const std::string name :
       {"", "/", "../../../etc/passwd", "/etc/passwd", "Europe", "Europe/", "Europe//Amsterdam", "right/UTC",
        "posix/UTC", "localtime", "posixrules", "Factory", "tzdata.zi", "zone.tab", "Mars/Olympus"}) {
    const auto z = Zone::create(name);
    ASSERT_FALSE(z.has_value()) << name;
    EXPECT_EQ(z.error().code, Errc::kInvalidArgument) << name;
    EXPECT_FALSE(z.error().hint.empty());
  }
  EXPECT_FALSE(Zone::create(std::string(5000, 'a')).has_value());
  EXPECT_FALSE(Zone::create(std::string_view("UTC\0", 4)).has_value());
}

TEST(Zone, KeepsItsNameAndIsCheapToCopy) {
  const Zone z = zone("Europe/Amsterdam");
  const Zone copy = z;
  EXPECT_EQ(&copy.name(), &z.name());
  EXPECT_EQ(z.name(), "Europe/Amsterdam");
  EXPECT_EQ(Zone::utc().name(), "UTC");
}

}  // namespace
}  // namespace behoud::calendar
