#include "money/rates.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <tuple>

#include "base/text.h"

namespace behoud::money {
namespace {

using U128 = unsigned __int128;

auto key(const Rate& r) { return std::tuple(r.currency, r.day); }
bool before(const Rate& a, const Rate& b) { return key(a) < key(b); }

constexpr std::uint64_t power_of_ten(int n) {
  std::uint64_t out = 1;
  while (n-- > 0) out *= 10;
  return out;
}

// A product of 64-bit factors that have not been multiplied yet, so that common divisors can be cancelled first.
// Four factors are enough: an amount, a mantissa, and a power of ten of at most 10^22 in two.
struct Product {
  std::uint64_t factors[4] = {1, 1, 1, 1};
  int used = 0;
  void times(std::uint64_t f) { factors[used++] = f; }
  void times_ten_to(int n) {
    times(power_of_ten(std::min(n, 18)));
    if (n > 18) times(power_of_ten(n - 18));
  }
  std::optional<U128> value() const {
    U128 out = 1;
    for (const std::uint64_t f : factors) {
      if (__builtin_mul_overflow(out, f, &out)) return std::nullopt;
    }
    return out;
  }
};

void cancel(Product& above, Product& below) {
  for (std::uint64_t& a : above.factors) {
    for (std::uint64_t& b : below.factors) {
      const std::uint64_t common = std::gcd(a, b);
      if (common > 1) {
        a /= common;
        b /= common;
      }
    }
  }
}

// sign x above / below, half away from zero.
std::optional<std::int64_t> divide(const Product& above, const Product& below, bool negative) {
  const auto n = above.value();
  const auto d = below.value();
  if (!n || !d) return std::nullopt;
  const U128 rest = *n % *d;
  const U128 quotient = *n / *d + (rest >= *d - rest ? 1 : 0);
  const U128 max = U128{std::numeric_limits<std::int64_t>::max()} + (negative ? 1 : 0);
  if (quotient > max) return std::nullopt;
  return static_cast<std::int64_t>(negative ? -static_cast<__int128>(quotient) : static_cast<__int128>(quotient));
}

}  // namespace

Result<void> RateTable::check(const Rate& rate) const {
  const auto refuse = [&](const char* why) {
    return fail(Errc::kInvalidArgument, "the rate of " + quoted(rate.currency.code()) + " on " + to_string(rate.day) +
                                            " cannot be used: " + why);
  };
  if (!rate.currency.known()) return refuse("it names no currency");
  if (rate.mantissa <= 0) return refuse("it must be above 0");
  if (rate.scale < 0 || rate.scale > kRateScaleMax) return refuse("it has more than 18 decimals");
  if (rate.currency == base_ && static_cast<std::uint64_t>(rate.mantissa) != power_of_ten(rate.scale)) {
    return refuse("it is the currency that the rates are counted in, so it is 1");
  }
  return {};
}

Result<void> RateTable::add(const Rate& rate) {
  TRY(check(rate));
  const auto place = std::lower_bound(rates_.begin(), rates_.end(), rate, before);
  if (place != rates_.end() && key(*place) == key(rate)) {
    *place = rate;
  } else {
    rates_.insert(place, rate);
  }
  return {};
}

Result<void> RateTable::add_all(std::vector<Rate> rates) {
  for (const Rate& rate : rates) TRY(check(rate));
  std::stable_sort(rates.begin(), rates.end(), before);
  std::vector<Rate> merged;
  merged.reserve(rates_.size() + rates.size());
  // Ours first among equals, so that the last of each run of equals is the latest.
  std::merge(rates_.begin(), rates_.end(), rates.begin(), rates.end(), std::back_inserter(merged), before);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < merged.size(); ++i) {
    if (i + 1 == merged.size() || key(merged[i]) != key(merged[i + 1])) merged[kept++] = merged[i];
  }
  merged.resize(kept);
  rates_ = std::move(merged);
  return {};
}

const Rate* RateTable::at(Currency c, calendar::Day day) const {
  const auto after = std::upper_bound(rates_.begin(), rates_.end(), std::tuple(c, day),
                                      [](const auto& wanted, const Rate& r) { return wanted < key(r); });
  if (after == rates_.begin()) return nullptr;
  const Rate& latest = *(after - 1);
  return latest.currency == c && day - latest.day <= kRateMaxAgeDays ? &latest : nullptr;
}

std::optional<std::int64_t> RateTable::convert(Money amount, Currency to, calendar::Day day) const {
  if (amount.currency == to) return amount.minor;
  if (!amount.currency.known() || !to.known()) return std::nullopt;
  const Rate one{day, base_, 1, 0};
  const Rate* from_rate = amount.currency == base_ ? &one : at(amount.currency, day);
  const Rate* to_rate = to == base_ ? &one : at(to, day);
  if (from_rate == nullptr || to_rate == nullptr) return std::nullopt;

  const bool negative = amount.minor < 0;
  Product above, below;
  above.times(negative ? -static_cast<std::uint64_t>(amount.minor) : static_cast<std::uint64_t>(amount.minor));
  above.times(static_cast<std::uint64_t>(to_rate->mantissa));
  below.times(static_cast<std::uint64_t>(from_rate->mantissa));
  const int ten = from_rate->scale + to.exponent() - to_rate->scale - amount.currency.exponent();
  (ten >= 0 ? above : below).times_ten_to(ten >= 0 ? ten : -ten);
  if (!above.value() || !below.value()) cancel(above, below);  // seldom: amounts of 10^15 and more
  return divide(above, below, negative);
}

}  // namespace behoud::money
