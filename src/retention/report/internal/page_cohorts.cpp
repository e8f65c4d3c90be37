#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "retention/report/internal/charts.h"
#include "retention/report/internal/page.h"

// What becomes of those who came: the cohorts, and the rules of thumb held against them.

namespace behoud::retention::report::internal {

namespace {

constexpr std::size_t kHeatRowsMax = 24;  // the newest cohorts; all of them are in the JSON
constexpr int kHeatColumnsMax = 12;

// The hue of a heat map's cell: nine steps above "nothing", by the share of the greatest cell.
std::string heat(double share, double most) {
  if (!(most > 0) || share <= 0) return "c h0";
  return fmt::format("c h{}", std::clamp(static_cast<int>(std::ceil(share / most * 9 - 1e-9)), 1, 9));
}

}  // namespace

void Page::heat_table(const CohortAnswer& answer, std::string_view caption) {
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

void Page::cohorts() {
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

void Page::claims() {
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

}  // namespace behoud::retention::report::internal
