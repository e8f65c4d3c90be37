#include "retention/report/internal/charts.h"

#include <algorithm>
#include <cmath>

#include "retention/report/internal/svg.h"

namespace behoud::retention::report::internal {

namespace {

double scale(double value, double from_low, double from_high, double to_low, double to_high) {
  if (from_high <= from_low) return to_low;
  return to_low + (value - from_low) / (from_high - from_low) * (to_high - to_low);
}

// The decimals that per cent at this step need: 2.5 % has one.
int places_of(double step) {
  const double percent = step * 100;
  return std::abs(percent - std::round(percent)) < 1e-6             ? 0
         : std::abs(percent * 10 - std::round(percent * 10)) < 1e-6 ? 1
                                                                    : 2;
}

// One column of a waterfall: it floats from `from` to `to`, in parts that are stacked from the bottom up.
struct Part {
  double size = 0;
  std::string css_class;
};
struct Column {
  std::string label, value, tooltip, inside;  // inside: written in the first part
  double base = 0;                            // where the first part stands
  std::vector<Part> parts;                    // from base upwards
  double level_after = 0;                     // the running level that the connector carries on
  double top() const {
    double t = base;
    for (const Part& p : parts) t += p.size;
    return t;
  }
};

// A label that is longer than `most` in two lines, broken at the blank nearest its middle.
std::pair<std::string, std::string> in_two(const std::string& label, std::size_t most) {
  if (label.size() <= most) return {label, ""};
  std::size_t best = std::string::npos;
  const auto off = [&](std::size_t at) {
    return at > label.size() / 2 ? at - label.size() / 2 : label.size() / 2 - at;
  };
  for (std::size_t at = label.find(' '); at != std::string::npos; at = label.find(' ', at + 1)) {
    if (best == std::string::npos || off(at) < off(best)) best = at;
  }
  if (best == std::string::npos) return {label, ""};
  return {label.substr(0, best), label.substr(best + 1)};
}

Markup waterfall(std::span<const Column> columns, std::string_view title, std::string_view description) {
  constexpr double kWidth = 600, kHeight = 272, kTop = 28, kBottom = 48, kSide = 4;
  const double plot_bottom = kHeight - kBottom;
  double high = 0, low = 0;
  for (const Column& c : columns) {
    high = std::max(high, c.top());
    low = std::min(low, c.base);
  }
  if (high <= low) high = low + 1;
  const auto y = [&](double v) { return scale(v, low, high, plot_bottom, kTop); };
  const double slot = (kWidth - 2 * kSide) / static_cast<double>(columns.size());
  const double bar = std::min(72.0, slot * 0.56);

  Svg svg(kWidth, kHeight, title, description, "chart");
  svg.line({kSide, y(0)}, {kWidth - kSide, y(0)}, "axis");
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Column& c = columns[i];
    const double left = kSide + slot * static_cast<double>(i) + (slot - bar) / 2;
    if (i + 1 < columns.size()) {
      svg.line({left + bar, y(c.level_after)}, {left + slot, y(c.level_after)}, "connector");
    }
    svg.begin(c.tooltip);
    double at = c.base;
    for (const Part& p : c.parts) {
      if (p.size <= 0) continue;
      const double height = std::max(y(at) - y(at + p.size), 2.0);  // a sliver stays visible
      svg.rect(left, y(at + p.size), bar, height, p.css_class);
      at += p.size;
    }
    svg.end();
    svg.text(left + bar / 2, y(c.top()) - 8, c.value, "value", Anchor::kMiddle);
    if (!c.inside.empty() && y(c.base) - y(c.base + c.parts.front().size) > 40) {
      svg.text(left + bar / 2, (y(c.base) + y(c.base + c.parts.front().size)) / 2 + 5, c.inside, "on", Anchor::kMiddle);
    }
    const auto [above, below] = in_two(c.label, static_cast<std::size_t>(slot / 7));
    svg.text(left + bar / 2, plot_bottom + 20, above, "label", Anchor::kMiddle);
    if (!below.empty()) svg.text(left + bar / 2, plot_bottom + 36, below, "label", Anchor::kMiddle);
  }
  return std::move(svg).finish();
}

}  // namespace

std::vector<double> Axis::ticks() const {
  std::vector<double> out;
  const int n = static_cast<int>(std::round((high - low) / step));
  out.reserve(static_cast<std::size_t>(n) + 1);
  for (int i = 0; i <= n; ++i) out.push_back(low + step * i);
  return out;
}

Axis axis_over(double low, double high, int steps_max) {
  if (!(high > low)) high = low + 1;
  const double rough = (high - low) / std::max(1, steps_max);
  const double magnitude = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double round : {1.0, 2.0, 2.5, 5.0, 10.0, 20.0}) {
    const double step = round * magnitude;
    const double from = std::floor(low / step + 1e-9) * step;
    const double to = std::ceil(high / step - 1e-9) * step;
    if ((to - from) / step <= steps_max + 1e-9) return {from, to, step};
  }
  return {low, high, high - low};
}

Markup chart_definitions() {
  MarkupWriter w;
  w.open("svg",
         {{"width", "0"}, {"height", "0"}, {"class", "definitions"}, {"aria-hidden", "true"}, {"focusable", "false"}});
  w.open("defs");
  const auto hatch = [&](std::string id, std::string ground, std::string ink, std::string turn) {
    w.open("pattern", {{"id", std::move(id)},
                       {"width", "6"},
                       {"height", "6"},
                       {"patternUnits", "userSpaceOnUse"},
                       {"patternTransform", std::move(turn)}});
    w.empty("rect", {{"class", std::move(ground)}, {"width", "6"}, {"height", "6"}});
    w.empty("rect", {{"class", std::move(ink)}, {"width", "2"}, {"height", "6"}});
    w.close("pattern");
  };
  hatch("p-lost", "g-lost", "i-lost", "rotate(45)");
  hatch("p-less", "g-plain", "i-plain", "rotate(45)");
  hatch("p-warming", "g-warming", "i-warming", "rotate(45)");
  w.open("pattern", {{"id", "p-back"}, {"width", "6"}, {"height", "6"}, {"patternUnits", "userSpaceOnUse"}});
  w.empty("rect", {{"class", "g-back"}, {"width", "6"}, {"height", "6"}});
  w.empty("circle", {{"class", "i-back"}, {"cx", "3"}, {"cy", "3"}, {"r", "1.4"}});
  w.close("pattern");
  w.open("pattern", {{"id", "p-new"}, {"width", "6"}, {"height", "6"}, {"patternUnits", "userSpaceOnUse"}});
  w.empty("rect", {{"class", "g-new"}, {"width", "6"}, {"height", "6"}});
  w.empty("rect", {{"class", "i-new"}, {"width", "6"}, {"height", "1.6"}});
  w.close("pattern");
  w.close("defs");
  w.close("svg");
  return std::move(w).finish();
}

Markup customers_chart(const RetentionRow& row, calendar::Grain grain, const Words& words) {
  const auto number = [](std::uint64_t n) { return static_cast<double>(n); };
  const auto of = [&](std::uint64_t n) { return words.count(n); };
  const double s = number(row.customers_start), e = number(row.customers_end), lost = number(row.lost),
               came = number(row.new_customers), back = number(row.reactivated), kept = number(row.retained);
  const std::string at_start = words.day_short(row.head.period_start);
  const std::string at_end = words.day_short(row.head.evaluated_to.value_or(row.head.period_end));
  const auto signed_of = [&](std::uint64_t n, int sign) {
    return n == 0 ? of(0) : words.signed_integer(sign * static_cast<std::int64_t>(n));
  };
  const std::vector<Column> columns = {{at_start,
                                        of(row.customers_start),
                                        words("report.chart.start", {{"n", of(row.customers_start)}}),
                                        words("report.kept"),
                                        0,
                                        {{kept, "kept"}, {lost, "lost"}},
                                        s},
                                       {words("report.left"),
                                        signed_of(row.lost, -1),
                                        words("report.chart.lost", {{"n", of(row.lost)}}),
                                        "",
                                        kept,
                                        {{lost, "lost"}},
                                        kept},
                                       {words("report.came_new"),
                                        signed_of(row.new_customers, 1),
                                        words("report.chart.new", {{"n", of(row.new_customers)}}),
                                        "",
                                        kept,
                                        {{came, "new"}},
                                        kept + came},
                                       {words("report.came_back"),
                                        signed_of(row.reactivated, 1),
                                        words("report.chart.back", {{"n", of(row.reactivated)}}),
                                        "",
                                        kept + came,
                                        {{back, "back"}},
                                        e},
                                       {at_end,
                                        of(row.customers_end),
                                        words("report.chart.end", {{"n", of(row.customers_end)}}),
                                        words("report.kept"),
                                        0,
                                        {{kept, "kept"}, {came, "new"}, {back, "back"}},
                                        e}};
  return waterfall(columns, words("report.chart.customers", {{"period", words.period(row.head, grain)}}),
                   words("report.chart.customers.description", {{"start", of(row.customers_start)},
                                                                {"lost", of(row.lost)},
                                                                {"new", of(row.new_customers)},
                                                                {"back", of(row.reactivated)},
                                                                {"end", of(row.customers_end)}}));
}

Markup change_chart(const ChangeAnswer& change, calendar::Grain grain, const Words& words) {
  const auto number = [](std::int64_t n) { return static_cast<double>(n); };
  std::vector<Column> columns;
  double level = number(change.revenue_before_minor);
  columns.push_back({words.period_short(change.before, grain),
                     words.money_whole(change.revenue_before_minor),
                     "",
                     "",
                     0,
                     {{level, "plain"}},
                     level});
  const std::pair<const char*, std::int64_t> parts[] = {{"report.change.customers", change.by_customers_minor},
                                                        {"report.change.frequency", change.by_frequency_minor},
                                                        {"report.change.order_value", change.by_order_value_minor}};
  for (const auto& [key, minor] : parts) {
    const double after = level + number(minor);
    columns.push_back({words(key),
                       words.signed_money_whole(minor),
                       "",
                       "",
                       std::min(level, after),
                       {{std::abs(number(minor)), minor < 0 ? "less" : "more"}},
                       after});
    level = after;
  }
  columns.push_back({words.period_short(change.after, grain),
                     words.money_whole(change.revenue_after_minor),
                     "",
                     "",
                     0,
                     {{number(change.revenue_after_minor), "plain"}},
                     level});
  return waterfall(
      columns, words("report.chart.change"),
      words("report.chart.change.description", {{"before", words.money_whole(change.revenue_before_minor)},
                                                {"customers", words.signed_money_whole(change.by_customers_minor)},
                                                {"frequency", words.signed_money_whole(change.by_frequency_minor)},
                                                {"order_value", words.signed_money_whole(change.by_order_value_minor)},
                                                {"after", words.money_whole(change.revenue_after_minor)}}));
}

namespace {

// Which periods are named under a time axis, and how: the years where there are three or more, else a few periods.
std::vector<std::pair<std::size_t, std::string>> time_labels(const std::vector<RetentionRow>& rows,
                                                             calendar::Grain grain, const Words& words) {
  std::vector<std::pair<std::size_t, std::string>> out;
  const auto year = [&](std::size_t i) { return static_cast<int>(calendar::ymd(rows[i].head.period_start).year()); };
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (year(i) != year(i - 1)) out.emplace_back(i, std::to_string(year(i)));
  }
  if (out.size() >= 3) {
    const std::size_t every = (out.size() + 9) / 10;
    std::vector<std::pair<std::size_t, std::string>> thinned;
    for (std::size_t i = 0; i < out.size(); i += every) thinned.push_back(std::move(out[i]));
    return thinned;
  }
  out.clear();
  const std::size_t every = std::max<std::size_t>(1, (rows.size() + 4) / 5);
  for (std::size_t i = 0; i < rows.size(); i += every) out.emplace_back(i, words.period_short(rows[i].head, grain));
  return out;
}

}  // namespace

Markup retention_chart(const RetentionAnswer& answer, const Words& words) {
  constexpr double kWidth = 600, kHeight = 264, kTop = 20, kBottom = 40, kLeft = 52, kRight = 72;
  const auto& rows = answer.rows;
  double low = 1, high = 0;
  std::size_t told = 0;
  for (const RetentionRow& r : rows) {
    if (r.head.warming_up || !r.crr_strict.value) continue;
    low = std::min(low, r.crr_strict.low.value_or(*r.crr_strict.value));
    high = std::max(high, r.crr_strict.high.value_or(*r.crr_strict.value));
    ++told;
  }
  if (told == 0) return MarkupWriter().finish();
  Axis axis = axis_over(low < 0.3 ? 0 : low, high, 4);
  axis.low = std::max(axis.low, 0.0);
  axis.high = std::min(axis.high, 1.0);
  const double right = kWidth - kRight, bottom = kHeight - kBottom;
  const auto x = [&](std::size_t i) {
    return rows.size() < 2
               ? (kLeft + right) / 2
               : scale(static_cast<double>(i), 0, static_cast<double>(rows.size() - 1), kLeft + 8, right - 8);
  };
  const auto y = [&](double share) { return scale(share, axis.low, axis.high, bottom, kTop); };

  const calendar::Grain grain = answer.basics.grain;
  std::optional<std::size_t> first, last_complete;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].head.warming_up || !rows[i].crr_strict.value) continue;
    if (!first) first = i;
    if (rows[i].head.complete) last_complete = i;
  }
  const std::size_t shown = last_complete.value_or(*first);
  Svg svg(kWidth, kHeight, words("report.chart.retention"),
          words("report.chart.retention.description", {{"first", words.period(rows[*first].head, grain)},
                                                       {"from", words.percent(rows[*first].crr_strict.value)},
                                                       {"last", words.period(rows[shown].head, grain)},
                                                       {"to", words.percent(rows[shown].crr_strict.value)}}),
          "chart");

  const int digits = places_of(axis.step);
  for (const double tick : axis.ticks()) {
    if (tick > axis.high + 1e-9) continue;
    svg.line({kLeft, y(tick)}, {right, y(tick)}, tick == 0 ? "axis" : "grid");
    svg.text(kLeft - 8, y(tick) + 4, words.percent(tick, digits), "tick", Anchor::kEnd);
  }
  // Where everybody still looks new the share says nothing: hatched, and no line.
  std::size_t warming = 0;
  while (warming < rows.size() && (rows[warming].head.warming_up || (first && warming < *first))) ++warming;
  if (warming > 0) {
    const double edge = warming < rows.size() ? (x(warming - 1) + x(warming)) / 2 : right;
    svg.rect(kLeft, kTop, edge - kLeft, bottom - kTop, "warming");
    const std::string label = words("report.warming_up");
    if (edge - kLeft > 7.5 * static_cast<double>(label.size())) {
      svg.text((kLeft + edge) / 2, (kTop + bottom) / 2 + 4, label, "label halo", Anchor::kMiddle);
    } else {
      svg.text(kLeft + 4, bottom - 8, label, "label halo", Anchor::kStart);
    }
  }
  // The band and the line, in runs of periods that can tell.
  for (std::size_t i = 0; i < rows.size();) {
    const auto tells = [&](std::size_t j) {
      return j < rows.size() && !rows[j].head.warming_up && rows[j].crr_strict.value && rows[j].head.complete;
    };
    if (!tells(i)) {
      ++i;
      continue;
    }
    std::vector<Point> line, upper, lower;
    std::size_t j = i;
    for (; tells(j); ++j) {
      const Rate& rate = rows[j].crr_strict;
      line.push_back({x(j), y(*rate.value)});
      upper.push_back({x(j), y(rate.high.value_or(*rate.value))});
      lower.push_back({x(j), y(rate.low.value_or(*rate.value))});
    }
    std::vector<Point> band = upper;
    band.insert(band.end(), lower.rbegin(), lower.rend());
    if (line.size() > 1) {
      svg.polygon(band, "band");
      svg.polyline(line, "line");
    } else {
      svg.line(upper.front(), lower.front(), "whisker");
    }
    i = j;
  }
  // From the last complete period to one that has not ended: dashed.
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const RetentionRow &a = rows[i - 1], &b = rows[i];
    if (b.head.complete || b.head.warming_up || !b.crr_strict.value || a.head.warming_up || !a.crr_strict.value)
      continue;
    svg.line({x(i - 1), y(*a.crr_strict.value)}, {x(i), y(*b.crr_strict.value)}, "unfinished");
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const RetentionRow& r = rows[i];
    if (r.head.warming_up || !r.crr_strict.value) continue;
    svg.begin(words("report.chart.point", {{"period", words.period(r.head, grain)},
                                           {"rate", words.percent(r.crr_strict.value)},
                                           {"n", words.count(r.crr_strict.n)},
                                           {"d", words.count(r.crr_strict.d)},
                                           {"interval", words.interval(r.crr_strict)}}));
    svg.circle({x(i), y(*r.crr_strict.value)},
               i == shown         ? 4
               : rows.size() > 60 ? 1.5
                                  : 2.5,
               r.head.complete ? "dot" : "dot open");
    svg.end();
  }
  // Out of the way of a dashed line that climbs from it.
  const double here = y(*rows[shown].crr_strict.value);
  const bool climbs =
      shown + 1 < rows.size() && rows[shown + 1].crr_strict.value && y(*rows[shown + 1].crr_strict.value) < here;
  svg.text(x(shown) + 8, climbs ? std::min(here + 20, bottom - 4) : here - 8,
           words.percent(rows[shown].crr_strict.value), "value kept-ink halo", Anchor::kStart);

  for (const auto& [i, label] : time_labels(rows, grain, words)) {
    svg.line({x(i), bottom}, {x(i), bottom + 4}, "axis");
    svg.text(x(i), bottom + 20, label, "tick", Anchor::kMiddle);
  }
  return std::move(svg).finish();
}

Markup cohort_curve(const CohortAnswer& answer, int k_max, const Words& words) {
  constexpr double kWidth = 600, kHeight = 200, kTop = 20, kBottom = 40, kLeft = 52, kRight = 72;
  std::vector<const CohortMean*> points;
  double high = 0;
  for (const CohortMean& m : answer.means) {
    if (m.k == 0 || m.k > k_max || !m.weighted) continue;
    points.push_back(&m);
    high = std::max(high, *m.weighted);
  }
  if (points.size() < 2) return MarkupWriter().finish();
  const Axis axis = axis_over(0, high > 0 ? std::min(high, 1.0) : 1, 4);
  const double right = kWidth - kRight, bottom = kHeight - kBottom;
  const auto x = [&](int k) { return scale(k, points.front()->k, points.back()->k, kLeft + 8, right - 8); };
  const auto y = [&](double share) { return scale(share, axis.low, axis.high, bottom, kTop); };
  Svg svg(kWidth, kHeight, words("report.chart.cohort_curve"),
          words("report.chart.cohort_curve.description", {{"first", words.percent(points.front()->weighted)},
                                                          {"k", points.back()->k},
                                                          {"last", words.percent(points.back()->weighted)}}),
          "chart");
  const int digits = places_of(axis.step);
  for (const double tick : axis.ticks()) {
    svg.line({kLeft, y(tick)}, {right, y(tick)}, tick == 0 ? "axis" : "grid");
    svg.text(kLeft - 8, y(tick) + 4, words.percent(tick, digits), "tick", Anchor::kEnd);
  }
  std::vector<Point> line;
  line.reserve(points.size());
  for (const CohortMean* m : points) line.push_back({x(m->k), y(*m->weighted)});
  svg.polyline(line, "line");
  for (const CohortMean* m : points) {
    svg.begin(words("report.chart.cohort_point",
                    {{"k", m->k}, {"rate", words.percent(m->weighted)}, {"cohorts", m->cohorts}}));
    svg.circle({x(m->k), y(*m->weighted)}, 2.5, "dot");
    svg.end();
    svg.text(x(m->k), bottom + 20, words.integer(m->k), "tick", Anchor::kMiddle);
  }
  svg.text(x(points.front()->k), y(*points.front()->weighted) - 10, words.percent(points.front()->weighted),
           "value kept-ink halo", Anchor::kStart);
  svg.text(x(points.back()->k) + 10, y(*points.back()->weighted) + 4, words.percent(points.back()->weighted),
           "value kept-ink halo", Anchor::kStart);
  return std::move(svg).finish();
}

Markup whatif_chart(const WhatIfAnswer& answer, const Words& words) {
  constexpr double kWidth = 600, kHeight = 200, kTop = 24, kBottom = 36, kSide = 4;
  if (answer.rows.empty()) return MarkupWriter().finish();
  std::vector<double> cumulative;
  double sum = 0;
  cumulative.reserve(answer.rows.size());
  for (const auto& month : answer.rows) cumulative.push_back(sum += month.extra_revenue_minor);
  double high = 0;
  for (const double v : cumulative) high = std::max(high, v);
  if (!(high > 0)) return MarkupWriter().finish();
  const double bottom = kHeight - kBottom;
  const double slot = (kWidth - 2 * kSide) / static_cast<double>(answer.rows.size());
  const double bar = std::min(48.0, slot * 0.72);
  Svg svg(kWidth, kHeight, words("report.chart.whatif"),
          words("report.chart.whatif.description", {{"worth", words.mean_whole(answer.worth_minor)}}), "chart");
  svg.line({kSide, bottom}, {kWidth - kSide, bottom}, "axis");
  for (std::size_t i = 0; i < cumulative.size(); ++i) {
    const double left = kSide + slot * static_cast<double>(i) + (slot - bar) / 2;
    const double top = scale(cumulative[i], 0, high, bottom, kTop);
    const calendar::Day month = answer.rows[i].month;
    svg.begin(words.month(month) + ": " + words.mean_whole(cumulative[i]));
    svg.rect(left, top, bar, std::max(0.0, bottom - top), "kept");
    svg.end();
    if (i + 1 == cumulative.size() || i == 0 || i + 1 == cumulative.size() / 2) {
      svg.text(left + bar / 2, top - 8, words.money_short(static_cast<std::int64_t>(std::llround(cumulative[i]))),
               "value", Anchor::kMiddle);
    }
    svg.text(left + bar / 2, bottom + 18, words.month(month), "tick", Anchor::kMiddle);
  }
  return std::move(svg).finish();
}

Markup silence_bar(int silent_days, int usual_days, int scale_days, std::string_view tooltip) {
  constexpr double kWidth = 160, kHeight = 16;
  const double most = std::max(1, scale_days);
  const auto x = [&](int days) { return scale(std::min<double>(days, most), 0, most, 1, kWidth - 1); };
  Svg svg(kWidth, kHeight, "", "", "inline");
  svg.begin(tooltip);
  svg.rect(1, 5, x(usual_days) - 1, 6, "usual");
  if (silent_days > usual_days) svg.rect(x(usual_days), 5, x(silent_days) - x(usual_days), 6, "lost");
  svg.line({x(usual_days), 1}, {x(usual_days), 15}, "mark");
  svg.end();
  return std::move(svg).finish();
}

Markup sparkline(std::span<const std::optional<double>> values) {
  constexpr double kWidth = 160, kHeight = 32, kPad = 4;
  std::optional<double> low, high;
  for (const auto& v : values) {
    if (!v) continue;
    low = low ? std::min(*low, *v) : *v;
    high = high ? std::max(*high, *v) : *v;
  }
  if (!low || values.size() < 2) return MarkupWriter().finish();
  const bool flat = *high <= *low;
  const auto x = [&](std::size_t i) {
    return scale(static_cast<double>(i), 0, static_cast<double>(values.size() - 1), kPad, kWidth - kPad);
  };
  const auto y = [&](double v) { return flat ? kHeight / 2 : scale(v, *low, *high, kHeight - kPad, kPad); };
  Svg svg(kWidth, kHeight, "", "", "spark");
  std::vector<Point> run;
  std::optional<Point> last;
  const auto flush = [&] {
    if (run.size() > 1) svg.polyline(run, "line");
    run.clear();
  };
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!values[i]) {
      flush();
      continue;
    }
    run.push_back({x(i), y(*values[i])});
    last = run.back();
  }
  flush();
  if (last) svg.circle(*last, 3, "dot");
  return std::move(svg).finish();
}

Markup claim_chart(const Claim& claim) {
  constexpr double kWidth = 160, kHeight = 24, kMiddle = 12;
  double high = std::max(claim.published_high, claim.published_low);
  double low = std::min({0.0, claim.published_low, claim.published_high});
  for (const auto& v : {claim.value, claim.low, claim.high}) {
    if (!v) continue;
    // An own figure far beyond the published one would squeeze it flat: the scale ends at three times.
    high = std::max(high, std::min(*v, 3 * std::max(claim.published_high, 1e-9)));
    low = std::min(low, std::max(*v, -3 * std::max(claim.published_high, 1e-9)));
  }
  const auto x = [&](double v) { return scale(std::clamp(v, low, high), low, high, 6, kWidth - 6); };
  Svg svg(kWidth, kHeight, "", "", "inline");
  svg.line({6, kMiddle}, {kWidth - 6, kMiddle}, "grid");
  if (claim.published_high > claim.published_low) {
    svg.rect(x(claim.published_low), kMiddle - 7, x(claim.published_high) - x(claim.published_low), 14, "published");
  } else {
    svg.line({x(claim.published_low), kMiddle - 8}, {x(claim.published_low), kMiddle + 8}, "published-mark");
  }
  if (claim.low && claim.high) svg.line({x(*claim.low), kMiddle}, {x(*claim.high), kMiddle}, "whisker");
  if (claim.value) svg.circle({x(*claim.value), kMiddle}, 4, "dot");
  return std::move(svg).finish();
}

}  // namespace behoud::retention::report::internal
