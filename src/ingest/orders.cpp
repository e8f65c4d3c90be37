#include "ingest/orders.h"

#include "ingest/order_reader.h"
#include "ingest/table.h"

namespace behoud::ingest {
namespace {

struct Opened {
  std::vector<std::unique_ptr<Table>> tables;
  std::vector<OpenFile> files;
};

Result<Opened> open_all(const std::vector<std::string>& files) {
  if (files.empty()) return fail(Errc::kInvalidArgument, "no file was named", "Name a file of orders.");
  Opened out;
  for (const std::string& file : files) {
    TRY_ASSIGN(auto tables, open_tables(file));
    OpenFile opened;
    for (auto& table : tables) {
      opened.tables.push_back(table.get());
      out.tables.push_back(std::move(table));
    }
    out.files.push_back(std::move(opened));
  }
  return out;
}

}  // namespace

Result<std::vector<FileShape>> recognise(const std::vector<std::string>& files, const ReadOptions& options) {
  TRY_ASSIGN(const Opened opened, open_all(files));
  return recognise_tables(opened.files, options);
}

Result<ReadFacts> read_orders(const std::vector<std::string>& files, const ReadOptions& options, OrderSink& sink) {
  TRY_ASSIGN(const Opened opened, open_all(files));
  return read_order_tables(opened.files, options, sink);
}

}  // namespace behoud::ingest
