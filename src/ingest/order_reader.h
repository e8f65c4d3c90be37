#pragma once

// read_orders over tables that are open already: what orders.h promises, for tests and for tables that are no files.

#include <memory>
#include <span>
#include <vector>

#include "ingest/orders.h"
#include "ingest/table.h"

namespace behoud::ingest {

// One file: its tables, which are its parts when it is an archive.
struct OpenFile {
  std::vector<const Table*> tables;
};

Result<std::vector<FileShape>> recognise_tables(std::span<const OpenFile> files, const ReadOptions& options);
Result<ReadFacts> read_order_tables(std::span<const OpenFile> files, const ReadOptions& options, OrderSink& sink);

}  // namespace behoud::ingest
