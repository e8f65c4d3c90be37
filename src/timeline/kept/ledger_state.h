#pragma once

// What of a ledger's state decides, beside its statements, what is derived from it; and what a later state has that an
// earlier one had not.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ledger/ledger.h"
#include "timeline/kept/kept_mark.h"

namespace behoud::timeline {

struct LedgerState {
  ledger::Generation generation{};
  std::int64_t revision = -1;                     // of no state
  std::string zone;                               // empty: not chosen
  std::uint32_t currency = 0;                     // packed; 0: not chosen
  std::int64_t window_days = 0;                   // 0: not chosen
  std::map<std::string, int, std::less<>> words;  // status words of the shop's own reading
  std::map<ledger::ImportId, int> imports;        // and their states
  friend bool operator==(const LedgerState&, const LedgerState&) = default;
};
LedgerState state_of(const ledger::Snapshot& snapshot);

std::string encode(const LedgerState& state);
// Errors: kCorrupt.
Result<LedgerState> decode_ledger_state(std::string_view bytes);

// The stretches of seqs that came.
struct Tail {
  std::vector<ledger::Snapshot::Stretch> orders, customers, events;
  // Order statements that were there, and were received again, or not as late as they were.
  std::vector<ledger::Snapshot::Stretch> said_again;
  // Rows of which some count no more: the imports that said them were taken back.
  std::vector<ledger::Snapshot::Stretch> orders_gone, customers_gone, events_gone;
  std::uint64_t seqs_gone = 0;  // at most so many
  // The customers of other identities than before, as they were and as they are: merged, or parted.
  std::vector<ledger::Snapshot::CustomerName> regrouped;
};
// Or why it cannot be told. Errors: those of the snapshot's reads.
Result<std::variant<Tail, NotKept>> tail_since(const LedgerState& then, const ledger::Snapshot& now);

}  // namespace behoud::timeline
