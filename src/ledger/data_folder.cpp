#include "ledger/data_folder.h"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/internal/backup.h"
#include "ledger/internal/meta.h"
#include "ledger/internal/schema.h"

namespace behoud::ledger {
namespace {

using internal::Database;
using internal::Meta;

std::string lock_path(const std::string& folder) { return folder + "/lock"; }
std::string database_of(const std::string& folder) { return folder + "/behoud.db"; }

Error system_error(const std::string& path, std::string_view doing) {
  const int e = errno;
  return {e == ENOENT ? Errc::kNotFound : Errc::kUnavailable,
          fmt::format("{} {}: {}", doing, path, std::strerror(e)),
          e == EACCES || e == EROFS ? "choose a folder you may write to, with --data" : "",
          {}};
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

// Locks of an open file description: they go when the process does, tell two openings within one process apart, and
// can be asked about without being taken.
struct flock whole_file(short type) {
  struct flock lock{};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  return lock;
}

std::optional<int> pid_in(int fd) {
  char text[32];
  const ssize_t n = ::pread(fd, text, sizeof text, 0);
  int pid = 0;
  if (n <= 0 || std::from_chars(text, text + n, pid).ec != std::errc{}) return std::nullopt;
  return pid;
}

Result<int> take_lock(const std::string& folder) {
  const std::string path = lock_path(folder);
  Descriptor fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (fd.get() < 0) return std::unexpected(system_error(path, "cannot open"));
  struct flock lock = whole_file(F_WRLCK);
  if (::fcntl(fd.get(), F_OFD_SETLK, &lock) != 0) {
    if (errno != EAGAIN && errno != EACCES) return std::unexpected(system_error(path, "cannot lock"));
    const auto pid = pid_in(fd.get());
    return fail(Errc::kConflict,
                fmt::format("{} is held by another process (PID {})", folder, pid ? std::to_string(*pid) : "unknown"),
                "stop that process, or let it do the work: reading commands run beside it");
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(fd.get(), 0) != 0 || ::pwrite(fd.get(), pid.data(), pid.size(), 0) != ssize_t(pid.size())) {
    return std::unexpected(system_error(path, "cannot write"));
  }
  return fd.release();
}

void drop_lock(int fd) {
  if (fd < 0) return;
  // An empty file: its owner went in order. Should this fail, the next owner finds the PID of a process that is gone.
  [[maybe_unused]] const int rc = ::ftruncate(fd, 0);
  ::close(fd);
}

Result<void> sync_folder(const std::string& folder) {
  Descriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0 || ::fsync(fd.get()) != 0) return std::unexpected(system_error(folder, "cannot sync"));
  return {};
}

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

// Whether an owner would have something to put in order.
Result<bool> in_order(const std::string& folder, Database::Mode mode, const Environment& env) {
  TRY_ASSIGN(auto db, Database::open(database_of(folder), mode, env.vfs));
  TRY_ASSIGN(const int version, internal::schema_version(db));
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

std::string to_string(const Generation& g) {
  std::string text;
  for (const std::uint8_t byte : g) text += fmt::format("{:02x}", byte);
  return text;
}

DataFolder::DataFolder(std::string path, Access access, Environment env, int lock_fd)
    : path_(std::move(path)), access_(access), env_(std::move(env)), lock_fd_(lock_fd) {}
DataFolder::DataFolder(DataFolder&& other) noexcept
    : path_(std::move(other.path_)),
      access_(other.access_),
      env_(std::move(other.env_)),
      lock_fd_(std::exchange(other.lock_fd_, -1)) {}
DataFolder& DataFolder::operator=(DataFolder&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(access_, other.access_);
  std::swap(env_, other.env_);
  std::swap(lock_fd_, other.lock_fd_);
  return *this;
}
DataFolder::~DataFolder() { drop_lock(lock_fd_); }

bool DataFolder::holds_ledger(const std::string& path) {
  struct stat st{};
  return ::stat(database_of(path).c_str(), &st) == 0 && st.st_size > 0;
}

std::optional<int> DataFolder::owner(const std::string& path) {
  Descriptor fd(::open(lock_path(path).c_str(), O_RDWR | O_CLOEXEC));
  if (fd.get() < 0) return std::nullopt;
  struct flock lock = whole_file(F_WRLCK);
  if (::fcntl(fd.get(), F_OFD_GETLK, &lock) != 0 || lock.l_type == F_UNLCK) return std::nullopt;
  return pid_in(fd.get()).value_or(0);
}

Result<DataFolder> DataFolder::create(const std::string& path, bool sample, const Environment& env) {
  // Personal data lies in it: nobody but its owner may look.
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    return std::unexpected(system_error(path, "cannot make the folder"));
  }
  TRY_ASSIGN(const int fd, take_lock(path));
  DataFolder folder(path, Access::kWrite, env, fd);
  TRY_ASSIGN(auto db, Database::open(database_of(path), Database::Mode::kCreate, env.vfs));
  TRY_ASSIGN(const int version, internal::schema_version(db));
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
  TRY(sync_folder(path));
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
      auto fd = take_lock(path);
      // A folder that may only be read is read as it is, unless its schema is another.
      if (fd) {
        // Also where a killed owner left something that only an owner may mend.
        const DataFolder owned(path, Access::kWrite, env, *fd);
        TRY_ASSIGN(const bool mended, in_order(path, Database::Mode::kWrite, env));
        if (!mended) TRY(put_in_order(path, env));
      } else if (!ready) {
        return std::unexpected(ready.error());
      } else {
        TRY_ASSIGN(auto db, Database::open(database_of(path), Database::Mode::kRead, env.vfs));
        TRY_ASSIGN(const int version, internal::schema_version(db));
        if (version < internal::newest_version(internal::migrations())) return std::unexpected(fd.error());
      }
    }
    return DataFolder(path, access, env, -1);
  }
  TRY_ASSIGN(const int fd, take_lock(path));
  DataFolder folder(path, access, env, fd);
  TRY_ASSIGN(const bool ready, in_order(path, Database::Mode::kWrite, env));
  if (!ready) TRY(put_in_order(path, env));
  return folder;
}

}  // namespace behoud::ledger
