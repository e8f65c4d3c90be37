#pragma once

// How customers bought, as cells of equal histories (W3): how many customers have the same number of repeat orders x,
// the same time t_x from first to last order and the same age T from first order to as-of, and what they spent
// together. What purchase models (Pareto/NBD, BG/NBD) are fitted to: they need days; weeks are for a picture.
//
// Reads first and last day, spend and the orders' begins: 12 bytes a customer where as-of lies behind every order, else
// the order projection too. Thread-safety: pure.

#include <compare>
#include <cstdint>
#include <vector>

#include "timeline/questions/slice.h"

namespace behoud::timeline {

struct PurchaseCell {
  std::uint32_t repeats = 0;  // x: orders less 1
  std::uint32_t recency = 0;  // t_x: (day of the last order - day of the first) / unit, floored
  std::uint32_t age = 0;      // T: (as-of's day - day of the first order) / unit, floored
  std::uint64_t customers = 0;
  std::int64_t spend_minor = 0;  // of the cell's customers, wraps as two's complement beyond 2^63
  friend auto operator<=>(const PurchaseCell&, const PurchaseCell&) = default;
};

struct PurchaseQuestion {
  std::uint32_t as_of_day = 0;  // from the epoch's day; orders of that day and later are not seen
  std::uint32_t unit_days = 1;  // 1: days; 7: weeks
};

// [code of the split][cell], in no order. Customers without an order before as-of are in no cell.
// Requires unit_days > 0; with a split, repeats, recency and age below 2^16 units (days on a Scale are).
std::vector<std::vector<PurchaseCell>> purchase_cells(const Timeline& timeline, const PurchaseQuestion& question,
                                                      const Slice& slice = {});

// The same of one customer: nullopt without an order before as-of. `customers` is 1.
std::optional<PurchaseCell> purchases_of(const CustomerView& customer, const PurchaseQuestion& question);

}  // namespace behoud::timeline
