#pragma once

// A shop out of its data folder: the ledger opened, the histories rebuilt from a snapshot, the settings that questions
// need. What every question on --data looks at, in a command and in the server alike.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/command.h"
#include "app/world.h"
#include "ledger/ledger.h"
#include "retention/answers.h"
#include "timeline/kept/kept_mark.h"
#include "timeline/rebuild.h"

namespace behoud::app {

ledger::Environment environment_of(const World& world);

// Opens the ledger in `folder`. Errors: kNotFound (no shop there; the hint says how to make one), those of
// DataFolder::open.
Result<ledger::Ledger> open_ledger(const std::string& folder, ledger::Access access, const World& world);

// Everything of one revision; immutable, shared by whoever asks.
struct FolderShop {
  timeline::Histories histories;
  retention::ShopSettings settings;
  std::vector<timeline::Unused> unused;
  std::vector<ledger::ImportRow> imports;  // committed, and those taken back
  std::int64_t revision = 0;
  ledger::Generation generation{};
  ledger::Settings chosen;   // as the ledger has them
  retention::Basics basics;  // of a question without words
  // Why the histories were rebuilt, where they might have been read as they were kept, or followed (kept_shop.h); else
  // absent.
  std::optional<timeline::NotKept> rebuilt_because;
  // They are those of an earlier revision and what came since.
  bool followed = false;
  // What questions of these histories have in common.
  std::unique_ptr<const retention::Prepared> prepared = std::make_unique<const retention::Prepared>();

  retention::Source source() const { return {histories, prepared.get()}; }
};
// The window is the shop's; a shop that has none yet gets the one its orders propose. Errors: those of the rebuild.
Result<FolderShop> read_folder_shop(const ledger::Snapshot& snapshot, const timeline::RebuildOptions& options = {});
// Of what was rebuilt from this snapshot before.
Result<FolderShop> folder_shop_of(const ledger::Snapshot& snapshot, timeline::Rebuilt rebuilt);

}  // namespace behoud::app
