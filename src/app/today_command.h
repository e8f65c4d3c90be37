#pragma once

#include "app/command.h"
#include "app/folder_shop.h"
#include "retention/report/today.h"

namespace behoud::app {

Command today_command();

// What the report does not know of a shop: of its imports, of the day it is.
Result<retention::report::TodayFacts> today_facts(const ledger::Ledger& ledger, const FolderShop& shop,
                                                  calendar::Instant now);

}  // namespace behoud::app
