#pragma once

// Copies of a database, made beside running writers.

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "ledger/internal/sqlite.h"

namespace behoud::ledger::internal {

// A consistent copy of `db` as it is now, in a new file, synced. The copy has all of the log's content in the file
// itself. `goes_on` is told how many bytes of how many are written, each few MB; where it says no, nothing is left.
// Errors: kConflict (the file exists; given up), kUnavailable (disk; no file is left), kCorrupt (a damaged page).
using CopyGoesOn = std::function<bool(std::uint64_t done, std::uint64_t total)>;
Result<void> copy_database(Database& db, const std::string& into, const std::string& vfs,
                           const CopyGoesOn& goes_on = {});

}  // namespace behoud::ledger::internal
