#include "retention/internal/counted.h"

namespace behoud::retention {
namespace {

// B buyers x F orders a buyer x A revenue an order, changed one after the other: first the buyers at the old F and A,
// then F at the old A, then A. Each part is the difference of two rounded revenues, so the parts sum exactly:
//   R0 -> R(B1, F0, A0) = B1 R0 / B0 -> R(B1, F1, A0) = O1 R0 / O0 -> R1.
// Out of nothing, or into nothing, the whole change is one of customers.
struct Bought {
  std::uint64_t buyers = 0, orders = 0;
};
Result<void> split_change(ChangeAnswer& change, const Bought& before, const Bought& after) {
  const auto whole = [](std::uint64_t n) { return static_cast<std::int64_t>(n); };
  std::int64_t with_buyers = change.revenue_after_minor, with_orders = change.revenue_after_minor;
  if (before.orders > 0 && after.orders > 0) {
    const auto buyers = money::mul_div(change.revenue_before_minor, whole(after.buyers), whole(before.buyers));
    const auto orders = money::mul_div(change.revenue_before_minor, whole(after.orders), whole(before.orders));
    if (!buyers || !orders) {
      return fail(Errc::kOutOfRange,
                  "what changed since " + calendar::to_string(change.before.period_start) +
                      " is too large to count with: the orders before were worth more than orders can be");
    }
    with_buyers = *buyers;
    with_orders = *orders;
  }
  change.by_customers_minor = with_buyers - change.revenue_before_minor;
  change.by_frequency_minor = with_orders - with_buyers;
  change.by_order_value_minor = change.revenue_after_minor - with_orders;
  return {};
}

}  // namespace

Result<std::optional<ChangeAnswer>> answer_change(const Source& h, const ShopSettings& s, const Question& q) {
  TRY_ASSIGN(const Shop shop, Shop::open(h, s, q));
  TRY_ASSIGN(Axis axis, shop.axis(q));
  TRY_ASSIGN(const Counted counted, Counted::create(shop, std::move(axis), SplitOf(shop, Split::kNone)));
  return answer_change(shop, counted);
}

Result<std::optional<ChangeAnswer>> answer_change(const Shop& shop, const Counted& counted) {
  const Axis& axis = counted.axis;
  const Tally& t = counted.tally;
  int complete = axis.size();
  while (complete > 0 && !axis.complete(complete - 1)) --complete;
  if (complete < 2) return std::nullopt;
  const auto last = static_cast<std::size_t>(complete) - 1;
  ChangeAnswer change;
  change.basics = shop.basics;
  change.before = shop.head(axis, complete - 2);
  change.after = shop.head(axis, complete - 1);
  change.revenue_before_minor = t.revenue_minor[last - 1];
  change.revenue_after_minor = t.revenue_minor[last];
  TRY(split_change(change, {t.buyers[last - 1], t.orders[last - 1]}, {t.buyers[last], t.orders[last]}));
  return change;
}

Result<ChangeAnswer> change_between(const Basics& basics, const RetentionRow& before, const RetentionRow& after) {
  ChangeAnswer change;
  change.basics = basics;
  change.before = before.head;
  change.after = after.head;
  change.revenue_before_minor = before.revenue_minor;
  change.revenue_after_minor = after.revenue_minor;
  TRY(split_change(change, {before.buyers, before.orders}, {after.buyers, after.orders}));
  return change;
}

}  // namespace behoud::retention
