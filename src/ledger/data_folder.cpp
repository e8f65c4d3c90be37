#include "ledger/data_folder.h"

#include <cerrno>
#include <utility>

#include <fmt/format.h>
#include <sys/stat.h>

#include "ledger/internal/backup.h"
#include "ledger/internal/folder_calls.h"
#include "ledger/internal/folder_lock.h"
#include "ledger/internal/meta.h"
#include "ledger/internal/schema.h"

namespace behoud::ledger {
namespace {

using internal::Database;
using internal::Meta;

std::string database_of(const std::string& folder) { return folder + "/behoud.db"; }

// What an owner does before anything else: the schema of this program, and a generation for this place.
Result<void> put_in_order(const std::string& folder, const Environment& env) {
  TRY_ASSIGN(auto db, Database::open(database_of(folder), Database::Mode::kWrite, env.vfs));
  const auto now = env.now();
  TRY(internal::migrate(db, internal::migrations(), now.ms, [&](int version) {
    return internal::copy_database(db, fmt::format("{}/before-v{}-{}.db", folder, version, now.ms / 1000), env.vfs);
  }));
  TRY_ASSIGN(const Meta meta, internal::read_meta(db));
  TRY_ASSIGN(const std::string place, internal::place_of(database_of(folder)));
  if (meta.place == place) return {};
  TRY_ASSIGN(auto transaction, internal::Transaction::begin(db));
  TRY(internal::set_meta(db, "generation", internal::new_generation(env)));
  TRY(internal::set_meta(db, "place", place));
  return transaction.commit();
}

Result<int> version_of(Database& db, const std::string& folder) {
  TRY_ASSIGN(const int version, internal::schema_version(db));
  struct stat st{};
  // SQLite takes a file too short for a page to be an empty database; one that we made is empty or has pages.
  if (version == 0 && ::stat(database_of(folder).c_str(), &st) == 0 && st.st_size > 0 && st.st_size < 512) {
    return fail(Errc::kCorrupt, fmt::format("{} was cut off", database_of(folder)),
                "restore the latest backup with `behoud restore`");
  }
  return version;
}

// Whether an owner would have something to put in order.
Result<bool> in_order(const std::string& folder, Database::Mode mode, const Environment& env) {
  TRY_ASSIGN(auto db, Database::open(database_of(folder), mode, env.vfs));
  TRY_ASSIGN(const int version, version_of(db, folder));
  if (version == 0) {
    return fail(Errc::kNotFound, fmt::format("there is no ledger in {}", folder), "import a file first");
  }
  const int newest = internal::newest_version(internal::migrations());
  if (version > newest) {
    // migrate() says it in full, and does nothing else to a newer database.
    TRY(internal::migrate(db, internal::migrations(), 0, [](int) -> Result<void> { return {}; }));
  }
  if (version < newest) return false;
  TRY_ASSIGN(const Meta meta, internal::read_meta(db));
  TRY_ASSIGN(const std::string place, internal::place_of(database_of(folder)));
  return meta.place == place;
}

}  // namespace

namespace {
constexpr std::string_view kComeAgain = "try again in a moment";
}
std::unexpected<Error> busy(std::string message) {
  return fail(Errc::kUnavailable, std::move(message), std::string{kComeAgain}, {}, {"problem.busy"});
}
bool is_busy(const Error& error) { return error.code == Errc::kUnavailable && error.hint == kComeAgain; }

std::string to_string(const Generation& g) {
  std::string text;
  for (const std::uint8_t byte : g) text += fmt::format("{:02x}", byte);
  return text;
}

DataFolder::DataFolder(std::string path, Access access, Environment env, internal::FolderLock lock)
    : path_(std::move(path)), access_(access), env_(std::move(env)), lock_(std::move(lock)) {}
DataFolder::DataFolder(DataFolder&&) noexcept = default;
DataFolder& DataFolder::operator=(DataFolder&&) noexcept = default;
DataFolder::~DataFolder() = default;

bool DataFolder::holds_ledger(const std::string& path) {
  struct stat st{};
  return ::stat(database_of(path).c_str(), &st) == 0 && st.st_size > 0;
}

std::optional<int> DataFolder::owner(const std::string& path) { return internal::FolderLock::owner(path); }

DataFolder DataFolder::look_at(const std::string& path, const Environment& env) {
  return DataFolder(path, Access::kRead, env, {});
}

Result<DataFolder> DataFolder::create(const std::string& path, bool sample, const Environment& env) {
  // Personal data lies in it: nobody but its owner may look.
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    return std::unexpected(internal::data_folder_error(path, "cannot make the folder"));
  }
  struct stat status{};
  if (::stat(path.c_str(), &status) == 0 && !S_ISDIR(status.st_mode)) {
    return fail(Errc::kInvalidArgument, fmt::format("{} is a file, not a data folder", path),
                "name a folder with --data; it is made when it is not there", {},
                {"problem.folder_is_file", {{"folder", path}}});
  }
  TRY_ASSIGN(auto lock, internal::FolderLock::take(path));
  DataFolder folder(path, Access::kWrite, env, std::move(lock));
  TRY_ASSIGN(auto db, Database::open(database_of(path), Database::Mode::kCreate, env.vfs));
  TRY_ASSIGN(const int version, version_of(db, path));
  if (version != 0) return fail(Errc::kConflict, fmt::format("there is a ledger in {} already", path));
  const auto fill = [&]() -> Result<void> {
    TRY_ASSIGN(const std::string place, internal::place_of(database_of(path)));
    TRY(internal::set_meta(db, "generation", internal::new_generation(env)));
    TRY(internal::set_meta(db, "place", place));
    TRY(internal::set_meta(db, "sample", sample ? 1 : 0));
    TRY(internal::set_meta(db, "next_seq", 1));
    TRY(internal::set_meta(db, "next_import", 1));
    return internal::set_meta(db, "revision", 0);
  };
  TRY(internal::migrate(db, internal::migrations(), env.now().ms, {}, fill));
  TRY(internal::sync_folder(path));
  return folder;
}

Result<DataFolder> DataFolder::open(const std::string& path, Access access, const Environment& env) {
  if (!holds_ledger(path)) {
    return fail(Errc::kNotFound, fmt::format("there is no ledger in {}", path),
                "name the folder with --data, or import a file first");
  }
  if (access == Access::kRead) {
    auto ready = in_order(path, Database::Mode::kRead, env);
    if (!ready && ready.error().code != Errc::kUnavailable) return std::unexpected(ready.error());
    if (!ready || !*ready) {
      auto lock = internal::FolderLock::take(path);
      // A folder that may only be read is read as it is, unless its schema is another.
      if (lock) {
        // Also where a killed owner left something that only an owner may mend.
        TRY_ASSIGN(const bool mended, in_order(path, Database::Mode::kWrite, env));
        if (!mended) TRY(put_in_order(path, env));
      } else if (!ready) {
        return std::unexpected(ready.error());
      } else {
        TRY_ASSIGN(auto db, Database::open(database_of(path), Database::Mode::kRead, env.vfs));
        TRY_ASSIGN(const int version, internal::schema_version(db));
        if (version < internal::newest_version(internal::migrations())) return std::unexpected(lock.error());
      }
    }
    return DataFolder(path, access, env, {});
  }
  TRY_ASSIGN(auto lock, internal::FolderLock::take(path));
  DataFolder folder(path, access, env, std::move(lock));
  TRY_ASSIGN(const bool ready, in_order(path, Database::Mode::kWrite, env));
  if (!ready) TRY(put_in_order(path, env));
  return folder;
}

}  // namespace behoud::ledger
