#include "app/shop_routes.h"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <string>
#include <tuple>

#include "app/command.h"
#include "app/imports_json.h"
#include "app/questions.h"
#include "base/json_writer.h"
#include "http/error_body.h"
#include "language/language.h"
#include "retention/report/html.h"
#include "retention/report/json.h"
#include "retention/report/report.h"

namespace behoud::app {
namespace {

namespace report = retention::report;
using http::Request;
using http::Response;

Response json_response(std::string body) { return {200, "application/json", std::move(body), {}}; }

// The parameters of a URL under the names of the options: `as_of` and `as-of` alike.
Lookup lookup_of(const Request& request) {
  auto said = std::make_shared<std::map<std::string, std::string, std::less<>>>();
  for (const auto& [name, value] : request.query) {
    std::string key = name;
    std::replace(key.begin(), key.end(), '_', '-');
    said->try_emplace(std::move(key), value);
  }
  return [said](std::string_view name) -> std::optional<std::string_view> {
    const auto found = said->find(name);
    return found == said->end() ? std::nullopt : std::optional<std::string_view>(found->second);
  };
}

// A parameter that no option has is a mistake that would otherwise go unseen.
Result<void> require_known(const Request& request, const std::vector<Option>& options) {
  for (const auto& [name, value] : request.query) {
    std::string key = name;
    std::replace(key.begin(), key.end(), '_', '-');
    const auto same = [&](const Option& o) { return o.name == key; };
    if (key != "format" && key != "shop" && std::none_of(options.begin(), options.end(), same)) {
      return fail(Errc::kInvalidArgument, "there is no parameter of that name",
                  "the parameters are the options of the command", {{}, 0, key});
    }
  }
  return {};
}

template <class Answer>
http::Handler handler(const ServedShops& shops, Answer answer) {
  return [&shops, answer](const Request& request) -> Response {
    auto made = [&]() -> Result<Response> {
      TRY_ASSIGN(const ServedShop* const shop, shops.asked_for(request));
      TRY_ASSIGN(const auto current, shop->loaded());
      return answer(request, *current);
    }();
    return made ? std::move(*made) : http::error_response(made.error());
  };
}

language::Language language_for(const Request& request) {
  if (const auto wanted = request.parameter("lang")) {
    if (const auto parsed = language::parse_language(*wanted)) return *parsed;
  }
  // The first of the reader's languages that is one of ours; weights are in the order in which browsers send them.
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

Result<report::Report> report_of(const Request& request, const FolderShop& shop) {
  report::ReportOptions options;
  TRY_ASSIGN(options.question, parse_question(lookup_of(request), shop.histories.zone));
  return report::make_report(shop.histories, {}, shop.settings, options);
}

std::vector<Option> report_parameters() {
  std::vector<Option> out = question_options();
  out.push_back({"lang", "en|nl|sv", "", false});
  return out;
}

Result<Response> page(const Request& request, const FolderShop& shop) {
  TRY(require_known(request, report_parameters()));
  TRY_ASSIGN(const report::Report made, report_of(request, shop));
  TRY_ASSIGN(std::string html, report::render_html(made, language::code(language_for(request))));
  Response response{200, "text/html; charset=utf-8", std::move(html), {}};
  response.headers.set("Vary", "Accept-Language");
  // As the page itself says: its styles stand in it, and nothing else is let in.
  response.headers.set("Content-Security-Policy",
                       "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
                       "frame-ancestors 'none'");
  response.headers.set("Cache-Control", "private, no-cache");
  return response;
}

Result<Response> report_document(const Request& request, const FolderShop& shop) {
  TRY(require_known(request, report_parameters()));
  TRY_ASSIGN(const report::Report made, report_of(request, shop));
  TRY_ASSIGN(std::string json, report::render_json(made));
  if (!json.ends_with('\n')) json += '\n';  // as the command ends it
  return json_response(std::move(json));
}

Response health(const ServedShops& shops) {
  const WarmShop& shop = shops.home().warm;
  const auto current = shop.current();
  const auto trouble = shop.trouble();
  std::string body;
  JsonWriter json(body);
  json.begin_object();
  json.key("status").value(trouble ? "trouble" : current ? "ok" : "loading");
  json.key("version").value(version());
  if (current) {
    json.key("revision").value(current->revision);
    json.key("sample").value(current->histories.is_sample);
  }
  json.end_object();
  Response response = json_response(std::move(body));
  if (trouble || !current) response.status = 503;
  response.headers.set("Cache-Control", "no-store");
  return response;
}

}  // namespace

void add_shop_routes(http::Router& router, const ServedShops& shops) {
  constexpr http::RoutePolicy kReads{.right = http::Right::kRead};
  router.add(http::Method::kGet, "/", handler(shops, page), kReads);
  router.add(http::Method::kGet, "/health", [&shops](const Request&) { return health(shops); },
             {.body_bytes_max = 0, .quick = true, .right = http::Right::kPublic});
  router.add(http::Method::kGet, "/api/v1/report", handler(shops, report_document), kReads);
  router.add(http::Method::kGet, "/api/v1/imports",
             handler(shops,
                     [](const Request&, const FolderShop& s) -> Result<Response> {
                       return json_response(imports_json(s.imports));
                     }),
             kReads);
  router.add(
      http::Method::kGet, "/api/v1/shops", [&shops](const Request&) { return json_response(shops.json()); }, kReads);
  for (const QuestionSyntax& question : questions()) {
    router.add(http::Method::kGet, "/api/v1/" + std::string(question.name),
               handler(shops,
                       [&question](const Request& request, const FolderShop& s) -> Result<Response> {
                         TRY(require_known(request, question.options));
                         TRY_ASSIGN(std::string body, answer_question(question.name, {s.histories, s.settings},
                                                                      lookup_of(request), Format::kJson, true));
                         return json_response(std::move(body));
                       }),
               kReads);
  }
}

}  // namespace behoud::app
