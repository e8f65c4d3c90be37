#pragma once

// The list of imports as JSON, of `behoud imports --format json` and of /api/v1/imports:
// {"rows":[{"id","kind","file","source","state","received","rows","added","changed","repeated","repeats"}]}

#include <string>
#include <string_view>
#include <vector>

#include "ledger/ledger.h"

namespace behoud::app {

std::string_view import_state(const ledger::ImportRow& import);  // "open", "committed", "undone"
std::string import_json(const ledger::ImportRow& import);        // one of the rows
std::string imports_json(const std::vector<ledger::ImportRow>& imports);

}  // namespace behoud::app
