#include <fmt/format.h>

#include "access/internal/routes_shared.h"
#include "access/json_body.h"
#include "access/json_views.h"
#include "access/person.h"

namespace behoud::access {
namespace {

using http::Method;
using http::Request;
using http::Response;
using http::Right;

constexpr int kDeedsDefault = 100, kDeedsMax = 1000, kDeedsCsvMax = 100'000;

// An instant, or a day: then the end of it in UTC.
Answer<std::optional<calendar::Instant>> expiry_in(const JsonBody& body) {
  const auto text = body.find("expires_at");
  if (!text) return std::nullopt;
  const auto expires = parse_expiry(*text);
  if (!expires) return refuse(expires.error());
  return *expires;
}

// "a" and the number of the last line: opaque to whoever sends it back, and right whatever was written meanwhile.
Answer<std::optional<std::int64_t>> cursor_of(const Request& request) {
  const auto cursor = request.parameter("cursor");
  if (!cursor) return std::nullopt;
  const auto line = cursor->starts_with('a') ? parse_integer(cursor->substr(1)) : std::nullopt;
  if (!line || *line <= 0) {
    return refuse({Errc::kInvalidArgument, {}, 0, "this is not a cursor of ours", "begin without one", "cursor"});
  }
  return *line;
}

Answer<bool> wants_csv(const Request& request) {
  const auto format = request.parameter("format");
  if (!format || *format == "json") return false;
  if (*format == "csv") return true;
  return refuse({Errc::kInvalidArgument, {}, 0, quoted(*format) + " is not known", "one of: json, csv", "format"});
}

// A file has no further pages: without a limit it holds as much as may be.
Answer<int> limit_of(const Request& request, bool csv) {
  const auto text = request.parameter("limit");
  if (!text) return csv ? kDeedsCsvMax : kDeedsDefault;
  const auto limit = parse_integer(*text);
  if (!limit || *limit < 1 || *limit > kDeedsMax) {
    return refuse({Errc::kInvalidArgument, {}, 0, "this is not a number from 1 to 1000", {}, "limit"});
  }
  return static_cast<int>(*limit);
}

}  // namespace

void add_token_routes(http::Router& router, Access& access, const RouteOptions& options) {
  constexpr http::RoutePolicy kOwners{.body_bytes_max = kBodyBytesMax, .right = Right::kAdmin};
  const std::string all = "/api/v1/tokens";

  router.add(Method::kGet, all,
             answering(
                 [&access, options](const Request& request) -> Answer<Response> {
                   ASK_ASSIGN(const http::Page page, http::page_of(request, kRowsOfPeople));
                   ASK_ASSIGN(const auto tokens, access.tokens());
                   ASK_ASSIGN(const auto part, http::part_of(tokens, page, http::Order::kDescending,
                                                             [](const Token& token) { return token.id; }));
                   return private_json(200, tokens_json(part.rows, options.now(), part.next));
                 },
                 {"cursor", "limit"}),
             kOwners);

  router.add(Method::kPost, all, answering([&access, options](const Request& request) -> Answer<Response> {
               ASK_ASSIGN(const JsonBody body, JsonBody::parse(request, {"name", "scope", "expires_at"}));
               ASK_ASSIGN(const std::string name, body.require("name"));
               ASK_ASSIGN(const std::string scope, body.require("scope"));
               ASK_ASSIGN(const auto expires, expiry_in(body));
               ASK_ASSIGN(const auto made, access.make_token(doer_of(request.actor), name,
                                                             parse_scope(scope).value_or(Role::kNobody), expires));
               return private_json(201, fmt::format("{{\"token\":\"{}\",\"row\":{}}}\n", made.secret,
                                                    token_json(made.token, options.now())));
             }),
             kOwners);

  router.add(Method::kDelete, all + "/{id}", answering([&access](const Request& request) -> Answer<Response> {
               ASK_ASSIGN(const TokenId id, id_of(request));
               ASK(access.revoke_token(doer_of(request.actor), id));
               return nothing();
             }),
             kOwners);

  router.add(Method::kGet, "/api/v1/audit",
             answering(
                 [&access](const Request& request) -> Answer<Response> {
                   ASK_ASSIGN(const auto before, cursor_of(request));
                   ASK_ASSIGN(const bool csv, wants_csv(request));
                   ASK_ASSIGN(const int limit, limit_of(request, csv));
                   ASK_ASSIGN(const auto rows, access.deeds(before, limit));
                   if (csv) return private_csv(deeds_csv(rows), "behoud-audit.csv");
                   std::optional<std::string> next;
                   if (rows.size() == static_cast<std::size_t>(limit)) next = fmt::format("a{}", rows.back().id);
                   return private_json(200, deeds_json(rows, next));
                 },
                 {"cursor", "limit", "format"}),
             kOwners);
}

}  // namespace behoud::access
