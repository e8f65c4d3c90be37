#pragma once

// Unpacks gzip for tests, also a part of it: what can be read of it so far.

#include <array>
#include <string>
#include <string_view>

#include <zlib.h>

namespace behoud::http::testing {

inline std::string gunzip(std::string_view bytes) {
  z_stream stream{};
  std::string out;
  if (inflateInit2(&stream, 15 + 16) != Z_OK) return out;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::array<char, 65536> piece;
  int status = Z_OK;
  while (status == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    status = inflate(&stream, Z_NO_FLUSH);
    out.append(piece.data(), piece.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  return status == Z_STREAM_END || status == Z_BUF_ERROR ? out : "not gzip";
}

}  // namespace behoud::http::testing
