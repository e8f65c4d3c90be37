#pragma once

// How a command ends, for scripts: one table from the closed list of errors to exit codes.

#include "base/result.h"

namespace behoud::app {

enum ExitCode : int {
  kDone = 0,
  kFailed = 1,    // none of the below: disk full, port taken, not now
  kUsage = 2,     // an option or a question that has no meaning
  kBadInput = 3,  // a file that is not there, or does not hold what it should
  kDamaged = 4,   // our own files are damaged
  kHeld = 5,      // the data folder is held by another process, whose PID the message names
};

constexpr ExitCode exit_code_of(Errc code) {
  switch (code) {
    case Errc::kInvalidArgument:
      return kUsage;
    case Errc::kBadInput:
    case Errc::kNotFound:
    case Errc::kOutOfRange:
      return kBadInput;
    case Errc::kCorrupt:
      return kDamaged;
    case Errc::kConflict:
      return kHeld;
    case Errc::kUnavailable:
      return kFailed;
  }
  return kFailed;
}

}  // namespace behoud::app
