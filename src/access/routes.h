#pragma once

// The routes of this room (api/openapi.yaml has them in full): session and links, users, tokens, the log. Thin: they
// read a body, ask Access, and show what it gave. None of their answers may be kept by a cache.
//
//   GET/POST/DELETE /api/v1/session, POST .../link, .../link/check, .../password
//   GET/POST /api/v1/users, PATCH/DELETE /api/v1/users/{id}, POST /api/v1/users/{id}/link
//   GET/POST /api/v1/tokens, DELETE /api/v1/tokens/{id}
//   GET /api/v1/audit                   ?format=csv gives a file

#include <functional>
#include <string>

#include "access/access.h"
#include "http/router.h"

namespace behoud::access {

struct RouteOptions {
  // What people type to reach the server, without a slash at its end: "https://behoud.example.com". Asked at each
  // request, since the port may be known only once the server listens.
  std::function<std::string()> public_url;
  std::function<calendar::Instant()> now;
};

// `access` must outlive the router.
void add_routes(http::Router& router, Access& access, const RouteOptions& options);

}  // namespace behoud::access
