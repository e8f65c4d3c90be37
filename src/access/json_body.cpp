#include "access/json_body.h"

#include <algorithm>
#include <boost/json.hpp>

#include "base/text.h"

namespace behoud::access {
namespace {

Refusal invalid(std::string message, std::string_view field = {}) {
  return {Errc::kInvalidArgument, {}, 0, std::move(message), {}, std::string(field)};
}

bool is_json(std::string_view content_type) {
  return equal_ignoring_case(trim(content_type.substr(0, content_type.find(';'))), "application/json");
}

}  // namespace

Answer<JsonBody> JsonBody::parse(const http::Request& request, std::initializer_list<std::string_view> known) {
  if (!is_json(request.headers.find("Content-Type").value_or(""))) {
    return refuse({Errc::kInvalidArgument, "unsupported_media_type", 415, "the body is not said to be JSON",
                   "send Content-Type: application/json"});
  }
  boost::json::parse_options options;
  options.max_depth = 4;
  boost::system::error_code ec;
  // The memory of a value is its own: a body is at most 16 KiB.
  const boost::json::value value = boost::json::parse(request.body, ec, {}, options);
  if (ec || !value.is_object()) return refuse(invalid("the body is not a JSON object"));
  JsonBody body;
  for (const auto& [name, member] : value.get_object()) {
    const std::string_view key(name.data(), name.size());
    if (std::ranges::find(known, key) == known.end()) {
      return refuse(invalid("there is no member of that name", quoted(key)));
    }
    if (member.is_null()) continue;
    if (!member.is_string()) return refuse(invalid("this is not a text", key));
    body.members_.emplace(key, std::string(member.get_string()));
  }
  return body;
}

std::optional<std::string> JsonBody::find(std::string_view name) const {
  const auto found = members_.find(name);
  return found == members_.end() ? std::nullopt : std::optional(found->second);
}

Answer<std::string> JsonBody::require(std::string_view name) const {
  const auto found = find(name);
  if (!found) return refuse(invalid("this is missing", name));
  return *found;
}

}  // namespace behoud::access
