#include "app/customer_routes.h"

#include "app/answered.h"
#include "app/customer_history.h"
#include "app/customer_list.h"
#include "app/questions.h"
#include "app/request_words.h"
#include "app/route_answers.h"
#include "http/error_body.h"

namespace behoud::app {
namespace {

using http::Request;
using http::Response;

// In a URL the search is `q`.
Lookup customer_words(const Request& request) {
  return [said = lookup_of(request)](std::string_view name) { return said(name == "search" ? "q" : name); };
}

std::vector<Option> parameters() {
  std::vector<Option> out = question_named("customers").options;
  for (Option& option : out) {
    if (option.name == "search") option.name = "q";
  }
  return out;
}

Result<Response> customers(const Request& request, const ServedShops& shops) {
  TRY(require_known(request, parameters(), true));
  TRY_ASSIGN(const Format format, format_of(request));
  TRY_ASSIGN(const ServedShop* const shop, shops.asked_for(request));
  TRY_ASSIGN(const auto current, shop->loaded());
  const Lookup said = customer_words(request);
  TRY_ASSIGN(const bool wants_list, asks_for_list(said));
  if (!wants_list) {
    Asked of{current->histories, current->settings, current->prepared.get()};
    std::string names_of;
    TRY_ASSIGN(const bool names, wants_names(said));
    if (names) {
      TRY_ASSIGN(const auto directory, shop->customers.find(current));
      // The names may be of another revision than the figures, while those of it are being made.
      names_of = std::to_string(directory->shop().revision);
      of.called = [directory, current](auto rows) { return called_of(*directory, current->histories, rows); };
    }
    return answered(request, shops, *shop, *current, names_of, [&]() -> Result<Response> {
      TRY_ASSIGN(std::string body, answer_question("customers", of, said, format, true));
      if (format == Format::kJson) return json_response(std::move(body));
      return csv_response(std::move(body), "behoud-customers.csv");
    });
  }
  TRY_ASSIGN(const CustomerQuery query, parse_customer_query(said));
  TRY_ASSIGN(const auto directory, shop->customers.find(current));
  return answered(request, shops, *shop, directory->shop(), {}, [&]() -> Result<Response> {
    const CustomerPage page = page_of(*directory, query);
    if (format == Format::kJson) return json_response(page_json(*directory, page));
    return csv_response(to_csv(page_sheet(*directory, page)), "behoud-customers.csv");
  });
}

Result<Response> customer(const Request& request, const ServedShops& shops) {
  TRY(require_known(request, history_options(), true));
  TRY_ASSIGN(const Format format, format_of(request));
  TRY_ASSIGN(const ServedShop* const shop, shops.asked_for(request));
  TRY_ASSIGN(const auto current, shop->loaded());
  const Lookup said = lookup_of(request);
  TRY_ASSIGN(const HistoryQuery query, parse_history_query(said));
  TRY_ASSIGN(const auto directory, shop->customers.find(current));
  TRY_ASSIGN(const std::uint32_t who, customer_named(*directory, request.capture("id"), said));
  // The rows may be of a later revision than the figures, while those are being made.
  TRY_ASSIGN(const ledger::Snapshot snapshot, shop->ledger.snapshot());
  const std::string rows_of = std::to_string(snapshot.revision());
  return answered(request, shops, *shop, directory->shop(), rows_of, [&]() -> Result<Response> {
    TRY_ASSIGN(const CustomerHistory history, history_of(snapshot, *directory, who, query));
    if (format == Format::kJson) return json_response(history_json(*directory, history));
    return csv_response(to_csv(history_sheet(history)), "behoud-customer.csv");
  });
}

http::Handler handler(const ServedShops& shops, Result<Response> (*answer)(const Request&, const ServedShops&)) {
  return [&shops, answer](const Request& request) -> Response {
    auto made = answer(request, shops);
    if (!made && made.error().place.column == "search" && !request.parameter("search")) made.error().place.column = "q";
    return made ? std::move(*made) : refusal(as_sent(request, std::move(made).error()));
  };
}

}  // namespace

void add_customer_routes(http::Router& router, const ServedShops& shops) {
  constexpr http::RoutePolicy kReads{.right = http::Right::kRead};
  router.add(http::Method::kGet, "/api/v1/customers", handler(shops, customers), kReads);
  router.add(http::Method::kGet, "/api/v1/customers/{id}", handler(shops, customer), kReads);
}

}  // namespace behoud::app
