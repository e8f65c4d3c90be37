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

bool is_secure(const Request& request, const RouteOptions& options) {
  return request.secure || options.public_url().starts_with("https://");
}

Response signed_in(const Access::SignedIn& in, bool secure) {
  Response response = private_json(200, session_json(in.user, Access::csrf_of(in.session), in.ends));
  response.headers.set("Set-Cookie", set_cookie(in.session, secure, kSessionMs / 1000));
  return response;
}

}  // namespace

void add_session_routes(http::Router& router, Access& access, const RouteOptions& options) {
  constexpr http::RoutePolicy kOpen{.body_bytes_max = kBodyBytesMax, .right = Right::kPublic};
  constexpr http::RoutePolicy kSignedIn{.body_bytes_max = kBodyBytesMax, .right = Right::kRead};
  constexpr std::string_view kPath = "/api/v1/session";
  const auto path = [&](std::string_view rest) { return std::string(kPath) + std::string(rest); };

  router.add(Method::kGet, path(""), answering([&access](const Request& request) -> Answer<Response> {
               const Sent sent = sent_by(request.headers);
               ASK_ASSIGN(const auto caller, access.caller(sent));
               if (!caller || caller->actor.credential != http::Credential::kSession) {
                 return refuse({Errc::kInvalidArgument, "not_signed_in", 401, "nobody is signed in here", "sign in"});
               }
               ASK_ASSIGN(const User user, access.user(parse_integer(caller->actor.user).value_or(0)));
               return private_json(200, session_json(user, Access::csrf_of(sent.secret), caller->ends));
             }),
             {.right = Right::kPublic});

  router.add(Method::kPost, path(""), answering([&access, options](const Request& request) -> Answer<Response> {
               ASK_ASSIGN(const JsonBody body, JsonBody::parse(request, {"email", "password"}));
               ASK_ASSIGN(const std::string email, body.require("email"));
               ASK_ASSIGN(const std::string password, body.require("password"));
               ASK_ASSIGN(const auto in, access.sign_in(email, password, request.client, sent_by(request.headers)));
               return signed_in(in, is_secure(request, options));
             }),
             kOpen);

  router.add(Method::kDelete, path(""), answering([&access, options](const Request& request) -> Answer<Response> {
               ASK(access.sign_out(sent_by(request.headers)));
               Response response = nothing();
               response.headers.set("Set-Cookie", set_cookie("", is_secure(request, options), 0));
               return response;
             }),
             kSignedIn);

  router.add(Method::kPost, path("/link"), answering([&access, options](const Request& request) -> Answer<Response> {
               ASK_ASSIGN(const JsonBody body, JsonBody::parse(request, {"token", "email", "name", "password"}));
               ASK_ASSIGN(const std::string token, body.require("token"));
               ASK_ASSIGN(const std::string password, body.require("password"));
               const std::string email = body.get("email"), name = body.get("name");
               ASK_ASSIGN(const auto in,
                          access.claim(token, {email, name, password}, request.client, sent_by(request.headers)));
               return signed_in(in, is_secure(request, options));
             }),
             kOpen);

  router.add(Method::kPost, path("/link/check"), answering([&access](const Request& request) -> Answer<Response> {
               ASK_ASSIGN(const JsonBody body, JsonBody::parse(request, {"token"}));
               ASK_ASSIGN(const std::string token, body.require("token"));
               ASK_ASSIGN(const Link link, access.look_at_link(token, request.client));
               std::string out;
               JsonWriter json(out);
               json.begin_object().field("purpose", name(link.purpose)).key("email");
               link.email.empty() ? json.null() : json.value(link.email);
               json.field("password_length_min", kPasswordCharactersMin).end_object();
               return private_json(200, out + "\n");
             }),
             kOpen);

  router.add(Method::kPost, path("/password"),
             answering([&access, options](const Request& request) -> Answer<Response> {
               if (request.actor.credential != http::Credential::kSession) {
                 return refuse({Errc::kInvalidArgument, "needs_session", 403, "a token has no password", "sign in"});
               }
               ASK_ASSIGN(const JsonBody body, JsonBody::parse(request, {"current", "password"}));
               ASK_ASSIGN(const std::string current, body.require("current"));
               ASK_ASSIGN(const std::string password, body.require("password"));
               const UserId user = parse_integer(request.actor.user).value_or(0);
               ASK_ASSIGN(const auto in, access.change_password(user, current, password, request.client));
               return signed_in(in, is_secure(request, options));
             }),
             kSignedIn);
}

}  // namespace behoud::access
