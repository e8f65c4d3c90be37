// Our CSV reader beside DuckDB's, on random files: the same cells, whatever the dialect, the line ends, the quoting and
// the encoding. DuckDB is told the dialect; ours finds it out.

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <unistd.h>

#include "base/testing/until_tests_end.h"
#include "ingest/duckdb.h"
#include "ingest/read/csv.h"
#include "ingest/read/table_rows_for_tests.h"

namespace behoud::ingest::read {
namespace {

using Cells = std::vector<std::vector<std::string>>;

struct Oracle {
  std::string path =
      std::filesystem::temp_directory_path() / ("behoud-csv-duckdb-" + std::to_string(::getpid()) + ".csv");
  DuckDb db = DuckDb::open({.files = {path}}).value();
  ~Oracle() { std::filesystem::remove(path); }
};
struct File {
  std::string text;
  char delimiter = ',', quote = '"', escape = '"';
  std::string newline;
  std::size_t columns = 0;
};

Result<Cells> read_with_duckdb(DuckDb& db, const std::string& path, const File& file) {
  std::string names;
  for (std::size_t c = 0; c < file.columns; ++c) {
    names += (c > 0 ? ", " : "") + duck_text("c" + std::to_string(c)) + ": 'VARCHAR'";
  }
  TRY_ASSIGN(auto rows,
             db.query("SELECT * FROM read_csv(" + duck_text(path) + ", auto_detect=false, header=false, columns={" +
                      names + "}, delim=" + duck_text(std::string(1, file.delimiter)) + ", quote=" +
                      duck_text(std::string(1, file.quote)) + ", escape=" + duck_text(std::string(1, file.escape)) +
                      ", null_padding=true, strict_mode=true, parallel=false)"));
  Cells cells;
  for (;;) {
    TRY_ASSIGN(const bool more, rows.next());
    if (!more) return cells;
    for (std::size_t r = 0; r < rows.rows(); ++r) {
      cells.emplace_back();
      for (std::size_t c = 0; c < file.columns; ++c) {
        cells.back().emplace_back(rows.is_null(r, c) ? std::string_view() : rows.text(r, c));
      }
    }
  }
}

std::string random_cell(char delimiter, char quote) {
  switch (*rc::gen::inRange(0, 8)) {
    case 0:
      return "";
    case 1:
      return std::to_string(*rc::gen::inRange(0, 100'000));
    case 2:
      return std::to_string(*rc::gen::inRange(0, 1000)) + (delimiter == ',' ? "." : ",") + "50";
    case 3:
      return "2024-0" + std::to_string(*rc::gen::inRange(1, 10)) + "-1" + std::to_string(*rc::gen::inRange(0, 10));
    case 4:
      return std::string(static_cast<std::size_t>(*rc::gen::inRange(1, 150)), 'x');
    case 5:
      return "caf\xC3\xA9 \xE2\x82\xAC";
    default:
      return *rc::gen::container<std::string>(
          rc::gen::element('a', 'Z', ' ', delimiter, quote, '\n', ',', ';', '.', '-', '\'', '"', '\\', '|', '\t'));
  }
}

// `ragged`: rows may lack cells at their end.
File random_file(bool ragged) {
  File file;
  file.delimiter = *rc::gen::element(',', ';', '\t', '|');
  file.newline = *rc::gen::element<std::string>("\n", "\r\n");
  file.columns = *rc::gen::inRange<std::size_t>(2, 9);
  const std::size_t rows = *rc::gen::inRange<std::size_t>(1, 60);
  const bool all_quoted = *rc::gen::arbitrary<bool>();
  // A header that says what the delimiter is, as files have.
  for (std::size_t c = 0; c < file.columns; ++c) {
    file.text += (c > 0 ? std::string(1, file.delimiter) : "") + (all_quoted ? "\"name\"" : "name");
  }
  file.text += file.newline;
  for (std::size_t r = 0; r < rows; ++r) {
    const std::size_t cells = ragged ? *rc::gen::inRange<std::size_t>(2, file.columns + 1) : file.columns;
    for (std::size_t c = 0; c < cells; ++c) {
      const std::string cell = random_cell(file.delimiter, '"');
      const bool needs = cell.find_first_of(std::string("\"\n\r") + file.delimiter) != std::string::npos;
      file.text += c > 0 ? std::string(1, file.delimiter) : "";
      // An unquoted cell may begin or end with blanks, but not be blanks around a quote.
      if (needs || all_quoted || (cell.empty() && c == 0)) {
        file.text += '"';
        for (const char x : cell) file.text += x == '"' ? std::string("\"\"") : std::string(1, x);
        file.text += '"';
      } else {
        file.text += cell;
      }
    }
    if (r + 1 < rows || *rc::gen::arbitrary<bool>()) file.text += file.newline;
  }
  return file;
}

// One file and one instance for all cases.
UntilTestsEnd<Oracle>& oracle = UntilTestsEnd<Oracle>::add();

void compare(const File& file, const std::string& text) {
  auto& [path, db] = *oracle;
  std::ofstream(path, std::ios::binary) << file.text;
  const auto theirs = read_with_duckdb(db, path, file);
  if (!theirs) RC_FAIL(theirs.error().message);
  RC_LOG() << file.text << std::endl;
  const auto table = open_csv(bytes_of("x.csv", text), "x.csv",
                              {.chunk_bytes = *rc::gen::inRange<std::size_t>(16, 2000), .thread = true});
  RC_ASSERT(table.has_value());
  RC_ASSERT((*table)->format().delimiter == std::string(1, file.delimiter));
  std::vector<std::size_t> columns(file.columns);
  for (std::size_t c = 0; c < file.columns; ++c) columns[c] = c;
  const auto rows = rows_of(**table, columns);
  RC_ASSERT(rows.has_value());
  RC_ASSERT(rows->size() == theirs->size());
  for (std::size_t r = 0; r < rows->size(); ++r) RC_ASSERT(rows->at(r).cells == theirs->at(r));
}

RC_GTEST_PROP(CsvBesideDuckDb, GivesTheSameCells, ()) {
  const File file = random_file(false);
  compare(file, file.text);
}

RC_GTEST_PROP(CsvBesideDuckDb, GivesTheSameCellsOfRaggedRows, ()) {
  const File file = random_file(true);
  // With few rows of full width another delimiter may look better: what the dialect is, is not the question here.
  compare(file, "sep=" + std::string(1, file.delimiter) + file.newline + file.text);
}

// The same text in each encoding gives the same cells as the UTF-8 that DuckDB read.
RC_GTEST_PROP(CsvBesideDuckDb, GivesTheSameCellsInEachEncoding, ()) {
  const File file = random_file(false);
  std::string text;
  const int encoding = *rc::gen::inRange(0, 4);
  if (encoding == 0) text = "\xEF\xBB\xBF" + file.text;
  if (encoding == 1) text = "\xFF\xFE";
  if (encoding == 2) text = "\xFE\xFF";
  for (std::size_t i = 0; encoding > 0 && i < file.text.size();) {
    std::uint16_t unit = static_cast<unsigned char>(file.text[i]);
    std::size_t length = 1;
    if (unit == 0xC3) {
      unit = 0xE9;
      length = 2;
    } else if (unit == 0xE2) {
      unit = 0x20AC;
      length = 3;
    }
    i += length;
    const char low = static_cast<char>(unit & 0xFF), high = static_cast<char>(unit >> 8);
    if (encoding == 1) (text += low) += high;
    if (encoding == 2) (text += high) += low;
    if (encoding == 3) text += unit == 0x20AC ? '\x80' : low;
  }
  compare(file, text);
}

}  // namespace
}  // namespace behoud::ingest::read
