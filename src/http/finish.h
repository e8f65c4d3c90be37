#pragma once

// What every response gets before it is sent, whatever made it: headers that keep a browser safe, an entity tag and a
// 304 where the reader has it already, gzip where it helps and is wanted. A pure function of request and response.
//
// Cost: SHA-256 of the body (1 GB/s), and zlib level 6 over bodies of 1 KiB and more of a text type. A stream of a text
// type is packed as it is pulled, at level 1; it has no tag, since nobody has seen it whole. What came with a strong
// tag is never packed: that tag is of its bytes as they are.

#include <string>
#include <string_view>

#include "base/result.h"
#include "http/message.h"

namespace behoud::http {

inline constexpr std::size_t kCompressFromBytes = 1024;

// The response as it is sent. A HEAD response keeps its body here, for its length; the writer leaves it out.
Response finish(const Request& request, Response response);

// Requires nothing; errors: kUnavailable (out of memory in zlib).
Result<std::string> gzip(std::string_view bytes);

// The tag of exactly these bytes, "\"...\"": for what is sent in ranges. finish() makes a weak one of its own.
std::string strong_tag(std::string_view body);
bool is_text_type(std::string_view content_type);

// How the reader learns where a body ends: by its length, by chunks, or by the end of the connection.
enum class Framing : std::uint8_t { kLength, kChunked, kUntilClose };
// What a response needs for a reader of HTTP/1.`minor_version`.
Framing framing_of(const Response& response, int minor_version);

// Whether an If-None-Match header holds the tag, compared weakly (RFC 9110, 13.1.2).
bool tag_matches(std::string_view list, std::string_view tag);

// The head of a response, up to and with the empty line. `date` is an HTTP date, or "".
std::string write_head(const Response& response, bool keep_alive, std::string_view date,
                       Framing framing = Framing::kLength);
// "Sun, 06 Nov 1994 08:49:37 GMT", of seconds since 1970.
std::string http_date(std::int64_t unix_seconds);

}  // namespace behoud::http
