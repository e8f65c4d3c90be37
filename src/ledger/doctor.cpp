#include "ledger/doctor.h"

#include <algorithm>
#include <cstdio>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "ledger/internal/folder_lock.h"
#include "ledger/internal/guarded_vfs.h"
#include "ledger/internal/ledger_state.h"
#include "ledger/internal/liveness.h"
#include "ledger/internal/schema.h"

namespace behoud::ledger {
namespace {

using internal::Database;

constexpr std::string_view kRestore = "restore the latest backup: behoud restore BACKUP --data FOLDER";

class Examination {
 public:
  Examination(const std::string& path, const Environment& env)
      : path_(path), database_(path + "/behoud.db"), env_(env) {}

  std::vector<Finding> run() {
    if (folder()) {
      lock();
      const bool whole = pages();
      if (schema()) {
        if (whole && structure()) rows();
        place();
        imports();
      }
      log();
    }
    disk();
    return std::move(findings_);
  }

 private:
  void say(std::string key, Severity severity, std::string message, std::string way_out = {},
           std::map<std::string, std::string> args = {}) {
    findings_.push_back({std::move(key), severity, std::move(message), std::move(way_out), std::move(args)});
  }

  bool folder() {
    struct stat st{};
    if (::stat(path_.c_str(), &st) == 0 && (st.st_mode & 077) != 0) {
      say("doctor.folder_open", Severity::kWarning, "other users of this machine may look into the folder",
          fmt::format("chmod 700 {}", path_));
    }
    if (!DataFolder::holds_ledger(path_)) {
      say("doctor.no_ledger", Severity::kProblem, fmt::format("there is no ledger in {}", path_),
          "name another folder with --data, or import a file");
      return false;
    }
    say("doctor.folder", Severity::kOk, fmt::format("{} holds a ledger", path_));
    return true;
  }

  void lock() {
    if (const auto pid = internal::FolderLock::owner(path_)) {
      say("doctor.held", Severity::kNote, fmt::format("the folder is held by process {}", *pid),
          "reading goes on beside it", {{"pid", std::to_string(*pid)}});
    } else if (const auto dead = internal::FolderLock::left_behind(path_)) {
      say("doctor.died", Severity::kNote, fmt::format("process {}, which held the folder, ended abruptly", *dead),
          "nothing is needed: what it had confirmed is kept", {{"pid", std::to_string(*dead)}});
    } else {
      say("doctor.lock", Severity::kOk, "nobody holds the folder");
    }
  }

  // Every page of the file against its checksum, without SQLite: also those that no query would read.
  bool pages() {
    std::FILE* f = std::fopen(database_.c_str(), "rb");
    if (!f) {
      say("doctor.unreadable", Severity::kProblem, fmt::format("{} cannot be read", database_),
          "check who may read it");
      return false;
    }
    std::string header(100, '\0');
    const bool named = std::fread(header.data(), 1, 100, f) == 100 && header.starts_with("SQLite format 3");
    const auto byte = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(header[i])); };
    const std::size_t size = named ? byte(16) << 8 | byte(17) : 0;
    std::vector<std::uint64_t> damaged;
    std::uint64_t count = 0;
    bool cut = false;
    if (size >= 512 && (size & (size - 1)) == 0) {
      std::string page(size, '\0');
      const std::vector<bool> in_log = pages_in_log(size);
      const int fd = ::fileno(f);
      for (;; ++count) {
        const auto offset = static_cast<off_t>(count * size);
        // A page that an owner is writing at this moment may be half of each: look again.
        bool whole = false;
        ssize_t got = 0;
        for (int attempt = 0; attempt < 100 && !whole; ++attempt) {
          got = ::pread(fd, page.data(), size, offset);
          if (got != static_cast<ssize_t>(size)) break;
          whole = internal::page_is_whole(page, count) || page.find_first_not_of('\0') == std::string::npos;
        }
        if (got <= 0) break;
        cut = got != static_cast<ssize_t>(size);
        const bool mended = count + 1 < in_log.size() && in_log[count + 1];
        if (!whole && !mended) damaged.push_back(count + 1);
        if (cut) break;
      }
    } else {
      damaged.push_back(1);
    }
    std::fclose(f);
    if (damaged.empty()) {
      say("doctor.pages", Severity::kOk, fmt::format("all {} pages match their checksums", count));
      return true;
    }
    std::string list;
    for (std::size_t i = 0; i < std::min<std::size_t>(damaged.size(), 10); ++i) {
      list += fmt::format("{}{}", i ? ", " : "", damaged[i]);
    }
    say("doctor.page_damaged", Severity::kProblem,
        fmt::format("{} of {} pages of {} do not match their checksums: {}{}", damaged.size(),
                    std::max(count, count + cut), database_, list, damaged.size() > 10 ? ", ..." : ""),
        std::string(kRestore), {{"pages", list}, {"count", std::to_string(damaged.size())}});
    return false;
  }

  bool schema() {
    auto db = Database::open(database_, Database::Mode::kRead, env_.vfs);
    if (!db) return failed("doctor.unopened", db.error());
    db_ = std::move(*db);
    const auto version = internal::schema_version(*db_);
    if (!version) return failed("doctor.no_schema", version.error());
    const int newest = internal::newest_version(internal::migrations());
    std::map<std::string, std::string> args{{"found", std::to_string(*version)}, {"known", std::to_string(newest)}};
    if (*version > newest) {
      say("doctor.newer", Severity::kProblem,
          fmt::format("the ledger has schema {}, this program knows {}", *version, newest), "use the newer program",
          std::move(args));
      return false;
    }
    if (*version < newest) {
      say("doctor.older", Severity::kNote, fmt::format("the ledger has schema {}, the newest is {}", *version, newest),
          "the next command brings it up to date and keeps a copy", std::move(args));
      return *version > 0;
    }
    say("doctor.schema", Severity::kOk, fmt::format("the schema is {}", *version), {}, std::move(args));
    return true;
  }

  bool structure() {
    const auto each_row = [&](const char* pragma, auto&& row) -> Result<void> {
      TRY_ASSIGN(auto s, db_->prepare(pragma));
      for (;;) {
        TRY_ASSIGN(const bool there, s.step());
        if (!there) return {};
        row(s);
      }
    };
    std::vector<std::string> wrong;
    auto checked = each_row("PRAGMA integrity_check(10)", [&](const internal::Statement& s) {
      if (s.bytes(0) != "ok") wrong.push_back(s.text(0));
    });
    if (checked) {
      checked = each_row("PRAGMA foreign_key_check", [&](const internal::Statement& s) {
        if (wrong.size() < 10) {
          wrong.push_back(
              fmt::format("row {} of {} refers to a row of {} that is gone", s.integer(1), s.bytes(0), s.bytes(2)));
        }
      });
    }
    if (!checked) return failed("doctor.structure", checked.error());
    if (!wrong.empty()) {
      say("doctor.structure", Severity::kProblem, fmt::format("the ledger's structure is damaged: {}", wrong.front()),
          std::string(kRestore), {{"count", std::to_string(wrong.size())}});
      return false;
    }
    say("doctor.structure", Severity::kOk, "tables and references are whole");
    return true;
  }

  // Every row that counts, as answers read it.
  void rows() {
    std::uint64_t count = 0;
    const auto read = [&]() -> Result<void> {
      TRY_ASSIGN(const auto ledger, Ledger::open(DataFolder::look_at(path_, env_)));
      TRY_ASSIGN(const auto snapshot, ledger.snapshot());
      const auto one = [&]() -> Result<void> {
        ++count;
        return {};
      };
      TRY(snapshot.orders([&](const StoredOrder&) { return one(); }));
      TRY(snapshot.refunds([&](const RefundRecord&, Seq) { return one(); }));
      TRY(snapshot.customers([&](const CustomerRecord&, IdentityRef, Seq) { return one(); }));
      TRY(snapshot.events([&](const EventRecord&, IdentityRef, Seq) { return one(); }));
      TRY_ASSIGN(const auto costs, snapshot.costs());
      TRY_ASSIGN(const auto items, snapshot.items());
      TRY_ASSIGN(const auto rates, snapshot.rates());
      TRY_ASSIGN(const auto subscriptions, snapshot.subscriptions());
      count += costs.size() + items.size() + rates.size() + subscriptions.size();
      return {};
    }();
    if (!read) {
      failed("doctor.rows", read.error());
    } else {
      say("doctor.rows", Severity::kOk, fmt::format("all {} records can be read", count), {},
          {{"count", std::to_string(count)}});
    }
  }

  // The pages that the write-ahead log holds: what the file has of them is not read, and where a checkpoint was cut
  // short may be half of each. https://www.sqlite.org/fileformat2.html#the_write_ahead_log
  std::vector<bool> pages_in_log(std::size_t page_size) const {
    std::vector<bool> pages;
    std::FILE* f = std::fopen((database_ + "-wal").c_str(), "rb");
    if (!f) return pages;
    unsigned char header[32], frame[24];
    if (std::fread(header, 1, sizeof header, f) == sizeof header) {
      const auto big_endian = [](const unsigned char* p) {
        return std::uint32_t{p[0]} << 24 | std::uint32_t{p[1]} << 16 | std::uint32_t{p[2]} << 8 | p[3];
      };
      while (std::fread(frame, 1, sizeof frame, f) == sizeof frame && std::equal(frame + 8, frame + 16, header + 16)) {
        const std::size_t page = big_endian(frame);
        if (page > std::size_t{1} << 30) break;
        if (pages.size() <= page) pages.resize(page + 1);
        pages[page] = true;
        if (std::fseek(f, static_cast<long>(page_size), SEEK_CUR) != 0) break;
      }
    }
    std::fclose(f);
    return pages;
  }

  void place() {
    const auto meta = internal::read_meta(*db_);
    if (!meta) {
      failed("doctor.meta", meta.error());
      return;
    }
    const auto here = internal::place_of(database_);
    if (here && *here != meta->place) {
      say("doctor.copied", Severity::kNote, "this folder is a copy of another, or was restored",
          "the next command gives it an identity of its own");
    } else {
      say("doctor.place", Severity::kOk, "the folder is where it was made");
    }
  }

  void imports() {
    const auto imports = internal::read_imports(*db_);
    if (!imports) {
      failed("doctor.imports", imports.error());
      return;
    }
    bool all_done = true;
    for (const ImportRow& i : *imports) {
      if (i.state != ImportState::kOpen && i.state != internal::kRemoved) continue;
      all_done = false;
      say("doctor.unfinished", Severity::kWarning,
          fmt::format("import {} of {} stopped after {} rows; nobody sees them", i.id, i.meta.file_name, i.rows),
          "import the file again: it goes on where it stopped; any other import removes what is there",
          {{"import", std::to_string(i.id)}, {"file", i.meta.file_name}, {"rows", std::to_string(i.rows)}});
    }
    if (all_done) say("doctor.imports", Severity::kOk, fmt::format("{} imports, all finished", imports->size()));
  }

  void log() {
    struct stat db{}, log{};
    if (::stat(database_.c_str(), &db) != 0 || ::stat((database_ + "-wal").c_str(), &log) != 0) return;
    if (log.st_size < 256 << 20 || log.st_size < db.st_size) return;
    say("doctor.log_large", Severity::kWarning,
        fmt::format("the write-ahead log has {} MB: something has been reading for very long", log.st_size >> 20),
        "end the programs that read this folder", {{"mb", std::to_string(log.st_size >> 20)}});
  }

  void disk() {
    struct statvfs fs{};
    struct stat db{};
    if (::statvfs(path_.c_str(), &fs) != 0) return;
    const std::uint64_t free = static_cast<std::uint64_t>(fs.f_bavail) * fs.f_frsize;
    const std::uint64_t used = ::stat(database_.c_str(), &db) == 0 ? static_cast<std::uint64_t>(db.st_size) : 0;
    // A migration or a backup beside it needs as much again.
    const std::uint64_t wanted = std::max<std::uint64_t>(used, 256 << 20);
    std::map<std::string, std::string> args{{"free_mb", std::to_string(free >> 20)},
                                            {"wanted_mb", std::to_string(wanted >> 20)}};
    if (free < wanted) {
      say("doctor.disk_low", Severity::kWarning,
          fmt::format("{} MB are free on the disk, {} would be needed for a copy", free >> 20, wanted >> 20),
          "make room", std::move(args));
    } else {
      say("doctor.disk", Severity::kOk, fmt::format("{} MB are free on the disk", free >> 20), {}, std::move(args));
    }
  }

  bool failed(std::string key, const Error& error) {
    say(std::move(key), Severity::kProblem, error.message, error.hint.empty() ? std::string(kRestore) : error.hint);
    return false;
  }

  std::string path_, database_;
  const Environment& env_;
  std::optional<Database> db_;
  std::vector<Finding> findings_;
};

}  // namespace

Result<std::vector<Finding>> examine(const std::string& path, const Environment& env) {
  struct stat st{};
  if (::stat(path.c_str(), &st) != 0 || !S_ISDIR(st.st_mode)) {
    return fail(Errc::kNotFound, fmt::format("there is no folder {}", path), "name another with --data");
  }
  return Examination(path, env).run();
}

}  // namespace behoud::ledger
