#pragma once

// What an open ledger holds, shared by its writer and its snapshots, and the writes that several of them make.

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/hash.h"
#include "ledger/import_queue.h"
#include "ledger/internal/meta.h"
#include "ledger/internal/sqlite.h"
#include "ledger/internal/write_gate.h"
#include "ledger/ledger.h"

namespace behoud::ledger::internal {

struct LedgerState {
  explicit LedgerState(DataFolder f) : folder(std::move(f)) {}
  DataFolder folder;
  bool sample = false;
  Generation generation{};
  HashKey key;  // of the derived indexes; made anew at each start

  WriteGate gate;                  // before using `writer`
  std::optional<Database> writer;  // with Access::kWrite
  std::atomic<bool> importing{false};
  ImportQueue import_queue;
  std::atomic<std::uint64_t> trials{0};        // dry runs begun
  std::atomic<std::uint64_t> room_version{1};  // RoomStore::version()

  std::mutex reader_mutex;  // before using `reader`: for short questions
  std::optional<Database> reader;

  bool log_is_long() const { return writer->log_pages() > folder.environment().log_pages_max; }
  // A short write's turn: behind those that came before it, for at most the environment's patience.
  Result<WriteGate::Pass> let_in() { return let_in(folder.environment().write_patience); }
  Result<WriteGate::Pass> let_in(std::chrono::milliseconds patience) {
    auto pass = gate.enter_within(patience);
    if (pass) return std::move(*pass);
    return busy();
  }
  // A connection of one's own for reading.
  Result<Database> read() const {
    return Database::open(folder.database_path(), Database::Mode::kRead, folder.environment().vfs);
  }
  Result<void> may_write() const {
    if (writer) return {};
    return fail(Errc::kInvalidArgument, "the ledger was opened for reading alone");
  }
};

Result<Settings> read_settings(Database& db);
// Inside a transaction: writes a record for each setting that differs, taking seqs from `next_seq` on; true when any
// did.
Result<bool> write_settings(Database& db, const SettingsChange& change, std::int64_t now_ms, std::int64_t& next_seq);

// Of an import that is being removed, beside the states of ImportState: it can be swept on, never resumed.
inline constexpr int kStateRemoved = 3;
inline constexpr auto kRemoved = static_cast<ImportState>(kStateRemoved);

// Removes an import that was never committed, with all it wrote, in transactions of bounded time.
Result<void> sweep(LedgerState& state, ImportId id);
// All unfinished imports; the number of them.
Result<int> sweep_all(LedgerState& state);

// Inside a transaction: what another room writes along with it. Once it is committed `room_version` is to be raised.
Result<void> along(LedgerState& state, const AlongWith& with, const ImportRow& row);

// Inside a transaction, once what is written is complete.
Result<void> set_revision(Database& db, std::int64_t revision);

Result<Generation> parse_generation(const std::string& hex);

}  // namespace behoud::ledger::internal

struct behoud::ledger::Ledger::Impl : behoud::ledger::internal::LedgerState {
  using LedgerState::LedgerState;
};
