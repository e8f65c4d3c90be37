// Any bytes become UTF-8, the same in whatever pieces they are read, and what is UTF-8 stays as it is.

#include <cstddef>
#include <cstdint>
#include <string>

#include "ingest/read/encoding.h"
#include "ingest/read/fuzz_tables.h"

using namespace behoud::ingest::read;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const bool strict : {false, true}) {
    std::string out;
    append_as_utf8(text, strict, out);
    require(is_valid_utf8(out));
    require(out.size() <= 3 * size);
    if (!strict && is_valid_utf8(text)) require(out == text);
  }
  require(valid_utf8_prefix(text) <= size);
  require(is_valid_utf8(std::string_view(text).substr(0, valid_utf8_prefix(text))));
  const auto bytes = bytes_of("f", text);
  for (const Encoding encoding : {Encoding::kUtf16Le, Encoding::kUtf16Be}) {
    const auto all = [&](std::size_t capacity) {
      TextStream stream(*bytes, {encoding, 0}, 0);
      std::string out, piece(capacity, '\0');
      for (;;) {
        const auto n = stream.read(piece.data(), capacity);
        if (!n) return std::string("error");
        if (*n == 0) return out;
        require(*n <= capacity);
        out.append(piece, 0, *n);
      }
    };
    const std::string out = all(1 << 16);
    require(out == all(8 + size % 23));
    require(is_valid_utf8(out));
  }
  static_cast<void>(guess_encoding(*bytes));
  return 0;
}
