#pragma once

// A CSV file as a Table: encoding, dialect and rows. See table.h for the contract and the bounds, csv_dialect.h for the
// grammar. A reading of a file above half a megabyte has a thread of its own that parses a few batches ahead.
//
// Errors of opening: kBadInput (empty), kOutOfRange (no line end in the first MiB). Errors of reading, all with line
// and column: kBadInput (a NUL byte; a quote that is never closed, at the line where it opens; UTF-16 of an odd size),
// kOutOfRange (a cell above 16 MiB, a record above 32 MiB, a row of more than 4,096 cells), kUnavailable.

#include <memory>
#include <string>

#include "ingest/read/bytes.h"
#include "ingest/read/csv_dialect.h"
#include "ingest/table.h"

namespace behoud::ingest::read {

inline constexpr std::size_t kMaxColumns = 4096;
inline constexpr std::size_t kMaxCellBytes = std::size_t{16} << 20;
inline constexpr std::size_t kMaxRecordBytes = std::size_t{32} << 20;
inline constexpr std::size_t kMaxFirstLineBytes = std::size_t{1} << 20;

struct CsvOptions {
  std::size_t chunk_bytes = 256 * 1024;  // parsed at a time; tests make it small
  bool thread = true;                    // for files above 512 KiB
};

Result<std::unique_ptr<Table>> open_csv(std::unique_ptr<Bytes> bytes, std::string name, CsvOptions options = {});

}  // namespace behoud::ingest::read
