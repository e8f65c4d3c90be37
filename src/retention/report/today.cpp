#include "retention/report/today.h"

#include <algorithm>

#include "base/json_writer.h"
#include "base/together.h"
#include "retention/answer_json.h"
#include "retention/internal/counted.h"
#include "retention/internal/view.h"
#include "retention/report/internal/measures.h"
#include "retention/report/internal/troubles.h"

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

void write(JsonWriter& json, const internal::Trouble& t) {
  json.begin_object().field("code", t.code).field("title", joined(t.title)).key("detail");
  t.detail.empty() ? json.null() : json.value(joined(t.detail));
  json.key("title_said");
  internal::write(json, t.title);
  json.key("detail_said");
  internal::write(json, t.detail);
  json.field("count", t.count).key("way_out");
  t.way_out.empty() ? json.null() : json.value(t.way_out);
  json.key("subjects").begin_array();
  for (const std::string& subject : t.subjects) json.value(subject);
  json.end_array().key("imports").begin_array();
  for (const std::uint32_t import : t.imports) json.value(import);
  json.end_array().end_object();
}

// A figure of the headline, in its period, the one before and the one a year earlier.
struct Figure {
  const char *field, *behind;
  std::optional<Rate> rate;
  bool money = false;
  std::optional<double> now, previous, year_earlier;
  std::vector<std::optional<double>> trend;  // of the last complete periods up to the headline's, oldest first
  bool whole = false;                        // the values are whole numbers
};

template <class Row, class Value>
std::vector<std::optional<double>> trend(const std::vector<Row>& rows, Day until, Value value) {
  std::vector<std::optional<double>> out;
  for (const Row& row : rows) {
    if (row.head.period_start <= until && !row.head.warming_up) out.push_back(value(row));
  }
  if (out.size() > kTrendPeriods) out.erase(out.begin(), out.end() - kTrendPeriods);
  return out;
}

std::vector<Figure> figures_of(const Report& r) {
  std::vector<Figure> out;
  if (!r.headline) return out;
  const Headline& h = *r.headline;
  const Day start = h.now.head.period_start;
  const auto add = [&](Figure figure, const auto& now, const auto& previous, const auto& year, const auto& rows,
                       auto value) {
    figure.now = value(now);
    if (previous) figure.previous = value(*previous);
    if (year) figure.year_earlier = value(*year);
    figure.trend = trend(rows, start, value);
    out.push_back(std::move(figure));
  };
  const auto of_row = [&](Figure figure, auto value) {
    add(std::move(figure), h.now, h.previous, h.year_earlier, r.retention.rows, value);
  };
  const auto rate = [&](const char* field, Rate RetentionRow::* member) {
    of_row({field, field, h.now.*member, false, {}, {}, {}, {}, false},
           [member](const RetentionRow& row) { return (row.*member).value; });
  };
  const auto number = [](auto n) { return std::optional(static_cast<double>(n)); };
  rate("crr_strict", &RetentionRow::crr_strict);
  of_row({"customers_end", "customers_end", {}, false, {}, {}, {}, {}, true},
         [number](const RetentionRow& row) { return number(row.customers_end); });
  rate("returning_rate", &RetentionRow::returning_rate);
  rate("repeat_rate", &RetentionRow::repeat_rate);
  of_row({"revenue_minor", "buyers", {}, true, {}, {}, {}, {}, true},
         [number](const RetentionRow& row) { return number(row.revenue_minor); });
  add({"aov_minor", "buyers", {}, true, {}, {}, {}, {}, false}, h.value, h.previous_value, h.year_earlier_value,
      r.value.rows, [](const ValueRow& row) { return row.aov_minor; });
  return out;
}

void write_number(JsonWriter& json, const Figure& figure, std::optional<double> value) {
  if (!value) {
    json.null();
  } else if (figure.whole) {
    json.value(static_cast<std::int64_t>(*value));
  } else {
    json.value(*value);
  }
}

std::string label_of(const Figure& figure, const std::vector<internal::Measure>& labels) {
  const internal::Measure* measure = internal::find(labels, figure.field);
  return measure == nullptr ? figure.field : measure->label;
}

void headline(JsonWriter& json, const Report& r, const Words& words) {
  json.key("headline").begin_array();
  if (r.headline) {
    const PeriodHead& head = r.headline->now.head;
    const auto labels = internal::headline_measures(r, words, 0);
    for (const Figure& figure : figures_of(r)) {
      json.begin_object().field("field", figure.field).field("label", label_of(figure, labels)).key("rate");
      figure.rate ? write_json(json, *figure.rate) : static_cast<void>(json.null());
      json.key("minor");
      write_number(json, figure, figure.money ? figure.now : std::nullopt);
      json.key("count");
      write_number(json, figure, figure.money || figure.rate ? std::nullopt : figure.now);
      json.key("made_of");
      if (std::string_view(figure.field) == "aov_minor" && figure.now) {
        const ValueRow& value = r.headline->value;
        json.begin_object().field("revenue_minor", value.revenue_minor).field("orders", value.orders).end_object();
      } else {
        json.null();
      }
      json.key("trend").begin_array();
      for (const auto& value : figure.trend) write_number(json, figure, value);
      json.end_array().key("previous");
      write_number(json, figure, figure.previous);
      json.key("year_earlier");
      write_number(json, figure, figure.year_earlier);
      json.field("behind", figure.behind).field("from", to_string(head.period_start));
      json.field("to", to_string(head.period_end)).end_object();
    }
  }
  json.end_array();
}

struct ChangePart {
  const char* field;
  std::string label;
  std::int64_t minor;
};
std::vector<ChangePart> parts_of(const ChangeAnswer& c, const Words& words) {
  return {{"by_customers_minor", words("report.change.customers"), c.by_customers_minor},
          {"by_frequency_minor", words("report.change.frequency"), c.by_frequency_minor},
          {"by_order_value_minor", words("report.change.order_value"), c.by_order_value_minor}};
}

void change(JsonWriter& json, const std::string& after, const std::optional<ChangeAnswer>& c, calendar::Grain grain,
            const Words& words) {
  json.key("change" + after);
  if (!c) {
    json.null().key("changed" + after).begin_array().end_array();
    return;
  }
  const internal::Said said = internal::change_said(*c, grain, words);
  json.begin_object().field("sentence", joined(said)).key("said");
  write(json, said);
  json.field("before_start", to_string(c->before.period_start)).field("before_end", to_string(c->before.period_end));
  json.field("after_start", to_string(c->after.period_start)).field("after_end", to_string(c->after.period_end));
  json.field("revenue_before_minor", c->revenue_before_minor).field("revenue_after_minor", c->revenue_after_minor);
  json.end_object().key("changed" + after).begin_array();
  for (const ChangePart& part : parts_of(*c, words)) {
    json.begin_object().field("field", part.field).field("label", part.label).field("minor", part.minor).end_object();
  }
  json.end_array();
}

// What a list of things to do is asked of: whom one has just lost, of the headline's period; the others are of now.
struct Span {
  std::optional<std::string> from, to, grain;
};
Span span_of(const Action& a, const Report& r) {
  if (a.name != "win_back" || !r.headline) return {};
  const PeriodHead& head = r.headline->now.head;
  return {to_string(head.period_start), to_string(head.period_end), calendar::to_string(r.basics.grain)};
}

void todo(JsonWriter& json, const Today& today, const Words& words) {
  json.key("todo").begin_array();
  for (const Action& a : today.todo) {
    const Span span = span_of(a, today.report);
    const internal::Number people{a.name, a.name, span.from, span.to, span.grain};
    const internal::Said title = internal::action_title_said(a, words, people);
    const internal::Said reason = internal::action_reason_said(a, words, people);
    json.begin_object().field("id", a.name).field("title", joined(title)).field("reason", joined(reason));
    json.key("title_said");
    write(json, title);
    json.key("reason_said");
    write(json, reason);
    json.field("people", a.people);
    json.field("amount_minor", a.amount_minor).field("behind", a.name);
    json.field("from", span.from).field("to", span.to).field("grain", span.grain);
    json.key("action").begin_object().field("label", words("today.list")).field("kind", "list").end_object();
    json.end_object();
  }
  json.end_array();
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

Result<Today> make_today(const Source& asked, const ShopSettings& settings, const TodayFacts& facts,
                         const Question& question) {
  const Prepared own;
  const Source source(asked.histories, asked.prepared != nullptr ? asked.prepared : &own);
  const Histories& h = source.histories;
  ReportOptions options;
  options.question = question;
  options.question.compare.reset();
  options.headline_alone = true;
  options.data_dir = facts.data_dir;
  Today today;
  TRY_ASSIGN(today.report, make_report(source, {}, settings, options));
  const Report& r = today.report;
  for (const Action& a : r.actions) {
    if (is_action_list(a.name) && today.todo.size() < kTodoMax) today.todo.push_back(a);
  }
  if (r.headline && r.headline->now.head.complete && r.headline->year_earlier) {
    TRY_ASSIGN(today.change_last_year, change_between(r.basics, *r.headline->year_earlier, r.headline->now));
  }
  today.facts = facts;
  if (h.is_sample || !r.last_day) return today;
  today.silent_days = h.zone.day_of(facts.now) - *r.last_day;
  today.silent = silent_sources(source, r.basics.as_of);
  if (today.silent.size() > kSilentSourcesShown) today.silent.resize(kSilentSourcesShown);
  return today;
}

Result<std::string> today_json(const Today& today, std::string_view language) {
  const Report& r = today.report;
  TRY_ASSIGN(const Words words, Words::create(language, r.basics));
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("as_of", to_string(r.basics.as_of)).field("revision", r.basics.revision);
  const internal::Said said = internal::answer_said(r, words);
  json.field("sentence", joined(said)).key("said");
  write(json, said);
  json.key("period");
  if (r.headline) {
    const PeriodHead& head = r.headline->now.head;
    json.begin_object().field("label", internal::headline_period(r, words));
    json.field("period_start", to_string(head.period_start)).field("period_end", to_string(head.period_end));
    json.field("complete", head.complete).field("warming_up", head.warming_up).end_object();
  } else {
    json.null();
  }
  const auto compared = [&](const char* name, const std::optional<RetentionRow>& row) {
    json.key(name);
    if (!row) {
      json.null();
      return;
    }
    json.begin_object().field("label", words.period(row->head, r.basics.grain));
    json.field("period_start", to_string(row->head.period_start)).field("period_end", to_string(row->head.period_end));
    json.field("warming_up", row->head.warming_up).end_object();
  };
  compared("previous", r.headline ? r.headline->previous : std::nullopt);
  compared("year_earlier", r.headline ? r.headline->year_earlier : std::nullopt);
  headline(json, r, words);
  change(json, "", r.change, r.basics.grain, words);
  change(json, "_last_year", today.change_last_year, r.basics.grain, words);
  todo(json, today, words);
  json.key("troubles").begin_array();
  for (const internal::Trouble& trouble : internal::troubles_of(today, words)) write(json, trouble);
  json.end_array().end_object();
  return out + "\n";
}

Result<std::vector<TodayRow>> today_rows(const Today& today, std::string_view language) {
  const Report& r = today.report;
  TRY_ASSIGN(const Words words, Words::create(language, r.basics));
  std::vector<TodayRow> out;
  if (r.headline) {
    const PeriodHead& head = r.headline->now.head;
    const auto labels = internal::headline_measures(r, words, 0);
    for (const Figure& figure : figures_of(r)) {
      TodayRow& row = out.emplace_back();
      row = {"headline",
             figure.field,
             label_of(figure, labels),
             {},
             figure.now,
             figure.previous,
             figure.year_earlier,
             figure.whole,
             {},
             figure.behind,
             to_string(head.period_start),
             to_string(head.period_end),
             {},
             {}};
      row.grain = calendar::to_string(r.basics.grain);
    }
  }
  const auto changed = [&](const char* list, const std::optional<ChangeAnswer>& c) {
    if (!c) return;
    for (const ChangePart& part : parts_of(*c, words)) {
      TodayRow& row = out.emplace_back();
      row.list = list;
      row.id = part.field;
      row.title = part.label;
      row.detail = internal::change_sentence(*c, r.basics.grain, words);
      row.value = static_cast<double>(part.minor);
      row.from = to_string(c->before.period_start);
      row.to = to_string(c->after.period_end);
    }
  };
  changed("changed", r.change);
  changed("changed_last_year", today.change_last_year);
  for (const Action& a : today.todo) {
    const Span span = span_of(a, r);
    TodayRow& row = out.emplace_back();
    row.list = "todo";
    row.id = row.behind = a.name;
    row.title = internal::action_title(a, words);
    row.detail = internal::action_reason(a, words);
    if (a.amount_minor) row.value = static_cast<double>(*a.amount_minor);
    row.people = a.people;
    row.from = span.from.value_or("");
    row.to = span.to.value_or("");
    row.grain = span.grain.value_or("");
  }
  for (internal::Trouble& t : internal::troubles_of(today, words)) {
    TodayRow& row = out.emplace_back();
    row.list = "trouble";
    row.id = std::move(t.code);
    row.title = joined(t.title);
    row.detail = joined(t.detail);
    row.way_out = std::move(t.way_out);
    if (t.count) row.value = static_cast<double>(*t.count);
  }
  return out;
}

}  // namespace behoud::retention::report
