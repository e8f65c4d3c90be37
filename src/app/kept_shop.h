#pragma once

// A shop out of its data folder, as read_folder_shop() gives it, but by what the folder keeps of an earlier reading
// (timeline/kept/): where that is of this very state of the ledger and of this very program, nothing is rebuilt; where
// it is of an earlier state, what came since is read alone, if it can be told customer by customer. Never another
// answer, and never an error, because of what is kept.

#include <cstdint>
#include <string>

#include "app/folder_shop.h"

namespace behoud::timeline {
struct Footing;  // timeline/kept/follow.h
}

namespace behoud::app {

struct FollowingShop;

// Fewer orders are rebuilt in less time than a disk may take.
inline constexpr std::uint64_t kOrdersWorthKeeping = 200'000;

std::string kept_histories_folder(const ledger::Ledger& ledger);

// Errors: those of read_folder_shop().
Result<FolderShop> read_kept_shop(const ledger::Ledger& ledger, const ledger::Snapshot& snapshot,
                                  const timeline::RebuildOptions& options = {});

// The same, for whoever goes on with the ledger (following_shop.h).
Result<FollowingShop> read_shop_to_follow(const ledger::Ledger& ledger, const ledger::Snapshot& snapshot);

// Keeps what had to be rebuilt, for whoever asks next: to be called when the asker has the answer.
// Does nothing for a shop of fewer orders (of which what was kept of an earlier state is removed), one that was read
// from there, or where another process is writing, or of a ledger that was erased from since (timeline/kept/forget.h).
// false: it is not kept.
// What was followed from an earlier state is kept where its footing is there to be kept with it, that the next can be
// followed from; else what lies there stays.
bool keep_shop(const ledger::Ledger& ledger, const FolderShop& shop, std::uint64_t orders_min = kOrdersWorthKeeping,
               const timeline::Footing* footing = nullptr);

}  // namespace behoud::app
