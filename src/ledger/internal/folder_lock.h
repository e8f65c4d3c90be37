#pragma once

// The lock of a data folder: held from take() to destruction, and given back by the kernel when its process dies,
// however it dies.

#include <optional>
#include <string>
#include <utility>

#include "base/result.h"

namespace behoud::ledger::internal {

class FolderLock {
 public:
  // Errors: kConflict (held, its PID named), kNotFound (no folder), kUnavailable (may not be written).
  static Result<FolderLock> take(const std::string& folder);
  // The PID that holds it now; 0 where it is held but does not say by whom.
  static std::optional<int> owner(const std::string& folder);
  // The PID in the lock file of an owner that died without giving it back.
  static std::optional<int> left_behind(const std::string& folder);

  FolderLock() = default;
  FolderLock(FolderLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FolderLock& operator=(FolderLock&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~FolderLock();

 private:
  explicit FolderLock(int fd) : fd_(fd) {}
  int fd_ = -1;
};

}  // namespace behoud::ledger::internal
