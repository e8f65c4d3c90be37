#include "app/kept_shop.h"

#include <filesystem>
#include <system_error>

#include <fmt/format.h>
#include <sys/stat.h>

#include "app/command.h"
#include "base/hash.h"
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
  std::optional<timeline::NotKept> why;
  if (!options.keep_order_ids && !options.keep_seqs) {
    auto kept = timeline::read_histories(kept_histories_folder(ledger), timeline::mark_of(snapshot, program_digest()));
    if (auto* rebuilt = std::get_if<timeline::Rebuilt>(&kept)) return folder_shop_of(snapshot, std::move(*rebuilt));
    why = std::get<timeline::NotKept>(kept);
  }
  TRY_ASSIGN(FolderShop shop, read_folder_shop(snapshot, options));
  shop.rebuilt_because = why;
  return shop;
}

bool keep_shop(const ledger::Ledger& ledger, const FolderShop& shop, std::uint64_t orders_min) {
  if (!shop.rebuilt_because) return false;
  const std::string folder = kept_histories_folder(ledger);
  if (shop.histories.orders() < orders_min) {
    // What was kept of a state that is gone (a backup was restored, imports taken back) names people for no reason.
    if (shop.rebuilt_because == timeline::NotKept::kMissing) return false;
    std::error_code ignored;
    if (const auto lock = timeline::KeepLock::take(folder)) std::filesystem::remove_all(folder, ignored);
    return false;
  }
  const auto lock = timeline::KeepLock::take(folder);
  if (!lock || !timeline::still_of(shop.generation, [&] { return ledger.snapshot(); })) return false;
  const timeline::FileMark mark{.generation = shop.generation, .seq = shop.revision, .settings = program_digest()};
  return timeline::write_histories(folder, mark, shop.histories, shop.unused).has_value();
}

}  // namespace behoud::app
