#include "app/import_command.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "app/command_log.h"
#include "app/data_access.h"
#include "app/error_words.h"
#include "app/folder_shop.h"
#include "app/import.h"
#include "app/import_view.h"
#include "app/imports_json.h"
#include "app/question_options.h"
#include "app/sheet.h"
#include "base/csv.h"
#include "base/file.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "language/catalogue.h"
#include "retention/report/actions.h"

namespace behoud::app {
namespace {

// ---- behoud import

// Each file's rejected rows lie beside it, so that they can be mended and imported again: "orders.csv.rejected.csv".
Result<std::vector<std::string>> write_rejected(const Call& call, const ImportRequest& request,
                                                const ImportOutcome& outcome, const language::Catalogue& catalogue) {
  std::vector<std::string> written;
  for (std::size_t i = 0; i < request.typed.size(); ++i) {
    const std::string& path = request.paths[i];
    std::string rows;
    CsvWriter csv(rows);
    csv.value("file").value("line").value("column").value("reason").value("cell").end_row();
    bool any = false;
    for (const ingest::Rejected& r : outcome.rejected) {
      // A part of an archive is named by the archive's path and its own.
      if (r.place.file != path && !r.place.file.starts_with(path + "/")) continue;
      any = true;
      csv.text(as_typed(call, r.place.file)).value(std::to_string(r.place.line)).text(r.place.column);
      csv.text(catalogue.has(r.reason) ? catalogue.text(r.reason) : r.reason).text(r.excerpt).end_row();
    }
    if (!any) continue;
    const std::string name = request.typed[i] + ".rejected.csv";
    TRY(write_file(output_path(call, name), rows));
    written.push_back(name);
  }
  return written;
}

Result<ImportRequest> request_of(const Call& call) {
  const auto& operands = call.arguments.operands();
  const auto kind = ledger::parse_import_kind(operands.front());
  if (!kind || *kind == ledger::ImportKind::kEvents) {
    return fail(Errc::kInvalidArgument, fmt::format("{} is nothing to import", behoud::quoted(operands.front())),
                "one of: orders, customers, costs, items, rates, subscriptions; then FILE...", {},
                {"problem.value_unknown",
                 {{"value", operands.front()}, {"known", "orders, customers, costs, items, rates, subscriptions"}}});
  }
  ImportRequest out;
  out.kind = *kind;
  out.typed.assign(operands.begin() + 1, operands.end());
  for (const std::string& file : out.typed) out.paths.push_back(input_path(call, file));
  TRY_ASSIGN(out.how, how_to_read(call, *kind == ledger::ImportKind::kOrders));
  out.map = call.value("map").value_or("");
  TRY_ASSIGN(out.statuses, statuses_of(call));
  if (const auto window = call.value("window")) {
    TRY_ASSIGN(out.window_days, parse_window(*window));
  }
  out.dry_run = call.has("dry-run");
  out.now = call.world.now();
  return out;
}

// A dry run of a shop that is not there yet tries on a folder that goes with it.
class Trial {
 public:
  explicit Trial(const World& world)
      : path_((std::filesystem::temp_directory_path() / fmt::format("behoud-{:016x}", world.entropy())).string()) {}
  ~Trial() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

Result<ImportOutcome> import_into(ledger::Ledger& ledger, const Call& call, const ImportRequest& request,
                                  const language::Catalogue& words) {
  Progress progress = progress_on(call.console, call.world, words.text("ingest.progress.importing"),
                                  words.text("ingest.progress.bytes"));
  ImportSurroundings around;
  around.language = words.language();
  if (call.console.can_ask()) {
    around.ask = [&call](std::string_view question) { return call.console.ask(question); };
  }
  around.warn = [&call](std::string_view line) { call.console.note(line); };
  around.progress = [&progress](std::uint64_t done, std::uint64_t total) { progress.update(done, total); };
  around.abandoned = [&call] { return call.console.abandoned(); };
  around.along = [&call](ledger::RoomWriter& db, const ImportOutcome& outcome) {
    return record_along(call, db, {"import", "import", outcome.row.id});
  };
  return import_files(ledger, request, around);
}

// A first import that failed leaves nothing behind: the folder goes if it came with it, else what was put into it.
void forget_folder(const std::string& folder, bool was_there) {
  std::error_code ignored;
  if (!was_there) {
    std::filesystem::remove_all(folder, ignored);
    return;
  }
  for (const char* name : {"behoud.db", "behoud.db-wal", "behoud.db-shm", "lock"}) {
    std::filesystem::remove(std::filesystem::path(folder) / name, ignored);
  }
}

Result<ImportOutcome> import_as_asked(const Call& call, const ImportRequest& request,
                                      const language::Catalogue& words) {
  if (request.dry_run && call.host == nullptr && !ledger::DataFolder::holds_ledger(data_of(call))) {
    const Trial trial(call.world);
    TRY_ASSIGN(auto folder, ledger::DataFolder::create(trial.path(), false, environment_of(call.world)));
    TRY_ASSIGN(ledger::Ledger ledger, ledger::Ledger::open(std::move(folder)));
    return import_into(ledger, call, request, words);
  }
  if (request.dry_run && call.host == nullptr) {
    TRY_ASSIGN(ledger::Ledger ledger, open_reading(call));  // it writes nothing, so it needs nobody's leave
    return import_into(ledger, call, request, words);
  }
  const std::string folder = data_of(call);
  const bool fresh = call.host == nullptr && !ledger::DataFolder::holds_ledger(folder);
  const bool was_there = std::filesystem::exists(folder);
  auto outcome = [&]() -> Result<ImportOutcome> {
    TRY_ASSIGN(const WritingLedger ledger, open_writing(call, IfMissing::kCreate));
    return import_into(*ledger, call, request, words);
  }();
  // What can be gone on with stays: a full disk, a folder that another process holds.
  const bool hopeless =
      !outcome && outcome.error().code != Errc::kUnavailable && outcome.error().code != Errc::kConflict;
  if (fresh && hopeless) forget_folder(folder, was_there);
  return outcome;
}

Result<void> import(const Call& call) {
  TRY_ASSIGN(const ImportRequest request, request_of(call));
  TRY_ASSIGN(const language::Language lang, language_of(call));
  const language::Catalogue catalogue(lang);
  // Whether the files are there at all, before a folder is made for them.
  for (const std::string& path : request.paths) {
    std::error_code ec;
    if (!std::filesystem::exists(path, ec)) {
      return fail(Errc::kNotFound, "there is no such file", "Check its name and its folder.", {path, 0, {}},
                  {"problem.file_missing"});
    }
  }
  TRY_ASSIGN(ImportOutcome outcome, import_as_asked(call, request, catalogue));
  for (SeenFile& file : outcome.files) file.file = as_typed(call, std::move(file.file));
  for (ingest::Notice& notice : outcome.notices) {
    if (const auto file = notice.args.find("file"); file != notice.args.end()) {
      file->second = as_typed(call, std::move(file->second));
    }
    if (const auto command = notice.args.find("command"); command != notice.args.end() && call.has("data")) {
      command->second += " --data " + retention::report::shell_word(*call.value("data"));
    }
  }
  auto rejected_files = write_rejected(call, request, outcome, catalogue);
  if (!rejected_files) {
    const Error why = in_words_of(lang, rejected_files.error());
    call.console.note(catalogue.text("ingest.import.rejected_not_written", {{"why", without_stop(why.message)}}) +
                      "\n");
    rejected_files.emplace();
  }
  const ImportView view{request.dry_run, outcome, *rejected_files, catalogue};
  call.console.out(call.has("json") ? import_json(view) : import_text(view));
  return {};
}

std::vector<Option> import_options() {
  std::vector<Option> out{data_option(),
                          json_option(),
                          lang_option(),
                          {"dry-run", "", "say what would happen, and do nothing", false},
                          {"window", "Nd", "the shop's activity window, where none is chosen yet", false}};
  for (const Option& o : read_options()) out.push_back(o);
  out.push_back(status_option());
  return out;
}

// ---- behoud imports

Result<void> imports(const Call& call) {
  const auto& operands = call.arguments.operands();
  TRY_ASSIGN(const Format format, format_of(call));
  TRY_ASSIGN(const language::Language lang, language_of(call));
  if (operands.empty()) {
    TRY_ASSIGN(const ledger::Ledger ledger, open_reading(call));
    TRY_ASSIGN(const ledger::Snapshot snapshot, ledger.snapshot());
    const auto& rows = snapshot.imports();
    call.console.out(format == Format::kJson  ? imports_json(rows)
                     : format == Format::kCsv ? to_csv(imports_sheet(rows))
                                              : to_table(imports_sheet(rows), {{}, call.console.out_terminal().utf8}));
    return {};
  }
  const auto id = operands.size() == 2 ? parse_integer(operands[1]) : std::nullopt;
  const bool rejected = operands[0] == "rejected";
  if ((operands[0] != "undo" && !rejected) || !id || *id < 1 || *id > std::numeric_limits<ledger::ImportId>::max()) {
    return fail(Errc::kInvalidArgument, "say: behoud imports, or behoud imports undo ID, imports rejected ID",
                "behoud imports lists the IDs", {}, {"problem.imports_words"});
  }
  if (rejected) {
    TRY_ASSIGN(const ledger::Ledger ledger, open_reading(call));
    TRY_ASSIGN(const auto rows, ledger.rejected_rows(static_cast<ledger::ImportId>(*id)));
    const language::Catalogue catalogue(lang);
    call.console.out(format == Format::kJson ? rejected_json(rows, catalogue) : rejected_csv(rows, catalogue));
    return {};
  }
  TRY_ASSIGN(const WritingLedger ledger, open_writing(call, IfMissing::kFail));
  auto undone = ledger->undo_import(static_cast<ledger::ImportId>(*id),
                                    [&call](ledger::RoomWriter& db, const ledger::ImportRow& row) {
                                      return record_along(call, db, {"undo", "import", row.id});
                                    });
  if (!undone) {
    // Not the folder is held; the import is in no state to be taken back.
    if (undone.error().code == Errc::kConflict) undone.error().code = Errc::kInvalidArgument;
    return std::unexpected(std::move(undone).error());
  }
  if (format == Format::kJson) {
    call.console.out(imports_json({*undone}));
  } else {
    call.console.out(language::Catalogue(lang).text("ingest.import.undone", {{"id", std::to_string(undone->id)},
                                                                             {"file", undone->meta.file_name}}) +
                     "\n");
  }
  return {};
}

}  // namespace

Command import_command() {
  return {
      .syntax = {.name = "import",
                 .operands = "orders|customers|costs|items|rates|subscriptions FILE...",
                 .operands_min = 2,
                 .operands_max = kAnyNumber,
                 .summary = "Takes files into the data folder, all or nothing",
                 .details =
                     "The same file twice adds nothing; a newer export that overlaps adds what is new and takes over\n"
                     "what has changed. Several files are one import. Rows that cannot be read go to\n"
                     "FILE.rejected.csv with line, column and reason. The first import sets the shop's zone,\n"
                     "currency and window.",
                 .options = import_options()},
      .run = import,
      .writes = [](const Arguments& a) { return !a.has("dry-run"); },
      .files_from = 1};
}

Command imports_command() {
  return {.syntax = {.name = "imports",
                     .operands = "[undo ID|rejected ID]",
                     .operands_min = 0,
                     .operands_max = 2,
                     .summary = "Lists the imports, takes one back, or shows what could not be read",
                     .details = "undo ID       as if it had never been; what a later import also holds stays\n"
                                "rejected ID   the rows that were not read, with line, column and reason, as CSV",
                     .options = {data_option(), format_option(), json_option(), lang_option()}},
          .run = imports,
          .writes = [](const Arguments& a) { return !a.operands().empty() && a.operands().front() == "undo"; },
          .files_from = kAnyNumber};
}

}  // namespace behoud::app
