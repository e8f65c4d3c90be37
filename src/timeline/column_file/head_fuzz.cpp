// Whatever a head says, reading it stays within it, and what is taken for good writes back as the same bytes. The
// checksum and the length are put right first: by chance nobody gets past them.

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

#include "base/hash.h"
#include "timeline/column_file/head.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace behoud::timeline;
  std::string bytes(reinterpret_cast<const char*>(data), size);
  if (const auto head = decode(bytes); head && encode(*head) != bytes) std::abort();
  if (size < 32) return 0;
  std::memcpy(bytes.data(), "BehoudTL\1\0\0\0", 12);
  const std::uint64_t length = size;
  std::memcpy(bytes.data() + 16, &length, sizeof length);
  const std::uint64_t sum = behoud::checksum(std::string_view(bytes).substr(0, size - 8));
  std::memcpy(bytes.data() + size - 8, &sum, sizeof sum);
  const auto head = decode(bytes);
  if (head && encode(*head) != bytes) std::abort();
  return 0;
}
