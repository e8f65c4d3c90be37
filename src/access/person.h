#pragma once

// An e-mail address and a name as somebody typed them, made what is kept. Whether mail arrives nobody here can know:
// checked is what would do harm later. Errors: kInvalidArgument with the field's name; never the text itself. Pure.

#include <string>
#include <string_view>

#include "base/result.h"
#include "calendar/day.h"

namespace behoud::access {

inline constexpr std::size_t kEmailBytesMax = 254;  // RFC 5321, 4.5.3.1.3
inline constexpr std::size_t kNameBytesMax = 200;

// Trimmed, ASCII letters lowered; one @ with something on both sides, UTF-8 without blanks and control characters.
Result<std::string> parse_email(std::string_view text);
// Trimmed; UTF-8 without control characters; may be empty.
Result<std::string> parse_name(std::string_view text);

// When a token ends: an instant, or a day, which is then its last in UTC. Column "expires_at".
Result<calendar::Instant> parse_expiry(std::string_view text);

}  // namespace behoud::access
