#include "ledger/internal/backup.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace behoud::ledger::internal {

Result<void> copy_database(Database& db, const std::string& into, const std::string& vfs, const CopyGoesOn& goes_on) {
  struct stat st{};
  if (::stat(into.c_str(), &st) == 0) return fail(Errc::kConflict, fmt::format("{} exists already", into));
  // Made under another name: what bears the right one is whole.
  const std::string part = into + ".part";
  ::unlink(part.c_str());
  const auto copied = [&]() -> Result<void> {
    TRY_ASSIGN(const auto page_bytes, db.integer("PRAGMA page_size"));
    TRY_ASSIGN(auto copy, Database::open(part, Database::Mode::kCreate, vfs));
    TRY(copy.execute("PRAGMA journal_mode = DELETE"));
    // The read transaction holds one state for the whole copy; writers go on, the log grows meanwhile.
    TRY(db.execute("SAVEPOINT copy_read"));
    const auto release = [&] { return db.execute("RELEASE copy_read"); };
    if (auto read = db.integer("SELECT count(*) FROM sqlite_schema"); !read) {
      TRY(release());
      return std::unexpected(read.error());
    }
    sqlite3_backup* backup = sqlite3_backup_init(copy.handle(), "main", db.handle(), "main");
    int rc = backup ? SQLITE_OK : sqlite3_errcode(copy.handle());
    bool given_up = false;
    while (rc == SQLITE_OK && !given_up) {
      rc = sqlite3_backup_step(backup, 1024);
      const auto pages = static_cast<std::uint64_t>(sqlite3_backup_pagecount(backup));
      const auto left = static_cast<std::uint64_t>(sqlite3_backup_remaining(backup));
      const auto bytes = static_cast<std::uint64_t>(page_bytes.value_or(0));
      const bool written = rc == SQLITE_OK || rc == SQLITE_DONE;
      const bool wanted = !written || !goes_on || goes_on((pages - left) * bytes, pages * bytes);
      given_up = rc == SQLITE_OK && !wanted;
    }
    const int finished = sqlite3_backup_finish(backup);
    // sqlite3_backup_finish() leaves the error on the copy's connection, whichever side failed.
    Result<void> result;
    if (given_up) {
      result = fail(Errc::kConflict, "the copy was given up");
    } else if (rc != SQLITE_DONE || finished != SQLITE_OK) {
      result = std::unexpected(copy.error(rc == SQLITE_DONE ? finished : rc, "copying the ledger"));
    }
    TRY(release());
    return result;
  }();
  if (!copied) {
    ::unlink(part.c_str());
    ::unlink((part + "-wal").c_str());
    ::unlink((part + "-shm").c_str());
    ::unlink((part + "-journal").c_str());
    return copied;
  }
  if (::rename(part.c_str(), into.c_str()) != 0) {
    ::unlink(part.c_str());
    return fail(Errc::kUnavailable, fmt::format("cannot name the copy {}", into));
  }
  return {};
}

}  // namespace behoud::ledger::internal
