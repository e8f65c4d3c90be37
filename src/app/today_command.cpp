#include "app/today_command.h"

#include <map>

#include "app/data_access.h"
#include "app/explain.h"
#include "app/kept_shop.h"
#include "app/question_options.h"
#include "app/questions.h"
#include "app/sheet.h"

namespace behoud::app {
namespace {

namespace report = retention::report;

Result<void> today(const Call& call) {
  TRY_ASSIGN(const language::Language language, language_of(call));
  TRY_ASSIGN(const Format format, format_of(call));
  const Lookup said = [&call](std::string_view option) { return call.value(option); };
  TRY(parse_question(said, calendar::Zone::utc()));
  Explanation explanation(call);
  TRY_ASSIGN(const ledger::Ledger ledger, open_reading(call));
  TRY_ASSIGN(const ledger::Snapshot snapshot, ledger.snapshot());
  TRY_ASSIGN(const FolderShop shop, read_kept_shop(ledger, snapshot));
  explanation.has_read();
  TRY_ASSIGN(const retention::Question question, parse_question(said, shop.histories.zone));
  TRY(require_basis(shop.histories, question));
  TRY_ASSIGN(auto facts, today_facts(ledger, shop, call.world.now()));
  facts.data_dir = call.value("data").value_or("");
  TRY_ASSIGN(const report::Today made, report::make_today(shop.source(), shop.settings, facts, question));
  const std::string_view code = language::code(language);
  if (format == Format::kTable) {
    const Terminal& terminal = call.console.out_terminal();
    TRY_ASSIGN(const std::string page,
               report::render_today(made, code, {terminal.width, terminal.utf8, terminal.colour}));
    call.console.out(page);
    explanation.tell(shop, format);
    keep_shop(ledger, shop);
    return {};
  }
  TRY_ASSIGN(const std::string text, format == Format::kCsv ? today_csv(made, code) : report::today_json(made, code));
  call.console.out(text);
  explanation.tell(shop, format);
  keep_shop(ledger, shop);
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
    if (!rejected.empty()) facts.rejected_imports.insert(facts.rejected_imports.begin(), import.id);
  }
  std::map<std::string, std::uint64_t> currencies;
  for (const timeline::Unused& unused : shop.unused) currencies[unused.currency.code()] += unused.count;
  facts.without_rate.assign(currencies.begin(), currencies.end());
  return facts;
}

Result<std::string> today_csv(const report::Today& today, std::string_view language) {
  TRY_ASSIGN(const auto rows, report::today_rows(today, language));
  Sheet sheet;
  for (const char* column : {"list", "id", "title", "detail", "value", "previous", "year_earlier", "people", "behind",
                             "from", "to", "grain", "way_out"}) {
    sheet.columns.push_back({column, false});
  }
  for (const report::TodayRow& r : rows) {
    const auto number = [&r](std::optional<double> value) -> Cell {
      if (!value) return {};
      return r.whole ? Cell{static_cast<std::int64_t>(*value)} : Cell{*value};
    };
    sheet.rows.push_back({r.list, r.id, r.title, r.detail, number(r.value), number(r.previous), number(r.year_earlier),
                          cell_or_nothing(r.people), r.behind, r.from, r.to, r.grain, r.way_out});
  }
  return to_csv(sheet);
}

Command today_command() {
  std::vector<Option> options{data_option(), format_option(), json_option(), lang_option(), explain_option()};
  for (const Option& option : question_options()) {
    if (option.name == "grain" || option.name == "window" || option.name == "basis" || option.name == "kinds" ||
        option.name == "as-of") {
      options.push_back(option);
    }
  }
  return {{.name = "today",
           .operands = "",
           .operands_min = 0,
           .operands_max = 0,
           .summary = "What changed, what to do next, and what is wrong with the data",
           .details =
               "What the dashboard's first page shows: the last complete period beside the one before and the same of\n"
               "last year, why revenue changed, at most five things to do with people, and what is wrong with the\n"
               "data. With --format csv the lists are one table.",
           .options = std::move(options)},
          today};
}

}  // namespace behoud::app
