#pragma once

// The files of a reading, opened: each is one table, or an archive of several.

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "ingest/table.h"

namespace behoud::ingest {

// One file: its tables, which are its parts when it is an archive.
struct OpenFile {
  std::vector<const Table*> tables;
};
struct OpenFiles {
  std::vector<std::unique_ptr<Table>> tables;
  std::vector<OpenFile> files;  // point into `tables`
};
// Errors: kInvalidArgument (none was named, `what` says of what), those of open_tables.
Result<OpenFiles> open_files(const std::vector<std::string>& files, const std::string& what);

}  // namespace behoud::ingest
