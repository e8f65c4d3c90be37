#include "access/person.h"

#include <algorithm>

#include "base/text.h"

namespace behoud::access {
namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

}  // namespace

Result<std::string> parse_email(std::string_view text) {
  std::string email = normalise_email(text);
  const auto at = email.find('@');
  const bool good = email.size() <= kEmailBytesMax && is_utf8(email) && at != std::string::npos && at > 0 &&
                    at + 1 < email.size() && email.find('@', at + 1) == std::string::npos &&
                    std::ranges::none_of(email, [](char c) { return is_control(c) || c == ' '; });
  if (!good) {
    return fail(Errc::kInvalidArgument, "this is not an e-mail address", "as owner@example.com", {{}, 0, "email"},
                {"problem.email_unfit"});
  }
  return email;
}

Result<std::string> parse_name(std::string_view text) {
  const std::string_view trimmed = trim(text);
  if (trimmed.size() > kNameBytesMax || !is_utf8(trimmed) || std::ranges::any_of(trimmed, is_control)) {
    return fail(Errc::kInvalidArgument, "this cannot be a name", "one line of at most 200 bytes of text",
                {{}, 0, "name"}, {"problem.name_unfit"});
  }
  return std::string(trimmed);
}

Result<calendar::Instant> parse_expiry(std::string_view text) {
  if (const auto day = calendar::parse_day(text)) {
    return calendar::Instant{(std::int64_t{day->number} + 1) * calendar::kMsPerDay};
  }
  auto at = calendar::parse_instant(text);
  if (!at) {
    return fail(Errc::kInvalidArgument, "this is not a time", "as 2027-06-30 or 2027-06-30T12:00:00Z",
                {{}, 0, "expires_at"});
  }
  return at;
}

}  // namespace behoud::access
