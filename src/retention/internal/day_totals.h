#pragma once

// What the counted orders of each civil day come to, as sums from the first day on: any span of days is one
// subtraction. Cost: one pass over the orders on two threads; 48 bytes a day. A shop whose orders span more than
// kDaysMax days has none.

#include <cstdint>
#include <vector>

#include "retention/internal/purchases.h"

namespace behoud::retention {

struct OrderSums {
  std::uint64_t orders = 0;
  // Unsigned, so that sums beyond 64 bits wrap and do no harm to the others.
  std::uint64_t gross_minor = 0, revenue_minor = 0, units_milli = 0, item_cost_minor = 0, costed_revenue_minor = 0;

  void add(const OrderSums& o) {
    orders += o.orders;
    gross_minor += o.gross_minor;
    revenue_minor += o.revenue_minor;
    units_milli += o.units_milli;
    item_cost_minor += o.item_cost_minor;
    costed_revenue_minor += o.costed_revenue_minor;
  }
  void take(const OrderSums& o) {
    orders -= o.orders;
    gross_minor -= o.gross_minor;
    revenue_minor -= o.revenue_minor;
    units_milli -= o.units_milli;
    item_cost_minor -= o.item_cost_minor;
    costed_revenue_minor -= o.costed_revenue_minor;
  }
};

// What one order adds: `i` of the purchases.
class OrderReader {
 public:
  OrderReader(const timeline::Histories& h, const Purchases& purchases)
      : h_(h), purchases_(purchases), has_units_(!h.units_milli.empty()), has_costs_(!h.item_cost_minor.empty()) {}
  void add(std::size_t i, OrderSums& to) const;

 private:
  const timeline::Histories& h_;
  const Purchases& purchases_;
  bool has_units_, has_costs_;
};

// What of an order's revenue belongs to lines with a cost: the part of its gross that they bear.
std::int64_t costed_revenue(const timeline::Histories& h, std::size_t row, std::int64_t revenue_minor);

inline void OrderReader::add(std::size_t i, OrderSums& to) const {
  const std::size_t row = purchases_.row(i);
  const std::int64_t revenue = purchases_.revenue_minor[i];
  ++to.orders;
  to.gross_minor += static_cast<std::uint64_t>(h_.gross_minor[row]);
  to.revenue_minor += static_cast<std::uint64_t>(revenue);
  if (has_units_) to.units_milli += static_cast<std::uint64_t>(h_.units_milli[row]);
  if (!has_costs_) return;
  to.item_cost_minor += static_cast<std::uint64_t>(h_.item_cost_minor[row]);
  to.costed_revenue_minor += static_cast<std::uint64_t>(costed_revenue(h_, row, revenue));
}

class DayTotals {
 public:
  static constexpr int kDaysMax = 50'000;

  DayTotals(const timeline::Histories& h, const Purchases& purchases);

  bool known() const { return !until_.empty(); }
  // Of the days of [a, b). Requires known().
  OrderSums between(calendar::Day a, calendar::Day b) const {
    OrderSums sums = before(b);
    sums.take(before(a));
    return sums;
  }
  OrderSums before(calendar::Day d) const {
    if (d <= first_) return {};
    const auto i = static_cast<std::size_t>(d - first_);
    return until_[i < until_.size() ? i : until_.size() - 1];
  }
  std::size_t bytes() const { return until_.capacity() * sizeof(OrderSums); }

 private:
  calendar::Day first_;
  std::vector<OrderSums> until_;  // [i]: of the days before first_ + i
};

}  // namespace behoud::retention
