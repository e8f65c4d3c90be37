#pragma once

// A Parquet file as a Table, read by DuckDB. See table.h for the contract.
//
// Fields of structs are columns by their path (`customer.email`). Values are text: timestamps "2024-05-31 14:05:09",
// with a zone in UTC and "+00" behind; dates "2024-05-31"; booleans "true" and "false"; numbers as in number_text.h;
// NULL is empty. Lists follow the rules of JSON (json.h): those of the lines of a record become rows, others are joined
// by ", ".
//
// The file is opened here and handed to DuckDB by its descriptor, so no name, however hostile, gets into SQL; the
// instance may read nothing else, and has 512 MiB; what its parser of footers takes beside them is bounded before it
// (parquet_footer.h). Errors: kBadInput (damaged, encrypted, a type that is not read),
// kOutOfRange (more than 4,096 columns), kUnavailable (memory).

#include <memory>
#include <string>

#include "ingest/duckdb.h"
#include "ingest/read/bytes.h"
#include "ingest/table.h"

namespace behoud::ingest::read {

Result<std::unique_ptr<Table>> open_parquet(std::unique_ptr<Bytes> bytes, std::string name);

// The same by an instance that is there already, and may read the path of `bytes`.
Result<std::unique_ptr<Table>> open_parquet(std::unique_ptr<Bytes> bytes, std::string name, const DuckDb& instance);

}  // namespace behoud::ingest::read
