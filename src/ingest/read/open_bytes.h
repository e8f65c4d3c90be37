#pragma once

// What open_tables() (table.h) does once a file is open: for tests and fuzzing, which have no files.

#include <memory>
#include <string>
#include <vector>

#include "ingest/read/bytes.h"
#include "ingest/read/unpack.h"
#include "ingest/table.h"

namespace behoud::ingest::read {

Result<std::vector<std::unique_ptr<Table>>> open_bytes(std::unique_ptr<Bytes> bytes, const std::string& name,
                                                       const UnpackBounds& bounds);

}  // namespace behoud::ingest::read
