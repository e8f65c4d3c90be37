// Any bytes as a file of any kind, archives above all, with bounds so small that each is met. Parquet is left out: that
// is DuckDB's (parquet_fuzz).

#include <cstddef>
#include <cstdint>
#include <string>

#include "ingest/read/fuzz_tables.h"
#include "ingest/read/open_bytes.h"

using namespace behoud::ingest::read;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (text.find("PAR1") != std::string::npos) return 0;
  UnpackBounds bounds;
  bounds.free_bytes = 64 * 1024;
  bounds.bytes_max = std::uint64_t{1} << 20;
  bounds.memory_bytes_max = 4096;
  bounds.parts_max = 4;
  bounds.entries_max = 16;
  bounds.temp_folder = "/tmp";
  const auto tables = open_bytes(bytes_of("f", text), "f", bounds);
  if (!tables) {
    require(tables.error().place.file.starts_with("f"));
    return 0;
  }
  require(!tables->empty() && tables->size() <= 4);
  for (const auto& table : *tables) {
    const auto rows = rows_of(*table);
    if (!rows) continue;
    for (const TestRow& row : *rows) {
      for (const std::string& cell : row.cells) require(is_valid_utf8(cell));
    }
  }
  return 0;
}
