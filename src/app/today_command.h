#pragma once

#include "app/command.h"
#include "app/folder_shop.h"
#include "retention/report/today.h"

namespace behoud::app {

Command today_command();

// What the report does not know of a shop: of its imports, of the day it is.
Result<retention::report::TodayFacts> today_facts(const ledger::Ledger& ledger, const FolderShop& shop,
                                                  calendar::Instant now);

// Its lists as one table (retention/report/today.h): list, id, title, detail, value, previous, year_earlier, people,
// behind, from, to, grain, way_out. Errors: kInvalidArgument (a language we do not have).
Result<std::string> today_csv(const retention::report::Today& today, std::string_view language);

}  // namespace behoud::app
