#include "app/entered_cost.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "app/options.h"
#include "app/random_id.h"
#include "base/text.h"

namespace behoud::app {
namespace {

using ledger::CostRecord;
using ledger::StoredCost;

constexpr std::array<std::string_view, 8> kKinds{"marketing", "sales",   "support",  "discount",
                                                 "points",    "message", "referral", "other"};
constexpr std::size_t kTextMax = 1000;
constexpr std::int64_t kMinorMax = 1'000'000'000'000'000;  // above which sums of a year's costs could overflow
constexpr int kDaysAhead = 3653;                           // as in files

std::unexpected<Error> wrong(std::string_view name, std::string message, std::string hint, Why why) {
  return fail(Errc::kInvalidArgument, std::move(message), std::move(hint), {{}, 0, std::string{name}}, std::move(why));
}

Result<std::string> short_text(std::string_view name, const std::optional<std::string>& text) {
  if (!text) return std::string{};
  const bool control = std::ranges::any_of(*text, [](char c) { return static_cast<unsigned char>(c) < ' '; });
  if (text->size() > kTextMax || control || !is_utf8(*text)) {
    return wrong(name, "this is no text of a cost", fmt::format("one line of at most {} bytes", kTextMax),
                 {"problem.text_unfit", {{"most", kTextMax}}});
  }
  return *text;
}

Result<calendar::Day> day_of(std::string_view name, const std::string& text, calendar::Instant now) {
  TRY_ASSIGN(const calendar::Day day, of_option(name, calendar::parse_day(text)));
  const calendar::Day today{static_cast<std::int32_t>(now.ms / calendar::kMsPerDay)};
  if (day < calendar::civil(1990, 1, 1) || day > today + kDaysAhead) {
    return wrong(name, quoted(text) + " is too far away", "from 1990 on, at most ten years ahead",
                 {"problem.day_too_far", {{"value", text}}});
  }
  return day;
}

}  // namespace

Result<CostRecord> check_cost(const CostWords& words, const ledger::Settings& settings, calendar::Instant now) {
  CostRecord out;
  TRY_ASSIGN(out.from, day_of("from", words.from, now));
  out.to = out.from + 1;
  if (words.to) {
    TRY_ASSIGN(out.to, day_of("to", *words.to, now));
  }
  if (out.to <= out.from) {
    return wrong("to", "a cost ends before it begins", "the end is the day after the last",
                 {"problem.cost_ends_before"});
  }
  out.amount.minor = words.amount_minor;
  if (out.amount.minor > kMinorMax || out.amount.minor < -kMinorMax) {
    return wrong("amount_minor", "this amount is too large", {}, {"problem.amount_too_large"});
  }
  if (!settings.currency) {
    return fail(Errc::kConflict, "the shop has no currency yet", "choose one in the settings, or import orders first",
                {{}, 0, "currency"}, {"problem.shop_without_currency"});
  }
  out.amount.currency = *settings.currency;
  if (words.currency && *words.currency != settings.currency->code()) {
    return wrong("currency", "costs are entered in the shop's currency",
                 "in " + settings.currency->code() + "; import a file of costs in others",
                 {"problem.cost_other_currency", {{"currency", settings.currency->code()}}});
  }
  out.purpose = words.purpose;
  if (out.purpose != "retention" && out.purpose != "acquisition") {
    return wrong("purpose", quoted(out.purpose) + " is no purpose", "retention or acquisition",
                 {"problem.cost_purpose_unknown"});
  }
  out.kind = words.kind.value_or("other");
  if (std::ranges::find(kKinds, out.kind) == kKinds.end()) {
    std::string hint = "one of:";
    for (const std::string_view one : kKinds) hint += " " + std::string{one};
    return wrong("kind", quoted(out.kind) + " is no kind of cost", std::move(hint), {"problem.cost_kind_unknown"});
  }
  TRY_ASSIGN(out.campaign, short_text("campaign", words.campaign));
  TRY_ASSIGN(out.note, short_text("note", words.note));
  return out;
}

std::string shown_id(const StoredCost& cost) { return cost.id.empty() ? fmt::format("f_{:x}", cost.seq) : cost.id; }

Result<void> check_entered_id(std::string_view id) {
  if (id.starts_with("f_")) {
    return fail(Errc::kConflict, "this cost came out of a file", "take the import back, or import a newer file",
                {{}, 0, "id"}, {"problem.cost_of_a_file"});
  }
  if (!is_id("c_", id)) return fail(Errc::kNotFound, "there is no such cost", {}, {{}, 0, "id"}, {"problem.cost_gone"});
  return {};
}

Result<std::vector<StoredCost>> listed_costs(const ledger::Snapshot& snapshot) {
  TRY_ASSIGN(auto costs, snapshot.stored_costs());
  std::ranges::sort(costs, [](const StoredCost& a, const StoredCost& b) {
    return a.cost.from != b.cost.from ? a.cost.from > b.cost.from : a.seq > b.seq;
  });
  return costs;
}

void write_cost(JsonWriter& json, const StoredCost& c) {
  json.begin_object();
  json.field("id", shown_id(c));
  json.field("from", to_string(c.cost.from)).field("to", to_string(c.cost.to));
  json.field("amount_minor", c.cost.amount.minor).key("currency");
  c.cost.amount.currency.known() ? json.value(c.cost.amount.currency.code()) : json.null();
  json.field("kind", c.cost.kind).field("purpose", c.cost.purpose).field("campaign", c.cost.campaign);
  json.field("note", c.cost.note).field("origin", c.id.empty() ? "file" : "entered").key("import");
  c.import == 0 ? json.null() : json.value(c.import);
  json.end_object();
}

Sheet costs_sheet(const std::vector<ledger::StoredCost>& costs) {
  Sheet sheet;
  for (const char* column :
       {"id", "from", "to", "amount_minor", "currency", "kind", "purpose", "campaign", "note", "origin"}) {
    sheet.columns.push_back({column, false});
  }
  for (const ledger::StoredCost& c : costs) {
    sheet.rows.push_back({shown_id(c), c.cost.from, c.cost.to, c.cost.amount.minor, c.cost.amount.currency.code(),
                          c.cost.kind, c.cost.purpose, c.cost.campaign, c.cost.note,
                          std::string{c.id.empty() ? "file" : "entered"}});
  }
  return sheet;
}

}  // namespace behoud::app
