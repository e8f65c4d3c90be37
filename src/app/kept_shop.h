#pragma once

// A shop out of its data folder, as read_folder_shop() gives it, but by what the folder keeps of an earlier reading
// (timeline/kept/): where that is of this very state of the ledger and of this very program, nothing is rebuilt. Never
// another answer, and never an error, because of what is kept.

#include <cstdint>
#include <string>

#include "app/folder_shop.h"

namespace behoud::app {

// Fewer orders are rebuilt in less time than a disk may take.
inline constexpr std::uint64_t kOrdersWorthKeeping = 200'000;

std::string kept_histories_folder(const ledger::Ledger& ledger);

// Errors: those of read_folder_shop().
Result<FolderShop> read_kept_shop(const ledger::Ledger& ledger, const ledger::Snapshot& snapshot,
                                  const timeline::RebuildOptions& options = {});

// Keeps what had to be rebuilt, for whoever asks next: to be called when the asker has the answer. Does nothing for a
// shop of fewer orders (of which what was kept of an earlier state is removed), one that was read from there, or where
// another process is writing, or of a ledger that was erased from since (timeline/kept/forget.h). false: it is not
// kept.
bool keep_shop(const ledger::Ledger& ledger, const FolderShop& shop, std::uint64_t orders_min = kOrdersWorthKeeping);

}  // namespace behoud::app
