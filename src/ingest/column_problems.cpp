#include "ingest/column_problems.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "ingest/mapping.h"

namespace behoud::ingest {
namespace {

// The first dozen, in quotes.
std::string list_headers(const std::vector<std::string>& headers) {
  std::string out;
  std::size_t shown = 0;
  for (const std::string& h : headers) {
    if (trim(h).empty()) continue;
    if (shown == 12) return out + ", ...";
    if (shown++ > 0) out += ", ";
    out += quoted(h, 40);
  }
  return out;
}

void blame_sheet(const TableFormat& format, Error& error) {
  if (format.other_sheets.empty()) return;
  std::string others;
  for (const std::string& sheet : format.other_sheets) others += (others.empty() ? "" : ", ") + quoted(sheet, 40);
  error.message += ". Only the first sheet with rows is read, " + quoted(format.sheet, 40) + "; not read: " + others;
  error.hint = "Put the sheet with the table first in the workbook, or save that sheet as CSV.";
  error.why.reason = "problem.columns_missing_in_sheet";
  error.why.values.emplace_back("sheet", format.sheet);
  error.why.values.emplace_back("sheets", others);
}

}  // namespace

std::string column_name_at(const std::vector<std::string>& headers, std::size_t column) {
  if (column < headers.size() && !trim(headers[column]).empty()) return headers[column];
  return "#" + std::to_string(column + 1);
}

Result<std::size_t> find_column(const std::string& wanted, const std::vector<std::string>& headers, std::size_t columns,
                                const std::string& file, std::string_view role) {
  const auto bad = [&](std::string message, std::string hint, const char* reason) {
    return fail(Errc::kInvalidArgument, "--map " + std::string(role) + ": " + std::move(message), std::move(hint),
                Place{file, 0, wanted}, {reason, {{"role", role}}});
  };
  if (is_position(wanted)) {
    const auto number = parse_integer(std::string_view(wanted).substr(1));
    if (!number || *number < 1 || static_cast<std::size_t>(*number) > columns) {
      return bad(file + " has no column " + wanted, "It has " + std::to_string(columns) + " columns.",
                 "problem.map_column_missing");
    }
    return static_cast<std::size_t>(*number - 1);
  }
  const auto search = [&](const auto& same) -> std::vector<std::size_t> {
    std::vector<std::size_t> found;
    for (std::size_t c = 0; c < headers.size(); ++c) {
      if (same(headers[c])) found.push_back(c);
    }
    return found;
  };
  auto found = search([&](const std::string& h) { return h == wanted; });
  if (found.empty()) found = search([&](const std::string& h) { return trim(h) == trim(wanted); });
  if (found.empty() && !squash(wanted).empty()) {
    found = search([&](const std::string& h) { return squash(h) == squash(wanted); });
  }
  if (found.size() > 1) {
    return bad(file + " has more than one column " + quoted(wanted),
               "Name it by position: --map " + std::string(role) + "=#" + std::to_string(found[0] + 1) + " or #" +
                   std::to_string(found[1] + 1) + ".",
               "problem.map_column_twice");
  }
  if (found.empty()) {
    return bad(file + " has no column " + quoted(wanted),
               headers.empty() ? "It has no header row that is recognised; name columns by position: #1 is the first."
                               : "Its columns are " + list_headers(headers) + ".",
               "problem.map_column_missing");
  }
  return found[0];
}

std::unexpected<Error> bad_table(const Table& table, std::string message, std::string hint, Why why, std::uint64_t line,
                                 std::string column) {
  return fail(Errc::kBadInput, table.name() + ": " + std::move(message), std::move(hint),
              Place{table.name(), line, std::move(column)}, std::move(why));
}

std::unexpected<Error> columns_tie(const Table& table, const TableTop& top, std::string_view role, std::size_t a,
                                   std::size_t b) {
  const auto shown = [&](std::size_t c) {
    const std::string position = "#" + std::to_string(c + 1);
    return c < top.headers.size() ? quoted(top.headers[c], 40) + " (" + position + ")" : position;
  };
  if (a > b) std::swap(a, b);
  const std::string what(role);
  return bad_table(table, "two columns fit equally as the " + what + ": " + shown(a) + " and " + shown(b),
                   "Say which: --map " + what + "=#" + std::to_string(a + 1) + " or --map " + what + "=#" +
                       std::to_string(b + 1) + ".",
                   {"problem.columns_tie", {{"role", what}, {"first", shown(a)}, {"second", shown(b)}}},
                   top.header_line, column_name_at(top.headers, a));
}

std::unexpected<Error> columns_missing(const Table& table, const TableTop& top, const std::string& missing,
                                       const std::string& looked_for, const std::string& mapping,
                                       const std::optional<UnfitColumn>& unfit) {
  const bool named = !top.headers.empty();
  const std::string found =
      named ? "the columns " + list_headers(top.headers) : std::to_string(top.columns) + " columns without a header";
  auto failed =
      bad_table(table, "no column was recognised for: " + missing + ". Looked for " + looked_for + ". Found " + found,
                named ? "Name the columns: --map " + mapping + "; #1 is the first column."
                      : "It seems to have no header. Name the columns by position: --map " + mapping + ".",
                {"problem.columns_missing",
                 {{"roles", missing},
                  {"example", mapping},
                  {"looked", looked_for},
                  {"found", named ? list_headers(top.headers) : "#1 .. #" + std::to_string(top.columns)}}},
                top.header_line);
  blame_sheet(table.format(), failed.error());
  if (unfit && table.format().other_sheets.empty()) {
    Error& error = failed.error();
    error.message += ". The column " + quoted(unfit->column, 40) + " is called so, but cells such as " +
                     quoted(unfit->value, 40) + " cannot be read as that";
    error.why.reason = "problem.columns_missing_unfit";
    error.why.values.emplace_back("column", unfit->column);
    error.why.values.emplace_back("value", unfit->value);
  }
  return failed;
}

}  // namespace behoud::ingest
