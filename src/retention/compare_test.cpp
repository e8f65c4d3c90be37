// A comparison against its oracle, the question asked of the earlier span, and by hand where the calendar is odd.

#include <algorithm>
#include <cstdlib>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/json_writer.h"
#include "retention/answer_json.h"
#include "retention/oracle.h"
#include "retention/random_shop.h"
#include "retention/test_shop.h"

namespace behoud::retention {
namespace {

[[maybe_unused]] const int kConfigured = setenv("RC_PARAMS", "max_success=200", 0);

template <class Answer, class Row>
std::string json_of(const Basics& basics, Row row, const PeriodHead& head) {
  row.head = head;
  std::string out;
  JsonWriter json(out);
  write_json(json, Answer{basics, {row}});
  return out;
}

// Every row of the comparison is the one that the same question gives for the earlier span; an unfinished one the only
// row of a question of as many days.
template <class Answer, class Ask>
void same_as_asking(const Question& asked, Ask ask) {
  Question q = asked;
  q.compare = one_in(2) ? Compare::kPrevious : Compare::kLastYear;
  const Answer answer = ask(q).value();
  RC_ASSERT(answer.comparison.has_value());
  const auto& then = *answer.comparison;
  RC_ASSERT(then.rows.size() == answer.rows.size());
  RC_ASSERT(then.with == *q.compare);
  Question plain = q;
  plain.compare.reset();
  RC_ASSERT(ask(plain).value().rows.size() == answer.rows.size());
  if (answer.rows.empty()) return;
  Question earlier = plain;
  earlier.from = then.from;
  earlier.to = then.to;
  const Answer whole = ask(earlier).value();
  for (std::size_t i = 0; i < then.rows.size(); ++i) {
    const auto& row = then.rows[i];
    RC_ASSERT(row.head.split == answer.rows[i].head.split);
    RC_ASSERT(row.head.period_end <= answer.rows[i].head.period_start || *q.compare == Compare::kLastYear);
    if (row.head.complete) {
      const auto found = std::find_if(whole.rows.begin(), whole.rows.end(), [&](const auto& w) {
        return w.head.period_start == row.head.period_start && w.head.split == row.head.split;
      });
      if (found == whole.rows.end()) continue;  // a part that had not begun has no row there
      RC_ASSERT(found->head.complete);
      RC_ASSERT((json_of<Answer>(answer.basics, row, row.head)) ==
                (json_of<Answer>(answer.basics, *found, found->head)));
    } else {
      RC_ASSERT(!answer.rows[i].head.complete);
      Question part = plain;
      part.grain = {calendar::Grain::Unit::kDays, *row.head.evaluated_to - row.head.period_start};
      part.from = row.head.period_start;
      part.to = row.head.evaluated_to;
      const Answer cut = ask(part).value();
      for (const auto& c : cut.rows) {
        if (c.head.split != row.head.split) continue;
        auto expected = c;
        if constexpr (std::is_same_v<Answer, ValueAnswer>) {
          expected.lifespan = expected.clv_minor = std::nullopt;
          expected.spans.reset();
        }
        if constexpr (std::is_same_v<Answer, CostAnswer>) {
          expected.acquisition_roi.reset();
          expected.payback_months.reset();
          expected.newcomers_margin_minor.reset();
        }
        RC_ASSERT((json_of<Answer>(answer.basics, row, row.head)) ==
                  (json_of<Answer>(answer.basics, expected, row.head)));
      }
    }
  }
}

RC_GTEST_PROP(Compare, RetentionIsThatOfTheEarlierSpan, ()) {
  const RandomShop shop = any_shop();
  same_as_asking<RetentionAnswer>(any_question(shop),
                                  [&](const Question& q) { return answer_retention(shop.histories, {}, q); });
}

RC_GTEST_PROP(Compare, ValueIsThatOfTheEarlierSpan, ()) {
  const RandomShop shop = any_shop();
  same_as_asking<ValueAnswer>(any_question(shop),
                              [&](const Question& q) { return answer_value(shop.histories, {}, q); });
}

RC_GTEST_PROP(Compare, CostIsThatOfTheEarlierSpan, ()) {
  const RandomShop shop = any_shop();
  Question q = any_question(shop);
  q.split = Split::kNone;
  same_as_asking<CostAnswer>(q, [&](const Question& asked) { return answer_cost(shop.histories, {}, asked); });
}

template <class Answer>
std::string json_of(const Answer& answer) {
  std::string out;
  JsonWriter json(out);
  write_json(json, answer);
  return out;
}

// The cohorts of the earlier span as they stood at the age of those they are beside: the same question, slowly, of a
// shop seen until then.
RC_GTEST_PROP(Compare, CohortsAreThoseOfTheEarlierSpanAtTheirAge, ()) {
  const RandomShop shop = any_shop();
  Question q = any_question(shop);
  q.compare = one_in(2) ? Compare::kPrevious : Compare::kLastYear;
  const CohortAnswer answer = answer_cohorts(shop.histories, {}, q).value();
  const CohortComparison& then = answer.comparison.value();
  RC_ASSERT(then.rows.size() == answer.rows.size());
  if (!then.from) {
    RC_ASSERT(answer.rows.empty());
    return;
  }
  Question plain = q;
  plain.compare.reset();
  CohortAnswer without = answer_cohorts(shop.histories, {}, plain).value();
  RC_ASSERT(json_of(without) == json_of(CohortAnswer{answer.basics, answer.mode, answer.rows, answer.means}));

  // As many periods as the question's cohorts are seen over.
  plain.to.reset();
  plain.split = Split::kNone;
  const std::size_t periods = oracle::cohorts(shop.histories, {}, plain).rows.at(0).cells.size();
  calendar::Day end = *then.from;
  for (std::size_t i = 0; i < periods; ++i) end = calendar::next(q.grain, end, *then.from);
  if (then.evaluated_to) {
    RC_ASSERT(*then.evaluated_to < end);
    end = *then.evaluated_to;
  }
  Question earlier = q;
  earlier.compare.reset();
  earlier.from = then.from;
  earlier.to = then.to;
  CohortAnswer slow = oracle::cohorts(shop.histories, {}, earlier, end);
  RC_ASSERT(json_of(CohortAnswer{answer.basics, q.mode, {}, then.means}) ==
            json_of(CohortAnswer{answer.basics, q.mode, {}, slow.means}));
  for (std::size_t i = 0; i < then.rows.size(); ++i) {
    const CohortRow &now = answer.rows[i], &was = then.rows[i];
    RC_ASSERT(was.split == now.split);
    RC_ASSERT(was.cells.size() == now.cells.size());
    const auto found = std::ranges::find_if(
        slow.rows, [&](const CohortRow& r) { return r.cohort == was.cohort && r.split == was.split; });
    if (found == slow.rows.end()) {
      RC_ASSERT(q.split != Split::kNone && was.size == 0);
      continue;
    }
    RC_ASSERT(json_of(CohortAnswer{answer.basics, q.mode, {was}, {}}) ==
              json_of(CohortAnswer{answer.basics, q.mode, {*found}, {}}));
  }
}

TEST(Compare, CohortsStandBesideThoseOfTheirAge) {
  TestShop made;
  made.order("old", "2022-11-20", 100);
  made.order("a", "2023-03-05", 100).order("a", "2023-05-10", 100).order("a", "2023-05-20", 100);
  made.order("b", "2024-03-05", 100).order("b", "2024-05-14", 100);
  made.order("c", "2024-02-05", 100).order("c", "2024-04-11", 100).order("c", "2024-04-29", 100);
  const timeline::Histories h = made.histories();  // as of 15 May 2024
  Question q;
  q.from = day("2024-03-01");
  q.to = day("2024-04-01");
  q.compare = Compare::kLastYear;
  const CohortAnswer last_year = answer_cohorts(h, {.window_days = 30}, q).value();
  const CohortComparison& then = last_year.comparison.value();
  EXPECT_EQ(then.from, day("2023-03-01"));
  EXPECT_EQ(then.to, day("2023-04-01"));
  EXPECT_EQ(then.evaluated_to, day("2023-05-15"));
  ASSERT_EQ(then.rows.size(), 1U);
  ASSERT_EQ(then.rows[0].cells.size(), 3U);
  EXPECT_EQ(then.rows[0].size, 1U);
  EXPECT_EQ(then.rows[0].cells[2].customers, 1U);
  EXPECT_EQ(then.rows[0].cells[2].revenue_minor, 100) << "20 May lies behind the day that it is 14 May this year";
  EXPECT_FALSE(then.rows[0].cells[2].complete);
  ASSERT_EQ(then.means.size(), 3U);
  EXPECT_EQ(then.means[1].weighted, 0.0);
  EXPECT_EQ(then.means[2].cohorts, 0U);

  q.compare = Compare::kPrevious;
  const CohortAnswer before = answer_cohorts(h, {.window_days = 30}, q).value();
  EXPECT_EQ(before.comparison->from, day("2024-02-01"));
  EXPECT_EQ(before.comparison->evaluated_to, day("2024-04-15"));
  EXPECT_EQ(before.comparison->rows.at(0).cells.at(2).revenue_minor, 100) << "of 1 to 14 April, as of 1 to 14 May";
}

// What looks at the last 12 complete months is what it was when asked a year before.
RC_GTEST_PROP(Compare, ClaimsAndWhatIfAreThoseOfAYearBefore, ()) {
  const RandomShop shop = any_shop();
  Question q = any_question(shop);
  q.split = Split::kNone;
  const ClaimsAnswer plain_claims = answer_claims(shop.histories, {}, q).value();
  const WhatIfAnswer plain_what_if = answer_whatif(shop.histories, {}, q).value();
  q.compare = one_in(2) ? Compare::kPrevious : Compare::kLastYear;
  const ClaimsAnswer claims = answer_claims(shop.histories, {}, q).value();
  const WhatIfAnswer what_if = answer_whatif(shop.histories, {}, q).value();
  RC_ASSERT(json_of(ClaimsAnswer{claims.basics, claims.rows}) == json_of(plain_claims));
  RC_ASSERT(claims.comparison->with == *q.compare);
  RC_ASSERT(what_if.comparison->as_of == claims.comparison->as_of);
  if (!claims.comparison->as_of) {
    RC_ASSERT(!plain_claims.basics.as_of_known);
    return;
  }
  // The same civil day of the year before.
  const auto civil_then = calendar::ymd(shop.histories.zone.day_of(*claims.comparison->as_of));
  const auto civil_now = calendar::ymd(shop.histories.zone.day_of(claims.basics.as_of));
  RC_ASSERT(civil_then.year() + std::chrono::years(1) == civil_now.year());
  RC_ASSERT(civil_then.month() == civil_now.month());
  // 29 February has the 28th; a day that a zone left out has the one after it.
  RC_ASSERT(civil_then.day() == civil_now.day() || civil_then.day() == civil_now.day() + std::chrono::days(1) ||
            (civil_now.day() == std::chrono::day(29) && civil_then.day() == std::chrono::day(28)));
  Question before = q;
  before.compare.reset();
  before.as_of = claims.comparison->as_of;
  const ClaimsAnswer claims_then = answer_claims(shop.histories, {}, before).value();
  RC_ASSERT(json_of(ClaimsAnswer{claims.basics, claims.comparison->rows}) ==
            json_of(ClaimsAnswer{claims.basics, claims_then.rows}));
  const WhatIfAnswer then = oracle::whatif(shop.histories, {}, before);
  const WhatIfAnswer::Before& was = *what_if.comparison;
  WhatIfAnswer shown{what_if.basics,       what_if.points,      was.worth_minor,
                     was.share_of_revenue, was.share_of_margin, was.rows};
  WhatIfAnswer expected = then;
  expected.basics = what_if.basics;
  RC_ASSERT(json_of(shown) == json_of(expected));
  if (was.rows.empty()) return;
  RC_ASSERT(was.from == was.rows.front().month);
  RC_ASSERT(calendar::next({}, was.rows.back().month, *was.from) == *was.to);
  if (!what_if.rows.empty()) RC_ASSERT(*was.to == what_if.rows.front().month);
}

TEST(Compare, TheEarlierPeriodsAreTheCalendars) {
  TestShop made;
  made.order("a", "2019-01-05", 100).order("a", "2024-05-14", 100);
  const timeline::Histories h = made.histories();  // as of 15 May 2024
  const struct {
    const char *grain, *from, *to;
    Compare with;
    const char *begins, *ends, *last_begins, *evaluated_to;
  } cases[] = {
      {"month", "2024-03-01", "2024-05-01", Compare::kPrevious, "2024-01-01", "2024-03-01", "2024-02-01", ""},
      {"month", "2024-03-01", "2024-05-01", Compare::kLastYear, "2023-03-01", "2023-05-01", "2023-04-01", ""},
      {"month", "2024-04-01", "2024-06-01", Compare::kPrevious, "2024-02-01", "2024-04-01", "2024-03-01", "2024-03-15"},
      {"month", "2024-04-01", "2024-06-01", Compare::kLastYear, "2023-04-01", "2023-06-01", "2023-05-01", "2023-05-15"},
      {"quarter", "2024-04-01", "2024-07-01", Compare::kPrevious, "2024-01-01", "2024-04-01", "2024-01-01",
       "2024-02-14"},
      {"year", "2023-01-01", "2025-01-01", Compare::kLastYear, "2022-01-01", "2024-01-01", "2023-01-01", "2023-05-15"},
      {"year", "2023-01-01", "2025-01-01", Compare::kPrevious, "2021-01-01", "2023-01-01", "2022-01-01", "2022-05-16"},
      {"week", "2024-04-29", "2024-05-13", Compare::kLastYear, "2023-05-01", "2023-05-15", "2023-05-08", ""},
      {"week", "2024-05-13", "2024-05-20", Compare::kPrevious, "2024-05-06", "2024-05-13", "2024-05-06", "2024-05-08"},
      {"day", "2024-02-28", "2024-03-02", Compare::kLastYear, "2023-02-28", "2023-03-03", "2023-03-02", ""},
      {"day", "2024-02-29", "2024-03-01", Compare::kLastYear, "2023-02-28", "2023-03-01", "2023-02-28", ""},
      {"day", "2024-03-01", "2024-03-03", Compare::kPrevious, "2024-02-28", "2024-03-01", "2024-02-29", ""},
      {"28d", "2024-03-01", "2024-04-26", Compare::kLastYear, "2023-03-03", "2023-04-28", "2023-03-31", ""},
      {"4w", "2024-03-04", "2024-04-01", Compare::kPrevious, "2024-02-05", "2024-03-04", "2024-02-05", ""},
      {"3mo", "2024-01-31", "2024-04-30", Compare::kPrevious, "2023-10-31", "2024-01-31", "2023-10-31", ""},
      // 30 April + 1 month is 30 May: the 30th is what the month before 31 May lacks.
      {"1mo", "2023-05-31", "2023-06-30", Compare::kPrevious, "2023-04-30", "2023-05-30", "2023-04-30", ""},
  };
  for (const auto& c : cases) {
    Question q;
    q.grain = calendar::parse_grain(c.grain).value();
    q.from = day(c.from);
    q.to = day(c.to);
    q.compare = c.with;
    const std::string where = std::string(c.grain) + " from " + c.from + ", " + std::string(name(c.with));
    const auto answer = answer_retention(h, {}, q);
    ASSERT_TRUE(answer.has_value()) << where << answer.error().message;
    const auto& then = answer->comparison.value();
    EXPECT_EQ(calendar::to_string(*then.from), c.begins) << where;
    EXPECT_EQ(calendar::to_string(*then.to), c.ends) << where;
    const PeriodHead& last = then.rows.back().head;
    EXPECT_EQ(calendar::to_string(last.period_start), c.last_begins) << where;
    EXPECT_EQ(last.evaluated_to ? calendar::to_string(*last.evaluated_to) : "", c.evaluated_to) << where;
    EXPECT_EQ(last.complete, *c.evaluated_to == '\0') << where;
  }
}

TEST(Compare, AnUnfinishedMonthIsComparedWithAtMostTheWholeEarlierOne) {
  TestShop made;
  made.order("a", "2024-01-05", 100).order("a", "2024-03-29", 100);
  const timeline::Histories h = made.histories();  // as of 30 March
  Question q;
  q.from = day("2024-03-01");
  q.to = day("2024-04-01");
  q.compare = Compare::kPrevious;
  const PeriodHead head = answer_retention(h, {}, q).value().comparison.value().rows.at(0).head;
  EXPECT_TRUE(head.complete) << "the 29 days of February are less than the 29 of March that are read";
  EXPECT_EQ(head.period_start, day("2024-02-01"));
}

TEST(Compare, WithoutOrdersThereIsNothingBesideNothing) {
  const timeline::Histories h = TestShop().histories();
  Question q;
  q.compare = Compare::kPrevious;
  const auto answer = answer_retention(h, {}, q).value();
  EXPECT_TRUE(answer.rows.empty());
  EXPECT_FALSE(answer.comparison.value().from.has_value());
  EXPECT_TRUE(answer_value(h, {}, q).value().comparison.value().rows.empty());
  EXPECT_TRUE(answer_cost(h, {}, q).value().comparison.value().rows.empty());
  EXPECT_TRUE(answer_cohorts(h, {}, q).value().comparison.value().rows.empty());
  EXPECT_FALSE(answer_whatif(h, {}, q).value().comparison.value().from.has_value());
  EXPECT_FALSE(answer_claims(h, {}, q).value().comparison.value().as_of.has_value());
  std::string out;
  JsonWriter json(out);
  write_json(json, answer);
  EXPECT_NE(out.find(R"("rows":[],"comparison":{"compare":"previous","from":null,"to":null,"rows":[]}})"),
            std::string::npos)
      << out;
}

TEST(Compare, BeforeTheYearOneIsAnErrorOfTheOption) {
  TestShop made;
  made.order("a", "2024-01-05", 100);
  const timeline::Histories h = made.histories();
  Question q;
  q.from = day("1100-01-01");
  q.grain = calendar::parse_grain("year").value();
  q.compare = Compare::kPrevious;
  const auto answer = answer_retention(h, {}, q);
  ASSERT_TRUE(answer.has_value()) << "924 years before 1100";
  q.from = day("1000-01-01");
  const auto far = answer_retention(h, {}, q);
  ASSERT_FALSE(far.has_value());
  EXPECT_EQ(far.error().code, Errc::kOutOfRange);
  EXPECT_EQ(far.error().place.column, "compare");
  EXPECT_EQ(answer_cohorts(h, {}, q).error().place.column, "compare");
  Question early;
  early.compare = Compare::kLastYear;
  early.as_of = calendar::Instant{day("0002-02-01").number * calendar::kMsPerDay};
  EXPECT_EQ(answer_claims(h, {}, early).error().code, Errc::kOutOfRange);
  EXPECT_EQ(answer_whatif(h, {}, early).error().place.column, "compare");
}

}  // namespace
}  // namespace behoud::retention
