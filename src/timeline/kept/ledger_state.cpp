#include "timeline/kept/ledger_state.h"

#include <algorithm>
#include <utility>

#include "timeline/column_file/description.h"

namespace behoud::timeline {
namespace {

using ledger::ImportKind;
using ledger::ImportState;
using Stretch = ledger::Snapshot::Stretch;

bool same_settings(const LedgerState& a, const LedgerState& b) {
  return a.zone == b.zone && a.currency == b.currency && a.window_days == b.window_days && a.words == b.words;
}

}  // namespace

LedgerState state_of(const ledger::Snapshot& snapshot) {
  const ledger::Settings& s = snapshot.settings();
  LedgerState out;
  out.generation = snapshot.generation();
  out.revision = snapshot.revision();
  out.zone = s.zone.value_or("");
  out.currency = s.currency ? s.currency->packed() : 0;
  out.window_days = s.window_days.value_or(0);
  for (const auto& [word, standing] : s.statuses) out.words[word] = static_cast<int>(standing);
  for (const ledger::ImportRow& i : snapshot.imports()) out.imports[i.id] = static_cast<int>(i.state);
  return out;
}

std::string encode(const LedgerState& state) {
  DescriptionWriter out;
  out.text({reinterpret_cast<const char*>(state.generation.data()), state.generation.size()});
  out.integer(state.revision).text(state.zone).number(state.currency).integer(state.window_days);
  out.number(state.words.size());
  for (const auto& [word, standing] : state.words) out.text(word).integer(standing);
  out.number(state.imports.size());
  for (const auto& [id, now] : state.imports) out.number(id).integer(now);
  return out.bytes();
}

Result<LedgerState> decode_ledger_state(std::string_view bytes) {
  DescriptionReader in(bytes);
  LedgerState out;
  const std::string generation = in.text();
  std::ranges::copy_n(generation.begin(),
                      static_cast<std::ptrdiff_t>(std::min(generation.size(), out.generation.size())),
                      out.generation.begin());
  out.revision = in.integer();
  out.zone = in.text();
  out.currency = static_cast<std::uint32_t>(in.number());
  out.window_days = in.integer();
  for (std::uint64_t left = in.many(); left > 0; --left) {
    std::string word = in.text();
    out.words[std::move(word)] = static_cast<int>(in.integer());
  }
  for (std::uint64_t left = in.many(); left > 0; --left) {
    const auto id = static_cast<ledger::ImportId>(in.number());
    out.imports[id] = static_cast<int>(in.integer());
  }
  if (!in.ended_well()) {
    return fail(Errc::kCorrupt, "the ledger's state in the timeline's file cannot be read",
                "It is derived from the ledger and is made anew from it.");
  }
  return out;
}

Result<std::variant<Tail, NotKept>> tail_since(const LedgerState& then, const ledger::Snapshot& now) {
  const LedgerState next = state_of(now);
  if (then.generation != next.generation) return NotKept::kOtherLedger;
  if (then.revision > next.revision) return NotKept::kNewer;
  if (!same_settings(then, next)) return NotKept::kOtherSettings;
  if (next.currency == 0) return NotKept::kNoCurrency;
  for (const auto& [id, state] : then.imports) {
    const auto found = next.imports.find(id);
    if (found == next.imports.end() || found->second != state) return NotKept::kUndone;
  }
  TRY_ASSIGN(const std::uint64_t merges, now.merges_after(static_cast<ledger::Seq>(then.revision)));
  if (merges > 0) return NotKept::kMerged;

  Tail tail;
  const auto take = [&](std::vector<Stretch>& to, ledger::ImportId id) -> Result<void> {
    TRY_ASSIGN(const Stretch brought, now.brought_by(id));
    if (brought.last < brought.first) return {};
    tail.seqs += brought.last - brought.first + 1;
    to.push_back(brought);
    return {};
  };
  for (const ledger::ImportRow& import : now.imports()) {
    // Of the very same file again, while the first stands: it says nothing.
    if (then.imports.contains(import.id) || import.state != ImportState::kCommitted || import.repeats) continue;
    const bool says = import.added + import.changed > 0;
    switch (import.meta.kind) {
      case ImportKind::kOrders: {
        TRY(take(tail.orders, import.id));
        TRY_ASSIGN(const std::vector<Stretch> again, now.said_again_by(import.id));
        tail.said_again.insert(tail.said_again.end(), again.begin(), again.end());
        break;
      }
      case ImportKind::kCustomers:
        TRY(take(tail.customers, import.id));
        break;
      case ImportKind::kEvents:
        if (import.changed > 0) return NotKept::kRestatedEvents;
        TRY(take(tail.events, import.id));
        break;
      case ImportKind::kSubscriptions:
        if (says) return NotKept::kSubscriptions;
        break;
      case ImportKind::kRates:
      case ImportKind::kItems:
        if (says) return NotKept::kOtherRates;
        break;
      case ImportKind::kCosts:
        break;
    }
  }
  for (const auto* stretches : {&tail.orders, &tail.customers, &tail.events}) {
    for (const Stretch& s : *stretches) {
      if (s.last > 0xffff'ffff) return NotKept::kLong;  // more than pairs of statements.h hold
    }
  }
  // Imports go one after the other: seqs ascend with them. One that was resumed may overlap others.
  for (std::vector<Stretch>* stretches : {&tail.orders, &tail.customers, &tail.events}) {
    std::ranges::sort(*stretches, {}, &Stretch::first);
  }
  return tail;
}

}  // namespace behoud::timeline
