#include "access/records.h"

#include "base/text.h"

namespace behoud::access {

std::string_view name(LinkPurpose purpose) {
  switch (purpose) {
    case LinkPurpose::kOwner:
      return "owner";
    case LinkPurpose::kInvite:
      return "invite";
    case LinkPurpose::kReset:
      return "reset";
  }
  return "";
}

Doer doer_of(const http::Actor& actor) {
  using Kind = Doer::Kind;
  if (actor.credential == http::Credential::kToken) {
    return {Kind::kToken, parse_integer(actor.credential_id).value_or(0)};
  }
  if (actor.credential == http::Credential::kSession) return {Kind::kUser, parse_integer(actor.user).value_or(0)};
  return {};
}

}  // namespace behoud::access
