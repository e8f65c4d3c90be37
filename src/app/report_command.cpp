#include "app/report_command.h"

#include <fmt/format.h>

#include "app/data_access.h"
#include "app/error_words.h"
#include "app/explain.h"
#include "app/file_shop.h"
#include "app/kept_shop.h"
#include "app/mapping_memory.h"
#include "app/output_file.h"
#include "app/question_options.h"
#include "app/questions.h"
#include "app/read_options.h"
#include "base/file.h"
#include "language/catalogue.h"
#include "retention/report/html.h"
#include "retention/report/json.h"
#include "retention/report/report.h"
#include "retention/report/terminal.h"

namespace behoud::app {
namespace {

namespace report = retention::report;

Result<FileShopOptions> options_of(const Call& call, const MappingMemory& memory) {
  TRY_ASSIGN(const HowToRead how, how_to_read(call));
  FileShopOptions out;
  out.files = call.arguments.operands();
  out.read.map = how.map;
  out.read.zone = how.zone.value_or(calendar::Zone::utc());
  out.read.currency = how.currency;
  out.read.date_format = how.date_format;
  out.read.decimal_mark = how.decimal_mark;
  out.read.source = how.source;
  out.read.now = call.world.now();
  out.read.remembered = [&memory](std::string_view shape) { return memory.find(shape); };
  if (const auto window = call.value("window")) {
    TRY_ASSIGN(out.window_days, parse_window(*window));
  }
  TRY_ASSIGN(const Standings statuses, statuses_of(call));
  for (const auto& [word, standing] : statuses) {
    if (standing) out.statuses[word] = *standing;
  }
  return out;
}

// Shows a report in the form that was asked for.
Result<void> show(const Call& call, const report::Report& r) {
  TRY_ASSIGN(const language::Language lang, language_of(call));
  if (const auto path = call.value("html")) {
    TRY_ASSIGN(const std::string html, report::render_html(r, language::code(lang)));
    TRY(write_file(std::string{*path}, html));
    call.console.note(language::Catalogue(lang).text("report.in_file", {{"file", *path}}) + "\n");
  }
  if (call.has("json")) {
    TRY_ASSIGN(const std::string json, report::render_json(r));
    call.console.out(json.ends_with('\n') ? json : json + "\n");
    return {};
  }
  const Terminal& terminal = call.console.out_terminal();
  TRY_ASSIGN(const std::string page,
             report::render_terminal(r, language::code(lang), {terminal.width, terminal.utf8, terminal.colour}));
  call.console.out(page);
  return {};
}

Result<void> report_of_files(const Call& call) {
  MappingMemory memory = MappingMemory::load(call.world);
  TRY_ASSIGN(FileShopOptions options, options_of(call, memory));
  report::ReportOptions shown;
  shown.files = options.files;
  // The commands that the report proposes read the files as this one does.
  for (const char* name : {"map", "timezone", "currency", "date-format", "decimal", "source"}) {
    for (const std::string& value : call.arguments.values(name)) {
      shown.reading_arguments.push_back("--" + std::string(name));
      shown.reading_arguments.push_back(value);
    }
  }
  // Checked before a long reading, and again with the shop's zone after it.
  const Lookup said = [&call](std::string_view name) { return call.value(name); };
  TRY_ASSIGN(shown.question, parse_question(said, options.read.zone));
  TRY_ASSIGN(const language::Language lang, language_of(call));
  const language::Catalogue words(lang);
  if (const auto html = call.value("html")) TRY(require_free("html", std::string{*html}, options.files));

  Progress progress =
      progress_on(call.console, call.world, words.text("ingest.progress.reading"), words.text("ingest.progress.bytes"));
  options.read.progress = [&progress](std::uint64_t done, std::uint64_t total) { progress.update(done, total); };
  TRY_ASSIGN(FileShop shop, read_file_shop(options));
  progress.finish();
  TRY(require_basis(shop.histories, shown.question));
  shown.window_choice = shop.window_choice;
  TRY_ASSIGN(const report::Report r, report::make_report(shop.histories, shop.facts, shop.settings, shown));
  if (options.read.map) {
    for (const ingest::FileShape& shape : shop.facts.files) {
      // A mapping that cannot be kept is made again next month: a pity, and no reason to fail.
      if (const auto kept = memory.remember(shape.fingerprint, *options.read.map); !kept) {
        const Error why = in_words_of(lang, kept.error());
        call.console.note(words.text("report.mapping_forgotten", {{"why", without_stop(why.message)}}) + "\n");
        break;
      }
    }
  }
  return show(call, r);
}

Result<void> report_of_folder(const Call& call) {
  for (const char* name : {"map", "timezone", "currency", "date-format", "decimal", "source", "status"}) {
    if (call.has(name)) {
      return fail(Errc::kInvalidArgument, "says how files are read, and there are none beside --data",
                  "leave it out, or see: behoud help settings", {{}, 0, name}, {"problem.reading_is_of_files"});
    }
  }
  const Lookup said = [&call](std::string_view name) { return call.value(name); };
  TRY(parse_question(said, calendar::Zone::utc()));
  TRY_ASSIGN(const language::Language lang, language_of(call));
  const language::Catalogue words(lang);
  if (const auto html = call.value("html")) TRY(require_free("html", std::string{*html}, {}));
  Explanation explanation(call);
  TRY_ASSIGN(const ledger::Ledger ledger, open_reading(call));
  TRY_ASSIGN(const ledger::Snapshot snapshot, ledger.snapshot());
  Progress progress =
      progress_on(call.console, call.world, words.text("ingest.progress.ledger"), words.text("ingest.progress.orders"));
  timeline::RebuildOptions rebuild;
  rebuild.progress = [&progress](std::uint64_t done, std::uint64_t total) { progress.update(done, total); };
  TRY_ASSIGN(const FolderShop shop, read_kept_shop(ledger, snapshot, rebuild));
  progress.finish();
  explanation.has_read();
  report::ReportOptions shown;
  TRY_ASSIGN(shown.question, parse_question(said, shop.histories.zone));
  TRY(require_basis(shop.histories, shown.question));
  shown.data_dir = call.value("data").value_or("");
  TRY_ASSIGN(const report::Report r, report::make_report(shop.source(), {}, shop.settings, shown));
  TRY(show(call, r));
  explanation.tell(shop, call.has("json") ? Format::kJson : Format::kTable);
  keep_shop(ledger, shop);
  return {};
}

Result<void> report_of(const Call& call) {
  const bool files = !call.arguments.operands().empty();
  if (files && call.has("data")) {
    return fail(Errc::kInvalidArgument, "a report is of files or of a data folder", "leave out one of the two",
                {{}, 0, "data"}, {"problem.report_of_both"});
  }
  if (files && call.has("explain")) {
    return fail(Errc::kInvalidArgument, "only what is asked of a data folder is explained",
                "leave it out, or --data DIR", {{}, 0, "explain"}, {"problem.explained_is_of_data"});
  }
  if (files) return report_of_files(call);
  if (call.has("data")) return report_of_folder(call);
  return fail(Errc::kInvalidArgument, "something is missing: behoud report FILE..., or behoud report --data DIR",
              "see: behoud help report", {},
              {"problem.words_missing",
               {{"usage", "behoud report FILE... | behoud report --data DIR"}, {"command", "report"}}});
}

std::vector<Option> options() {
  std::vector<Option> out{{"data", "DIR", "of the shop in a data folder, instead of files", false},
                          {"html", "OUT", "write it as one HTML file too, with charts", false},
                          {"json", "", "everything as one JSON document", false},
                          lang_option(),
                          explain_option()};
  for (const Option& o : question_options()) out.push_back(o);
  for (const Option& o : read_options()) out.push_back(o);
  out.push_back(status_option());
  return out;
}

}  // namespace

Command report_command() {
  return {{.name = "report",
           .operands = "[FILE]...",
           .operands_min = 0,
           .operands_max = kAnyNumber,
           .summary = "Tells from files of orders, or a data folder, whether a shop keeps its customers",
           .details = "Takes exports of orders as they are: CSV, Parquet, JSON, .xlsx, or a .zip or .gz of them, from\n"
                      "Shopify, WooCommerce, Magento, PrestaShop, Shopware, Lightspeed, Bol.com, Amazon, Stripe and\n"
                      "others. Nothing is set up and nothing is kept but, by the shape of the file, a --map.",
           .options = options()},
          report_of};
}

}  // namespace behoud::app
