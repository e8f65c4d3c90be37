#include "access/credentials.h"

#include <algorithm>

#include <fmt/format.h>

#include "access/secret.h"
#include "base/text.h"

namespace behoud::access {
namespace {

constexpr std::string_view kScheme = "Bearer ";

bool is_secret(std::string_view text) {
  return text.size() == kSecretLetters && std::ranges::all_of(text, [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '_';
         });
}

Sent of_authorization(std::string_view value) {
  constexpr Sent kUnreadable{Sent::Kind::kUnreadable, {}};
  if (value.size() < kScheme.size() || !equal_ignoring_case(value.substr(0, kScheme.size()), kScheme)) {
    return kUnreadable;
  }
  const std::string_view token = value.substr(kScheme.size());
  if (!token.starts_with(kTokenPrefix) || !is_secret(token.substr(kTokenPrefix.size()))) return kUnreadable;
  return {Sent::Kind::kToken, token};
}

}  // namespace

Sent sent_by(const http::Headers& headers) {
  const std::size_t authorizations = headers.count("Authorization");
  if (authorizations > 1) return {Sent::Kind::kUnreadable, {}};
  if (authorizations == 1) return of_authorization(*headers.find("Authorization"));
  Sent sent;
  for (const auto& [name, value] : headers.all()) {
    if (!equal_ignoring_case(name, "Cookie")) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(';'), rest.size());
      const std::string_view pair = trim(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (!pair.starts_with(kCookieName) || !pair.substr(kCookieName.size()).starts_with('=')) continue;
      const std::string_view secret = pair.substr(kCookieName.size() + 1);
      const bool again = sent.kind != Sent::Kind::kNothing && sent.secret != secret;
      if (!is_secret(secret) || again) return {Sent::Kind::kUnreadable, {}};
      sent = {Sent::Kind::kSession, secret};
    }
  }
  return sent;
}

std::string set_cookie(std::string_view secret, bool secure, std::int64_t seconds) {
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Lax{}; Max-Age={}", kCookieName, secret,
                     secure ? "; Secure" : "", secret.empty() ? 0 : seconds);
}

}  // namespace behoud::access
