#include "access/guard.h"

#include "access/secret.h"

namespace behoud::access {
namespace {

http::Response not_signed_in() {
  return refusal_response({Errc::kInvalidArgument, "not_signed_in", 401, "nobody is signed in here",
                           "sign in, or send a token as Authorization: Bearer bhd_..."});
}

std::optional<http::Response> refused(Access& access, http::Request& request, const http::Route& route) {
  const Sent sent = sent_by(request.headers);
  const auto caller = access.caller(sent);
  if (!caller) return refusal_response(caller.error());
  if (*caller) request.actor = (*caller)->actor;
  if (route.policy.right == http::Right::kPublic) return std::nullopt;
  if (!*caller) return not_signed_in();
  if (request.actor.credential == http::Credential::kSession && !http::is_safe(request.method)) {
    const bool one = request.headers.count(kCsrfHeader) == 1;
    if (!one || !equal_in_constant_time(*request.headers.find(kCsrfHeader), Access::csrf_of(sent.secret))) {
      return refusal_response({Errc::kInvalidArgument, "wrong_csrf", 403, "this change did not come from our own page",
                               "load the page again"});
    }
  }
  if (!allows(request.actor.role, route.policy.right)) {
    return refusal_response({Errc::kInvalidArgument, "not_allowed", 403, "you may not do this", "ask an owner"});
  }
  return std::nullopt;
}

}  // namespace

http::Guard make_guard(Access& access) {
  return [&access](http::Request& request, const http::Route& route) { return refused(access, request, route); };
}

}  // namespace behoud::access
