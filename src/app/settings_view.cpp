#include "app/settings_view.h"

#include <map>
#include <optional>

#include "app/read_options.h"
#include "base/json_writer.h"
#include "retention/answers.h"

namespace behoud::app {
namespace {

constexpr double kWhole = 1'000'000;

// What the orders would choose now, where that is another.
std::optional<int> proposed_window(const ledger::Settings& settings, const FolderShop* shop) {
  if (shop == nullptr || shop->histories.orders() == 0) return std::nullopt;
  const int days = retention::choose_window(shop->histories).days;
  return days == settings.window_days ? std::nullopt : std::optional(days);
}

void write_unknown_statuses(JsonWriter& json, const FolderShop* shop) {
  json.begin_array();
  if (shop != nullptr) {
    for (const timeline::LeftOut& left : shop->histories.left_out) {
      if (left.reason != "unknown_status") continue;
      json.begin_object().field("word", left.detail).field("count", left.orders).end_object();
    }
  }
  json.end_array();
}

void write_sources(JsonWriter& json, const FolderShop* shop) {
  std::map<std::string, std::uint64_t> sources;
  if (shop != nullptr) {
    for (const ledger::ImportRow& row : shop->imports) {
      if (row.state == ledger::ImportState::kCommitted && !row.meta.source.empty()) ++sources[row.meta.source];
    }
  }
  json.begin_array();
  for (const auto& [source, imports] : sources) {
    json.begin_object().field("source", source).field("imports", imports).end_object();
  }
  json.end_array();
}

}  // namespace

void write_settings(JsonWriter& json, const ledger::Settings& s, std::int64_t revision, const FolderShop* shop) {
  json.begin_object().field("revision", revision).field("zone", s.zone).key("currency");
  s.currency ? json.value(s.currency->code()) : json.null();
  json.field("window_days", s.window_days).field("window_proposed_days", proposed_window(s, shop)).key("margin_rate");
  s.margin_rate_millionth ? json.value(static_cast<double>(*s.margin_rate_millionth) / kWhole) : json.null();
  json.key("statuses").begin_object();
  for (const auto& [word, standing] : s.statuses) json.field(word, word_of(standing));
  json.end_object().key("unknown_statuses");
  write_unknown_statuses(json, shop);
  json.key("sources");
  write_sources(json, shop);
  json.key("mappings").begin_object();
  for (const auto& [shape, mapping] : s.mappings) json.field(shape, mapping);
  json.end_object().end_object();
}

std::string settings_json(const ledger::Settings& settings, std::int64_t revision, const FolderShop* shop) {
  std::string out;
  JsonWriter json(out);
  write_settings(json, settings, revision, shop);
  return out + "\n";
}

}  // namespace behoud::app
