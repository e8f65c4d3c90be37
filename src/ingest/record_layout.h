#pragma once

// What a small table was recognised as: which column holds which field, and where its rows begin. The same rules as for
// orders (layout.h): names and cells, presets, a mapping above all; what cannot be told apart is an error that says how
// to tell.

#include <bitset>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ingest/record_spec.h"
#include "ingest/table_top.h"

namespace behoud::ingest {

inline constexpr std::size_t kFieldsMax = 32;

struct RecordLayout {
  const RecordSpec* spec = nullptr;
  RecordShape shape;
  std::vector<std::vector<std::size_t>> columns;  // of each field, the columns of the table that hold it
  std::bitset<kFieldsMax> mapped;                 // fields that the mapping named
  // Of a wide table: the columns that are currencies.
  std::vector<std::pair<std::size_t, money::Currency>> wide;
  std::vector<std::string> headers;  // empty without a header row
  std::uint64_t skip_rows = 0, title_lines = 0, header_line = 0;
  RowWidth width;
  std::vector<Notice> notices;

  bool has(std::size_t field) const { return field < columns.size() && !columns[field].empty(); }
  // As errors and rejections name it: the header, or "#3"; "" without a column.
  std::string column_name(std::size_t field) const;
  std::string column_name_at(std::size_t column) const;
  std::string_view header_of(std::size_t field) const;  // "" without one
};

// Errors: kBadInput (no rows, a header only, a needed column missing, two that fit equally), kInvalidArgument (a
// mapping that names a column that is not there). `unlike` is set when the error is that the table holds no such
// records: a header alone, or a needed column missing.
Result<RecordLayout> recognise_record_table(const Table& table, const RecordSpec& spec, const RecordOptions& options,
                                            bool* unlike = nullptr);

}  // namespace behoud::ingest
