#include "language/conventions.h"

#include <clocale>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <unicode/dtptngen.h>
#include <unicode/smpdtfmt.h>

namespace behoud::language {
namespace {

using calendar::civil;
using calendar::Grain;
using calendar::Period;
using money::Currency;
using money::Money;

const Conventions kEn(Language::en), kNl(Language::nl), kSv(Language::sv);
const Conventions* const kAll[] = {&kEn, &kNl, &kSv};

Currency cur(const char* code) { return Currency::parse(code).value(); }

// No-break blanks as "_", so that a table shows them.
std::string shown(std::string text) {
  for (std::string::size_type at = 0; (at = text.find("\xC2\xA0", at)) != std::string::npos;) text.replace(at, 2, "_");
  return text;
}

TEST(Language, IsReadFromItsCode) {
  for (const Language l : kLanguages) EXPECT_EQ(parse_language(code(l)).value(), l);
  for (const std::string text : {"", "EN", "de", "en-GB"}) {
    const auto l = parse_language(text);
    ASSERT_FALSE(l.has_value()) << text;
    EXPECT_EQ(l.error().code, Errc::kInvalidArgument);
    EXPECT_NE(l.error().message.find("'" + text + "'"), std::string::npos);
    EXPECT_NE(l.error().hint.find("sv"), std::string::npos);
  }
}

TEST(Conventions, NumbersAsTheReaderWritesThem) {
  EXPECT_EQ(shown(kEn.integer(1234567)), "1,234,567");
  EXPECT_EQ(shown(kNl.integer(1234567)), "1.234.567");
  EXPECT_EQ(shown(kSv.integer(1234567)), "1_234_567");
  EXPECT_EQ(shown(kEn.integer(-1234)), "-1,234");
  EXPECT_EQ(shown(kNl.integer(-1234)), "-1.234");
  EXPECT_EQ(shown(kSv.integer(-1234)), "−1_234");
  EXPECT_EQ(kEn.integer(std::numeric_limits<std::int64_t>::min()), "-9,223,372,036,854,775,808");
  EXPECT_EQ(kEn.integer(12, Sign::kAlways), "+12");
  EXPECT_EQ(kEn.integer(0, Sign::kAlways), "0");
  EXPECT_EQ(kEn.decimal(1.25, 1), "1.3") << "half goes away from zero";
  EXPECT_EQ(kEn.decimal(-1.25, 1), "-1.3");
  EXPECT_EQ(kNl.decimal(2, 2), "2,00");
  EXPECT_EQ(shown(kSv.decimal(1234.5, 1)), "1_234,5");
  EXPECT_EQ(kEn.decimal(-0.01, 1), "0.0") << "no minus before nothing";
}

TEST(Conventions, PerCentHasOneDecimal) {
  EXPECT_EQ(kEn.percent(0.8), "80.0%");
  EXPECT_EQ(kNl.percent(0.8), "80,0%");
  EXPECT_EQ(shown(kSv.percent(0.8)), "80,0_%");
  EXPECT_EQ(kEn.percent(0.0125), "1.3%");
  EXPECT_EQ(kEn.percent(0.285), "28.5%");
  EXPECT_EQ(kEn.percent(1.0), "100.0%");
  EXPECT_EQ(kEn.percent(12.345), "1,234.5%");
  EXPECT_EQ(kEn.percent(0.8, 0), "80%");
  EXPECT_EQ(kEn.percent(0.012, 1, Sign::kAlways), "+1.2%");
  EXPECT_EQ(kEn.percent(-0.012, 1, Sign::kAlways), "-1.2%");
  EXPECT_EQ(kEn.percent(0.0, 1, Sign::kAlways), "0.0%");
}

TEST(Conventions, WhatHasNoValueIsADash) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  for (const Conventions* c : kAll) {
    for (const std::optional<double> v : {std::optional<double>{}, {nan}, {infinity}, {-infinity}}) {
      EXPECT_EQ(c->percent(v), "–");
      EXPECT_EQ(c->decimal(v, 2), "–");
      EXPECT_EQ(c->money(v, cur("EUR")), "–");
    }
  }
}

TEST(Conventions, MoneyAsTheReaderWritesIt) {
  const struct {
    Money amount;
    const char *en, *nl, *sv;
  } cases[] = {{{123450, cur("EUR")}, "€1,234.50", "€_1.234,50", "1_234,50_€"},
               {{-123450, cur("EUR")}, "-€1,234.50", "€_-1.234,50", "−1_234,50_€"},
               {{123450, cur("SEK")}, "SEK_1,234.50", "SEK_1.234,50", "1_234,50_kr"},
               {{123450, cur("USD")}, "US$1,234.50", "US$_1.234,50", "1_234,50_US$"},
               {{1234, cur("JPY")}, "JP¥1,234", "JP¥_1.234", "1_234_JPY"},
               {{1234567, cur("KWD")}, "KWD_1,234.567", "KWD_1.234,567", "1_234,567_KWD"},
               {{123450, cur("HUF")}, "HUF_1,234.50", "HUF_1.234,50", "1_234,50_HUF"},
               {{123450, Currency::none()}, "1,234.50", "1.234,50", "1_234,50"},
               {{0, cur("GBP")}, "£0.00", "£_0,00", "0,00_GBP"}};
  for (const auto& c : cases) {
    EXPECT_EQ(shown(kEn.money(c.amount)), c.en);
    EXPECT_EQ(shown(kNl.money(c.amount)), c.nl);
    EXPECT_EQ(shown(kSv.money(c.amount)), c.sv);
  }
}

TEST(Conventions, MoneyIsExactToTheLastCentOf64Bits) {
  EXPECT_EQ(kEn.money(Money{std::numeric_limits<std::int64_t>::max(), Currency::none()}), "92,233,720,368,547,758.07");
  EXPECT_EQ(kEn.money(Money{std::numeric_limits<std::int64_t>::min(), Currency::none()}), "-92,233,720,368,547,758.08");
}

TEST(Conventions, MoneyWithoutCentsAndWithASign) {
  EXPECT_EQ(kEn.money(Money{123450, cur("EUR")}, Cents::kDrop), "€1,235");
  EXPECT_EQ(kEn.money(Money{-123450, cur("EUR")}, Cents::kDrop), "-€1,235");
  EXPECT_EQ(kEn.money(Money{-49, cur("EUR")}, Cents::kDrop), "€0") << "no minus before nothing";
  EXPECT_EQ(shown(kSv.money(Money{123450, cur("SEK")}, Cents::kDrop, Sign::kAlways)), "+1_235_kr");
  EXPECT_EQ(kEn.money(Money{0, cur("EUR")}, Cents::kKeep, Sign::kAlways), "€0.00");
}

TEST(Conventions, AnAverageOfMoneyIsRoundedOnlyOnScreen) {
  EXPECT_EQ(kEn.money(1234.5, cur("EUR")), "€12.35");
  EXPECT_EQ(kEn.money(-1234.5, cur("EUR")), "-€12.35");
  EXPECT_EQ(kEn.money(1234.4999, cur("EUR")), "€12.34");
  EXPECT_EQ(kEn.money(1234.5, cur("JPY")), "JP¥1,235");
  EXPECT_EQ(kEn.money(1234.5, cur("EUR"), Cents::kDrop), "€12");
  EXPECT_EQ(kEn.money(2.0 / 3.0, Currency::none()), "0.01");
}

TEST(Conventions, CompactForms) {
  EXPECT_EQ(kEn.compact(12345), "12K");
  EXPECT_EQ(kEn.compact(999), "999");
  EXPECT_EQ(shown(kNl.compact(1234567)), "1,2_mln.");
  EXPECT_EQ(shown(kSv.compact(12345)), "12_tn");
  EXPECT_EQ(kEn.compact(Money{123456789, cur("EUR")}), "€1.2M");
  EXPECT_EQ(shown(kNl.compact(Money{1234567, cur("EUR")})), "€_12K");
  EXPECT_EQ(shown(kSv.compact(Money{123456789, cur("SEK")})), "1,2_mn_kr");
}

// ICU's own date formats as the oracle of our tables: every day of two years, in each pattern.
TEST(Conventions, DatesAreWrittenAsCldrHasThem) {
  const struct {
    const Conventions* ours;
    const char* locale;
  } languages[] = {{&kEn, "en_GB"}, {&kNl, "nl_NL"}, {&kSv, "sv_SE"}};
  for (const auto& l : languages) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Locale locale(l.locale);
    const std::unique_ptr<icu::DateTimePatternGenerator> patterns(
        icu::DateTimePatternGenerator::createInstance(locale, status));
    const auto oracle = [&](const char16_t* skeleton, calendar::Day d) {
      icu::SimpleDateFormat format(patterns->getBestPattern(skeleton, status), locale, status);
      format.setTimeZone(*icu::TimeZone::getGMT());
      icu::UnicodeString text;
      format.format(static_cast<double>(d.number) * 86'400'000.0, text);
      std::string out;
      return text.toUTF8String(out);
    };
    for (calendar::Day d = civil(2024, 1, 1); d < civil(2025, 12, 31); d = d + 5) {
      ASSERT_EQ(l.ours->day(d, Length::kLong), oracle(u"yMMMMd", d));
      ASSERT_EQ(l.ours->day(d, Length::kShort), oracle(u"yMMMd", d));
      ASSERT_EQ(l.ours->numeric_day(d), oracle(u"yMd", d));
      ASSERT_EQ(l.ours->month(d, Length::kLong), oracle(u"yMMMM", d));
      ASSERT_EQ(l.ours->month(d, Length::kShort), oracle(u"yMMM", d));
      const Period day = Period::create(d, d + 1).value();
      ASSERT_EQ(l.ours->period({Grain::Unit::kQuarter}, day), oracle(u"yQQQ", d));
      ASSERT_EQ(l.ours->period({Grain::Unit::kYear}, day), oracle(u"y", d));
    }
    ASSERT_TRUE(U_SUCCESS(status)) << u_errorName(status);
  }
}

TEST(Conventions, PeriodsHaveNames) {
  const auto span = [](calendar::Day a, calendar::Day b) { return Period::create(a, b).value(); };
  const Period week = span(civil(2024, 12, 30), civil(2025, 1, 6));
  EXPECT_EQ(kEn.period({Grain::Unit::kWeek}, week), "week 1, 2025");
  EXPECT_EQ(kNl.period({Grain::Unit::kWeek}, week), "week 1 2025");
  EXPECT_EQ(kSv.period({Grain::Unit::kWeek}, week), "vecka 1 2025");
  EXPECT_EQ(kEn.period({Grain::Unit::kWeek}, span(civil(2020, 12, 28), civil(2021, 1, 4))), "week 53, 2020");
  EXPECT_EQ(kEn.period({Grain::Unit::kMonth}, span(civil(2024, 3, 1), civil(2024, 4, 1)), Length::kLong), "March 2024");
  EXPECT_EQ(kNl.period({Grain::Unit::kDay}, span(civil(2024, 3, 1), civil(2024, 3, 2))), "1 mrt 2024");
  EXPECT_EQ(kEn.period({Grain::Unit::kDays, 28}, span(civil(2024, 1, 1), civil(2024, 1, 29))), "1–28 Jan 2024");
  EXPECT_EQ(kSv.period({Grain::Unit::kWeeks, 8}, span(civil(2024, 1, 1), civil(2024, 2, 26))), "1 jan. – 25 feb. 2024");
  EXPECT_EQ(kNl.days(span(civil(2023, 12, 1), civil(2024, 1, 26)), Length::kLong), "1 december 2023 – 25 januari 2024");
  EXPECT_EQ(kNl.days(span(civil(2024, 1, 1), civil(2024, 1, 2))), "1 jan 2024");
}

TEST(Conventions, ListsEndInAnd) {
  const std::vector<std::string> items = {"Shopify", "CSV", "Ålands"};
  EXPECT_EQ(kEn.list(items), "Shopify, CSV and Ålands");
  EXPECT_EQ(kNl.list(items), "Shopify, CSV en Ålands");
  EXPECT_EQ(kSv.list(items), "Shopify, CSV och Ålands");
  EXPECT_EQ(kEn.list({}), "");
  EXPECT_EQ(kEn.list(std::span(items).first(1)), "Shopify");
}

TEST(Conventions, TheProcessLocalePlaysNoPart) {
  const std::string before = kEn.money(Money{123450, cur("EUR")});
  const char* const found = std::setlocale(LC_ALL, "C.UTF-8");
  const Conventions again(Language::nl);
  EXPECT_EQ(shown(again.money(Money{123450, cur("EUR")})), "€_1.234,50");
  EXPECT_EQ(kEn.money(Money{123450, cur("EUR")}), before);
  if (found != nullptr) std::setlocale(LC_ALL, "C");
}

TEST(Conventions, ManyThreadsMayUseOne) {
  const Conventions c(Language::sv);
  std::vector<std::thread> threads;
  std::vector<int> wrong(4);
  for (std::size_t i = 0; i < wrong.size(); ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < 300; ++n) {
        wrong[i] += shown(c.money(Money{123450, cur("SEK")})) != "1_234,50_kr";
        wrong[i] += shown(c.percent(0.5)) != "50,0_%";
        wrong[i] += c.list(std::vector<std::string>{"a", "b"}) != "a och b";
      }
    });
  }
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(wrong, std::vector<int>(4));
}

}  // namespace
}  // namespace behoud::language
