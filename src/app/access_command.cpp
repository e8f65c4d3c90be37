#include "app/access_command.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "access/json_views.h"
#include "access/person.h"
#include "app/data_access.h"
#include "base/json_writer.h"
#include "base/text.h"

namespace behoud::app {
namespace {

using access::Access;
using access::kCommandLine;

constexpr std::string_view kDefaultUrl = "http://127.0.0.1:8080";

struct Action {
  std::string_view name;
  bool writes, takes_id;
};
constexpr std::array kActions{
    Action{"users", false, false}, Action{"invite", true, false}, Action{"change", true, true},
    Action{"remove", true, true},  Action{"link", true, false},   Action{"tokens", false, false},
    Action{"token", true, false},  Action{"revoke", true, true},  Action{"audit", false, false}};

const Action* action_of(const Arguments& arguments) {
  if (arguments.operands().empty()) return nullptr;
  const auto found = std::ranges::find(kActions, arguments.operands().front(), &Action::name);
  return found == kActions.end() ? nullptr : &*found;
}

// An answer as a command tells it: the refusal's error, under the option's name.
template <class T>
Result<T> told(access::Answer<T> answer) {
  if (answer) {
    if constexpr (std::is_void_v<T>) {
      return {};
    } else {
      return std::move(*answer);
    }
  }
  Error error = std::move(answer).error().error;
  if (error.place.column == "expires_at") error.place.column = "expires";
  if (error.place.column == "id") error.place.column.clear();  // a word here, and no option
  if (error.hint.empty() && error.code == Errc::kNotFound) {
    error.hint = "`behoud access users` and `behoud access tokens` show them";
  }
  return std::unexpected(std::move(error));
}

Result<std::int64_t> id_of(const Call& call) {
  const auto& operands = call.arguments.operands();
  const auto id = operands.size() > 1 ? parse_integer(operands[1]) : std::nullopt;
  if (!id || *id <= 0) {
    return fail(Errc::kInvalidArgument, fmt::format("access {} needs a number", operands.front()),
                "`behoud access users` and `behoud access tokens` show them");
  }
  return *id;
}

Result<std::string> option(const Call& call, std::string_view name) {
  const auto value = call.value(name);
  if (!value)
    return fail(Errc::kInvalidArgument, "this is needed", "see: behoud help access", {{}, 0, std::string(name)});
  return std::string(*value);
}

Result<std::optional<access::Role>> role_of(const Call& call) {
  const auto word = call.value("role");
  if (!word) return std::nullopt;
  const auto role = access::parse_role(*word);
  if (!role) {
    return fail(Errc::kInvalidArgument, fmt::format("{} is no role", quoted(*word)), "owner, editor or viewer",
                {{}, 0, "role"});
  }
  return role;
}

std::string public_url(const Call& call) {
  if (const auto url = call.value("url")) {
    std::string_view text = *url;
    while (text.ends_with('/')) text.remove_suffix(1);
    return std::string(text);
  }
  if (call.host != nullptr && !call.host->public_url.empty()) return call.host->public_url;
  return std::string(kDefaultUrl);
}

void show_link(const Call& call, const std::string& secret) {
  const std::string url = access::link_url(public_url(call), secret);
  if (call.has("json")) {
    std::string out;
    JsonWriter(out).begin_object().field("link", url).end_object();
    call.console.out(out + "\n");
    return;
  }
  call.console.out(url + "\n");
  call.console.note("it opens once, within 24 hours\n");
}

std::string users_text(const std::vector<access::User>& users) {
  std::string out;
  for (const access::User& u : users) {
    out += fmt::format("{:>4}  {:<7} {:<8} {}  {}\n", u.id, access::role_word(u.role), u.joined ? "active" : "invited",
                       u.email, u.name);
  }
  return users.empty() ? "nobody can sign in yet: behoud access link\n" : out;
}

std::string tokens_text(const std::vector<access::Token>& tokens, calendar::Instant now) {
  std::string out;
  for (const access::Token& t : tokens) {
    out += fmt::format(
        "{:>4}  {:<6} {:<8} until {}  used {}  {}\n", t.id, access::scope_word(t.scope), access::state_of(t, now),
        t.expires ? to_string(calendar::Day{static_cast<std::int32_t>(t.expires->ms / calendar::kMsPerDay)})
                  : std::string("-"),
        t.last_used ? to_string(*t.last_used) : std::string("never"), t.name);
  }
  return out;
}

std::string deeds_text(const std::vector<access::DeedRow>& rows) {
  std::string out;
  for (const access::DeedRow& row : rows) {
    const auto numbered = [](std::string_view kind, std::int64_t id) {
      return id == 0 ? std::string(kind) : fmt::format("{} {}", kind, id);
    };
    out += fmt::format("{}  {:<10} {:<18} {} {}{}\n", to_string(row.at),
                       numbered(access::name(row.deed.by.kind), row.deed.by.id), row.deed.action,
                       numbered(row.deed.subject, row.deed.subject_id.value_or(0)), row.deed.detail,
                       row.times > 1 ? fmt::format(" x{}", row.times) : std::string());
  }
  return out;
}

Result<void> show_users(const Call& call, Access& access) {
  TRY_ASSIGN(const auto users, told(access.users()));
  call.console.out(call.has("json") ? access::users_json(users) : users_text(users));
  return {};
}

Result<void> show_tokens(const Call& call, Access& access) {
  TRY_ASSIGN(const auto tokens, told(access.tokens()));
  const calendar::Instant now = call.world.now();
  call.console.out(call.has("json") ? access::tokens_json(tokens, now) : tokens_text(tokens, now));
  return {};
}

Result<void> show_audit(const Call& call, Access& access) {
  TRY_ASSIGN(const auto limit, integer_of(call, "limit", 1, 100'000, 100));
  TRY_ASSIGN(const auto rows, told(access.deeds({}, static_cast<int>(limit))));
  call.console.out(call.has("json") ? access::deeds_json(rows, {}) : deeds_text(rows));
  return {};
}

Result<void> invite(const Call& call, Access& access) {
  TRY_ASSIGN(const std::string email, option(call, "email"));
  TRY_ASSIGN(const auto role, role_of(call));
  if (!role) return fail(Errc::kInvalidArgument, "this is needed", "owner, editor or viewer", {{}, 0, "role"});
  TRY_ASSIGN(const auto invited, told(access.invite(kCommandLine, email, call.value("name").value_or(""), *role)));
  show_link(call, invited.link);
  return {};
}

Result<void> change(const Call& call, Access& access) {
  TRY_ASSIGN(const std::int64_t id, id_of(call));
  Access::UserChange to;
  TRY_ASSIGN(to.role, role_of(call));
  if (const auto email = call.value("email")) to.email = std::string(*email);
  if (const auto name = call.value("name")) to.name = std::string(*name);
  TRY(told(access.change_user(kCommandLine, id, to)));
  return show_users(call, access);
}

// The way back in: the first owner's link where nobody is, else a new password for somebody.
Result<void> link(const Call& call, Access& access) {
  if (const auto email = call.value("email")) {
    TRY_ASSIGN(const std::string secret, told(access.make_link_for(kCommandLine, *email)));
    show_link(call, secret);
    return {};
  }
  TRY_ASSIGN(const auto users, told(access.users()));
  if (users.empty()) {
    TRY_ASSIGN(const std::string secret, told(access.make_owner_link(kCommandLine)));
    show_link(call, secret);
    return {};
  }
  const auto is_owner = [](const access::User& u) { return u.role == access::Role::kOwner; };
  const auto owners = std::ranges::count_if(users, is_owner);
  if (owners != 1) {
    return fail(Errc::kInvalidArgument, owners == 0 ? "there is no owner" : "there are several owners",
                "name whose link it is: --email ADDRESS", {{}, 0, "email"});
  }
  const auto owner = std::ranges::find_if(users, is_owner);
  TRY_ASSIGN(const std::string secret, told(access.make_link(kCommandLine, owner->id)));
  show_link(call, secret);
  return {};
}

Result<void> token(const Call& call, Access& access) {
  TRY_ASSIGN(const std::string name, option(call, "name"));
  TRY_ASSIGN(const std::string word, option(call, "scope"));
  const auto scope = access::parse_scope(word);
  if (!scope) {
    return fail(Errc::kInvalidArgument, fmt::format("{} is no scope", quoted(word)), "read, write or admin",
                {{}, 0, "scope"});
  }
  std::optional<calendar::Instant> expires;
  if (const auto text = call.value("expires")) {
    TRY_ASSIGN(expires, of_option("expires", access::parse_expiry(*text)));
  }
  TRY_ASSIGN(const auto made, told(access.make_token(kCommandLine, name, *scope, expires)));
  if (call.has("json")) {
    call.console.out(fmt::format("{{\"token\":\"{}\",\"row\":{}}}\n", made.secret,
                                 access::token_json(made.token, call.world.now())));
  } else {
    call.console.out(made.secret + "\n");
    call.console.note("this is shown once; send it as Authorization: Bearer\n");
  }
  return {};
}

Result<void> perform(const Call& call, Access& access) {
  const std::string_view name = call.arguments.operands().front();
  if (name == "users") return show_users(call, access);
  if (name == "tokens") return show_tokens(call, access);
  if (name == "audit") return show_audit(call, access);
  if (name == "invite") return invite(call, access);
  if (name == "change") return change(call, access);
  if (name == "link") return link(call, access);
  if (name == "token") return token(call, access);
  TRY_ASSIGN(const std::int64_t id, id_of(call));
  if (name == "remove") {
    TRY(told(access.remove_user(kCommandLine, id)));
    return show_users(call, access);
  }
  TRY(told(access.revoke_token(kCommandLine, id)));
  return show_tokens(call, access);
}

Result<void> run_access(const Call& call) {
  const Action* action = action_of(call.arguments);
  const auto& operands = call.arguments.operands();
  if (action == nullptr) {
    std::vector<std::string_view> known;
    known.reserve(kActions.size());
    for (const Action& a : kActions) known.push_back(a.name);
    const std::string_view near = operands.empty() ? std::string_view{} : nearest(operands.front(), known);
    return fail(Errc::kInvalidArgument, fmt::format("there is no `access {}`", operands.front()),
                near.empty() ? fmt::format("one of: {}", fmt::join(known, ", "))
                             : fmt::format("did you mean: behoud access {}", near));
  }
  if (operands.size() > (action->takes_id ? 2U : 1U)) {
    return fail(Errc::kInvalidArgument, fmt::format("{} is one too many", quoted(operands.back())));
  }
  if (!action->writes) {
    TRY_ASSIGN(ledger::Ledger ledger, open_reading(call));
    Access access(ledger, access_environment_of(call.world));
    return perform(call, access);
  }
  TRY_ASSIGN(const WritingLedger ledger, open_writing(call, IfMissing::kFail));
  Access access(*ledger, access_environment_of(call.world));
  return perform(call, access);
}

}  // namespace

access::AccessEnvironment access_environment_of(const World& world) {
  return {.now = world.now, .steady_ms = world.steady_ms, .entropy = world.entropy};
}

Command access_command() {
  return {
      .syntax = {.name = "access",
                 .operands = "ACTION [ID]",
                 .operands_min = 1,
                 .operands_max = 2,
                 .summary = "Who may sign in, their links, tokens for programs, and the log of who did what",
                 .details = "users            who may sign in\n"
                            "invite           --email and --role: prints a link that lets them choose a password\n"
                            "change ID        --role, --name, --email of a user\n"
                            "remove ID        a user; the log keeps the number, nothing else stays\n"
                            "link             a link to come in: the first owner's, or for a lost password (--email)\n"
                            "tokens           the tokens of programs\n"
                            "token            --name, --scope, --expires: makes one and prints it, once\n"
                            "revoke ID        a token\n"
                            "audit            who did what, the newest first",
                 .options = {data_option(),
                             json_option(),
                             {"email", "ADDRESS", "of a user", false},
                             {"name", "NAME", "of a user, or what a token is for", false},
                             {"role", "ROLE", "owner, editor or viewer", false},
                             {"scope", "SCOPE", "of a token: read, write or admin", false},
                             {"expires", "DAY", "the token's last day (default: a year from now)", false},
                             {"url", "URL", "how people reach the server (default: the running one's)", false},
                             {"limit", "N", "lines of the log (default: 100)", false}}},
      .run = run_access,
      .writes =
          [](const Arguments& a) {
            const Action* action = action_of(a);
            return action != nullptr && action->writes;
          },
      .files_from = kAnyNumber};
}

}  // namespace behoud::app
