#pragma once

// What orders sum to, each kind of amount by itself and whatever its sign: where all fit in 64 bits, so does every sum
// of some of the orders, in whatever order it is made. Checked by whoever reads a file (which can name the line of the
// greatest amount), by an import of what the shop has and the file brings, and by the builder of histories.
//
// Cost: eight additions an order. Thread-safety: none.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "ledger/order.h"

namespace behoud::ledger {

class OrderSums {
 public:
  enum Kind : std::uint8_t {
    kGross,
    kTotal,
    kTax,
    kShipping,
    kDiscount,
    kRefunds,
    kUnits,
    kConverted,
    kItemCost,
    kCosted,
    kKinds
  };

  void add(Kind kind, std::int64_t amount) {
    const auto bits = static_cast<std::uint64_t>(amount);
    sums_[kind] += static_cast<Wide>(amount < 0 ? -bits : bits);
  }
  // As it is stated; its refunds that have parts apart.
  void add(const OrderAssertion& o) {
    add(kGross, o.gross_minor.value_or(0));
    add(kTotal, o.total_minor.value_or(0));
    add(kTax, o.tax_minor.value_or(0));
    add(kShipping, o.shipping_minor.value_or(0));
    add(kDiscount, o.discount_minor.value_or(0));
    add(kRefunds, o.refund_minor.value_or(0));
    add(kUnits, o.units_milli.value_or(0));
  }
  void add(std::span<const RefundPart> parts) {
    for (const RefundPart& part : parts) add(kRefunds, part.minor);
  }
  void add(const OrderSums& other) {
    for (std::size_t i = 0; i < kKinds; ++i) sums_[i] += other.sums_[i];
  }
  // Whether none is more.
  bool within(std::int64_t most) const {
    return std::ranges::all_of(sums_, [most](Wide sum) { return sum <= static_cast<Wide>(most); });
  }
  bool fit() const {
    Wide bits = 0;  // that any of them has: of those of a number above, one is beyond the 63rd
    for (const Wide sum : sums_) bits |= sum;
    return bits <= static_cast<Wide>(INT64_MAX);
  }
  // All kinds, or the most that 64 bits hold: at least what any of them is.
  std::int64_t together() const {
    Wide all = 0;
    for (const Wide sum : sums_) all += sum;
    return static_cast<std::int64_t>(std::min(all, static_cast<Wide>(INT64_MAX)));
  }

 private:
  using Wide = unsigned __int128;  // 2^64 amounts of 64 bits
  std::array<Wide, kKinds> sums_{};
};

}  // namespace behoud::ledger
