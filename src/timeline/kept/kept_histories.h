#pragma once

// Histories as they were rebuilt, kept on the disk beside the ledger, so that who asks next need not rebuild them: a
// column file whose columns are those of Histories (docs/formats/histories.md), for one state of one ledger. What is
// read is what was written, field by field, or an error.
//
// Order ids are not kept: who needs them rebuilds. The file holds what the ledger holds of people (identities,
// e-mails, names): it is as confidential, and goes when the folder does.
//
// Cost: about 20 bytes an order and what the texts take; reading copies them at memory's speed on two threads after
// checking every byte. Thread-safety: functions; one writer a folder (KeepLock).

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <variant>

#include "base/file.h"
#include "timeline/column_file/column_file.h"
#include "timeline/kept/follow.h"
#include "timeline/kept/kept_mark.h"
#include "timeline/rebuild.h"

namespace behoud::timeline {

// Requires histories without order ids and seqs. `footing`, if any, is theirs, and is kept with them. Gives the bytes
// written. Errors: kUnavailable (what stood there stands).
Result<std::uint64_t> write_histories(const std::string& folder, const FileMark& mark, const Histories& histories,
                                      std::span<const Unused> unused, const FileCalls& calls = system_calls(),
                                      const Footing* footing = nullptr);

// What the folder keeps for this state of the ledger, or why it is not to be had.
std::variant<Rebuilt, NotKept> read_histories(const std::string& folder, const FileMark& wanted);

// Those of this state, or of an earlier one that can be followed on from.
struct KeptHistories {
  Rebuilt rebuilt;
  std::shared_ptr<const ColumnFile> file;  // for read_footing(); nullptr: there is none in it
};
std::variant<KeptHistories, NotKept> read_histories_to_follow(const std::string& folder, const FileMark& wanted);

}  // namespace behoud::timeline
