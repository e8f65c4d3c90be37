#include "ingest/dates.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace behoud::ingest {
namespace {

constexpr calendar::Instant kNow{calendar::civil(2026, 1, 1).number * calendar::kMsPerDay};

constexpr std::int64_t ms(int y, unsigned m, unsigned d, int hour = 0, int minute = 0, int second = 0, int milli = 0) {
  return calendar::civil(y, m, d).number * calendar::kMsPerDay + ((hour * 60 + minute) * 60 + second) * 1000LL + milli;
}

DateEvidence seen(std::initializer_list<const char*> cells) {
  DateEvidence e(kNow);
  std::uint64_t line = 2;
  for (const char* c : cells) e.add(c, line++);
  return e;
}

TEST(Dates, ReadsEachFamily) {
  const DateForm ymd{}, dmy{DateFamily::kDmy, DayOrder::kDmy, {}, false, false},
      mdy{DateFamily::kDmy, DayOrder::kMdy, {}, false, false}, names{DateFamily::kNames, {}, {}, false, false},
      epoch{DateFamily::kEpoch, {}, {}, false, false}, epoch_ms{DateFamily::kEpochMs, {}, {}, false, false},
      two{DateFamily::kTwoDigit, DayOrder::kDmy, {}, false, false};
  const struct {
    DateForm form;
    const char* cell;
    std::int64_t local_ms;
    bool has_time;
    std::optional<int> offset;
  } cases[] = {
      {ymd, "2024-03-01", ms(2024, 3, 1), false, {}},
      {ymd, " 2024-03-01 ", ms(2024, 3, 1), false, {}},
      {ymd, "2024/3/1", ms(2024, 3, 1), false, {}},
      {ymd, "2024.03.01", ms(2024, 3, 1), false, {}},
      {ymd, "20240301", ms(2024, 3, 1), false, {}},
      {ymd, "20240301130507", ms(2024, 3, 1, 13, 5, 7), true, {}},
      {ymd, "20240301T130507Z", ms(2024, 3, 1, 13, 5, 7), true, 0},
      {ymd, "2024-03-01 13:05", ms(2024, 3, 1, 13, 5), true, {}},
      {ymd, "2024-03-01T13:05:07", ms(2024, 3, 1, 13, 5, 7), true, {}},
      {ymd, "2024-03-01T13:05:07.25Z", ms(2024, 3, 1, 13, 5, 7, 250), true, 0},
      {ymd, "2024-03-01T13:05:07.123456Z", ms(2024, 3, 1, 13, 5, 7, 123), true, 0},
      {ymd, "2024-03-01 13:05:07 +0100", ms(2024, 3, 1, 13, 5, 7), true, 60},
      {ymd, "2024-03-01 13:05:07+01:00", ms(2024, 3, 1, 13, 5, 7), true, 60},
      {ymd, "2024-03-01 13:05:07-0330", ms(2024, 3, 1, 13, 5, 7), true, -210},
      {ymd, "2024-03-01 13:05:07 UTC", ms(2024, 3, 1, 13, 5, 7), true, 0},
      {ymd, "2024-03-01 1:05 PM", ms(2024, 3, 1, 13, 5), true, {}},
      {ymd, "2024-03-01, 13:05", ms(2024, 3, 1, 13, 5), true, {}},
      {ymd, "'2024-03-01", ms(2024, 3, 1), false, {}},
      {ymd, "2024-02-29", ms(2024, 2, 29), false, {}},
      {ymd, "1 Mar 2024", ms(2024, 3, 1), false, {}},  // one reading only: taken in a column of any family
      {dmy, "01-03-2024", ms(2024, 3, 1), false, {}},
      {dmy, "1/3/2024 9:07", ms(2024, 3, 1, 9, 7), true, {}},
      {dmy, "1.3.2024, 13:05:07", ms(2024, 3, 1, 13, 5, 7), true, {}},
      {dmy, "1. 3. 2024", ms(2024, 3, 1), false, {}},
      {dmy, "01.03.2024 13.05", ms(2024, 3, 1, 13, 5), true, {}},
      {dmy, "2024-03-01", ms(2024, 3, 1), false, {}},
      {mdy, "3/1/2024 12:05 AM", ms(2024, 3, 1, 0, 5), true, {}},
      {mdy, "03/01/2024 12:30:00 p.m.", ms(2024, 3, 1, 12, 30), true, {}},
      {names, "1 maart 2024", ms(2024, 3, 1), false, {}},
      {names, "01-mrt-2024", ms(2024, 3, 1), false, {}},
      {names, "01-mrt-24", ms(2024, 3, 1), false, {}},
      {names, "1. M\xC3\xA4rz 2024", ms(2024, 3, 1), false, {}},
      {names, "1 mars 2024 kl. 13:05", ms(2024, 3, 1, 13, 5), true, {}},
      {names, "Mar 1, 2024", ms(2024, 3, 1), false, {}},
      {names, "March 1st, 2024 1:05 pm", ms(2024, 3, 1, 13, 5), true, {}},
      {names, "Fri, 01 Mar 2024 13:05:07 +0000", ms(2024, 3, 1, 13, 5, 7), true, 0},
      {names, "Fri Mar 01 2024 13:05:07 GMT+0100 (Central European Standard Time)", ms(2024, 3, 1, 13, 5, 7), true, 60},
      {names, "2024-Mar-01", ms(2024, 3, 1), false, {}},
      {names, "31 Dez. 2023", ms(2023, 12, 31), false, {}},
      {epoch, "1709294707", 1709294707000, true, 0},
      {epoch_ms, "1709294707123", 1709294707123, true, 0},
      {two, "01-03-24", ms(2024, 3, 1), false, {}},
      {two, "01-03-97", ms(1997, 3, 1), false, {}},
  };
  for (const auto& c : cases) {
    auto reader = DateReader::create(c.form, calendar::Zone::utc(), kNow).value();
    const auto read = reader.read_civil(c.cell);
    ASSERT_TRUE(read) << c.cell;
    EXPECT_EQ(read->local_ms, c.local_ms) << c.cell;
    EXPECT_EQ(read->has_time, c.has_time) << c.cell;
    EXPECT_EQ(read->has_offset, c.offset.has_value()) << c.cell;
    EXPECT_EQ(read->offset_minutes, c.offset.value_or(0)) << c.cell;
  }
}

TEST(Dates, RefusesWhatIsNone) {
  auto reader = DateReader::create({}, calendar::Zone::utc(), kNow).value();
  for (const char* cell : {"",
                           "x",
                           "2024-02-30",
                           "2023-02-29",
                           "2024-13-01",
                           "2024-00-10",
                           "2024-03-01x",
                           "2024-03-01 25:00",
                           "2024-03-01 12:60",
                           "2024-03-01 13:00 PM",
                           "2024-03-01 +01",
                           "2024-03",
                           "13",
                           "12345",
                           "123456789012345678901",
                           "01/03/2024",
                           "1709294707",
                           "c1",
                           "1 Foo 2024",
                           "2024-03-01T",
                           "20240230",
                           "1/2/3",
                           "--",
                           "2024-03-01 12:00 +99:00",
                           "00:00",
                           "Mon",
                           "2024-03-01\n2024-03-02"}) {
    EXPECT_FALSE(reader.read_civil(cell)) << cell;
  }
}

TEST(Dates, KnowsThePast_TheFuture_AndTheMissing) {
  auto reader = DateReader::create({}, calendar::Zone::utc(), kNow).value();
  calendar::Moment at;
  EXPECT_EQ(reader.read("1990-01-01", at), DateFault::kNone);
  EXPECT_EQ(reader.read("1989-12-31", at), DateFault::kTooEarly);
  EXPECT_EQ(reader.read("2026-01-01", at), DateFault::kNone);
  EXPECT_EQ(reader.read("2026-01-02", at), DateFault::kFuture);
  // Without an offset it may be a wall clock anywhere on Earth; with one it is sure.
  EXPECT_EQ(reader.read("2026-01-01 13:59", at), DateFault::kNone);
  EXPECT_EQ(reader.read("2026-01-01 14:01", at), DateFault::kFuture);
  EXPECT_EQ(reader.read("2026-01-01T01:00:00+01:00", at), DateFault::kNone);
  EXPECT_EQ(reader.read("2026-01-01T00:00:01Z", at), DateFault::kFuture);
  EXPECT_EQ(reader.read("soon", at), DateFault::kUnreadable);
  for (const char* none : {"", "  ", "-", "n/a", "NULL", "0000-00-00", "0000-00-00 00:00:00"}) {
    EXPECT_TRUE(is_no_date(none)) << none;
  }
}

TEST(Dates, PutsLocalTimesIntoTheZone) {
  const auto amsterdam = calendar::Zone::create("Europe/Amsterdam").value();
  auto reader = DateReader::create({}, amsterdam, kNow).value();
  const auto at = [&](const char* cell) {
    calendar::Moment m;
    EXPECT_EQ(reader.read(cell, m), DateFault::kNone) << cell;
    EXPECT_FALSE(m.date_only) << cell;
    return m.at.ms;
  };
  EXPECT_EQ(at("2024-01-15 12:00"), ms(2024, 1, 15, 11));
  EXPECT_EQ(at("2024-07-15 12:00"), ms(2024, 7, 15, 10));
  EXPECT_EQ(at("2024-03-31 02:30"), ms(2024, 3, 31, 1, 30));   // missing: forward by the gap, 03:30 summer time
  EXPECT_EQ(at("2024-10-27 02:30"), ms(2024, 10, 27, 0, 30));  // doubled: the earlier
  EXPECT_EQ(at("2024-10-27 12:00"), ms(2024, 10, 27, 11));
  calendar::Moment day;
  EXPECT_EQ(reader.read("2024-07-15", day), DateFault::kNone);
  EXPECT_TRUE(day.date_only);
  EXPECT_EQ(day.at.ms, ms(2024, 7, 15));
}

RC_GTEST_PROP(Dates, LocalTimesAgreeWithTheZone, ()) {
  const auto name = *rc::gen::element<std::string>("Australia/Lord_Howe", "America/Sao_Paulo", "Pacific/Apia",
                                                   "Europe/Amsterdam", "Africa/Casablanca");
  const auto zone = calendar::Zone::create(name).value();
  auto reader = DateReader::create({}, zone, kNow).value();
  for (int i = 0; i < 20; ++i) {
    // 2009 to 2013 holds Apia's lost day; every minute of the day is hit.
    const std::int64_t local = ms(2009, 1, 1) + *rc::gen::inRange<std::int64_t>(0, 5LL * 365 * 1440) * 60'000;
    const auto date = calendar::ymd({static_cast<std::int32_t>(local / calendar::kMsPerDay)});
    char cell[32];
    const int minute = static_cast<int>(local % calendar::kMsPerDay / 60'000);
    std::snprintf(cell, sizeof cell, "%04d-%02u-%02u %02d:%02d", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), minute / 60, minute % 60);
    calendar::Moment m;
    RC_ASSERT(reader.read(cell, m) == DateFault::kNone);
    RC_ASSERT(m.at == zone.from_local(local));
  }
}

TEST(DateEvidence, DecidesTheOrderFromTheWholeColumn) {
  const struct {
    std::vector<const char*> cells;
    const char* form;
  } cases[] = {
      {{"2024-03-01", "2024-03-02"}, "YMD"},   {{"03/04/2024", "25/04/2024"}, "DMY"},
      {{"03/04/2024", "04/25/2024"}, "MDY"},   {{"03-04-2024", "13-04-2024"}, "DMY"},
      {{"03.04.2024", "04.04.2024"}, "DMY"},  // dots: nobody writes the month first
      {{"03.25.2024", "04.04.2024"}, "MDY"},  // but somebody does
      {{"31.12.23", "01.01.24"}, "DMY"},      // 2031 is in the future
      {{"12/31/23", "01/02/24"}, "MDY"},       {{"1 mrt 2024", "2 maart 2024"}, "names"},
      {{"1709294707", "1709294708"}, "epoch"}, {{"1709294707000", "1709294708000"}, "epoch-ms"},
      {{"", "-", "2024-03-01", "n/a"}, "YMD"},
  };
  for (const auto& c : cases) {
    DateEvidence e(kNow);
    for (std::size_t i = 0; i < c.cells.size(); ++i) e.add(c.cells[i], i + 2);
    const auto form = e.decide("f.csv", "date");
    ASSERT_TRUE(form) << c.cells[0] << ": " << form.error().message;
    EXPECT_EQ(to_string(*form), c.form) << c.cells[0];
  }
}

TEST(DateEvidence, AsksWhenItCannotTell) {
  const auto form = seen({"03/04/2024", "05/06/2024"}).decide("orders.csv", "Datum");
  ASSERT_FALSE(form);
  EXPECT_EQ(form.error().code, Errc::kBadInput);
  EXPECT_EQ(form.error().place, (Place{"orders.csv", 2, "Datum"}));
  EXPECT_NE(form.error().message.find("03/04/2024"), std::string::npos);
  EXPECT_NE(form.error().hint.find("--date-format DMY"), std::string::npos);
  // Told, it reads.
  EXPECT_EQ(to_string(*seen({"03/04/2024"}).decide("f", "c", DayOrder::kMdy)), "MDY");
  EXPECT_EQ(to_string(*seen({"03/04/24"}).decide("f", "c", DayOrder::kYmd)), "YMD");
  // Told what cannot be, it says so.
  EXPECT_FALSE(seen({"25/04/2024", "26/04/2024"}).decide("f", "c", DayOrder::kMdy));
  // Two digits are a year only where nothing else can be.
  EXPECT_FALSE(seen({"01-02-03", "04-05-06"}).decide("f", "c"));
}

TEST(DateEvidence, SaysWhichLinesMix) {
  const auto order = seen({"25/04/2024", "04/25/2024"}).decide("f.csv", "d");
  ASSERT_FALSE(order);
  EXPECT_NE(order.error().message.find("line 2"), std::string::npos) << order.error().message;
  EXPECT_NE(order.error().message.find("line 3"), std::string::npos);
  const auto family = seen({"2024-03-01", "25/04/2024", "2024-03-02", "26/04/2024"}).decide("f.csv", "d");
  ASSERT_FALSE(family);
  EXPECT_NE(family.error().message.find("mixes date formats"), std::string::npos) << family.error().message;
  EXPECT_EQ(family.error().place.line, 3u);
  // One in five may be odd: those rows are rejected, not the file.
  EXPECT_TRUE(seen({"2024-03-01", "2024-03-02", "2024-03-03", "2024-03-04", "25/04/2024"}).decide("f", "d"));
  EXPECT_TRUE(seen({"2024-03-01", "2024-03-02", "2024-03-03", "2024-03-04", "yesterday"}).decide("f", "d"));
  const auto garbage = seen({"2024-03-01", "yesterday", "today"}).decide("f.csv", "d");
  ASSERT_FALSE(garbage);
  EXPECT_NE(garbage.error().message.find("2 of 3"), std::string::npos) << garbage.error().message;
  const auto none = seen({"yesterday", "today"}).decide("f.csv", "d");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().place.line, 2u);
}

TEST(DateEvidence, TakesMidnightsForDays) {
  const auto all = seen({"2024-03-01 00:00:00", "2024-03-02 00:00"}).decide("f", "d").value();
  EXPECT_TRUE(all.all_midnight);
  auto reader = DateReader::create(all, calendar::Zone::create("America/New_York").value(), kNow).value();
  calendar::Moment m;
  EXPECT_EQ(reader.read("2024-03-01 00:00:00", m), DateFault::kNone);
  EXPECT_TRUE(m.date_only);
  EXPECT_EQ(m.at.ms, ms(2024, 3, 1));
  EXPECT_FALSE(seen({"2024-03-01 00:00:00", "2024-03-02 00:01"}).decide("f", "d")->all_midnight);
  EXPECT_FALSE(seen({"2024-03-01 00:00:00Z"}).decide("f", "d")->all_midnight);
}

TEST(DateFormat, IsOfLettersOrOfDirectives) {
  EXPECT_EQ(parse_date_format("dmy")->order, DayOrder::kDmy);
  EXPECT_EQ(parse_date_format("MM/DD/YYYY")->order, DayOrder::kMdy);
  EXPECT_EQ(parse_date_format("yyyy-mm-dd")->family, DateFamily::kYmd);
  EXPECT_EQ(parse_date_format("%d.%m.%Y %H:%M")->custom, "%d.%m.%Y %H:%M");
  for (const char* bad : {"", "DYM", "today", "%d.%m", "%Q %Y %m %d", "%Y-%m-%", "DM"}) {
    const auto form = parse_date_format(bad);
    ASSERT_FALSE(form) << bad;
    EXPECT_EQ(form.error().code, Errc::kInvalidArgument);
  }
  const struct {
    const char* form;
    const char* cell;
    std::optional<std::int64_t> local_ms;
  } cases[] = {
      {"%d.%m.%Y %H:%M", "01.03.2024 13:05", ms(2024, 3, 1, 13, 5)},
      {"%d%m%y", "010324", ms(2024, 3, 1)},
      {"%Y%m%d-%H%M%S", "20240301-130507", ms(2024, 3, 1, 13, 5, 7)},
      {"%b %e %Y %I:%M %p", "Mar  1 2024 1:05 PM", ms(2024, 3, 1, 13, 5)},
      {"%s", "1709294707", 1709294707000},
      {"%Y-%m-%dT%H:%M:%S%z", "2024-03-01T13:05:07+0100", ms(2024, 3, 1, 13, 5, 7)},
      {"%d.%m.%Y", "01.03.2024 13:05", {}},
      {"%d.%m.%Y", "32.03.2024", {}},
      {"%d.%m.%Y", "", {}},
  };
  for (const auto& c : cases) {
    auto reader = DateReader::create(parse_date_format(c.form).value(), calendar::Zone::utc(), kNow).value();
    const auto read = reader.read_civil(c.cell);
    ASSERT_EQ(read.has_value(), c.local_ms.has_value()) << c.form << " " << c.cell;
    EXPECT_EQ(read ? std::optional(read->local_ms) : std::nullopt, c.local_ms) << c.cell;
  }
}

}  // namespace
}  // namespace behoud::ingest
