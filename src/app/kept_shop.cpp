#include "app/kept_shop.h"

#include <filesystem>
#include <system_error>

#include <fmt/format.h>
#include <sys/stat.h>

#include "app/command.h"
#include "app/following_shop.h"
#include "base/hash.h"
#include "timeline/kept/footing_file.h"
#include "timeline/kept/forget.h"
#include "timeline/kept/kept_histories.h"

namespace behoud::app {
namespace {

// A program that was built or installed anew may derive something else: its file is another then.
std::uint64_t program_digest() {
  struct stat program{};
  if (::stat("/proc/self/exe", &program) != 0) program = {};
  return checksum(
      fmt::format("{} {} {}.{:09}", version(), program.st_size, program.st_mtim.tv_sec, program.st_mtim.tv_nsec));
}

}  // namespace

std::string kept_histories_folder(const ledger::Ledger& ledger) { return ledger.folder().path() + "/histories"; }

Result<FolderShop> read_kept_shop(const ledger::Ledger& ledger, const ledger::Snapshot& snapshot,
                                  const timeline::RebuildOptions& options) {
  if (options.keep_order_ids || options.keep_seqs) return read_folder_shop(snapshot, options);
  TRY_ASSIGN(FollowingShop read,
             read_following_shop(kept_histories_folder(ledger), program_digest(), snapshot, options, false));
  return std::move(read.shop);
}

Result<FollowingShop> read_shop_to_follow(const ledger::Ledger& ledger, const ledger::Snapshot& snapshot) {
  return read_following_shop(kept_histories_folder(ledger), program_digest(), snapshot);
}

FollowFrom kept_to_follow(const ledger::Ledger& ledger, const FolderShop& shop) {
  const timeline::FileMark mark{.generation = shop.generation, .seq = shop.revision, .settings = program_digest()};
  auto file = timeline::ColumnFile::open(kept_histories_folder(ledger));
  if (!file || timeline::why_not(file->head().mark, mark)) return {};
  const auto footing = timeline::has_footing(*file);
  if (!footing.value_or(false)) return {};
  return {.footing = {}, .file = std::make_shared<const timeline::ColumnFile>(*std::move(file))};
}

bool keep_shop(const ledger::Ledger& ledger, const FolderShop& shop, std::uint64_t orders_min,
               const timeline::Footing* footing) {
  if (!shop.rebuilt_because && (!shop.followed || footing == nullptr)) return false;
  const std::string folder = kept_histories_folder(ledger);
  if (shop.histories.orders() < orders_min) {
    // What was kept of a state that is gone (a backup was restored, imports taken back) names people for no reason.
    std::error_code ignored;
    if (!std::filesystem::exists(folder, ignored)) return false;
    if (const auto lock = timeline::KeepLock::take(folder)) std::filesystem::remove_all(folder, ignored);
    return false;
  }
  const auto lock = timeline::KeepLock::take(folder);
  if (!lock || !timeline::still_of(shop.generation, [&] { return ledger.snapshot(); })) return false;
  const timeline::FileMark mark{.generation = shop.generation, .seq = shop.revision, .settings = program_digest()};
  return timeline::write_histories(folder, mark, shop.histories, shop.unused, system_calls(), footing).has_value();
}

}  // namespace behoud::app
