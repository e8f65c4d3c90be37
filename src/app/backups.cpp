#include "app/backups.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <filesystem>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "app/random_id.h"
#include "ledger/backup_file.h"

namespace behoud::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "b_", kEnding = ".db";
constexpr std::size_t kMomentDigits = 12, kRevisionDigits = 12, kChanceDigits = 8;

std::unexpected<Error> disk(const std::error_code& error) {
  const bool full = error == std::errc::no_space_on_device;
  return fail(Errc::kUnavailable, full ? "the disk is full" : "the backup cannot be kept: " + error.message(),
              "nothing of it was kept; make room, and ask again", {},
              {full ? "problem.disk_full" : "problem.file_not_kept"});
}
std::error_code last_error() { return {errno, std::generic_category()}; }

std::unexpected<Error> gone() {
  return fail(Errc::kNotFound, "there is no such backup", "GET /api/v1/backups lists them", {{}, 0, "id"},
              {"problem.backup_gone"});
}

std::optional<std::uint64_t> hexadecimal(std::string_view digits) {
  std::uint64_t out = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out, 16);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return out;
}

Result<void> sync_folder(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return disk(last_error());
  const std::error_code error = ::fsync(fd) == 0 ? std::error_code{} : last_error();
  ::close(fd);
  if (error) return disk(error);
  return {};
}

}  // namespace

std::optional<Backup> read_backup_id(std::string_view id) {
  if (!is_id(kPrefix, id) || id.size() != kPrefix.size() + kMomentDigits + kRevisionDigits + kChanceDigits) {
    return std::nullopt;
  }
  const auto moment = hexadecimal(id.substr(kPrefix.size(), kMomentDigits));
  const auto revision = hexadecimal(id.substr(kPrefix.size() + kMomentDigits, kRevisionDigits));
  if (!moment || !revision) return std::nullopt;
  Backup out;
  out.id = id;
  out.made_at = {static_cast<std::int64_t>(*moment)};
  out.revision = static_cast<std::int64_t>(*revision);
  return out;
}

void write_backup(JsonWriter& json, const Backup& backup) {
  json.begin_object().field("id", backup.id).field("made_at", calendar::to_string(backup.made_at));
  json.field("revision", backup.revision).field("bytes", backup.bytes).end_object();
}

std::string download_name(const Backup& backup) {
  std::string moment = calendar::to_string(backup.made_at).substr(0, 16);  // 2026-11-22T22:48
  std::erase(moment, ':');
  return fmt::format("behoud-{}-r{}.db", moment, backup.revision);
}

Result<std::unique_ptr<Backups>> Backups::open(const ledger::Ledger& ledger, const World& world) {
  std::unique_ptr<Backups> out(new Backups(ledger, world));
  std::error_code error;
  fs::remove_all(out->folder_ + "/making", error);
  if (error) return disk(error);
  return out;
}

std::string Backups::path_of(std::string_view id) const { return fmt::format("{}/{}{}", folder_, id, kEnding); }

Result<std::vector<Backup>> Backups::list() const {
  std::vector<Backup> out;
  std::error_code error;
  fs::directory_iterator at(folder_, error);
  if (error == std::errc::no_such_file_or_directory) return out;
  for (; !error && at != fs::directory_iterator{}; at.increment(error)) {
    const std::string file = at->path().filename().string();
    if (!file.ends_with(kEnding)) continue;
    auto backup = read_backup_id(std::string_view(file).substr(0, file.size() - kEnding.size()));
    std::error_code unseen;
    // What is no plain file is none of ours, and what was removed meanwhile is gone.
    if (!backup || !fs::is_regular_file(at->symlink_status(unseen)) || unseen) continue;
    backup->bytes = at->file_size(unseen);
    if (unseen) continue;
    backup->path = at->path().string();
    out.push_back(std::move(*backup));
  }
  if (error) return disk(error);
  std::ranges::sort(out, std::ranges::greater{}, &Backup::id);
  return out;
}

Result<Backup> Backups::find(std::string_view id) const {
  TRY_ASSIGN(const auto all, list());
  const auto found = std::ranges::find(all, id, &Backup::id);
  if (found == all.end()) return gone();
  return *found;
}

Result<void> Backups::has_room() const {
  TRY_ASSIGN(const auto all, list());
  if (all.size() < kBackupsMax) return {};
  return fail(Errc::kConflict, fmt::format("there are {} backups, as many as may be", kBackupsMax),
              "save what you want to keep, and remove one", {}, {"problem.backups_full", {{"most", kBackupsMax}}});
}

Result<Backup> Backups::make(const std::function<bool(std::uint64_t, std::uint64_t)>& goes_on) {
  TRY(has_room());
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error) return disk(error);
  // Personal data lies in them.
  fs::permissions(folder_, fs::perms::owner_all, error);
  const std::string making = folder_ + "/making";
  const auto made = [&]() -> Result<Backup> {
    fs::remove_all(making, error);
    TRY(ledger::make_backup(ledger_, making, goes_on));
    std::int64_t revision = 0;
    {
      // Looked at as `behoud backup` does: what cannot be opened is no backup.
      TRY_ASSIGN(auto folder, ledger::DataFolder::open(making, ledger::Access::kRead, ledger_.folder().environment()));
      TRY_ASSIGN(const ledger::Ledger copy, ledger::Ledger::open(std::move(folder)));
      TRY_ASSIGN(revision, copy.revision());
    }
    Backup out;
    out.made_at = world_.now();
    out.revision = revision;
    out.id = fmt::format("{}{:012x}{:012x}{:08x}", kPrefix, out.made_at.ms, revision,
                         static_cast<std::uint32_t>(world_.entropy()));
    out.path = path_of(out.id);
    out.bytes = fs::file_size(making + "/behoud.db", error);
    if (error) return disk(error);
    // A link, which writes over nothing, and then away with the other name.
    if (::link((making + "/behoud.db").c_str(), out.path.c_str()) != 0) return disk(last_error());
    return out;
  }();
  fs::remove_all(making, error);
  if (made) TRY(sync_folder(folder_));
  return made;
}

Result<void> Backups::remove(std::string_view id) {
  TRY_ASSIGN(const Backup backup, find(id));
  if (::unlink(backup.path.c_str()) != 0)
    return errno == ENOENT ? Result<void>(gone()) : Result<void>(disk(last_error()));
  return sync_folder(folder_);
}

}  // namespace behoud::app
