// Costs that a person enters, beside those of files: the command of what /api/v1/costs does.

#include "app/costs_command.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/command_log.h"
#include "app/data_access.h"
#include "app/entered_cost.h"
#include "app/random_id.h"
#include "base/text.h"

namespace behoud::app {
namespace {

using ledger::StoredCost;

std::optional<std::string> said(const Call& call, std::string_view option) {
  const auto value = call.value(option);
  return value ? std::optional(std::string{*value}) : std::nullopt;
}

Result<ledger::CostRecord> cost_of(const Call& call, const ledger::Ledger& ledger) {
  for (const char* option : {"from", "amount", "purpose"}) {
    if (!call.has(option)) {
      return fail(Errc::kInvalidArgument, fmt::format("--{} is missing", option),
                  "a cost needs --from, --amount and --purpose", {{}, 0, option});
    }
  }
  TRY_ASSIGN(const ledger::Settings settings, ledger.settings());
  CostWords words;
  words.from = *call.value("from");
  words.to = said(call, "to");
  TRY_ASSIGN(words.amount_minor,
             of_option("amount", money::parse_minor(*call.value("amount"),
                                                    settings.currency ? settings.currency->exponent() : 2)));
  words.purpose = *call.value("purpose");
  words.kind = said(call, "kind");
  words.campaign = said(call, "campaign");
  words.note = said(call, "note");
  auto cost = check_cost(words, settings, call.world.now());
  if (!cost && cost.error().code == Errc::kConflict) cost.error().code = Errc::kInvalidArgument;  // nobody holds it
  return cost;
}

Result<void> told(const Call& call, const ledger::Ledger& ledger, const std::string& id, std::string_view done) {
  if (!call.has("json")) {
    call.console.out(fmt::format("{} is {}\n", id, done));
    return {};
  }
  TRY_ASSIGN(const auto snapshot, ledger.snapshot());
  TRY_ASSIGN(const auto costs, snapshot.stored_costs());
  std::string out;
  JsonWriter json(out);
  const auto found = std::ranges::find(costs, id, &StoredCost::id);
  found == costs.end() ? static_cast<void>(json.null()) : write_cost(json, *found);
  call.console.out(out + "\n");
  return {};
}

Result<void> list(const Call& call) {
  TRY_ASSIGN(const Format format, format_of(call));
  TRY_ASSIGN(const ledger::Ledger ledger, open_reading(call));
  TRY_ASSIGN(const auto snapshot, ledger.snapshot());
  TRY_ASSIGN(const auto costs, listed_costs(snapshot));
  if (format == Format::kJson) {
    std::string out;
    JsonWriter json(out);
    json.begin_object().key("rows").begin_array();
    for (const StoredCost& c : costs) write_cost(json, c);
    json.end_array().end_object();
    call.console.out(out + "\n");
  } else if (format == Format::kCsv) {
    call.console.out(to_csv(costs_sheet(costs)));
  } else {
    call.console.out(to_table(costs_sheet(costs), {{}, call.console.out_terminal().utf8}));
  }
  return {};
}

Result<void> costs(const Call& call) {
  const auto& operands = call.arguments.operands();
  if (operands.empty()) return list(call);
  const std::string& what = operands.front();
  const bool adds = what == "add" && operands.size() == 1;
  const bool alters = (what == "change" || what == "remove") && operands.size() == 2;
  if (!adds && !alters) {
    return fail(Errc::kInvalidArgument, "say: behoud costs, or costs add, costs change ID, costs remove ID",
                "behoud costs lists the IDs");
  }
  TRY_ASSIGN(const WritingLedger ledger, open_writing(call, IfMissing::kFail));
  if (ledger->sample()) {
    return fail(Errc::kInvalidArgument, "this folder holds a sample shop, and own data never mixes with it",
                "name another folder with --data");
  }
  const std::string id = adds ? random_id("c_", call.world) : operands[1];
  auto done = [&]() -> Result<void> {
    if (!adds) TRY(check_entered_id(id));
    if (what == "remove") return ledger->take_cost_away(id);
    TRY_ASSIGN(const ledger::CostRecord cost, cost_of(call, *ledger));
    return adds ? ledger->enter_cost(id, cost) : ledger->restate_cost(id, cost);
  }();
  if (!done) {
    // The cost is a file's; nobody holds the folder.
    if (done.error().code == Errc::kConflict) done.error().code = Errc::kInvalidArgument;
    return done;
  }
  record_after(call, *ledger, {adds ? "cost_entered" : what == "change" ? "cost_changed" : "cost_removed", "cost"});
  return told(call, *ledger, id, adds ? "entered" : what == "change" ? "changed" : "taken away");
}

}  // namespace

Command costs_command() {
  return {
      .syntax = {.name = "costs",
                 .operands = "[add|change ID|remove ID]",
                 .operands_min = 0,
                 .operands_max = 2,
                 .summary = "Lists what was spent, and enters costs one by one",
                 .details = "Entered costs are in the shop's currency and stand beside those of files (behoud import\n"
                            "costs), which go with their import.",
                 .options = {data_option(),
                             format_option(),
                             json_option(),
                             {"from", "DAY", "the first day", false},
                             {"to", "DAY", "the day after the last, excluded (default: one day)", false},
                             {"amount", "A", "as 310.00; a credit is below zero", false},
                             {"purpose", "P", "retention or acquisition", false},
                             {"kind", "K", "marketing, sales, support, discount, points, message, referral, other",
                              false},
                             {"campaign", "TEXT", "free text", false},
                             {"note", "TEXT", "free text", false}}},
      .run = costs,
      .writes = [](const Arguments& a) { return !a.operands().empty(); },
      .files_from = kAnyNumber};
}

}  // namespace behoud::app
