#pragma once

// What follows from what is stated of one order alone: its amounts, and whether its status leaves it out. Pure; shared
// by whoever sums orders one by one and who builds histories of them, so that both say the same.

#include <cstdint>
#include <optional>
#include <string_view>

#include "ledger/order.h"

namespace behoud::timeline {

// Stated, else made from what is: gross = total - tax - shipping, total = gross + tax + shipping. What does not fit in
// 64 bits is the other as it stands. Require that one of the two is stated; tax and shipping are 0 where they are not.
inline std::int64_t gross_stated(std::optional<std::int64_t> gross, std::optional<std::int64_t> total, std::int64_t tax,
                                 std::int64_t shipping) {
  if (gross) return *gross;
  const __int128 made = static_cast<__int128>(*total) - tax - shipping;
  const auto narrow = static_cast<std::int64_t>(made);
  return narrow == made ? narrow : *total;
}
inline std::int64_t total_stated(std::optional<std::int64_t> gross, std::optional<std::int64_t> total, std::int64_t tax,
                                 std::int64_t shipping) {
  if (total) return *total;
  const __int128 made = static_cast<__int128>(*gross) + tax + shipping;
  const auto narrow = static_cast<std::int64_t>(made);
  return narrow == made ? narrow : *gross;
}

// Why an order counts at no time, whatever was paid or refunded: "test", "awaited", "unknown_status", "cancelled" or
// "void"; empty: its status lets it count. `word` is its status word and `standing` what that means to the shop.
std::string_view left_out_by_status(ledger::Standing standing, std::string_view word, bool test, bool cancelled_at);

// An order of this standing whose amount is below zero is no order but a refund.
inline bool may_be_refund(ledger::Standing standing, bool test) {
  return !test && (standing == ledger::Standing::kCounts || standing == ledger::Standing::kRefunded);
}

}  // namespace behoud::timeline
