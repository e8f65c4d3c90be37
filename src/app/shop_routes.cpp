#include "app/shop_routes.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string>

#include <fmt/format.h>

#include "app/answered.h"
#include "app/command.h"
#include "app/customer_routes.h"
#include "app/definitions_command.h"
#include "app/import_view.h"
#include "app/imports_json.h"
#include "app/questions.h"
#include "app/request_words.h"
#include "app/route_answers.h"
#include "app/today_routes.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "http/error_body.h"
#include "http/page.h"
#include "language/language.h"
#include "retention/report/html.h"
#include "retention/report/json.h"
#include "retention/report/report.h"

namespace behoud::app {
namespace {

namespace report = retention::report;
using http::Request;
using http::Response;

std::vector<Option> report_parameters() {
  std::vector<Option> out = question_options();
  out.push_back({"lang", "en|nl|sv", "", false});
  return out;
}

// All answers are functions of the shop at its revision and of the request's words: who holds one already is told so
// before anything is reckoned. `explained`: its answer is an object that has a place for what it took.
template <class Answer>
http::Handler handler(const ServedShops& shops, Answer answer, bool explained) {
  return [&shops, answer, explained](const Request& request) -> Response {
    auto made = [&]() -> Result<Response> {
      // Found before an answer that was kept is: its tag knows of no explain.
      if (!explained && request.parameter("explain")) TRY(require_known(request, report_parameters()));
      TRY_ASSIGN(const ServedShop* const shop, shops.asked_for(request));
      TRY_ASSIGN(const auto current, shop->loaded());
      return answered(request, shops, *shop, *current, {},
                      [&]() -> Result<Response> { return answer(request, *current); });
    }();
    return made ? std::move(*made) : http::error_response(as_sent(request, std::move(made).error()));
  };
}

Result<report::Report> report_of(const Request& request, const FolderShop& shop) {
  report::ReportOptions options;
  TRY_ASSIGN(options.question, parse_question(lookup_of(request), shop.histories.zone));
  TRY(require_basis(shop.histories, options.question));
  return report::make_report(shop.source(), {}, shop.settings, options);
}

Result<Response> page(const Request& request, const FolderShop& shop) {
  TRY(require_known(request, report_parameters()));
  TRY_ASSIGN(const language::Language language, language_of(request));
  TRY_ASSIGN(const report::Report made, report_of(request, shop));
  TRY_ASSIGN(std::string html, report::render_html(made, language::code(language)));
  Response response = report_page(std::move(html));
  response.headers.set("Vary", "Accept-Language");
  response.headers.set("Cache-Control", "private, no-cache");
  return response;
}

Result<Response> report_document(const Request& request, const FolderShop& shop) {
  TRY(require_known(request, report_parameters(), true));
  TRY(language_of(request));
  TRY_ASSIGN(const Format format, format_of(request));
  if (format == Format::kCsv) {
    return fail(Errc::kInvalidArgument, "the report is no table", "ask a question for CSV, as /api/v1/retention",
                {{}, 0, "format"});
  }
  TRY_ASSIGN(const report::Report made, report_of(request, shop));
  TRY_ASSIGN(std::string json, report::render_json(made));
  if (!json.ends_with('\n')) json += '\n';  // as the command ends it
  return json_response(std::move(json));
}

// All of them, as the command lists them; in parts for who asks for parts.
Result<Response> imports(const Request& request, const FolderShop& shop) {
  TRY(require_known(request, {{"limit", "N", "", false}, {"cursor", "CURSOR", "", false}}));
  TRY_ASSIGN(const Format format, format_of(request));
  TRY_ASSIGN(const http::Page asked, http::page_of(request));
  const std::vector<ledger::ImportRow>& all = shop.imports;
  if (format == Format::kCsv) return csv_response(to_csv(imports_sheet(all)), "behoud-imports.csv");
  if (!request.parameter("limit") && !request.parameter("cursor")) return json_response(imports_json(all));
  TRY_ASSIGN(const auto part,
             http::part_of(all, asked, http::Order::kAscending, [](const auto& row) { return row.id; }));
  return json_response(imports_json(part.rows, part.next));
}

// The same for every shop.
Response definitions(const Request& request) {
  auto made = [&]() -> Result<Response> {
    TRY(require_known(request, {{"lang", "LANG", "", false}}));
    TRY_ASSIGN(const language::Language language, language_of(request));
    TRY_ASSIGN(const Format format, format_of(request));
    Response response = format == Format::kCsv ? csv_response(definitions_csv(language), "behoud-definitions.csv")
                                               : json_response(definitions_json(language));
    response.headers.set("Vary", "Accept-Language");
    return response;
  }();
  return made ? std::move(*made) : http::error_response(made.error());
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
  router.add(http::Method::kGet, "/report", handler(shops, page, false), kReads);
  router.add(http::Method::kGet, "/health", [&shops](const Request&) { return health(shops); },
             {.body_bytes_max = 0, .quick = true, .right = http::Right::kPublic});
  router.add(http::Method::kGet, "/api/v1/report", handler(shops, report_document, true), kReads);
  router.add(http::Method::kGet, "/api/v1/imports", handler(shops, imports, false), kReads);
  router.add(
      http::Method::kGet, "/api/v1/shops",
      [&shops](const Request& request) {
        const auto known = require_known(request, {});
        return known ? json_response(shops.json()) : http::error_response(known.error());
      },
      kReads);
  router.add(http::Method::kGet, "/api/v1/definitions", definitions, kReads);
  add_customer_routes(router, shops);
  add_today_route(router, shops);
  for (const QuestionSyntax& question : questions()) {
    if (question.name == "customers") continue;
    router.add(http::Method::kGet, "/api/v1/" + std::string(question.name),
               handler(
                   shops,
                   [&question](const Request& request, const FolderShop& s) -> Result<Response> {
                     TRY(require_known(request, question.options, true));
                     TRY_ASSIGN(const Format format, format_of(request));
                     TRY_ASSIGN(std::string body,
                                answer_question(question.name, {s.histories, s.settings, s.prepared.get()},
                                                lookup_of(request), format, true));
                     if (format == Format::kJson) return json_response(std::move(body));
                     return csv_response(std::move(body), fmt::format("behoud-{}.csv", question.name));
                   },
                   true),
               kReads);
  }
}

void add_report_as_home(http::Router& router, const ServedShops& shops) {
  router.add(http::Method::kGet, "/", handler(shops, page, false), {.right = http::Right::kRead});
}

}  // namespace behoud::app
