#include "app/command_log.h"

#include "access/store.h"
#include "app/data_access.h"

namespace behoud::app {

Result<void> record_along(const Call& call, ledger::RoomWriter& db, const CommandDeed& deed) {
  TRY(access::store::record(
      db, {access::kCommandLine, std::string{deed.action}, std::string{deed.subject}, deed.subject_id, deed.detail},
      call.world.now()));
  if (call.host != nullptr && call.host->recorded != nullptr) *call.host->recorded = true;
  return {};
}

void record_after(const Call& call, ledger::Ledger& ledger, const CommandDeed& deed) {
  ledger::RoomStore store(ledger);
  const auto written = store.write([&](ledger::RoomWriter& db) { return record_along(call, db, deed); });
  if (!written)
    call.console.note("this is done, but not in the log of who did what: " + written.error().message + "\n");
}

}  // namespace behoud::app
