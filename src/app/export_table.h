#pragma once

// Rows on their way out of the product, to CSV or Parquet. A table is named columns of one type each and a source that
// is asked for row after row. Amounts are in minor units of the currency beside them, instants in UTC.
//
// Cost: CSV 2 M rows/s, Parquet as DuckDB writes it; memory of one batch. Errors of writing: those of the source, and
// kUnavailable (disk).

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "ingest/duckdb.h"
#include "ledger/ledger.h"
#include "timeline/every_order.h"
#include "timeline/histories.h"

namespace behoud::app {

class CustomerDirectory;

// Nothing, a text, an integer, a truth, a day, an instant. A text is borrowed until the next row is asked for.
using ExportCell = std::variant<std::monostate, std::string_view, std::int64_t, bool, calendar::Day, calendar::Instant>;

struct ExportTable {
  std::vector<ingest::DuckColumn> columns;
  // Fills `row`, which has a cell for each column; false at the end.
  std::function<Result<bool>(std::vector<ExportCell>& row)> next;
};

// One row an order, as it stands at the end of the history: customer after customer those that are in the histories,
// then the others, as they came. Amounts are in the shop's currency where they can be, and beside that as they were
// stated, in the order's own. `orders` must outlive it.
ExportTable orders_table(const timeline::EveryOrder& orders);
// One row a customer, with the country and the source that were stated of them, else of their first order.
ExportTable customers_table(std::shared_ptr<const CustomerDirectory> directory);
// One row an event that is no statement about an order, in the order in which the ledger learned of it. Reads the
// snapshot on a thread of its own, which ends with the table.
ExportTable events_table(std::shared_ptr<const ledger::Snapshot> snapshot);

// A table as CSV, a piece at a time: its header first.
class CsvExport {
 public:
  explicit CsvExport(ExportTable table);
  // Appends the next piece, about 256 KiB; false: it was the last.
  Result<bool> next(std::string& out);

 private:
  static constexpr std::size_t kPieceBytes = 256 * 1024;
  ExportTable table_;
  std::vector<ExportCell> row_;
  bool begun_ = false;
};

using ExportSink = std::function<Result<void>(std::string_view bytes)>;
Result<void> write_csv(const ExportTable& table, const ExportSink& sink);
// DuckDB writes `path` itself; zstd-compressed.
Result<void> write_parquet(const ExportTable& table, const std::string& path);

}  // namespace behoud::app
