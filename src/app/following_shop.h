#pragma once

// A shop that goes on with its ledger (timeline/kept/follow.h): out of what is loaded, or of what is kept on the disk,
// and what came since, where that can be told customer by customer; else it is rebuilt, and why is said.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "app/folder_shop.h"
#include "timeline/kept/follow.h"
#include "timeline/kept/kept_histories.h"

namespace behoud::app {

// What the next one is followed from: at hand, or still in the file. Without either the next one is rebuilt.
struct FollowFrom {
  std::optional<timeline::Footing> footing;
  std::shared_ptr<const timeline::ColumnFile> file;
};
struct FollowingShop {
  FolderShop shop;
  FollowFrom from;
};

// What the folder keeps of an earlier state or of this one, brought up to the snapshot. `made_by` as FileMark has it.
// What is rebuilt is as `options` say; nobody will follow from it where it is not `to_follow`, which costs less.
// Errors: those of read_folder_shop().
Result<FollowingShop> read_following_shop(const std::string& folder, std::uint64_t made_by,
                                          const ledger::Snapshot& snapshot,
                                          const timeline::RebuildOptions& options = {}, bool to_follow = true);
// The shop at a later revision of its ledger, from `then` and what belongs to it. Errors: the same.
Result<FollowingShop> follow_shop(const FolderShop& then, FollowFrom from, const ledger::Snapshot& now);

// What lies in the folder of this very shop to be followed from, which takes no memory until it is needed; else
// nothing.
FollowFrom kept_to_follow(const ledger::Ledger& ledger, const FolderShop& shop);

}  // namespace behoud::app
