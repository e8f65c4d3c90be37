#include "timeline/kept/kept_mark.h"

#include <cerrno>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace behoud::timeline {

std::string_view name(NotKept why) {
  switch (why) {
    case NotKept::kMissing:
      return "missing";
    case NotKept::kDamaged:
      return "damaged";
    case NotKept::kUnreadable:
      return "unreadable";
    case NotKept::kOtherFormat:
      return "other_format";
    case NotKept::kOtherLedger:
      return "other_ledger";
    case NotKept::kOlder:
      return "older";
    case NotKept::kNewer:
      return "newer";
    case NotKept::kOtherProgram:
      return "other_program";
    case NotKept::kOtherSettings:
      return "other_settings";
    case NotKept::kNoCurrency:
      return "no_currency";
    case NotKept::kOtherRates:
      return "other_rates";
    case NotKept::kSubscriptions:
      return "subscriptions";
    case NotKept::kRestatedEvents:
      return "restated_events";
    case NotKept::kOffScale:
      return "off_scale";
    case NotKept::kLong:
      return "long";
    case NotKept::kUnstated:
      return "unstated";
  }
  return "";
}

NotKept why_not(const Error& error) {
  switch (error.code) {
    case Errc::kNotFound:
      return NotKept::kMissing;
    case Errc::kConflict:
      return NotKept::kOtherFormat;
    case Errc::kUnavailable:
      return NotKept::kUnreadable;
    default:
      return NotKept::kDamaged;
  }
}

FileMark mark_of(const ledger::Snapshot& snapshot, std::uint64_t made_by) {
  return {.generation = snapshot.generation(), .seq = snapshot.revision(), .settings = made_by, .epoch_ms = 0};
}

std::optional<NotKept> why_not(const FileMark& kept, const FileMark& wanted) {
  if (kept.generation != wanted.generation) return NotKept::kOtherLedger;
  if (kept.seq != wanted.seq) return kept.seq < wanted.seq ? NotKept::kOlder : NotKept::kNewer;
  if (kept.settings != wanted.settings) return NotKept::kOtherProgram;
  return std::nullopt;
}

std::optional<KeepLock> KeepLock::take(const std::string& folder) {
  struct stat parent{};
  const std::string above = std::filesystem::path(folder).parent_path().string();
  if (::stat(above.empty() ? "." : above.c_str(), &parent) != 0 || parent.st_uid != ::geteuid()) return std::nullopt;
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return std::nullopt;
  const int fd = ::open((folder + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (fd < 0) return std::nullopt;
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    ::close(fd);
    return std::nullopt;
  }
  return KeepLock(fd);
}

KeepLock::KeepLock(KeepLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
KeepLock::~KeepLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace behoud::timeline
