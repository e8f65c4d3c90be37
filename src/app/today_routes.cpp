#include "app/today_routes.h"

#include <algorithm>

#include "app/answered.h"
#include "app/questions.h"
#include "app/request_words.h"
#include "app/today_command.h"
#include "http/error_body.h"

namespace behoud::app {
namespace {

using http::Request;
using http::Response;

Result<Response> today(const Request& request, const ServedShops& shops, calendar::Instant now) {
  std::vector<Option> known = today_command().syntax.options;
  std::erase_if(known, [](const Option& o) {
    return o.name == "data" || o.name == "format" || o.name == "json" || o.name == "explain";
  });
  TRY(require_known(request, known, true));
  TRY_ASSIGN(const language::Language language, language_of(request));
  TRY_ASSIGN(const Format format, format_of(request));
  TRY_ASSIGN(const ServedShop* const shop, shops.asked_for(request));
  TRY_ASSIGN(const auto current, shop->loaded());
  // Whoever looks at today looks at people next.
  shop->customers.prepare(current);
  // The day it is decides what is silent.
  const std::string day = to_string(current->histories.zone.day_of(now));
  return answered(request, shops, *shop, *current, day, [&]() -> Result<Response> {
    TRY_ASSIGN(const retention::Question question, parse_question(lookup_of(request), current->histories.zone));
    TRY(require_basis(current->histories, question));
    TRY_ASSIGN(const auto facts, today_facts(shop->ledger, *current, now));
    TRY_ASSIGN(const auto made, retention::report::make_today(current->source(), current->settings, facts, question));
    const std::string_view code = language::code(language);
    TRY_ASSIGN(std::string body,
               format == Format::kCsv ? today_csv(made, code) : retention::report::today_json(made, code));
    Response response =
        format == Format::kCsv ? csv_response(std::move(body), "behoud-today.csv") : json_response(std::move(body));
    response.headers.set("Vary", "Accept-Language");
    return response;
  });
}

}  // namespace

void add_today_route(http::Router& router, const ServedShops& shops) {
  router.add(http::Method::kGet, "/api/v1/today",
             [&shops](const Request& request) -> Response {
               auto made = today(request, shops, shops.now());
               return made ? std::move(*made) : http::error_response(as_sent(request, std::move(made).error()));
             },
             {.right = http::Right::kRead});
}

}  // namespace behoud::app
