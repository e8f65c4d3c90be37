#pragma once

// read_orders over tables that are open already: what orders.h promises, for tests and for tables that are no files.

#include <memory>
#include <span>
#include <vector>

#include "ingest/open_files.h"
#include "ingest/orders.h"

namespace behoud::ingest {

Result<std::vector<FileShape>> recognise_tables(std::span<const OpenFile> files, const ReadOptions& options);
Result<ReadFacts> read_order_tables(std::span<const OpenFile> files, const ReadOptions& options, OrderSink& sink);

}  // namespace behoud::ingest
