#include "retention/report/html.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/text.h"
#include "retention/report/internal/charts.h"
#include "retention/report/internal/markup.h"
#include "retention/report/internal/measures.h"
#include "retention/report/internal/sheet.h"
#include "retention/report/internal/words.h"

namespace behoud::retention::report {

namespace {

using namespace internal;

constexpr std::size_t kTrendPeriods = 13;  // a year and the period it began with
constexpr std::size_t kHeatRowsMax = 24;   // the newest cohorts; all of them are in the JSON
constexpr int kHeatColumnsMax = 12;
constexpr std::size_t kPeriodRowsMax = 60;  // of the table beside the chart

// No script, nothing from anywhere else.
constexpr const char* kPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const char* arrow(int direction) { return direction > 0 ? "▲" : direction < 0 ? "▼" : "·"; }

// The hue of a heat map's cell: nine steps above "nothing", by the share of the greatest cell.
std::string heat(double share, double most) {
  if (!(most > 0) || share <= 0) return "c h0";
  return fmt::format("c h{}", std::clamp(static_cast<int>(std::ceil(share / most * 9 - 1e-9)), 1, 9));
}

class Page {
 public:
  Page(const Report& report, const Words& words) : report_(report), words_(words) {}

  std::string write() && {
    w_.open("html", {{"lang", std::string(words_.language())}}).line();
    head();
    w_.open("body").line();
    w_.add(chart_definitions());
    w_.element("a", words_("report.skip"), {{"class", "skip"}, {"href", "#answer"}});
    mast();
    w_.open("main").line();
    answer();
    if (report_.headline) {
      w_.open("div", {{"class", "pair"}});
      customers();
      over_time();
      w_.close("div").line();
      todo();
      w_.open("div", {{"class", "pair"}});
      change();
      whatif();
      w_.close("div").line();
      slipping();
      cohorts();
      claims();
    }
    bridge();
    reading();
    definitions();
    w_.close("main").line();
    foot();
    w_.close("body").close("html").line();
    return "<!DOCTYPE html>\n" + std::move(w_).finish().text();
  }

 private:
  // --- pieces

  void section(std::string_view id, std::string_view title, std::string_view css_class = "") {
    const std::string heading = std::string(id) + "-title";
    w_.open("section", {{"id", std::string(id)}, {"class", std::string(css_class)}, {"aria-labelledby", heading}})
        .line();
    w_.element("h2", title, {{"id", heading}});
  }
  void end() { w_.close("section").line(); }
  void say(std::string_view sentence) {
    if (!sentence.empty()) w_.element("p", sentence, {{"class", "say"}});
  }
  // A table that scrolls inside itself; focusable, so that the keyboard can scroll it.
  void open_table(std::string_view caption, std::string_view css_class = "") {
    w_.open("div", {{"class", "scroll"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", std::string(caption)}});
    w_.open("table", {{"class", std::string(css_class)}});
  }
  void close_table() { w_.close("table").close("div").line(); }
  void header(std::string_view text, bool number = false) {
    if (number) {
      w_.element("th", text, {{"scope", "col"}, {"class", "n"}});
    } else {
      w_.element("th", text, {{"scope", "col"}});
    }
  }
  void row_header(std::string_view text) { w_.element("th", text, {{"scope", "row"}}); }
  void cell(std::string_view text) { w_.element("td", text); }
  void number(std::string_view text) { w_.element("td", text, {{"class", "n"}}); }
  // A text that came from a file: its direction must not leak into ours.
  void name(std::string_view text) { w_.element("bdi", text); }
  void open_details(std::string_view summary) { w_.open("details").element("summary", summary); }
  void close_details() { w_.close("details").line(); }
  void chart(const Markup& svg) {
    if (!svg.empty()) w_.open("figure").add(svg).close("figure").line();
  }

  std::string count(std::uint64_t n) const { return words_.count(n); }
  // A share in a table whose caption says that it is per cent.
  std::string share(const std::optional<double>& v) const { return v ? words_.decimal(*v * 100, 1) : words_.none(); }
  std::string new_customers(const RetentionRow& r) const {
    return r.head.new_at_most && r.new_customers > 0 ? words_("report.at_most", {{"n", count(r.new_customers)}})
                                                     : count(r.new_customers);
  }

  // A number and what it counts stay on one line: "1 January", "of 100".
  static std::string unbroken(std::string text) {
    for (std::size_t at = 1; at + 1 < text.size(); ++at) {
      if (text[at] == ' ' && is_digit(text[at - 1])) text.replace(at, 1, "\xC2\xA0");
    }
    return text;
  }

  // --- the page, top to bottom

  void head() {
    w_.open("head").line();
    w_.empty("meta", {{"charset", "utf-8"}}).line();
    w_.empty("meta", {{"http-equiv", "Content-Security-Policy"}, {"content", kPolicy}}).line();
    w_.empty("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}}).line();
    w_.empty("meta", {{"name", "color-scheme"}, {"content", "light"}}).line();
    w_.empty("meta", {{"name", "referrer"}, {"content", "no-referrer"}}).line();
    w_.element("title", words_("report.title") + " – Behoud").line();
    w_.style(kSheet).line();
    w_.close("head").line();
  }

  void mast() {
    w_.open("header", {{"class", "mast"}});
    w_.element("span", "Behoud", {{"class", "brand"}});
    w_.open("span", {{"class", "what small"}});
    bool first = true;
    const auto part = [&](std::string_view text) {
      if (!first) w_.text(" · ");
      w_.text(text);
      first = false;
    };
    for (const std::string& file : report_.files) {
      if (!first) w_.text(" · ");
      name(file);
      first = false;
    }
    if (report_.first_day && report_.last_day) {
      part(words_("report.span_of_days",
                  {{"first", words_.day(*report_.first_day)}, {"last", words_.day(*report_.last_day)}}));
    }
    part(words_("report.zone", {{"zone", report_.basics.zone}}));
    part(report_.basics.currency.empty() ? words_("report.no_currency")
                                         : words_("report.currency", {{"currency", report_.basics.currency}}));
    w_.close("span");
    if (report_.sample) w_.element("span", words_("report.sample"), {{"class", "sample"}});
    w_.close("header").line();
  }

  void against(const Measure& m, bool year) {
    const std::string& difference = year ? m.against_year_earlier : m.against_previous;
    const std::string& then = year ? m.year_earlier : m.previous;
    if (then.empty()) return;
    const Headline& h = *report_.headline;
    const PeriodHead& head = year ? h.year_earlier->head : h.previous->head;
    w_.open("p", {{"class", "small"}});
    w_.element("span", arrow(year ? m.direction_year_earlier : m.direction_previous),
               {{"class", "direction"}, {"aria-hidden", "true"}});
    w_.text(difference.empty()
                ? words_("report.against_bare",
                         {{"then", then}, {"period", words_.period_short(head, report_.basics.grain)}})
                : words_("report.against", {{"difference", difference},
                                            {"then", then},
                                            {"period", words_.period_short(head, report_.basics.grain)}}));
    w_.close("p");
  }

  void card(const Measure* m, const std::string& under, const std::string& under_that = {}) {
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

  void answer() {
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
  void strip() {
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

  void measures_table(const std::vector<Measure>& measures) {
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

  void customers() {
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

  void over_time() {
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

  void todo() {
    section("todo", words_("report.section.todo"));
    if (report_.actions.empty()) {
      say(words_("report.section.todo.none"));
      end();
      return;
    }
    if (acts_on_orders_beside_basis(report_)) {
      w_.element("p", words_("report.todo.of_orders"), {{"class", "small soft"}});
    }
    w_.open("ol", {{"class", "todo"}}).line();
    for (const Action& a : report_.actions) {
      w_.open("li").open("div");
      w_.element("h3", action_title(a, words_));
      w_.element("p", action_reason(a, words_));
      if (!a.command.empty()) w_.open("p").element("code", a.command).close("p");
      w_.close("div").open("div", {{"class", "worth"}});
      w_.open("p").element("b", a.amount_minor ? words_.money_whole(*a.amount_minor) : words_.none()).close("p");
      if (a.people > 0) {
        w_.element("p", words_("report.people", {{"n", a.people}}), {{"class", "small soft"}});
      } else if (a.orders > 0) {
        w_.element("p", words_("report.orders", {{"n", a.orders}}), {{"class", "small soft"}});
      }
      w_.close("div").close("li").line();
    }
    w_.close("ol");
    if (lists_customers(report_) && !report_.first_command.empty()) {
      w_.element("p", words_("report.todo.first", {{"command", report_.first_command}}), {{"class", "small soft"}});
    }
    end();
  }

  void change() {
    if (!report_.change) return;
    const ChangeAnswer& c = *report_.change;
    const calendar::Grain grain = report_.basics.grain;
    const std::int64_t difference = c.revenue_after_minor - c.revenue_before_minor;
    section("change", words_("report.section.change"));
    say(words_(difference > 0   ? "report.section.change.more"
               : difference < 0 ? "report.section.change.less"
                                : "report.section.change.same",
               {{"difference", words_.money_whole(difference < 0 ? -difference : difference)},
                {"after", words_.period(c.after, grain)},
                {"before", words_.period(c.before, grain)}}));
    chart(change_chart(c, grain, words_));
    open_details(words_("report.as_table"));
    open_table(words_("report.section.change"));
    w_.open("tbody");
    const auto line = [&](std::string_view label, const std::string& amount, bool total) {
      w_.open("tr", {{"class", total ? "total" : "step"}});
      row_header(label);
      number(amount);
      w_.close("tr");
    };
    line(words_.period(c.before, grain), words_.money(c.revenue_before_minor), true);
    line(words_("report.change.customers"), words_.money(c.by_customers_minor), false);
    line(words_("report.change.frequency"), words_.money(c.by_frequency_minor), false);
    line(words_("report.change.order_value"), words_.money(c.by_order_value_minor), false);
    line(words_.period(c.after, grain), words_.money(c.revenue_after_minor), true);
    w_.close("tbody");
    close_table();
    close_details();
    end();
  }

  void whatif() {
    const WhatIfAnswer& a = report_.whatif;
    if (!a.worth_minor || a.rows.empty()) return;
    section("whatif", words_("report.section.whatif",
                             {{"points", words_.decimal(a.points, a.points == std::floor(a.points) ? 0 : 1)}}));
    say(words_("report.section.whatif.say",
               {{"worth", words_.mean_whole(a.worth_minor)}, {"share", words_.percent(a.share_of_revenue)}}));
    chart(whatif_chart(a, words_));
    open_details(words_("report.as_table"));
    open_table(words_("report.as_table"));
    w_.open("thead").open("tr");
    header(words_("report.column.month"));
    header(words_("report.column.extra_customers"), true);
    header(words_("report.column.extra_revenue"), true);
    w_.close("tr").close("thead").open("tbody");
    for (const auto& m : a.rows) {
      w_.open("tr");
      row_header(words_.period_short(m.month, {}));
      number(words_.decimal(m.extra_customers, 1));
      number(words_.mean_whole(m.extra_revenue_minor));
      w_.close("tr");
    }
    w_.close("tbody").open("tfoot").open("tr");
    row_header(words_("report.total"));
    cell("");
    number(words_.mean_whole(a.worth_minor));
    w_.close("tr").close("tfoot");
    close_table();
    close_details();
    end();
  }

  void slipping() {
    const SlippingPart& s = report_.slipping;
    section("slipping", words_("report.section.slipping"));
    say(words_("report.section.slipping.say",
               {{"people", s.customers}, {"amount", words_.money_whole(s.at_stake_minor)}}));
    if (s.rows.empty()) {
      end();
      return;
    }
    int longest = 1;
    for (const SlippingRow& r : s.rows) longest = std::max(longest, r.silent_days);
    open_table(words_("report.section.slipping"));
    w_.open("thead").open("tr");
    header(words_("report.column.customer"));
    header(words_("report.column.orders"), true);
    header(words_("report.column.last_order"), true);
    header(words_("report.column.silent"), true);
    header(words_("report.column.usual"), true);
    header(words_("report.column.silence"));
    header(words_("report.column.at_stake"), true);
    w_.close("tr").close("thead").open("tbody").line();
    for (const SlippingRow& r : s.rows) {
      w_.open("tr").open("th", {{"scope", "row"}});
      name(r.customer);
      w_.close("th");
      number(count(r.orders));
      number(words_.day_short(r.last_order));
      number(words_.integer(r.silent_days));
      number(words_.integer(r.usual_days));
      w_.open("td")
          .add(silence_bar(r.silent_days, r.usual_days, longest,
                           words_("report.silence", {{"silent", r.silent_days}, {"usual", r.usual_days}})))
          .close("td");
      number(words_.money_whole(r.at_stake_minor));
      w_.close("tr").line();
    }
    w_.close("tbody");
    if (s.customers > s.rows.size()) {
      w_.open("tfoot").open("tr");
      w_.element("th", words_("report.all_of_them", {{"n", s.customers}}), {{"scope", "row"}, {"colspan", "6"}});
      number(words_.money_whole(s.at_stake_minor));
      w_.close("tr").close("tfoot");
    }
    close_table();
    if (s.customers > s.rows.size()) {
      w_.open("p", {{"class", "small soft"}});
      w_.text(words_("report.slipping.shown", {{"shown", count(s.rows.size())}, {"all", count(s.customers)}}) + " ");
      w_.element("code", s.command).close("p").line();
    }
    end();
  }

  void heat_table(const CohortAnswer& answer, std::string_view caption) {
    const std::vector<const CohortRow*> shown = shown_cohorts(answer, kHeatRowsMax);
    int k_max = 0;
    double most = 0;
    for (const CohortRow* row : shown) {
      for (const CohortCell& c : row->cells) {
        if (c.k < 1 || c.k > kHeatColumnsMax) continue;
        k_max = std::max(k_max, c.k);
        most = std::max(most, c.rate.value.value_or(0));
      }
    }
    open_table(caption, "heat");
    w_.open("thead").open("tr");
    header(words_("report.column.cohort"));
    header(words_("report.column.size"), true);
    for (int k = 1; k <= k_max; ++k) header(words_.integer(k), true);
    w_.close("tr").close("thead").open("tbody").line();
    for (const CohortRow* shown_row : shown) {
      const CohortRow& row = *shown_row;
      w_.open("tr", {{"class", row.warming_up ? "warming" : ""}});
      row_header(words_.period_short(row.cohort, answer.basics.grain));
      number(count(row.size));
      int next = 1;
      for (const CohortCell& c : row.cells) {
        if (c.k < 1 || c.k > k_max) continue;
        for (; next < c.k; ++next) w_.element("td", "", {{"class", "c"}});
        const std::string css = heat(c.rate.value.value_or(0), most) + (c.complete ? "" : " part");
        const std::string tip =
            words_("report.cohort.cell", {{"cohort", words_.period_short(row.cohort, answer.basics.grain)},
                                          {"k", c.k},
                                          {"customers", c.customers},
                                          {"size", count(row.size)},
                                          {"revenue", words_.money_whole(c.revenue_minor)}});
        w_.element("td", share(c.rate.value), {{"class", css}, {"title", tip}});
        ++next;
      }
      for (; next <= k_max; ++next) w_.open("td").close("td");
      w_.close("tr").line();
    }
    w_.close("tbody").open("tfoot").open("tr");
    row_header(words_("report.cohort.mean"));
    cell("");
    for (int k = 1; k <= k_max; ++k) {
      const auto mean =
          std::find_if(answer.means.begin(), answer.means.end(), [&](const CohortMean& m) { return m.k == k; });
      number(mean == answer.means.end() ? words_.none() : share(mean->weighted));
    }
    w_.close("tr").close("tfoot");
    close_table();
  }

  void cohorts() {
    if (shown_cohorts(report_.cohorts_on, 1).empty()) return;
    section("cohorts", words_("report.section.cohorts"), "long");
    const CohortAnswer& on = report_.cohorts_on;
    say(words_("report.section.cohorts.say"));
    chart(cohort_curve(on, kHeatColumnsMax, words_));
    w_.element("h3", words_("report.cohort.on"));
    heat_table(on, words_("report.cohort.on"));
    w_.element("p", words_("report.cohort.note"), {{"class", "small soft"}});
    const std::size_t all = shown_cohorts(on, on.rows.size()).size();
    if (all > kHeatRowsMax) {
      w_.element("p", words_("report.shown", {{"shown", kHeatRowsMax}, {"all", all}}), {{"class", "small soft"}});
    }
    open_details(words_("report.cohort.on_or_after"));
    heat_table(report_.cohorts_on_or_after, words_("report.cohort.on_or_after"));
    close_details();
    end();
  }

  void claims() {
    if (report_.claims.rows.empty()) return;
    section("claims", words_("report.section.claims"));
    say(words_("report.section.claims.say"));
    open_table(words_("report.section.claims"));
    w_.open("thead").open("tr");
    header(words_("report.column.claim"));
    header(words_("report.column.published"), true);
    header(words_("report.column.own"), true);
    header(words_("report.column.interval"), true);
    header(words_("report.column.people"), true);
    header("");
    header(words_("report.column.verdict"));
    w_.close("tr").close("thead").open("tbody").line();
    for (const Claim& c : report_.claims.rows) {
      w_.open("tr").open("th", {{"scope", "row"}}).text(claim_sentence(c, words_));
      if (const std::string why = claim_why(c, words_); !why.empty()) {
        w_.empty("br").element("span", why, {{"class", "small soft"}});
      }
      w_.close("th");
      number(claim_published(c, words_));
      number(claim_figure(c, c.value, words_));
      number(claim_interval(c, words_));
      number(count(c.people));
      w_.open("td");
      if (c.value) w_.add(claim_chart(c));
      w_.close("td").open("td");
      const char* look = c.verdict == Verdict::kTrue    ? "verdict yes"
                         : c.verdict == Verdict::kFalse ? "verdict no"
                                                        : "verdict unsure";
      w_.element("span", claim_verdict(c, words_), {{"class", look}});
      w_.close("td").close("tr").line();
    }
    w_.close("tbody");
    close_table();
    end();
  }

  std::string line_numbers(const std::vector<std::uint64_t>& rows) const {
    std::string out;
    for (std::size_t i = 0; i < rows.size() && i < 5; ++i) {
      if (i > 0) out += ", ";
      out += std::to_string(rows[i]);
    }
    return rows.size() > 5 ? out + ", …" : out;
  }

  void bridge() {
    section("bridge", words_("report.section.bridge"), "long");
    say(words_("report.section.bridge.say"));
    open_table(words_("report.section.bridge"));
    w_.open("thead").open("tr");
    header(words_("report.column.step"));
    header(words_("report.column.count"), true);
    header(words_("report.column.amount"), true);
    header(words_("report.column.why"));
    header(words_("report.column.rows"));
    w_.close("tr").close("thead").open("tbody").line();
    for (const BridgeLine& line : report_.bridge.lines) {
      w_.open("tr", {{"class", std::string(report::name(line.kind))}});
      row_header(bridge_name(line, words_));
      number(line.count ? words_.integer(*line.count) : "");
      // What could not be converted is in its own currency: the detail says which.
      number(!line.amount_minor           ? ""
             : line.name == "unconverted" ? bare_amount(*line.amount_minor, line.detail)
                                          : words_.money(*line.amount_minor));
      cell(line.reason.empty() ? "" : words_.or_key(line.reason));
      w_.element("td", line_numbers(line.rows), {{"class", "small soft"}});
      w_.close("tr").line();
    }
    w_.close("tbody");
    close_table();
    end();
  }

  std::string bare_amount(std::int64_t minor, const std::string& currency) const {
    const auto parsed = money::Currency::parse(currency);
    return words_.money_in(minor, parsed ? *parsed : money::Currency::none());
  }

  void reading() {
    const Reading& r = report_.reading;
    if (r.files.empty() && r.notices.empty() && r.rejected == 0) return;
    section("reading", words_("report.section.reading"), "long");
    say(words_("report.section.reading.say"));
    for (const ingest::Notice& n : r.notices) {
      w_.element("p", words_.with(n.key, n.args, n.count), {{"class", "warning"}, {"role", "note"}}).line();
    }
    for (const ingest::FileShape& file : r.files) {
      w_.open("h3");
      name(file.file);
      w_.close("h3");
      w_.element("p", file_line(file), {{"class", "soft"}});
      open_table(words_("report.section.reading"));
      w_.open("thead").open("tr");
      header(words_("report.column.column"));
      header(words_("report.column.taken_for"));
      header(words_("report.column.sure"));
      header(words_("report.column.why"));
      w_.close("tr").close("thead").open("tbody").line();
      std::size_t ignored = 0;
      for (const ingest::ColumnMatch& c : file.columns) {
        if (!c.role) {
          ++ignored;
          continue;
        }
        w_.open("tr").open("th", {{"scope", "row"}});
        name(c.header.empty() ? "#" + std::to_string(c.index + 1) : c.header);
        w_.close("th");
        cell(role_word(*c.role, words_));
        w_.open("td").open("span", {{"class", "sure"}, {"aria-hidden", "true"}});
        w_.open("span", {{"style", fmt::format("width:{}%",
                                               std::clamp(static_cast<int>(std::lround(c.confidence * 100)), 0, 100))}})
            .close("span");
        w_.close("span").text(words_.percent(c.confidence, 0)).close("td");
        cell(c.reason.empty() ? "" : words_.or_key(c.reason));
        w_.close("tr").line();
      }
      w_.close("tbody");
      close_table();
      if (ignored > 0) w_.element("p", words_("report.ignored_columns", {{"n", ignored}}), {{"class", "small soft"}});
    }
    if (r.rejected > 0) {
      w_.element("h3", words_("report.rejected", {{"n", r.rejected}}));
      open_table(words_("report.rejected", {{"n", r.rejected}}));
      w_.open("thead").open("tr");
      header(words_("report.column.why"));
      header(words_("report.column.rows_count"), true);
      header(words_("report.column.first"));
      w_.close("tr").close("thead").open("tbody");
      for (const RejectedReason& reason : r.reasons) {
        w_.open("tr");
        row_header(words_.or_key(reason.reason));
        number(count(reason.rows));
        w_.open("td", {{"class", "small soft"}});
        for (std::size_t i = 0; i < reason.places.size(); ++i) {
          if (i > 0) w_.text("; ");
          name(place(reason.places[i]));
        }
        w_.close("td").close("tr");
      }
      w_.close("tbody");
      close_table();
    }
    end();
  }

  static std::string place(const Place& p) {
    std::string out = p.file;
    if (p.line > 0) out += ":" + std::to_string(p.line);
    if (!p.column.empty()) out += " " + p.column;
    return out;
  }

  std::string file_line(const ingest::FileShape& f) const { return file_sentence(f, words_); }

  void definitions() {
    section("words", words_("report.section.words"));
    w_.open("dl", {{"class", "words"}}).line();
    for (const Definition& d : definitions_of(report_, words_)) {
      w_.element("dt", d.term).element("dd", d.meaning).line();
    }
    w_.close("dl");
    end();
  }

  void foot() {
    w_.open("footer");
    w_.element("p", foot_sentence(report_, words_));
    if (report_.sample) w_.element("p", words_("report.sample.say"));
    w_.close("footer").line();
  }

  const Report& report_;
  const Words& words_;
  MarkupWriter w_;
};

}  // namespace

Result<std::string> render_html(const Report& report, std::string_view language) {
  TRY_ASSIGN(const Words words, Words::create(language, report.basics));
  return Page(report, words).write();
}

}  // namespace behoud::retention::report
