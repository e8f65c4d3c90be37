#pragma once

// The schema of behoud.db and how it came to be: numbered migrations, each a step from one version to the next, in
// code. docs/formats/ledger.md describes the tables.
//
// A database is brought up to date in one transaction a migration; a copy of it is kept before each. Version 0 is an
// empty database. A migration that has ever been released never changes.

#include <functional>
#include <span>
#include <string>

#include "base/result.h"
#include "ledger/internal/sqlite.h"

namespace behoud::ledger::internal {

struct Migration {
  int version;  // what the schema is after it; they ascend by 1 from 1
  const char* sql;
};

std::span<const Migration> migrations();
int newest_version(std::span<const Migration> all);

// The version of an open database. Errors: kCorrupt (no ledger at all).
Result<int> schema_version(Database& db);

// Runs what is missing. `copy(version)` keeps a copy before the migration to `version`; of an empty database there is
// none, but `fill` runs in the transaction that makes the first version. Errors: kUnavailable (the database is newer
// than `all`; disk), kCorrupt, and those of `copy`.
Result<void> migrate(Database& db, std::span<const Migration> all, std::int64_t now_ms,
                     const std::function<Result<void>(int version)>& copy,
                     const std::function<Result<void>()>& fill = {});

}  // namespace behoud::ledger::internal
