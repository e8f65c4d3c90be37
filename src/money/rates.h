#pragma once

// A shop's rate table and the conversion of foreign orders into its reporting currency: the latest rate on or before
// the order's day, at most 7 days old; half away from zero. With no such rate there is no amount (never 1:1).
//
// Rates are "units of the currency for one unit of `base`", as the ECB publishes them against EUR; a cross rate goes
// through the base. Rates are exact decimals (a 64-bit mantissa and a power of ten), so a conversion is exact until its
// one rounding.
//
// The arithmetic. `minor` of currency f (exponent e_f, rate m_f / 10^s_f) becomes, in currency t,
//   minor x m_t x 10^(s_f + e_t)  /  (m_f x 10^(s_t + e_f)),
// one fraction of integers, with common powers of ten cancelled. Numerator and denominator are multiplied out in 128
// bits (common divisors are cancelled first where they would not fit), and the one division rounds half away from zero.
// A product that still does not fit (an amount of 19 digits at rates of 19 digits) counts as overflow.
//
// Cost: a lookup is a binary search; add at the end is O(1) amortised, anywhere else it moves what follows, so a whole
// history goes through add_all (one sort). Thread-safety: const calls may run together.

#include <cstdint>
#include <optional>
#include <vector>

#include "calendar/day.h"
#include "money/money.h"

namespace behoud::money {

struct Rate {
  calendar::Day day;
  Currency currency;
  std::int64_t mantissa = 0;  // rate = mantissa / 10^scale, units of `currency` per 1 unit of base; > 0
  int scale = 0;
  friend bool operator==(const Rate&, const Rate&) = default;
};

inline constexpr int kRateMaxAgeDays = 7;
inline constexpr int kRateScaleMax = 18;  // 10^18 is the greatest power of ten in 64 bits

class RateTable {
 public:
  explicit RateTable(Currency base = Currency::none()) : base_(base) {}
  Currency base() const { return base_; }
  // A later rate for the same day and currency replaces the earlier. Errors: kInvalidArgument (rate <= 0, no currency,
  // the base itself at other than 1, a scale outside 0..kRateScaleMax).
  Result<void> add(const Rate& rate);
  // The same for many at once, in any order; among equals the last of `rates` wins. On an error nothing is added.
  Result<void> add_all(std::vector<Rate> rates);
  // `amount` in `to` by the rates of `day`; nullopt when a needed rate is absent or older than 7 days, or on overflow.
  std::optional<std::int64_t> convert(Money amount, Currency to, calendar::Day day) const;
  const std::vector<Rate>& rates() const { return rates_; }  // ascending by (currency, day)

 private:
  Result<void> check(const Rate& rate) const;
  const Rate* at(Currency c, calendar::Day day) const;
  Currency base_;
  std::vector<Rate> rates_;
};

}  // namespace behoud::money
