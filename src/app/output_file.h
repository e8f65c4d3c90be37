#pragma once

// Where a command may write its answer. A file that it names takes the place of what bears the name, and three things
// are never given up so: a file that the command reads, under whatever name, a data folder's own files, and what is no
// regular file (of a device, as /dev/stdout, root would lose the node).

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace behoud::app {

// `option` names `path` as the place to write to, `read` are the files that the command reads. Errors:
// kInvalidArgument.
Result<void> require_free(std::string_view option, const std::string& path, std::span<const std::string> read);

}  // namespace behoud::app
