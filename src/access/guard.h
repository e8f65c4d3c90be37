#pragma once

// The guard of every route: finds out who asks, and refuses who may not. What is refused, in this order:
//
//   401 not_signed_in   no credential, or one that is no good (unknown, ended, revoked, in the wrong place)
//   403 wrong_csrf      a change asked for with a session's cookie, without its X-Behoud-CSRF
//   403 not_allowed     somebody who has not the right that the route needs
//
// A route for the public is let through whoever asks; who that is stands in `request.actor` where it is known. Changes
// that a page of another site asks for are refused before, by the server (http/server.h). `access` must outlive it.

#include "access/access.h"
#include "http/router.h"

namespace behoud::access {

inline constexpr std::string_view kCsrfHeader = "X-Behoud-CSRF";

http::Guard make_guard(Access& access);

}  // namespace behoud::access
