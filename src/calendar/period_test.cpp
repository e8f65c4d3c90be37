#include "calendar/period.h"

#include <ctime>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace behoud::calendar {
namespace {

using Unit = Grain::Unit;

const Grain kCalendarGrains[] = {{Unit::kDay}, {Unit::kWeek}, {Unit::kMonth}, {Unit::kQuarter}, {Unit::kYear}};

Day any_day() { return {*rc::gen::inRange(civil(1900, 1, 1).number, civil(2200, 1, 1).number)}; }
Grain any_grain() {
  const auto unit = static_cast<Unit>(*rc::gen::inRange(0, 8));
  return {unit, unit >= Unit::kDays ? *rc::gen::inRange(1, 40) : 1};
}

TEST(Period, IncludesItsFirstDayAndExcludesItsEnd) {
  const Period p = Period::create(civil(2024, 2, 1), civil(2024, 3, 1)).value();
  const struct {
    Day day;
    bool inside;
    const char* why;
  } cases[] = {{civil(2024, 1, 31), false, "the day before"},
               {civil(2024, 2, 1), true, "the first day"},
               {civil(2024, 2, 29), true, "leap day"},
               {civil(2024, 3, 1), false, "end is excluded"}};
  for (const auto& c : cases) EXPECT_EQ(p.contains(c.day), c.inside) << c.why;
  EXPECT_EQ(p.days(), 29);
}

TEST(Period, MustBeginBeforeItEnds) {
  for (const Day end : {civil(2024, 1, 1), civil(2023, 12, 31)}) {
    const auto p = Period::create(civil(2024, 1, 1), end);
    ASSERT_FALSE(p.has_value());
    EXPECT_EQ(p.error().code, Errc::kInvalidArgument);
    EXPECT_NE(p.error().message.find("2024-01-01"), std::string::npos);
  }
}

TEST(Grain, IsReadAndWrittenAlike) {
  const struct {
    const char* text;
    Grain grain;
  } cases[] = {{"day", {Unit::kDay, 1}},         {"week", {Unit::kWeek, 1}},  {"month", {Unit::kMonth, 1}},
               {"quarter", {Unit::kQuarter, 1}}, {"year", {Unit::kYear, 1}},  {"1d", {Unit::kDays, 1}},
               {"28d", {Unit::kDays, 28}},       {"4w", {Unit::kWeeks, 4}},   {"3mo", {Unit::kMonths, 3}},
               {"9999d", {Unit::kDays, 9999}},   {"1mo", {Unit::kMonths, 1}}, {"52w", {Unit::kWeeks, 52}}};
  for (const auto& c : cases) {
    EXPECT_EQ(parse_grain(c.text).value(), c.grain) << c.text;
    EXPECT_EQ(to_string(c.grain), c.text);
    EXPECT_EQ(c.grain.counted(), c.text[0] <= '9') << c.text;
  }
}

TEST(Grain, RefusesOthersAndListsTheForms) {
  for (const std::string text : {"", "d", "0d", "-1d", "+1d", "28", "28D", "28 d", "10000d", "99999999999999999999d",
                                 "3m", "3months", "Month", "month ", "1quarter", "1.5w"}) {
    const auto g = parse_grain(text);
    ASSERT_FALSE(g.has_value()) << text;
    EXPECT_EQ(g.error().code, Errc::kInvalidArgument);
    EXPECT_NE(g.error().message.find("'" + text + "'"), std::string::npos);
    for (const char* form : {"day", "week", "month", "quarter", "year", "28d", "4w", "3mo"}) {
      EXPECT_NE(g.error().hint.find(form), std::string::npos) << form;
    }
  }
}

TEST(Grain, FloorsToTheFirstDayOfItsPeriod) {
  const Day anchor = civil(2000, 1, 1);
  const struct {
    const char* grain;
    Day day, first, next;
    const char* why;
  } cases[] = {
      {"day", civil(2024, 2, 29), civil(2024, 2, 29), civil(2024, 3, 1), "leap day"},
      {"week", civil(2024, 12, 30), civil(2024, 12, 30), civil(2025, 1, 6), "a Monday: ISO week 1 of 2025"},
      {"week", civil(2025, 1, 5), civil(2024, 12, 30), civil(2025, 1, 6), "the Sunday of that week"},
      {"week", civil(1970, 1, 1), civil(1969, 12, 29), civil(1970, 1, 5), "a Thursday, before day 0"},
      {"week", civil(2021, 1, 3), civil(2020, 12, 28), civil(2021, 1, 4), "ISO week 53 of 2020"},
      {"month", civil(2024, 2, 29), civil(2024, 2, 1), civil(2024, 3, 1), "leap February"},
      {"month", civil(1969, 12, 31), civil(1969, 12, 1), civil(1970, 1, 1), "before 1970"},
      {"quarter", civil(2024, 3, 31), civil(2024, 1, 1), civil(2024, 4, 1), "the last day of Q1"},
      {"quarter", civil(2024, 12, 1), civil(2024, 10, 1), civil(2025, 1, 1), "Q4"},
      {"year", civil(2024, 12, 31), civil(2024, 1, 1), civil(2025, 1, 1), "the last day"},
      {"year", civil(9999, 12, 31), civil(9999, 1, 1), civil(10000, 1, 1), "the last year"},
  };
  for (const auto& c : cases) {
    const Grain g = parse_grain(c.grain).value();
    EXPECT_EQ(floor_to(g, c.day, anchor), c.first) << c.grain << ": " << c.why;
    EXPECT_EQ(next(g, c.first, anchor), c.next) << c.grain << ": " << c.why;
  }
}

// The C library's %G-W%V as the oracle of ISO weeks, every day of two cycles of leap years.
TEST(Grain, WeeksAreIsoWeeks) {
  const auto iso_week = [](Day d) {
    const std::time_t seconds = std::time_t{d.number} * 86'400;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[20];
    std::strftime(text, sizeof text, "%G-W%V", &parts);
    return std::string(text);
  };
  for (Day d = civil(1960, 1, 1); d < civil(2060, 1, 1); d = d + 1) {
    const bool same = floor_to({Unit::kWeek}, d, {}) == floor_to({Unit::kWeek}, d + 1, {});
    ASSERT_EQ(same, iso_week(d) == iso_week(d + 1)) << to_string(d);
  }
}

TEST(Grain, CountedMonthsClampToTheMonthsLengthAndComeBack) {
  const Grain g{Unit::kMonths, 1};
  const Day anchor = civil(2024, 1, 31);
  const Day boundaries[] = {civil(2024, 1, 31), civil(2024, 2, 29), civil(2024, 3, 31), civil(2024, 4, 30),
                            civil(2024, 5, 31), civil(2024, 6, 30), civil(2024, 7, 31)};
  for (std::size_t i = 0; i + 1 < std::size(boundaries); ++i) {
    EXPECT_EQ(next(g, boundaries[i], anchor), boundaries[i + 1]);
    EXPECT_EQ(floor_to(g, boundaries[i + 1] - 1, anchor), boundaries[i]);
  }
  EXPECT_EQ(floor_to(g, civil(2023, 3, 1), anchor), civil(2023, 2, 28)) << "before the anchor too";
  EXPECT_EQ(floor_to(g, civil(2024, 1, 30), anchor), civil(2023, 12, 31));
  EXPECT_EQ(next({Unit::kMonths, 3}, civil(2023, 11, 30), civil(2023, 11, 30)), civil(2024, 2, 29));
}

RC_GTEST_PROP(GrainLaw, TheFloorIsTheLastBoundaryNotAfterTheDay, ()) {
  const Grain g = any_grain();
  const Day d = any_day();
  const Day anchor = any_day();
  const Day begin = floor_to(g, d, anchor);
  const Day end = next(g, begin, anchor);
  RC_ASSERT(begin <= d);
  RC_ASSERT(d < end);
  RC_ASSERT(floor_to(g, begin, anchor) == begin);
  RC_ASSERT(floor_to(g, end, anchor) == end);
  RC_ASSERT(floor_to(g, end - 1, anchor) == begin);
  if (g.counted()) RC_ASSERT(floor_to(g, anchor, anchor) == anchor);
}

// Month by month from the anchor, clamping each time, as the contract says it; slow and obvious.
RC_GTEST_PROP(GrainLaw, CountedMonthsAreTheAnchorsDayInEveryNthMonth, ()) {
  const int count = *rc::gen::inRange(1, 15);
  const Day anchor = any_day();
  const Grain g{Unit::kMonths, count};
  const auto date = ymd(anchor);
  Day boundary = anchor;
  auto month = date.year() / date.month();
  for (int i = 0; i < 30; ++i) {
    month += std::chrono::months{count};
    const auto last = month / std::chrono::last;
    const Day expected = civil(static_cast<int>(month.year()), static_cast<unsigned>(month.month()),
                               std::min(static_cast<unsigned>(date.day()), static_cast<unsigned>(last.day())));
    boundary = next(g, boundary, anchor);
    RC_ASSERT(boundary == expected);
  }
}

RC_GTEST_PROP(PeriodsLaw, TheyTileTheSpan, ()) {
  const Grain g = any_grain();
  Day from = any_day();
  from = floor_to(g, from, from);
  Day to = from;
  const int count = *rc::gen::inRange(1, 50);
  for (int i = 0; i < count; ++i) to = next(g, to, from);
  const auto all = periods(g, from, to).value();
  RC_ASSERT(all.size() == static_cast<std::size_t>(count));
  RC_ASSERT(all.front().begin() == from);
  RC_ASSERT(all.back().end() == to);
  for (std::size_t i = 1; i < all.size(); ++i) RC_ASSERT(all[i - 1].end() == all[i].begin());
}

// What a table prints can be asked again by its own dates, though it was laid from a day that a month lacks.
RC_GTEST_PROP(PeriodsLaw, WhatIsLaidFromAnyAnchorIsASpanOfItsGrain, ()) {
  const Grain g = *rc::gen::inRange(0, 2) == 0 ? any_grain() : Grain{Unit::kMonths, *rc::gen::inRange(1, 15)};
  Day anchor = any_day();
  if (g.counted() && *rc::gen::inRange(0, 2) == 0) anchor = floor_to({Unit::kMonth}, anchor, {}) - 1;
  anchor = floor_to(g, anchor, anchor);
  std::vector<Day> boundaries{anchor};
  for (int i = 0; i < 14; ++i) boundaries.push_back(next(g, boundaries.back(), anchor));
  const int a = *rc::gen::inRange(0, 14), b = *rc::gen::inRange(a + 1, 15);
  const Day from = boundaries[static_cast<std::size_t>(a)], to = boundaries[static_cast<std::size_t>(b)];
  const Day end = boundaries[static_cast<std::size_t>(a) + 1];
  const auto one = periods(g, from, end);
  RC_ASSERT(one.has_value());
  RC_ASSERT(*one == std::vector<Period>{Period::create(from, end).value()});
  const auto several = periods(g, from, to);
  RC_ASSERT(several.has_value());
  RC_ASSERT(several->size() == static_cast<std::size_t>(b - a));
  RC_ASSERT(several->front().begin() == from);
  RC_ASSERT(several->back().end() == to);
}

TEST(Periods, OfClampedMonthsAreLaidFromTheEndThatIsNot) {
  const Grain quarter{Unit::kMonths, 3}, month{Unit::kMonths, 1};
  EXPECT_EQ(periods(quarter, civil(2023, 2, 28), civil(2023, 5, 30)).value().size(), 1u);
  const auto two = periods(month, civil(2023, 2, 28), civil(2023, 4, 30)).value();
  ASSERT_EQ(two.size(), 2u);
  EXPECT_EQ(two[0].end(), civil(2023, 3, 30));
  EXPECT_EQ(anchor_of(month, civil(2023, 2, 28), civil(2023, 4, 28)), civil(2023, 2, 28)) << "from, where it fits";
  EXPECT_FALSE(periods(quarter, civil(2024, 2, 28), civil(2024, 5, 30)).has_value()) << "no last day of its month";
  EXPECT_FALSE(periods(quarter, civil(2023, 2, 28), civil(2023, 4, 30)).has_value()) << "two months";
}

TEST(Periods, AreTheMonthsOfAYear) {
  const auto all = periods({Unit::kMonth}, civil(2024, 1, 1), civil(2025, 1, 1)).value();
  ASSERT_EQ(all.size(), 12u);
  EXPECT_EQ(all[1], Period::create(civil(2024, 2, 1), civil(2024, 3, 1)).value());
}

TEST(Periods, AnEndOffTheBoundaryNamesTheTwoNearest) {
  const struct {
    const char* grain;
    Day from, to;
    const char *flag, *below, *above;
  } cases[] = {
      {"month", civil(2024, 1, 15), civil(2024, 3, 1), "--from", "2024-01-01", "2024-02-01"},
      {"month", civil(2024, 1, 1), civil(2024, 3, 31), "--to", "2024-03-01", "2024-04-01"},
      {"week", civil(2024, 1, 3), civil(2024, 3, 31), "--from", "2024-01-01", "2024-01-08"},
      {"quarter", civil(2024, 1, 1), civil(2024, 5, 1), "--to", "2024-04-01", "2024-07-01"},
      {"year", civil(2024, 1, 1), civil(2024, 12, 31), "--to", "2024-01-01", "2025-01-01"},
      {"28d", civil(2024, 1, 1), civil(2024, 2, 1), "--to", "2024-01-29", "2024-02-26"},
      {"2w", civil(2024, 1, 3), civil(2024, 1, 18), "--to", "2024-01-17", "2024-01-31"},
      {"3mo", civil(2023, 11, 30), civil(2024, 3, 1), "--to", "2024-02-29", "2024-05-30"},
  };
  for (const auto& c : cases) {
    const auto all = periods(parse_grain(c.grain).value(), c.from, c.to);
    ASSERT_FALSE(all.has_value()) << c.grain;
    EXPECT_EQ(all.error().code, Errc::kInvalidArgument);
    for (const char* part : {c.flag, c.below, c.above}) {
      EXPECT_NE(all.error().message.find(part), std::string::npos) << part << " in: " << all.error().message;
    }
  }
}

TEST(Periods, AnEmptyOrBackwardSpanIsRefused) {
  for (const Day to : {civil(2024, 1, 1), civil(2023, 1, 1)}) {
    const auto all = periods({Unit::kMonth}, civil(2024, 1, 1), to);
    ASSERT_FALSE(all.has_value());
    EXPECT_EQ(all.error().code, Errc::kInvalidArgument);
  }
}

TEST(Periods, MoreThanTwentyThousandAreRefused) {
  EXPECT_EQ(periods({Unit::kDay}, civil(2000, 1, 1), civil(2000, 1, 1) + 20'000).value().size(), 20'000u);
  const auto all = periods({Unit::kDay}, civil(2000, 1, 1), civil(2000, 1, 1) + 20'001);
  ASSERT_FALSE(all.has_value());
  EXPECT_EQ(all.error().code, Errc::kOutOfRange);
  for (const Grain g : kCalendarGrains) {
    const auto widest = periods(g, civil(1, 1, 1), civil(9999, 1, 1));  // 1 January of the year 1 was a Monday
    EXPECT_EQ(widest.has_value(), g.unit == Unit::kYear) << to_string(g);
  }
}

}  // namespace
}  // namespace behoud::calendar
