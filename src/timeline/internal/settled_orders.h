#pragma once

// The orders that the statements are about: rows that are about one order are chained, and each chain's first row, its
// head, holds the state that ledger::settle() makes of them. Most orders have one statement, and it stands as it came.
//
// Changes the staged columns of the intake, and frees those that nobody needs any more.

#include <cstdint>
#include <functional>
#include <unordered_map>
#include <vector>

#include "timeline/internal/intake.h"

namespace behoud::timeline {

class SettledOrders {
 public:
  // Requires that all rows have their customers (People::settle). `intake` must outlive this.
  // `chain`, if any, is called with the head of each order of several statements, ascending, before it is settled.
  explicit SettledOrders(Intake& intake, const std::function<void(std::uint32_t head)>& chain = {});

  std::size_t size() const { return intake_.staged.rows - followers_.size(); }
  // visit(head) of the orders whose heads are in [begin, end), ascending.
  template <class Visit>
  void for_each(std::uint32_t begin, std::uint32_t end, const Visit& visit) const {
    auto follower = std::lower_bound(followers_.begin(), followers_.end(), begin);
    for (std::uint32_t row = begin; row < end; ++row) {
      if (follower != followers_.end() && *follower == row) {
        ++follower;
        continue;
      }
      visit(row);
    }
  }
  // How much of the order's total is refunded since when, by refunds that name it.
  std::vector<ledger::RefundStep> refunds_of(std::uint32_t head) const;

 private:
  void chain(std::uint32_t head, std::uint32_t row);
  void join_names();
  void settle(std::uint32_t head);
  ledger::StatedOrder stated(std::uint32_t row, ledger::OrderLine& line, std::vector<ledger::RefundPart>& parts) const;

  Intake& intake_;
  Staging& staged_;
  std::vector<std::uint32_t> followers_;  // rows that follow another of their order, ascending
  std::unordered_map<std::uint32_t, std::vector<ledger::RefundStep>> refund_steps_;  // by settled head
};

}  // namespace behoud::timeline
