#pragma once

// The list of imports as JSON, of `behoud imports --format json` and of /api/v1/imports, to the byte:
// {"rows":[{"id","kind","file","source","state","received","undone_at","rows","added","changed","repeated","repeats",
//   "rejected"}]}
// `rejected` counts the rows of its file that could not be read, of which the first 100,000 are kept

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "language/catalogue.h"
#include "ledger/ledger.h"

namespace behoud {
class JsonWriter;
}

namespace behoud::app {

std::string_view name(ledger::ImportState state);  // "open", "committed", "undone"
void write_import(JsonWriter& json, const ledger::ImportRow& row);
std::string imports_json(const std::vector<ledger::ImportRow>& imports);  // with its line end
// A part of the list, and the cursor of the part behind it as "next"; null at the end.
std::string imports_json(std::span<const ledger::ImportRow> part, const std::optional<std::string>& next);

// The rows of an import that could not be read, of `behoud imports rejected ID` and /api/v1/imports/{id}/rejected: as
// CSV with the columns file, line, column, reason, cell, and as {"rows":[..]} of the same names. The reason is in
// words.
std::string rejected_csv(const std::vector<ledger::RejectedRow>& rows, const language::Catalogue& catalogue);
std::string rejected_json(const std::vector<ledger::RejectedRow>& rows, const language::Catalogue& catalogue);

}  // namespace behoud::app
