#include "app/route_answers.h"

#include <algorithm>
#include <limits>

#include "base/text.h"
#include "http/error_body.h"
#include "ledger/data_folder.h"

namespace behoud::app {

http::Response report_page(std::string html) {
  http::Response response{200, "text/html; charset=utf-8", std::move(html), {}};
  response.headers.set("Content-Security-Policy",
                       "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
                       "frame-ancestors 'none'");
  return response;
}

http::Response json_answer(int status, std::string body) {
  if (!body.ends_with('\n')) body += '\n';
  return {status, "application/json", std::move(body), {}};
}

http::Response refusal(const Error& error) {
  if (ledger::is_busy(error)) {
    http::Response busy{503, "application/json", http::error_json(error, "busy") + "\n", {}};
    busy.headers.set("Retry-After", "1");
    return busy;
  }
  if (error.code == Errc::kInvalidArgument && error.place.column == kContentTypeField) {
    return {415, "application/json", http::error_json(error, "unsupported_media_type") + "\n", {}};
  }
  // A file that may not grow (a quota, ulimit -f) is as full as a disk.
  const bool full = error.code == Errc::kUnavailable &&
                    (error.message.contains("disk is full") || error.hint.contains("disk is full") ||
                     error.message.contains("No space left") || error.message.contains("File too large"));
  if (!full) return http::error_response(error);
  return {507, "application/json", http::error_json(error, "disk_full") + "\n", {}};
}

Result<void> require_parameters(const http::Request& request, const Parameters& known) {
  for (const auto& [name, value] : request.query) {
    if (name == "shop" || std::ranges::find(known, name) != known.end()) continue;
    std::string hint = "the parameters are shop";
    for (const std::string_view one : known) hint += ", " + std::string{one};
    return fail(Errc::kInvalidArgument, "there is no parameter of that name", std::move(hint),
                {{}, 0, name.substr(0, 100)});
  }
  return {};
}

http::Response answer_or_refusal(Result<http::Response> made) {
  return made ? std::move(*made) : refusal(made.error());
}

Result<std::uint32_t> import_id_of(const http::Request& request) {
  const auto id = parse_integer(request.capture("id"));
  if (!id || *id < 1 || *id > std::numeric_limits<std::uint32_t>::max()) {
    return fail(Errc::kNotFound, "there is no such import", "GET /api/v1/imports lists them", {{}, 0, "id"});
  }
  return static_cast<std::uint32_t>(*id);
}

}  // namespace behoud::app
