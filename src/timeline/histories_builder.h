#pragma once

// Builds Histories out of order assertions, in one pass and a sort: settles each order (ledger/order.h), resolves its
// customer, converts its money, clusters by customer. Used for a file (`report`) and for the ledger alike, so that both
// give the same bytes.
//
// Cost: amortised O(1) an add; finish is O(n log n) in the worst case, O(n) where an order has one assertion and rows
// come by time. 10 M orders: under 3 s and 1.2 GB on two cores.

#include <cstdint>
#include <memory>

#include "ledger/order.h"
#include "timeline/histories.h"
#include "timeline/statements.h"
#include "timeline/trace.h"

namespace behoud::timeline {

struct BuildSettings {
  calendar::Zone zone = calendar::Zone::utc();
  money::Currency currency;  // none: the currency most orders have (the report), or bare amounts
  const money::RateTable* rates = nullptr;
  // Overrides of ledger::standing_of: status word -> standing.
  std::map<std::string, ledger::Standing, std::less<>> statuses;
  // Item id -> unit cost in minor units of the reporting currency.
  std::map<std::string, std::int64_t, std::less<>> item_costs;
  std::optional<std::int32_t> margin_rate_millionth;
  bool keep_order_ids = false;
  bool keep_seqs = false;
  // Where to take down what the orders were made of (all but `records`, unsorted); needs keep_seqs or a trace. nullptr:
  // nowhere.
  Statements* statements = nullptr;
  // Where to leave the histories' trace, whose `appeared` has those of the orders and refunds alone. nullptr: nowhere.
  Trace* trace = nullptr;
};

struct OrdersBeside;  // every_order.h

class HistoriesBuilder {
 public:
  explicit HistoriesBuilder(BuildSettings settings);
  HistoriesBuilder(HistoriesBuilder&&) noexcept;
  ~HistoriesBuilder();

  // Takes one statement about an order. Statements are about one order when they share its id or its alias, or when the
  // id of an order without any alias is another's alias. `received` and `seq` rank statements about the same order; seq
  // ascends. Errors: kOutOfRange (beyond 2^32 - 2 statements, or about as many customers; a text beyond 4,096 bytes; a
  // moment outside 1900..9999; more than 16 GB of ids). After an error the builder is of no more use.
  Result<void> add(const ledger::OrderAssertion& assertion, calendar::Instant received, std::uint64_t seq);

  // A refund that names no order: it goes to the customer's latest earlier order with enough left, else it stands under
  // unmatched_refunds. Errors: kInvalidArgument (an amount not above 0), kOutOfRange (as add).
  Result<void> add_refund(ledger::IdentityRef customer, calendar::Moment at, money::Money refund, std::uint64_t seq);

  // The reporting currency, where the settings say none. Where nobody says one it is that of most orders.
  void report_in(money::Currency currency);

  // Customers, subscriptions, acts and costs: the builder resolves the identity to a customer, making one if needed.
  std::uint32_t customer(ledger::IdentityRef identity);
  // How many there are so far.
  std::uint32_t customers();
  void describe(std::uint32_t customer, std::string_view label, std::optional<calendar::Day> known_since,
                std::uint32_t orders_before);
  void add_subscription(Subscription s);
  void add_joined(Act a);
  void add_left(Act a);
  void add_event(std::uint32_t customer, calendar::Day day, std::string_view kind, std::uint64_t seq = 0);
  void add_cost(CostEntry c);

  // Errors: kOutOfRange (a sum of money beyond 64 bits), and what the calls above without a Result had to say.
  // `beside`, where it is asked for, needs keep_order_ids.
  Result<Histories> finish(OrdersBeside* beside = nullptr) &&;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace behoud::timeline
