#pragma once

// What the system says of the data folder, as errors, and the sync of a folder.

#include <string>
#include <string_view>

#include "base/result.h"

namespace behoud::ledger::internal {

// The last call's errno: kNotFound (there is nothing of that name), else kUnavailable. "cannot lock /a/b: ...".
Error system_error(const std::string& path, std::string_view doing);
// The same about what lies in the data folder, with the way out: another one, or the folder above it.
Error data_folder_error(const std::string& path, std::string_view doing);

// So that names that were made or moved in it outlive a power cut. Errors: those of system_error.
Result<void> sync_folder(const std::string& folder);

}  // namespace behoud::ledger::internal
