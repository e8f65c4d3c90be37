// Any bytes as a JSON file: the rows do not depend on the pieces in which it is read.

#include <cstddef>
#include <cstdint>
#include <string>

#include "ingest/read/fuzz_tables.h"
#include "ingest/read/json.h"

using namespace behoud::ingest::read;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto read = [&](std::size_t chunk_bytes) {
    return read_whole(open_json(bytes_of("f.json", text), "f.json", {.chunk_bytes = chunk_bytes}), "f.json");
  };
  const auto whole = read(256 * 1024);
  require(whole == read(16 + size % 50));
  return 0;
}
