#include "retention/report/internal/troubles.h"

#include <algorithm>

#include "retention/report/internal/measures.h"

namespace behoud::retention::report::internal {
namespace {

constexpr int kSilentDaysMin = 7;

// Of a warning: title and way out. The way out is "" where none is needed.
struct WarningWords {
  Warning warning;
  const char *title, *way;
};
constexpr WarningWords kWarnings[] = {
    {Warning::kEmpty, "today.warning.empty.title", "today.warning.empty.way"},
    {Warning::kNoOrders, "today.warning.no_orders.title", "today.warning.no_orders.way"},
    {Warning::kNoCompletePeriod, "today.warning.no_complete_period.title", "today.warning.no_complete_period.way"},
    {Warning::kAllWarmingUp, "today.warning.all_warming_up.title", "today.warning.all_warming_up.way"},
    {Warning::kNewAtMost, "today.warning.new_at_most.title", "today.warning.all_warming_up.way"},
    {Warning::kNoCurrency, "today.warning.no_currency.title", "today.warning.no_currency.way"},
    {Warning::kFewCustomers, "today.warning.few_customers.title", "today.warning.few_customers.way"}};

constexpr std::pair<std::string_view, const char*> kWays[] = {{"anonymous", "today.way.anonymous"},
                                                              {"unknown_status", "today.way.unknown_status"},
                                                              {"unconverted", "today.way.rates"},
                                                              {"unmatched_refunds", "today.way.unmatched_refunds"}};

}  // namespace

std::vector<Trouble> troubles_of(const Today& today, const Words& words) {
  const Report& r = today.report;
  const TodayFacts& facts = today.facts;
  std::vector<Trouble> out;
  const std::vector<Said> sentences = warnings_said(r, words);
  const auto said = [&words](const char* key) { return Said{{words(key)}}; };
  for (std::size_t i = 0; i < r.warnings.size(); ++i) {
    const auto known = std::ranges::find(kWarnings, r.warnings[i], &WarningWords::warning);
    if (known == std::end(kWarnings)) continue;
    out.push_back({std::string(name(r.warnings[i])), said(known->title), i < sentences.size() ? sentences[i] : Said{},
                   words(known->way)});
  }
  for (const Action& a : r.actions) {
    const auto way = std::ranges::find(kWays, std::string_view(a.name), [](const auto& w) { return w.first; });
    if (way == std::end(kWays)) continue;
    const Number of_nobody{a.name};
    out.push_back({a.name, action_title_said(a, words, of_nobody), action_reason_said(a, words, of_nobody),
                   words(way->second), a.subjects, a.orders});
  }
  if (facts.rejected > 0) {
    out.push_back({"rejected",
                   words.said("today.rejected.title", {{"rows", facts.rejected}}, {{"rows", {"rejected"}}}),
                   said("today.rejected.detail"),
                   words("today.rejected.way"),
                   {},
                   facts.rejected,
                   facts.rejected_imports});
  }
  for (const auto& [currency, count] : facts.without_rate) {
    out.push_back(
        {"without_rate",
         words.said("today.unused.title", {{"count", count}, {"currency", currency}}, {{"count", {"without_rate"}}}),
         said("today.unused.detail"),
         words("today.way.rates"),
         {currency},
         count});
  }
  if (r.sample || !r.last_day) return out;
  if (const int silent = today.silent_days; silent > kSilentDaysMin) {
    // Who ordered last.
    const Number last{"silent", "buyers", to_string(*r.last_day), to_string(*r.last_day + 1), "1d"};
    out.push_back({"silent",
                   words.said("today.silent.title", {{"days", silent}}, {{"days", last}}),
                   words.said("today.silent.detail", {{"day", words.day(*r.last_day)}}, {{"day", last}}),
                   words("today.silent.way"),
                   {},
                   static_cast<std::uint64_t>(silent)});
  }
  for (const SilentSource& s : today.silent) {
    out.push_back({"source_silent",
                   words.said("today.source_silent.title", {{"source", s.source}, {"days", s.days}},
                              {{"days", {"source_silent"}}}),
                   {{words("today.source_silent.detail", {{"day", words.day(s.last_order)}})}},
                   words("today.source_silent.way"),
                   {s.source},
                   static_cast<std::uint64_t>(s.days)});
  }
  return out;
}

}  // namespace behoud::retention::report::internal
