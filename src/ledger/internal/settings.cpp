#include <charconv>

#include <fmt/format.h>

#include "ledger/internal/ledger_state.h"

namespace behoud::ledger::internal {
namespace {

constexpr std::string_view kStatus = "status:", kMapping = "mapping:";

constexpr std::pair<Standing, std::string_view> kStandings[] = {
    {Standing::kCounts, "counts"},     {Standing::kAwaited, "awaited"}, {Standing::kNot, "not"},
    {Standing::kRefunded, "refunded"}, {Standing::kUnknown, "unknown"}, {Standing::kTest, "test"}};

std::string_view word_of(Standing s) {
  for (const auto& [standing, word] : kStandings) {
    if (standing == s) return word;
  }
  return "unknown";
}

// One setting as it stands in its row: absent, a number or a text.
using Value = std::optional<std::string>;

}  // namespace

Result<Settings> read_settings(Database& db) {
  Settings settings;
  TRY_ASSIGN(auto s, db.prepare("SELECT name, value FROM setting ORDER BY seq"));
  for (;;) {
    TRY_ASSIGN(const bool row, s.step());
    if (!row) return settings;
    const std::string name = s.text(0);
    const bool none = s.null(1);
    if (name == "zone") {
      settings.zone = none ? std::nullopt : std::optional(s.text(1));
    } else if (name == "currency") {
      settings.currency = std::nullopt;
      if (!none) {
        auto currency = money::Currency::parse(s.bytes(1));
        if (!currency) return fail(Errc::kCorrupt, "the ledger's currency cannot be read");
        settings.currency = *currency;
      }
    } else if (name == "window_days") {
      settings.window_days = none ? std::nullopt : std::optional(static_cast<int>(s.integer(1)));
    } else if (name == "margin_rate_millionth") {
      settings.margin_rate_millionth = none ? std::nullopt : std::optional(static_cast<std::int32_t>(s.integer(1)));
    } else if (name.starts_with(kStatus)) {
      const std::string word = name.substr(kStatus.size());
      settings.statuses.erase(word);
      for (const auto& [standing, text] : kStandings) {
        if (!none && s.bytes(1) == text) settings.statuses[word] = standing;
      }
    } else if (name.starts_with(kMapping)) {
      const std::string fingerprint = name.substr(kMapping.size());
      settings.mappings.erase(fingerprint);
      if (!none) settings.mappings[fingerprint] = s.text(1);
    }
  }
}

Result<bool> write_settings(Database& db, const SettingsChange& change, std::int64_t now_ms, std::int64_t& next_seq) {
  TRY_ASSIGN(const Settings now, read_settings(db));
  TRY_ASSIGN(auto insert, db.prepare("INSERT INTO setting VALUES(?1, ?2, ?3, ?4)"));
  bool changed = false;
  const auto write = [&](const std::string& name, const auto& value) -> Result<void> {
    changed = true;
    return insert.run(next_seq++, now_ms, name, value);
  };
  if (change.zone && change.zone != now.zone) TRY(write("zone", *change.zone));
  if (change.currency && change.currency != now.currency) {
    const std::string code = change.currency->code();
    TRY(write("currency", code.empty() ? std::nullopt : std::optional(code)));
  }
  if (change.window_days && change.window_days != now.window_days) TRY(write("window_days", *change.window_days));
  if (change.margin_rate_millionth && *change.margin_rate_millionth != now.margin_rate_millionth) {
    TRY(write("margin_rate_millionth", *change.margin_rate_millionth));
  }
  for (const auto& [word, standing] : change.statuses) {
    const auto it = now.statuses.find(word);
    const auto had = it == now.statuses.end() ? std::nullopt : std::optional(it->second);
    if (standing == had) continue;
    TRY(write(std::string(kStatus) + word, standing ? Value(word_of(*standing)) : Value()));
  }
  for (const auto& [fingerprint, mapping] : change.mappings) {
    const auto it = now.mappings.find(fingerprint);
    if (mapping == (it == now.mappings.end() ? std::string() : it->second)) continue;
    TRY(write(std::string(kMapping) + fingerprint, mapping.empty() ? Value() : Value(mapping)));
  }
  return changed;
}

}  // namespace behoud::ledger::internal
