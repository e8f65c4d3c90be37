#include "app/settings_book.h"

#include <cmath>

#include <fmt/format.h>

#include "app/imports_json.h"
#include "app/question_options.h"
#include "app/read_options.h"
#include "app/request_body.h"
#include "app/route_answers.h"
#include "app/settings_view.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "http/error_body.h"

namespace behoud::app {
namespace {

using http::Request;
using http::Response;
using ledger::Settings;
using ledger::SettingsChange;

constexpr double kWhole = 1'000'000;

Result<SettingsChange> change_of(const RequestBody& body) {
  SettingsChange out;
  TRY_ASSIGN(const auto zone, body.text("zone"));
  if (zone) {
    TRY_ASSIGN(const auto known, of_option("zone", calendar::Zone::create(*zone)));
    out.zone = known.name();
  }
  TRY_ASSIGN(const auto currency, body.text("currency"));
  if (currency) {
    TRY_ASSIGN(out.currency, of_option("currency", money::Currency::parse(*currency)));
  }
  TRY_ASSIGN(const auto window, body.integer("window_days"));
  if (window) {
    TRY_ASSIGN(out.window_days, of_option("window_days", parse_window(std::to_string(*window))));
  }
  TRY_ASSIGN(const auto margin, body.number("margin_rate"));
  if (margin) {
    const bool share = *margin >= 0 && *margin <= 1;
    if (!share)
      return wrong_member("margin_rate", "this is no margin", "from 0 to 1, or null", {"problem.margin_unfit"});
    out.margin_rate_millionth = std::optional(static_cast<std::int32_t>(std::lround(*margin * kWhole)));
  } else if (body.says("margin_rate")) {
    out.margin_rate_millionth = std::optional<std::int32_t>{};
  }
  const boost::json::value* statuses = body.find("statuses");
  if (statuses == nullptr) return out;
  TRY_ASSIGN(out.statuses, standings_of(*statuses));
  return out;
}

// "7", in quotes, weak or not. Errors: kInvalidArgument.
Result<std::optional<std::int64_t>> expected_of(const Request& request) {
  const auto header = request.headers.find("If-Match");
  if (!header) return std::nullopt;
  std::string_view text = trim(*header);
  if (text == "*") return std::nullopt;
  if (text.starts_with("W/")) text.remove_prefix(2);
  const bool quoted_text = text.size() >= 2 && text.starts_with('"') && text.ends_with('"');
  const auto number = quoted_text ? parse_integer(text.substr(1, text.size() - 2)) : std::nullopt;
  if (!number) return wrong_member("If-Match", "this is no revision of the settings", "as \"7\", with the quotes");
  return *number;
}

std::vector<std::string_view> changed(const Settings& before, const Settings& after) {
  std::vector<std::string_view> out;
  if (before.zone != after.zone) out.emplace_back("zone");
  if (before.currency != after.currency) out.emplace_back("currency");
  if (before.window_days != after.window_days) out.emplace_back("window_days");
  if (before.margin_rate_millionth != after.margin_rate_millionth) out.emplace_back("margin_rate");
  if (before.statuses != after.statuses) out.emplace_back("statuses");
  return out;
}

}  // namespace

Result<Response> show_settings(Intake& intake, const Request& request) {
  TRY_ASSIGN(const ServedShop* const shop, intake.shops().asked_for(request));
  TRY_ASSIGN(const std::int64_t revision, shop->ledger.settings_revision());
  TRY_ASSIGN(const Settings settings, shop->ledger.settings());
  const auto loaded = shop->warm.current();
  return json_answer(200, settings_json(settings, revision, loaded.get()));
}

Result<Response> change_settings(Intake& intake, const Request& request) {
  TRY_ASSIGN(const RequestBody body,
             RequestBody::parse(request, {"zone", "currency", "window_days", "margin_rate", "statuses"}));
  TRY_ASSIGN(const SettingsChange change, change_of(body));
  TRY_ASSIGN(const auto expected, expected_of(request));
  ServedShop& shop = intake.shops().home();
  TRY_ASSIGN(const Settings before, shop.ledger.settings());
  if (const auto done = shop.ledger.change(change, expected); !done) {
    if (done.error().code != Errc::kConflict) return std::unexpected(done.error());
    return http::error_response(409, "changed_meanwhile", "somebody else has changed the settings meanwhile",
                                "look at them as they are now, and change them again");
  }
  shop.warm.refresh();
  TRY_ASSIGN(const std::int64_t revision, shop.ledger.settings_revision());
  TRY_ASSIGN(const Settings after, shop.ledger.settings());
  const auto names = changed(before, after);
  std::string list;
  JsonWriter names_json(list);
  names_json.begin_array();
  for (const std::string_view name : names) names_json.value(name);
  names_json.end_array();
  if (!names.empty()) {
    intake.record({request.actor, "settings_changed", "settings", {}, fmt::format("{{\"changed\":{}}}", list)});
  }
  const auto loaded = shop.warm.current();
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("changed").raw(list).key("settings");
  write_settings(json, after, revision, loaded.get());
  json.end_object();
  return json_answer(200, std::move(out));
}

}  // namespace behoud::app
