#include <fmt/format.h>

#include "access/internal/routes_shared.h"
#include "access/json_body.h"
#include "access/json_views.h"
#include "base/json_writer.h"

namespace behoud::access {
namespace {

using http::Method;
using http::Request;
using http::Response;
using http::Right;

Answer<Role> role_in(const JsonBody& body) {
  const auto role = parse_role(body.get("role"));
  if (!role) {
    return refuse({Errc::kInvalidArgument, {}, 0, "there is no such role", "owner, editor or viewer", "role"});
  }
  return *role;
}

std::string link_member(const RouteOptions& options, const std::string& secret) {
  std::string out;
  JsonWriter(out).value(link_url(options.public_url(), secret));
  return out;
}

}  // namespace

void add_user_routes(http::Router& router, Access& access, const RouteOptions& options) {
  constexpr http::RoutePolicy kOwners{.body_bytes_max = kBodyBytesMax, .right = Right::kAdmin};
  const std::string all = "/api/v1/users", one = "/api/v1/users/{id}";

  router.add(Method::kGet, all,
             answering(
                 [&access](const Request& request) -> Answer<Response> {
                   ASK_ASSIGN(const http::Page page, http::page_of(request, kRowsOfPeople));
                   ASK_ASSIGN(const auto users, access.users());
                   ASK_ASSIGN(const auto part, http::part_of(users, page, http::Order::kAscending,
                                                             [](const User& user) { return user.id; }));
                   return private_json(200, users_json(part.rows, part.next));
                 },
                 {"cursor", "limit"}),
             kOwners);

  router.add(Method::kPost, all, answering([&access, options](const Request& request) -> Answer<Response> {
               ASK_ASSIGN(const JsonBody body, JsonBody::parse(request, {"email", "name", "role"}));
               ASK_ASSIGN(const std::string email, body.require("email"));
               ASK_ASSIGN(const Role role, role_in(body));
               ASK_ASSIGN(const auto invited, access.invite(doer_of(request.actor), email, body.get("name"), role));
               return private_json(201, fmt::format("{{\"user\":{},\"link\":{}}}\n", user_json(invited.user),
                                                    link_member(options, invited.link)));
             }),
             kOwners);

  router.add(Method::kPatch, one, answering([&access](const Request& request) -> Answer<Response> {
               ASK_ASSIGN(const UserId id, id_of(request));
               ASK_ASSIGN(const JsonBody body, JsonBody::parse(request, {"email", "name", "role"}));
               Access::UserChange change{body.find("email"), body.find("name"), {}};
               if (body.find("role")) {
                 ASK_ASSIGN(change.role, role_in(body));
               }
               ASK_ASSIGN(const User user, access.change_user(doer_of(request.actor), id, change));
               return private_json(200, user_json(user) + "\n");
             }),
             kOwners);

  router.add(Method::kDelete, one, answering([&access](const Request& request) -> Answer<Response> {
               ASK_ASSIGN(const UserId id, id_of(request));
               ASK(access.remove_user(doer_of(request.actor), id));
               return nothing();
             }),
             kOwners);

  router.add(Method::kPost, one + "/link", answering([&access, options](const Request& request) -> Answer<Response> {
               ASK_ASSIGN(const UserId id, id_of(request));
               ASK_ASSIGN(const std::string secret, access.make_link(doer_of(request.actor), id));
               return private_json(201, fmt::format("{{\"link\":{}}}\n", link_member(options, secret)));
             }),
             kOwners);
}

}  // namespace behoud::access
