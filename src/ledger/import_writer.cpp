#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <variant>

#include <fmt/format.h>
#include <unistd.h>

#include "ledger/internal/arena.h"
#include "ledger/internal/ledger_state.h"
#include "ledger/internal/liveness.h"
#include "ledger/internal/names.h"
#include "ledger/internal/rows.h"
#include "ledger/internal/schema.h"
#include "ledger/internal/statement_table.h"
#include "ledger/ledger.h"

namespace behoud::ledger {
namespace {

using internal::Arena;
using internal::Cell;
using internal::Database;
using internal::LedgerState;
using internal::Liveness;
using internal::Names;
using internal::StatementTable;
using internal::TableShape;
using internal::Transaction;
using internal::WriteGate;

// A batch stays in the cache of a core; what a group of rows will look up is fetched before the first of them needs it.
constexpr std::uint64_t kBatchRowsMax = 1024;
constexpr std::size_t kGroupRows = 32;
// A chunk that others wait for ends after so many rows, however large it may grow where nobody does: a short write is
// then let in within some ten milliseconds, and an import whose server is asked much still makes good way.
constexpr std::uint64_t kRowsOthersWaitFor = 4096;
// A chunk that no further batch joins within this time is committed, so that a slow source holds up no other writer.
constexpr std::chrono::milliseconds kChunkIdle{100};

using Record = std::variant<OrderAssertion, RefundRecord, CustomerRecord, CostRecord, ItemRecord, RateRecord,
                            SubscriptionRecord, EventRecord>;

// ---- Copies of records whose texts live in a batch's arena.

IdentityRef copy(const IdentityRef& i, Arena& arena) { return {i.space, arena.copy(i.value)}; }

OrderAssertion copy(const OrderAssertion& o, Arena& arena) {
  OrderAssertion c = o;
  for (std::string_view* text : {&c.order_id, &c.alias, &c.customer.value, &c.email, &c.phone, &c.name, &c.status,
                                 &c.coupon, &c.source, &c.country}) {
    *text = arena.copy(*text);
  }
  const auto lines = arena.copy(o.lines);
  for (OrderLine& l : lines) {
    l.item = arena.copy(l.item);
    l.name = arena.copy(l.name);
  }
  c.lines = lines;
  const auto refunds = arena.copy(o.refunds);
  for (RefundPart& r : refunds) r.id = arena.copy(r.id);
  c.refunds = refunds;
  return c;
}
RefundRecord copy(const RefundRecord& r, Arena& arena) {
  RefundRecord c = r;
  c.customer = copy(r.customer, arena);
  return c;
}
CustomerRecord copy(const CustomerRecord& r, Arena& arena) {
  CustomerRecord c = r;
  c.id = copy(r.id, arena);
  for (std::string_view* text : {&c.email, &c.phone, &c.name, &c.country, &c.source, &c.language}) {
    *text = arena.copy(*text);
  }
  return c;
}
EventRecord copy(const EventRecord& r, Arena& arena) {
  EventRecord c = r;
  c.customer = copy(r.customer, arena);
  for (std::string_view* text : {&c.message_id, &c.kind, &c.source, &c.campaign, &c.properties}) {
    *text = arena.copy(*text);
  }
  return c;
}
template <class Owned>
Owned copy(const Owned& r, Arena&) {
  return r;
}

struct Entry {
  Record record;
  bool durable;  // written by an earlier attempt
};
struct Batch {
  Arena arena;
  std::vector<Entry> entries;
  void clear() {
    entries.clear();
    arena.reset();
  }
};

std::span<const TableShape* const> tables_of(ImportKind kind) {
  static constexpr std::array orders{&internal::kOrderTable, &internal::kRefundTable};
  static constexpr std::array customers{&internal::kCustomerTable};
  static constexpr std::array costs{&internal::kCostTable};
  static constexpr std::array items{&internal::kItemTable};
  static constexpr std::array rates{&internal::kRateTable};
  static constexpr std::array subscriptions{&internal::kSubscriptionTable};
  static constexpr std::array events{&internal::kEventTable};
  switch (kind) {
    case ImportKind::kOrders:
      return orders;
    case ImportKind::kCustomers:
      return customers;
    case ImportKind::kCosts:
      return costs;
    case ImportKind::kItems:
      return items;
    case ImportKind::kRates:
      return rates;
    case ImportKind::kSubscriptions:
      return subscriptions;
    case ImportKind::kEvents:
      return events;
  }
  return {};
}

bool same_import(const ImportMeta& a, const ImportMeta& b) {
  return !a.sha256.empty() && a.kind == b.kind && a.sha256 == b.sha256 && a.source == b.source &&
         a.options == b.options;
}

}  // namespace

struct ImportWriter::Impl {
  explicit Impl(LedgerState& s) : state(s), batch_rows(std::min(kBatchRowsMax, s.folder.environment().chunk_rows)) {}
  ~Impl();

  LedgerState& state;
  // A dry run reads the ledger through a connection of its own, and writes into a database that nobody else sees. It
  // holds no lock of the ledger: what it reads is never changed, and what comes meanwhile it does not look at.
  std::optional<Database> view, scratch;
  const std::uint64_t batch_rows;
  ImportRow row;  // counters are those of the durable chunks and of the one under way
  std::uint64_t resumed_rows = 0;
  std::uint64_t given = 0;  // to add()
  bool ended = false;       // committed or aborted
  bool sole = false;        // holds state.importing

  // ---- The caller's side: fills one batch while the writer works on another.
  std::mutex mutex;
  std::condition_variable changed;
  Batch batches[2];
  int filling = 0;
  bool waiting = false;  // batches[1 - filling] is with the writer
  bool last = false;     // no batch comes after it
  bool dropped = false;  // and that one is not wanted
  std::optional<Error> error;
  std::thread thread;

  // ---- The writer's side.
  std::optional<Names> names;
  std::vector<std::unique_ptr<StatementTable>> tables;
  std::vector<Cell> lines;
  struct OfOrder {
    StatementTable::Hashes names;
    internal::OrderHashes people;
  };
  std::vector<OfOrder> hashes;  // of the orders of the group, one after the other
  const OfOrder* next_hashes = nullptr;
  WriteGate::Pass pass;  // held from the first row of a chunk to its commit
  std::optional<Transaction> transaction;
  std::uint64_t rows_in_chunk = 0;
  std::int64_t next_seq = 0;
  std::int64_t first_seq = 0;  // of the import
  struct Range {
    Seq first, last;
  };
  std::vector<Range> repeated;  // of other imports' rows, in this chunk
  std::vector<RejectedRow> rejected;

  static Result<ImportWriter> begin_trial(LedgerState& state, const ImportMeta& meta);
  Result<void> load(Database& from, const ImportMeta& meta, std::optional<ImportId> resumed);
  Result<void> insert_row(Database& db);

  template <class T>
  Result<void> take(const T& record, ImportKind kind);
  Result<void> hand_over();
  Result<void> drain();  // until the writer has written everything given and ended
  void run();
  Result<void> write(Batch& batch);
  Result<void> write(Entry& entry, Arena& arena);
  Result<void> begin_chunk();
  Result<void> end_chunk();
  Result<void> write_progress();
  void stop();  // drops what was not written
  void let_others_in();
};

// ---- Beginning

Result<ImportWriter> Ledger::begin_import(const ImportMeta& meta) {
  if (!meta.dry_run) TRY(impl_->may_write());
  if (meta.sample != impl_->sample) {
    return fail(Errc::kConflict,
                impl_->sample ? "this folder holds a sample shop, and own data never mixes with it"
                              : "this folder holds a shop's own data, and a sample never mixes with it",
                "name another folder with --data");
  }
  if (meta.dry_run) return ImportWriter::Impl::begin_trial(*impl_, meta);
  if (impl_->importing.exchange(true)) {
    return fail(Errc::kConflict, "another import is under way", "wait until it is done");
  }
  auto w = std::make_unique<ImportWriter::Impl>(*impl_);
  w->sole = true;  // gives `importing` back
  Database& db = *impl_->writer;

  // What the ledger holds is read beside whoever writes: that takes seconds where it is much. Only an import, of which
  // there is one at a time, makes rows, identities and texts; what else comes meanwhile only takes seqs.
  TRY_ASSIGN(auto view, impl_->read());
  TRY(view.execute("BEGIN"));
  TRY_ASSIGN(const auto imports, internal::read_imports(view));
  std::optional<ImportRow> resumed;
  for (const ImportRow& i : imports) {
    if (i.state == ImportState::kOpen && same_import(i.meta, meta)) resumed = i;
  }
  if (!resumed) {
    TRY(view.execute("COMMIT"));
    TRY(internal::sweep_all(*impl_));
    TRY(view.execute("BEGIN"));
  }
  TRY(w->load(view, meta, resumed ? std::optional(resumed->id) : std::nullopt));
  if (resumed && !w->row.repeats) {
    w->row = *resumed;
    w->row.meta = meta;
    w->resumed_rows = resumed->rows;
    TRY_ASSIGN(const auto first, view.integer("SELECT first_seq FROM import WHERE id = ?1", resumed->id));
    w->first_seq = first.value_or(0);
  }
  TRY(view.execute("COMMIT"));
  if (w->row.repeats) return ImportWriter(std::move(w));

  {
    const auto pass = impl_->gate.enter();
    TRY(w->names->write_to(db));
    for (const auto& table : w->tables) TRY(table->write_to(db));
    if (!resumed) {
      TRY_ASSIGN(auto transaction, Transaction::begin(db));
      TRY_ASSIGN(const auto stored, internal::read_meta(db));
      w->first_seq = w->next_seq = stored.next_seq;
      TRY(w->insert_row(db));
      TRY(transaction.commit());
    }
  }
  w->thread = std::thread([impl = w.get()] { impl->run(); });
  return ImportWriter(std::move(w));
}

Result<ImportWriter> ImportWriter::Impl::begin_trial(LedgerState& state, const ImportMeta& meta) {
  auto w = std::make_unique<ImportWriter::Impl>(state);
  TRY_ASSIGN(w->view, state.read());
  Database& view = *w->view;
  TRY(view.execute("BEGIN"));
  TRY(w->load(view, meta, std::nullopt));
  TRY(view.execute("COMMIT"));
  if (w->row.repeats) return ImportWriter(std::move(w));
  // A name that nobody else has, for the moment that it has one.
  const std::string path = fmt::format("{}/dry-run-{}-{}.db", state.folder.path(), ::getpid(), state.trials++);
  TRY_ASSIGN(w->scratch, Database::open(path, Database::Mode::kScratch, state.folder.environment().vfs));
  for (const internal::Migration& m : internal::migrations()) TRY(w->scratch->execute(m.sql));
  const auto first = static_cast<Seq>(w->next_seq);
  for (const auto& table : w->tables) TRY(table->try_beside(view, *w->scratch, first));
  TRY_ASSIGN(w->transaction, Transaction::begin(*w->scratch));  // one, to keep what is small in memory
  w->thread = std::thread([impl = w.get()] { impl->run(); });
  return ImportWriter(std::move(w));
}

// Reads what is there, inside a transaction of `from`, and begins the import's row.
Result<void> ImportWriter::Impl::load(Database& from, const ImportMeta& meta, std::optional<ImportId> resumed) {
  TRY_ASSIGN(const auto stored, internal::read_meta(from));
  TRY_ASSIGN(const auto liveness, Liveness::read(from, resumed));
  row.meta = meta;
  row.id = static_cast<ImportId>(stored.next_import);
  row.received = row.came_at = state.folder.environment().now();
  first_seq = next_seq = stored.next_seq;
  for (const ImportRow& i : liveness.imports()) {
    if (i.state != ImportState::kOpen && liveness.live(i.id) && same_import(i.meta, meta)) {
      row.repeats = i.repeats.value_or(i.id);
    }
  }
  if (row.repeats) {
    // Asserts the very rows of the first, at its rank.
    const ImportRow& first = *liveness.find(*row.repeats);
    row.received = first.received;
    row.rows = row.repeated = first.rows;
    row.rejected = first.rejected;
    return {};
  }
  TRY_ASSIGN(names, Names::load(from, state.key));
  for (const TableShape* shape : tables_of(meta.kind)) {
    TRY_ASSIGN(auto table, StatementTable::load(from, *shape, state.key, liveness));
    tables.push_back(std::move(table));
  }
  return {};
}

Result<void> ImportWriter::Impl::insert_row(Database& db) {
  const ImportMeta& m = row.meta;
  TRY(
      db.run("INSERT INTO import(id, kind, file_name, source, sha256, options, state, received_at, first_seq, "
             "last_seq, first_identity, first_contact, first_code) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
             "?11, ?12, ?13)",
             row.id, static_cast<int>(m.kind), m.file_name, m.source, m.sha256, m.options,
             static_cast<int>(ImportState::kOpen), row.received.ms, first_seq, first_seq - 1, names->next_identity(),
             names->next_contact(), names->next_code()));
  return internal::set_meta(db, "next_import", std::int64_t{row.id} + 1);
}

ImportWriter::ImportWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ImportWriter::ImportWriter(ImportWriter&&) noexcept = default;
ImportWriter& ImportWriter::operator=(ImportWriter&&) noexcept = default;
ImportWriter::~ImportWriter() = default;

void ImportWriter::keep_rejected(std::vector<RejectedRow> rows) { impl_->rejected = std::move(rows); }

ImportId ImportWriter::id() const { return impl_->row.id; }
std::optional<ImportId> ImportWriter::repeats() const { return impl_->row.repeats; }
std::uint64_t ImportWriter::resumed_rows() const { return impl_->resumed_rows; }

// ---- The caller's side

template <class T>
Result<void> ImportWriter::Impl::take(const T& record, ImportKind kind) {
  if (row.meta.kind != kind) {
    return fail(Errc::kInvalidArgument, fmt::format("an import of {} does not take this record", name(row.meta.kind)));
  }
  if (ended) return fail(Errc::kInvalidArgument, "the import has ended");
  TRY(internal::check(record));
  if (row.repeats) return {};
  const bool durable = given++ < resumed_rows;
  // What is durable needs to be counted only where equal rows are numbered.
  if (durable && std::is_same_v<T, OrderAssertion>) return {};
  Batch& batch = batches[filling];
  batch.entries.push_back({copy(record, batch.arena), durable});
  return batch.entries.size() >= batch_rows ? hand_over() : Result<void>{};
}

Result<void> ImportWriter::Impl::hand_over() {
  std::unique_lock lock(mutex);
  changed.wait(lock, [&] { return !waiting || error; });
  if (error) return std::unexpected(*error);
  waiting = true;
  filling = 1 - filling;
  changed.notify_all();
  return {};
}

Result<void> ImportWriter::Impl::drain() {
  if (!batches[filling].entries.empty()) TRY(hand_over());
  {
    const std::lock_guard lock(mutex);
    last = true;
    changed.notify_all();
  }
  thread.join();
  if (error) return std::unexpected(*error);
  return {};
}

void ImportWriter::Impl::stop() {
  {
    const std::lock_guard lock(mutex);
    last = dropped = true;
    changed.notify_all();
  }
  if (thread.joinable()) thread.join();
  transaction.reset();  // rolls the chunk back
  pass.release();
}

void ImportWriter::Impl::let_others_in() {
  if (std::exchange(sole, false)) state.importing = false;
}

ImportWriter::Impl::~Impl() {
  stop();
  let_others_in();
}

Result<void> ImportWriter::add(const OrderAssertion& order) { return impl_->take(order, ImportKind::kOrders); }
Result<void> ImportWriter::add(const RefundRecord& refund) { return impl_->take(refund, ImportKind::kOrders); }
Result<void> ImportWriter::add(const CustomerRecord& customer) { return impl_->take(customer, ImportKind::kCustomers); }
Result<void> ImportWriter::add(const CostRecord& cost) { return impl_->take(cost, ImportKind::kCosts); }
Result<void> ImportWriter::add(const ItemRecord& item) { return impl_->take(item, ImportKind::kItems); }
Result<void> ImportWriter::add(const RateRecord& rate) { return impl_->take(rate, ImportKind::kRates); }
Result<void> ImportWriter::add(const SubscriptionRecord& subscription) {
  return impl_->take(subscription, ImportKind::kSubscriptions);
}
Result<void> ImportWriter::add(const EventRecord& event) { return impl_->take(event, ImportKind::kEvents); }

Result<ImportRow> ImportWriter::commit(const SettingsChange& settings, const AlongWith& with) {
  Impl& w = *impl_;
  if (w.ended) return fail(Errc::kInvalidArgument, "the import has ended");
  w.ended = true;
  if (!w.row.repeats) TRY(w.drain());
  if (!w.row.repeats) w.row.rejected = w.rejected.size();
  if (w.row.meta.dry_run) {
    w.stop();
    return w.row;
  }
  Database& db = *w.state.writer;
  if (!w.transaction) TRY(w.begin_chunk());
  if (w.row.repeats) {
    const ImportMeta& m = w.row.meta;
    TRY(db.run(
        "INSERT INTO import(id, kind, file_name, source, sha256, options, state, received_at, repeats, rows, "
        "repeated, first_seq, last_seq, first_identity, first_contact, first_code) VALUES(?1, ?2, ?3, ?4, ?5, "
        "?6, ?7, ?8, ?9, ?10, ?11, 0, -1, 0, 0, 0)",
        w.row.id, static_cast<int>(m.kind), m.file_name, m.source, m.sha256, m.options,
        static_cast<int>(ImportState::kCommitted), w.row.came_at.ms, *w.row.repeats, w.row.rows, w.row.repeated));
    TRY(internal::set_meta(db, "next_import", std::int64_t{w.row.id} + 1));
  }
  TRY_ASSIGN(const bool settings_changed,
             internal::write_settings(db, settings, w.state.folder.environment().now().ms, w.next_seq));
  TRY(db.run("UPDATE import SET state = ?2, committed_seq = ?3 WHERE id = ?1", w.row.id,
             static_cast<int>(ImportState::kCommitted), w.next_seq++));
  // An import of a file that is there already is no change: the same revision, and the same answers.
  if (!w.row.repeats || settings_changed) TRY(internal::set_revision(db, w.next_seq - 1));
  TRY(w.write_progress());
  if (!w.row.repeats) {
    TRY_ASSIGN(auto insert, db.prepare("INSERT INTO rejected_row VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"));
    std::int64_t nth = 0;
    for (const RejectedRow& r : w.rejected) {
      TRY(insert.run(w.row.id, nth++, r.file, r.line, r.column, r.reason, r.excerpt));
    }
  }
  ImportRow committed = w.row;
  committed.state = ImportState::kCommitted;
  TRY(internal::along(w.state, with, committed));
  TRY(w.transaction->commit());
  w.transaction.reset();
  w.row = std::move(committed);
  w.state.room_version.fetch_add(1, std::memory_order_release);
  // It is durable in the log; should there be no room to move it into the file, the next write says so.
  [[maybe_unused]] const auto moved = db.checkpoint();
  w.pass.release();
  w.let_others_in();
  return w.row;
}

Result<void> ImportWriter::abort() {
  Impl& w = *impl_;
  if (w.ended) return fail(Errc::kInvalidArgument, "the import has ended");
  w.ended = true;
  w.stop();
  Result<void> swept;
  if (!w.row.meta.dry_run && !w.row.repeats) swept = internal::sweep(w.state, w.row.id);
  w.let_others_in();
  return swept;
}

// ---- The writer's side

void ImportWriter::Impl::run() {
  for (;;) {
    std::unique_lock lock(mutex);
    const auto ready = [&] { return waiting || last; };
    if (transaction && !row.meta.dry_run) {
      if (!changed.wait_for(lock, kChunkIdle, ready)) {
        lock.unlock();
        auto ended_chunk = end_chunk();
        if (!ended_chunk) {
          lock.lock();
          error = ended_chunk.error();
          break;
        }
        continue;
      }
    } else {
      changed.wait(lock, ready);
    }
    if (!waiting || dropped) return;
    Batch& batch = batches[1 - filling];  // nobody moves `filling` while `waiting`
    lock.unlock();
    const auto written = write(batch);
    batch.clear();
    lock.lock();
    if (!written) {
      error = written.error();
      break;
    }
    waiting = false;
    changed.notify_all();
  }
  // What is not durable yet is lost to this attempt; the import can be resumed after the last chunk.
  transaction.reset();
  pass.release();
  changed.notify_all();
}

Result<void> ImportWriter::Impl::begin_chunk() {
  pass = state.gate.enter();
  TRY_ASSIGN(transaction, Transaction::begin(*state.writer));
  TRY_ASSIGN(const auto meta, internal::read_meta(*state.writer));
  next_seq = meta.next_seq;
  rows_in_chunk = 0;
  return {};
}

Result<void> ImportWriter::Impl::write_progress() {
  Database& db = *state.writer;
  TRY_ASSIGN(auto insert, db.prepare("INSERT INTO import_assertion(import, first_seq, last_seq) VALUES(?1, ?2, ?3)"));
  for (const Range& r : repeated) TRY(insert.run(row.id, r.first, r.last));
  repeated.clear();
  TRY(db.run("UPDATE import SET rows = ?2, added = ?3, changed = ?4, repeated = ?5, last_seq = ?6 WHERE id = ?1",
             row.id, row.rows, row.added, row.changed, row.repeated, row.repeats ? -1 : next_seq - 1));
  return internal::set_meta(db, "next_seq", next_seq);
}

Result<void> ImportWriter::Impl::end_chunk() {
  TRY(write_progress());
  TRY(transaction->commit());
  transaction.reset();
  Result<void> moved;
  if (state.log_is_long()) moved = state.writer->checkpoint();
  pass.release();
  return moved;
}

Result<void> ImportWriter::Impl::write(Batch& batch) {
  if (view) {
    TRY(view->execute("BEGIN"));
  } else if (!transaction) {
    TRY(begin_chunk());
  }
  for (std::size_t from = 0; from < batch.entries.size(); from += kGroupRows) {
    const auto group = std::span(batch.entries).subspan(from, std::min(kGroupRows, batch.entries.size() - from));
    hashes.clear();
    for (const Entry& e : group) {
      if (const auto* order = std::get_if<OrderAssertion>(&e.record)) {
        hashes.push_back({tables[0]->prefetch(order->order_id, order->alias), internal::hashes_of(*order, *names)});
      }
    }
    next_hashes = hashes.data();
    for (Entry& e : group) TRY(write(e, batch.arena));
  }
  TRY(names->flush());
  for (const auto& table : tables) TRY(table->flush());
  if (view) return view->execute("COMMIT");
  rows_in_chunk += batch.entries.size();
  const bool full = rows_in_chunk >= state.folder.environment().chunk_rows;
  return full || (rows_in_chunk >= kRowsOthersWaitFor && state.gate.wanted()) ? end_chunk() : Result<void>{};
}

Result<void> ImportWriter::Impl::write(Entry& entry, Arena& arena) {
  StatementTable& table = *tables[std::holds_alternative<RefundRecord>(entry.record) ? 1 : 0];
  Cell* cells = table.row();
  lines.clear();
  const StatementTable::Hashes* known = nullptr;
  const auto encode = [&]<class T>(const T& r) {
    if constexpr (std::is_same_v<T, OrderAssertion>) {
      const OfOrder& h = *next_hashes++;
      known = &h.names;
      internal::to_row(r, h.people, *names, arena, cells, lines);
    } else if constexpr (std::is_same_v<T, RateRecord>) {
      internal::to_row(r, arena, cells);
    } else if constexpr (std::is_same_v<T, SubscriptionRecord>) {
      internal::to_row(r, *names, arena, cells);
    } else {
      internal::to_row(r, *names, cells);
    }
  };
  std::visit(encode, entry.record);
  if (entry.durable) {
    table.pass_over();
    return {};
  }
  TRY_ASSIGN(const auto stated, table.state(static_cast<Seq>(next_seq), row.id, lines, known));
  ++row.rows;
  switch (stated.outcome) {
    case StatementTable::Outcome::kAdded:
      ++row.added;
      ++next_seq;
      break;
    case StatementTable::Outcome::kChanged:
      ++row.changed;
      ++next_seq;
      break;
    case StatementTable::Outcome::kRepeated:
      ++row.repeated;
      if (stated.import == row.id) break;  // it asserts its own rows anyway
      if (!repeated.empty() && repeated.back().last + 1 == stated.seq) {
        ++repeated.back().last;
      } else if (!repeated.empty() && repeated.back().first == stated.seq + 1) {
        --repeated.back().first;
      } else if (repeated.empty() || stated.seq < repeated.back().first || stated.seq > repeated.back().last) {
        repeated.push_back({stated.seq, stated.seq});
      }
      break;
  }
  return {};
}

}  // namespace behoud::ledger
