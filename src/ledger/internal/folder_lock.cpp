#include "ledger/internal/folder_lock.h"

#include <cerrno>
#include <charconv>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "ledger/internal/folder_calls.h"

namespace behoud::ledger::internal {
namespace {

std::string lock_path(const std::string& folder) { return folder + "/lock"; }

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

}  // namespace

Result<FolderLock> FolderLock::take(const std::string& folder) {
  const std::string path = lock_path(folder);
  Descriptor fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (fd.get() < 0) return std::unexpected(data_folder_error(path, "cannot open"));
  struct flock lock = whole_file(F_WRLCK);
  if (::fcntl(fd.get(), F_OFD_SETLK, &lock) != 0) {
    if (errno != EAGAIN && errno != EACCES) return std::unexpected(data_folder_error(path, "cannot lock"));
    const auto pid = pid_in(fd.get());
    return fail(Errc::kConflict,
                fmt::format("{} is held by another process (PID {})", folder, pid ? std::to_string(*pid) : "unknown"),
                "stop that process, or let it do the work: reading commands run beside it", {},
                {"problem.folder_held", {{"folder", folder}, {"pid", pid ? std::to_string(*pid) : "?"}}});
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(fd.get(), 0) != 0 || ::pwrite(fd.get(), pid.data(), pid.size(), 0) != ssize_t(pid.size())) {
    return std::unexpected(data_folder_error(path, "cannot write"));
  }
  return FolderLock(fd.release());
}

FolderLock::~FolderLock() {
  if (fd_ < 0) return;
  // An empty file: its owner went in order. Should this fail, the next owner finds the PID of a process that is gone.
  [[maybe_unused]] const int rc = ::ftruncate(fd_, 0);
  ::close(fd_);
}

std::optional<int> FolderLock::owner(const std::string& folder) {
  Descriptor fd(::open(lock_path(folder).c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) return std::nullopt;
  struct flock lock = whole_file(F_WRLCK);
  if (::fcntl(fd.get(), F_OFD_GETLK, &lock) != 0 || lock.l_type == F_UNLCK) return std::nullopt;
  return pid_in(fd.get()).value_or(0);
}

std::optional<int> FolderLock::left_behind(const std::string& folder) {
  if (owner(folder)) return std::nullopt;
  Descriptor fd(::open(lock_path(folder).c_str(), O_RDONLY | O_CLOEXEC));
  return fd.get() < 0 ? std::nullopt : pid_in(fd.get());
}

}  // namespace behoud::ledger::internal
