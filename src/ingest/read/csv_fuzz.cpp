// Any bytes as a CSV file: the fast scanner agrees with the slow one in each dialect, and the rows do not depend on the
// pieces in which the file is read.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "ingest/read/csv.h"
#include "ingest/read/csv_scan.h"
#include "ingest/read/fuzz_tables.h"

using namespace behoud::ingest::read;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::string padded = text + std::string(64, '"');
  const CsvDialect dialects[] = {{},
                                 {.delimiter = ';', .blank_before_quote = true},
                                 {.delimiter = '\t', .quote = '\'', .newline = '\r'},
                                 {.delimiter = '|', .escape = '\\'},
                                 {.quote = '\0'}};
  CsvIndex fast, slow;
  for (const CsvDialect& dialect : dialects) {
    scan_csv(padded.data(), size, dialect, fast);
    scan_csv_slowly(padded.data(), size, dialect, slow);
    require(fast.cells == slow.cells && std::equal(fast.ends.get(), fast.ends.get() + fast.cells, slow.ends.get()));
    require(fast.rows == slow.rows && fast.consumed == slow.consumed && fast.open_quote == slow.open_quote);
    require(fast.nul == slow.nul && fast.high == slow.high);
  }
  const auto read = [&](std::size_t chunk_bytes) {
    return read_whole(open_csv(bytes_of("f.csv", text), "f.csv", {.chunk_bytes = chunk_bytes, .thread = false}),
                      "f.csv");
  };
  auto whole = read(256 * 1024);
  auto pieces = read(16 + size % 50);
  require(whole.has_value() == pieces.has_value());
  if (!whole) {
    require(whole.error() == pieces.error());
    return 0;
  }
  require(whole->size() == pieces->size());
  for (std::size_t i = 0; i < whole->size(); ++i) {
    // All columns are those of the first batch, which is smaller in pieces.
    TestRow &a = (*whole)[i], &b = (*pieces)[i];
    require(a.line == b.line && a.width == b.width);
    const std::size_t cells = std::min(a.cells.size(), b.cells.size());
    require(std::equal(a.cells.begin(), a.cells.begin() + static_cast<std::ptrdiff_t>(cells), b.cells.begin()));
  }
  return 0;
}
