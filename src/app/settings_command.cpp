#include "app/settings_command.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "app/command_log.h"
#include "app/data_access.h"
#include "app/folder_shop.h"
#include "app/question_options.h"
#include "app/read_options.h"
#include "app/settings_view.h"
#include "base/json_writer.h"
#include "base/text.h"

namespace behoud::app {
namespace {

using ledger::Settings;
using ledger::SettingsChange;

constexpr std::int32_t kWhole = 1'000'000;

// "35%", "35.5%" or "none".
Result<std::optional<std::int32_t>> parse_margin(std::string_view text) {
  if (text == "none") return std::optional<std::int32_t>{};
  std::string_view digits = text;
  if (digits.ends_with('%')) digits.remove_suffix(1);
  double percent = -1;
  const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), percent);
  if (ec == std::errc{} && end == digits.data() + digits.size() && percent >= 0 && percent <= 100) {
    return std::optional(static_cast<std::int32_t>(std::lround(percent * kWhole / 100)));
  }
  return fail(Errc::kInvalidArgument, fmt::format("{} is not a margin", behoud::quoted(text)), "as 35% or none",
              {{}, 0, "margin"}, {"problem.margin_unfit"});
}

Result<SettingsChange> change_of(const Call& call) {
  SettingsChange out;
  if (const auto text = call.value("timezone")) {
    TRY_ASSIGN(const auto zone, of_option("timezone", calendar::Zone::create(*text)));
    out.zone = zone.name();
  }
  if (const auto text = call.value("currency")) {
    TRY_ASSIGN(out.currency, of_option("currency", money::Currency::parse(*text)));
  }
  if (const auto text = call.value("window")) {
    TRY_ASSIGN(out.window_days, parse_window(*text));
  }
  if (const auto text = call.value("margin")) {
    TRY_ASSIGN(out.margin_rate_millionth, parse_margin(*text));
  }
  TRY_ASSIGN(out.statuses, statuses_of(call));
  return out;
}

std::string percent_of(std::int32_t millionth) {
  return fmt::format("{}%", json_number(static_cast<double>(millionth) * 100 / kWhole));
}

std::string settings_text(const Settings& s) {
  std::string out;
  const auto line = [&out](std::string_view name, const std::string& value) {
    out += fmt::format("{:<9} {}\n", name, value.empty() ? "not set" : value);
  };
  line("timezone", s.zone.value_or(""));
  line("currency", s.currency ? s.currency->code() : "");
  line("window", s.window_days ? fmt::format("{}d", *s.window_days) : "");
  line("margin", s.margin_rate_millionth ? percent_of(*s.margin_rate_millionth) : "");
  for (const auto& [word, standing] : s.statuses) line("status", fmt::format("{}={}", word, word_of(standing)));
  for (const auto& [shape, mapping] : s.mappings) line("map", mapping);
  return out;
}

// An option, and the setting by the name that the API has for it.
constexpr std::array<std::pair<const char*, const char*>, 5> kSettings{{{"timezone", "zone"},
                                                                        {"currency", "currency"},
                                                                        {"window", "window_days"},
                                                                        {"margin", "margin_rate"},
                                                                        {"status", "statuses"}}};

bool changes(const Arguments& a) {
  return std::ranges::any_of(kSettings, [&](const auto& setting) { return a.has(setting.first); });
}

std::string changed_json(const Arguments& a) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("changed").begin_array();
  for (const auto& [option, name] : kSettings) {
    if (a.has(option)) json.value(std::string_view{name});
  }
  json.end_array().end_object();
  return out;
}

Result<void> show(const ledger::Ledger& ledger, const Call& call) {
  TRY_ASSIGN(const std::int64_t revision, ledger.settings_revision());
  TRY_ASSIGN(const ledger::Snapshot snapshot, ledger.snapshot());
  if (!call.has("json")) {
    call.console.out(settings_text(snapshot.settings()));
    return {};
  }
  TRY_ASSIGN(const FolderShop shop, read_folder_shop(snapshot));
  call.console.out(settings_json(snapshot.settings(), revision, &shop));
  return {};
}

Result<void> settings(const Call& call) {
  if (!changes(call.arguments)) {
    TRY_ASSIGN(const ledger::Ledger ledger, open_reading(call));
    return show(ledger, call);
  }
  TRY_ASSIGN(const SettingsChange change, change_of(call));
  TRY_ASSIGN(const WritingLedger ledger, open_writing(call, IfMissing::kFail));
  TRY_ASSIGN(const std::int64_t before, ledger->settings_revision());
  TRY(ledger->change(change));
  TRY_ASSIGN(const std::int64_t after, ledger->settings_revision());
  if (after != before) {
    record_after(call, *ledger, {"settings_changed", "settings", {}, changed_json(call.arguments)});
  }
  return show(*ledger, call);
}

}  // namespace

Command settings_command() {
  return {
      .syntax = {.name = "settings",
                 .operands = "",
                 .operands_min = 0,
                 .operands_max = 0,
                 .summary = "Shows a shop's settings, or changes them",
                 .details =
                     "A change is a record of its own: every figure is computed anew from then on, also of the past.",
                 .options = {data_option(),
                             json_option(),
                             {"timezone", "ZONE", "the shop's civil days, as Europe/Amsterdam", false},
                             {"currency", "CUR", "the currency figures are in, as EUR", false},
                             {"window", "Nd", "who ordered in the last N days is active", false},
                             {"margin", "RATE", "of revenue, where items have no cost, as 35%; none: not known", false},
                             status_option()}},
      .run = settings,
      .writes = changes,
      .files_from = kAnyNumber};
}

}  // namespace behoud::app
