#pragma once

// The Range of a request (RFC 9110, 14): which bytes of a body it wants. One range of bytes is served; a list of them,
// a unit that is not bytes and what is malformed are ignored, as the RFC allows, and the whole is sent.
//
// Pure; any input is fine. Cost: linear in the header.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"

namespace behoud::http {

struct ByteRange {
  std::uint64_t first = 0, last = 0;  // inclusive, first <= last < size
  std::uint64_t size() const { return last - first + 1; }
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

struct RangeWish {
  enum class Kind : std::uint8_t { kWhole, kPart, kUnsatisfiable };
  Kind kind = Kind::kWhole;
  ByteRange range;  // of kPart
  friend bool operator==(const RangeWish&, const RangeWish&) = default;
};

// Of a body of `size` bytes.
RangeWish parse_range(std::string_view header, std::uint64_t size);

// What a request wants of a representation: Range, unless an If-Range names another tag than this strong one. Only GET
// has ranges.
RangeWish range_wish(const Request& request, std::string_view strong_tag, std::uint64_t size);

// "bytes 0-99/1000"; "bytes */1000" where nothing of it can be given.
std::string content_range(const RangeWish& wish, std::uint64_t size);

// Cuts a 200 whose body is whole to what the request wants: 206, 416, or as it was. Adds Accept-Ranges.
Response apply_range(const Request& request, Response response, std::string_view strong_tag);

}  // namespace behoud::http
