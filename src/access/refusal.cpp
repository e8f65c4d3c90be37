#include "access/refusal.h"

#include "http/error_body.h"

namespace behoud::access {

http::Response refusal_response(const Refusal& refusal) {
  http::Response response{refusal.status != 0 ? refusal.status : http::status_of(refusal.error.code),
                          "application/json",
                          http::error_json(refusal.error, refusal.code) + "\n",
                          {}};
  response.headers.set("Cache-Control", "no-store");
  if (response.status == 401) response.headers.set("WWW-Authenticate", "Bearer realm=\"behoud\"");
  if (refusal.retry_after.count() > 0) {
    response.headers.set("Retry-After", std::to_string(refusal.retry_after.count()));
  }
  return response;
}

}  // namespace behoud::access
