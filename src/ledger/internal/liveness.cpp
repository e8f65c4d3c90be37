#include "ledger/internal/liveness.h"

#include <algorithm>
#include <map>

namespace behoud::ledger::internal {

Result<std::vector<ImportRow>> read_imports(Database& db) {
  std::vector<ImportRow> imports;
  TRY_ASSIGN(auto s, db.prepare("SELECT id, kind, file_name, source, sha256, options, state, received_at, repeats, "
                                "undone_at, rows, added, changed, repeated FROM import ORDER BY id"));
  for (;;) {
    TRY_ASSIGN(const bool row, s.step());
    if (!row) return imports;
    ImportRow& i = imports.emplace_back();
    i.id = static_cast<ImportId>(s.integer(0));
    i.meta.kind = static_cast<ImportKind>(s.integer(1));
    i.meta.file_name = s.text(2);
    i.meta.source = s.text(3);
    i.meta.sha256 = s.text(4);
    i.meta.options = s.text(5);
    i.state = static_cast<ImportState>(s.integer(6));
    i.received = i.came_at = calendar::Instant{s.integer(7)};
    if (const auto repeats = s.maybe(8)) {
      i.repeats = static_cast<ImportId>(*repeats);
      const auto first = std::ranges::lower_bound(imports, *i.repeats, {}, &ImportRow::id);
      if (first != imports.end() && first->id == *i.repeats) i.received = first->received;
    }
    if (const auto at = s.maybe(9)) i.undone_at = calendar::Instant{*at};
    i.rows = static_cast<std::uint64_t>(s.integer(10));
    i.added = static_cast<std::uint64_t>(s.integer(11));
    i.changed = static_cast<std::uint64_t>(s.integer(12));
    i.repeated = static_cast<std::uint64_t>(s.integer(13));
  }
}

Result<void> count_rejected(Database& db, std::vector<ImportRow>& imports) {
  // They are numbered from 0 without a gap, so that the last of each is found at once.
  TRY_ASSIGN(auto s, db.prepare("SELECT id, (SELECT max(nth) + 1 FROM rejected_row WHERE import = coalesce(repeats, "
                                "id)) FROM import ORDER BY id"));
  auto at = imports.begin();
  for (;;) {
    TRY_ASSIGN(const bool row, s.step());
    if (!row) return {};
    const auto id = static_cast<ImportId>(s.integer(0));
    while (at != imports.end() && at->id < id) ++at;
    if (at != imports.end() && at->id == id) at->rejected = static_cast<std::uint64_t>(s.maybe(1).value_or(0));
  }
}

const ImportRow* Liveness::find(ImportId id) const {
  const auto it = std::lower_bound(imports_.begin(), imports_.end(), id,
                                   [](const ImportRow& row, ImportId wanted) { return row.id < wanted; });
  return it != imports_.end() && it->id == id ? &*it : nullptr;
}

Result<Liveness> Liveness::read(Database& db, std::optional<ImportId> open) {
  Liveness l;
  TRY_ASSIGN(l.imports_, read_imports(db));
  TRY(count_rejected(db, l.imports_));
  const std::size_t size = l.imports_.empty() ? 1 : l.imports_.back().id + std::size_t{1};
  l.live_.resize(size);
  l.received_.resize(size);
  for (const ImportRow& i : l.imports_) {
    l.received_[i.id] = i.received;
    if (i.state != ImportState::kCommitted && open != i.id) continue;
    l.live_[i.id] = true;
    if (i.repeats && *i.repeats < i.id) l.live_[*i.repeats] = true;  // itself repeats nothing: Ledger takes the root
  }
  for (const ImportRow& i : l.imports_) l.any_dead_ = l.any_dead_ || !l.live_[i.id];

  // A sweep over the bounds of all asserted ranges, with the times of those that are open at each.
  struct Bound {
    Seq at;
    bool opens;
    calendar::Instant received;
  };
  std::vector<Bound> bounds;
  const auto each = [&](const Row& row) -> Result<void> {
    const auto import = static_cast<ImportId>(row.integer(0));
    if (!l.live(import)) return {};
    bounds.push_back({static_cast<Seq>(row.integer(1)), true, l.received_[import]});
    bounds.push_back({static_cast<Seq>(row.integer(2)) + 1, false, l.received_[import]});
    return {};
  };
  TRY(db.scan("import, first_seq, last_seq", "FROM import_assertion", {}, each));
  std::sort(bounds.begin(), bounds.end(), [](const Bound& a, const Bound& b) { return a.at < b.at; });
  std::map<calendar::Instant, int> held;
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    const Bound& b = bounds[i];
    if (b.opens) {
      ++held[b.received];
    } else if (const auto it = held.find(b.received); --it->second == 0) {
      held.erase(it);
    }
    if (held.empty() || i + 1 == bounds.size() || bounds[i + 1].at == b.at) continue;
    const Seq last = bounds[i + 1].at - 1;
    const calendar::Instant received = held.rbegin()->first;
    if (!l.asserted_.empty() && l.asserted_.back().last + 1 == b.at && l.asserted_.back().received == received) {
      l.asserted_.back().last = last;
    } else {
      l.asserted_.push_back({b.at, last, received});
    }
  }
  return l;
}

std::optional<calendar::Instant> Liveness::Walk::received(Seq seq, ImportId import) {
  while (next_ < of_.asserted_.size() && of_.asserted_[next_].last < seq) ++next_;
  const bool again = next_ < of_.asserted_.size() && of_.asserted_[next_].first <= seq;
  if (!of_.live(import)) {
    if (again) return of_.asserted_[next_].received;
    return std::nullopt;
  }
  const calendar::Instant own = of_.received_[import];
  return again ? std::max(own, of_.asserted_[next_].received) : own;
}

}  // namespace behoud::ledger::internal
