#pragma once

// Whom a ledger's tail touches, and which statements all that hangs on them is made of: what is to be derived anew, by
// whoever keeps what was derived (tail_replay.h, follow.h).
//
//   Touched touched(index, snapshot, known);
//   TRY_ASSIGN(const auto why, touched.read(tail));        // or why deriving all is sooner done
//   ... rebuild with .only = &touched.statements() ...
//   TRY_ASSIGN(const auto numbers, touched.take(histories, statements));
//
// Cost: some 50 us a statement that is read, 1 us a row that was taken back, 20 us an event of those merged or parted.

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "timeline/kept/ledger_state.h"
#include "timeline/kept/statement_index.h"
#include "timeline/rebuild.h"

namespace behoud::timeline {

// What its keeper knows of a customer, by the number in the index: the first statement's seq of each order, and the
// events' seqs.
struct KnownOfCustomers {
  using Visit = std::function<void(ledger::Seq)>;
  std::function<void(std::uint32_t number, const Visit&)> orders, events;
  std::uint64_t rows = 0;  // orders and events of everybody
};

class Touched {
 public:
  static constexpr std::uint32_t kNobody = 0xffff'ffff;

  // All must outlive it. After an error, and where read() gives a reason, the index is of no more use.
  Touched(StatementIndex& index, const ledger::Snapshot& now, KnownOfCustomers known)
      : index_(index), now_(now), known_(std::move(known)), known_customers_(index.customers()) {}

  Result<std::optional<NotKept>> read(const Tail& tail);

  // All statements that the histories of those to be derived anew are made of, and of whoever else speaks of their
  // orders.
  const SomeStatements& statements() const { return all_; }
  bool anybody() const { return !anew_.empty() || !new_.empty(); }
  // The number of each customer of histories that were derived from those; kNobody: not to be replaced. Remembers the
  // statements in the index.
  std::vector<std::uint32_t> take(const Histories& h, const Statements& statements);
  // The number of one who was touched and is somebody.
  std::optional<std::uint32_t> number_of(const ledger::IdentityRef& who);
  // Whose the events of those merged or parted are now, by seq; after take().
  Result<std::unordered_map<ledger::Seq, std::uint32_t>> owners_of_moved_events();

  // Customers whose orders and descriptions are derived anew.
  const std::set<std::uint32_t>& anew() const { return anew_; }
  // Whether some were touched of whom nothing was known, and who are nobody so far.
  bool anybody_unnumbered() const { return !new_.empty(); }
  std::uint32_t known_customers() const { return known_customers_; }  // before the tail
  // Statements about orders and refunds that were read, or are no more.
  const std::set<ledger::Seq>& orders() const { return orders_; }
  const std::set<ledger::Seq>& refunds() const { return refunds_; }
  const std::set<ledger::Seq>& events_gone() const { return events_gone_; }
  std::uint64_t rows() const { return rows_; }  // that came, or were taken back, but for events that came
  std::uint64_t statements_read() const {
    return all_.orders.size() + all_.refunds.size() + all_.customers.size() + moved_.size();
  }

 private:
  bool is_long(std::uint64_t rows, std::uint64_t cost) const;
  void touch(const ledger::IdentityRef& who);
  Result<void> read_gone(const Tail& tail);
  void regroup(const Tail& tail);
  Result<void> read_orders(const Tail& tail);
  void close(std::set<ledger::Seq>& seqs) const;
  Result<void> read_refunds_and_records(const Tail& tail);
  Result<void> read_neighbours();
  void gather_histories();

  StatementIndex& index_;
  const ledger::Snapshot& now_;
  const KnownOfCustomers known_;
  const std::uint32_t known_customers_;
  std::uint64_t rows_ = 0;

  std::set<std::uint32_t> names_;
  std::set<ledger::Seq> fresh_orders_, orders_, refunds_, records_;
  std::set<std::uint32_t> anew_;
  std::set<ledger::Snapshot::CustomerName> new_;  // touched, of whom nothing was known
  std::set<ledger::Seq> events_gone_;
  std::vector<ledger::Seq> moved_;  // events of those who were merged or parted, ascending
  SomeStatements all_;
};

}  // namespace behoud::timeline
