#include "ingest/table_top.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/text.h"
#include "ingest/dates.h"
#include "ingest/identity.h"
#include "ingest/mapping.h"

namespace behoud::ingest {
namespace {

RowWidth row_width(const Sample& sample, std::size_t first_row, std::string_view format, std::string_view delimiter) {
  std::map<std::uint32_t, std::size_t> widths;
  std::size_t counted = 0, most = 0;
  for (std::size_t r = first_row; r < sample.rows.size(); ++r) {
    if (is_blank_row(sample.rows[r])) continue;
    ++widths[sample.widths[r]];
    ++counted;
  }
  RowWidth out;
  // Of equally common ones that of the header: the one row below it may be the one that was cut off.
  const std::uint32_t of_header = first_row > 0 ? sample.widths[first_row - 1] : 0;
  for (const auto& [width, n] : widths) {
    if (n > most || (n == most && width == of_header)) {
      most = n;
      out.cells = width;
    }
  }
  // A broken row or two among many of one width are told from a file that leaves trailing cells out.
  out.strict = format == "csv" && delimiter != " " && counted - most <= std::max<std::size_t>(1, counted / 100);
  return out;
}

std::optional<std::size_t> find_header_with(const Sample& sample, std::span<const std::string> columns) {
  std::set<std::string> wanted;
  for (const std::string& column : columns) {
    if (!is_position(column)) wanted.insert(squash(column));
  }
  if (wanted.empty()) return std::nullopt;
  for (std::size_t r = 0; r < std::min(sample.rows.size(), kHeaderRowsSearched); ++r) {
    std::set<std::string> there;
    for (const std::string& cell : sample.rows[r]) there.insert(squash(cell));
    if (std::includes(there.begin(), there.end(), wanted.begin(), wanted.end())) return r;
  }
  return std::nullopt;
}

std::optional<std::size_t> find_unknown_header(const Sample& sample) {
  for (std::size_t r = 0; r + 1 < std::min(sample.rows.size(), kHeaderRowsSearched); ++r) {
    const auto& row = sample.rows[r];
    if (sample.widths[r] < 2 || sample.widths[r] != sample.widths[r + 1]) continue;
    bool words = true;
    for (std::size_t c = 0; c < sample.widths[r] && c < row.size(); ++c) {
      const std::string_view cell = trim(row[c]);
      if (cell.empty() || is_digit(cell[0]) || looks_like_number(cell) || scan_date(cell) || is_email(cell)) {
        words = false;
        break;
      }
    }
    if (!words) return std::nullopt;  // the first row of full width is not a header: there is none
    for (const std::string& cell : sample.rows[r + 1]) {
      if (looks_like_number(cell) || scan_date(cell)) return r;
    }
    return std::nullopt;
  }
  return std::nullopt;
}

std::optional<std::size_t> find_header(const Sample& sample, const std::function<int(const std::string&)>& knows) {
  std::optional<std::size_t> best;
  int best_score = 0;
  for (std::size_t r = 0; r < std::min(sample.rows.size(), kHeaderRowsSearched); ++r) {
    int score = 0, cells = 0, numeric = 0;
    std::set<std::string> seen;
    for (const std::string& cell : sample.rows[r]) {
      const std::string_view text = trim(cell);
      if (text.empty()) continue;
      ++cells;
      if (is_digit(text[0]) || is_email(text)) {
        ++numeric;
        continue;
      }
      if (seen.insert(squash(text)).second) score += knows(cell);
    }
    if (numeric * 2 > cells) continue;
    const int needed = sample.columns <= 2 ? 1 : 2;
    if (score >= needed && score > best_score) {
      best = r;
      best_score = score;
    }
  }
  return best;
}

}  // namespace

bool is_position(std::string_view column) {
  return column.size() > 1 && column[0] == '#' && std::all_of(column.begin() + 1, column.end(), is_digit);
}

TableTop find_top(const Table& table, const Sample& sample, std::span<const std::string> mapped,
                  const std::function<int(const std::string&)>& knows) {
  TableTop top;
  top.columns = std::max(sample.columns, table.names().size());
  if (!table.names().empty()) {
    top.headers = table.names();
    top.header = true;
  } else {
    std::optional<std::size_t> header = find_header_with(sample, mapped);
    if (!header) header = find_header(sample, knows);
    if (!header) header = find_unknown_header(sample);
    if (header) {
      top.headers = sample.rows[*header];
      // The cells that only longer rows have.
      while (!top.headers.empty() && trim(top.headers.back()).empty() && top.headers.size() > sample.widths[*header]) {
        top.headers.pop_back();
      }
      top.header = true;
      top.title_rows = *header;
      top.header_line = sample.lines[*header];
      top.body = *header + 1;
    }
  }
  const auto begin = sample.rows.begin() + static_cast<std::ptrdiff_t>(top.body);
  top.is_empty = sample.whole && std::all_of(begin, sample.rows.end(), is_blank_row);
  top.width = row_width(sample, top.body, table.format().format, table.format().delimiter);
  return top;
}

}  // namespace behoud::ingest
