#include "money/rates.h"

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <limits>
#include <map>
#include <utility>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace behoud::money {
namespace {

using Big = boost::multiprecision::cpp_int;
using calendar::civil;
using calendar::Day;

Currency cur(const char* code) { return Currency::parse(code).value(); }
const Currency kEur = cur("EUR"), kUsd = cur("USD"), kSek = cur("SEK"), kJpy = cur("JPY"), kKwd = cur("KWD");
constexpr Day kDay = civil(2024, 3, 1);

Big power(int n) {
  Big out = 1;
  while (n-- > 0) out *= 10;
  return out;
}

TEST(Rates, ConvertThroughTheBaseWithOneRounding) {
  RateTable t(kEur);
  ASSERT_TRUE(t.add({kDay, kUsd, 10813, 4}));  // 1 EUR = 1.0813 USD
  ASSERT_TRUE(t.add({kDay, kSek, 11204, 3}));  // 11.204 SEK
  ASSERT_TRUE(t.add({kDay, kJpy, 16276, 2}));  // 162.76 JPY
  ASSERT_TRUE(t.add({kDay, kKwd, 33279, 5}));  // 0.33279 KWD
  const struct {
    Money amount;
    Currency to;
    std::int64_t expected;
    const char* why;
  } cases[] = {{{10000, kEur}, kUsd, 10813, "100 EUR"},
               {{10000, kUsd}, kEur, 9248, "100 / 1.0813 = 92.481"},
               {{-10000, kUsd}, kEur, -9248, "a refund is its mirror"},
               {{10000, kUsd}, kSek, 103616, "100 x 11.204 / 1.0813 = 1036.160"},
               {{1000, kJpy}, kEur, 614, "yen have no minor unit: 1000 / 162.76 = 6.144"},
               {{10000, kEur}, kJpy, 16276, "100 EUR"},
               {{1000, kKwd}, kEur, 300, "one dinar of 1000 fils: 1 / 0.33279 = 3.0049"},
               {{100, kEur}, kKwd, 333, "0.33279 KWD = 332.79 fils"},
               {{1000, kKwd}, kJpy, 489, "162.76 / 0.33279 = 489.077"},
               {{0, kUsd}, kEur, 0, "nothing is nothing"}};
  for (const auto& c : cases) EXPECT_EQ(t.convert(c.amount, c.to, kDay), c.expected) << c.why;
}

TEST(Rates, HalfAUnitGoesAwayFromZero) {
  RateTable t(kEur);
  ASSERT_TRUE(t.add({kDay, kUsd, 2, 0}));
  EXPECT_EQ(t.convert({1, kUsd}, kEur, kDay), 1);
  EXPECT_EQ(t.convert({-1, kUsd}, kEur, kDay), -1);
  EXPECT_EQ(t.convert({3, kUsd}, kEur, kDay), 2);
  EXPECT_EQ(t.convert({-3, kUsd}, kEur, kDay), -2);
}

TEST(Rates, TheLatestOnOrBeforeTheDayIsTakenWhenAtMostSevenDaysOld) {
  RateTable t(kEur);
  ASSERT_TRUE(t.add({kDay, kUsd, 2, 0}));
  ASSERT_TRUE(t.add({kDay + 3, kUsd, 4, 0}));
  const struct {
    int days;
    std::optional<std::int64_t> expected;
    const char* why;
  } cases[] = {{-1, std::nullopt, "a later rate is never used"},
               {0, 200, "the day itself"},
               {2, 200, "the latest before"},
               {3, 400, "the new one"},
               {10, 400, "seven days old"},
               {11, std::nullopt, "eight days old: no rate, never 1:1"}};
  for (const auto& c : cases) EXPECT_EQ(t.convert({100, kEur}, kUsd, kDay + c.days), c.expected) << c.why;
}

TEST(Rates, WithoutARateThereIsNoAmount) {
  RateTable t(kEur);
  ASSERT_TRUE(t.add({kDay, kUsd, 2, 0}));
  EXPECT_EQ(t.convert({100, kSek}, kEur, kDay), std::nullopt);
  EXPECT_EQ(t.convert({100, kEur}, kSek, kDay), std::nullopt);
  EXPECT_EQ(t.convert({100, Currency::none()}, kEur, kDay), std::nullopt);
  EXPECT_EQ(t.convert({100, kEur}, Currency::none(), kDay), std::nullopt);
  EXPECT_EQ(t.convert({100, kSek}, kSek, kDay), 100) << "the same currency needs none";
  EXPECT_EQ(t.convert({100, Currency::none()}, Currency::none(), kDay), 100) << "nor do bare amounts";
  const RateTable empty;
  EXPECT_EQ(empty.convert({100, kUsd}, kEur, kDay), std::nullopt);
  EXPECT_EQ(empty.convert({100, kUsd}, kUsd, kDay), 100);
}

TEST(Rates, AnAmountThatDoesNotFitIsNone) {
  RateTable t(kEur);
  ASSERT_TRUE(t.add({kDay, kUsd, 2, 0}));
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
  EXPECT_EQ(t.convert({kMax, kEur}, kUsd, kDay), std::nullopt);
  EXPECT_EQ(t.convert({kMin, kEur}, kUsd, kDay), std::nullopt);
  EXPECT_EQ(t.convert({kMin / 2, kEur}, kUsd, kDay), kMin);
  EXPECT_EQ(t.convert({kMin, kUsd}, kEur, kDay), kMin / 2);
}

TEST(Rates, RefusesARateThatCannotBe) {
  RateTable t(kEur);
  const Rate bad[] = {{kDay, kUsd, 0, 0},  {kDay, kUsd, -1, 0}, {kDay, Currency::none(), 1, 0},
                      {kDay, kUsd, 1, -1}, {kDay, kUsd, 1, 19}, {kDay, kEur, 2, 0}};
  for (const Rate& r : bad) {
    const auto added = t.add(r);
    ASSERT_FALSE(added.has_value());
    EXPECT_EQ(added.error().code, Errc::kInvalidArgument);
    EXPECT_NE(added.error().message.find("2024-03-01"), std::string::npos);
    const auto all = t.add_all({{kDay, kSek, 11, 0}, r});
    ASSERT_FALSE(all.has_value());
    EXPECT_TRUE(t.rates().empty()) << "nothing of a refused batch is kept";
  }
  EXPECT_TRUE(t.add({kDay, kEur, 1000, 3})) << "the base at 1 is true";
}

RC_GTEST_PROP(RatesLaw, ConversionIsTheExactFractionRoundedOnce, ()) {
  const Currency all[] = {kEur, kUsd, kSek, kJpy, kKwd, cur("CLF")};
  RateTable t(kEur);
  std::map<std::uint32_t, std::pair<Big, int>> rates{{kEur.packed(), {1, 0}}};
  const int digits = *rc::gen::inRange(1, 11);
  for (const Currency c : all) {
    if (c == kEur) continue;
    std::int64_t max = 1;
    for (int i = 0; i < digits; ++i) max *= 10;
    const Rate r{kDay, c, *rc::gen::inRange<std::int64_t>(1, max), *rc::gen::inRange(0, 10)};
    RC_ASSERT(t.add(r).has_value());
    rates[c.packed()] = {r.mantissa, r.scale};
  }
  const Currency from = all[*rc::gen::inRange<std::size_t>(0, std::size(all))];
  const Currency to = all[*rc::gen::inRange<std::size_t>(0, std::size(all))];
  const auto minor = *rc::gen::inRange<std::int64_t>(-1'000'000'000'000, 1'000'000'000'000);
  const auto& [m_from, s_from] = rates[from.packed()];
  const auto& [m_to, s_to] = rates[to.packed()];
  const Big n = Big(minor) * m_to * power(s_from + to.exponent());
  const Big d = m_from * power(s_to + from.exponent());
  const Big twice = 2 * abs(n);
  Big expected = (twice + d) / (2 * d);  // floor(|n/d| + 1/2)
  if (n < 0) expected = -expected;
  const auto got = t.convert({minor, from}, to, kDay);
  const bool fits =
      expected <= std::numeric_limits<std::int64_t>::max() && expected >= std::numeric_limits<std::int64_t>::min();
  RC_ASSERT(got.has_value() == fits);
  if (got) RC_ASSERT(Big(*got) == expected);
}

// A std::map as the slow, obvious table: later additions replace, whatever their order and whichever way they came.
RC_GTEST_PROP(RatesLaw, OneByOneAndInBulkGiveTheSameTable, ()) {
  const Currency currencies[] = {kUsd, kSek, kJpy};
  std::vector<Rate> rates;
  const int count = *rc::gen::inRange(0, 60);
  for (int i = 0; i < count; ++i) {
    rates.push_back({kDay + *rc::gen::inRange(0, 12), currencies[*rc::gen::inRange(0, 3)],
                     *rc::gen::inRange<std::int64_t>(1, 1000), 2});
  }
  const auto split = rates.begin() + *rc::gen::inRange(0, count + 1);
  RateTable one(kEur), bulk(kEur);
  std::map<std::pair<Currency, Day>, Rate> oracle;
  for (const Rate& r : rates) {
    RC_ASSERT(one.add(r).has_value());
    oracle[{r.currency, r.day}] = r;
  }
  RC_ASSERT(bulk.add_all({rates.begin(), split}).has_value());
  RC_ASSERT(bulk.add_all({split, rates.end()}).has_value());
  std::vector<Rate> expected;
  for (const auto& [key, rate] : oracle) expected.push_back(rate);
  RC_ASSERT(one.rates() == expected);
  RC_ASSERT(bulk.rates() == expected);
}

TEST(Rates, TheWholeHistoryOfTheEcbIsNoWork) {  // 7,000 days of 40 currencies, newest first as in its file
  std::vector<Rate> rates;
  const char* const codes[] = {"USD", "JPY", "BGN", "CZK", "DKK", "GBP", "HUF", "PLN", "RON", "SEK",
                               "CHF", "ISK", "NOK", "TRY", "AUD", "BRL", "CAD", "CNY", "HKD", "IDR",
                               "ILS", "INR", "KRW", "MXN", "MYR", "NZD", "PHP", "SGD", "THB", "ZAR",
                               "CYP", "EEK", "LTL", "LVL", "MTL", "ROL", "SIT", "SKK", "HRK", "RUB"};
  for (int day = 0; day < 7000; ++day) {
    for (const char* code : codes) rates.push_back({kDay - day, cur(code), 10'000 + day, 4});
  }
  RateTable t(kEur);
  ASSERT_TRUE(t.add_all(rates));
  EXPECT_EQ(t.rates().size(), rates.size());
  EXPECT_TRUE(std::is_sorted(t.rates().begin(), t.rates().end(), [](const Rate& a, const Rate& b) {
    return std::pair(a.currency, a.day) < std::pair(b.currency, b.day);
  }));
  EXPECT_EQ(t.convert({10'000, kEur}, kUsd, kDay - 5000), 15'000);
}

}  // namespace
}  // namespace behoud::money
