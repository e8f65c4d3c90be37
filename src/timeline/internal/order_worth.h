#pragma once

// What a settled order is worth, in its own currency and in the shop's, what was taken back of it since when, and why
// it counts or is left out. Reads alone: for as many threads as like.

#include <cstdint>
#include <string_view>
#include <vector>

#include "timeline/internal/settled_orders.h"

namespace behoud::timeline {

// What a refund that names no order took of one.
struct Taken {
  std::int64_t at_ms = kUnstated;
  std::int64_t minor = 0;
};

inline std::int64_t or_zero(std::int64_t minor) { return minor == kUnstated ? 0 : minor; }

class OrderWorth {
 public:
  OrderWorth(const Intake& intake, const SettledOrders& orders);

  // The shop's currency, else the one that most orders have; of equals, the first by code.
  money::Currency reporting() const { return reporting_; }
  // In the reporting currency by the rate of the order's day. An order that states no currency is in the shop's.
  std::optional<std::int64_t> convert(std::int64_t minor, std::uint8_t currency, calendar::Day on) const;
  bool foreign(std::uint8_t currency) const {
    return intake_.currencies[currency].known() && reporting_.known() && intake_.currencies[currency] != reporting_;
  }

  // Stated, else made from what is: gross = total - tax - shipping, total = gross + tax + shipping where those are
  // known and the source stated no total. Require has_amount(row).
  bool has_amount(std::uint32_t row) const {
    return staged_.gross[row] != kUnstated || staged_.total[row] != kUnstated;
  }
  std::int64_t gross_of(std::uint32_t row) const;
  std::int64_t total_of(std::uint32_t row) const;

  bool may_have_steps(std::uint32_t row) const;
  bool standing_allows_refunds(std::uint32_t row) const;
  // The steps of an order by its refunds, `unnamed` ones on top, and its cancellation; refunds still in its own
  // currency. Empty where nothing was taken back. An unknown instant is the least: from the start.
  std::vector<OrderStep> steps_of(std::uint32_t row, const std::vector<Taken>& unnamed) const;
  // What is left to refund in this currency, > 0; -1: nothing.
  std::int64_t left_of(std::uint32_t row, money::Currency currency) const;
  // Why an order is no row; empty: it is one.
  std::string_view left_out_reason(std::uint32_t row) const;

 private:
  void choose_currency();

  const Intake& intake_;
  const Staging& staged_;
  const SettledOrders& orders_;
  money::Currency reporting_;
};

}  // namespace behoud::timeline
