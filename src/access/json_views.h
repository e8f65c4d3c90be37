#pragma once

// What this room keeps, as JSON and its log as CSV: the one form of it, for routes and commands. Ids are texts.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "access/access.h"

namespace behoud::access {

std::string user_json(const User& user);  // {"id","email","name","role","state":"active|invited","created_at"}
std::string token_json(const Token& token, calendar::Instant now);
// {"rows":[...],"next"}
std::string users_json(std::span<const User> users, const std::optional<std::string>& next = {});
std::string tokens_json(std::span<const Token> tokens, calendar::Instant now,
                        const std::optional<std::string>& next = {});
// {"rows":[{"id","at","actor":{"kind","id"},"action","subject":{"kind","id"}|null,"detail":{}|null,"times"}],"next"}
std::string deeds_json(const std::vector<DeedRow>& rows, const std::optional<std::string>& next);
// at,actor,actor_id,action,subject,subject_id,detail,times; what is absent is empty.
std::string deeds_csv(const std::vector<DeedRow>& rows);
std::string session_json(const User& user, std::string_view csrf, calendar::Instant ends);

// "<public url>/welcome#<secret>": behind the #, a secret is in no log and in no Referer.
std::string link_url(std::string_view public_url, std::string_view secret);

// "live", "expired" or "revoked".
std::string_view state_of(const Token& token, calendar::Instant now);
std::string_view name(Doer::Kind kind);  // "nobody", "user", "token", "command"

}  // namespace behoud::access
