#pragma once

// How the cells of a CSV file are told apart, and finding it out from the first part of the file.
//
// The grammar, which the scanner (csv_scan.h) follows to the letter:
//   A record ends at `newline` outside of quotes; with '\n' a '\r' before it belongs to the end. Empty records are
//   none. A cell is quoted when it begins with `quote` and the quote that closes it is followed by a delimiter or the
//   end of the record, blanks between allowed. Inside, a doubled quote is one quote; delimiters and line ends are text.
//   Any other cell is text up to the next delimiter or line end, quotes in it being text: `12" pan` and `"Nice" mug`.
//   With `escape` the character after it stands for itself, in either kind of cell.
//   With `blank_before_quote` blanks between a delimiter and an opening quote are no part of the cell.
//   With `blanks` cells are parted by runs of spaces and tabs, those at either end of a line are none, quotes are text.

#include <cstdint>
#include <string>
#include <string_view>

namespace behoud::ingest::read {

struct CsvDialect {
  char delimiter = ',';
  bool blanks = false;  // runs of blanks; `delimiter` is then ' '
  char quote = '"';     // '\0': none
  char escape = '\0';   // '\0': none
  char newline = '\n';  // '\r' for files that have no other
  bool blank_before_quote = false;
  friend bool operator==(const CsvDialect&, const CsvDialect&) = default;
};

struct CsvGuess {
  CsvDialect dialect;
  std::uint32_t preamble_bytes = 0;  // of the line `sep=;`, which is none of the rows
};

// Decides from `sample`, the first part of the text; `whole` when it is all of it. Of a set of likely dialects it takes
// the one under which most rows have the same number of cells, quotes are where they belong, and most cells look like a
// number or a date by themselves: `1;12,50;3,10` parts at the semicolons.
CsvGuess guess_dialect(std::string_view sample, bool whole);

}  // namespace behoud::ingest::read
