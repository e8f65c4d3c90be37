#include "app/definitions_command.h"

#include "app/sheet.h"
#include "base/json_writer.h"
#include "retention/terms.h"

namespace behoud::app {
namespace {

Sheet sheet_of(const language::Catalogue& words, bool all) {
  Sheet sheet;
  sheet.columns = {{"page", false}, {"field", false}, {"term", false}};
  if (all) sheet.columns.push_back({"unit", false});
  sheet.columns.push_back({"sentence", false});
  if (all) sheet.columns.push_back({"formula", false});
  for (const retention::Term& term : retention::terms()) {
    auto& row = sheet.rows.emplace_back();
    row.emplace_back(std::string(term.page));
    row.emplace_back(std::string(term.field));
    row.emplace_back(words.text(term.term));
    if (all) row.emplace_back(std::string(term.unit));
    row.emplace_back(words.text(term.sentence));
    if (all) row.emplace_back(term.formula.empty() ? std::string() : words.text(term.formula));
  }
  return sheet;
}

Result<void> definitions(const Call& call) {
  TRY_ASSIGN(const Format format, format_of(call));
  TRY_ASSIGN(const language::Language language, language_of(call));
  if (format == Format::kJson) {
    call.console.out(definitions_json(language));
    return {};
  }
  call.console.out(format == Format::kCsv ? definitions_csv(language)
                                          : to_table(sheet_of(language::Catalogue(language), false),
                                                     {{}, call.console.out_terminal().utf8}));
  return {};
}

}  // namespace

std::string definitions_json(language::Language language) {
  std::string out;
  JsonWriter json(out);
  retention::write_terms(json, language::Catalogue(language));
  return out + "\n";
}

std::string definitions_csv(language::Language language) {
  return to_csv(sheet_of(language::Catalogue(language), true));
}

Command definitions_command() {
  return {{.name = "definitions",
           .operands = "",
           .operands_min = 0,
           .operands_max = 0,
           .summary = "What every number is called and means",
           .details = "One row a field of the answers; at length in docs/definitions.md.",
           .options = {format_option(), json_option(), lang_option()}},
          definitions};
}

}  // namespace behoud::app
