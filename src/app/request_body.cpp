#include "app/request_body.h"

#include <algorithm>

#include "app/route_answers.h"
#include "base/text.h"

namespace behoud::app {
namespace {

namespace json = boost::json;

constexpr std::size_t kDepthMax = 8;

}  // namespace

std::unexpected<Error> wrong_member(std::string_view name, std::string message, std::string hint, Why why) {
  return fail(Errc::kInvalidArgument, std::move(message), std::move(hint), {{}, 0, std::string{name}}, std::move(why));
}

Result<Standings> standings_of(const json::value& statuses) {
  if (!statuses.is_object()) return wrong_member("statuses", "this is no object of words and their meanings");
  Standings out;
  for (const auto& part : statuses.get_object()) {
    const std::string word = to_lower(trim(std::string_view{part.key().data(), part.key().size()}));
    if (word.empty()) return wrong_member("statuses", "a word is empty");
    if (part.value().is_null()) {
      out[word] = std::nullopt;
      continue;
    }
    if (!part.value().is_string()) return wrong_member("statuses", "a meaning is no text");
    TRY_ASSIGN(out[word], parse_standing(part.value().get_string()));
  }
  return out;
}

Result<void> require_json(const http::Request& request) {
  const std::string_view type = request.headers.find("Content-Type").value_or("");
  if (!equal_ignoring_case(trim(type.substr(0, type.find(';'))), "application/json")) {
    return wrong_member(kContentTypeField, "the body is not said to be JSON", "send Content-Type: application/json");
  }
  return {};
}

Result<RequestBody> RequestBody::parse(const http::Request& request, std::initializer_list<std::string_view> known) {
  TRY(require_json(request));
  return parse(request.body, known);
}

Result<RequestBody> RequestBody::parse(std::string_view text, std::initializer_list<std::string_view> known) {
  json::parse_options options;
  options.max_depth = kDepthMax;
  boost::system::error_code error;
  json::value value = json::parse(text, error, {}, options);
  if (error || !value.is_object()) {
    return fail(Errc::kInvalidArgument, "the body is not a JSON object", "as {\"uploads\":[\"u_...\"]}");
  }
  for (const auto& member : value.get_object()) {
    const std::string_view name{member.key().data(), member.key().size()};
    if (std::ranges::find(known, name) == known.end()) {
      std::string hint = "the members are";
      for (const std::string_view one : known) hint += " " + std::string{one};
      return wrong_member(name.substr(0, 100), "there is no member of that name", std::move(hint));
    }
  }
  return RequestBody(std::move(value.get_object()));
}

const json::value* RequestBody::find(std::string_view name) const {
  const json::value* found = object_.if_contains(name);
  return found == nullptr || found->is_null() ? nullptr : found;
}

Result<std::optional<std::string>> RequestBody::text(std::string_view name) const {
  const json::value* found = find(name);
  if (found == nullptr) return std::nullopt;
  if (!found->is_string()) return wrong_member(name, "this is no text");
  return std::string{found->get_string()};
}

Result<std::optional<std::int64_t>> RequestBody::integer(std::string_view name) const {
  const json::value* found = find(name);
  if (found == nullptr) return std::nullopt;
  if (!found->is_int64()) return wrong_member(name, "this is no whole number");
  return found->get_int64();
}

Result<std::optional<double>> RequestBody::number(std::string_view name) const {
  const json::value* found = find(name);
  if (found == nullptr) return std::nullopt;
  if (!found->is_number()) return wrong_member(name, "this is no number");
  return found->to_number<double>();
}

Result<bool> RequestBody::truth(std::string_view name) const {
  const json::value* found = find(name);
  if (found == nullptr) return false;
  if (!found->is_bool()) return wrong_member(name, "this is neither true nor false");
  return found->get_bool();
}

Result<std::vector<std::string>> RequestBody::texts(std::string_view name) const {
  const json::value* found = find(name);
  std::vector<std::string> out;
  if (found == nullptr) return out;
  if (!found->is_array()) return wrong_member(name, "this is no list");
  for (const json::value& item : found->get_array()) {
    if (!item.is_string()) return wrong_member(name, "this is no list of texts");
    out.emplace_back(item.get_string());
  }
  return out;
}

Result<std::string> RequestBody::required_text(std::string_view name) const {
  TRY_ASSIGN(auto found, text(name));
  if (!found) return wrong_member(name, "this is missing");
  return std::move(*found);
}

Result<std::int64_t> RequestBody::required_integer(std::string_view name) const {
  TRY_ASSIGN(const auto found, integer(name));
  if (!found) return wrong_member(name, "this is missing");
  return *found;
}

}  // namespace behoud::app
