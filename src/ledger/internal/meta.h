#pragma once

// The few facts a ledger keeps about itself, by name: which generation it is, where it lies, whether it is a sample,
// and the counters. Numbers that must never be used twice (seq, import) are handed out here, inside the transaction
// that uses them.

#include <cstdint>
#include <string>

#include "base/result.h"
#include "ledger/data_folder.h"
#include "ledger/internal/sqlite.h"

namespace behoud::ledger::internal {

struct Meta {
  std::string generation;  // 32 hexadecimal digits
  std::string place;       // of the database file: see place_of
  bool sample = false;
  std::int64_t next_seq = 1;
  std::int64_t next_import = 1;
  std::int64_t revision = 0;
};

Result<Meta> read_meta(Database& db);  // kCorrupt where one is missing
Result<void> set_meta(Database& db, std::string_view name, std::int64_t value);
Result<void> set_meta(Database& db, std::string_view name, const std::string& value);

// What tells this file from a copy of it: inode and birth time (inode and device, where the file system keeps no
// birth). The same after a move within a file system and after a restart of the machine; another after a copy or a
// restore.
Result<std::string> place_of(const std::string& path);
std::string new_generation(const Environment& env);

}  // namespace behoud::ledger::internal
