#pragma once

// What a part is: by its first bytes, and where they do not tell, by what its name claims. A file whose bytes are good
// for something, a table of text among them, is read as that, whatever it is called; one whose bytes are not what it is
// called is named for what it claims to be, because "no column of customers" helps nobody whose orders.xlsx was cut
// off. Things that people take for tables, but which are none that can be read, have an error of their own that says
// what to do.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ingest/read/bytes.h"

namespace behoud::ingest::read {

enum class Kind : std::uint8_t { kCsv, kJson, kParquet, kZip, kGzip };

// What a name's ending says; nothing for .csv, .txt, .xls (which shops give to tables of text) and all others.
enum class Claim : std::uint8_t { kNothing, kJson, kWorkbook, kParquet, kZip, kGzip };
Claim claim_of(std::string_view name);

// `name` stands in the errors. Errors: kBadInput (empty; cut off before its first four bytes; not what it claims to be;
// .xls; PDF, image, web page, other archives, ...).
Result<Kind> kind_of(const Bytes& bytes, const std::string& name, Claim claim);

}  // namespace behoud::ingest::read
