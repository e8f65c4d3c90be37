#pragma once

// A disk that fails, or a process that is killed, at the n-th operation: a SQLite VFS over the system's for tests. It
// counts what changes the disk (writes, truncations, syncs, of database, log and journal). Its syncs do nothing else,
// as tests make a thousand ledgers and a killed process loses nothing that it wrote. One test at a time uses it;
// operations may come from any thread.

#include <cstdint>
#include <functional>
#include <string_view>

namespace behoud::ledger::testing {

enum class Fault : std::uint8_t {
  kNone,
  kDiskFull,      // that operation (if a write) and every later write fails with ENOSPC, until lift()
  kDiskFullOnce,  // the first write at or after it alone
  kWriteError,    // as kDiskFull, with EIO
  kSyncError,     // the first sync at or after it, once: later ones would succeed, as Linux has it
  kKill           // SIGKILL to this process in place of it; of a write, half may reach the file first
};

class FaultyDisk {
 public:
  static const char* vfs();  // its name; registers it on first use
  // Counts from 1. `only` restricts what can fail to files whose names end so ("-wal", "behoud.db"); all are counted.
  static void arm(Fault what, std::uint64_t at, std::string_view only = "");
  static void lift();
  static std::uint64_t operations();  // since arm() or lift()
  static bool struck();               // the fault has happened since arm()
  // Operations that reached the disk after a sync had failed: there must be none.
  static std::uint64_t operations_after_failed_sync();
};

// Runs `body` in a child process and gives its status as waitpid does; the child ends without running destructors of
// the parent's objects.
int in_child(const std::function<void()>& body);

}  // namespace behoud::ledger::testing
