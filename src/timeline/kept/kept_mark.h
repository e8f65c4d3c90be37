#pragma once

// When a file that was derived from a ledger may be read in the ledger's place: where it was made from this very state
// of this very ledger, by this very program. Else it is made anew, and why is said: never as an error.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ledger/ledger.h"
#include "timeline/column_file/head.h"

namespace behoud::timeline {

enum class NotKept : std::uint8_t {
  kMissing,       // nothing was kept
  kDamaged,       // a part is gone, or does not hold what was written
  kUnreadable,    // the system said no
  kOtherFormat,   // of another version of the format
  kOtherLedger,   // of a ledger with another past: copied or restored since
  kOlder,         // the ledger has gone on since
  kNewer,         // the ledger is older than the file
  kOtherProgram,  // another program may derive something else from the same
  // What was kept is of an earlier state of the ledger, and what came since cannot be told customer by customer:
  kOtherSettings,   // zone, currency, window or status words
  kNoCurrency,      // the shop has chosen none, so that all orders together say which
  kOtherRates,      // rates, or costs of items
  kSubscriptions,   // they name customers of whom nothing else is said
  kRestatedEvents,  // events came again with other content, or what came so was taken back
  kOffScale,        // something lies before the timeline's first month, or behind what was laid out
  kLong,            // so much came that deriving all is sooner done
  kUnstated,        // what was taken back may have been all that stated an amount or a word of a kind
};
std::string_view name(NotKept why);   // "missing", ...
NotKept why_not(const Error& error);  // of opening or reading a file

// `made_by` is a digest of the program and whatever else what is derived hangs on, beside the ledger.
FileMark mark_of(const ledger::Snapshot& snapshot, std::uint64_t made_by);
// nullopt: it may be read. Where its columns' instants count from plays no part.
std::optional<NotKept> why_not(const FileMark& kept, const FileMark& wanted);

// Who writes derived files into a folder holds this: one process at a time, and none waits for another.
class KeepLock {
 public:
  // Makes the folder, for its owner alone. nullopt: somebody else is writing, nothing can be written there, or what
  // lies above belongs to another user, who could not read what we write (root looks into a server's folder).
  static std::optional<KeepLock> take(const std::string& folder);
  KeepLock(KeepLock&& other) noexcept;
  KeepLock& operator=(KeepLock&&) = delete;
  ~KeepLock();

 private:
  explicit KeepLock(int fd) : fd_(fd) {}
  int fd_ = -1;
};

}  // namespace behoud::timeline
