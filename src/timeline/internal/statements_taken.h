#pragma once

// Takes down, while histories are built, which statements their orders were made of (timeline/statements.h).

#include <vector>

#include "timeline/internal/chosen_rows.h"
#include "timeline/statements.h"

namespace behoud::timeline {

class StatementsTaken {
 public:
  // `seq_of(row)` of a staged row. All outlive this.
  template <class SeqOf>
  StatementsTaken(const Intake& intake, const SeqOf& seq_of, Statements& to) : intake_(intake), to_(to) {
    seqs_.resize(intake.staged.rows);
    for (std::uint32_t row = 0; row < intake.staged.rows; ++row) seqs_[row] = seq_of(row);
    take_names();
  }

  // Before a chain of statements about one order is settled, which may change whose its head is.
  void take_chain(std::uint32_t head);
  // When it is known which orders are rows, before they are clustered.
  void take_orders(const SettledOrders& settled, const ChosenRows& chosen);

 private:
  struct Chain {
    std::uint32_t head = 0;
    std::vector<std::uint32_t> customers;  // whose it is said to be; each once
  };
  void take_names();

  const Intake& intake_;
  Statements& to_;
  std::vector<ledger::Seq> seqs_;  // by row
  std::vector<Chain> chains_;      // ascending by head
};

}  // namespace behoud::timeline
