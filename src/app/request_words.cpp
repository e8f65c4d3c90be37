#include "app/request_words.h"

#include <algorithm>
#include <map>
#include <memory>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/text.h"
#include "http/finish.h"

namespace behoud::app {

using http::Request;
using http::Response;

namespace {

std::string option_name(std::string_view parameter) {
  std::string key(parameter);
  std::replace(key.begin(), key.end(), '_', '-');
  return key;
}

}  // namespace

Lookup lookup_of(const Request& request) {
  auto said = std::make_shared<std::map<std::string, std::string, std::less<>>>();
  for (const auto& [name, value] : request.query) said->try_emplace(option_name(name), value);
  return [said](std::string_view name) -> std::optional<std::string_view> {
    const auto found = said->find(name);
    return found == said->end() ? std::nullopt : std::optional<std::string_view>(found->second);
  };
}

Error as_sent(const Request& request, Error error) {
  std::string& field = error.place.column;
  if (!error.place.file.empty() || field.find('-') == std::string::npos) return error;
  const auto same = [&](const auto& sent) { return option_name(sent.first) == field; };
  const auto sent = std::ranges::find_if(request.query, same);
  if (sent != request.query.end()) {
    field = sent->first;
  } else {
    std::replace(field.begin(), field.end(), '-', '_');
  }
  return error;
}

Result<void> require_known(const Request& request, const std::vector<Option>& options, bool explained) {
  for (const auto& [name, value] : request.query) {
    const std::string key = option_name(name);
    const auto same = [&](const Option& o) { return o.name == key; };
    if (key == "explain" && explained) continue;
    if (key != "format" && key != "shop" && std::none_of(options.begin(), options.end(), same)) {
      return fail(Errc::kInvalidArgument, "there is no parameter of that name",
                  "the parameters are the options of the command", {{}, 0, name.substr(0, 100)});
    }
  }
  return {};
}

Result<Format> format_of(const Request& request) {
  const auto text = request.parameter("format");
  if (!text || *text == "json") return Format::kJson;
  if (*text == "csv") return Format::kCsv;
  return fail(Errc::kInvalidArgument, fmt::format("{} is not known", quoted(*text)), "one of: json, csv",
              {{}, 0, "format"});
}

Result<language::Language> language_of(const Request& request) {
  if (const auto wanted = request.parameter("lang")) return of_option("lang", language::parse_language(*wanted));
  // Weights are in the order in which browsers send them.
  std::string_view accepted = request.headers.find("accept-language").value_or("");
  while (!accepted.empty()) {
    const std::size_t comma = std::min(accepted.find(','), accepted.size());
    std::string_view tag = accepted.substr(0, comma);
    while (tag.starts_with(' ')) tag.remove_prefix(1);
    if (const auto parsed = language::parse_language(tag.substr(0, 2))) return *parsed;
    accepted.remove_prefix(std::min(comma + 1, accepted.size()));
  }
  return language::Language::en;
}

Result<std::int64_t> integer_of(const Request& request, std::string_view name, std::int64_t least, std::int64_t most,
                                std::int64_t otherwise) {
  const auto text = request.parameter(name);
  if (!text) return otherwise;
  const auto number = parse_integer(*text);
  if (number && *number >= least && *number <= most) return *number;
  return fail(Errc::kInvalidArgument, fmt::format("{} is not a number from {} to {}", quoted(*text), least, most), {},
              {{}, 0, std::string{name}});
}

std::string revision_tag(const Request& request, const FolderShop& shop, std::string_view besides) {
  std::string words =
      fmt::format("{}\n{}\n{}\n{}", version(), ledger::to_string(shop.generation), shop.revision, request.path);
  for (const auto& [name, value] : request.query) {
    if (name == "explain") continue;
    words += fmt::format("\n{}:{}={}:{}", name.size(), name, value.size(), value);
  }
  words += '\n';
  words += request.headers.find("accept-language").value_or("");
  words += '\n';
  words += besides;
  // No secret: whoever may ask sees the answer. The key only spreads.
  const Hash128 hash = keyed_hash128({0x62656f756474, 0x6167}, words);
  return fmt::format("W/\"{:016x}{:016x}\"", hash.low, hash.high);
}

std::optional<Response> not_modified(const Request& request, const std::string& tag) {
  const auto held = request.headers.find("if-none-match");
  // "*" says nothing of which answer the reader holds.
  if (!held || *held == "*" || !http::tag_matches(*held, tag)) return std::nullopt;
  Response response;
  response.status = 304;
  mark_held(response, tag);
  return response;
}

void mark_held(Response& response, const std::string& tag) {
  response.headers.set("ETag", tag);
  response.headers.set("Cache-Control", "private, no-cache");
  response.headers.set("Vary", "Accept-Language");
}

Response json_response(std::string body) { return {200, "application/json", std::move(body), {}}; }

Response csv_response(std::string body, std::string_view name) {
  Response response{200, "text/csv; charset=utf-8", std::move(body), {}};
  response.headers.set("Content-Disposition", fmt::format("attachment; filename=\"{}\"", name));
  return response;
}

}  // namespace behoud::app
