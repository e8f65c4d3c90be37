#include "ledger/ledger.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "ledger/internal/backup.h"
#include "ledger/internal/ledger_state.h"
#include "ledger/internal/liveness.h"
#include "ledger/internal/rows.h"
#include "ledger/room_store.h"

namespace behoud::ledger {
namespace {

using internal::Database;
using internal::LedgerState;
using internal::Transaction;

constexpr const char* kSettingsRevision = "SELECT max(seq) FROM setting";

constexpr std::array<std::string_view, 8> kKinds{"",      "orders", "customers",     "costs",
                                                 "items", "rates",  "subscriptions", "events"};

}  // namespace

std::string_view name(ImportKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

std::optional<ImportKind> parse_import_kind(std::string_view name) {
  for (std::size_t i = 1; i < kKinds.size(); ++i) {
    if (kKinds[i] == name) return static_cast<ImportKind>(i);
  }
  return std::nullopt;
}

namespace internal {

Result<Generation> parse_generation(const std::string& hex) {
  Generation g{};
  for (std::size_t i = 0; i < g.size(); ++i) {
    const char* at = hex.data() + 2 * i;
    if (hex.size() != 32 || std::from_chars(at, at + 2, g[i], 16).ptr != at + 2) {
      return fail(Errc::kCorrupt, "the ledger's generation cannot be read");
    }
  }
  return g;
}

Result<void> along(LedgerState& state, const AlongWith& with, const ImportRow& row) {
  if (!with) return {};
  RoomWriter writer(*state.writer);
  return with(writer, row);
}

Result<void> set_revision(Database& db, std::int64_t revision) { return set_meta(db, "revision", revision); }

Result<void> sweep(LedgerState& state, ImportId id) {
  Database& db = *state.writer;
  struct Marks {
    std::int64_t first_seq, last_seq, identity, contact, code;
  } m{};
  {
    const auto pass = state.gate.enter();
    TRY_ASSIGN(auto s, db.prepare("SELECT first_seq, last_seq, first_identity, first_contact, first_code FROM import "
                                  "WHERE id = ?1"));
    s.bind(1, id);
    TRY_ASSIGN(const bool there, s.step());
    if (!there) return {};
    m = {s.integer(0), s.integer(1), s.integer(2), s.integer(3), s.integer(4)};
    s.reset();
    // From here on it can only be removed, never resumed: part of it may be gone.
    TRY(db.run("UPDATE import SET state = ?2 WHERE id = ?1", id, kStateRemoved));
  }
  const auto step = static_cast<std::int64_t>(state.folder.environment().chunk_rows);
  for (std::int64_t high = m.last_seq; high >= m.first_seq; high -= step) {
    const std::int64_t low = std::max(m.first_seq, high - step + 1);
    const auto pass = state.gate.enter();
    TRY_ASSIGN(auto transaction, Transaction::begin(db));
    TRY(
        db.run("DELETE FROM order_line WHERE id >= ?1 << 16 AND id < (?2 + 1) << 16 AND "
               "(id >> 16) IN (SELECT seq FROM order_event WHERE seq BETWEEN ?1 AND ?2 AND import = ?3)",
               low, high, id));
    TRY(
        db.run("DELETE FROM event_body WHERE seq BETWEEN ?1 AND ?2 AND "
               "seq IN (SELECT seq FROM event WHERE seq BETWEEN ?1 AND ?2 AND import = ?3)",
               low, high, id));
    for (const char* table : {"order_event", "refund", "event", "customer", "cost", "item", "rate", "subscription"}) {
      TRY(db.run(fmt::format("DELETE FROM {} WHERE seq BETWEEN ?1 AND ?2 AND import = ?3", table), low, high, id));
    }
    TRY(transaction.commit());
    if (state.log_is_long()) TRY(db.checkpoint());
  }
  // Only one import is open at a time and nothing else makes these rows, so all from its marks on are its own.
  struct Added {
    const char *table, *number;
    std::int64_t first;
  } const texts[] = {{"identity", "id", m.identity}, {"contact", "id", m.contact}, {"dictionary", "code", m.code}};
  for (const Added& t : texts) {
    for (bool more = true; more;) {
      const auto pass = state.gate.enter();
      TRY_ASSIGN(auto transaction, Transaction::begin(db));
      TRY_ASSIGN(const auto last, db.integer(fmt::format("SELECT max({}) FROM {}", t.number, t.table)));
      const std::int64_t low = std::max(t.first, last.value_or(0) - step + 1);
      TRY(db.run(fmt::format("DELETE FROM {} WHERE {} >= ?1", t.table, t.number), low));
      TRY(transaction.commit());
      if (state.log_is_long()) TRY(db.checkpoint());
      more = low > t.first;
    }
  }
  const auto pass = state.gate.enter();
  TRY_ASSIGN(auto transaction, Transaction::begin(db));
  TRY(db.run("DELETE FROM import_assertion WHERE import = ?1", id));
  TRY(db.run("DELETE FROM import WHERE id = ?1", id));
  return transaction.commit();
}

Result<int> sweep_all(LedgerState& state) {
  std::vector<ImportId> unfinished;
  {
    const auto pass = state.gate.enter();
    TRY_ASSIGN(const auto imports, read_imports(*state.writer));
    for (const ImportRow& i : imports) {
      if (i.state == ImportState::kOpen || i.state == kRemoved) unfinished.push_back(i.id);
    }
  }
  // The newest first: the marks of each are then the end of what is left.
  for (auto it = unfinished.rbegin(); it != unfinished.rend(); ++it) TRY(sweep(state, *it));
  return static_cast<int>(unfinished.size());
}

}  // namespace internal

Ledger::Ledger(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Ledger::Ledger(Ledger&&) noexcept = default;
Ledger& Ledger::operator=(Ledger&&) noexcept = default;
Ledger::~Ledger() = default;

Result<Ledger> Ledger::open(DataFolder folder) {
  const Environment env = folder.environment();
  const std::string path = folder.database_path();
  const bool write = folder.access() == Access::kWrite;
  auto impl = std::make_unique<Impl>(std::move(folder));
  if (write) {
    TRY_ASSIGN(impl->writer, Database::open(path, Database::Mode::kWrite, env.vfs));
  }
  TRY_ASSIGN(impl->reader, Database::open(path, Database::Mode::kRead, env.vfs));
  TRY_ASSIGN(const auto meta, internal::read_meta(*impl->reader));
  TRY_ASSIGN(impl->generation, internal::parse_generation(meta.generation));
  impl->sample = meta.sample;
  impl->key = {env.entropy(), env.entropy()};
  return Ledger(std::move(impl));
}

const DataFolder& Ledger::folder() const { return impl_->folder; }
bool Ledger::sample() const { return impl_->sample; }
const Generation& Ledger::generation() const { return impl_->generation; }
ImportQueue& Ledger::import_queue() const { return impl_->import_queue; }

Result<std::int64_t> Ledger::revision() const {
  const std::lock_guard lock(impl_->reader_mutex);
  TRY_ASSIGN(const auto revision, impl_->reader->integer("SELECT value FROM meta WHERE name = 'revision'"));
  return revision.value_or(0);
}
Result<Settings> Ledger::settings() const {
  const std::lock_guard lock(impl_->reader_mutex);
  return internal::read_settings(*impl_->reader);
}
Result<std::int64_t> Ledger::settings_revision() const {
  const std::lock_guard lock(impl_->reader_mutex);
  TRY_ASSIGN(const auto newest, impl_->reader->integer(kSettingsRevision));
  return newest.value_or(0);
}
Result<std::vector<RejectedRow>> Ledger::rejected_rows(ImportId id) const {
  const std::lock_guard lock(impl_->reader_mutex);
  Database& db = *impl_->reader;
  // The very same file again was not read again: its rows are those of the first.
  TRY_ASSIGN(const auto root,
             db.integer("SELECT coalesce(repeats, id) FROM import WHERE id = ?1 AND state IN (1, 2)", id));
  if (!root)
    return fail(Errc::kNotFound, fmt::format("there is no import {}", id), "`behoud imports` lists them", {},
                {"problem.import_gone", {{"import", id}}});
  std::vector<RejectedRow> out;
  TRY_ASSIGN(auto rows,
             db.prepare("SELECT file, line, column_name, reason, excerpt FROM rejected_row WHERE import = ?1 "
                        "ORDER BY nth"));
  rows.bind(1, *root);
  for (;;) {
    TRY_ASSIGN(const bool there, rows.step());
    if (!there) return out;
    out.push_back(
        {rows.text(0), static_cast<std::uint64_t>(rows.integer(1)), rows.text(2), rows.text(3), rows.text(4)});
  }
}
Result<std::vector<ImportRow>> Ledger::imports() const {
  const std::lock_guard lock(impl_->reader_mutex);
  TRY_ASSIGN(auto imports, internal::read_imports(*impl_->reader));
  TRY(internal::count_rejected(*impl_->reader, imports));
  std::erase_if(imports, [](const ImportRow& i) { return i.state == internal::kRemoved; });
  for (ImportRow& i : imports) i.meta.sample = impl_->sample;
  return imports;
}

Result<int> Ledger::sweep_unfinished() {
  TRY(impl_->may_write());
  if (impl_->importing.exchange(true)) return fail(Errc::kConflict, "an import is under way");
  const auto swept = internal::sweep_all(*impl_);
  impl_->importing = false;
  return swept;
}

Result<ImportRow> Ledger::undo_import(ImportId id, const AlongWith& with) {
  TRY(impl_->may_write());
  TRY_ASSIGN(const auto pass, impl_->let_in());
  Database& db = *impl_->writer;
  TRY_ASSIGN(auto transaction, Transaction::begin(db));
  TRY_ASSIGN(const auto before, internal::Liveness::read(db));
  const ImportRow* row = before.find(id);
  if (!row || row->state == internal::kRemoved) {
    return fail(Errc::kNotFound, fmt::format("there is no import {}", id), "`behoud imports` lists them", {},
                {"problem.import_gone", {{"import", id}}});
  }
  if (row->state == ImportState::kUndone) {
    return fail(Errc::kConflict, fmt::format("import {} was taken back already", id), {}, {},
                {"problem.import_taken_back", {{"import", id}}});
  }
  if (row->state == ImportState::kOpen) {
    return fail(Errc::kConflict, fmt::format("import {} is not finished", id), {}, {},
                {"problem.import_unfinished", {{"import", id}}});
  }
  const ImportId root = row->repeats.value_or(id);
  TRY_ASSIGN(const auto meta, internal::read_meta(db));
  const std::int64_t now = impl_->folder.environment().now().ms;
  TRY(db.run("UPDATE import SET state = ?2, undone_seq = ?3, undone_at = ?4 WHERE id = ?1", id,
             static_cast<int>(ImportState::kUndone), meta.next_seq, now));
  TRY(internal::set_meta(db, "next_seq", meta.next_seq + 1));
  TRY_ASSIGN(const auto after, internal::Liveness::read(db));
  // Held by another import of the very same file, nothing has changed.
  if (before.live(root) != after.live(root)) TRY(internal::set_revision(db, meta.next_seq));
  ImportRow result = *after.find(id);
  result.meta.sample = impl_->sample;
  TRY(internal::along(*impl_, with, result));
  TRY(transaction.commit());
  impl_->room_version.fetch_add(1, std::memory_order_release);
  return result;
}

Result<void> Ledger::change(const SettingsChange& change, std::optional<std::int64_t> expected) {
  TRY(impl_->may_write());
  TRY_ASSIGN(const auto pass, impl_->let_in());
  Database& db = *impl_->writer;
  TRY_ASSIGN(auto transaction, Transaction::begin(db));
  if (expected) {
    TRY_ASSIGN(const auto newest, db.integer(kSettingsRevision));
    if (newest.value_or(0) != *expected) {
      return fail(Errc::kConflict, "the settings were changed meanwhile",
                  "look at them as they are now, and try again");
    }
  }
  TRY_ASSIGN(const auto meta, internal::read_meta(db));
  std::int64_t next_seq = meta.next_seq;
  TRY_ASSIGN(const bool changed, internal::write_settings(db, change, impl_->folder.environment().now().ms, next_seq));
  if (!changed) return {};
  TRY(internal::set_meta(db, "next_seq", next_seq));
  TRY(internal::set_revision(db, next_seq - 1));
  return transaction.commit();
}

namespace {

// The number of an identity that some committed row may have; nullopt where nobody came with it.
Result<std::optional<std::int64_t>> identity_of(Database& db, const IdentityRef& identity) {
  return db.integer(
      "SELECT id FROM identity WHERE space = ?1 AND value = ?2 AND "
      "id < coalesce((SELECT min(first_identity) FROM import WHERE state NOT IN (1, 2)), 1 << 40)",
      static_cast<int>(identity.space), identity.value);
}

Result<void> record_merge(LedgerState& state, const IdentityRef& a, const IdentityRef& b, bool merged) {
  TRY_ASSIGN(const auto pass, state.let_in());
  Database& db = *state.writer;
  TRY_ASSIGN(auto transaction, Transaction::begin(db));
  TRY_ASSIGN(auto first, identity_of(db, a));
  TRY_ASSIGN(auto second, identity_of(db, b));
  if (!first || !second) return fail(Errc::kNotFound, "nobody came with that identity");
  if (*first > *second) std::swap(first, second);
  if (*first == *second) return fail(Errc::kConflict, "an identity is one customer with itself already");
  TRY_ASSIGN(const auto newest,
             db.integer("SELECT merged FROM merge WHERE a = ?1 AND b = ?2 ORDER BY seq DESC LIMIT 1", *first, *second));
  if ((newest == 1) == merged) {
    if (merged) return {};
    return fail(Errc::kConflict, "the two were not merged");
  }
  TRY_ASSIGN(const auto meta, internal::read_meta(db));
  TRY(db.run("INSERT INTO merge VALUES(?1, ?2, ?3, ?4, ?5)", meta.next_seq, state.folder.environment().now().ms,
             merged ? 1 : 0, *first, *second));
  TRY(internal::set_meta(db, "next_seq", meta.next_seq + 1));
  TRY(internal::set_revision(db, meta.next_seq));
  return transaction.commit();
}

}  // namespace

Result<void> Ledger::merge(const IdentityRef& a, const IdentityRef& b) {
  TRY(impl_->may_write());
  return record_merge(*impl_, a, b, true);
}
Result<void> Ledger::unmerge(const IdentityRef& a, const IdentityRef& b) {
  TRY(impl_->may_write());
  return record_merge(*impl_, a, b, false);
}

Result<void> Ledger::checkpoint() {
  TRY(impl_->may_write());
  TRY_ASSIGN(const auto pass, impl_->let_in());
  return impl_->writer->checkpoint(true);
}

}  // namespace behoud::ledger
