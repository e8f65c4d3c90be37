#include "access/routes.h"

#include "access/internal/routes_shared.h"

namespace behoud::access {

void add_routes(http::Router& router, Access& access, const RouteOptions& options) {
  add_session_routes(router, access, options);
  add_user_routes(router, access, options);
  add_token_routes(router, access, options);
}

}  // namespace behoud::access
