#include "app/today_command.h"

#include <map>

#include "app/data_access.h"
#include "app/question_options.h"

namespace behoud::app {
namespace {

Result<void> today(const Call& call) {
  TRY_ASSIGN(const language::Language language, language_of(call));
  const Lookup said = [&call](std::string_view option) { return call.value(option); };
  TRY(parse_question(said, calendar::Zone::utc()));
  TRY_ASSIGN(const ledger::Ledger ledger, open_reading(call));
  TRY_ASSIGN(const ledger::Snapshot snapshot, ledger.snapshot());
  TRY_ASSIGN(const FolderShop shop, read_folder_shop(snapshot));
  TRY_ASSIGN(const retention::Question question, parse_question(said, shop.histories.zone));
  TRY_ASSIGN(const auto facts, today_facts(ledger, shop, call.world.now()));
  TRY_ASSIGN(const std::string document,
             retention::report::today_json(shop.source(), shop.settings, facts, question, language::code(language)));
  call.console.out(document);
  return {};
}

}  // namespace

Result<retention::report::TodayFacts> today_facts(const ledger::Ledger& ledger, const FolderShop& shop,
                                                  calendar::Instant now) {
  retention::report::TodayFacts facts;
  facts.now = now;
  for (const ledger::ImportRow& import : shop.imports) {
    if (import.state != ledger::ImportState::kCommitted || import.repeats) continue;
    TRY_ASSIGN(const auto rejected, ledger.rejected_rows(import.id));
    facts.rejected += rejected.size();
  }
  std::map<std::string, std::uint64_t> currencies;
  for (const timeline::Unused& unused : shop.unused) currencies[unused.currency.code()] += unused.count;
  facts.without_rate.assign(currencies.begin(), currencies.end());
  return facts;
}

Command today_command() {
  std::vector<Option> options{data_option(), json_option(), lang_option()};
  for (const Option& option : question_options()) {
    if (option.name == "grain" || option.name == "window" || option.name == "basis" || option.name == "kinds" ||
        option.name == "as-of") {
      options.push_back(option);
    }
  }
  return {
      {.name = "today",
       .operands = "",
       .operands_min = 0,
       .operands_max = 0,
       .summary = "What changed, what to do next, and what is wrong with the data",
       .details = "One JSON document, as the dashboard's first page shows it; behoud report is the page for people.",
       .options = std::move(options)},
      today};
}

}  // namespace behoud::app
