#include "app/costs_book.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "app/options.h"
#include "app/random_id.h"
#include "app/request_body.h"
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

constexpr std::array<std::string_view, 8> kKinds{"marketing", "sales",   "support",  "discount",
                                                 "points",    "message", "referral", "other"};
constexpr std::size_t kTextMax = 1000;
constexpr std::int64_t kMinorMax = 1'000'000'000'000'000;  // above which sums of a year's costs could overflow
constexpr int kDaysAhead = 3653;                           // as in files

void write_cost(JsonWriter& json, const StoredCost& c) {
  json.begin_object();
  json.field("id", c.id.empty() ? fmt::format("f_{:x}", c.seq) : c.id);
  json.field("from", to_string(c.cost.from)).field("to", to_string(c.cost.to));
  json.field("amount_minor", c.cost.amount.minor).key("currency");
  c.cost.amount.currency.known() ? json.value(c.cost.amount.currency.code()) : json.null();
  json.field("kind", c.cost.kind).field("purpose", c.cost.purpose).field("campaign", c.cost.campaign);
  json.field("note", c.cost.note).field("origin", c.id.empty() ? "file" : "entered").key("import");
  c.import == 0 ? json.null() : json.value(c.import);
  json.end_object();
}

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

Result<std::string> short_text(const RequestBody& body, std::string_view name) {
  TRY_ASSIGN(auto text, body.text(name));
  if (!text) return std::string{};
  if (text->size() > kTextMax)
    return wrong_member(name, "this text is too long", fmt::format("at most {} bytes", kTextMax));
  return std::move(*text);
}

Result<calendar::Day> day_of(const RequestBody& body, std::string_view name, calendar::Day today) {
  TRY_ASSIGN(const std::string text, body.required_text(name));
  TRY_ASSIGN(const calendar::Day day, of_option(name, calendar::parse_day(text)));
  static const calendar::Day kEarliest = calendar::parse_day("1990-01-01").value();
  if (day < kEarliest || day > today + kDaysAhead) {
    return wrong_member(name, quoted(text) + " is too far away", "from 1990 on, at most ten years ahead");
  }
  return day;
}

Result<CostRecord> cost_of(Intake& intake, const Request& request) {
  TRY_ASSIGN(const RequestBody body, RequestBody::parse(request, {"from", "to", "amount_minor", "currency", "kind",
                                                                  "purpose", "campaign", "note"}));
  const calendar::Day today{static_cast<std::int32_t>(intake.world().now().ms / calendar::kMsPerDay)};
  CostRecord out;
  TRY_ASSIGN(out.from, day_of(body, "from", today));
  out.to = out.from + 1;
  if (body.find("to") != nullptr) {
    TRY_ASSIGN(out.to, day_of(body, "to", today));
  }
  if (out.to <= out.from) {
    return wrong_member("to", "a cost ends before it begins", "the end is the day after the last");
  }
  TRY_ASSIGN(out.amount.minor, body.required_integer("amount_minor"));
  if (std::abs(out.amount.minor) > kMinorMax) return wrong_member("amount_minor", "this amount is too large");
  TRY_ASSIGN(const ledger::Settings settings, intake.shops().home().ledger.settings());
  if (!settings.currency) {
    return fail(Errc::kConflict, "the shop has no currency yet", "choose one in the settings, or import orders first",
                {{}, 0, "currency"});
  }
  out.amount.currency = *settings.currency;
  TRY_ASSIGN(const auto currency, body.text("currency"));
  if (currency && *currency != settings.currency->code()) {
    return wrong_member("currency", "costs are entered in the shop's currency",
                        "in " + settings.currency->code() + "; import a file of costs in others");
  }
  TRY_ASSIGN(out.purpose, body.required_text("purpose"));
  if (out.purpose != "retention" && out.purpose != "acquisition") {
    return wrong_member("purpose", quoted(out.purpose) + " is no purpose", "retention or acquisition");
  }
  TRY_ASSIGN(const auto kind, body.text("kind"));
  out.kind = kind.value_or("other");
  if (std::ranges::find(kKinds, out.kind) == kKinds.end()) {
    std::string hint = "one of:";
    for (const std::string_view one : kKinds) hint += " " + std::string{one};
    return wrong_member("kind", quoted(out.kind) + " is no kind of cost", std::move(hint));
  }
  TRY_ASSIGN(out.campaign, short_text(body, "campaign"));
  TRY_ASSIGN(out.note, short_text(body, "note"));
  return out;
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
  if (found == costs.end()) return fail(Errc::kNotFound, "there is no such cost", {}, {{}, 0, "id"});
  std::string out;
  JsonWriter json(out);
  write_cost(json, *found);
  return json_answer(status, std::move(out));
}

Result<std::string> entered_id(const Request& request) {
  std::string id{request.capture("id")};
  if (id.starts_with("f_")) {
    return fail(Errc::kConflict, "this cost came out of a file", "take the import back, or import a newer file",
                {{}, 0, "id"});
  }
  if (!is_id("c_", id)) return fail(Errc::kNotFound, "there is no such cost", {}, {{}, 0, "id"});
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
  TRY_ASSIGN(const Page page, page_of(request));
  TRY_ASSIGN(const auto snapshot, shop->ledger.snapshot());
  TRY_ASSIGN(auto costs, snapshot.stored_costs());
  std::ranges::sort(costs, {}, [](const StoredCost& c) { return place_of(c); });
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
    json.value(cursor_of(fmt::format("{}/{}", day, seq)));
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
