#include "ingest/record_words.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace behoud::ingest {
namespace {

using calendar::civil;

TEST(RecordWords, KnowYesAndNoInFourLanguages) {
  struct {
    const char* text;
    std::optional<bool> flag;
  } const cases[] = {{"yes", true},
                     {"No", false},
                     {" JA ", true},
                     {"nee", false},
                     {"nej", false},
                     {"Nein", false},
                     {"1", true},
                     {"0", false},
                     {"TRUE", true},
                     {"false", false},
                     {"SUBSCRIBED", true},
                     {"not_subscribed", false},
                     {"unsubscribed", false},
                     {"", std::nullopt},
                     {"maybe", std::nullopt},
                     {"2024-01-01", std::nullopt}};
  for (const auto& c : cases) EXPECT_EQ(parse_flag(c.text), c.flag) << c.text;
}

TEST(RecordWords, KnowWhatACostIsFor) {
  struct {
    const char* text;
    const char* purpose;
  } const purposes[] = {{"retention", "retention"},
                        {"Acquisition", "acquisition"},
                        {"Klantbehoud", "retention"},
                        {"werving", "acquisition"},
                        {"bibehållande", "retention"},
                        {"Nya kunder", "acquisition"},
                        {"Kundenbindung", "retention"},
                        {"Neukundengewinnung", "acquisition"},
                        {"customer retention", "retention"},
                        {"", ""},
                        {"branding", ""}};
  for (const auto& c : purposes) EXPECT_EQ(cost_purpose(c.text), c.purpose) << c.text;
  struct {
    const char* text;
    const char* kind;
  } const kinds[] = {{"marketing", "marketing"}, {"Reclame", "marketing"},
                     {"Försäljning", "sales"},   {"klantenservice", "support"},
                     {"Rabatt", "discount"},     {"spaarpunten", "points"},
                     {"E-mail", "message"},      {"Empfehlung", "referral"},
                     {"övrigt", "other"},        {"fee", ""}};
  for (const auto& c : kinds) EXPECT_EQ(cost_kind(c.text), c.kind) << c.text;
}

TEST(RecordWords, ReadAMonthAsAllOfItsDays) {
  struct {
    const char* text;
    calendar::Day begin, end;
  } const cases[] = {
      {"2024-02", civil(2024, 2, 1), civil(2024, 3, 1)},    {"12/2023", civil(2023, 12, 1), civil(2024, 1, 1)},
      {"3.2024", civil(2024, 3, 1), civil(2024, 4, 1)},     {"2024/7", civil(2024, 7, 1), civil(2024, 8, 1)},
      {"March 2024", civil(2024, 3, 1), civil(2024, 4, 1)}, {"mrt 2024", civil(2024, 3, 1), civil(2024, 4, 1)},
      {"maj 2024", civil(2024, 5, 1), civil(2024, 6, 1)},   {"Dez. 2024", civil(2024, 12, 1), civil(2025, 1, 1)},
      {" März 2024 ", civil(2024, 3, 1), civil(2024, 4, 1)}};
  for (const auto& c : cases) EXPECT_EQ(parse_month(c.text), (MonthSpan{c.begin, c.end})) << c.text;
  for (const char* text :
       {"", "2024", "2024-13", "2024-00", "13/2024", "2024-03-01", "1 March 2024", "March 24", "March", "Mar 1, 2024",
        "20240301", "1989-12", "2024-3a", "a-2024", "2024-", "-2024", "Marsh 2024", "March 2024 10:00"}) {
    EXPECT_EQ(parse_month(text), std::nullopt) << text;
  }
}

TEST(RecordWords, ReadIntervalsAsMonthsOrDays) {
  struct {
    const char* text;
    Interval interval;
  } const cases[] = {
      {"month", {1, 0}},        {"Monthly", {1, 0}},       {"1 month", {1, 0}},        {"every 3 months", {3, 0}},
      {"3-month", {3, 0}},      {"P1M", {1, 0}},           {"P1Y", {12, 0}},           {"P1Y6M", {18, 0}},
      {"p4w", {0, 28}},         {"P30D", {0, 30}},         {"year", {12, 0}},          {"annually", {12, 0}},
      {"4 weeks", {0, 28}},     {"week", {0, 7}},          {"daily", {0, 1}},          {"30d", {0, 30}},
      {"maandelijks", {1, 0}},  {"per kwartaal", {3, 0}},  {"elke 2 weken", {0, 14}},  {"månad", {1, 0}},
      {"per år", {12, 0}},      {"var 4:e", {0, 0}},       {"alla 3 månader", {3, 0}}, {"halvår", {6, 0}},
      {"jährlich", {12, 0}},    {"alle 6 Monate", {6, 0}}, {"Halbjahr", {6, 0}},       {"monatlich", {1, 0}},
      {"fortnightly", {0, 14}}, {"quarter", {3, 0}}};
  for (const auto& c : cases) {
    if (c.interval == Interval{}) {
      EXPECT_EQ(parse_interval(c.text), std::nullopt) << c.text;
    } else {
      EXPECT_EQ(parse_interval(c.text), c.interval) << c.text;
    }
  }
  for (const char* text :
       {"", "12", "0 months", "1.5 months", "3-6 months", "-1 month", "P", "P1", "PT1H", "P0M", "P1M2W", "P-1M",
        "P1.5M", "1201 months", "99999999 days", "bimonthly", "once", "month month"}) {
    EXPECT_EQ(parse_interval(text), std::nullopt) << text;
  }
}

TEST(RecordWords, BringLanguagesToTheirCode) {
  struct {
    const char* text;
    const char* code;
  } const cases[] = {{"nl", "nl"},           {"NL", "nl"},      {"sv-SE", "sv"},
                     {"de_DE", "de"},        {"Dutch", "nl"},   {"Nederlands", "nl"},
                     {"Français", "fr"},     {"svenska", "sv"}, {" en ", "en"},
                     {"Klingon", "Klingon"}, {"", ""}};
  std::string out;
  for (const auto& c : cases) EXPECT_EQ(language_code(c.text, out), c.code) << c.text;
}

RC_GTEST_PROP(RecordWords, NeverReadMoreThanTwelveHundredUnits, (const std::string& text)) {
  const auto interval = parse_interval(text);
  if (!interval) return;
  RC_ASSERT(interval->months >= 0 && interval->days >= 0);
  RC_ASSERT((interval->months > 0) != (interval->days > 0));
}

RC_GTEST_PROP(RecordWords, ReadEveryMonthInEveryForm, ()) {
  const int year = *rc::gen::inRange(1990, 2200);
  const int month = *rc::gen::inRange(1, 13);
  const auto begin = civil(year, static_cast<unsigned>(month), 1);
  const std::string y = std::to_string(year), m = std::to_string(month);
  for (const std::string& text : {y + "-" + (month < 10 ? "0" : "") + m, m + "/" + y, m + "." + y}) {
    const auto span = parse_month(text);
    RC_ASSERT(span.has_value());
    RC_ASSERT(span->begin == begin);
    RC_ASSERT(span->end - span->begin >= 28 && span->end - span->begin <= 31);
    RC_ASSERT(static_cast<unsigned>(calendar::ymd(span->end).day()) == 1u);
  }
}

}  // namespace
}  // namespace behoud::ingest
