#include "retention/internal/counted.h"

namespace behoud::retention {
namespace {

// B buyers x F orders a buyer x A revenue an order, changed one after the other: first the buyers at the old F and A,
// then F at the old A, then A. Each part is the difference of two rounded revenues, so the parts sum exactly:
//   R0 -> R(B1, F0, A0) = B1 R0 / B0 -> R(B1, F1, A0) = O1 R0 / O0 -> R1.
// Out of nothing, or into nothing, the whole change is one of customers.
Result<void> split_change(ChangeAnswer& change, const Tally& t) {
  const std::uint64_t orders_before = t.orders[0], orders_after = t.orders[1];
  const auto whole = [](std::uint64_t n) { return static_cast<std::int64_t>(n); };
  std::int64_t with_buyers = change.revenue_after_minor, with_orders = change.revenue_after_minor;
  if (orders_before > 0 && orders_after > 0) {
    TRY_ASSIGN(with_buyers, money::mul_div(change.revenue_before_minor, whole(t.buyers[1]), whole(t.buyers[0])));
    TRY_ASSIGN(with_orders, money::mul_div(change.revenue_before_minor, whole(orders_after), whole(orders_before)));
  }
  change.by_customers_minor = with_buyers - change.revenue_before_minor;
  change.by_frequency_minor = with_orders - with_buyers;
  change.by_order_value_minor = change.revenue_after_minor - with_orders;
  return {};
}

}  // namespace

Result<std::optional<ChangeAnswer>> answer_change(const Source& h, const ShopSettings& s, const Question& q) {
  TRY_ASSIGN(const Shop shop, Shop::open(h, s, q));
  return answer_change(shop, q);
}

Result<std::optional<ChangeAnswer>> answer_change(const Shop& shop, const Question& q) {
  TRY_ASSIGN(const Axis axis, shop.axis(q));
  int complete = axis.size();
  while (complete > 0 && !axis.complete(complete - 1)) --complete;
  if (complete < 2) return std::nullopt;
  const auto last = static_cast<std::size_t>(complete) - 1;
  const Axis two = Axis::consecutive({axis.periods()[last - 1], axis.periods()[last]}, shop.now);
  TRY_ASSIGN(const Tally t, tally(shop, two, SplitOf(shop, Split::kNone)));
  ChangeAnswer change;
  change.basics = shop.basics;
  change.before = shop.head(two, 0);
  change.after = shop.head(two, 1);
  change.revenue_before_minor = t.revenue_minor[0];
  change.revenue_after_minor = t.revenue_minor[1];
  TRY(split_change(change, t));
  return change;
}

}  // namespace behoud::retention
