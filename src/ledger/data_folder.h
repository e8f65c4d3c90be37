#pragma once

// A data folder: `behoud.db` (SQLite in WAL mode) and what stands beside it. One process owns a folder at a time; any
// number read it beside the owner.
//
//   behoud.db, behoud.db-wal, behoud.db-shm   the ledger
//   lock                                       held (flock) by the owner, whose PID is its text
//   behoud.sock                                where an owning server takes commands (made by app/)
//   before-v3-1718000000.db                    a copy from before the migration to schema 3
//
// The folder knows its own place: the database remembers the inode and birth time of its file. In a copied or restored
// folder they differ, and it is given a new generation id, so that no derived file mistakes it for its past self.
// Thread-safety: a DataFolder is moved, not shared.

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "calendar/day.h"
#include "ledger/internal/folder_lock.h"

namespace behoud::ledger {

// Clock and chance, which only app/ takes from the real world. The rest is for tests, which inject faults into `vfs` (a
// SQLite VFS to stand on; "" is the system's) and make chunks small.
struct Environment {
  std::function<calendar::Instant()> now;
  std::function<std::uint64_t()> entropy;
  std::string vfs = {};
  // Rows of an import in one transaction: some 50 ms on a fast disk, well under a second on a slow one.
  std::uint64_t chunk_rows = 65'536;
  // Pages of the write-ahead log (8 kB each) beyond which a writer moves it into the file.
  int log_pages_max = 4096;
  // How long a setting, a cost, a merge or an undo waits behind other writes, each of which is short (busy()).
  std::chrono::milliseconds write_patience = std::chrono::seconds{5};
};

// Others were before us, and we waited as long as we may: kUnavailable, and the same again in a moment may go well,
// which its hint says: by this it is told from other kUnavailable.
std::unexpected<Error> busy(std::string message = "something else is being written");
bool is_busy(const Error& error);

using Generation = std::array<std::uint8_t, 16>;
std::string to_string(const Generation& g);  // 32 hexadecimal digits

enum class Access : std::uint8_t { kRead, kWrite };

class DataFolder {
 public:
  // Makes the folder (its parents exist) with an empty ledger and takes the lock. A folder marked as a sample is shown
  // as one wherever it is used, and never takes own data. Errors: kConflict (there is a ledger already, or another
  // process holds it), kUnavailable (disk).
  static Result<DataFolder> create(const std::string& path, bool sample, const Environment& env);

  // kWrite takes the lock. A schema older than ours is migrated (a copy is kept), a copied folder gets its new
  // generation; for kRead that needs the lock for a moment. Errors: kNotFound (no ledger there), kConflict (held by
  // another process, its PID named), kUnavailable (a newer schema than ours; disk), kCorrupt.
  static Result<DataFolder> open(const std::string& path, Access access, const Environment& env);

  // For reading, as it is: nothing is put in order and nothing checked. For `behoud doctor`.
  static DataFolder look_at(const std::string& path, const Environment& env);

  // The PID that holds the folder now, if any. A lock file whose process died holds nothing.
  static std::optional<int> owner(const std::string& path);
  static bool holds_ledger(const std::string& path);  // a behoud.db is there

  DataFolder(DataFolder&&) noexcept;
  DataFolder& operator=(DataFolder&&) noexcept;
  ~DataFolder();  // gives the lock back

  const std::string& path() const { return path_; }
  std::string database_path() const { return path_ + "/behoud.db"; }
  std::string socket_path() const { return path_ + "/behoud.sock"; }
  Access access() const { return access_; }
  const Environment& environment() const { return env_; }

 private:
  DataFolder(std::string path, Access access, Environment env, internal::FolderLock lock);
  std::string path_;
  Access access_ = Access::kRead;
  Environment env_;
  internal::FolderLock lock_;
};

}  // namespace behoud::ledger
