#pragma once

// Histories made of others: customers as they were, in one copy of their columns, and in between those who are anew.
// Knows nothing of a ledger.
//
// Cost: one pass of memory over the columns, on two threads; of a customer who is anew, that and a search.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "timeline/histories.h"
#include "timeline/trace.h"

namespace behoud::timeline {

struct TracedHistories {
  const Histories& histories;
  const Trace& trace;
};

class Splice {
 public:
  static constexpr std::uint32_t kNobody = 0xffff'ffff;
  enum class From : std::uint8_t { kThen, kAnew, kNothing };
  // A customer who takes a place of their own, with the rows that they have in `from`.
  struct Piece {
    std::uint64_t appeared = 0;
    From from = From::kNothing;
    std::uint32_t customer = kNobody;  // of `from`
    ledger::IdentitySpace space{};     // these two of one from nothing
    std::string key;
  };

  // `pieces` ascend by `appeared`; all customers of `then` are taken over but for those `left`, which ascend. All but
  // the pieces must outlive it.
  Splice(TracedHistories then, TracedHistories anew, std::vector<Piece> pieces, std::span<const std::uint32_t> left);

  // The customers' new numbers: of a piece, and of one of `then` (kNobody: left).
  std::uint32_t of_piece(std::size_t piece) const { return of_piece_[piece]; }
  std::uint32_t of_then(std::uint32_t customer) const { return of_then_[customer]; }

  // Fills customers, orders, steps and the dictionaries of orders; `converted` where `any_unconverted`. Of the trace
  // `appeared`, `order_seq` and `stated`.
  void fill(Histories& h, Trace& trace, bool any_unconverted) const;
  // numbers[c] of each customer as they lie now.
  std::vector<std::uint32_t> laid(std::span<const std::uint32_t> of_then,
                                  std::span<const std::uint32_t> of_pieces) const;

 private:
  static constexpr std::size_t kNoPiece = ~std::size_t{0};
  // Customers one behind the other in both.
  struct Run {
    From from = From::kThen;
    std::uint32_t customer = 0, customers = 0, to = 0;
    std::size_t piece = kNoPiece;
    std::size_t row = 0, rows = 0, to_row = 0;
  };
  void take_over(std::uint32_t begin, std::uint32_t end, std::span<const std::uint32_t>& left);
  void add(Run run);
  const Histories& source(From from) const { return from == From::kAnew ? anew_.histories : then_.histories; }

  void fill_customers(Histories& h, Trace& trace) const;
  void fill_steps(Histories& h) const;
  template <class T>
  void lay(bool present, const std::vector<T>& then, const std::vector<T>& anew, T absent, std::vector<T>& out,
           const std::vector<Code>* code_of_anew = nullptr) const;

  const TracedHistories then_, anew_;
  const std::vector<Piece> pieces_;
  std::vector<Run> runs_;
  std::vector<std::uint32_t> of_piece_, of_then_;
  std::uint32_t customers_ = 0;
  std::size_t rows_ = 0;
};

}  // namespace behoud::timeline
