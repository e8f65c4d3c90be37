#include "ledger/internal/backup.h"

#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string_view>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/backup_file.h"
#include "ledger/internal/folder_calls.h"
#include "ledger/internal/folder_lock.h"
#include "ledger/internal/ledger_state.h"
#include "ledger/internal/schema.h"
#include "ledger/ledger.h"
#include "ledger/room_store.h"

namespace behoud::ledger {
namespace {

using internal::Database;
using internal::sync_folder;
using internal::system_error;

bool exists(const std::string& path) {
  struct stat st{};
  return ::stat(path.c_str(), &st) == 0;
}

Result<void> rename(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return std::unexpected(system_error(from, "cannot rename"));
  return {};
}

constexpr int kRoomsVersion = 2;  // of the schema: since then rooms keep tables of their own

// In a database that nobody else has open, whole in its one file before and afterwards.
Result<void> write_first(const std::string& database, const Environment& env,
                         const std::function<Result<void>(RoomWriter&)>& first) {
  TRY_ASSIGN(auto db, Database::open(database, Database::Mode::kWrite, env.vfs));
  {
    TRY_ASSIGN(auto transaction, internal::Transaction::begin(db));
    RoomWriter writer(db);
    TRY(first(writer));
    TRY(transaction.commit());
  }
  return db.execute("PRAGMA journal_mode = DELETE");
}

// Whether a file begins as every database does: an export or a picture is no damaged backup, it is none.
bool is_database(const std::string& path) {
  constexpr std::string_view kBegins = "SQLite format 3";
  std::array<char, kBegins.size()> begins{};
  std::ifstream file(path, std::ios::binary);
  return file.read(begins.data(), begins.size()) && std::string_view(begins.data(), begins.size()) == kBegins;
}

}  // namespace

Result<void> Ledger::backup(const std::string& into) const { return make_backup(*this, into, {}); }

Result<void> make_backup(const Ledger& ledger, const std::string& into, const BackupProgress& progress) {
  if (DataFolder::holds_ledger(into)) {
    return fail(Errc::kConflict, fmt::format("{} holds a ledger already", into), "name a folder that is empty or new");
  }
  if (::mkdir(into.c_str(), 0700) != 0 && errno != EEXIST) {
    Error error = system_error(into, "cannot make the folder");
    error.hint = "make the folder that it is to lie in first, or name another";
    error.why = {"problem.output_no_folder"};
    return std::unexpected(std::move(error));
  }
  const DataFolder& folder = ledger.folder();
  const std::string& vfs = folder.environment().vfs;
  TRY_ASSIGN(auto db, Database::open(folder.database_path(), Database::Mode::kRead, vfs));
  TRY(internal::copy_database(db, into + "/behoud.db", vfs, progress));
  return sync_folder(into);
}

Result<void> restore(const std::string& backup, const std::string& folder, const Environment& env,
                     const std::function<Result<void>(RoomWriter&)>& first) {
  const std::string source = std::filesystem::is_directory(backup) ? backup + "/behoud.db" : backup;
  if (!exists(source) || !is_database(source)) {
    return fail(Errc::kNotFound, fmt::format("there is no backup in {}", backup),
                "name the folder that `behoud backup` made, or the file of a backup", {},
                {"problem.no_backup", {{"path", backup}}});
  }
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return std::unexpected(system_error(folder, "cannot make the folder"));
  }
  const std::string database = folder + "/behoud.db";
  const std::string restored = folder + "/restored.db";
  {
    TRY_ASSIGN(const auto lock, internal::FolderLock::take(folder));
    std::error_code ec;
    if (std::filesystem::equivalent(source, database, ec)) {
      return fail(Errc::kInvalidArgument, fmt::format("{} is the ledger of {} itself", backup, folder),
                  "name a backup of it");
    }
    // Before anything is made, so that nothing stays when it is not free.
    const std::string kept = fmt::format("{}/before-restore-{}.db", folder, env.now().ms / 1000);
    if (exists(kept)) return fail(Errc::kConflict, fmt::format("{} exists already", kept), "try again in a second");
    // The copy reads every page, so that a damaged backup is known before anything is replaced.
    {
      TRY_ASSIGN(auto db, Database::open(source, Database::Mode::kRead, env.vfs));
      TRY_ASSIGN(const int version, internal::schema_version(db));
      if (version == 0) return fail(Errc::kCorrupt, fmt::format("{} is empty", source));
      if (version > internal::newest_version(internal::migrations())) {
        // migrate() says it in full, and does nothing else to a newer database.
        const auto no_copy = [](int) -> Result<void> { return {}; };
        TRY(internal::migrate(db, internal::migrations(), 0, no_copy));
      }
      ::unlink(restored.c_str());
      TRY(internal::copy_database(db, restored, env.vfs));
      if (first && version >= kRoomsVersion) TRY(write_first(restored, env, first));
    }
    // What was there is kept, with its log as it is: it may be damaged. The log goes first, since a log beside another
    // database would be played into it.
    if (exists(database)) {
      if (exists(database + "-wal")) TRY(rename(database + "-wal", kept + "-wal"));
      ::unlink((database + "-shm").c_str());
      TRY(rename(database, kept));
    }
    TRY(rename(restored, database));
    TRY(sync_folder(folder));
  }
  // Gives it the generation of its new place.
  TRY_ASSIGN(const auto opened, DataFolder::open(folder, Access::kWrite, env));
  return {};
}

}  // namespace behoud::ledger
