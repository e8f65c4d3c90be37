#pragma once

// The first rows of a table, as text, and what its columns look like there: what recognising goes by, of orders
// (layout.h) as of small tables (record_layout.h).

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ingest/table.h"

namespace behoud::ingest {

// Bounded: 2,000 rows, 4,096 bytes of a cell.
struct Sample {
  std::vector<std::vector<std::string>> rows;
  std::vector<std::uint64_t> lines;
  std::vector<std::uint32_t> widths;
  std::size_t columns = 0;
  bool whole = false;  // the table has no more rows
};
Result<Sample> sample_rows(const Table& table);

bool is_blank_row(const std::vector<std::string>& row);
// Two columns that hold the same in every row, up to blanks.
bool same_cells(const Sample& sample, std::size_t first_row, std::size_t a, std::size_t b);
// By either decimal mark: "1.234,50", "EUR 12"; not "row 12".
bool looks_like_number(std::string_view cell);

// What the cells of a column look like, as shares of those that are not blank.
struct ColumnLook {
  std::size_t cells = 0;  // not blank
  std::size_t dates = 0, epochs = 0, numbers = 0, decimals = 0, emails = 0, currencies = 0, with_blank = 0, phones = 0;
  std::size_t integers = 0;
  double share(std::size_t n) const { return cells == 0 ? 0 : static_cast<double>(n) / static_cast<double>(cells); }
};
ColumnLook look_at(const Sample& sample, std::size_t first_row, std::size_t column);

// How well cells of which a share is of a kind bear out the name of their column, [0, 1].
constexpr double graded(double share) { return share >= 0.8 ? 1 : share >= 0.5 ? 0.7 : 0; }
inline constexpr double kScoreMin = 0.3;   // of name and cells; below it a column is taken for nothing
inline constexpr double kScoreTie = 0.02;  // closer than this, two columns fit equally

}  // namespace behoud::ingest
