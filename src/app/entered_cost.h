#pragma once

// A cost as a person enters it, by the command or over HTTP: the same checks, the same list, the same JSON.
//
// It is in the shop's currency; `to` is the day after the last, excluded, as everywhere but in files. Errors:
// kInvalidArgument with the member's name (from, to, amount_minor, currency, kind, purpose, campaign, note); kConflict
// (the shop has no currency yet).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/sheet.h"
#include "base/json_writer.h"
#include "ledger/ledger.h"

namespace behoud::app {

struct CostWords {
  std::string from, purpose;
  std::int64_t amount_minor = 0;
  std::optional<std::string> to;        // without it the cost is of one day
  std::optional<std::string> currency;  // the shop's, where it is said
  std::optional<std::string> kind, campaign, note;
};
// `now` bounds how far ahead a day may be.
Result<ledger::CostRecord> check_cost(const CostWords& words, const ledger::Settings& settings, calendar::Instant now);

// How a cost is named in lists: an entered one by its id, one of a file by its place, which nothing can change.
std::string shown_id(const ledger::StoredCost& cost);
// Whether the id is of an entered cost. Errors: kConflict (it is a file's), kNotFound (it is none).
Result<void> check_entered_id(std::string_view id);

// All costs, the newest day first, of one day the newest statement.
Result<std::vector<ledger::StoredCost>> listed_costs(const ledger::Snapshot& snapshot);
// {"id","from","to","amount_minor","currency","kind","purpose","campaign","note","origin","import"}
void write_cost(JsonWriter& json, const ledger::StoredCost& cost);

// id, from, to, amount_minor, currency, kind, purpose, campaign, note, origin.
Sheet costs_sheet(const std::vector<ledger::StoredCost>& costs);

}  // namespace behoud::app
