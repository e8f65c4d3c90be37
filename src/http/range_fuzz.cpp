// Whatever a Range says, a part lies within the body. The first byte is the body's size.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "http/range.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace behoud::http;
  if (size == 0) return 0;
  const std::uint64_t body = data[0];
  const RangeWish wish = parse_range({reinterpret_cast<const char*>(data) + 1, size - 1}, body);
  if (wish.kind == RangeWish::Kind::kPart && (wish.range.first > wish.range.last || wish.range.last >= body))
    std::abort();
  if (wish.kind != RangeWish::Kind::kPart && wish.range != ByteRange{}) std::abort();
  return 0;
}
