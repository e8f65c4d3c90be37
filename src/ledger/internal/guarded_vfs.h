#pragma once

// What stands between SQLite and the disk: a VFS over another one that
//
// - keeps a checksum in the last 8 bytes of each page of a database file (SQLite's reserved bytes) and checks it on
//   every read of a page, so that a flipped byte is noticed wherever it lies, also in pages that no check of structure
//   can judge. A page whose checksum does not match is SQLITE_IOERR_DATA, and last_damage() names it. The checksum
//   takes in the page's number: a page written to the wrong place is noticed too.
// - after a failed sync refuses every further write, truncation and sync of that database until all its connections
//   are closed (SQLITE_IOERR_FSYNC). After such a failure nobody knows what is on the disk, and a second fsync may
//   succeed without having written anything (the kernel has dropped the pages), so it must never be tried.
//
// The write-ahead log has checksums of its own, which SQLite checks when it recovers. Memory-mapped reads are off,
// since they would go past the check. Every connection to a ledger goes through this VFS; another program may read the
// file, but a page that it writes is damage to us.
//
// Layout of a page: bytes [0, n - 8) SQLite's, [n - 8, n) XXH64 of these bytes with the page's number (from 0) as seed,
// little-endian. The database header's byte 20 (reserved bytes a page) is 8.
//
// Cost: about 0.1 ns a byte read or written. Thread-safety: as SQLite's; registering from any thread.

#include <cstdint>
#include <string>

#include "base/result.h"

namespace behoud::ledger::internal {

inline constexpr int kChecksumBytes = 8;

// Registers the guarded VFS over `base` ("" is the system's default), once, and gives its name.
Result<std::string> guarded_vfs(const std::string& base);

// True once a sync of this database (by the path SQLite opened) has failed, while any connection to it is open.
bool sync_failed(const std::string& database_path);

// The page this thread found damaged last, from 1 as SQLite counts; 0 for none.
struct Damage {
  std::string path;
  std::uint64_t page = 0;
};
const Damage& last_damage();

// The errno of the newest write, truncation, opening or growing of shared memory that the disk refused this thread;
// SQLite keeps only that it failed.
int last_refusal();

// True when the page's last 8 bytes are its checksum; `number` counts from 0.
bool page_is_whole(std::string_view page, std::uint64_t number);

}  // namespace behoud::ledger::internal
