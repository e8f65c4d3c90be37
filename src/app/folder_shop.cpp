#include "app/folder_shop.h"

#include "base/text.h"

namespace behoud::app {

ledger::Environment environment_of(const World& world) { return {world.now, world.entropy, ""}; }

Result<ledger::Ledger> open_ledger(const std::string& folder, ledger::Access access, const World& world) {
  if (!ledger::DataFolder::holds_ledger(folder)) {
    return fail(Errc::kNotFound, "there is no shop in " + quoted(folder),
                "make one from a file of orders: behoud import orders FILE --data " + folder, {},
                {"problem.folder_without_shop", {{"folder", folder}}});
  }
  TRY_ASSIGN(auto data, ledger::DataFolder::open(folder, access, environment_of(world)));
  return ledger::Ledger::open(std::move(data));
}

Result<FolderShop> read_folder_shop(const ledger::Snapshot& snapshot, const timeline::RebuildOptions& options) {
  TRY_ASSIGN(timeline::Rebuilt rebuilt, timeline::rebuild(snapshot, options));
  return folder_shop_of(snapshot, std::move(rebuilt));
}

Result<FolderShop> folder_shop_of(const ledger::Snapshot& snapshot, timeline::Rebuilt rebuilt) {
  FolderShop shop;
  shop.histories = std::move(rebuilt.histories);
  shop.unused = std::move(rebuilt.unused);
  shop.revision = snapshot.revision();
  shop.generation = snapshot.generation();
  shop.imports = snapshot.imports();
  const std::optional<int> window = snapshot.settings().window_days;
  shop.settings.window_days = window ? *window : retention::choose_window(shop.histories).days;
  shop.chosen = snapshot.settings();
  TRY_ASSIGN(shop.basics, retention::basics_of(shop.source(), shop.settings, {}));
  return shop;
}

}  // namespace behoud::app
