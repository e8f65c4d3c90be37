#pragma once

// A shop's rate table and the conversion of foreign orders into its reporting currency: the latest rate on or before
// the order's day, at most 7 days old; half away from zero. With no such rate there is no amount (never 1:1).
//
// Rates are "units of the currency for one unit of `base`", as the ECB publishes them against EUR; a cross rate goes
// through the base. Rates are exact decimals (a 64-bit mantissa and a power of ten), so a conversion is exact until its
// one rounding.

#include <cstdint>
#include <map>
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

class RateTable {
 public:
  explicit RateTable(Currency base = Currency::none()) : base_(base) {}
  Currency base() const { return base_; }
  // A later rate for the same day and currency replaces the earlier. Errors: kInvalidArgument (rate <= 0, no currency).
  Result<void> add(const Rate& rate);
  // `amount` in `to` by the rates of `day`; nullopt when a needed rate is absent or older than 7 days, or on overflow.
  std::optional<std::int64_t> convert(Money amount, Currency to, calendar::Day day) const;
  const std::vector<Rate>& rates() const { return rates_; }  // ascending by (currency, day)

 private:
  const Rate* at(Currency c, calendar::Day day) const;
  Currency base_;
  std::vector<Rate> rates_;
};

}  // namespace behoud::money
