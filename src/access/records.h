#pragma once

// What this room keeps, as plain values. E-mail and name are personal and stand in User alone.

#include <cstdint>
#include <optional>
#include <string>

#include "access/roles.h"
#include "calendar/day.h"

namespace behoud::access {

// Numbers of rows; none is ever given twice.
using UserId = std::int64_t;
using TokenId = std::int64_t;

struct User {
  UserId id = 0;
  std::string email;  // normalised
  std::string name;
  Role role = Role::kNobody;
  bool joined = false;  // has chosen a password; until then invited
  calendar::Instant created;
};

enum class LinkPurpose : std::uint8_t {
  kOwner = 1,   // makes the first owner
  kInvite = 2,  // an invited person chooses a password
  kReset = 3    // one who lost it chooses another
};
std::string_view name(LinkPurpose purpose);  // "owner", "invite", "reset"

struct Link {
  LinkPurpose purpose = LinkPurpose::kOwner;
  std::optional<UserId> user;
  std::string email;  // of that user
};

struct Token {
  TokenId id = 0;
  std::string name;
  Role scope = Role::kNobody;
  std::optional<UserId> made_by;  // nobody: by a command on the machine
  calendar::Instant created;
  std::optional<calendar::Instant> expires, revoked;
  std::optional<calendar::Day> last_used;  // in UTC
};

// Who did something.
struct Doer {
  enum class Kind : std::uint8_t { kNobody, kUser, kToken, kCommand };
  Kind kind = Kind::kNobody;
  std::int64_t id = 0;
};
Doer doer_of(const http::Actor& actor);
inline constexpr Doer kCommandLine{Doer::Kind::kCommand, 0};

// A line of the log of who did what. Holds numbers and words of ours, no personal data.
struct Deed {
  Doer by;
  std::string action;   // "sign_in", "settings_changed"
  std::string subject;  // "user", "token", "import"; ""
  std::optional<std::int64_t> subject_id;
  std::string detail;  // a JSON object, or ""
};
struct DeedRow {
  std::int64_t id = 0;
  calendar::Instant at;
  Deed deed;
  std::int64_t times = 1;  // failures alike within an hour are one line
};

}  // namespace behoud::access
