#include "http/internal/spool.h"

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "http/error_body.h"

namespace behoud::http {
namespace {

constexpr std::string_view kPrefix = "behoud-spool-";

}  // namespace

std::expected<SpoolFile, int> SpoolFile::create(const std::string& folder) {
  std::string path = folder + "/" + std::string{kPrefix} + "XXXXXX";
  const int fd = ::mkostemp(path.data(), O_CLOEXEC);  // readable by this user alone
  if (fd < 0) return std::unexpected(errno);
  return SpoolFile(std::move(path), fd);
}

SpoolFile::~SpoolFile() {
  close();
  if (!path_.empty()) ::unlink(path_.c_str());  // is not there where it was renamed
}

SpoolFile::SpoolFile(SpoolFile&& other) noexcept
    : path_(std::exchange(other.path_, {})), fd_(std::exchange(other.fd_, -1)), bytes_(other.bytes_) {}

SpoolFile& SpoolFile::operator=(SpoolFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(fd_, other.fd_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

void SpoolFile::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

std::expected<void, int> SpoolFile::append(std::string_view bytes, const FileCalls& calls) {
  while (!bytes.empty()) {
    const ssize_t n = calls.write(fd_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return std::unexpected(errno);
    bytes_ += static_cast<std::uint64_t>(n);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

Response spool_refusal(int error) {
  if (error == ENOSPC || error == EDQUOT || error == EFBIG) {
    return error_response(507, "disk_full", "the disk has no room for this body", "make some room, and send it again");
  }
  return error_response(503, "unavailable", "the body cannot be put aside: " + std::generic_category().message(error));
}

Result<void> prepare_spool(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    fs::create_directories(folder, error);
    if (!error) fs::permissions(folder, fs::perms::owner_all, error);
  }
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (!at->path().filename().string().starts_with(kPrefix)) continue;
    std::error_code ignored;  // another's leftovers do no harm
    if (fs::is_regular_file(at->symlink_status(ignored))) fs::remove(at->path(), ignored);
  }
  if (error) {
    return fail(Errc::kUnavailable, "cannot use the folder for bodies on their way: " + error.message(), {},
                {folder, 0, {}});
  }
  return {};
}

}  // namespace behoud::http
