#pragma once

// Exact money: an integer in minor units (cents) of one currency; never a double. A currency knows its own exponent
// (EUR 2, JPY 0, KWD 3).

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace behoud::money {

// An ISO 4217 code packed into 32 bits; value 0 is "no currency known".
class Currency {
 public:
  constexpr Currency() = default;
  // Three letters A-Z (any case) of an active ISO 4217 code. Errors: kInvalidArgument (names the text).
  static Result<Currency> parse(std::string_view code);
  // A code, a symbol ("€", "kr", "$" is ambiguous: none) or nullopt-like none() when it says nothing for sure.
  static Currency guess(std::string_view text);
  static constexpr Currency none() { return {}; }
  constexpr bool known() const { return packed_ != 0; }
  std::string code() const;  // "" for none
  int exponent() const;      // 2 for none
  constexpr std::uint32_t packed() const { return packed_; }
  static constexpr Currency from_packed(std::uint32_t p) {
    Currency c;
    c.packed_ = p;
    return c;
  }
  friend constexpr auto operator<=>(Currency, Currency) = default;

 private:
  std::uint32_t packed_ = 0;
};

struct Money {
  std::int64_t minor = 0;
  Currency currency;
  friend bool operator==(Money, Money) = default;
};

// Errors: kInvalidArgument (currencies differ), kOutOfRange (does not fit in 64 bits).
Result<Money> add(Money a, Money b);
// Checked 64-bit sum and product, for columns of minor units of one currency. Errors: kOutOfRange.
Result<std::int64_t> checked_add(std::int64_t a, std::int64_t b);
// a * b / c, exact in 128 bits, rounded half away from zero. Requires c != 0. Errors: kOutOfRange.
Result<std::int64_t> mul_div(std::int64_t a, std::int64_t b, std::int64_t c);

// "1234.5" with '.' as the only mark -> minor units at `exponent`. Digits past the exponent round half away from zero.
// Errors: kInvalidArgument (not a number), kOutOfRange (does not fit). Never an exponent form, never locale-dependent.
Result<std::int64_t> parse_minor(std::string_view text, int exponent);
// Minor units as a plain decimal, "1234.50"; the form of CSV and JSON strings.
std::string to_decimal(std::int64_t minor, int exponent);

}  // namespace behoud::money
