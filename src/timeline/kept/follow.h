#pragma once

// Histories that go on with their ledger: those of one state and what came since give those of the next, at the cost of
// one copy of their columns and of deriving anew whoever is touched (touched.h), where that can be told customer by
// customer; else the reason, and all is rebuilt.
//
//   TRY_ASSIGN(Founded shop, rebuild_to_follow(snapshot));
//   ...
//   TRY_ASSIGN(auto next, follow(shop.rebuilt.histories, *shop.footing, later));
//
// Law. What comes out is what rebuild() gives: the same customers in the same order with the same orders, sums and
// acts. Only dictionaries of orders' words may differ, after something was taken back: words that nobody says any more
// may stay, and others keep codes that have become those of a later word.
//
// Cost: some 0.1 us an order for the columns, 50 us a statement that is read again, 1 us an event that came; all
// subscriptions and costs are read. Memory: what the histories take once more while both are there; the footing takes
// 12 bytes an order, 4 an event and some 70 a customer, and 60 a statement that came since the rebuild.

#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "timeline/kept/ledger_state.h"
#include "timeline/kept/statement_index.h"
#include "timeline/kept/tail_replay.h"
#include "timeline/rebuild.h"
#include "timeline/trace.h"

namespace behoud::timeline {

// What must be known of histories to follow on from them. Belongs to one thread.
struct Footing {
  LedgerState at;
  StatementIndex index;
  Trace trace;
  std::vector<std::uint32_t> numbers;  // in the index, by customer
  std::shared_ptr<const void> file;    // that the index lies in, if it does
};

struct Founded {
  Rebuilt rebuilt;
  std::optional<Footing> footing;  // nullopt: the ledger is too long to be followed
};
// Errors: those of rebuild().
Result<Founded> rebuild_to_follow(const ledger::Snapshot& snapshot, RebuildOptions options = {});

struct Followed {
  Rebuilt rebuilt;
  Replayed replayed;
};
// Requires histories without order ids and seqs. The footing is that of what comes out afterwards; after a NotKept or
// an error it is of no more use. Errors: those of the reads.
Result<std::variant<Followed, NotKept>> follow(const Histories& then, Footing& footing, const ledger::Snapshot& now);

}  // namespace behoud::timeline
