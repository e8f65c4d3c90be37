#pragma once

// The read model out of the record: every live statement of a ledger's snapshot through the builder that a file's
// statements go through, so that an imported file gives the same histories as the file itself.
//
// Settings, rates, item costs and customers' earlier orders come from the snapshot. Money in a currency that has no
// rate on its day cannot be counted: orders stand under `unconverted`, anything else is listed in `unused`. An act of
// joining or leaving is a customer file's consent or unsubscription with its day, or an event that says so.
//
// Cost: 2 M orders/s, and what the builder takes. Errors: those of the snapshot's reads and of the builder.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/ledger.h"
#include "timeline/histories.h"
#include "timeline/statements.h"
#include "timeline/trace.h"

namespace behoud::timeline {

// Some of the ledger's statements, by their seqs, ascending.
struct SomeStatements {
  std::vector<ledger::Seq> orders, refunds, customers;
  bool subscriptions_and_costs = false;  // all of them
};

struct RebuildOptions {
  bool keep_order_ids = false;
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;  // orders; may be empty
  bool keep_seqs = false;
  // For whoever wants more of them than figures are made of: every live statement about a customer, and every event of
  // one, with the customer's number. May be empty; an error ends the rebuild.
  std::function<Result<void>(std::uint32_t customer, const ledger::CustomerRecord&)> customer{};
  std::function<Result<void>(std::uint32_t customer, const ledger::EventRecord&, ledger::Seq)> event{};
  // What orders were made of is taken down there, and which statements speak of which customer; needs keep_seqs or a
  // trace.
  Statements* statements = nullptr;
  // These statements alone are there, and no events. nullptr: all.
  const SomeStatements* only = nullptr;
  // Where to leave the histories' trace. nullptr: nowhere.
  Trace* trace = nullptr;
};

// Something of the record that no figure counts, and why.
struct Unused {
  std::string what;  // "cost", "item_cost", "subscription_amount": in a currency without a rate
  money::Currency currency;
  std::uint64_t count = 0;
  friend bool operator==(const Unused&, const Unused&) = default;
};

struct Rebuilt {
  Histories histories;
  std::vector<Unused> unused;
};

// Events that are acts of the basis `relation`, by their kinds.
bool is_joining(std::string_view kind);
bool is_leaving(std::string_view kind);

// The shop's rates. Rates are kept against one base; a table of another base is a shop's own, and one shop has one.
Result<money::RateTable> rates_of(const ledger::Snapshot& snapshot);

Result<Rebuilt> rebuild(const ledger::Snapshot& snapshot, const RebuildOptions& options = {});

}  // namespace behoud::timeline
