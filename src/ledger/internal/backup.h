#pragma once

// Copies of a database, made beside running writers.

#include <string>

#include "base/result.h"
#include "ledger/internal/sqlite.h"

namespace behoud::ledger::internal {

// A consistent copy of `db` as it is now, in a new file, synced. The copy has all of the log's content in the file
// itself. Errors: kConflict (the file exists), kUnavailable (disk; no file is left), kCorrupt (a damaged page).
Result<void> copy_database(Database& db, const std::string& into, const std::string& vfs);

}  // namespace behoud::ledger::internal
