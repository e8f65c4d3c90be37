#include "timeline/questions/period_activity.h"

#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "timeline/questions/month_activity.h"
#include "timeline/questions/oracle.h"
#include "timeline/random_histories.h"
#include "timeline/testing_isas.h"

// Any periods against the slow oracle: cut anywhere, within the timeline's days and beyond them, up to the periods that
// a word holds and past them, filtered, split, with customers who ordered before the first order that is told.

namespace behoud::timeline {
namespace {

using calendar::Day;

std::int64_t in(std::int64_t from, std::int64_t to) { return *rc::gen::inRange<std::int64_t>(from, to); }

struct Asked {
  PeriodQuestion question;
  std::vector<Day> since;
  std::vector<std::uint8_t> known;
};

Asked any_question(const Scale& scale, const std::vector<PlainHistory>& histories, Kind order_kind) {
  Asked out;
  Day day = scale.epoch_day() + static_cast<int>(in(-40, scale.days() + 10));
  const std::int64_t periods = *rc::gen::element<std::int64_t>(1, 2, 5, 36, 62, 63, 64, 100);
  const std::int64_t step = *rc::gen::element<std::int64_t>(2, 9, 32);
  for (std::int64_t p = 0; p <= periods; ++p) {
    out.question.points.push_back(day);
    day = day + static_cast<int>(in(1, step));
  }
  out.question.window_days = static_cast<int>(*rc::gen::element<std::int64_t>(1, 2, 28, 45, 365, 36'500));
  if (in(0, 2) == 0) return out;
  // Since the first order, or earlier, or without any.
  std::uint32_t most = 0;
  for (const PlainHistory& history : histories) most = std::max(most, history.customer);
  out.since.assign(most + 1, PeriodQuestion::kNever);
  out.known.assign(most + 1, 0);
  for (const PlainHistory& history : histories) {
    Day& since = out.since[history.customer];
    for (const PlainEvent& e : history.events) {
      if (e.kind == order_kind) since = std::min(since, e.day);
    }
    out.known[history.customer] = in(0, 3) == 0;
    if (in(0, 3) != 0) continue;
    since = std::min(since, scale.epoch_day() + static_cast<int>(in(-60, 40)));
    if (in(0, 3) == 0) since = Day{-0x3fffffff};
  }
  if (in(0, 3) == 0) out.known.clear();
  return out;
}

void agrees_with_the_oracle(const RandomShape& shape) {
  const RandomHistories all = any_histories(shape);
  const Timeline timeline = any_timeline(all);
  std::vector<PlainHistory> histories = plain_histories(all.scale.zone(), all.customers, all.events);
  Asked asked = any_question(all.scale, histories, all.schema.order_kind);
  asked.question.since = asked.since;
  asked.question.known = asked.known;

  Selection only = everybody(timeline);
  Slice slice{.threads = *rc::gen::inRange(1, 4)};
  if (in(0, 2) == 0) {
    for (auto& words : only.parts) {
      for (std::uint64_t& word : words) word &= *rc::gen::arbitrary<std::uint64_t>();
    }
    const std::vector<std::uint32_t> numbered = numbers(timeline, only);
    const std::set<std::uint32_t> kept(numbered.begin(), numbered.end());
    std::erase_if(histories, [&](const PlainHistory& h) { return !kept.contains(h.customer); });
    slice.only = &only;
  }
  const bool split = in(0, 2) == 0;
  if (split) slice.split = 0;
  for (const Isa isa : isas_here()) {
    slice.isa = isa;
    for (const PeriodWay way : {PeriodWay::kBest, PeriodWay::kRuns}) {
      const auto answers = period_activity(timeline, asked.question, slice, way);
      RC_ASSERT(answers.size() == (split ? 4U : 1U));
      for (std::uint32_t code = 0; code < answers.size(); ++code) {
        oracle::Shop shop{all.scale, all.schema, {}};
        std::ranges::copy_if(histories, std::back_inserter(shop.histories),
                             [&](const PlainHistory& h) { return !split || h.dimensions[0] == code; });
        RC_ASSERT(answers[code] == oracle::period_activity(shop, asked.question));
      }
    }
  }
}

RC_GTEST_PROP(PeriodActivity, AgreesWithTheOracle, ()) { agrees_with_the_oracle({}); }
RC_GTEST_PROP(PeriodActivity, AgreesOnManyCustomers, ()) {
  agrees_with_the_oracle({.customers_max = 300, .events_max = 900, .days_max = 90, .ms = false});
}

RC_GTEST_PROP(PeriodActivity, OfMonthsIsWhatTheMonthsSay, ()) {
  const RandomHistories all = any_histories();
  const Timeline timeline = any_timeline(all);
  PeriodQuestion question{.window_days = static_cast<int>(in(1, 100))};
  for (std::uint32_t m = 0; m <= all.scale.months(); ++m) {
    question.points.push_back(all.scale.day(all.scale.month_begin(m)));
  }
  const auto periods = period_activity(timeline, question)[0];
  const auto months = month_activity(timeline, static_cast<std::uint32_t>(question.window_days))[0];
  RC_ASSERT(periods.size() == months.size());
  for (std::size_t m = 0; m < months.size(); ++m) {
    const PeriodActivity& p = periods[m];
    RC_ASSERT(months[m] == (MonthActivity{p.customers_start, p.customers_end, p.new_customers, p.one_and_gone,
                                          p.reactivated, p.retained, p.lost}));
  }
}

TEST(PeriodActivity, OfNobodyIsNothing) {
  const Scale scale = Scale::create(calendar::Zone::utc(), {calendar::civil(2024, 1, 1).number * calendar::kMsPerDay},
                                    {calendar::civil(2024, 2, 1).number * calendar::kMsPerDay})
                          .value();
  const Timeline timeline{.scale = scale, .schema = {.kinds = {"order"}}, .parts = {}};
  const auto answers =
      period_activity(timeline, {.points = {calendar::civil(2023, 1, 1), calendar::civil(2025, 1, 1)}});
  ASSERT_EQ(answers.size(), 1);
  EXPECT_EQ(answers[0], std::vector<PeriodActivity>(1));
}

}  // namespace
}  // namespace behoud::timeline
