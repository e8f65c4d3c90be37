#include "timeline/kept/forget.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace behoud::timeline {
namespace {

namespace fs = std::filesystem;

class OpenFile {
 public:
  OpenFile(const std::string& path, int flags) : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {}
  ~OpenFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

std::unexpected<Error> not_removed(const std::string& folder, int error) {
  return fail(Errc::kUnavailable, "what is kept in " + folder + " could not be removed: " + std::strerror(error),
              "It holds what was derived from the ledger: remove the folder.", {folder});
}

}  // namespace

Result<void> forget_kept(const std::string& folder) {
  std::error_code error;
  if (!fs::exists(folder, error)) return error ? not_removed(folder, error.value()) : Result<void>();
  const OpenFile lock(folder + "/lock", O_RDWR | O_CREAT);
  if (lock.fd() < 0) return not_removed(folder, errno);
  while (::flock(lock.fd(), LOCK_EX) != 0) {
    if (errno != EINTR) return not_removed(folder, errno);
  }
  // The head first: without it nothing is found, whatever happens on the way.
  fs::remove_all(folder + "/HEAD", error);
  if (error) return not_removed(folder, error.value());
  fs::directory_iterator files(folder, error);
  for (; !error && files != fs::directory_iterator(); files.increment(error)) {
    if (files->path().filename() == "lock") continue;
    std::error_code why;
    fs::remove_all(files->path(), why);
    if (why) return not_removed(folder, why.value());
  }
  if (error) return not_removed(folder, error.value());
  const OpenFile directory(folder, O_RDONLY | O_DIRECTORY);
  if (directory.fd() < 0 || ::fsync(directory.fd()) != 0) return not_removed(folder, errno);
  return {};
}

bool still_of(const ledger::Generation& generation, const std::function<Result<ledger::Snapshot>()>& take) {
  const auto now = take();
  return now && now->generation() == generation;
}

}  // namespace behoud::timeline
