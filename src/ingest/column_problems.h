#pragma once

// Why a table cannot be read as what it should be, in words that name columns as people see them: the errors of
// recognising, of orders (layout.h) and of small tables (record_layout.h).

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ingest/table.h"
#include "ingest/table_top.h"

namespace behoud::ingest {

// As errors and rejections name a column: its header, or "#3".
std::string column_name_at(const std::vector<std::string>& headers, std::size_t column);

// "#3" -> 2; a header, compared exactly, then trimmed, then squashed. Errors: kInvalidArgument (no such column; two of
// that name).
Result<std::size_t> find_column(const std::string& wanted, const std::vector<std::string>& headers, std::size_t columns,
                                const std::string& file, std::string_view role);

// All are kBadInput, and begin with the table's name.
std::unexpected<Error> bad_table(const Table& table, std::string message, std::string hint, Why why, std::uint64_t line,
                                 std::string column = {});
// Columns `a` and `b` fit equally as the `role`, which has to be one.
std::unexpected<Error> columns_tie(const Table& table, const TableTop& top, std::string_view role, std::size_t a,
                                   std::size_t b);
// `missing`: the roles without a column, `looked_for`: the names they could have had; `mapping`: what to say of all
// needed roles. Of a workbook with more sheets than the one that is read: the table may be on another. `unfit`: a
// column that bears the name of a missing role, and whose cells do not read as one.
struct UnfitColumn {
  std::string column, value;  // a cell of it
};
std::unexpected<Error> columns_missing(const Table& table, const TableTop& top, const std::string& missing,
                                       const std::string& looked_for, const std::string& mapping,
                                       const std::optional<UnfitColumn>& unfit = {});

}  // namespace behoud::ingest
