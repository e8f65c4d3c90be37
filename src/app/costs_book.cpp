#include "app/costs_book.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/entered_cost.h"
#include "app/random_id.h"
#include "app/request_body.h"
#include "app/request_words.h"
#include "app/route_answers.h"
#include "app/sha256.h"
#include "base/text.h"
#include "http/error_body.h"

namespace behoud::app {
namespace {

using http::Request;
using http::Response;
using ledger::CostRecord;
using ledger::StoredCost;

// The newest day first; of one day the newest statement.
std::pair<std::int64_t, std::int64_t> place_of(const StoredCost& c) {
  return {-std::int64_t{c.cost.from.number}, -static_cast<std::int64_t>(c.seq)};
}

Result<std::pair<std::int64_t, std::int64_t>> place_of(std::string_view key) {
  const std::size_t slash = key.find('/');
  const auto day = parse_integer(key.substr(0, slash));
  const auto seq = slash == std::string_view::npos ? std::nullopt : parse_integer(key.substr(slash + 1));
  if (!day || !seq) return wrong_member("cursor", "the cursor is none of this list");
  return std::pair{*day, *seq};
}

Result<CostRecord> cost_of(Intake& intake, const Request& request) {
  TRY_ASSIGN(const RequestBody body, RequestBody::parse(request, {"from", "to", "amount_minor", "currency", "kind",
                                                                  "purpose", "campaign", "note"}));
  CostWords words;
  TRY_ASSIGN(words.from, body.required_text("from"));
  TRY_ASSIGN(words.to, body.text("to"));
  TRY_ASSIGN(words.amount_minor, body.required_integer("amount_minor"));
  TRY_ASSIGN(words.currency, body.text("currency"));
  TRY_ASSIGN(words.purpose, body.required_text("purpose"));
  TRY_ASSIGN(words.kind, body.text("kind"));
  TRY_ASSIGN(words.campaign, body.text("campaign"));
  TRY_ASSIGN(words.note, body.text("note"));
  TRY_ASSIGN(const ledger::Settings settings, intake.shops().home().ledger.settings());
  return check_cost(words, settings, intake.world().now());
}

// The same key gives the same id, so that a cost whose answer was lost is not entered twice.
std::string new_id(const Intake& intake, const KeptAnswers::Slot* slot);

Result<Response> written(Intake& intake, const Request& request, int status, const std::string& id,
                         std::string_view action) {
  ServedShop& shop = intake.shops().home();
  shop.warm.refresh();
  intake.record({request.actor, std::string{action}, "cost", {}, {}});
  if (status == 204) return Response{204, {}, {}, {}};
  TRY_ASSIGN(const auto snapshot, shop.ledger.snapshot());
  TRY_ASSIGN(const auto costs, snapshot.stored_costs());
  const auto found = std::ranges::find(costs, id, &StoredCost::id);
  // Taken away in between by somebody else.
  if (found == costs.end())
    return fail(Errc::kNotFound, "there is no such cost", {}, {{}, 0, "id"}, {"problem.cost_gone"});
  std::string out;
  JsonWriter json(out);
  write_cost(json, *found);
  return json_answer(status, std::move(out));
}

Result<std::string> entered_id(const Request& request) {
  std::string id{request.capture("id")};
  TRY(check_entered_id(id));
  return id;
}

std::string new_id(const Intake& intake, const KeptAnswers::Slot* slot) {
  if (slot == nullptr) return random_id("c_", intake.world());
  Sha256 sum;
  sum.add(slot->key);
  return "c_" + sum.hexadecimal().substr(0, 32);
}

}  // namespace

Result<Response> list_costs(Intake& intake, const Request& request) {
  TRY_ASSIGN(const ServedShop* const shop, intake.shops().asked_for(request));
  TRY_ASSIGN(const http::Page page, http::page_of(request));
  TRY_ASSIGN(const auto snapshot, shop->ledger.snapshot());
  TRY_ASSIGN(const auto costs, listed_costs(snapshot));
  TRY_ASSIGN(const Format format, format_of(request));
  if (format == Format::kCsv) return csv_response(to_csv(costs_sheet(costs)), "behoud-costs.csv");  // all of them
  auto next = costs.begin();
  if (!page.after.empty()) {
    TRY_ASSIGN(const auto after, place_of(page.after));
    next = std::ranges::upper_bound(costs, after, {}, [](const StoredCost& c) { return place_of(c); });
  }
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("rows").begin_array();
  std::size_t given = 0;
  for (; next != costs.end() && given < page.limit; ++next, ++given) write_cost(json, *next);
  json.end_array().key("next");
  if (next == costs.end() || given == 0) {
    json.null();
  } else {
    const auto [day, seq] = place_of(*std::prev(next));
    json.value(http::cursor_of(fmt::format("{}/{}", day, seq)));
  }
  json.field("total", costs.size()).end_object();
  return json_answer(200, std::move(out));
}

Result<Response> enter_cost(Intake& intake, const Request& request, const KeptAnswers::Slot* slot) {
  TRY_ASSIGN(const CostRecord cost, cost_of(intake, request));
  const std::string id = new_id(intake, slot);
  TRY(intake.shops().home().ledger.enter_cost(id, cost));
  return written(intake, request, 201, id, "cost_entered");
}

Result<Response> restate_cost(Intake& intake, const Request& request) {
  TRY_ASSIGN(const std::string id, entered_id(request));
  TRY_ASSIGN(const CostRecord cost, cost_of(intake, request));
  TRY(intake.shops().home().ledger.restate_cost(id, cost));
  return written(intake, request, 200, id, "cost_changed");
}

Result<Response> take_cost_away(Intake& intake, const Request& request) {
  TRY_ASSIGN(const std::string id, entered_id(request));
  TRY(intake.shops().home().ledger.take_cost_away(id));
  return written(intake, request, 204, id, "cost_removed");
}

}  // namespace behoud::app
