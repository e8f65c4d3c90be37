// Notes on the time axis: the command of what /api/v1/notes does.

#include "app/notes_command.h"

#include <fmt/format.h>

#include "app/command_log.h"
#include "app/data_access.h"
#include "app/notes.h"
#include "app/random_id.h"
#include "base/json_writer.h"

namespace behoud::app {
namespace {

Result<void> list(const Call& call) {
  TRY_ASSIGN(const Format format, format_of(call));
  TRY_ASSIGN(ledger::Ledger ledger, open_reading(call));
  TRY_ASSIGN(const std::vector<Note> notes, read_notes(ledger));
  call.console.out(format == Format::kJson  ? notes_json(notes)
                   : format == Format::kCsv ? to_csv(notes_sheet(notes))
                                            : to_table(notes_sheet(notes), {{}, call.console.out_terminal().utf8}));
  return {};
}

Result<void> add(const Call& call, ledger::Ledger& ledger) {
  for (const char* option : {"day", "text"}) {
    if (!call.has(option)) {
      return fail(Errc::kInvalidArgument, fmt::format("--{} is missing", option), "a note needs --day and --text",
                  {{}, 0, option});
    }
  }
  TRY_ASSIGN(Note note, check_note(*call.value("day"), *call.value("text"), call.value("kind")));
  note.id = random_id("n_", call.world);
  ledger::RoomStore store(ledger);
  TRY(store.write([&](ledger::RoomWriter& db) { return keep_note(db, note, call.world.now()); }));
  record_after(call, ledger, {"note_added", "note"});
  std::string out;
  if (call.has("json")) {
    JsonWriter json(out);
    write_note(json, note);
  } else {
    out = note.id + " is added";
  }
  call.console.out(out + "\n");
  return {};
}

Result<void> remove(const Call& call, ledger::Ledger& ledger, const std::string& id) {
  TRY(remove_note(ledger, id));
  record_after(call, ledger, {"note_removed", "note"});
  if (call.has("json")) {
    std::string out;
    JsonWriter(out).begin_object().field("id", id).field("removed", true).end_object();
    call.console.out(out + "\n");
  } else {
    call.console.out(id + " is removed\n");
  }
  return {};
}

Result<void> notes(const Call& call) {
  const auto& operands = call.arguments.operands();
  if (operands.empty()) return list(call);
  const bool adds = operands.front() == "add" && operands.size() == 1;
  const bool removes = operands.front() == "remove" && operands.size() == 2;
  if (!adds && !removes) {
    return fail(Errc::kInvalidArgument, "say: behoud notes, or notes add, notes remove ID",
                "behoud notes lists the IDs");
  }
  TRY_ASSIGN(const WritingLedger ledger, open_writing(call, IfMissing::kFail));
  if (ledger->sample()) {
    return fail(Errc::kInvalidArgument, "this folder holds a sample shop, and own data never mixes with it",
                "name another folder with --data");
  }
  return adds ? add(call, *ledger) : remove(call, *ledger, operands[1]);
}

}  // namespace

Command notes_command() {
  return {.syntax = {.name = "notes",
                     .operands = "[add|remove ID]",
                     .operands_min = 0,
                     .operands_max = 2,
                     .summary = "Lists the notes on the time axis, and adds and removes them",
                     .details =
                         "A campaign, a price change: what stands over the dashboard's charts on its day. No figure\n"
                         "changes by it.",
                     .options = {data_option(),
                                 format_option(),
                                 json_option(),
                                 {"day", "DAY", "when it was", false},
                                 {"text", "TEXT", "one line of at most 500 bytes", false},
                                 {"kind", "K", "campaign, price or other (default: other)", false}}},
          .run = notes,
          .writes = [](const Arguments& a) { return !a.operands().empty(); },
          .files_from = kAnyNumber};
}

}  // namespace behoud::app
