#pragma once

// The request target: "/api/v1/retention?from=2024-01-01&grain=month" to a path and decoded parameters.
//
// Refused (kInvalidArgument, the message names what): anything that is not an absolute path, a broken percent escape,
// an escaped NUL or control character, a "." or ".." segment however it is escaped, more than 64 parameters. Cost:
// linear.

#include <string>
#include <string_view>

#include "base/result.h"
#include "http/message.h"

namespace behoud::http {

inline constexpr std::size_t kParametersMax = 64;

struct Target {
  std::string path;  // as it came, still encoded
  Parameters query;  // decoded; '+' is a space
};
Result<Target> parse_target(std::string_view target);

// "%C3%A9" -> "é". With `plus_is_space` as in a query. Errors: kInvalidArgument (broken escape, control character).
Result<std::string> percent_decode(std::string_view text, bool plus_is_space);
// "a b" -> "a%20b": everything but unreserved characters (RFC 3986, 2.3) is escaped.
std::string percent_encode(std::string_view text);

}  // namespace behoud::http
