#pragma once

// read_orders over tables that are open already: what orders.h promises, for tests and for tables that are no files.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "ingest/open_files.h"
#include "ingest/orders.h"

namespace behoud::ingest {

Result<std::vector<FileShape>> recognise_tables(std::span<const OpenFile> files, const ReadOptions& options);

// When one large table is read by what its first rows are, and the survey goes beside.
struct OnePass {
  std::uint64_t from_bytes = std::uint64_t{16} << 20;
  std::uint64_t head_rows = 65'536;
};
Result<ReadFacts> read_order_tables(std::span<const OpenFile> files, const ReadOptions& options, OrderSink& sink,
                                    const OnePass& one_pass = {});

}  // namespace behoud::ingest
