#include "app/answer_sheet.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace behoud::app {
namespace {

using namespace retention;
using calendar::civil;

const TableStyle kEuro{*money::Currency::parse("EUR"), true};

RetentionAnswer january() {
  RetentionRow r;
  r.head.period_start = civil(2024, 1, 1);
  r.head.period_end = civil(2024, 2, 1);
  r.head.warming_up = true;
  r.head.split = "=cmd";
  r.customers_start = 100;
  r.retained = 80;
  r.lost = 20;
  r.crr_strict = {80, 100, 0.8, 0.7111, 0.8666};
  r.revenue_minor = -123450;
  RetentionAnswer a;
  a.rows.push_back(r);
  return a;
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> out;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto end = text.find('\n', at);
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

std::size_t commas(const std::string& line) {
  return static_cast<std::size_t>(std::count(line.begin(), line.end(), ','));
}

TEST(AnswerSheet, CsvHasEveryDigitAndDisarmsText) {
  const auto csv = lines(to_csv(to_sheet(january())));
  ASSERT_EQ(csv.size(), 2U);
  EXPECT_TRUE(csv[0].starts_with("period_start,period_end,complete,warming_up,new_at_most,evaluated_to,split,"));
  EXPECT_NE(csv[0].find(",crr_strict,crr_strict_n,crr_strict_d,crr_strict_low,crr_strict_high,"), std::string::npos);
  EXPECT_TRUE(csv[1].starts_with("2024-01-01,2024-02-01,true,true,false,,\"'=cmd\",100,")) << csv[1];
  EXPECT_NE(csv[1].find(",0.8,80,100,0.7111,0.8666,"), std::string::npos) << csv[1];
  EXPECT_NE(csv[1].find(",-123450,"), std::string::npos) << "money in minor units";
  EXPECT_EQ(commas(csv[0]), commas(csv[1]));
}

TEST(AnswerSheet, AnAnswerWithoutRowsStillHasItsColumns) {
  EXPECT_EQ(lines(to_csv(to_sheet(RetentionAnswer{}))),
            std::vector<std::string>{lines(to_csv(to_sheet(january())))[0]});
  for (const std::string& csv :
       {to_csv(to_sheet(CohortAnswer{})), to_csv(to_sheet(ValueAnswer{})), to_csv(to_sheet(CostAnswer{})),
        to_csv(to_sheet(ClaimsAnswer{})), to_csv(to_sheet(WhatIfAnswer{})), to_csv(to_sheet(BehindAnswer{}))}) {
    EXPECT_EQ(lines(csv).size(), 1U);
    EXPECT_GT(commas(csv), 1U);
  }
}

TEST(AnswerSheet, TheTableIsForPeople) {
  const auto table = lines(to_table(to_table_sheet(january()), kEuro));
  ASSERT_EQ(table.size(), 3U);
  EXPECT_TRUE(table[0].starts_with("period      split  start"));
  EXPECT_NE(table[2].find("80.0%"), std::string::npos);
  EXPECT_NE(table[2].find("-1234.50"), std::string::npos);
  EXPECT_NE(table[2].find("–"), std::string::npos) << "what is absent";
  EXPECT_TRUE(table[2].ends_with("warming up"));
}

TEST(AnswerSheet, WithoutUtf8TheTableIsAscii) {
  const std::string table = to_table(to_table_sheet(january()), {kEuro.currency, false});
  EXPECT_TRUE(std::ranges::all_of(table, [](char c) { return static_cast<unsigned char>(c) < 0x80; }));
}

TEST(AnswerSheet, ANameCannotSteerTheTerminal) {
  BehindAnswer a;
  a.rows.push_back({"evil\x1b[2J\nname", 1, 2, civil(2024, 1, 1), 0});
  const std::string table = to_table(to_table_sheet(a), kEuro);
  EXPECT_EQ(table.find('\x1b'), std::string::npos);
  EXPECT_EQ(lines(table).size(), 3U);
}

TEST(AnswerSheet, CohortsAreATriangleForPeopleAndOneRowACellForPrograms) {
  CohortAnswer a;
  const auto cell = [](int k, bool complete, std::uint64_t n) {
    CohortCell c;
    c.k = k;
    c.complete = complete;
    c.customers = n;
    c.rate.n = n;
    c.rate.d = 10;
    c.rate.value = static_cast<double>(n) / 10;
    return c;
  };
  CohortRow first;
  first.cohort = civil(2024, 1, 1);
  first.size = 10;
  first.cells = {cell(0, true, 10), cell(1, true, 5), cell(2, false, 2)};
  CohortRow second;
  second.cohort = civil(2024, 2, 1);
  second.size = 10;
  second.warming_up = true;
  second.cells = {cell(0, true, 10), cell(1, false, 4)};
  a.rows = {first, second};
  const auto table = lines(to_table(to_table_sheet(a), kEuro));
  ASSERT_EQ(table.size(), 4U);
  EXPECT_NE(table[2].find("100.0%   50.0%  20.0%*"), std::string::npos) << table[2];
  EXPECT_TRUE(table[3].ends_with("warming up"));
  const auto csv = lines(to_csv(to_sheet(a)));
  EXPECT_EQ(csv.size(), 6U);
  EXPECT_EQ(csv[0],
            "cohort,split,warming_up,size,k,complete,customers,rate,rate_n,rate_d,rate_low,rate_high,revenue_minor,"
            "cumulative_revenue_minor");
  EXPECT_EQ(csv[3], "2024-01-01,,false,10,2,false,2,0.2,2,10,,,0,0");
}

TEST(AnswerSheet, YenHaveNoCents) {
  const std::string table = to_table(to_table_sheet(january()), {*money::Currency::parse("JPY"), true});
  EXPECT_NE(table.find("-123450"), std::string::npos);
}

// The table told "claim.why.short_history".
TEST(AnswerSheet, AClaimsReasonIsWordsForAPersonAndAKeyForAProgram) {
  ClaimsAnswer answer;
  answer.rows.emplace_back().why = "claim.why.short_history";
  const std::string table = to_table(to_table_sheet(answer), {});
  EXPECT_NE(table.find("the history is too short"), std::string::npos) << table;
  EXPECT_EQ(table.find("claim.why"), std::string::npos) << table;
  EXPECT_NE(to_csv(to_sheet(answer)).find("claim.why.short_history"), std::string::npos);
}

}  // namespace
}  // namespace behoud::app
