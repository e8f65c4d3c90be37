#pragma once

// From what an export states about an order's money to what the definitions ask for: `gross`, before refunds, after
// discounts, without tax and shipping where the source says so; and `total`, what was to be paid.
//
// With T total, S subtotal, A the sum of line amounts, X tax, H shipping, D discount (X, H and D are 0 where the source
// states none):
//   T and S   Shopify: S - X when S + H = T (the subtotal contains the tax), else S.
//             Magento: the lesser of S and T - H. Shopware, Lightspeed: S is T without tax, so X = T - S and S - H, H
//             without tax; where H is stated with tax, S (T - H) / T, half away from zero.
//             else the first that holds: S + H = T: S - X; S + H + X = T: S; S - D + H + X = T: S - D;
//             S - D + H = T: S - D - X; otherwise T - X - H.
//   T and A   with tax or shipping stated: A + H + X = T: A; A + H = T: A - X; otherwise T - X - H.
//             with neither: the lesser of A and T (what the source does not break down is no revenue).
//   T alone   T - X - H
//   A alone   of the order: A - X - H, T = A. Of lines: A - X, T = A + H. Of amounts without tax: A, T = A + X + H.
//   S alone   S, T = S + X + H
// Gross is never below 0 where the total is not: a gift card pays for the tax, too. A discount is already out, unless
// the preset says otherwise (Amazon).

#include <cstdint>
#include <optional>

#include "ingest/amounts.h"
#include "ingest/names.h"

namespace behoud::ingest {

// In minor units of the order's currency.
struct StatedMoney {
  std::optional<std::int64_t> total, amount, subtotal, tax, shipping, discount;
};
struct MoneyRules {
  SubtotalRule subtotal = SubtotalRule::kEquation;
  bool amount_net = false;       // `amount` is without tax
  bool amount_of_order = false;  // `amount` is what was paid for the order, not for a line
  bool discount_in_amount = true;
};
struct SettledMoney {
  std::int64_t gross = 0, total = 0;
  std::optional<std::int64_t> tax, shipping;  // as stated, or as they follow from the rest
  bool tax_contained = false;                 // the tax was taken out of what the source called the price
};
// nullopt: nothing stated, or beyond 64 bits (`stated` tells which).
std::optional<SettledMoney> settle(const StatedMoney& stated, const MoneyRules& rules);

// price x quantity in minor units, half away from zero; nullopt beyond 64 bits.
std::optional<std::int64_t> product_minor(const Decimal& price, const Decimal& quantity, int exponent);

}  // namespace behoud::ingest
