#pragma once

// What a table was recognised as: which columns are what, and how sure; where its rows begin; by which system's rules
// it is read. Found from a sample of its first rows; what depends on all rows is the survey's (order_survey.h).

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "ingest/names.h"
#include "ingest/orders.h"
#include "ingest/table.h"

namespace behoud::ingest {

inline constexpr std::size_t kRoles = static_cast<std::size_t>(Role::kTest) + 1;
inline constexpr std::size_t index(Role role) { return static_cast<std::size_t>(role); }

struct Layout {
  FileShape shape;
  const Preset* preset = nullptr;  // nullptr: plain
  // Of each role the columns that fill it, as indices of the table.
  std::array<std::vector<std::size_t>, kRoles> columns;
  std::bitset<kRoles> mapped;        // roles that --map named
  std::vector<std::string> headers;  // empty without a header row
  std::uint64_t skip_rows = 0;       // title rows and the header
  std::uint64_t title_lines = 0;     // title rows, which the bridge counts
  std::uint64_t header_line = 0;     // 0: none in the file
  std::uint32_t width = 0;           // cells of a row
  bool width_strict = false;         // every row of the sample has `width` cells: others are broken
  money::Currency header_currency;   // stated by a header: "Amount (EUR)"
  bool date_utc = false;
  bool amount_net = false;
  bool remembered = false;  // the mapping was one made earlier
  std::vector<Notice> notices;

  bool has(Role role) const { return !columns[index(role)].empty(); }
  // As errors and rejections name it: the header, or "#3".
  std::string column_name(Role role) const;
  SubtotalRule subtotal_rule() const { return preset != nullptr ? preset->subtotal : SubtotalRule::kEquation; }
};

// Errors: kBadInput (no rows, header only, a needed column missing, two that fit equally), kInvalidArgument (a mapping
// that names a column that is not there).
// `no_orders` is set when the error is that the table holds no orders: a header alone, or a needed column missing.
Result<Layout> recognise_orders(const Table& table, const ReadOptions& options, bool* no_orders = nullptr);
// `first` for another table of the same shape (the same columns in the same order), as the parts of an archive are.
// nullopt: it is of another shape.
Result<std::optional<Layout>> recognise_like(const Table& table, const Layout& first);

}  // namespace behoud::ingest
