#include "retention/report/today.h"

#include <algorithm>

#include "base/json_writer.h"
#include "base/together.h"
#include "retention/answer_json.h"
#include "retention/internal/view.h"
#include "retention/report/internal/measures.h"

namespace behoud::retention::report {
namespace {

using calendar::Day;
using calendar::to_string;
using internal::Words;
using timeline::Histories;

constexpr std::size_t kTrendPeriods = 12;
constexpr int kSilentDaysMin = 7;
constexpr std::size_t kSourceDaysMin = 30;
constexpr std::size_t kSourcesMax = 1000;
constexpr std::size_t kSilentSourcesShown = 3;

struct Trouble {
  std::string code, title, detail, way_out;
  std::optional<std::uint64_t> count;
};

void write(JsonWriter& json, const Trouble& t) {
  json.begin_object().field("code", t.code).field("title", t.title).key("detail");
  t.detail.empty() ? json.null() : json.value(t.detail);
  json.field("count", t.count).key("way_out");
  t.way_out.empty() ? json.null() : json.value(t.way_out);
  json.end_object();
}

// The last complete periods up to the headline's.
template <class Row, class Value>
void trend(JsonWriter& json, const std::vector<Row>& rows, Day until, Value value) {
  std::vector<const Row*> shown;
  for (const Row& row : rows) {
    if (row.head.period_start <= until && !row.head.warming_up) shown.push_back(&row);
  }
  if (shown.size() > kTrendPeriods) shown.erase(shown.begin(), shown.end() - kTrendPeriods);
  json.key("trend").begin_array();
  for (const Row* row : shown) json.value(value(*row));
  json.end_array();
}

void headline(JsonWriter& json, const Report& r, const Words& words) {
  json.key("headline").begin_array();
  if (r.headline) {
    const Headline& h = *r.headline;
    const Day start = h.now.head.period_start;
    const auto labels = internal::headline_measures(r, words, 0);
    const auto figure = [&](const char* field, const char* behind, auto write_figures, auto write_trend) {
      const internal::Measure* measure = internal::find(labels, field);
      json.begin_object().field("field", field).field("label", measure == nullptr ? field : measure->label);
      write_figures();
      write_trend();
      json.key("behind");
      behind == nullptr ? json.null() : json.value(behind);
      json.field("from", to_string(start)).field("to", to_string(h.now.head.period_end)).end_object();
    };
    const auto rate = [&](const char* field, Rate RetentionRow::* member) {
      figure(
          field, field,
          [&] {
            json.key("rate");
            write_json(json, h.now.*member);
            json.key("minor").null().key("count").null();
          },
          [&] { trend(json, r.retention.rows, start, [&](const RetentionRow& row) { return (row.*member).value; }); });
    };
    rate("crr_strict", &RetentionRow::crr_strict);
    figure(
        "customers_end", "customers_end",
        [&] { json.key("rate").null().key("minor").null().field("count", h.now.customers_end); },
        [&] { trend(json, r.retention.rows, start, [](const RetentionRow& row) { return row.customers_end; }); });
    rate("returning_rate", &RetentionRow::returning_rate);
    rate("repeat_rate", &RetentionRow::repeat_rate);
    figure(
        "revenue_minor", nullptr,
        [&] { json.key("rate").null().field("minor", h.now.revenue_minor).key("count").null(); },
        [&] { trend(json, r.retention.rows, start, [](const RetentionRow& row) { return row.revenue_minor; }); });
    figure(
        "aov_minor", nullptr, [&] { json.key("rate").null().field("minor", h.value.aov_minor).key("count").null(); },
        [&] { trend(json, r.value.rows, start, [](const ValueRow& row) { return row.aov_minor; }); });
  }
  json.end_array();
}

void change(JsonWriter& json, const Report& r, const Words& words) {
  json.key("change");
  if (!r.change) {
    json.null().key("changed").begin_array().end_array();
    return;
  }
  const ChangeAnswer& c = *r.change;
  const std::int64_t difference = c.revenue_after_minor - c.revenue_before_minor;
  const char* const key = difference > 0   ? "report.section.change.more"
                          : difference < 0 ? "report.section.change.less"
                                           : "report.section.change.same";
  json.begin_object().field("sentence", words(key, {{"difference", words.money_whole(std::abs(difference))},
                                                    {"after", words.period(c.after, r.basics.grain)},
                                                    {"before", words.period(c.before, r.basics.grain)}}));
  json.field("before_start", to_string(c.before.period_start)).field("before_end", to_string(c.before.period_end));
  json.field("after_start", to_string(c.after.period_start)).field("after_end", to_string(c.after.period_end));
  json.field("revenue_before_minor", c.revenue_before_minor).field("revenue_after_minor", c.revenue_after_minor);
  json.end_object().key("changed").begin_array();
  const auto part = [&](const char* field, const std::string& label, std::int64_t minor) {
    json.begin_object().field("field", field).field("label", label).field("minor", minor).end_object();
  };
  part("by_customers_minor", words("report.change.customers"), c.by_customers_minor);
  part("by_frequency_minor", words("report.change.frequency"), c.by_frequency_minor);
  part("by_order_value_minor", words("report.change.order_value"), c.by_order_value_minor);
  json.end_array();
}

void todo(JsonWriter& json, const Report& r, const std::vector<Action>& actions, const Words& words) {
  json.key("todo").begin_array();
  std::size_t shown = 0;
  for (const Action& a : actions) {
    if (!is_action_list(a.name) || shown++ == kTodoMax) continue;
    json.begin_object().field("id", a.name).field("title", internal::action_title(a, words));
    json.field("reason", internal::action_reason(a, words)).field("people", a.people);
    json.field("amount_minor", a.amount_minor).field("behind", a.name);
    // Whom one has just lost is asked of the headline's period; the other lists are of now.
    const bool of_period = a.name == "win_back" && r.headline;
    json.key("from");
    of_period ? json.value(to_string(r.headline->now.head.period_start)) : json.null();
    json.key("to");
    of_period ? json.value(to_string(r.headline->now.head.period_end)) : json.null();
    json.key("grain");
    of_period ? json.value(calendar::to_string(r.basics.grain)) : json.null();
    json.key("action").begin_object().field("label", words("today.list")).field("kind", "list").end_object();
    json.end_object();
  }
  json.end_array();
}

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

std::vector<Trouble> troubles_of(const Source& source, const Report& r, const std::vector<Action>& actions,
                                 const TodayFacts& facts, const Words& words) {
  const Histories& h = source.histories;
  std::vector<Trouble> out;
  const std::vector<std::string> sentences = internal::warning_sentences(r, words);
  for (std::size_t i = 0; i < r.warnings.size(); ++i) {
    const auto known = std::ranges::find(kWarnings, r.warnings[i], &WarningWords::warning);
    if (known == std::end(kWarnings)) continue;
    out.push_back({std::string(name(r.warnings[i])), words(known->title), i < sentences.size() ? sentences[i] : "",
                   words(known->way), std::nullopt});
  }
  for (const Action& a : actions) {
    const auto way = std::ranges::find(kWays, std::string_view(a.name), [](const auto& w) { return w.first; });
    if (way == std::end(kWays)) continue;
    out.push_back(
        {a.name, internal::action_title(a, words), internal::action_reason(a, words), words(way->second), a.orders});
  }
  if (facts.rejected > 0) {
    out.push_back({"rejected", words("today.rejected.title", {{"rows", facts.rejected}}),
                   words("today.rejected.detail"), words("today.rejected.way"), facts.rejected});
  }
  for (const auto& [currency, count] : facts.without_rate) {
    out.push_back({"without_rate", words("today.unused.title", {{"count", count}, {"currency", currency}}),
                   words("today.unused.detail"), words("today.way.rates"), count});
  }
  if (h.is_sample || !r.last_day) return out;
  const int silent = h.zone.day_of(facts.now) - *r.last_day;
  if (silent > kSilentDaysMin) {
    out.push_back({"silent", words("today.silent.title", {{"days", silent}}),
                   words("today.silent.detail", {{"day", words.day(*r.last_day)}}), words("today.silent.way"),
                   static_cast<std::uint64_t>(silent)});
  }
  auto sources = silent_sources(source, r.basics.as_of);
  if (sources.size() > kSilentSourcesShown) sources.resize(kSilentSourcesShown);
  for (const SilentSource& s : sources) {
    out.push_back({"source_silent", words("today.source_silent.title", {{"source", s.source}, {"days", s.days}}),
                   words("today.source_silent.detail", {{"day", words.day(s.last_order)}}),
                   words("today.source_silent.way"), static_cast<std::uint64_t>(s.days)});
  }
  return out;
}

}  // namespace

namespace {

// Of a View.
struct SilentSources {
  std::vector<SilentSource> sources;
  std::size_t bytes() const { return sources.capacity() * sizeof(SilentSource); }

  static SilentSources of(const Histories& h, const View& view);
};

SilentSources SilentSources::of(const Histories& h, const View& view) {
  constexpr std::size_t kMarksToPart = 4'000'000;
  constexpr std::uint32_t kNoSlot = UINT32_MAX;
  SilentSources out;
  const Purchases& purchases = view.purchases();
  if (h.source.empty() || !purchases.first_day) return out;
  std::vector<std::size_t> orders(h.sources.size());
  for (const timeline::Code code : h.source) ++orders[code];
  std::vector<std::uint32_t> slot(orders.size(), kNoSlot);
  std::vector<timeline::Code> codes;
  for (timeline::Code code = 1; code < orders.size(); ++code) {
    if (orders[code] < kSourceDaysMin) continue;
    slot[code] = static_cast<std::uint32_t>(codes.size());
    codes.push_back(code);
  }
  if (codes.size() > kSourcesMax) return out;  // these are no sources
  const Day first = *purchases.first_day;
  const auto days = static_cast<std::size_t>(*purchases.last_day - first) + 1;
  // The days on which each had an order, marked by stretches of orders.
  const std::size_t parts = codes.size() * days <= kMarksToPart ? kParts : 1;
  std::vector<std::vector<bool>> marks(parts, std::vector<bool>(codes.size() * days));
  const auto mark = [&](std::size_t part, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const std::uint32_t at = slot[h.source[purchases.row(i)]];
      if (at != kNoSlot) marks[part][at * days + static_cast<std::size_t>(purchases.day[i] - first)] = true;
    }
  };
  parts == 1 ? mark(0, 0, purchases.size()) : run_in_parts(purchases.size(), mark);
  const Day today = view.now().cut;
  for (std::size_t at = 0; at < codes.size(); ++at) {
    SilentSource s;
    std::size_t count = 0;
    std::optional<Day> before;
    for (std::size_t i = 0; i < days; ++i) {
      if (std::ranges::none_of(marks, [&](const auto& part) { return part[at * days + i]; })) continue;
      const Day day = first + static_cast<int>(i);
      if (before) s.longest_before = std::max(s.longest_before, day - *before);
      before = day;
      ++count;
    }
    if (count < kSourceDaysMin) continue;
    s.source = std::string(h.sources[codes[at]]);
    s.last_order = *before;
    s.days = today - *before;
    if (s.days >= kSilentDaysMin && s.days > s.longest_before) out.sources.push_back(std::move(s));
  }
  std::ranges::sort(out.sources, [](const SilentSource& a, const SilentSource& b) {
    return std::tie(b.days, a.source) < std::tie(a.days, b.source);
  });
  return out;
}

}  // namespace

std::vector<SilentSource> silent_sources(const Source& source, calendar::Instant at) {
  const std::shared_ptr<const View> view = source.at(at);
  return view->shared<SilentSources>([&] { return SilentSources::of(source.histories, *view); }).sources;
}

Result<std::string> today_json(const Source& asked, const ShopSettings& settings, const TodayFacts& facts,
                               const Question& question, std::string_view language) {
  const Prepared own;
  const Source source(asked.histories, asked.prepared != nullptr ? asked.prepared : &own);
  ReportOptions options;
  options.question = question;
  options.question.compare.reset();
  options.headline_alone = true;
  TRY_ASSIGN(const Report r, make_report(source, {}, settings, options));
  TRY_ASSIGN(const Words words, Words::create(language, r.basics));
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("as_of", to_string(r.basics.as_of)).field("revision", r.basics.revision);
  json.field("sentence", internal::answer_sentence(r, words)).key("period");
  if (r.headline) {
    const PeriodHead& head = r.headline->now.head;
    json.begin_object().field("label", internal::headline_period(r, words));
    json.field("period_start", to_string(head.period_start)).field("period_end", to_string(head.period_end));
    json.field("complete", head.complete).field("warming_up", head.warming_up).end_object();
  } else {
    json.null();
  }
  headline(json, r, words);
  change(json, r, words);
  todo(json, r, r.actions, words);
  json.key("troubles").begin_array();
  for (const Trouble& trouble : troubles_of(source, r, r.actions, facts, words)) write(json, trouble);
  json.end_array().end_object();
  return out + "\n";
}

}  // namespace behoud::retention::report
