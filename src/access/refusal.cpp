#include "access/refusal.h"

#include "http/error_body.h"
#include "ledger/data_folder.h"

namespace behoud::access {

http::Response refusal_response(const Refusal& refusal) {
  const bool busy = refusal.code.empty() && ledger::is_busy(refusal.error);
  http::Response response{refusal.status != 0 ? refusal.status : http::status_of(refusal.error.code),
                          "application/json",
                          http::error_json(refusal.error, busy ? "busy" : refusal.code) + "\n",
                          {}};
  if (busy) response.headers.set("Retry-After", "1");
  response.headers.set("Cache-Control", "no-store");
  if (response.status == 401) response.headers.set("WWW-Authenticate", "Bearer realm=\"behoud\"");
  if (refusal.retry_after.count() > 0) {
    response.headers.set("Retry-After", std::to_string(refusal.retry_after.count()));
  }
  return response;
}

}  // namespace behoud::access
