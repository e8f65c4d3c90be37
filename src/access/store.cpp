#include "access/store.h"

#include <algorithm>

#include <fmt/format.h>

namespace behoud::access::store {
namespace {

using ledger::RoomBytes;
using ledger::RoomRow;

std::optional<Instant> instant(const RoomRow& row, int column) {
  const auto ms = row.maybe(column);
  return ms ? std::optional(Instant{*ms}) : std::nullopt;
}
std::optional<std::int64_t> ms_of(const std::optional<Instant>& t) { return t ? std::optional(t->ms) : std::nullopt; }

// A number that the database holds, as one of ours; a stranger's is the lowest.
Role role_of(std::int64_t number) { return number >= 1 && number <= 3 ? static_cast<Role>(number) : Role::kNobody; }

constexpr std::string_view kUserColumns =
    "SELECT id, email, name, role, password, created_at FROM user WHERE erased_at IS NULL";

UserRow user_row(const RoomRow& row) {
  UserRow out{{row.integer(0), row.text(1), row.text(2), role_of(row.integer(3)), !row.null(4), {row.integer(5)}},
              row.text(4)};
  return out;
}

Result<std::optional<UserRow>> one_user(RoomReader& db, std::string_view where, ledger::RoomValues values) {
  std::optional<UserRow> found;
  TRY(db.each(fmt::format("{} AND {}", kUserColumns, where), values, [&](const RoomRow& row) -> Result<void> {
    found = user_row(row);
    return {};
  }));
  return found;
}

constexpr std::string_view kTokenColumns =
    "SELECT t.id, t.name, t.scope, t.user, t.created_at, t.expires_at, t.revoked_at, t.last_used_day";

Token token_row(const RoomRow& row) {
  Token t{row.integer(0),   row.text(1),     role_of(row.integer(2)), row.maybe(3),
          {row.integer(4)}, instant(row, 5), instant(row, 6),         {}};
  if (const auto day = row.maybe(7)) t.last_used = calendar::Day{static_cast<std::int32_t>(*day)};
  return t;
}

}  // namespace

Result<std::optional<UserRow>> user(RoomReader& db, UserId id) { return one_user(db, "id = ?1", {id}); }
Result<std::optional<UserRow>> user_by_email(RoomReader& db, std::string_view email) {
  return one_user(db, "email = ?1", {email});
}

Result<std::vector<User>> users(RoomReader& db) {
  std::vector<User> out;
  TRY(db.each(fmt::format("{} ORDER BY id", kUserColumns), {}, [&](const RoomRow& row) -> Result<void> {
    out.push_back(user_row(row).user);
    return {};
  }));
  return out;
}

Result<std::int64_t> count_users(RoomReader& db) {
  TRY_ASSIGN(const auto n, db.integer("SELECT count(*) FROM user WHERE erased_at IS NULL"));
  return n.value_or(0);
}
Result<std::int64_t> count_joined_owners(RoomReader& db) {
  TRY_ASSIGN(const auto n, db.integer("SELECT count(*) FROM user WHERE erased_at IS NULL AND password IS NOT NULL AND "
                                      "role = ?1",
                                      {static_cast<int>(Role::kOwner)}));
  return n.value_or(0);
}

Result<UserId> add_user(RoomWriter& db, const User& user, std::string_view password) {
  const auto kept = password.empty() ? std::nullopt : std::optional(password);
  TRY(db.run("INSERT INTO user(email, name, role, password, created_at) VALUES(?1, ?2, ?3, ?4, ?5)",
             {user.email, user.name, static_cast<int>(user.role), kept, user.created.ms}));
  return db.inserted_id();
}

Result<void> set_password(RoomWriter& db, UserId id, std::string_view password) {
  return db.run("UPDATE user SET password = ?2 WHERE id = ?1", {id, password});
}

Result<void> set_user(RoomWriter& db, const User& user) {
  return db.run("UPDATE user SET email = ?2, name = ?3, role = ?4 WHERE id = ?1",
                {user.id, user.email, user.name, static_cast<int>(user.role)});
}

Result<void> erase_user(RoomWriter& db, UserId id, Instant now) {
  TRY(end_sessions_of(db, id));
  TRY(end_links_of(db, id));
  TRY(db.run("UPDATE token SET revoked_at = ?2 WHERE user = ?1 AND revoked_at IS NULL", {id, now.ms}));
  return db.run("UPDATE user SET email = NULL, name = NULL, password = NULL, erased_at = ?2 WHERE id = ?1",
                {id, now.ms});
}

Result<std::optional<SessionRow>> session(RoomReader& db, std::string_view hash) {
  std::optional<SessionRow> found;
  TRY(
      db.each("SELECT s.user, s.created_at, s.seen_at, u.role FROM session s JOIN user u ON u.id = s.user "
              "WHERE s.hash = ?1 AND u.erased_at IS NULL",
              {RoomBytes{hash}}, [&](const RoomRow& row) -> Result<void> {
                found = SessionRow{row.integer(0), {{row.integer(1)}, {row.integer(2)}}, role_of(row.integer(3))};
                return {};
              }));
  return found;
}

Result<void> add_session(RoomWriter& db, std::string_view hash, UserId user, Instant now) {
  return db.run("INSERT INTO session VALUES(?1, ?2, ?3, ?3)", {RoomBytes{hash}, user, now.ms});
}
Result<void> see_session(RoomWriter& db, std::string_view hash, Instant now) {
  return db.run("UPDATE session SET seen_at = ?2 WHERE hash = ?1 AND seen_at < ?2", {RoomBytes{hash}, now.ms});
}
Result<bool> end_session(RoomWriter& db, std::string_view hash) {
  TRY_ASSIGN(const auto gone, db.change("DELETE FROM session WHERE hash = ?1", {RoomBytes{hash}}));
  return gone > 0;
}
Result<void> end_sessions_of(RoomWriter& db, UserId user) {
  return db.run("DELETE FROM session WHERE user = ?1", {user});
}
Result<void> keep_newest_sessions(RoomWriter& db, UserId user, int most) {
  return db.run(
      "DELETE FROM session WHERE user = ?1 AND hash NOT IN "
      "(SELECT hash FROM session WHERE user = ?1 ORDER BY created_at DESC, hash LIMIT ?2)",
      {user, most});
}

Result<std::optional<LinkRow>> link(RoomReader& db, std::string_view hash) {
  std::optional<LinkRow> found;
  TRY(db.each("SELECT purpose, user, expires_at FROM link WHERE hash = ?1", {RoomBytes{hash}},
              [&](const RoomRow& row) -> Result<void> {
                const std::int64_t purpose = row.integer(0);
                if (purpose < 1 || purpose > 3) return {};
                found = LinkRow{static_cast<LinkPurpose>(purpose), row.maybe(1), {row.integer(2)}};
                return {};
              }));
  return found;
}
Result<void> add_link(RoomWriter& db, std::string_view hash, const LinkRow& link, Instant now) {
  return db.run("INSERT INTO link VALUES(?1, ?2, ?3, ?4, ?5)",
                {RoomBytes{hash}, static_cast<int>(link.purpose), link.user, now.ms, link.expires.ms});
}
Result<void> end_link(RoomWriter& db, std::string_view hash) {
  return db.run("DELETE FROM link WHERE hash = ?1", {RoomBytes{hash}});
}
Result<void> end_links_of(RoomWriter& db, std::optional<UserId> user) {
  return db.run("DELETE FROM link WHERE user IS ?1", {user});
}

namespace {

constexpr std::string_view kSessionEnded = "FROM session WHERE created_at <= ?1 OR seen_at <= ?2";
constexpr std::string_view kLinkEnded = "FROM link WHERE expires_at <= ?1";

}  // namespace

Result<bool> has_ended(RoomReader& db, Instant now) {
  TRY_ASSIGN(const auto sessions, db.integer(fmt::format("SELECT count(*) {}", kSessionEnded),
                                             {now.ms - kSessionMs, now.ms - kSessionIdleMs}));
  TRY_ASSIGN(const auto links, db.integer(fmt::format("SELECT count(*) {}", kLinkEnded), {now.ms}));
  return sessions.value_or(0) + links.value_or(0) > 0;
}
Result<void> remove_ended(RoomWriter& db, Instant now) {
  TRY(db.run(fmt::format("DELETE {}", kSessionEnded), {now.ms - kSessionMs, now.ms - kSessionIdleMs}));
  return db.run(fmt::format("DELETE {}", kLinkEnded), {now.ms});
}

Result<std::optional<TokenRow>> token_by_hash(RoomReader& db, std::string_view hash) {
  std::optional<TokenRow> found;
  // A token of a user who is gone was revoked with them; this holds also where it was not.
  TRY(db.each(fmt::format("{}, u.role FROM token t LEFT JOIN user u ON u.id = t.user AND u.erased_at IS NULL "
                          "WHERE t.hash = ?1 AND (t.user IS NULL OR u.id IS NOT NULL)",
                          kTokenColumns),
              {RoomBytes{hash}}, [&](const RoomRow& row) -> Result<void> {
                found = TokenRow{token_row(row), Role::kNobody};
                found->role = row.null(8) ? found->token.scope : std::min(found->token.scope, role_of(row.integer(8)));
                return {};
              }));
  return found;
}
Result<std::optional<Token>> token(RoomReader& db, TokenId id) {
  std::optional<Token> found;
  TRY(db.each(fmt::format("{} FROM token t WHERE t.id = ?1", kTokenColumns), {id},
              [&](const RoomRow& row) -> Result<void> {
                found = token_row(row);
                return {};
              }));
  return found;
}
Result<std::vector<Token>> tokens(RoomReader& db) {
  std::vector<Token> out;
  TRY(db.each(fmt::format("{} FROM token t ORDER BY t.id DESC LIMIT 100000", kTokenColumns), {},
              [&](const RoomRow& row) -> Result<void> {
                out.push_back(token_row(row));
                return {};
              }));
  return out;
}
Result<std::int64_t> count_live_tokens(RoomReader& db, Instant now) {
  TRY_ASSIGN(const auto n, db.integer("SELECT count(*) FROM token WHERE revoked_at IS NULL AND "
                                      "(expires_at IS NULL OR expires_at > ?1)",
                                      {now.ms}));
  return n.value_or(0);
}
Result<TokenId> add_token(RoomWriter& db, std::string_view hash, const Token& token) {
  TRY(db.run("INSERT INTO token(hash, name, scope, user, created_at, expires_at) VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
             {RoomBytes{hash}, token.name, static_cast<int>(token.scope), token.made_by, token.created.ms,
              ms_of(token.expires)}));
  return db.inserted_id();
}
Result<void> revoke_token(RoomWriter& db, TokenId id, Instant now) {
  return db.run("UPDATE token SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL", {id, now.ms});
}
Result<void> use_token(RoomWriter& db, TokenId id, calendar::Day day) {
  return db.run("UPDATE token SET last_used_day = ?2 WHERE id = ?1 AND coalesce(last_used_day, -1) < ?2",
                {id, day.number});
}

Result<Ended> end_all(RoomWriter& db, Instant now) {
  Ended out;
  TRY_ASSIGN(out.sessions, db.change("DELETE FROM session"));
  TRY_ASSIGN(out.links, db.change("DELETE FROM link"));
  TRY_ASSIGN(out.tokens, db.change("UPDATE token SET revoked_at = ?1 WHERE revoked_at IS NULL AND "
                                   "(expires_at IS NULL OR expires_at > ?1)",
                                   {now.ms}));
  return out;
}
Result<std::vector<UserId>> erased_users(RoomReader& db) {
  std::vector<UserId> out;
  TRY(db.each("SELECT id FROM user WHERE erased_at IS NOT NULL ORDER BY id", {},
              [&](const RoomRow& row) -> Result<void> {
                out.push_back(row.integer(0));
                return {};
              }));
  return out;
}

namespace {

ledger::RoomValue text_or_null(const std::string& text) {
  return text.empty() ? ledger::RoomValue(std::nullopt) : ledger::RoomValue(text);
}
std::optional<std::int64_t> id_of(const Doer& by) { return by.id == 0 ? std::nullopt : std::optional(by.id); }

}  // namespace

Result<void> record(RoomWriter& db, const Deed& deed, Instant now) {
  return db.run(
      "INSERT INTO audit(at, actor, actor_id, action, subject, subject_id, detail) "
      "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
      {now.ms, static_cast<int>(deed.by.kind), id_of(deed.by), deed.action, text_or_null(deed.subject), deed.subject_id,
       text_or_null(deed.detail)});
}

Result<void> record_alike(RoomWriter& db, const Deed& deed, Instant now) {
  // Among the newest lines only: what lies further back is of another hour, or there was much else in this one.
  TRY_ASSIGN(const auto line,
             db.integer("SELECT max(id) FROM (SELECT * FROM audit ORDER BY id DESC LIMIT 200) WHERE action = ?1 AND "
                        "subject IS ?2 AND subject_id IS ?3 AND at > ?4",
                        {deed.action, text_or_null(deed.subject), deed.subject_id, now.ms - kHourMs}));
  if (!line) return record(db, deed, now);
  return db.run("UPDATE audit SET times = times + 1 WHERE id = ?1", {*line});
}

Result<std::vector<DeedRow>> deeds(RoomReader& db, std::optional<std::int64_t> before, int limit) {
  std::vector<DeedRow> out;
  TRY(db.each(
      "SELECT id, at, actor, actor_id, action, subject, subject_id, detail, times FROM audit "
      "WHERE ?1 IS NULL OR id < ?1 ORDER BY id DESC LIMIT ?2",
      {before, limit}, [&](const RoomRow& row) -> Result<void> {
        const std::int64_t kind = row.integer(2);
        const Doer by{kind >= 0 && kind <= 3 ? static_cast<Doer::Kind>(kind) : Doer::Kind::kNobody, row.integer(3)};
        out.push_back({row.integer(0),
                       {row.integer(1)},
                       {by, row.text(4), row.text(5), row.maybe(6), row.text(7)},
                       row.integer(8)});
        return {};
      }));
  return out;
}

}  // namespace behoud::access::store
