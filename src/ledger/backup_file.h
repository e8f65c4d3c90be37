#pragma once

// A ledger's backup while it is made: how far it is, and its giving up. The backup itself is that of Ledger::backup().

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "ledger/ledger.h"

namespace behoud::ledger {

// Bytes of the copy, of how many there will be. False: nobody wants it any more.
using BackupProgress = std::function<bool(std::uint64_t done, std::uint64_t total)>;

// As ledger.backup(into), told of each few MB. Errors: also kConflict for what was given up; no file of it is left.
Result<void> make_backup(const Ledger& ledger, const std::string& into, const BackupProgress& progress);

}  // namespace behoud::ledger
