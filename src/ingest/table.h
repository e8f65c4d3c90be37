#pragma once

// Tables out of files: CSV in any dialect and encoding, JSON (array, lines, or an object holding an array), Parquet,
// .xlsx, and .zip or .gz of them. A table gives rows as text cells, with the line each began on; it knows nothing of
// orders, but that in JSON and Parquet the lines of a record (`line_items`, `items`, `products`, ...) become rows, with
// the record's other members repeated in each (read/json.h).
//
// A file is opened once (its dialect and encoding are found out then) and can be read many times, each reading with the
// columns it wants. Cells are UTF-8, unquoted, untrimmed, and valid until the next call of next(). Reading is streamed:
// memory is bounded by the batch, whatever the file's size. Several readings of a table may go on at once, each used by
// one thread at a time; a reading must not outlive its table, nor a batch's cells their reading.
//
// Bounds: 4,096 columns, 16 MiB a cell, 1 MiB a header row, 64 parts an archive; unpacked at most 200 times the packed
// size and 64 GiB. Beyond them: kOutOfRange or kBadInput naming file and line.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace behoud::ingest {

struct RowBatch {
  std::size_t columns = 0;              // of the projection asked for
  std::vector<std::string_view> cells;  // rows x columns, row-major; a missing cell is ""
  std::vector<std::uint64_t> lines;     // 1-based physical line (CSV), row (xlsx, Parquet) or record (JSON) of each row
  std::vector<std::uint32_t> widths;    // cells the row really had: finds title, total and broken rows
  std::size_t rows() const { return lines.size(); }
  std::span<const std::string_view> row(std::size_t i) const { return {cells.data() + i * columns, columns}; }
};

class RowReader {
 public:
  virtual ~RowReader() = default;
  // Fills `batch` with the next rows (up to 16,384); false, and no rows, at the end. Errors: kBadInput (NUL byte, a
  // quote never closed, invalid bytes for the encoding), kOutOfRange (a bound), kUnavailable (the file shrank or
  // failed).
  virtual Result<bool> next(RowBatch& batch) = 0;
  virtual std::uint64_t bytes_done() const = 0;
};

struct TableFormat {
  std::string format;     // "csv", "json", "parquet", "xlsx"
  std::string encoding;   // "UTF-8", "UTF-8-BOM", "UTF-16LE", "UTF-16BE", "ISO-8859-1", "windows-1252"
  std::string delimiter;  // "," ";" "\t" "|" or " " (runs of blanks); csv only
  char quote = '"';
  std::string sheet;                      // of a workbook: the one that is the table,
  std::vector<std::string> other_sheets;  // and those with rows that are not read
};

// One table of one file (a part of an archive is a table of its own; a workbook's first sheet with rows is the table).
class Table {
 public:
  virtual ~Table() = default;
  virtual const std::string& name() const = 0;  // the path as given; of a part "orders.zip/part-1.csv"
  virtual const TableFormat& format() const = 0;
  virtual std::uint64_t bytes_total() const = 0;
  // Column names where the format itself has them (JSON, Parquet); empty for CSV and xlsx, whose first rows are rows.
  // CSV: empty lines are no rows (but count as lines).
  virtual const std::vector<std::string>& names() const = 0;
  // The projection: indices of the columns wanted, in the order wanted; empty: all, as many as the widest row of the
  // first batch. Skips the first `skip_rows` rows.
  virtual Result<std::unique_ptr<RowReader>> read(std::span<const std::size_t> columns,
                                                  std::uint64_t skip_rows) const = 0;
};

struct OpenOptions {
  std::string temp_folder = "/var/tmp";  // where what is unpacked goes, nameless, when it is larger than 8 MiB
};

// Opens a file and finds its tables: one, or those in an archive, in the order of their names. An archive's members are
// chosen by their ending (.csv .tsv .txt .json .jsonl .ndjson .parquet .xlsx, or none; hidden files and __MACOSX are
// left out), what each is by its content, and by its name where the content does not tell (read/kind.h).
// Errors: kNotFound, kBadInput (empty; not a table, and what it is instead; a damaged, encrypted or nested archive),
// kOutOfRange (a zip bomb, too many parts), kUnavailable (no room to unpack).
Result<std::vector<std::unique_ptr<Table>>> open_tables(const std::string& path, const OpenOptions& options = {});

}  // namespace behoud::ingest
