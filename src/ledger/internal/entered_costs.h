#pragma once

// Costs that a person entered, as rows of `entered_cost`: the newest statement of an id holds.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/internal/sqlite.h"
#include "ledger/ledger.h"

namespace behoud::ledger::internal {

// Those that stood when `last_seq` was the newest, ascending by seq.
Result<std::vector<StoredCost>> read_entered_costs(Database& db, std::int64_t last_seq);

}  // namespace behoud::ledger::internal
