#pragma once

// What stands above a table's rows: titles, a header, and how wide the rows below are.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/sample.h"

namespace behoud::ingest {

inline constexpr std::size_t kHeaderRowsSearched = 30;

// How many cells most rows have, and whether the others are broken.
struct RowWidth {
  std::uint32_t cells = 0;
  bool strict = false;
};

// "#3" as a column's name: the third, whatever its header.
bool is_position(std::string_view column);

struct TableTop {
  std::vector<std::string> headers;  // empty without a header row
  std::size_t columns = 0;
  bool header = false;
  std::uint64_t title_rows = 0;   // above the header
  std::uint64_t header_line = 0;  // 0: none in the file
  std::size_t body = 0;           // rows above those of the table, in the sample as in the file
  bool is_empty = false;          // no row follows
  RowWidth width;
};

// The header is, in this order: the names that the format itself has (JSON, Parquet); the first row, among the first
// 30, that holds every one of `mapped` (the columns that a mapping names; positions, "#3", are left aside); the row of
// which `knows` says the most (how much of a known name a cell is; at least 2, or 1 in a table of one or two columns);
// a row of words above a row with numbers or dates, though none of the words is known.
TableTop find_top(const Table& table, const Sample& sample, std::span<const std::string> mapped,
                  const std::function<int(const std::string&)>& knows);

// The columns that a mapping names; of what it says to be no column there is none.
template <class Mapping>
std::vector<std::string> mapped_columns(const Mapping& mapping) {
  std::vector<std::string> out;
  for (const auto& [what, column] : mapping.columns) {
    if (!column.empty()) out.push_back(column);
  }
  return out;
}

}  // namespace behoud::ingest
