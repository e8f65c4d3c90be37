#include "timeline/kept/ledger_state.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "timeline/column_file/description.h"

namespace behoud::timeline {
namespace {

using ledger::ImportId;
using ledger::ImportKind;
using ledger::ImportRow;
using ledger::ImportState;
using Stretch = ledger::Snapshot::Stretch;

bool same_settings(const LedgerState& a, const LedgerState& b) {
  return a.zone == b.zone && a.currency == b.currency && a.window_days == b.window_days && a.words == b.words;
}

// Whether the rows that an import brought count because of it, or of another import of the very same file.
using Standing = std::map<ImportId, bool>;
Standing standing(const std::map<ImportId, int>& states, const std::vector<ImportRow>& imports) {
  Standing out;
  for (const ImportRow& i : imports) {
    const auto state = states.find(i.id);
    out[i.repeats.value_or(i.id)] |=
        state != states.end() && state->second == static_cast<int>(ImportState::kCommitted);
  }
  return out;
}

// Disjoint and ascending.
std::vector<Stretch> united(std::vector<Stretch> stretches) {
  std::ranges::sort(stretches, {}, &Stretch::first);
  std::vector<Stretch> out;
  for (const Stretch& s : stretches) {
    if (!out.empty() && s.first <= out.back().last) {
      out.back().last = std::max(out.back().last, s.last);
    } else {
      out.push_back(s);
    }
  }
  return out;
}

// What imports that were taken back said: their own rows, and those of others that count no more without them.
Result<std::optional<NotKept>> take_undone(const Standing& stood, const Standing& stands, const ledger::Snapshot& now,
                                           Tail& tail) {
  for (const ImportRow& import : now.imports()) {
    if (import.repeats || !stood.at(import.id) || stands.at(import.id)) continue;
    const bool says = import.added + import.changed + import.repeated > 0;
    const ImportKind kind = import.meta.kind;
    if (kind == ImportKind::kCosts || !says) continue;
    if (kind == ImportKind::kSubscriptions) return NotKept::kSubscriptions;
    if (kind == ImportKind::kRates || kind == ImportKind::kItems) return NotKept::kOtherRates;
    // What these rows stood before comes back, and nothing kept knows it.
    if (kind == ImportKind::kEvents && import.changed > 0) return NotKept::kRestatedEvents;
    auto& gone = kind == ImportKind::kOrders   ? tail.orders_gone
                 : kind == ImportKind::kEvents ? tail.events_gone
                                               : tail.customers_gone;
    TRY_ASSIGN(const Stretch brought, now.brought_by(import.id));
    if (brought.last >= brought.first) gone.push_back(brought);
    TRY_ASSIGN(const std::vector<Stretch> again, now.said_again_by(import.id));
    if (again.empty()) continue;
    if (kind == ImportKind::kOrders) tail.said_again.insert(tail.said_again.end(), again.begin(), again.end());
    for (const ImportRow& other : now.imports()) {
      if (other.repeats || other.meta.kind != kind || stands.at(other.id)) continue;
      TRY_ASSIGN(const Stretch theirs, now.brought_by(other.id));
      for (const Stretch& s : again) {
        const Stretch both{std::max(s.first, theirs.first), std::min(s.last, theirs.last)};
        if (both.last >= both.first) gone.push_back(both);
      }
    }
  }
  for (auto* gone : {&tail.orders_gone, &tail.customers_gone, &tail.events_gone}) {
    *gone = united(std::move(*gone));
    for (const Stretch& s : *gone) tail.seqs_gone += s.last - s.first + 1;
  }
  return std::optional<NotKept>();
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
    if (!next.imports.contains(id)) return NotKept::kOtherLedger;  // none is ever forgotten
  }
  Tail tail;
  TRY_ASSIGN(tail.regrouped, now.regrouped_since(then.revision));
  const Standing stood = standing(then.imports, now.imports()), stands = standing(next.imports, now.imports());
  TRY_ASSIGN(const auto undone, take_undone(stood, stands, now, tail));
  if (undone) return *undone;

  const auto take = [&](std::vector<Stretch>& to, ledger::ImportId id) -> Result<void> {
    TRY_ASSIGN(const Stretch brought, now.brought_by(id));
    if (brought.last >= brought.first) to.push_back(brought);
    return {};
  };
  for (const ledger::ImportRow& import : now.imports()) {
    // Of the very same file again, while the first stands: it says nothing.
    if (import.repeats || stood.at(import.id) || !stands.at(import.id)) continue;
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
  for (const auto* stretches :
       {&tail.orders, &tail.customers, &tail.events, &tail.orders_gone, &tail.customers_gone, &tail.events_gone}) {
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
