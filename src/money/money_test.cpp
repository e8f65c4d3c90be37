#include "money/money.h"

#include <boost/multiprecision/cpp_int.hpp>
#include <limits>
#include <map>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace behoud::money {
namespace {

using Big = boost::multiprecision::cpp_int;

constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
constexpr auto kMax = std::numeric_limits<std::int64_t>::max();

bool fits(const Big& v) { return v >= kMin && v <= kMax; }

// Half away from zero, by the definition: the whole part, and one more where twice the rest reaches the divisor.
Big round_div(const Big& n, const Big& d) {
  const Big whole = abs(n) / abs(d);
  const Big rest = abs(n) % abs(d);
  const Big magnitude = 2 * rest >= abs(d) ? Big(whole + 1) : whole;
  return (n < 0) != (d < 0) ? Big(-magnitude) : magnitude;
}

// Numbers of every size: uniform ones would almost all overflow.
std::int64_t any_number() {
  const int bits = *rc::gen::inRange(0, 64);
  const auto raw = *rc::gen::arbitrary<std::int64_t>();
  return bits == 0 ? *rc::gen::element<std::int64_t>(0, 1, -1, kMin, kMax, kMin + 1) : raw >> (64 - bits);
}

TEST(Currency, KnowsItsExponent) {
  const std::map<std::string, int> exponents = {
      {"EUR", 2}, {"USD", 2}, {"SEK", 2}, {"GBP", 2}, {"CHF", 2}, {"HUF", 2}, {"CLP", 0}, {"ISK", 0}, {"JPY", 0},
      {"KRW", 0}, {"VND", 0}, {"XAF", 0}, {"XOF", 0}, {"XPF", 0}, {"PYG", 0}, {"RWF", 0}, {"UGX", 0}, {"UYI", 0},
      {"VUV", 0}, {"BIF", 0}, {"DJF", 0}, {"GNF", 0}, {"KMF", 0}, {"BHD", 3}, {"IQD", 3}, {"JOD", 3}, {"KWD", 3},
      {"LYD", 3}, {"OMR", 3}, {"TND", 3}, {"CLF", 4}, {"UYW", 4}, {"HRK", 2}, {"TRL", 0}};
  for (const auto& [code, exponent] : exponents) {
    const auto c = Currency::parse(code);
    ASSERT_TRUE(c.has_value()) << code;
    EXPECT_EQ(c->exponent(), exponent) << code;
    EXPECT_EQ(c->code(), code);
    EXPECT_EQ(Currency::from_packed(c->packed()), *c);
  }
  EXPECT_EQ(Currency::none().exponent(), 2);
  EXPECT_EQ(Currency::none().code(), "");
  EXPECT_FALSE(Currency::none().known());
}

TEST(Currency, EveryCurrencyOfTheEcbsHistoryIsKnown) {
  for (const char* code :
       {"USD", "JPY", "BGN", "CYP", "CZK", "DKK", "EEK", "GBP", "HUF", "LTL", "LVL", "MTL", "PLN", "ROL",
        "RON", "SEK", "SIT", "SKK", "CHF", "ISK", "NOK", "HRK", "RUB", "TRL", "TRY", "AUD", "BRL", "CAD",
        "CNY", "HKD", "IDR", "ILS", "INR", "KRW", "MXN", "MYR", "NZD", "PHP", "SGD", "THB", "ZAR"}) {
    EXPECT_TRUE(Currency::parse(code).has_value()) << code;
  }
}

TEST(Currency, IsReadInAnyCaseAndOthersAreRefused) {
  EXPECT_EQ(Currency::parse("eur").value(), Currency::parse("EUR").value());
  for (const std::string text : {"", "EU", "EURO", "XXX", "XAU", "ABC", "€", "E R", "123", "EUR "}) {
    const auto c = Currency::parse(text);
    ASSERT_FALSE(c.has_value()) << text;
    EXPECT_EQ(c.error().code, Errc::kInvalidArgument);
    EXPECT_NE(c.error().message.find("'" + text + "'"), std::string::npos);
  }
}

TEST(Currency, NoGarbageFromAFileBreaksIt) {
  for (const std::uint32_t packed : {1u, 0xFFFFFFFFu, 0x00414141u, 0x005A5A5Au, 0x80808080u}) {
    const Currency c = Currency::from_packed(packed);
    EXPECT_EQ(c.exponent(), 2);
    EXPECT_EQ(c.code().size(), 3u);
  }
}

TEST(Currency, IsGuessedOnlyWhereOneAloneIsMeant) {
  const std::map<std::string, std::string> cases = {
      {"EUR", "EUR"}, {"eur", "EUR"}, {" € ", "EUR"}, {"Euro", "EUR"}, {"£", "GBP"},        {"US$", "USD"},
      {"us$", "USD"}, {"zł", "PLN"},  {"Kč", "CZK"},  {"Ft", "HUF"},   {"R$", "BRL"},       {"C$", "CAD"},
      {"₺", "TRY"},   {"₹", "INR"},   {"$", ""},      {"kr", ""},      {"kr.", ""},         {"¥", ""},
      {"Rs", ""},     {"Fr", ""},     {"", ""},       {"XXX", ""},     {"12.50", ""},       {"€ 12.50", ""},
      {"dollar", ""}, {"\xff", ""},   {"SEK", "SEK"}, {"A$", "AUD"},   {"\xC2\xA0€", "EUR"}};
  for (const auto& [text, code] : cases) EXPECT_EQ(Currency::guess(text).code(), code) << text;
}

TEST(Money, AddsOneCurrencyAlone) {
  const Currency eur = Currency::parse("EUR").value();
  const Currency jpy = Currency::parse("JPY").value();
  EXPECT_EQ(add({150, eur}, {-50, eur}).value(), (Money{100, eur}));
  const auto mixed = add({1, eur}, {1, jpy});
  ASSERT_FALSE(mixed.has_value());
  EXPECT_EQ(mixed.error().code, Errc::kInvalidArgument);
  EXPECT_NE(mixed.error().message.find("JPY"), std::string::npos);
  const auto over = add({kMax, eur}, {1, eur});
  ASSERT_FALSE(over.has_value());
  EXPECT_EQ(over.error().code, Errc::kOutOfRange);
}

RC_GTEST_PROP(MoneyLaw, SumsAreExactOrRefused, ()) {
  const auto a = any_number(), b = any_number();
  const Big sum = Big(a) + b;
  const auto got = checked_add(a, b);
  RC_ASSERT(got.has_value() == fits(sum));
  if (got) {
    RC_ASSERT(Big(*got) == sum);
  } else {
    RC_ASSERT(got.error().code == Errc::kOutOfRange);
  }
}

RC_GTEST_PROP(MoneyLaw, MulDivIsTheExactQuotientRoundedOnce, ()) {
  const auto a = any_number(), b = any_number();
  const auto c = any_number();
  RC_PRE(c != 0);
  const Big expected = round_div(Big(a) * b, c);
  const auto got = mul_div(a, b, c);
  RC_ASSERT(got.has_value() == fits(expected));
  if (got) {
    RC_ASSERT(Big(*got) == expected);
  } else {
    RC_ASSERT(got.error().code == Errc::kOutOfRange);
  }
}

TEST(Money, MulDivRoundsHalfAwayFromZero) {
  const struct {
    std::int64_t a, b, c, expected;
  } cases[] = {
      {1, 1, 2, 1},       {-1, 1, 2, -1},     {1, -1, 2, -1},     {-1, -1, 2, 1},           {3, 1, 2, 2},
      {1, 1, 3, 0},       {2, 1, 3, 1},       {5, 1, 10, 1},      {-5, 1, 10, -1},          {4, 1, 10, 0},
      {0, kMin, kMin, 0}, {kMin, 1, 1, kMin}, {kMax, 2, 2, kMax}, {kMin, kMin, kMin, kMin}, {kMax, kMax, kMax, kMax}};
  for (const auto& c : cases) EXPECT_EQ(mul_div(c.a, c.b, c.c).value(), c.expected) << c.a << "*" << c.b << "/" << c.c;
  EXPECT_EQ(mul_div(kMin, -1, 1).error().code, Errc::kOutOfRange);
  EXPECT_EQ(mul_div(kMax, 2, 1).error().code, Errc::kOutOfRange);
  EXPECT_EQ(mul_div(1, 1, 0).error().code, Errc::kOutOfRange);
}

TEST(Amount, IsReadToMinorUnits) {
  const struct {
    const char* text;
    int exponent;
    std::int64_t minor;
  } cases[] = {{"1234.5", 2, 123450},
               {"1234.50", 2, 123450},
               {"0", 2, 0},
               {"-0.00", 2, 0},
               {"+5", 2, 500},
               {"-5", 2, -500},
               {".5", 2, 50},
               {"5.", 2, 500},
               {"0.005", 2, 1},
               {"-0.005", 2, -1},
               {"0.0049999", 2, 0},
               {"0.004999999999", 2, 0},
               {"0.015", 2, 2},
               {"1.994", 2, 199},
               {"1.995", 2, 200},
               {"99.999", 2, 10000},
               {"1234", 0, 1234},
               {"1234.5", 0, 1235},
               {"1234.49", 0, 1234},
               {"-1234.5", 0, -1235},
               {"1.2345", 3, 1235},
               {"1.2344", 3, 1234},
               {"1.5", 4, 15000},
               {"000000000000000000000000000000000000000001.00", 2, 100},
               {"92233720368547758.07", 2, kMax},
               {"-92233720368547758.08", 2, kMin},
               {"92233720368547758.0749", 2, kMax},
               {"9223372036854775807", 0, kMax}};
  for (const auto& c : cases) {
    const auto got = parse_minor(c.text, c.exponent);
    ASSERT_TRUE(got.has_value()) << c.text;
    EXPECT_EQ(*got, c.minor) << c.text << " at " << c.exponent;
  }
}

TEST(Amount, RefusesWhatIsNoPlainDecimal) {
  for (const std::string text : {"",   "-",    "+",   ".",   "-.",  "1,5", "1.2.3", "1e3",   "1E3",   " 1",
                                 "1 ", "0x10", "nan", "inf", "--1", "+-1", "€5",    "1'000", "1_000", "５"}) {
    const auto got = parse_minor(text, 2);
    ASSERT_FALSE(got.has_value()) << text;
    EXPECT_EQ(got.error().code, Errc::kInvalidArgument) << text;
    EXPECT_NE(got.error().message.find("'" + text + "'"), std::string::npos);
  }
  EXPECT_EQ(parse_minor(std::string_view("1\0", 2), 2).error().code, Errc::kInvalidArgument);
}

TEST(Amount, RefusesWhatDoesNotFit) {
  for (const std::string& text :
       {std::string("92233720368547758.08"), std::string("92233720368547758.075"), std::string("-92233720368547758.09"),
        std::string("9999999999999999999999"), std::string(100'000, '9'), "1" + std::string(5000, '0') + ".00"}) {
    const auto got = parse_minor(text, 2);
    ASSERT_FALSE(got.has_value()) << text.substr(0, 40);
    EXPECT_EQ(got.error().code, Errc::kOutOfRange);
    EXPECT_LT(got.error().message.size(), 200u);
  }
}

RC_GTEST_PROP(AmountLaw, IsReadBackAsItWasWritten, ()) {
  const auto minor = any_number();
  const int exponent = *rc::gen::inRange(0, 5);
  RC_ASSERT(parse_minor(to_decimal(minor, exponent), exponent).value() == minor);
}

RC_GTEST_PROP(AmountLaw, DigitsPastTheExponentRoundHalfAwayFromZero, ()) {
  const auto units = any_number();
  const int places = *rc::gen::inRange(0, 12);
  const int exponent = *rc::gen::inRange(0, 5);
  Big scaled = Big(units), divisor = 1;
  for (int i = 0; i < exponent; ++i) scaled *= 10;
  for (int i = 0; i < places; ++i) divisor *= 10;
  const Big expected = round_div(scaled, divisor);
  const auto got = parse_minor(to_decimal(units, places), exponent);
  RC_ASSERT(got.has_value() == fits(expected));
  if (got) RC_ASSERT(Big(*got) == expected);
}

TEST(Amount, IsWrittenAsAPlainDecimal) {
  const struct {
    std::int64_t minor;
    int exponent;
    const char* text;
  } cases[] = {{123450, 2, "1234.50"},
               {0, 2, "0.00"},
               {5, 2, "0.05"},
               {-5, 2, "-0.05"},
               {-100, 2, "-1.00"},
               {1234, 0, "1234"},
               {1, 3, "0.001"},
               {0, 0, "0"},
               {12345, 4, "1.2345"},
               {kMin, 2, "-92233720368547758.08"},
               {kMax, 0, "9223372036854775807"}};
  for (const auto& c : cases) EXPECT_EQ(to_decimal(c.minor, c.exponent), c.text);
}

}  // namespace
}  // namespace behoud::money
