#pragma once

// The system's calls on files, of which one is struck: it fails as on a full or a broken disk, or the process ends
// in it as by kill -9. Not for the library.

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>

#include <unistd.h>

#include "base/file.h"

namespace behoud {

enum class Struck : std::uint8_t { kNoSpace, kFails, kDies };
struct Strike {
  int calls_left = 0;  // the call that is struck, counted from 1; those behind it fail as well
  Struck then = Struck::kNoSpace;
};
inline Strike strike;

inline bool strikes() {
  if (--strike.calls_left > 0) return false;
  if (strike.then == Struck::kDies) ::raise(SIGKILL);
  errno = strike.then == Struck::kNoSpace ? ENOSPC : EIO;
  return true;
}

inline constexpr FileCalls kStriking{
    [](int fd, const void* bytes, std::size_t size) { return strikes() ? ssize_t{-1} : ::write(fd, bytes, size); },
    [](int fd) { return strikes() ? -1 : ::fsync(fd); },
    [](const char* from, const char* to) { return strikes() ? -1 : std::rename(from, to); }};

}  // namespace behoud
