#include "base/text.h"
#include "retention/report/internal/charts.h"
#include "retention/report/internal/page.h"

// The answer: the sentence, the cards, where the figures come from, and the periods before.

namespace behoud::retention::report::internal {

namespace {

constexpr std::size_t kTrendPeriods = 13;   // a year and the period it began with
constexpr std::size_t kPeriodRowsMax = 60;  // of the table beside the chart
const char* arrow(int direction) { return direction > 0 ? "▲" : direction < 0 ? "▼" : "·"; }

// A number and what it counts stay on one line: "1 January", "of 100".
std::string unbroken(std::string text) {
  for (std::size_t at = 1; at + 1 < text.size(); ++at) {
    if (text[at] == ' ' && is_digit(text[at - 1])) text.replace(at, 1, "\xC2\xA0");
  }
  return text;
}

}  // namespace

void Page::against(const Measure& m, bool year) {
  const std::string& difference = year ? m.against_year_earlier : m.against_previous;
  const std::string& then = year ? m.year_earlier : m.previous;
  if (then.empty()) return;
  const Headline& h = *report_.headline;
  const PeriodHead& head = year ? h.year_earlier->head : h.previous->head;
  w_.open("p", {{"class", "small"}});
  w_.element("span", arrow(year ? m.direction_year_earlier : m.direction_previous),
             {{"class", "direction"}, {"aria-hidden", "true"}});
  w_.text(difference.empty() ? words_("report.against_bare",
                                      {{"then", then}, {"period", words_.period_short(head, report_.basics.grain)}})
                             : words_("report.against", {{"difference", difference},
                                                         {"then", then},
                                                         {"period", words_.period_short(head, report_.basics.grain)}}));
  w_.close("p");
}

void Page::card(const Measure* m, const std::string& under, const std::string& under_that) {
  if (!m) return;
  w_.open("div", {{"class", "card"}});
  if (m->meaning.empty()) {
    w_.element("h3", m->label);
  } else {
    w_.element("h3", m->label, {{"title", m->meaning}});
  }
  w_.element("p", m->now, {{"class", "figure"}});
  w_.element("p", under, {{"class", "under soft small"}});
  if (!under_that.empty()) w_.element("p", under_that, {{"class", "under soft small"}});
  w_.open("div", {{"class", "against"}});
  against(*m, false);
  against(*m, true);
  w_.close("div");
  w_.add(sparkline(m->trend));
  w_.close("div").line();
}

void Page::answer() {
  w_.open("section", {{"id", "answer"}, {"class", "answer"}, {"aria-labelledby", "answer-title"}}).line();
  w_.element("h1", words_("report.title"), {{"id", "answer-title"}});
  if (report_.headline) w_.element("p", headline_period(report_, words_), {{"class", "eyebrow"}});
  w_.element("p", unbroken(answer_sentence(report_, words_)), {{"class", "lead"}});
  w_.element("p", window_sentence(report_, words_), {{"class", "basis"}}).line();
  for (const std::string& warning : warning_sentences(report_, words_)) {
    w_.element("p", warning, {{"class", "warning"}, {"role", "note"}}).line();
  }
  if (report_.headline) {
    const auto measures = headline_measures(report_, words_, kTrendPeriods);
    const auto interval = [&](const Measure* m) {
      return m->interval.empty() ? "" : words_("report.card.interval", {{"interval", m->interval}});
    };
    const RetentionRow& r = report_.headline->now;
    w_.open("div", {{"class", "cards"}});
    const Measure* kept = find(measures, "crr_strict");
    card(kept, kept->fraction, interval(kept));
    card(find(measures, "customers_end"),
         words_("report.card.new", {{"new", new_customers(r)}, {"back", count(r.reactivated)}}),
         words_("report.card.lost", {{"lost", count(r.lost)}}));
    const Measure* repeat = find(measures, "repeat_rate");
    card(repeat, repeat->fraction, interval(repeat));
    card(find(measures, "revenue_minor"), words_("report.orders", {{"n", r.orders}}),
         words_("report.card.order_value", {{"value", find(measures, "aov_minor")->now}}));
    w_.close("div").line();
    strip();
    open_details(words_("report.all_figures"));
    measures_table(measures);
    close_details();
  } else {
    strip();
  }
  end();
}

// The bridge in one line; the whole of it stands below.
void Page::strip() {
  const Bridge& b = report_.bridge;
  w_.open("div", {{"class", "strip small"}});
  bool first = true;
  const auto stop = [&](const char* total, const char* key) {
    const BridgeLine* line = b.find(total);
    if (!line || !line->count) return;
    if (!first) w_.element("span", "→", {{"class", "arrow"}, {"aria-hidden", "true"}});
    w_.element("span", words_(key, {{"n", *line->count}}));
    first = false;
  };
  stop("rows", "report.strip.rows");
  stop("orders", "report.strip.orders");
  stop("counted_orders", "report.strip.counted");
  if (const BridgeLine* revenue = b.find("revenue"); revenue && revenue->amount_minor) {
    if (!first) w_.element("span", "→", {{"class", "arrow"}, {"aria-hidden", "true"}});
    w_.element("span", words_("report.strip.revenue", {{"amount", words_.money_whole(*revenue->amount_minor)}}));
  }
  w_.element("a", words_("report.strip.how"), {{"href", "#bridge"}});
  w_.close("div").line();
}

void Page::measures_table(const std::vector<Measure>& measures) {
  const Headline& h = *report_.headline;
  const calendar::Grain grain = report_.basics.grain;
  open_table(words_("report.all_figures"));
  w_.open("thead").open("tr");
  header(words_("report.column.figure"));
  header(words_.period_short(h.now.head, grain), true);
  header(words_("report.column.interval"), true);
  header(words_("report.column.fraction"), true);
  if (h.previous) header(words_.period_short(h.previous->head, grain), true);
  if (h.year_earlier) header(words_.period_short(h.year_earlier->head, grain), true);
  w_.close("tr").close("thead").open("tbody");
  for (const Measure& m : measures) {
    w_.open("tr").open("th", {{"scope", "row"}}).text(m.label);
    if (!m.meaning.empty()) w_.empty("br").element("span", m.meaning, {{"class", "small soft"}});
    w_.close("th");
    number(m.now);
    number(m.interval);
    number(m.fraction);
    if (h.previous) number(m.previous);
    if (h.year_earlier) number(m.year_earlier);
    w_.close("tr").line();
  }
  w_.close("tbody");
  close_table();
}

void Page::customers() {
  const RetentionRow& r = report_.headline->now;
  section("customers", words_("report.section.customers"));
  say(words_("report.section.customers.say", {{"period", words_.period(r.head, report_.basics.grain)}}));
  chart(customers_chart(r, report_.basics.grain, words_));
  open_details(words_("report.as_table"));
  open_table(words_("report.section.customers"));
  w_.open("tbody");
  const auto line = [&](const char* key_class, std::string_view label, const std::string& n) {
    w_.open("tr").open("th", {{"scope", "row"}});
    if (*key_class) w_.open("span", {{"class", std::string("key ") + key_class}}).close("span");
    w_.text(label).close("th");
    number(n);
    w_.close("tr");
  };
  line("", words_("report.on_day", {{"day", words_.day(r.head.period_start)}}), count(r.customers_start));
  line("kept", words_("report.kept"), count(r.retained));
  line("lost", words_("report.left"), count(r.lost));
  line("new", words_("report.came_new"), new_customers(r));
  line("back", words_("report.came_back"), count(r.reactivated));
  if (r.one_and_gone > 0) line("", words_("report.one_and_gone"), count(r.one_and_gone));
  line("", words_("report.on_day", {{"day", words_.day(r.head.evaluated_to.value_or(r.head.period_end))}}),
       count(r.customers_end));
  w_.close("tbody");
  close_table();
  close_details();
  end();
}

void Page::over_time() {
  section("retention", words_("report.section.retention"));
  const Markup svg = retention_chart(report_.retention, words_);
  say(words_(svg.empty() ? "report.section.retention.none" : "report.section.retention.say"));
  chart(svg);
  open_details(words_("report.as_table"));
  open_table(words_("report.section.retention"));
  w_.open("thead").open("tr");
  header(words_("report.column.period"));
  header(words_("report.column.start"), true);
  header(words_("report.kept"), true);
  header(words_("report.left"), true);
  header(words_("report.came_new"), true);
  header(words_("report.came_back"), true);
  header(words_("report.column.end"), true);
  header(words_("report.measure.kept"), true);
  header(words_("report.column.interval"), true);
  w_.close("tr").close("thead").open("tbody");
  const auto& rows = report_.retention.rows;
  for (std::size_t i = rows.size() > kPeriodRowsMax ? rows.size() - kPeriodRowsMax : 0; i < rows.size(); ++i) {
    const RetentionRow& r = rows[i];
    w_.open("tr");
    std::string label = words_.period_short(r.head, report_.basics.grain);
    if (!r.head.complete) label += " · " + words_("report.unfinished");
    if (r.head.warming_up) label += " · " + words_("report.warming_up");
    row_header(label);
    number(count(r.customers_start));
    number(count(r.retained));
    number(count(r.lost));
    number(new_customers(r));
    number(count(r.reactivated));
    number(count(r.customers_end));
    number(words_.percent(r.crr_strict.value));
    number(words_.interval(r.crr_strict));
    w_.close("tr").line();
  }
  w_.close("tbody");
  close_table();
  if (rows.size() > kPeriodRowsMax) {
    w_.element("p", words_("report.shown", {{"shown", kPeriodRowsMax}, {"all", rows.size()}}),
               {{"class", "small soft"}});
  }
  close_details();
  end();
}

}  // namespace behoud::retention::report::internal
