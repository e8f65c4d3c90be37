#pragma once

// Finds where the cells and records of a piece of CSV end: the first of the two steps of reading; the second
// (csv.cpp) makes cells of those columns that are wanted.
//
// 64 bytes at a time: SSE2 comparisons give a mask each for delimiters, line ends and quotes; a prefix-xor of the
// quotes tells what is inside them (Langdale & Lemire 2019, VLDB Journal 28, section 3.1.1). A block in which a quote
// is not where the plain grammar has it is done again, cell by cell, by the slow scanner, from the last cell that was
// certain: so both give the same ends, whatever the block borders. Cost: 1.5-3 GB/s; linear in the worst case, too,
// because a quote that is taken back was looked at once for each odd run of quotes.

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "ingest/read/csv_dialect.h"

namespace behoud::ingest::read {

// Offsets are into the piece that was scanned, which begins at the start of a record.
struct CsvIndex {
  std::unique_ptr<std::uint32_t[]> ends;  // where each cell ends: at a delimiter or a line end
  std::size_t cells = 0, capacity = 0;
  std::vector<std::uint32_t> rows;  // for each record the index in `ends` after its last cell; empty records included
  std::uint32_t consumed = 0;       // start of the first record that is not complete
  bool quotes = false;              // some cell may be quoted
  bool plain_quotes = true;         // each quoted cell is `"text"` without a quote or escape in it, nothing around it
  bool inner_newlines = false;      // a line end within a cell
  bool high = false;                // a byte beyond ASCII
  std::optional<std::uint32_t> nul;
  // At the end of the piece a cell is open whose quote is here.
  std::optional<std::uint32_t> open_quote;
  // Of the slow scanner alone: cells that were quoted, and those that begin with a quote but are not.
  std::uint32_t quoted = 0, misquoted = 0;
};

// `data[size .. size + 64)` must be readable. Keeps the memory of `index`. size < 2^31.
void scan_csv(const char* data, std::size_t size, const CsvDialect& dialect, CsvIndex& index);

// The slow scanner alone: the oracle in tests, and what sniffing uses for its counts.
void scan_csv_slowly(const char* data, std::size_t size, const CsvDialect& dialect, CsvIndex& index);

// The extent of a quoted cell that begins at `begin` (which may be blanks, if the dialect allows them).
struct QuotedCell {
  enum class State : std::uint8_t { kNotQuoted, kQuoted, kMisquoted, kOpen, kUnsure };  // kUnsure: the piece ends
  State state = State::kNotQuoted;
  std::size_t text_begin = 0, text_end = 0;  // between the quotes
  std::size_t end = 0;                       // of the cell, where the delimiter or line end is
  bool plain = true;                         // no doubled quote, no escape
};
QuotedCell find_quoted(const char* data, std::size_t size, std::size_t begin, const CsvDialect& dialect);

std::uint64_t count_byte(const char* data, std::size_t size, char wanted);

}  // namespace behoud::ingest::read
