#pragma once

// What the files of routes share. Not for other rooms.

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/refusal.h"
#include "access/routes.h"
#include "base/text.h"
#include "http/page.h"

namespace behoud::access {

void add_session_routes(http::Router& router, Access& access, const RouteOptions& options);
void add_user_routes(http::Router& router, Access& access, const RouteOptions& options);
void add_token_routes(http::Router& router, Access& access, const RouteOptions& options);

// Of a list of users or tokens, without a limit: a team's are on one page.
inline constexpr std::size_t kRowsOfPeople = 1000;

inline http::Response private_json(int status, std::string body) {
  http::Response response{status, "application/json", std::move(body), {}};
  response.headers.set("Cache-Control", "no-store");
  return response;
}
inline http::Response private_csv(std::string body, std::string_view name) {
  http::Response response{200, "text/csv; charset=utf-8", std::move(body), {}};
  response.headers.set("Content-Disposition", "attachment; filename=\"" + std::string(name) + "\"");
  response.headers.set("Cache-Control", "no-store");
  return response;
}
inline http::Response nothing() {
  http::Response response{204, "", "", {}};
  response.headers.set("Cache-Control", "no-store");
  return response;
}

// A parameter that nobody knows is a mistake that would otherwise go unseen.
inline Answer<void> require_parameters(const http::Request& request, const std::vector<std::string_view>& known) {
  for (const auto& [name, value] : request.query) {
    if (std::ranges::find(known, name) != known.end()) continue;
    return refuse({Errc::kInvalidArgument, {}, 0, "there is no parameter of that name", {}, name.substr(0, 100)});
  }
  return {};
}

// A handler of a function that answers or refuses. `known`: the parameters that its URL may have.
template <class Work>
http::Handler answering(Work work, std::vector<std::string_view> known = {}) {
  return [work = std::move(work), known = std::move(known)](const http::Request& request) -> http::Response {
    if (const auto right = require_parameters(request, known); !right) return refusal_response(right.error());
    Answer<http::Response> answer = work(request);
    return answer ? std::move(*answer) : refusal_response(answer.error());
  };
}

inline Answer<std::int64_t> id_of(const http::Request& request) {
  const auto id = parse_integer(request.capture("id"));
  if (!id || *id <= 0) return refuse({Errc::kNotFound, {}, 0, "there is nothing of this number", {}, "id"});
  return *id;
}

}  // namespace behoud::access
