#include "access/json_views.h"

#include <fmt/format.h>

#include "base/csv.h"
#include "base/json_writer.h"

namespace behoud::access {
namespace {

std::optional<std::string> text_of(const std::optional<std::int64_t>& id) {
  return id ? std::optional(std::to_string(*id)) : std::nullopt;
}

void write(JsonWriter& json, const User& user) {
  json.begin_object().field("id", std::to_string(user.id)).field("email", user.email).field("name", user.name);
  json.field("role", role_word(user.role)).field("state", user.joined ? "active" : "invited");
  json.field("created_at", user.created);
  json.end_object();
}

void write(JsonWriter& json, const Token& token, calendar::Instant now) {
  json.begin_object()
      .field("id", std::to_string(token.id))
      .field("name", token.name)
      .field("scope", scope_word(token.scope));
  json.field("state", state_of(token, now)).field("user", text_of(token.made_by));
  json.field("created_at", token.created);
  json.field("expires_at", token.expires);
  json.field("last_used", token.last_used);
  json.field("revoked_at", token.revoked);
  json.end_object();
}

void write(JsonWriter& json, const DeedRow& row) {
  const Deed& deed = row.deed;
  json.begin_object().field("id", std::to_string(row.id));
  json.field("at", row.at);
  json.key("actor").begin_object().field("kind", name(deed.by.kind)).key("id");
  deed.by.id == 0 ? json.null() : json.value(std::to_string(deed.by.id));
  json.end_object().field("action", deed.action).key("subject");
  if (deed.subject.empty()) {
    json.null();
  } else {
    json.begin_object().field("kind", deed.subject).field("id", text_of(deed.subject_id)).end_object();
  }
  json.key("detail");
  deed.detail.empty() ? json.null() : json.raw(deed.detail);
  json.field("times", row.times).end_object();
}

template <class Rows, class Write>
std::string rows_json(const Rows& rows, const std::optional<std::string>& next, Write write_row) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("rows").begin_array();
  for (const auto& row : rows) write_row(json, row);
  json.end_array().field("next", next).end_object();
  return out + "\n";
}

}  // namespace

std::string_view state_of(const Token& token, calendar::Instant now) {
  if (token.revoked) return "revoked";
  return token.expires && *token.expires <= now ? "expired" : "live";
}

std::string_view name(Doer::Kind kind) {
  switch (kind) {
    case Doer::Kind::kNobody:
      return "nobody";
    case Doer::Kind::kUser:
      return "user";
    case Doer::Kind::kToken:
      return "token";
    case Doer::Kind::kCommand:
      return "command";
  }
  return "";
}

std::string user_json(const User& user) {
  std::string out;
  JsonWriter json(out);
  write(json, user);
  return out;
}
std::string token_json(const Token& token, calendar::Instant now) {
  std::string out;
  JsonWriter json(out);
  write(json, token, now);
  return out;
}
std::string users_json(std::span<const User> users, const std::optional<std::string>& next) {
  return rows_json(users, next, [](JsonWriter& json, const User& user) { write(json, user); });
}
std::string tokens_json(std::span<const Token> tokens, calendar::Instant now, const std::optional<std::string>& next) {
  return rows_json(tokens, next, [&](JsonWriter& json, const Token& token) { write(json, token, now); });
}
std::string deeds_json(const std::vector<DeedRow>& rows, const std::optional<std::string>& next) {
  return rows_json(rows, next, [](JsonWriter& json, const DeedRow& row) { write(json, row); });
}

std::string deeds_csv(const std::vector<DeedRow>& rows) {
  std::string out = "at,actor,actor_id,action,subject,subject_id,detail,times\n";
  CsvWriter csv(out);
  const auto id = [&](std::int64_t number) { csv.value(number == 0 ? std::string() : std::to_string(number)); };
  for (const DeedRow& row : rows) {
    csv.value(to_string(row.at)).value(name(row.deed.by.kind));
    id(row.deed.by.id);
    csv.text(row.deed.action).text(row.deed.subject);
    id(row.deed.subject_id.value_or(0));
    csv.text(row.deed.detail).value(std::to_string(row.times));
    csv.end_row();
  }
  return out;
}

std::string session_json(const User& user, std::string_view csrf, calendar::Instant ends) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("user");
  write(json, user);
  json.field("csrf", csrf);
  json.field("expires_at", ends);
  json.end_object();
  return out + "\n";
}

std::string link_url(std::string_view public_url, std::string_view secret) {
  return fmt::format("{}/welcome#{}", public_url, secret);
}

}  // namespace behoud::access
