#pragma once

// The ledger: the system of record of one shop. Everything a shop's sources said is kept as records that are only ever
// appended; every change to the past (an import taken back, a merge, a setting) is a record at the tail with its own
// seq. Answers are computed from a Snapshot.
//
//   auto folder = DataFolder::open("behoud-data", Access::kWrite, env);
//   auto ledger = Ledger::open(std::move(*folder));
//   auto import = ledger->begin_import({.kind = ImportKind::kOrders, .file_name = "orders.csv", .sha256 = sum});
//   for (...) TRY(import->add(order));
//   TRY_ASSIGN(const auto summary, import->commit());
//   TRY_ASSIGN(const auto snapshot, ledger->snapshot());
//   TRY(snapshot.orders([&](const StoredOrder& o) { return builder.add(o.order, o.received, o.seq); }));
//
// Durability: a call that returned success is on disk (WAL, synchronous=FULL). After a failed fsync every further write
// is refused (kUnavailable) until the process starts again; nothing is ever synced twice.
// Thread-safety: any thread. Of imports there is one at a time (a second begin_import fails with kConflict while one is
// open; import_queue() is where to wait for its end), of dry runs any number: they read what was there as they began.
// Other changes wait for their turn behind what is being written, 5 seconds at most (busy()); an import lets them in.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ledger/data_folder.h"
#include "ledger/import_queue.h"
#include "ledger/order.h"
#include "ledger/records.h"

namespace behoud::ledger {

using ImportId = std::uint32_t;  // from 1, never reused
using Seq = std::uint64_t;

enum class ImportKind : std::uint8_t {
  kOrders = 1,
  kCustomers = 2,
  kCosts = 3,
  kItems = 4,
  kRates = 5,
  kSubscriptions = 6,
  kEvents = 7
};
std::string_view name(ImportKind kind);  // "orders", ...
std::optional<ImportKind> parse_import_kind(std::string_view name);

struct ImportMeta {
  ImportKind kind = ImportKind::kOrders;
  std::string file_name;  // as shown in the list
  std::string source;     // --source: whose customer ids they are
  std::string sha256;     // of the file, or of the files' sums in order
  // Everything that decides how the file was read (mapping, zone, currency, date format), in one canonical text. The
  // same kind, source, sha256 and options are the same import.
  std::string options;
  bool sample = false;   // must equal the folder's mark: own data never mixes with a sample
  bool dry_run = false;  // commit() tells what would happen and leaves no trace
};

enum class ImportState : std::uint8_t { kOpen, kCommitted, kUndone };

struct ImportRow {
  ImportId id = 0;
  ImportMeta meta;
  ImportState state = ImportState::kOpen;
  calendar::Instant came_at;  // when it began
  calendar::Instant
      received;  // what its rows without a version time are ranked by: where it repeats another, that one's
  std::optional<calendar::Instant> undone_at;
  std::uint64_t rows = 0;           // given
  std::uint64_t added = 0;          // of a key that no live row had
  std::uint64_t changed = 0;        // new statements about a key that was known
  std::uint64_t repeated = 0;       // equal to the newest live statement: nothing was written
  std::optional<ImportId> repeats;  // the live import of the very same file that made this one add nothing
  std::uint64_t rejected = 0;       // rows of its file that could not be read, as many as Ledger::rejected_rows() has
};

// A shop's settings. Each change is a record of its own and raises the revision; setting what holds already does not.
struct Settings {
  std::optional<std::string> zone;  // IANA name
  std::optional<money::Currency> currency;
  std::optional<int> window_days;
  std::optional<std::int32_t> margin_rate_millionth;
  std::map<std::string, Standing, std::less<>> statuses;     // the shop's own reading of status words
  std::map<std::string, std::string, std::less<>> mappings;  // a file shape's fingerprint -> a mapping, as text
  friend bool operator==(const Settings&, const Settings&) = default;
};
// What to change: members that are set, and entries of the maps that are there. A Standing of nullopt, or an empty
// mapping, forgets the entry.
struct SettingsChange {
  std::optional<std::string> zone;
  std::optional<money::Currency> currency;
  std::optional<int> window_days;
  std::optional<std::optional<std::int32_t>> margin_rate_millionth;
  std::map<std::string, std::optional<Standing>> statuses;
  std::map<std::string, std::string> mappings;
};

class RoomWriter;  // room_store.h
// What another room writes in the very transaction that makes an import seen, or takes it back: both are there after a
// kill, or neither. Its error undoes both.
using AlongWith = std::function<Result<void>(RoomWriter&, const ImportRow&)>;

// A row of an import's file that could not be read.
struct RejectedRow {
  std::string file;  // as shown in the list of imports
  std::uint64_t line = 0;
  std::string column, reason, excerpt;  // reason: a key of the catalogue; excerpt: of the cell
  friend bool operator==(const RejectedRow&, const RejectedRow&) = default;
};

// An import under way. Rows are written in transactions of bounded time and seen by nobody until commit(). Destroyed
// without commit or abort (or killed) it stays open: begin_import with the same meta goes on after the last durable
// chunk, any other begin_import and sweep_unfinished() remove it.
class ImportWriter {
 public:
  ImportWriter(ImportWriter&&) noexcept;
  ImportWriter& operator=(ImportWriter&&) noexcept;
  ~ImportWriter();

  ImportId id() const;
  // The live import of the very same file: no row needs to be given, commit() records that it is held twice.
  std::optional<ImportId> repeats() const;
  // Rows of an earlier attempt that are durable: as many of the first add() calls are skipped by the writer.
  std::uint64_t resumed_rows() const;

  // In the order of the file. Only the records of the import's kind are taken (RefundRecord goes with kOrders). Errors:
  // kInvalidArgument (another kind; no key), kOutOfRange (beyond bounds.h), kUnavailable (disk full, a failed sync: the
  // import stays open and can be resumed after a new start).
  Result<void> add(const OrderAssertion& order);
  Result<void> add(const RefundRecord& refund);
  Result<void> add(const CustomerRecord& customer);
  Result<void> add(const CostRecord& cost);
  Result<void> add(const ItemRecord& item);
  Result<void> add(const RateRecord& rate);
  Result<void> add(const SubscriptionRecord& subscription);
  Result<void> add(const EventRecord& event);

  // What could not be read, to be kept with the import when it is committed.
  void keep_rejected(std::vector<RejectedRow> rows);
  // Makes the whole import seen, and `settings` with it, in one transaction. In a dry run there is none, and nothing is
  // written along.
  Result<ImportRow> commit(const SettingsChange& settings = {}, const AlongWith& with = {});
  // Removes what was written.
  Result<void> abort();

 private:
  friend class Ledger;
  struct Impl;
  explicit ImportWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// An order's statement as the ledger keeps it. `customer` is the identity that order.customer resolves to by the merges
// (itself, without any). Views are valid during the call. `identity` is a dense number from 1 of order.customer, 0 for
// none: the same identity has the same number as long as the ledger lives.
struct StoredOrder {
  OrderAssertion order;
  IdentityRef customer;
  calendar::Instant received;
  Seq seq = 0;
  ImportId import = 0;
  std::uint32_t identity = 0;
};

// A cost as the ledger keeps it: out of a file, or entered by a person, who can state it anew or take it away.
struct StoredCost {
  CostRecord cost;
  Seq seq = 0;          // of the statement
  ImportId import = 0;  // 0: entered
  std::string id;       // of an entered one, as enter_cost() was given it; "" of a file's
};

// What was known at one revision. Reading goes in chunks and sees the same rows however long it takes and whatever is
// written meanwhile. Errors of all reads: kCorrupt (a damaged page, named), kUnavailable (I/O), and the callback's own,
// which stops the reading. Rows come in the order of seq. Thread-safety: one thread at a time.
class Snapshot {
 public:
  Snapshot(Snapshot&&) noexcept;
  Snapshot& operator=(Snapshot&&) noexcept;
  ~Snapshot();

  std::int64_t revision() const;
  const Generation& generation() const;
  bool sample() const;
  const Settings& settings() const;
  const std::vector<ImportRow>& imports() const;  // ascending by id; open ones are left out

  template <class T>
  using Each = std::function<Result<void>(const T&)>;
  Result<void> orders(const Each<StoredOrder>& each) const;
  Result<void> refunds(const std::function<Result<void>(const RefundRecord&, Seq)>& each) const;
  // Every live statement about customers, and every event, with their resolved customers.
  Result<void> customers(
      const std::function<Result<void>(const CustomerRecord&, IdentityRef customer, Seq)>& each) const;
  Result<void> events(const std::function<Result<void>(const EventRecord&, IdentityRef customer, Seq)>& each) const;
  // The live ones of these rows alone, whose seqs ascend: one customer's, found by whoever read them all before. Costs
  // some 50 us a row, and the dictionary of short texts once; identities and contacts are looked up one by one.
  Result<void> orders_at(std::span<const Seq> seqs, const Each<StoredOrder>& each) const;
  Result<void> customers_at(std::span<const Seq> seqs,
                            const std::function<Result<void>(const CustomerRecord&, IdentityRef, Seq)>& each) const;
  Result<void> events_at(std::span<const Seq> seqs,
                         const std::function<Result<void>(const EventRecord&, IdentityRef, Seq)>& each) const;
  Result<void> refunds_at(std::span<const Seq> seqs,
                          const std::function<Result<void>(const RefundRecord&, Seq)>& each) const;

  // For whoever has read up to an earlier revision: which seqs an import brought, and which rows of other imports it
  // says too; ascending. What the readers of rows above give of some stretches of seqs alone, ascending and disjoint:
  // one after the other, whatever lies between.
  struct Stretch {
    Seq first = 0, last = 0;  // both are in it
    friend bool operator==(const Stretch&, const Stretch&) = default;
  };
  Result<Stretch> brought_by(ImportId import) const;  // last < first: nothing
  Result<std::vector<Stretch>> said_again_by(ImportId import) const;
  Result<void> orders_in(std::span<const Stretch> stretches, const Each<StoredOrder>& each) const;
  Result<void> customers_in(std::span<const Stretch> stretches,
                            const std::function<Result<void>(const CustomerRecord&, IdentityRef, Seq)>& each) const;
  Result<void> events_in(std::span<const Stretch> stretches,
                         const std::function<Result<void>(const EventRecord&, IdentityRef, Seq)>& each) const;
  Result<void> refunds_in(std::span<const Stretch> stretches,
                          const std::function<Result<void>(const RefundRecord&, Seq)>& each) const;
  // Whom rows speak of, whether the rows count or not: after an import was taken back, whose histories it was in. Costs
  // 1 us a row of a stretch, some 20 us one that is looked up by its seq.
  enum class Said : std::uint8_t { kOrder, kRefund, kCustomer, kEvent };
  struct Mention {
    Seq seq = 0;
    bool counts = false;
    IdentityRef customer;              // resolved by the merges
    std::string_view order_id, alias;  // of an order
  };
  Result<void> mentions_in(Said what, std::span<const Stretch> stretches, const Each<Mention>& each) const;
  Result<void> mentions_at(Said what, std::span<const Seq> seqs, const Each<Mention>& each) const;
  // Whom the merges and partings behind a revision made others of: the customers that there were, and those that there
  // are now. Nobody where they came to nothing.
  struct CustomerName {
    IdentitySpace space = IdentitySpace::kNone;
    std::string value;
    IdentityRef ref() const { return {space, value}; }
    friend auto operator<=>(const CustomerName&, const CustomerName&) = default;
  };
  Result<std::vector<CustomerName>> regrouped_since(std::int64_t revision) const;  // ascending, each once

  // The newest live statement of each key, in the order of their seqs; entered costs behind those of files.
  Result<std::vector<CostRecord>> costs() const;
  Result<std::vector<StoredCost>> stored_costs() const;
  Result<std::vector<ItemRecord>> items() const;
  Result<std::vector<RateRecord>> rates() const;
  Result<std::vector<SubscriptionRecord>> subscriptions() const;
  // How many live rows there are, without reading them one by one.
  Result<std::uint64_t> count(ImportKind kind) const;

 private:
  friend class Ledger;
  struct Impl;
  class Only;  // reads a few rows, or stretches of them, while it is there
  explicit Snapshot(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

class Ledger {
 public:
  // Errors: those of SQLite (kCorrupt, kUnavailable).
  static Result<Ledger> open(DataFolder folder);
  Ledger(Ledger&&) noexcept;
  Ledger& operator=(Ledger&&) noexcept;
  ~Ledger();

  const DataFolder& folder() const;
  bool sample() const;
  const Generation& generation() const;
  Result<Snapshot> snapshot() const;
  Result<std::int64_t> revision() const;  // of a snapshot taken now
  Result<Settings> settings() const;
  // Grows with each change of a setting, by whomever; read before settings(), it is never ahead of them.
  Result<std::int64_t> settings_revision() const;
  Result<std::vector<ImportRow>> imports() const;  // ascending by id; also open and undone ones
  // What could not be read of an import's file, in its order. Errors: kNotFound (no such import was committed).
  Result<std::vector<RejectedRow>> rejected_rows(ImportId id) const;

  // Where imports that come at the same time wait for their turn.
  ImportQueue& import_queue() const;

  // All below need Access::kWrite, else kInvalidArgument.
  // Errors: kConflict (another import is under way; own data into a sample or the other way round).
  Result<ImportWriter> begin_import(const ImportMeta& meta);
  // Removes imports that were neither committed nor resumed; the number of them.
  Result<int> sweep_unfinished();
  // Takes an import back: rows that no other live import asserts count no more. Errors: kNotFound (no such import),
  // kConflict (undone already, or not committed).
  Result<ImportRow> undo_import(ImportId id, const AlongWith& with = {});
  // `expected`: the settings_revision() that the change was made from. Errors: kConflict (another was first).
  Result<void> change(const SettingsChange& change, std::optional<std::int64_t> expected = std::nullopt);
  // A person's own costs, beside those of files: each is known by an id, and its newest statement holds. Doing the same
  // twice is doing it once. Errors: kConflict (the id was used for another cost, or that is taken away), kNotFound (no
  // such cost stands), kInvalidArgument (no id; an end that is not after the beginning).
  Result<void> enter_cost(const std::string& id, const CostRecord& cost);
  Result<void> restate_cost(const std::string& id, const CostRecord& cost);
  Result<void> take_cost_away(const std::string& id);
  // From now on the two identities are one customer, or, unmerged, as if they had never been merged. Errors: kNotFound
  // (an identity nobody came with), kConflict (unmerge without a merge).
  Result<void> merge(const IdentityRef& a, const IdentityRef& b);
  Result<void> unmerge(const IdentityRef& a, const IdentityRef& b);
  // Moves what the write-ahead log holds into the database file. Runs by itself while writing.
  Result<void> checkpoint();

  // A consistent copy of the ledger in a new folder, beside a running writer: open it with DataFolder::open. Also for
  // Access::kRead. Errors: kConflict (the folder holds a ledger already), kUnavailable (disk).
  Result<void> backup(const std::string& into) const;

 private:
  friend class RoomStore;
  struct Impl;
  explicit Ledger(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Puts a backup in place of the ledger in `folder`, which nobody holds; what was there is kept beside it as
// `before-restore-<time>.db`. The generation is new. Errors: kNotFound (no backup there), kConflict (held), kCorrupt (a
// damaged backup: nothing is replaced), kUnavailable (disk). `first` writes into the copy before it takes its place, so
// that nobody ever sees it without; its error replaces nothing. It is not called for a backup from before the rooms had
// tables (schema 2): there is nothing of theirs in it.
Result<void> restore(const std::string& backup, const std::string& folder, const Environment& env,
                     const std::function<Result<void>(RoomWriter&)>& first = {});

}  // namespace behoud::ledger
