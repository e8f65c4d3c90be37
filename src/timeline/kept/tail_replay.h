#pragma once

// Brings a timeline from one state of its ledger to a later one by what came in between alone: events take their place
// in their customers' histories; whoever an order, a refund or a customer file speaks of has all of theirs derived
// anew, by the very code that derives everybody's (source/derived.h), from the statements that the index leads to. So
// has whoever an import spoke of that was taken back; and whoever was merged or parted, whose events change hands with
// the identities that they were said of.
//
// Law. What comes out has the same customers with the same histories as deriving everything anew; customers' numbers
// and the codes of words may be others (those who are new are numbered on, and the number of one who is no more is
// nobody's, until they are spoken of again).
//
// Cost: some 50 us a statement about an order, a refund or a customer that is read again, 1 us an event that came, 1 us
// a row of an import that was taken back, 20 us an event of those merged or parted, and what LiveTimeline::replace
// takes.

#include <cstdint>
#include <variant>

#include "timeline/kept/ledger_state.h"
#include "timeline/kept/statement_index.h"
#include "timeline/live/live_timeline.h"
#include "timeline/source/derived.h"

namespace behoud::timeline {

struct Replayed {
  std::uint64_t rows = 0;       // that came, or were taken back: statements about orders and customers, refunds, events
  std::uint64_t customers = 0;  // whose histories were replaced
  std::uint64_t statements = 0;  // that were read again
};

// `live`, `dictionaries` and `index` are of the ledger's state `then`; all their columns may be read. After a NotKept
// or an error they are of no more use, but `live`'s snapshots are as they were. Errors: those of the reads and of
// deriving.
Result<std::variant<Replayed, NotKept>> replay_tail(LiveTimeline& live, Dictionaries& dictionaries,
                                                    StatementIndex& index, const LedgerState& then,
                                                    const ledger::Snapshot& now, std::uint32_t window_days);

}  // namespace behoud::timeline
