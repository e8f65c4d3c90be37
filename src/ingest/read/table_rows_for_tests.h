#pragma once

// Tests' view of a table: all its rows as owned text.

#include <cstdint>
#include <string>
#include <vector>

#include "ingest/table.h"

namespace behoud::ingest::read {

struct TestRow {
  std::uint64_t line = 0;
  std::uint32_t width = 0;
  std::vector<std::string> cells;
  friend bool operator==(const TestRow&, const TestRow&) = default;
};

inline Result<std::vector<TestRow>> rows_of(const Table& table, std::vector<std::size_t> columns = {},
                                            std::uint64_t skip = 0) {
  TRY_ASSIGN(const auto reader, table.read(columns, skip));
  std::vector<TestRow> rows;
  RowBatch batch;
  for (;;) {
    TRY_ASSIGN(const bool more, reader->next(batch));
    if (!more) return rows;
    for (std::size_t i = 0; i < batch.rows(); ++i) {
      TestRow row{batch.lines[i], batch.widths[i], {}};
      for (const std::string_view cell : batch.row(i)) row.cells.emplace_back(cell);
      rows.push_back(std::move(row));
    }
  }
}

inline std::vector<std::vector<std::string>> cells_of(const std::vector<TestRow>& rows) {
  std::vector<std::vector<std::string>> cells;
  for (const TestRow& row : rows) {
    cells.push_back(row.cells);
    cells.back().resize(std::min<std::size_t>(row.width, row.cells.size()));
  }
  return cells;
}

}  // namespace behoud::ingest::read
