#include "money/money.h"

#include <array>
#include <limits>

#include "base/text.h"

namespace behoud::money {
namespace {

using U128 = unsigned __int128;
using I128 = __int128;

struct Minor {
  const char* codes;  // blank-separated
  std::int8_t exponent;
};

// ISO 4217, the active list as amended to number 179 (2025), less what has no minor unit (gold, SDR, tests, "no
// currency"): such an "amount" cannot be kept in minor units. Last row: currencies retired since 1999, because order
// histories and the ECB's history of rates go back that far; ROL and TRL had inflated their minor units away.
constexpr Minor kCurrencies[] = {
    {"AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW "
     "CNY "
     "COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS "
     "INR "
     "IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN "
     "NAD "
     "NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC "
     "SYP "
     "SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG",
     2},
    {"BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF", 0},
    {"BHD IQD JOD KWD LYD OMR TND", 3},
    {"CLF UYW", 4},
    {"ANG AZM CUC CYP EEK GHC HRK LTL LVL MRO MTL MZM RUR SDD SIT SKK SLL SRG STD TMM VEB VEF ZMK ZWD ZWL", 2},
    {"BYR ROL TRL", 0},
};

constexpr std::size_t kLetters = 26;
constexpr std::int8_t kNoCurrency = -1;

constexpr std::size_t slot(char a, char b, char c) {
  return (static_cast<std::size_t>(a - 'A') * kLetters + static_cast<std::size_t>(b - 'A')) * kLetters +
         static_cast<std::size_t>(c - 'A');
}

// The exponent of each of the 17,576 codes, kNoCurrency for those that are none.
constexpr auto kExponents = [] {
  std::array<std::int8_t, kLetters * kLetters * kLetters> out{};
  out.fill(kNoCurrency);
  for (const Minor& m : kCurrencies) {
    for (const char* p = m.codes; *p != '\0'; p += p[3] == ' ' ? 4 : 3) out[slot(p[0], p[1], p[2])] = m.exponent;
  }
  return out;
}();

constexpr char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c; }
constexpr bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

std::optional<std::uint32_t> pack(std::string_view code) {
  if (code.size() != 3) return std::nullopt;
  const char a = upper(code[0]), b = upper(code[1]), c = upper(code[2]);
  if (!is_capital(a) || !is_capital(b) || !is_capital(c) || kExponents[slot(a, b, c)] == kNoCurrency)
    return std::nullopt;
  return static_cast<std::uint32_t>(a) << 16 | static_cast<std::uint32_t>(b) << 8 | static_cast<std::uint32_t>(c);
}

// Only what one currency alone is called. "$", "kr", "¥", "Rs", "lei", "din" and "Fr" are called so by several.
constexpr struct {
  std::string_view symbol;  // compared ignoring the case of ASCII letters
  std::string_view code;
} kSymbols[] = {
    {"€", "EUR"},    {"euro", "EUR"}, {"euros", "EUR"}, {"£", "GBP"},    {"US$", "USD"},  {"$US", "USD"},
    {"USD$", "USD"}, {"CA$", "CAD"},  {"C$", "CAD"},    {"CAD$", "CAD"}, {"A$", "AUD"},   {"AU$", "AUD"},
    {"AUD$", "AUD"}, {"NZ$", "NZD"},  {"HK$", "HKD"},   {"S$", "SGD"},   {"SG$", "SGD"},  {"NT$", "TWD"},
    {"MX$", "MXN"},  {"R$", "BRL"},   {"zł", "PLN"},    {"Kč", "CZK"},   {"Ft", "HUF"},   {"лв", "BGN"},
    {"лв.", "BGN"},  {"₴", "UAH"},    {"₽", "RUB"},     {"₺", "TRY"},    {"₹", "INR"},    {"₪", "ILS"},
    {"₩", "KRW"},    {"฿", "THB"},    {"₫", "VND"},     {"₦", "NGN"},    {"₱", "PHP"},    {"₡", "CRC"},
    {"₲", "PYG"},    {"₵", "GHS"},    {"₸", "KZT"},     {"₼", "AZN"},    {"₾", "GEL"},    {"₮", "MNT"},
    {"₭", "LAK"},    {"៛", "KHR"},    {"֏", "AMD"},     {"؋", "AFN"},    {"SFr.", "CHF"}, {"SFr", "CHF"},
    {"CN¥", "CNY"},  {"JP¥", "JPY"},  {"RMB", "CNY"},   {"元", "CNY"},   {"円", "JPY"},   {"원", "KRW"},
};

// nullopt where it does not fit in 64 bits.
std::optional<std::int64_t> signed_minor(U128 magnitude, bool negative) {
  constexpr U128 kMax = std::numeric_limits<std::int64_t>::max();
  if (magnitude > kMax + (negative ? 1 : 0)) return std::nullopt;
  return static_cast<std::int64_t>(negative ? -static_cast<I128>(magnitude) : static_cast<I128>(magnitude));
}

}  // namespace

Result<Currency> Currency::parse(std::string_view code) {
  const auto packed = pack(code);
  if (!packed) {
    return fail(Errc::kInvalidArgument, quoted(code) + " is not a currency",
                "Use an ISO 4217 code, such as EUR, SEK or USD.", {}, {"problem.currency_unknown", {{"value", code}}});
  }
  return from_packed(*packed);
}

Currency Currency::guess(std::string_view text) {
  text = trim(text);
  if (const auto packed = pack(text)) return from_packed(*packed);
  for (const auto& [symbol, code] : kSymbols) {
    if (equal_ignoring_case(text, symbol)) return from_packed(*pack(code));
  }
  return none();
}

std::string Currency::code() const {
  if (!known()) return {};
  return {static_cast<char>(packed_ >> 16), static_cast<char>(packed_ >> 8 & 0xFF), static_cast<char>(packed_ & 0xFF)};
}

int Currency::exponent() const {
  const char a = static_cast<char>(packed_ >> 16 & 0xFF), b = static_cast<char>(packed_ >> 8 & 0xFF),
             c = static_cast<char>(packed_ & 0xFF);
  // from_packed takes what a file holds, so the letters are not trusted.
  if (!is_capital(a) || !is_capital(b) || !is_capital(c)) return 2;
  const std::int8_t exponent = kExponents[slot(a, b, c)];
  return exponent == kNoCurrency ? 2 : exponent;
}

Result<std::int64_t> checked_add(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) return fail(Errc::kOutOfRange, "add: the sum does not fit in 64 bits");
  return sum;
}

Result<Money> add(Money a, Money b) {
  if (a.currency != b.currency) {
    return fail(Errc::kInvalidArgument,
                "add: the currencies differ: " + quoted(a.currency.code()) + " and " + quoted(b.currency.code()));
  }
  TRY_ASSIGN(const std::int64_t sum, checked_add(a.minor, b.minor));
  return Money{sum, a.currency};
}

Result<std::int64_t> mul_div(std::int64_t a, std::int64_t b, std::int64_t c) {
  if (c == 0) return fail(Errc::kOutOfRange, "mul_div: division by zero");
  const bool negative = ((a < 0) != (b < 0)) != (c < 0);
  const auto magnitude = [](std::int64_t v) { return v < 0 ? -static_cast<U128>(v) : static_cast<U128>(v); };
  const U128 product = magnitude(a) * magnitude(b);  // at most 2^126
  const U128 divisor = magnitude(c);
  const U128 rest = product % divisor;
  const U128 quotient = product / divisor + (rest >= divisor - rest ? 1 : 0);  // 2 rest >= divisor, without doubling
  const auto minor = signed_minor(quotient, negative);
  if (!minor) return fail(Errc::kOutOfRange, "mul_div: the result does not fit in 64 bits");
  return *minor;
}

Result<std::int64_t> parse_minor(std::string_view text, int exponent) {
  std::string_view rest = text;
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  const auto not_a_number = [&] {
    return fail(Errc::kInvalidArgument, quoted(text) + " is not an amount", "Write an amount such as 1234.50.", {},
                {"problem.amount_unreadable", {{"value", text}}});
  };
  constexpr U128 kTooMuch = U128{1} << 100;
  U128 magnitude = 0;
  bool any_digit = false;
  int places = -1;  // digits seen after the point; -1 before it
  bool round_up = false;
  for (const char c : rest) {
    if (c == '.' && places < 0) {
      places = 0;
      continue;
    }
    if (!is_digit(c)) return not_a_number();
    any_digit = true;
    if (places < exponent) {
      // Saturates: what is past 2^100 stays past 64 bits whatever follows.
      if (magnitude < kTooMuch) magnitude = magnitude * 10 + static_cast<unsigned>(c - '0');
    } else if (places == exponent) {
      round_up = c >= '5';  // the first digit left out decides: half or more goes away from zero
    }
    if (places >= 0) places = places <= exponent ? places + 1 : places;
  }
  if (!any_digit) return not_a_number();
  for (places = places < 0 ? 0 : places; places < exponent; ++places) {
    if (magnitude < kTooMuch) magnitude *= 10;
  }
  const auto minor = signed_minor(magnitude + (round_up ? 1 : 0), negative);
  if (!minor)
    return fail(Errc::kOutOfRange, "the amount " + quoted(text) + " does not fit in 64 bits", {}, {},
                {"problem.amount_too_large"});
  return *minor;
}

std::string to_decimal(std::int64_t minor, int exponent) {
  const U128 magnitude = minor < 0 ? -static_cast<U128>(minor) : static_cast<U128>(minor);
  std::string digits = std::to_string(static_cast<std::uint64_t>(magnitude));
  const auto places = static_cast<std::size_t>(exponent < 0 ? 0 : exponent);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  if (places > 0) digits.insert(digits.size() - places, 1, '.');
  return minor < 0 ? '-' + digits : digits;
}

}  // namespace behoud::money
