#pragma once

// What a request brings to say who sends it, read from its headers: the session of its cookie, the token of its
// Authorization. Nothing here knows whether they are any good.
//
// Strict, since two readers that disagree are a way in: a cookie that comes twice with different values, an
// Authorization that is repeated or is not exactly "Bearer bhd_...", count as sent and unreadable. A token is taken
// from Authorization alone, never from a cookie or from the address; a session from its cookie alone. Cost: one pass.

#include <string>
#include <string_view>

#include "http/message.h"

namespace behoud::access {

inline constexpr std::string_view kCookieName = "behoud_session";
inline constexpr std::string_view kTokenPrefix = "bhd_";

struct Sent {
  enum class Kind : std::uint8_t { kNothing, kSession, kToken, kUnreadable };
  Kind kind = Kind::kNothing;
  std::string_view secret;  // of the session or the token, with its prefix; borrowed from the headers
  friend bool operator==(const Sent&, const Sent&) = default;
};

// Authorization, where there is one, is what counts: the cookie is not looked at then.
Sent sent_by(const http::Headers& headers);

// "behoud_session=...; Path=/; HttpOnly; SameSite=Lax[; Secure]; Max-Age=...". An empty secret takes the cookie away.
std::string set_cookie(std::string_view secret, bool secure, std::int64_t seconds);

}  // namespace behoud::access
