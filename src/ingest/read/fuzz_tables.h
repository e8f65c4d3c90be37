#pragma once

// What the fuzz targets of the readers share: reading a table whole, and what must hold of whatever it holds.

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "ingest/read/csv.h"
#include "ingest/read/encoding.h"
#include "ingest/read/table_rows_for_tests.h"
#include "ingest/table.h"

namespace behoud::ingest::read {

inline void require(bool holds) {
  if (!holds) std::abort();
}

// All rows, or the error. Cells are UTF-8 and within the bounds; lines do not fall; errors name the file.
inline Result<std::vector<TestRow>> read_whole(const Result<std::unique_ptr<Table>>& table, const std::string& name) {
  Result<std::vector<TestRow>> rows = table ? rows_of(**table) : std::unexpected(table.error());
  if (!rows) {
    require(rows.error().place.file.starts_with(name));
    require(!rows.error().message.empty());
    return rows;
  }
  std::uint64_t line = 0;
  for (const TestRow& row : *rows) {
    require(row.line >= line && row.line > 0);
    line = row.line;
    require(row.width > 0 && row.width <= kMaxColumns);
    for (const std::string& cell : row.cells) require(is_valid_utf8(cell) && cell.size() <= 3 * kMaxCellBytes);
  }
  return rows;
}

}  // namespace behoud::ingest::read
