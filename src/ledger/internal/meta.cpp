#include "ledger/internal/meta.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

namespace behoud::ledger::internal {

Result<Meta> read_meta(Database& db) {
  Meta meta;
  int found = 0;
  TRY_ASSIGN(auto s, db.prepare("SELECT name, value FROM meta"));
  for (;;) {
    TRY_ASSIGN(const bool row, s.step());
    if (!row) break;
    const std::string_view name = s.bytes(0);
    ++found;
    if (name == "generation") {
      meta.generation = s.text(1);
    } else if (name == "place") {
      meta.place = s.text(1);
    } else if (name == "sample") {
      meta.sample = s.integer(1) != 0;
    } else if (name == "next_seq") {
      meta.next_seq = s.integer(1);
    } else if (name == "next_import") {
      meta.next_import = s.integer(1);
    } else if (name == "revision") {
      meta.revision = s.integer(1);
    } else {
      --found;
    }
  }
  if (found != 6 || meta.generation.size() != 32) {
    return fail(Errc::kCorrupt, fmt::format("{} does not say what ledger it is", db.path()),
                "restore the latest backup with `behoud restore`");
  }
  return meta;
}

Result<void> set_meta(Database& db, std::string_view name, std::int64_t value) {
  return db.run("INSERT INTO meta VALUES(?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value", name, value);
}
Result<void> set_meta(Database& db, std::string_view name, const std::string& value) {
  return db.run("INSERT INTO meta VALUES(?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value", name, value);
}

Result<std::string> place_of(const std::string& path) {
  struct statx st{};
  if (statx(AT_FDCWD, path.c_str(), AT_STATX_SYNC_AS_STAT, STATX_INO | STATX_BTIME, &st) != 0) {
    return fail(Errc::kUnavailable, fmt::format("{}: {}", path, std::strerror(errno)));
  }
  if ((st.stx_mask & STATX_BTIME) != 0) {
    return fmt::format("inode {} born {}.{:09}", st.stx_ino, st.stx_btime.tv_sec, st.stx_btime.tv_nsec);
  }
  return fmt::format("inode {} device {}:{}", st.stx_ino, st.stx_dev_major, st.stx_dev_minor);
}

std::string new_generation(const Environment& env) {
  return fmt::format("{:016x}{:016x}", env.entropy(), env.entropy());
}

}  // namespace behoud::ledger::internal
