#include "ledger/internal/folder_calls.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace behoud::ledger::internal {

Error system_error(const std::string& path, std::string_view doing) {
  const int e = errno;
  return {e == ENOENT ? Errc::kNotFound : Errc::kUnavailable,
          fmt::format("{} {}: {}", doing, path, std::strerror(e)),
          "",
          {}};
}

Error data_folder_error(const std::string& path, std::string_view doing) {
  const int e = errno;
  Error error = system_error(path, doing);
  if (e == EACCES || e == EROFS) error.hint = "choose a folder you may write to, with --data";
  if (e == ENOSPC || e == EDQUOT) error.hint = "make room on the disk, or name another folder with --data";
  if (e == ENOENT) error.hint = "make the folder that it is to lie in first, or name another with --data";
  error.why = {"problem.folder_unusable", {{"folder", path}, {"detail", std::strerror(e)}}};
  return error;
}

Result<void> sync_folder(const std::string& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  const auto error = system_error(folder, "cannot sync");
  if (fd >= 0) ::close(fd);
  if (!synced) return std::unexpected(error);
  return {};
}

}  // namespace behoud::ledger::internal
