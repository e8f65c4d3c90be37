#pragma once

// The tables of this room in the ledger's database (docs/formats/ledger.md), a function a statement. What belongs
// together is one transaction of the caller's. Errors: those of the database. Knows no rules but the tables' own.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/records.h"
#include "access/session_rules.h"
#include "base/result.h"
#include "ledger/room_store.h"

namespace behoud::access::store {

using calendar::Instant;
using ledger::RoomReader;
using ledger::RoomWriter;

// ---- Users. Erased ones are found by none of these.
struct UserRow {
  User user;
  std::string password;  // "": not joined
};
Result<std::optional<UserRow>> user(RoomReader& db, UserId id);
Result<std::optional<UserRow>> user_by_email(RoomReader& db, std::string_view email);
Result<std::vector<User>> users(RoomReader& db);
Result<std::int64_t> count_users(RoomReader& db);
Result<std::int64_t> count_joined_owners(RoomReader& db);
Result<UserId> add_user(RoomWriter& db, const User& user, std::string_view password);
Result<void> set_password(RoomWriter& db, UserId id, std::string_view password);
Result<void> set_user(RoomWriter& db, const User& user);  // e-mail, name, role
// Sessions, links and tokens go; the number stays, nameless.
Result<void> erase_user(RoomWriter& db, UserId id, Instant now);

// ---- Sessions, by the hash of their secret.
struct SessionRow {
  UserId user = 0;
  SessionTimes times;
  Role role = Role::kNobody;  // of the user
};
Result<std::optional<SessionRow>> session(RoomReader& db, std::string_view hash);
Result<void> add_session(RoomWriter& db, std::string_view hash, UserId user, Instant now);
Result<void> see_session(RoomWriter& db, std::string_view hash, Instant now);
Result<bool> end_session(RoomWriter& db, std::string_view hash);
Result<void> end_sessions_of(RoomWriter& db, UserId user);
Result<void> keep_newest_sessions(RoomWriter& db, UserId user, int most);

// ---- Links.
struct LinkRow {
  LinkPurpose purpose = LinkPurpose::kOwner;
  std::optional<UserId> user;
  Instant expires;
};
Result<std::optional<LinkRow>> link(RoomReader& db, std::string_view hash);
Result<void> add_link(RoomWriter& db, std::string_view hash, const LinkRow& link, Instant now);
Result<void> end_link(RoomWriter& db, std::string_view hash);
Result<void> end_links_of(RoomWriter& db, std::optional<UserId> user);

// Whether something has ended that is still there; and the end of it.
Result<bool> has_ended(RoomReader& db, Instant now);
Result<void> remove_ended(RoomWriter& db, Instant now);

// ---- Tokens.
struct TokenRow {
  Token token;
  Role role = Role::kNobody;  // what it may do now: its scope, at most its maker's role
};
Result<std::optional<TokenRow>> token_by_hash(RoomReader& db, std::string_view hash);
Result<std::optional<Token>> token(RoomReader& db, TokenId id);
Result<std::vector<Token>> tokens(RoomReader& db);  // the newest first
Result<std::int64_t> count_live_tokens(RoomReader& db, Instant now);
Result<TokenId> add_token(RoomWriter& db, std::string_view hash, const Token& token);
Result<void> revoke_token(RoomWriter& db, TokenId id, Instant now);
Result<void> use_token(RoomWriter& db, TokenId id, calendar::Day day);

// ---- Of a backup that takes the place of a ledger.
struct Ended {
  std::int64_t sessions = 0, links = 0, tokens = 0;
};
// Nothing that opened something then opens anything now: sessions and links go, tokens are revoked.
Result<Ended> end_all(RoomWriter& db, Instant now);
Result<std::vector<UserId>> erased_users(RoomReader& db);

// ---- The log of who did what.
Result<void> record(RoomWriter& db, const Deed& deed, Instant now);
// As one line with those alike (action, subject) of the same hour.
Result<void> record_alike(RoomWriter& db, const Deed& deed, Instant now);
// The newest first, those before `before`, at most `limit`.
Result<std::vector<DeedRow>> deeds(RoomReader& db, std::optional<std::int64_t> before, int limit);

}  // namespace behoud::access::store
