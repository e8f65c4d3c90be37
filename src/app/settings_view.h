#pragma once

// A shop's settings, and what there is to be set, as one JSON document: of `behoud settings --json` and of
// /api/v1/settings, to the byte:
// {"revision","zone","currency","window_days","window_proposed_days","margin_rate","statuses":{word: meaning},
//  "unknown_statuses":[{"word","count"}],"sources":[{"source","imports"}],"mappings":{shape: mapping}}

#include <cstdint>
#include <string>

#include "app/folder_shop.h"
#include "ledger/ledger.h"

namespace behoud {
class JsonWriter;
}

namespace behoud::app {

// `revision`: Ledger::settings_revision(), read before the settings. `shop`: what the orders say of them; nullptr while
// it is not loaded, which leaves that out.
void write_settings(JsonWriter& json, const ledger::Settings& settings, std::int64_t revision, const FolderShop* shop);
// With its line end.
std::string settings_json(const ledger::Settings& settings, std::int64_t revision, const FolderShop* shop);

}  // namespace behoud::app
