#include "app/following_shop.h"

#include <utility>
#include <variant>

#include "timeline/kept/footing_file.h"

namespace behoud::app {
namespace {

using timeline::Footing;
using timeline::Histories;
using timeline::NotKept;

Result<FollowingShop> rebuilt(const ledger::Snapshot& snapshot, NotKept why, const timeline::RebuildOptions& options,
                              bool to_follow) {
  FollowingShop out;
  if (to_follow) {
    TRY_ASSIGN(timeline::Founded founded, timeline::rebuild_to_follow(snapshot, options));
    TRY_ASSIGN(out.shop, folder_shop_of(snapshot, std::move(founded.rebuilt)));
    out.from.footing = std::move(founded.footing);
  } else {
    TRY_ASSIGN(out.shop, read_folder_shop(snapshot, options));
  }
  out.shop.rebuilt_because = why;
  return out;
}

// Or why it has to be rebuilt.
Result<std::variant<FollowingShop, NotKept>> followed(const Histories& then, FollowFrom from,
                                                      const ledger::Snapshot& now) {
  if (!from.footing && from.file) {
    auto read = timeline::read_footing(std::move(from.file), then);
    if (!read) return timeline::why_not(read.error());
    from.footing = *std::move(read);
  }
  if (!from.footing) return NotKept::kOlder;
  TRY_ASSIGN(auto next, timeline::follow(then, *from.footing, now));
  if (const auto* const why = std::get_if<NotKept>(&next)) return *why;
  FollowingShop out;
  TRY_ASSIGN(out.shop, folder_shop_of(now, std::move(std::get<timeline::Followed>(next).rebuilt)));
  out.shop.followed = true;
  out.from.footing = std::move(from.footing);
  return out;
}

}  // namespace

Result<FollowingShop> read_following_shop(const std::string& folder, std::uint64_t made_by,
                                          const ledger::Snapshot& snapshot, const timeline::RebuildOptions& options,
                                          bool to_follow) {
  NotKept why{};
  {
    auto read = timeline::read_histories_to_follow(folder, timeline::mark_of(snapshot, made_by));
    if (auto* const kept = std::get_if<timeline::KeptHistories>(&read)) {
      if (kept->rebuilt.histories.revision == snapshot.revision()) {
        FollowingShop out;
        TRY_ASSIGN(out.shop, folder_shop_of(snapshot, std::move(kept->rebuilt)));
        out.from.file = std::move(kept->file);
        return out;
      }
      TRY_ASSIGN(auto next,
                 followed(kept->rebuilt.histories, {.footing = {}, .file = std::move(kept->file)}, snapshot));
      if (auto* const there = std::get_if<FollowingShop>(&next)) return std::move(*there);
      why = std::get<NotKept>(next);
    } else {
      why = std::get<NotKept>(read);
    }
  }
  return rebuilt(snapshot, why, options, to_follow);
}

Result<FollowingShop> follow_shop(const FolderShop& then, FollowFrom from, const ledger::Snapshot& now) {
  TRY_ASSIGN(auto next, followed(then.histories, std::move(from), now));
  if (auto* const there = std::get_if<FollowingShop>(&next)) return std::move(*there);
  return rebuilt(now, std::get<NotKept>(next), {}, true);
}

}  // namespace behoud::app
