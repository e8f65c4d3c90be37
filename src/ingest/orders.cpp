#include "ingest/orders.h"

#include "ingest/order_reader.h"
#include "ingest/table.h"

namespace behoud::ingest {
Result<std::vector<FileShape>> recognise(const std::vector<std::string>& files, const ReadOptions& options) {
  TRY_ASSIGN(const OpenFiles opened, open_files(files, "orders"));
  return recognise_tables(opened.files, options);
}

Result<ReadFacts> read_orders(const std::vector<std::string>& files, const ReadOptions& options, OrderSink& sink) {
  TRY_ASSIGN(const OpenFiles opened, open_files(files, "orders"));
  return read_order_tables(opened.files, options, sink);
}

}  // namespace behoud::ingest
