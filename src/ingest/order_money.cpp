#include "ingest/order_money.h"

#include <algorithm>
#include <limits>

namespace behoud::ingest {
namespace {

template <class Wide>
std::optional<std::int64_t> narrow(Wide w) {
  if (w > std::numeric_limits<std::int64_t>::max() || w < std::numeric_limits<std::int64_t>::min()) return std::nullopt;
  return static_cast<std::int64_t>(w);
}
// a b / c, half away from zero.
template <class Wide>
std::optional<std::int64_t> share(Wide a, Wide b, Wide c) {
  const auto x = narrow(a), y = narrow(b), z = narrow(c);
  if (!x || !y || !z) return std::nullopt;
  const auto out = money::mul_div(*x, *y, *z);
  return out ? std::optional(*out) : std::nullopt;
}

// False: nothing stated, or beyond 64 bits. Wide: holds the sum of any five of the amounts.
template <class Wide>
bool settle_as(const StatedMoney& stated, const MoneyRules& rules, SettledMoney& out) {
  const Wide x = stated.tax.value_or(0), h = stated.shipping.value_or(0), discount = stated.discount.value_or(0);
  const Wide d = discount < 0 ? -discount : discount;
  Wide gross = 0, total = 0;
  Wide tax = x, shipping = h;  // as stated, or as they follow
  bool has_tax = stated.tax.has_value(), has_shipping = stated.shipping.has_value();
  bool contained = false;
  if (stated.total) {
    const Wide t = *stated.total;
    total = t;
    if (stated.subtotal) {
      const Wide s = *stated.subtotal;
      switch (rules.subtotal) {
        case SubtotalRule::kShopify:
          contained = s + h == t && x != 0;
          gross = contained ? s - x : s;
          break;
        case SubtotalRule::kLesser:
          gross = std::min(s, t - h);
          break;
        case SubtotalRule::kNetTotal:
          gross = s - h;
          tax = t - s;
          has_tax = true;
          break;
        case SubtotalRule::kNetTotalGrossShipping: {
          const auto part = t == 0 ? std::optional<std::int64_t>(0) : share(s, t - h, t);
          if (!part) return false;
          gross = *part;
          tax = t - s;
          has_tax = true;
          shipping = s - gross;
          has_shipping = true;
          break;
        }
        case SubtotalRule::kEquation:
          if (s + h == t) {
            gross = s - x;
            contained = x != 0;
          } else if (s + h + x == t) {
            gross = s;
          } else if (s - d + h + x == t) {
            gross = s - d;
          } else if (s - d + h == t) {
            gross = s - d - x;
            contained = x != 0;
          } else {
            gross = t - x - h;
          }
          break;
      }
    } else if (stated.amount) {
      const Wide a = *stated.amount;
      if (stated.tax || stated.shipping) {
        if (a + h + x == t) {
          gross = a;
        } else if (a + h == t) {
          gross = a - x;
          contained = x != 0;
        } else {
          gross = t - x - h;
        }
      } else {
        gross = std::min(a, t);
      }
    } else {
      gross = t - x - h;
    }
  } else if (stated.amount) {
    const Wide a = *stated.amount - (rules.discount_in_amount ? 0 : d);
    if (rules.amount_net) {
      gross = a;
      total = a + x + h;
    } else if (rules.amount_of_order) {
      gross = a - x - h;
      total = a;
      contained = x != 0;
    } else {
      gross = a - x;
      total = a + h;
      contained = x != 0;
    }
  } else if (stated.subtotal) {
    gross = *stated.subtotal;
    total = gross + x + h;
  } else {
    return false;
  }
  if (total >= 0 && gross < 0) gross = 0;
  const auto g = narrow(gross), t = narrow(total);
  if (!g || !t) return false;
  if (!narrow(tax) || !narrow(shipping)) return false;
  out.gross = *g;
  out.total = *t;
  if (has_tax) out.tax = static_cast<std::int64_t>(tax);
  if (has_shipping) out.shipping = static_cast<std::int64_t>(shipping);
  out.tax_contained = contained;
  return true;
}

}  // namespace

std::optional<SettledMoney> settle(const StatedMoney& stated, const MoneyRules& rules) {
  constexpr std::int64_t kSmall = INT64_MAX / 8;
  bool small = true;
  for (const auto* amount :
       {&stated.total, &stated.amount, &stated.subtotal, &stated.tax, &stated.shipping, &stated.discount}) {
    const std::int64_t minor = amount->value_or(0);
    small = small && minor <= kSmall && minor >= -kSmall;
  }
  // Written where it is returned: to be read whole right after its parts were stored it would have to wait for them.
  std::optional<SettledMoney> out(std::in_place);
  if (!(small ? settle_as<std::int64_t>(stated, rules, *out) : settle_as<__int128>(stated, rules, *out))) out.reset();
  return out;
}

std::optional<std::int64_t> product_minor(const Decimal& price, const Decimal& quantity, int exponent) {
  __int128 product = static_cast<__int128>(price.mantissa) * quantity.mantissa;
  int scale = price.scale + quantity.scale;
  const bool negative = product < 0;
  if (negative) product = -product;
  __int128 rest_unit = 1;  // 10^(scale - exponent), as far as it is needed
  for (; scale > exponent; --scale) {
    if (rest_unit > product * 2 + 1) return 0;
    rest_unit *= 10;
  }
  for (; scale < exponent; ++scale) {
    if (product > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
    product *= 10;
  }
  const __int128 rest = product % rest_unit;
  product = product / rest_unit + (rest * 2 >= rest_unit && rest_unit > 1 ? 1 : 0);
  if (product > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  return static_cast<std::int64_t>(negative ? -product : product);
}

}  // namespace behoud::ingest
