// Any bytes as a Parquet file, which DuckDB reads: an answer or an error, no crash, no more than its memory.

#include <cstddef>
#include <cstdint>
#include <string>

#include "ingest/read/fuzz_tables.h"
#include "ingest/read/parquet.h"

using namespace behoud::ingest::read;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(read_whole(open_parquet(bytes_of("f.parquet", text), "f.parquet"), "f.parquet"));
  return 0;
}
