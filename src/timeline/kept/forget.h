#pragma once

// Erasing somebody is done when they are gone from what was derived of the ledger too: the files in histories/ and
// timeline/ hold identities, e-mails and names as the ledger does.
//
// An erasure, in this order:
//   1. the ledger forgets, durably, and its generation is another one from then on, as after a restore();
//   2. forget_kept() of each folder of what is kept;
//   3. whoever runs on follows (KeptTimeline::follow): it finds another ledger, and derives anew from it.
// Whoever is writing what is kept when the generation changes is waited for, and what was written is removed; whoever
// would write after that looks at the generation once the writing is theirs, and leaves it (still_of). A process that
// is killed between 1 and 2 leaves files that nobody reads: the next start finds them of another ledger and writes its
// own over them.

#include <functional>
#include <string>

#include "base/result.h"
#include "ledger/ledger.h"

namespace behoud::timeline {

// Removes every file there but the lock, so that none is there after a power cut either. A folder that is not there
// holds nothing. Waits for who writes: seconds. Errors: kUnavailable (some may be gone, some not: call it again).
Result<void> forget_kept(const std::string& folder);

// To be asked with the KeepLock in hand, before anything is written that was derived from a ledger of this generation.
bool still_of(const ledger::Generation& generation, const std::function<Result<ledger::Snapshot>()>& take);

}  // namespace behoud::timeline
