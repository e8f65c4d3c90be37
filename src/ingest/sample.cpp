#include "ingest/sample.h"

#include <algorithm>

#include "base/text.h"
#include "ingest/amounts.h"
#include "ingest/dates.h"
#include "ingest/identity.h"

namespace behoud::ingest {
namespace {

constexpr std::size_t kSampleRows = 2000;
constexpr std::size_t kSampleCellBytes = 4096;

}  // namespace

Result<Sample> sample_rows(const Table& table) {
  Sample sample;
  TRY_ASSIGN(const auto reader, table.read({}, 0));
  RowBatch batch;
  while (sample.rows.size() < kSampleRows) {
    TRY_ASSIGN(const bool more, reader->next(batch));
    if (!more) {
      sample.whole = true;
      break;
    }
    sample.columns = std::max(sample.columns, batch.columns);
    for (std::size_t r = 0; r < batch.rows() && sample.rows.size() < kSampleRows; ++r) {
      std::vector<std::string> row;
      row.reserve(batch.columns);
      for (const std::string_view cell : batch.row(r)) row.emplace_back(cell.substr(0, kSampleCellBytes));
      sample.rows.push_back(std::move(row));
      sample.lines.push_back(batch.lines[r]);
      sample.widths.push_back(batch.widths[r]);
    }
  }
  return sample;
}

bool is_blank_row(const std::vector<std::string>& row) {
  return std::all_of(row.begin(), row.end(), [](const std::string& c) { return trim(c).empty(); });
}

bool same_cells(const Sample& sample, std::size_t first_row, std::size_t a, std::size_t b) {
  for (std::size_t r = first_row; r < sample.rows.size(); ++r) {
    const auto& row = sample.rows[r];
    const std::string_view x = a < row.size() ? std::string_view(row[a]) : std::string_view{};
    const std::string_view y = b < row.size() ? std::string_view(row[b]) : std::string_view{};
    if (trim(x) != trim(y)) return false;
  }
  return true;
}

bool looks_like_number(std::string_view cell) {
  for (const char mark : {'.', ','}) {
    Decimal d;
    std::string_view around;
    if (read_amount(cell, mark, d, around) != AmountFault::kNone) continue;
    // "EUR 12" is a number, "row 12" is not.
    const bool code = around.size() == 3 && std::all_of(around.begin(), around.end(),
                                                        [](char c) { return lower(c) >= 'a' && lower(c) <= 'z'; });
    return !code || money::Currency::guess(around).known() || around == "lei" || around == "din";
  }
  return false;
}

ColumnLook look_at(const Sample& sample, std::size_t first_row, std::size_t column) {
  ColumnLook look;
  for (std::size_t r = first_row; r < sample.rows.size(); ++r) {
    if (column >= sample.rows[r].size()) continue;
    const std::string_view cell = trim(sample.rows[r][column]);
    if (cell.empty()) continue;
    ++look.cells;
    if (is_email(cell)) {
      ++look.emails;
      continue;
    }
    if (cell.size() <= 4 && !is_digit(cell[0]) && money::Currency::guess(cell).known()) {
      ++look.currencies;
    }
    if (const auto date = scan_date(cell)) {
      const bool epoch = date->family == DateFamily::kEpoch || date->family == DateFamily::kEpochMs;
      ++(epoch ? look.epochs : look.dates);
    }
    if (looks_like_number(cell)) {
      ++look.numbers;
      if (cell.find_first_of(".,") != std::string_view::npos) ++look.decimals;
      if (std::all_of(cell.begin(), cell.end(), is_digit)) ++look.integers;
    } else if (cell.find(' ') != std::string_view::npos) {
      ++look.with_blank;
    }
  }
  return look;
}

}  // namespace behoud::ingest
