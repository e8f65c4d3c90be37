#pragma once

// What a part is, from its first bytes; names decide nothing. Things that people take for tables, but which are none
// that can be read, have an error of their own that says what to do.

#include <cstdint>
#include <string>

#include "base/result.h"
#include "ingest/read/bytes.h"

namespace behoud::ingest::read {

enum class Kind : std::uint8_t { kCsv, kJson, kParquet, kZip, kGzip };

// Errors: kBadInput (empty; .xls; PDF, image, web page, other archives, ...).
Result<Kind> kind_of(const Bytes& bytes, const std::string& name);

}  // namespace behoud::ingest::read
