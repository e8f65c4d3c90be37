// Living with a data folder: copying it, putting a copy back, finding out what is wrong with it.

#include "app/care_commands.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "access/store.h"
#include "app/command_log.h"
#include "app/data_access.h"
#include "app/exit_code.h"
#include "app/findings.h"
#include "app/folder_shop.h"
#include "base/json_writer.h"
#include "ledger/doctor.h"
#include "ledger/room_store.h"

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

// Who may sign in after a backup has taken the ledger's place, and what was ended with it.
struct Returned {
  access::store::Ended ended;
  std::vector<access::UserId> users;  // who may sign in now
  std::vector<access::UserId> back;   // of these, whom the ledger before knew as removed
};

// Users that the folder's ledger knows as removed; none where there is no such ledger, or it cannot be read: restoring
// is what is done about that.
std::vector<access::UserId> removed_users(const Call& call) {
  if (!ledger::DataFolder::holds_ledger(data_of(call))) return {};
  auto ledger = open_reading(call);
  if (!ledger) return {};
  std::vector<access::UserId> out;
  const ledger::RoomStore store(*ledger);
  const auto read = store.read([&](ledger::RoomReader& db) -> Result<void> {
    TRY_ASSIGN(out, access::store::erased_users(db));
    return {};
  });
  return read ? out : std::vector<access::UserId>{};
}

std::string returned_json(const std::string& data, std::int64_t revision, const Returned& r) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("data", data).field("revision", revision).field("users", r.users.size());
  json.key("users_back").begin_array();
  for (const access::UserId id : r.back) json.value(id);
  json.end_array().field("sessions_ended", r.ended.sessions).field("links_ended", r.ended.links);
  json.field("tokens_revoked", r.ended.tokens).end_object();
  return out + "\n";
}

std::string returned_text(const std::string& data, std::int64_t revision, const Returned& r) {
  std::string out = fmt::format("{} is at revision {} again\n", data, revision);
  if (r.users.empty()) return out;
  out += fmt::format(
      "Users are those of the backup, {} of them, with the passwords they had then: behoud access users.\n"
      "Every session and one-time link has ended; tokens revoked: {} (behoud access token makes new ones).\n",
      r.users.size(), r.ended.tokens);
  for (const access::UserId id : r.back) {
    out += fmt::format("User {0} had been removed since and is back; to remove them again: behoud access remove {0}\n",
                       id);
  }
  return out;
}

Result<void> restore(const Call& call) {
  const std::string& from = call.arguments.operands().front();
  const std::string data = data_of(call);
  const auto removed = removed_users(call);
  Returned returned;
  TRY(ledger::restore(from, data, environment_of(call.world), [&](ledger::RoomWriter& db) -> Result<void> {
    // Tokens too: the backup may hold one that was revoked since, and nobody would know.
    TRY_ASSIGN(returned.ended, access::store::end_all(db, call.world.now()));
    TRY_ASSIGN(const auto users, access::store::users(db));
    for (const access::User& user : users) {
      returned.users.push_back(user.id);
      if (std::ranges::binary_search(removed, user.id)) returned.back.push_back(user.id);
    }
    std::string detail;
    JsonWriter(detail)
        .begin_object()
        .field("sessions_ended", returned.ended.sessions)
        .field("links_ended", returned.ended.links)
        .field("tokens_revoked", returned.ended.tokens)
        .field("users_back", returned.back.size())
        .end_object();
    return record_along(call, db, {"restored", "", {}, detail});
  }));
  TRY_ASSIGN(const ledger::Ledger ledger, open_reading(call));
  TRY_ASSIGN(const std::int64_t revision, ledger.revision());
  call.console.out(call.has("json") ? returned_json(data, revision, returned)
                                    : returned_text(data, revision, returned));
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
                 .details = "What was there is kept beside it, as before-restore-TIME.db. Nobody may hold the folder.\n"
                            "DIR is what `behoud backup` made, or a file of a backup, as a server gives it.\n"
                            "Users are those of the backup; every session, one-time link and token of it is ended.",
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
