#pragma once

// The room: who may come in, and as what. Over the ledger's database (store.h), which outlives it.
//
//   Access access(ledger, {now, steady_ms, entropy});
//   TRY_ASSIGN(auto link, access.make_owner_link());     // the first start: printed once
//   access.claim(link, {"owner@example.com", "Owner", password}, ...);   -> a session
//   access.caller(sent_by(request.headers))              -> who asks, by session or token
//
// Secrets (of sessions, links, tokens) are given out once and kept as hashes; sessions and links are those of one
// generation of the ledger, so that a restored or copied folder has none that still opens. Each change and its line in
// the log are one transaction: on disk when the call has returned. Everybody who has a right now is known from the
// database, by a cache that any change through this ledger empties: what was revoked opens nothing from then on.
//
// Errors: a Refusal with the code of API clients; kUnavailable and kCorrupt of the database. Costs: caller() some
// 100 ns for who asked lately; sign_in(), claim() and change_password() 100 ms (Argon2), blocking, and one transaction.
// Thread-safety: any thread.

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "access/credentials.h"
#include "access/password.h"
#include "access/rate_limiter.h"
#include "access/records.h"
#include "access/refusal.h"
#include "access/session_rules.h"
#include "http/stream.h"
#include "ledger/room_store.h"

namespace behoud::access {

inline constexpr int kUsersMax = 1000, kTokensMax = 1000, kSessionsOfUserMax = 50;
inline constexpr int kTokenDaysDefault = 365, kTokenDaysMax = 3660;

struct AccessEnvironment {
  std::function<calendar::Instant()> now;
  std::function<std::int64_t()> steady_ms;  // for waits: a clock that is never put back
  Chance entropy;
  PasswordCost password = {};
  std::chrono::milliseconds patience = std::chrono::seconds{5};  // behind other writes (ledger/room_store.h)
};

// Where an attempt comes from, for the limit of guesses; never kept.
using ClientAddress = std::string_view;

class Access {
 public:
  Access(ledger::Ledger& ledger, AccessEnvironment environment);
  Access(const Access&) = delete;
  Access& operator=(const Access&) = delete;

  // ---- Who asks. Nobody: nothing was sent, or it is no good.
  struct Caller {
    http::Actor actor;
    calendar::Instant ends{};
  };
  Result<std::optional<Caller>> caller(const Sent& sent);
  // What a page of the session must send along with each change.
  static std::string csrf_of(std::string_view session);

  // ---- Coming in and going out.
  struct SignedIn {
    User user;
    std::string session;  // the cookie's secret
    calendar::Instant ends{};
  };
  // `previous` is the session that the browser sent along, if any: it ends, whoever made it. Errors: wrong_password
  // (401; also where there is no such user), too_many_attempts (429).
  Answer<SignedIn> sign_in(std::string_view email, std::string_view password, ClientAddress client,
                           const Sent& previous);
  Answer<void> sign_out(const Sent& session);
  // Ends every session of the user and begins one. Errors: as sign_in, and those of check_password.
  Answer<SignedIn> change_password(UserId user, std::string_view current, std::string_view password,
                                   ClientAddress client);
  Answer<User> user(UserId id);  // not_found

  // ---- Links: each opens once, within 24 hours. Errors: link_not_valid (404: used, too old, or never was).
  struct Claim {
    std::string_view email, name;  // of the first owner; an invited person may choose another name
    std::string_view password;
  };
  Answer<Link> look_at_link(std::string_view secret, ClientAddress client);
  Answer<SignedIn> claim(std::string_view secret, const Claim& claim, ClientAddress client, const Sent& previous);
  // For the first owner. Earlier ones open no more. Errors: already_owned (409).
  Answer<std::string> make_owner_link(Doer by);
  // For one who was invited, or who lost the password. Errors: not_found.
  Answer<std::string> make_link(Doer by, UserId id);
  Answer<std::string> make_link_for(Doer by, std::string_view email);

  // ---- Users.
  Answer<std::vector<User>> users();
  Result<bool> has_users();
  struct Invited {
    User user;
    std::string link;
  };
  // Errors: email_taken (409), too_many_users (409), kInvalidArgument with the field.
  Answer<Invited> invite(Doer by, std::string_view email, std::string_view name, Role role);
  struct UserChange {
    std::optional<std::string> email, name;
    std::optional<Role> role;
  };
  // Errors: not_found, last_owner (409: nobody would be left who may change this), email_taken.
  Answer<User> change_user(Doer by, UserId id, const UserChange& change);
  Answer<void> remove_user(Doer by, UserId id);
  Answer<UserId> find_user(std::string_view email);

  // ---- Tokens.
  struct NewToken {
    Token token;
    std::string secret;  // "bhd_...", shown once
  };
  // Without `expires`: a year from now. Errors: kInvalidArgument with the field, too_many_tokens (409).
  Answer<NewToken> make_token(Doer by, std::string_view name, Role scope, std::optional<calendar::Instant> expires);
  Answer<std::vector<Token>> tokens();
  Answer<void> revoke_token(Doer by, TokenId id);  // not_found; of one revoked already: nothing

  // ---- The log.
  // What another room did for somebody: settings changed, an import done or undone.
  Result<void> record(const Deed& deed);
  // The same inside that room's own transaction.
  Result<void> record_along(ledger::RoomWriter& db, const Deed& deed) const;
  // The newest first, those before line `before`.
  Answer<std::vector<DeedRow>> deeds(std::optional<std::int64_t> before, int limit);

  // Writes down when sessions and tokens were used, and removes what has ended. To be called every minute or so; costs
  // no write where there is nothing to do. Wakes who watches: time ends sessions too.
  Result<void> upkeep();

  // Calls `wake` once, as soon as somebody may have lost a right: a session, a user, a role or a token was changed
  // here, or upkeep() is run. One of a watcher at a time: the newest. What another Access of the same ledger has
  // changed is told by tell_watchers().
  void watch(const void* watcher, const http::Wake& wake);
  void unwatch(const void* watcher);
  void tell_watchers();

 private:
  struct Known {
    std::uint64_t version = 0;
    Caller caller;
    std::string hash;  // of the session
    SessionTimes times{};
    TokenId token = 0;
    std::optional<calendar::Instant> expires;
    std::optional<calendar::Day> last_used;
  };

  calendar::Instant now() const { return environment_.now(); }
  std::string session_hash(std::string_view secret) const;
  std::string link_hash(std::string_view secret) const;
  Answer<void> write(const std::function<Answer<void>(ledger::RoomWriter&)>& work);
  Answer<void> read(const std::function<Answer<void>(ledger::RoomReader&)>& work) const;
  Result<std::optional<Known>> look_up(const Sent& sent);
  std::optional<Caller> judge(Known& known, const Sent& sent);
  // Counts an attempt, or says how long to wait. `account` may be empty.
  Answer<void> admit(ClientAddress client, std::string_view account);
  void admitted(ClientAddress client, std::string_view account);
  Answer<SignedIn> begin_session(ledger::RoomWriter& db, const User& user, const Sent& previous);

  ledger::Ledger& ledger_;
  AccessEnvironment environment_;
  ledger::RoomStore store_;
  std::string generation_;
  PasswordHasher hasher_;
  std::mutex chance_mutex_;
  Chance chance_;  // entropy, one thread at a time

  std::mutex limit_mutex_;
  RateLimiter by_address_, by_account_;

  std::mutex known_mutex_;
  std::unordered_map<std::string, Known> known_;   // by what was sent
  std::map<std::string, calendar::Instant> seen_;  // sessions by hash, not yet written down
  std::map<TokenId, calendar::Day> used_;

  std::mutex watch_mutex_;
  std::map<const void*, http::Wake> watchers_;
};

// What guesses are counted by: an IPv4 address, or the first 64 bits of an IPv6 one, which one household has.
std::string limit_key(ClientAddress address);

}  // namespace behoud::access
