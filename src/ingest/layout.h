#pragma once

// What a table was recognised as: which columns are what, and how sure; where its rows begin; by which system's rules
// it is read. Found from a sample of its first rows; what depends on all rows is the survey's (order_survey.h).

#include <array>
#include <bitset>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ingest/names.h"
#include "ingest/orders.h"
#include "ingest/table.h"

namespace behoud::ingest {

inline constexpr std::size_t kRoles = static_cast<std::size_t>(Role::kTest) + 1;
inline constexpr std::size_t index(Role role) { return static_cast<std::size_t>(role); }

// The first rows of a table, as text. Bounded: 2,000 rows.
struct Sample {
  std::vector<std::vector<std::string>> rows;
  std::vector<std::uint64_t> lines;
  std::vector<std::uint32_t> widths;
  std::size_t columns = 0;
  bool whole = false;  // the table has no more rows
};
Result<Sample> sample_rows(const Table& table);

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

// ---- shared with the readers of customers, costs, items, rates and subscriptions (records.h) ----

// The first row that is a header by `score` (how many cells of a row are known names; at least 2, or 1 in a table of
// one or two columns), among the first 30. nullopt: none.
std::optional<std::size_t> find_header(const Sample& sample, const std::function<int(const std::string&)>& knows);
// The first row, among the first 30, that holds every one of `columns`; positions ("#3") are left aside. nullopt: none,
// or positions alone.
std::optional<std::size_t> find_header_with(const Sample& sample, std::span<const std::string> columns);
// A row of words above a row with numbers or dates, though none of the words is known. nullopt: none.
std::optional<std::size_t> find_unknown_header(const Sample& sample);

bool is_blank_row(const std::vector<std::string>& row);
// Two columns that hold the same in every row, up to blanks.
bool same_cells(const Sample& sample, std::size_t first_row, std::size_t a, std::size_t b);
// The first dozen, in quotes, for an error.
std::string list_headers(const std::vector<std::string>& headers);

// How many cells most rows have, and whether the others are broken.
struct RowWidth {
  std::uint32_t cells = 0;
  bool strict = false;
};
RowWidth row_width(const Sample& sample, std::size_t first_row, std::string_view format, std::string_view delimiter);

// What the cells of a column look like, as shares of those that are not blank.
struct ColumnLook {
  std::size_t cells = 0;  // not blank
  std::size_t dates = 0, epochs = 0, numbers = 0, decimals = 0, emails = 0, currencies = 0, with_blank = 0, phones = 0;
  std::size_t integers = 0;
  double share(std::size_t n) const { return cells == 0 ? 0 : static_cast<double>(n) / static_cast<double>(cells); }
};
ColumnLook look_at(const Sample& sample, std::size_t first_row, std::size_t column);

// Of a workbook with more sheets than the one that is read: the table that is missed may be on another. Says so in the
// error, which is one of no column recognised.
void blame_sheet(const TableFormat& format, Error& error);

// "#3" -> 2; a header, compared exactly, then trimmed, then squashed. Errors: kInvalidArgument (no such column; two of
// that name).
Result<std::size_t> find_column(const std::string& wanted, const std::vector<std::string>& headers, std::size_t columns,
                                const std::string& file, std::string_view role);

}  // namespace behoud::ingest
