#pragma once

// The line that a command leaves in the log of who did what (`behoud access audit`, GET /api/v1/audit), with or without
// a server. Its doer is the command line: who sat there the machine knows, not we. Words and numbers of ours, no
// personal data: neither file names nor what was typed.

#include <optional>
#include <string>
#include <string_view>

#include "access/records.h"
#include "app/command.h"
#include "ledger/room_store.h"

namespace behoud::app {

struct CommandDeed {
  std::string_view action, subject;  // as the routes have them: "settings_changed", "settings"
  std::optional<std::int64_t> subject_id{};
  std::string detail{};  // a JSON object, or ""
};

// In the transaction of what was done (ledger::AlongWith). Errors: those of the database.
Result<void> record_along(const Call& call, ledger::RoomWriter& db, const CommandDeed& deed);
// Behind what was done and stays done: a line that could not be written is told on standard error.
void record_after(const Call& call, ledger::Ledger& ledger, const CommandDeed& deed);

}  // namespace behoud::app
