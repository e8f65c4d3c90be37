#include "access/access.h"

#include <algorithm>
#include <cstring>

#include <arpa/inet.h>
#include <fmt/format.h>

#include "access/person.h"
#include "access/store.h"
#include "base/json_writer.h"
#include "base/text.h"

namespace behoud::access {
namespace {

using calendar::Instant;
using ledger::RoomReader;
using ledger::RoomWriter;

constexpr std::size_t kKnownMax = 4096;

// An office behind one address makes more mistakes than a person.
constexpr RateRule kAddressRule{20, std::chrono::seconds{1}, std::chrono::minutes{15}, std::chrono::hours{24}};
// The longest wait is short: a stranger who guesses must not lock the owner out for longer.
constexpr RateRule kAccountRule{5, std::chrono::seconds{1}, std::chrono::minutes{1}, std::chrono::hours{24}};

Refusal wrong_password() {
  return {Errc::kInvalidArgument,    "wrong_password", 401, "the e-mail address or the password is not right", {}, {},
          {"problem.wrong_password"}};
}
Refusal link_not_valid() {
  return {Errc::kNotFound,
          "link_not_valid",
          404,
          "this link does not open anything",
          "a link opens once and within 24 hours; ask for another one, or run: behoud access link",
          {},
          {"problem.link_not_valid"}};
}
Refusal no_such_user() {
  return {Errc::kNotFound, "not_found", 404, "there is no such user", "", "id", {"problem.user_gone"}};
}
Refusal no_such_token() {
  return {Errc::kNotFound, "not_found", 404, "there is no such token", "", "id", {"problem.token_gone"}};
}
Refusal email_taken() {
  return {Errc::kConflict, "email_taken",          409, "somebody with this e-mail address is here already", "",
          "email",         {"problem.email_taken"}};
}
Refusal last_owner() {
  return {Errc::kConflict,       "last_owner", 409, "this is the last owner", "make somebody else an owner first", {},
          {"problem.last_owner"}};
}

Deed deed(Doer by, std::string_view action, std::string_view subject = {}, std::optional<std::int64_t> id = {},
          std::string detail = {}) {
  return {by, std::string(action), std::string(subject), id, std::move(detail)};
}
std::string detail_of(std::string_view name, std::string_view value) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().field(name, value).end_object();
  return out;
}

}  // namespace

std::string limit_key(ClientAddress address) {
  in6_addr six{};
  const std::string text(address.substr(0, address.find('%')));
  if (inet_pton(AF_INET6, text.c_str(), &six) != 1) return "4" + text;
  if (IN6_IS_ADDR_V4MAPPED(&six)) {
    char four[INET_ADDRSTRLEN] = {};
    inet_ntop(AF_INET, &six.s6_addr[12], four, sizeof four);
    return std::string("4") + four;
  }
  return "6" + std::string(reinterpret_cast<const char*>(six.s6_addr), 8);
}

Access::Access(ledger::Ledger& ledger, AccessEnvironment environment)
    : ledger_(ledger),
      environment_(std::move(environment)),
      store_(ledger, environment_.patience),
      generation_(ledger::to_string(ledger.generation())),
      hasher_(environment_.password, environment_.entropy),
      chance_([this] {
        const std::lock_guard lock(chance_mutex_);
        return environment_.entropy();
      }),
      by_address_(kAddressRule, HashKey{environment_.entropy(), environment_.entropy()}),
      by_account_(kAccountRule, HashKey{environment_.entropy(), environment_.entropy()}) {}

std::string Access::session_hash(std::string_view secret) const { return hash_of("session:" + generation_, secret); }
std::string Access::link_hash(std::string_view secret) const { return hash_of("link:" + generation_, secret); }
std::string Access::csrf_of(std::string_view session) { return base64url(hash_of("csrf", session)); }

Answer<void> Access::write(const std::function<Answer<void>(RoomWriter&)>& work) {
  std::optional<Refusal> refused;
  const auto done = store_.write([&](RoomWriter& db) -> Result<void> {
    auto answer = work(db);
    if (answer) return {};
    refused = std::move(answer).error();
    return std::unexpected(refused->error);
  });
  if (refused) return refuse(*refused);
  if (!done) return refuse(done.error());
  tell_watchers();
  return {};
}

void Access::watch(const void* watcher, const http::Wake& wake) {
  const std::lock_guard lock(watch_mutex_);
  watchers_[watcher] = wake;
}
void Access::unwatch(const void* watcher) {
  const std::lock_guard lock(watch_mutex_);
  watchers_.erase(watcher);
}
void Access::tell_watchers() {
  std::map<const void*, http::Wake> told;
  {
    const std::lock_guard lock(watch_mutex_);
    told.swap(watchers_);
  }
  for (const auto& [watcher, wake] : told) wake();
}

Answer<void> Access::read(const std::function<Answer<void>(RoomReader&)>& work) const {
  std::optional<Refusal> refused;
  const auto done = store_.read([&](RoomReader& db) -> Result<void> {
    auto answer = work(db);
    if (answer) return {};
    refused = std::move(answer).error();
    return std::unexpected(refused->error);
  });
  if (refused) return refuse(*refused);
  if (!done) return refuse(done.error());
  return {};
}

// ---- Who asks

Result<std::optional<Access::Known>> Access::look_up(const Sent& sent) {
  std::optional<Known> found;
  const std::uint64_t version = store_.version();
  TRY(store_.read([&](RoomReader& db) -> Result<void> {
    if (sent.kind == Sent::Kind::kSession) {
      const std::string hash = session_hash(sent.secret);
      TRY_ASSIGN(const auto row, store::session(db, hash));
      if (!row) return {};
      found.emplace();
      found->caller.actor = {std::to_string(row->user), row->role, http::Credential::kSession,
                             hexadecimal(std::string_view(hash).substr(0, 8))};
      found->caller.ends = end_of(row->times);
      found->hash = hash;
      found->times = row->times;
      return {};
    }
    TRY_ASSIGN(const auto row, store::token_by_hash(db, hash_of("token", sent.secret)));
    if (!row || row->token.revoked) return {};
    found.emplace();
    const Token& token = row->token;
    found->caller.actor = {token.made_by ? std::to_string(*token.made_by) : "", row->role, http::Credential::kToken,
                           std::to_string(token.id)};
    found->caller.ends = token.expires.value_or(Instant{});
    found->token = token.id;
    found->expires = token.expires;
    found->last_used = token.last_used;
    return {};
  }));
  if (found) found->version = version;
  return found;
}

// Whether it still holds now; notes that it was used.
std::optional<Access::Caller> Access::judge(Known& known, const Sent& sent) {
  const Instant at = now();
  if (known.caller.actor.role == Role::kNobody) return std::nullopt;
  if (sent.kind == Sent::Kind::kSession) {
    if (!is_live(known.times, at)) return std::nullopt;
    if (is_seen_anew(known.times, at)) {
      known.times.seen = at;
      seen_[known.hash] = at;
    }
    return known.caller;
  }
  if (known.expires && *known.expires <= at) return std::nullopt;
  const calendar::Day today{static_cast<std::int32_t>(at.ms / calendar::kMsPerDay)};
  if (!known.last_used || *known.last_used < today) {
    known.last_used = today;
    used_[known.token] = today;
  }
  return known.caller;
}

Result<std::optional<Access::Caller>> Access::caller(const Sent& sent) {
  if (sent.kind != Sent::Kind::kSession && sent.kind != Sent::Kind::kToken) return std::nullopt;
  const std::string key(sent.secret);
  {
    const std::lock_guard lock(known_mutex_);
    const auto it = known_.find(key);
    if (it != known_.end() && it->second.version == store_.version()) return judge(it->second, sent);
  }
  TRY_ASSIGN(auto found, look_up(sent));
  const std::lock_guard lock(known_mutex_);
  if (!found) {
    // Strangers' guesses are not remembered: they would push out who is known.
    known_.erase(key);
    return std::nullopt;
  }
  // Used since, and not written down yet.
  if (const auto it = seen_.find(found->hash); it != seen_.end()) {
    found->times.seen = std::max(found->times.seen, it->second);
  }
  if (known_.size() >= kKnownMax) known_.clear();
  return judge(known_[key] = std::move(*found), sent);
}

Result<void> Access::upkeep() {
  tell_watchers();
  std::map<std::string, Instant> seen;
  std::map<TokenId, calendar::Day> used;
  {
    const std::lock_guard lock(known_mutex_);
    seen.swap(seen_);
    used.swap(used_);
  }
  const Instant at = now();
  bool ended = false;
  TRY(store_.read([&](RoomReader& db) -> Result<void> {
    TRY_ASSIGN(ended, store::has_ended(db, at));
    return {};
  }));
  if (!ended && seen.empty() && used.empty()) return {};
  auto written = store_.write([&](RoomWriter& db) -> Result<void> {
    for (const auto& [hash, when] : seen) TRY(store::see_session(db, hash, when));
    for (const auto& [id, day] : used) TRY(store::use_token(db, id, day));
    return store::remove_ended(db, at);
  });
  if (!written) {
    // For the next time; what was noted meanwhile is newer.
    const std::lock_guard lock(known_mutex_);
    seen_.merge(seen);
    used_.merge(used);
  }
  return written;
}

// ---- The limit of guesses

Answer<void> Access::admit(ClientAddress client, std::string_view account) {
  const std::string address = limit_key(client);
  const std::int64_t at = environment_.steady_ms();
  const std::lock_guard lock(limit_mutex_);
  auto wait = by_address_.wait(address, at);
  if (!account.empty()) wait = std::max(wait, by_account_.wait(account, at));
  if (wait.count() > 0) {
    Refusal refusal{Errc::kUnavailable, "too_many_attempts", 429, "too many attempts went wrong",
                    "wait a little, then try again"};
    refusal.retry_after = std::chrono::ceil<std::chrono::seconds>(wait);
    return refuse(refusal);
  }
  by_address_.attempt(address, at);
  if (!account.empty()) by_account_.attempt(account, at);
  return {};
}

void Access::admitted(ClientAddress client, std::string_view account) {
  const std::lock_guard lock(limit_mutex_);
  by_address_.take_back(limit_key(client));
  if (!account.empty()) by_account_.forget(account);
}

// ---- Coming in and going out

Answer<Access::SignedIn> Access::begin_session(RoomWriter& db, const User& user, const Sent& previous) {
  // The browser gets a secret that did not exist before: what somebody planted in it beforehand opens nothing.
  if (previous.kind == Sent::Kind::kSession) ASK(store::end_session(db, session_hash(previous.secret)));
  SignedIn in{user, new_secret(chance_), {}};
  const Instant at = now();
  in.ends = end_of({at, at});
  ASK(store::add_session(db, session_hash(in.session), user.id, at));
  ASK(store::keep_newest_sessions(db, user.id, kSessionsOfUserMax));
  return in;
}

Answer<Access::SignedIn> Access::sign_in(std::string_view email, std::string_view password, ClientAddress client,
                                         const Sent& previous) {
  if (email.size() > kEmailBytesMax || password.size() > kPasswordBytesMax) return refuse(wrong_password());
  const std::string account = normalise_email(email);
  ASK(admit(client, account));
  std::optional<store::UserRow> row;
  ASK(read([&](RoomReader& db) -> Answer<void> {
    ASK_ASSIGN(row, store::user_by_email(db, account));
    return {};
  }));
  ASK_ASSIGN(const bool right, hasher_.verify(row ? row->password : "", password));
  if (!right) {
    const auto who = row ? std::optional(row->user.id) : std::nullopt;
    ASK(write([&](RoomWriter& db) -> Answer<void> {
      ASK(store::record_alike(db, deed({}, "sign_in_failed", row ? "user" : "", who), now()));
      return {};
    }));
    return refuse(wrong_password());
  }
  std::string anew;
  if (hasher_.is_outdated(row->password)) {
    ASK_ASSIGN(anew, hasher_.hash(password, chance_));
  }
  SignedIn in;
  ASK(write([&](RoomWriter& db) -> Answer<void> {
    // The password may have been changed while it was being checked.
    ASK_ASSIGN(const auto still, store::user(db, row->user.id));
    if (!still || still->password != row->password) return refuse(wrong_password());
    if (!anew.empty()) ASK(store::set_password(db, row->user.id, anew));
    ASK_ASSIGN(in, begin_session(db, still->user, previous));
    ASK(store::record(db, deed({Doer::Kind::kUser, in.user.id}, "sign_in"), now()));
    return {};
  }));
  admitted(client, account);
  return in;
}

Answer<void> Access::sign_out(const Sent& session) {
  if (session.kind != Sent::Kind::kSession) return {};
  const std::string hash = session_hash(session.secret);
  return write([&](RoomWriter& db) -> Answer<void> {
    ASK_ASSIGN(const auto row, store::session(db, hash));
    if (!row) return {};
    ASK(store::end_session(db, hash));
    ASK(store::record(db, deed({Doer::Kind::kUser, row->user}, "sign_out"), now()));
    return {};
  });
}

Answer<Access::SignedIn> Access::change_password(UserId user, std::string_view current, std::string_view password,
                                                 ClientAddress client) {
  std::optional<store::UserRow> row;
  ASK(read([&](RoomReader& db) -> Answer<void> {
    ASK_ASSIGN(row, store::user(db, user));
    return {};
  }));
  if (!row) return refuse(no_such_user());
  if (current.size() > kPasswordBytesMax) return refuse(wrong_password());
  ASK(check_password(password, row->user.email));
  ASK(admit(client, row->user.email));
  ASK_ASSIGN(const bool right, hasher_.verify(row->password, current));
  if (!right) {
    ASK(write([&](RoomWriter& db) -> Answer<void> {
      ASK(store::record_alike(db, deed({}, "sign_in_failed", "user", user), now()));
      return {};
    }));
    return refuse(wrong_password());
  }
  ASK_ASSIGN(const std::string kept, hasher_.hash(password, chance_));
  SignedIn in;
  ASK(write([&](RoomWriter& db) -> Answer<void> {
    ASK_ASSIGN(const auto still, store::user(db, user));
    if (!still || still->password != row->password) return refuse(wrong_password());
    ASK(store::set_password(db, user, kept));
    ASK(store::end_sessions_of(db, user));
    ASK(store::end_links_of(db, user));
    ASK_ASSIGN(in, begin_session(db, still->user, {}));
    ASK(store::record(db, deed({Doer::Kind::kUser, user}, "password_changed", "user", user), now()));
    return {};
  }));
  admitted(client, row->user.email);
  return in;
}

Answer<User> Access::user(UserId id) {
  std::optional<store::UserRow> row;
  ASK(read([&](RoomReader& db) -> Answer<void> {
    ASK_ASSIGN(row, store::user(db, id));
    return {};
  }));
  if (!row) return refuse(no_such_user());
  return row->user;
}

// ---- Links

namespace {

// A link that opens now, with the person it is for.
struct Open {
  store::LinkRow link;
  std::optional<User> user;
};
Result<std::optional<Open>> open_link(RoomReader& db, const std::string& hash, Instant now) {
  TRY_ASSIGN(const auto row, store::link(db, hash));
  if (!row || row->expires <= now) return std::nullopt;
  Open open{*row, {}};
  if (row->purpose == LinkPurpose::kOwner) return open;
  TRY_ASSIGN(const auto user, store::user(db, row->user.value_or(0)));
  if (!user) return std::nullopt;
  open.user = user->user;
  return open;
}

}  // namespace

Answer<Link> Access::look_at_link(std::string_view secret, ClientAddress client) {
  ASK(admit(client, {}));
  const std::string hash = link_hash(secret);
  std::optional<Open> open;
  ASK(read([&](RoomReader& db) -> Answer<void> {
    ASK_ASSIGN(open, open_link(db, hash, now()));
    return {};
  }));
  if (!open) return refuse(link_not_valid());
  admitted(client, {});
  return Link{open->link.purpose, open->link.user, open->user ? open->user->email : ""};
}

Answer<Access::SignedIn> Access::claim(std::string_view secret, const Claim& claim, ClientAddress client,
                                       const Sent& previous) {
  ASK_ASSIGN(const Link link, look_at_link(secret, client));
  const bool first = link.purpose == LinkPurpose::kOwner;
  std::string email = link.email, chosen_name;
  if (first) {
    ASK_ASSIGN(email, parse_email(claim.email));
  }
  ASK_ASSIGN(chosen_name, parse_name(claim.name));
  ASK(check_password(claim.password, email));
  ASK_ASSIGN(const std::string kept, hasher_.hash(claim.password, chance_));
  const std::string hash = link_hash(secret);
  SignedIn in;
  // One transaction takes the link and gives what it is for: of two who come with it at once, one finds it gone; a
  // process that is killed leaves both or neither.
  ASK(write([&](RoomWriter& db) -> Answer<void> {
    const Instant at = now();
    ASK_ASSIGN(auto open, open_link(db, hash, at));
    if (!open || open->link.purpose != link.purpose || open->link.user != link.user) return refuse(link_not_valid());
    User user;
    std::string_view action = "user_joined";
    if (first) {
      ASK_ASSIGN(const auto already, store::count_users(db));
      if (already > 0) return refuse(link_not_valid());
      user = {0, email, chosen_name, Role::kOwner, true, at};
      ASK_ASSIGN(user.id, store::add_user(db, user, kept));
      ASK(store::end_links_of(db, std::nullopt));
      action = "owner_made";
    } else {
      user = *open->user;
      if (link.purpose == LinkPurpose::kReset) action = "password_changed";
      if (link.purpose == LinkPurpose::kInvite && !chosen_name.empty()) {
        user.name = chosen_name;
        ASK(store::set_user(db, user));
      }
      user.joined = true;
      ASK(store::set_password(db, user.id, kept));
      ASK(store::end_sessions_of(db, user.id));
      ASK(store::end_links_of(db, user.id));
    }
    ASK_ASSIGN(in, begin_session(db, user, previous));
    ASK(store::record(db, deed({Doer::Kind::kUser, user.id}, action, "user", user.id), at));
    return {};
  }));
  return in;
}

Answer<std::string> Access::make_owner_link(Doer by) {
  std::string secret = new_secret(chance_);
  ASK(write([&](RoomWriter& db) -> Answer<void> {
    ASK_ASSIGN(const auto already, store::count_users(db));
    if (already > 0) {
      return refuse({Errc::kConflict,
                     "already_owned",
                     409,
                     "there is an owner already",
                     "name whose link it is: behoud access link --email ADDRESS",
                     {},
                     {"problem.already_owned"}});
    }
    const Instant at = now();
    ASK(store::end_links_of(db, std::nullopt));
    ASK(store::add_link(db, link_hash(secret), {LinkPurpose::kOwner, {}, {at.ms + kLinkMs}}, at));
    ASK(store::record(db, deed(by, "link_made", "", {}, detail_of("purpose", "owner")), at));
    return {};
  }));
  return secret;
}

Answer<std::string> Access::make_link(Doer by, UserId id) {
  std::string secret = new_secret(chance_);
  ASK(write([&](RoomWriter& db) -> Answer<void> {
    ASK_ASSIGN(const auto row, store::user(db, id));
    if (!row) return refuse(no_such_user());
    const LinkPurpose purpose = row->user.joined ? LinkPurpose::kReset : LinkPurpose::kInvite;
    const Instant at = now();
    ASK(store::end_links_of(db, id));
    ASK(store::add_link(db, link_hash(secret), {purpose, id, {at.ms + kLinkMs}}, at));
    ASK(store::record(db, deed(by, "link_made", "user", id, detail_of("purpose", name(purpose))), at));
    return {};
  }));
  return secret;
}

Answer<UserId> Access::find_user(std::string_view email) {
  std::optional<store::UserRow> row;
  ASK(read([&](RoomReader& db) -> Answer<void> {
    ASK_ASSIGN(row, store::user_by_email(db, normalise_email(email)));
    return {};
  }));
  if (!row) {
    Refusal refusal = no_such_user();
    refusal.error.place.column = "email";
    return refuse(refusal);
  }
  return row->user.id;
}

Answer<std::string> Access::make_link_for(Doer by, std::string_view email) {
  ASK_ASSIGN(const UserId id, find_user(email));
  return make_link(by, id);
}

// ---- Users

Answer<std::vector<User>> Access::users() {
  std::vector<User> out;
  ASK(read([&](RoomReader& db) -> Answer<void> {
    ASK_ASSIGN(out, store::users(db));
    return {};
  }));
  return out;
}

Result<bool> Access::has_users() {
  std::int64_t count = 0;
  TRY(store_.read([&](RoomReader& db) -> Result<void> {
    TRY_ASSIGN(count, store::count_users(db));
    return {};
  }));
  return count > 0;
}

Answer<Access::Invited> Access::invite(Doer by, std::string_view email, std::string_view name, Role role) {
  Invited out;
  ASK_ASSIGN(out.user.email, parse_email(email));
  ASK_ASSIGN(out.user.name, parse_name(name));
  if (role == Role::kNobody) {
    return refuse({Errc::kInvalidArgument, {}, 0, "there is no such role", "owner, editor or viewer", "role"});
  }
  out.user.role = role;
  out.link = new_secret(chance_);
  ASK(write([&](RoomWriter& db) -> Answer<void> {
    ASK_ASSIGN(const auto there, store::user_by_email(db, out.user.email));
    if (there) return refuse(email_taken());
    ASK_ASSIGN(const auto count, store::count_users(db));
    if (count >= kUsersMax) {
      return refuse({Errc::kConflict,
                     "too_many_users",
                     409,
                     "there are too many users",
                     "remove some first",
                     {},
                     {"problem.users_too_many"}});
    }
    const Instant at = now();
    out.user.created = at;
    ASK_ASSIGN(out.user.id, store::add_user(db, out.user, {}));
    ASK(store::add_link(db, link_hash(out.link), {LinkPurpose::kInvite, out.user.id, {at.ms + kLinkMs}}, at));
    ASK(store::record(db, deed(by, "user_invited", "user", out.user.id, detail_of("role", role_word(role))), at));
    return {};
  }));
  return out;
}

namespace {

// Whether an owner who can sign in is left without `user`.
Answer<void> require_another_owner(RoomReader& db, const User& user) {
  if (user.role != Role::kOwner || !user.joined) return {};
  ASK_ASSIGN(const auto owners, store::count_joined_owners(db));
  if (owners <= 1) return refuse(last_owner());
  return {};
}

}  // namespace

Answer<User> Access::change_user(Doer by, UserId id, const UserChange& change) {
  std::optional<std::string> email, name;
  if (change.email) {
    ASK_ASSIGN(email, parse_email(*change.email));
  }
  if (change.name) {
    ASK_ASSIGN(name, parse_name(*change.name));
  }
  User out;
  ASK(write([&](RoomWriter& db) -> Answer<void> {
    ASK_ASSIGN(const auto row, store::user(db, id));
    if (!row) return refuse(no_such_user());
    out = row->user;
    if (change.role && *change.role != out.role) {
      if (*change.role < Role::kOwner) ASK(require_another_owner(db, out));
      out.role = *change.role;
    }
    if (email && *email != out.email) {
      ASK_ASSIGN(const auto there, store::user_by_email(db, *email));
      if (there) return refuse(email_taken());
      out.email = *email;
    }
    if (name) out.name = *name;
    ASK(store::set_user(db, out));
    ASK(store::record(db, deed(by, "user_changed", "user", id, detail_of("role", role_word(out.role))), now()));
    return {};
  }));
  return out;
}

Answer<void> Access::remove_user(Doer by, UserId id) {
  ASK(write([&](RoomWriter& db) -> Answer<void> {
    ASK_ASSIGN(const auto row, store::user(db, id));
    if (!row) return refuse(no_such_user());
    ASK(require_another_owner(db, row->user));
    ASK(store::erase_user(db, id, now()));
    ASK(store::record(db, deed(by, "user_removed", "user", id), now()));
    return {};
  }));
  // What was erased also leaves the write-ahead log. It is gone from every answer already; should a reader hold the log
  // just now, the next checkpoint takes it.
  [[maybe_unused]] const auto emptied = ledger_.checkpoint();
  return {};
}

// ---- Tokens

Answer<Access::NewToken> Access::make_token(Doer by, std::string_view name, Role scope,
                                            std::optional<Instant> expires) {
  const Instant at = now();
  NewToken out;
  ASK_ASSIGN(out.token.name, parse_name(name));
  if (out.token.name.empty()) {
    return refuse(
        {Errc::kInvalidArgument, {}, 0, "a token needs a name", "say what it is for", "name", {"problem.token_name"}});
  }
  if (scope == Role::kNobody) {
    return refuse({Errc::kInvalidArgument, {}, 0, "there is no such scope", "read, write or admin", "scope"});
  }
  const Instant end = expires.value_or(Instant{at.ms + kTokenDaysDefault * calendar::kMsPerDay});
  if (end <= at || end.ms - at.ms > kTokenDaysMax * calendar::kMsPerDay) {
    return refuse({Errc::kInvalidArgument,
                   {},
                   0,
                   "a token cannot expire then",
                   "a time to come, at most ten years away",
                   "expires_at",
                   {"problem.token_expiry"}});
  }
  out.token.scope = scope;
  out.token.created = at;
  out.token.expires = end;
  out.secret = std::string(kTokenPrefix) + new_secret(chance_);
  ASK(write([&](RoomWriter& db) -> Answer<void> {
    ASK_ASSIGN(const auto live, store::count_live_tokens(db, at));
    if (live >= kTokensMax) {
      return refuse({Errc::kConflict,
                     "too_many_tokens",
                     409,
                     "there are too many tokens",
                     "revoke some first",
                     {},
                     {"problem.tokens_too_many"}});
    }
    // A token that makes a token: the same person stands behind it.
    if (by.kind == Doer::Kind::kUser) out.token.made_by = by.id;
    if (by.kind == Doer::Kind::kToken) {
      ASK_ASSIGN(const auto maker, store::token(db, by.id));
      if (maker) out.token.made_by = maker->made_by;
    }
    ASK_ASSIGN(out.token.id, store::add_token(db, hash_of("token", out.secret), out.token));
    ASK(store::record(db, deed(by, "token_made", "token", out.token.id, detail_of("scope", scope_word(scope))), at));
    return {};
  }));
  return out;
}

Answer<std::vector<Token>> Access::tokens() {
  std::vector<Token> out;
  ASK(read([&](RoomReader& db) -> Answer<void> {
    ASK_ASSIGN(out, store::tokens(db));
    return {};
  }));
  return out;
}

Answer<void> Access::revoke_token(Doer by, TokenId id) {
  return write([&](RoomWriter& db) -> Answer<void> {
    ASK_ASSIGN(const auto token, store::token(db, id));
    if (!token) return refuse(no_such_token());
    if (token->revoked) return {};
    ASK(store::revoke_token(db, id, now()));
    ASK(store::record(db, deed(by, "token_revoked", "token", id), now()));
    return {};
  });
}

// ---- The log

Result<void> Access::record(const Deed& deed) {
  return store_.write([&](RoomWriter& db) { return store::record(db, deed, now()); });
}

Result<void> Access::record_along(RoomWriter& db, const Deed& deed) const { return store::record(db, deed, now()); }

Answer<std::vector<DeedRow>> Access::deeds(std::optional<std::int64_t> before, int limit) {
  std::vector<DeedRow> out;
  ASK(read([&](RoomReader& db) -> Answer<void> {
    ASK_ASSIGN(out, store::deeds(db, before, limit));
    return {};
  }));
  return out;
}

}  // namespace behoud::access
