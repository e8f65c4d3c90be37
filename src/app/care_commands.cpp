// Living with a data folder: copying it, putting a copy back, finding out what is wrong with it.

#include "app/care_commands.h"

#include <fmt/format.h>

#include "app/data_access.h"
#include "app/exit_code.h"
#include "app/findings.h"
#include "app/folder_shop.h"
#include "base/json_writer.h"
#include "ledger/doctor.h"

namespace behoud::app {
namespace {

Result<void> backup(const Call& call) {
  const std::string& into = call.arguments.operands().front();
  // Beside a running server: a backup reads, and never blocks a writer.
  TRY_ASSIGN(const ledger::Ledger ledger, open_reading(call));
  auto copied = ledger.backup(into);
  if (!copied) {
    // The place is taken; the folder is not held.
    if (copied.error().code == Errc::kConflict) copied.error().code = Errc::kInvalidArgument;
    return copied;
  }
  auto folder = ledger::DataFolder::open(into, ledger::Access::kRead, environment_of(call.world));
  if (!folder) return std::unexpected(std::move(folder).error());
  TRY_ASSIGN(const ledger::Ledger copy, ledger::Ledger::open(std::move(*folder)));
  TRY_ASSIGN(const std::int64_t revision, copy.revision());
  if (call.has("json")) {
    std::string out;
    JsonWriter json(out);
    json.begin_object().field("backup", into).field("revision", revision).end_object();
    call.console.out(out + "\n");
  } else {
    call.console.out(fmt::format("{} holds revision {}\n", into, revision));
  }
  return {};
}

Result<void> restore(const Call& call) {
  const std::string& from = call.arguments.operands().front();
  const std::string data = data_of(call);
  TRY(ledger::restore(from, data, environment_of(call.world)));
  TRY_ASSIGN(const ledger::Ledger ledger, open_reading(call));
  TRY_ASSIGN(const std::int64_t revision, ledger.revision());
  if (call.has("json")) {
    std::string out;
    JsonWriter json(out);
    json.begin_object().field("data", data).field("revision", revision).end_object();
    call.console.out(out + "\n");
  } else {
    call.console.out(fmt::format("{} is at revision {} again\n", data, revision));
  }
  return {};
}

Result<void> doctor(const Call& call) {
  const std::string data = data_of(call);
  TRY_ASSIGN(const auto findings, ledger::examine(data, environment_of(call.world)));
  bool problem = false;
  for (const ledger::Finding& f : findings) problem = problem || f.severity == ledger::Severity::kProblem;
  if (call.has("json")) {
    call.console.out(findings_json(data, findings));
  } else {
    for (const ledger::Finding& f : findings) {
      call.console.out(fmt::format("{:<8} {}\n", word_of(f.severity), f.message));
      if (!f.way_out.empty()) call.console.out(fmt::format("         {}\n", f.way_out));
    }
  }
  if (problem && call.exit_code != nullptr) *call.exit_code = kDamaged;
  return {};
}

}  // namespace

Command backup_command() {
  return {.syntax = {.name = "backup",
                     .operands = "DIR",
                     .operands_min = 1,
                     .operands_max = 1,
                     .summary = "Copies a data folder while it is in use",
                     .details = "DIR is made, and is a data folder itself: any command can look at it with --data.",
                     .options = {data_option(), json_option()}},
          .run = backup};
}

Command restore_command() {
  return {
      .syntax = {.name = "restore",
                 .operands = "DIR",
                 .operands_min = 1,
                 .operands_max = 1,
                 .summary = "Puts a backup in the place of a data folder's ledger",
                 .details = "What was there is kept beside it, as before-restore-TIME.db. Nobody may hold the folder.",
                 .options = {data_option(), json_option()}},
      .run = restore};
}

Command doctor_command() {
  return {.syntax = {.name = "doctor",
                     .operands = "",
                     .operands_min = 0,
                     .operands_max = 0,
                     .summary = "Says what is wrong with a data folder, and the way out",
                     .details = "Reads everything once and changes nothing. Ends with 4 when something is damaged.",
                     .options = {data_option(), json_option()}},
          .run = doctor};
}

}  // namespace behoud::app
