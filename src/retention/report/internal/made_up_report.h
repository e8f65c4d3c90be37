#pragma once

// Reports made up for the tests of the renderers: numbers that hold together (S = K + L, E = K + N + R, sums), without
// a shop behind them. `small_report` is the example of the design: 80 of 100 kept, 20 left, 17 came new, 3 came back.

#include <cmath>
#include <string>

#include "calendar/period.h"
#include "retention/report/report.h"

namespace behoud::retention::report::internal {

// Wilson's interval by its textbook form, so that made-up rates look like real ones.
inline Rate made_up_rate(std::uint64_t n, std::uint64_t d) {
  Rate r;
  r.n = n;
  r.d = d;
  if (d == 0) return r;
  const double z = 1.959964, m = static_cast<double>(d), p = static_cast<double>(n) / m;
  const double centre = (p + z * z / (2 * m)) / (1 + z * z / m);
  const double half = z / (1 + z * z / m) * std::sqrt(p * (1 - p) / m + z * z / (4 * m * m));
  r.value = p;
  r.low = std::max(0.0, centre - half);
  r.high = std::min(1.0, centre + half);
  return r;
}

inline RetentionRow made_up_row(calendar::Day from, calendar::Day to, std::uint64_t kept, std::uint64_t lost,
                                std::uint64_t came, std::uint64_t back, std::uint64_t orders,
                                std::int64_t revenue_minor) {
  RetentionRow r;
  r.head.period_start = from;
  r.head.period_end = to;
  r.customers_start = kept + lost;
  r.retained = kept;
  r.lost = lost;
  r.new_customers = came;
  r.reactivated = back;
  r.customers_end = kept + came + back;
  r.crr_strict = made_up_rate(kept, kept + lost);
  r.churn_rate = made_up_rate(lost, kept + lost);
  r.crr.n = kept + back;
  r.crr.d = kept + lost;
  if (kept + lost > 0) r.crr.value = static_cast<double>(kept + back) / static_cast<double>(kept + lost);
  r.orders = orders;
  r.buyers = orders - orders / 6;
  r.returning_rate = made_up_rate(r.buyers > came ? r.buyers - came : 0, 2 * (kept + lost));
  r.returning_rate_active = made_up_rate(r.buyers > came ? r.buyers - came : 0, kept + lost + came);
  r.repeat_rate = made_up_rate(orders / 6, r.buyers);
  r.gross_minor = revenue_minor + revenue_minor / 40;
  r.revenue_minor = revenue_minor;
  return r;
}

inline ValueRow made_up_value(const RetentionRow& r) {
  ValueRow v;
  v.head = r.head;
  v.orders = r.orders;
  v.buyers = r.buyers;
  v.gross_minor = r.gross_minor;
  v.revenue_minor = r.revenue_minor;
  if (r.orders > 0) {
    const double revenue = static_cast<double>(r.revenue_minor);
    v.aov_minor = revenue / static_cast<double>(r.orders);
    v.purchase_frequency = static_cast<double>(r.orders) / static_cast<double>(r.buyers);
    v.customer_value_minor = revenue / static_cast<double>(r.buyers);
    if (r.lost > 0) v.clv_minor = *v.customer_value_minor * 2.6;
  }
  v.repeat_rate = r.repeat_rate;
  v.customers_start = r.customers_start;
  v.customers_end = r.customers_end;
  return v;
}

// The report of one period: January 2024 of a shop of a hundred customers.
inline Report small_report() {
  using calendar::civil;
  Report r;
  const calendar::Day from = civil(2024, 1, 1), to = civil(2024, 2, 1);
  r.basics = {{calendar::Instant{static_cast<std::int64_t>(to.number) * calendar::kMsPerDay}},
              0,
              civil(2020, 3, 2),
              90,
              Basis::kOrders,
              {},
              "UTC",
              "EUR"};
  r.files = {"orders.csv"};
  r.first_day = civil(2020, 3, 2);
  r.last_day = civil(2024, 1, 31);
  r.customers = 412;
  r.window_choice =
      WindowChoice{90, 350, 0.914, "window.covers", {{30, 0.61}, {60, 0.82}, {90, 0.914}, {180, 0.97}, {365, 1.0}}};
  r.retention.basics = r.value.basics = r.basics;
  r.retention.rows = {made_up_row(civil(2023, 12, 1), from, 78, 18, 20, 2, 61, 402'550),
                      made_up_row(from, to, 80, 20, 17, 3, 60, 366'000)};
  for (const RetentionRow& row : r.retention.rows) r.value.rows.push_back(made_up_value(row));
  Headline h;
  h.now = r.retention.rows[1];
  h.value = r.value.rows[1];
  h.previous = r.retention.rows[0];
  h.previous_value = r.value.rows[0];
  r.headline = h;
  using Kind = BridgeLine::Kind;
  r.bridge.lines = {{"rows", Kind::kTotal, 1012, std::nullopt, "", "", {}},
                    {"title_rows", Kind::kStep, -2, std::nullopt, "", "", {1, 2}},
                    {"rejected", Kind::kStep, -3, std::nullopt, "", "ingest.reject.date", {14, 90, 512}},
                    {"lines", Kind::kTotal, 1007, std::nullopt, "", "", {}},
                    {"further_lines", Kind::kStep, -107, std::nullopt, "", "report.bridge.why.further_lines", {}},
                    {"orders", Kind::kTotal, 900, 5'412'310, "", "", {}},
                    {"anonymous", Kind::kStep, -20, -61'250, "", "report.bridge.why.anonymous", {77, 78}},
                    {"awaited", Kind::kStep, -5, -22'000, "pending", "report.bridge.why.awaited", {}},
                    {"counted_orders", Kind::kTotal, 875, 5'329'060, "", "", {}},
                    {"paid", Kind::kTotal, std::nullopt, 6'448'163, "", "", {}},
                    {"tax", Kind::kStep, std::nullopt, -1'119'103, "", "report.bridge.why.tax", {}},
                    {"gross", Kind::kTotal, std::nullopt, 5'329'060, "", "", {}},
                    {"discount", Kind::kAside, 31, 12'400, "", "report.bridge.why.discount", {}},
                    {"refunds", Kind::kStep, 12, -70'010, "", "report.bridge.why.refunds", {}},
                    {"revenue", Kind::kTotal, std::nullopt, 5'259'050, "", "", {}}};
  ChangeAnswer c;
  c.basics = r.basics;
  c.before = h.previous->head;
  c.after = h.now.head;
  c.revenue_before_minor = 402'550;
  c.revenue_after_minor = 366'000;
  c.by_customers_minor = -7'620;
  c.by_frequency_minor = 1'044;
  c.by_order_value_minor = -29'974;
  r.change = c;
  r.cohorts_on.basics = r.cohorts_on_or_after.basics = r.basics;
  r.cohorts_on_or_after.mode = CohortMode::kOnOrAfter;
  const auto cell = [](int k, bool complete, std::uint64_t n, std::uint64_t size, std::int64_t minor) {
    CohortCell out;
    out.k = k;
    out.complete = complete;
    out.customers = n;
    out.rate = made_up_rate(n, size);
    out.revenue_minor = minor;
    out.cumulative_revenue_minor = minor;
    return out;
  };
  CohortRow first, second;
  first.cohort = civil(2023, 12, 1);
  first.size = 20;
  first.cells = {cell(0, true, 20, 20, 122'000), cell(1, true, 5, 20, 30'500)};
  second.cohort = from;
  second.size = 17;
  second.cells = {cell(0, true, 17, 17, 103'700)};
  r.cohorts_on.rows = r.cohorts_on_or_after.rows = {first, second};
  r.cohorts_on.means = {{0, 1.0, 1.0, 2}, {1, 0.25, 0.25, 1}};
  r.cohorts_on_or_after.means = r.cohorts_on.means;
  r.slipping.customers = 9;
  r.slipping.at_stake_minor = 84'300;
  r.slipping.command = "behoud customers --behind slipping_away";
  r.slipping.rows = {{"ada@example.com", 11, 61, 34, 21'450, civil(2023, 12, 2)},
                     {"c-1044", 6, 75, 52, 18'200, civil(2023, 11, 18)}};
  r.claims.basics = r.basics;
  Claim spend;
  spend.name = "returning_spend_more";
  spend.published_low = spend.published_high = 0.67;
  spend.value = 0.12;
  spend.low = 0.02;
  spend.high = 0.22;
  spend.people = 380;
  spend.verdict = Verdict::kFalse;
  Claim cost;
  cost.name = "new_costs_five_times";
  cost.published_low = cost.published_high = 5;
  r.claims.rows = {cost, spend};
  r.whatif.basics = r.basics;
  r.whatif.points = 5;
  r.whatif.worth_minor = 148'230.4;
  r.whatif.share_of_revenue = 0.031;
  for (unsigned m = 2; m <= 12; ++m) r.whatif.rows.push_back({civil(2023, m, 1), 4.0 * (m - 1), 2'245.9 * (m - 1)});
  Action a;
  a.name = "slipping_away";
  a.people = 9;
  a.amount_minor = 84'300;
  a.command = "behoud customers --behind slipping_away";
  Action b;
  b.name = "no_status";
  b.command = "behoud report orders.csv --map status=COLUMN";
  r.actions = {a, b};
  r.first_command = "behoud import orders orders.csv";
  ingest::FileShape shape;
  shape.file = "orders.csv";
  shape.format = "csv";
  shape.encoding = "UTF-8";
  shape.delimiter = ";";
  shape.date_format = "DMY";
  shape.decimal_mark = ",";
  shape.title_rows = 2;
  shape.columns = {{0, "Klant", ingest::Role::kCustomer, 0.98, "ingest.match.name"},
                   {1, "Datum", ingest::Role::kDate, 1.0, "ingest.match.name"},
                   {2, "Bedrag", ingest::Role::kAmount, 0.87, "ingest.match.values"},
                   {3, "Opmerking", std::nullopt, 0, ""}};
  r.reading.files = {shape};
  r.reading.rows = 1012;
  r.reading.orders = 900;
  r.reading.rejected = 3;
  r.reading.reasons = {{"ingest.reject.date",
                        3,
                        {{"orders.csv", 14, "Datum"}, {"orders.csv", 90, "Datum"}, {"orders.csv", 512, "Datum"}}}};
  return r;
}

// A shop of three years and some thousands of customers, in months: what the pictures are made from until a sample shop
// is at hand.
inline Report large_report() {
  using calendar::civil;
  Report r = small_report();
  std::uint32_t state = 20240611;
  const auto random = [&] {
    state = state * 1664525u + 1013904223u;
    return static_cast<double>(state >> 8) / 16777216.0;
  };
  r.files = {"orders_export_1.csv", "orders_export_2.csv"};
  r.basics.history_start = civil(2021, 3, 3);
  r.basics.window_days = 365;
  r.basics.zone = "Europe/Amsterdam";
  const calendar::Day as_of = civil(2024, 6, 11);
  r.basics.as_of = {static_cast<std::int64_t>(as_of.number) * calendar::kMsPerDay - 2 * 3'600'000};
  r.first_day = r.basics.history_start;
  r.last_day = civil(2024, 6, 10);
  r.customers = 18'204;
  r.window_choice = WindowChoice{365, 41'877, 0.932, "window.covers", {}};
  r.retention = {r.basics, {}};
  r.value = {r.basics, {}};
  double active = 0;
  for (int i = 0; i < 40; ++i) {
    const int year = 2021 + (i + 2) / 12;
    const unsigned month = static_cast<unsigned>((i + 2) % 12) + 1;
    const calendar::Day from = civil(year, month, 1);
    const calendar::Day to = month == 12 ? civil(year + 1, 1, 1) : civil(year, month + 1, 1);
    const bool warming = from < *r.basics.history_start + 365, complete = to <= as_of;
    const double season = month >= 11 ? 1.5 : month == 7 || month == 8 ? 0.8 : 1.0;
    const double growth = 1 + i * 0.012;
    const double share = complete ? 1.0 : 0.33;
    const auto came = static_cast<std::uint64_t>((380 + 60 * random()) * season * growth * share);
    const auto lost =
        warming ? 0u : static_cast<std::uint64_t>(active * (0.046 + 0.012 * random() - i * 0.0003) * share);
    const auto back = warming ? 0u : static_cast<std::uint64_t>((18 + 20 * random()) * share);
    const auto kept = static_cast<std::uint64_t>(active) - lost;
    const auto orders =
        static_cast<std::uint64_t>((static_cast<double>(came) + active * 0.105 * season) * (complete ? 1 : 0.4) + 1);
    RetentionRow row =
        made_up_row(from, to, kept, lost, came, back, orders,
                    static_cast<std::int64_t>(static_cast<double>(orders) * (5'900 + 500 * random() + i * 12)));
    row.head.warming_up = warming;
    row.head.complete = complete;
    row.head.new_at_most = from < *r.basics.history_start + 4 * 365;
    if (!complete) row.head.evaluated_to = as_of;
    active = static_cast<double>(row.customers_end);
    r.retention.rows.push_back(row);
    r.value.rows.push_back(made_up_value(row));
  }
  const auto at = [&](std::size_t back) { return r.retention.rows.size() - 1 - back; };
  Headline h;
  h.now = r.retention.rows[at(1)];
  h.value = r.value.rows[at(1)];
  h.previous = r.retention.rows[at(2)];
  h.previous_value = r.value.rows[at(2)];
  h.year_earlier = r.retention.rows[at(13)];
  h.year_earlier_value = r.value.rows[at(13)];
  r.headline = h;
  r.warnings = {Warning::kNewAtMost};
  ChangeAnswer c;
  c.before = h.previous->head;
  c.after = h.now.head;
  c.revenue_before_minor = h.previous->revenue_minor;
  c.revenue_after_minor = h.now.revenue_minor;
  const std::int64_t d = c.revenue_after_minor - c.revenue_before_minor;
  c.by_customers_minor = d + 214'000;
  c.by_frequency_minor = -301'500;
  c.by_order_value_minor = d - c.by_customers_minor - c.by_frequency_minor;
  r.change = c;
  const auto cohorts = [&](bool after) {
    CohortAnswer a;
    a.basics = r.basics;
    a.mode = after ? CohortMode::kOnOrAfter : CohortMode::kOn;
    std::vector<double> sums(41, 0), sizes(41, 0);
    for (std::size_t i = 0; i < r.retention.rows.size(); ++i) {
      const RetentionRow& row = r.retention.rows[i];
      CohortRow out;
      out.cohort = row.head.period_start;
      out.warming_up = row.head.warming_up;
      out.size = row.new_customers;
      for (int k = 0; i + static_cast<std::size_t>(k) < r.retention.rows.size(); ++k) {
        const bool complete = r.retention.rows[i + static_cast<std::size_t>(k)].head.complete;
        double share = k == 0 ? 1 : 0.07 + 0.16 * std::pow(k, -0.55) + 0.02 * random();
        if (after && k > 0) share = 0.52 * std::pow(k, -0.22) * (1 - static_cast<double>(k) / 60);
        if (!complete) share *= 0.4;
        CohortCell cell;
        cell.k = k;
        cell.complete = complete;
        cell.customers = static_cast<std::uint64_t>(share * static_cast<double>(out.size));
        cell.rate = made_up_rate(cell.customers, out.size);
        cell.revenue_minor = static_cast<std::int64_t>(cell.customers) * 6'150;
        if (complete) {
          sums[static_cast<std::size_t>(k)] += static_cast<double>(cell.customers);
          sizes[static_cast<std::size_t>(k)] += static_cast<double>(out.size);
        }
        out.cells.push_back(cell);
      }
      a.rows.push_back(out);
    }
    for (int k = 0; k < 40; ++k) {
      const auto i = static_cast<std::size_t>(k);
      if (sizes[i] > 0) a.means.push_back({k, sums[i] / sizes[i], sums[i] / sizes[i], 39 - i});
    }
    return a;
  };
  r.cohorts_on = cohorts(false);
  r.cohorts_on_or_after = cohorts(true);
  r.slipping.customers = 684;
  r.slipping.at_stake_minor = 9'241'370;
  r.slipping.rows.clear();
  const char* const people[] = {
      "a.devries@example.nl", "k-20817", "jonas.berg@example.se", "m.peeters@example.be", "k-1187",
      "hanna@example.se",     "k-9920",  "info@example.org",      "t.bakker@example.nl",  "l.lind@example.se"};
  for (int i = 0; i < 10; ++i) {
    const int usual = 24 + static_cast<int>(60 * random());
    r.slipping.rows.push_back({people[i], static_cast<std::uint64_t>(31 - 2 * i),
                               usual + 6 + static_cast<int>(70 * random()), usual, 214'500 - i * 13'270,
                               as_of - 90 + i * 3});
  }
  r.claims.rows[1].people = 9'204;
  Claim three = r.claims.rows[1], five = three, average = three;
  three.name = "three_in_ten_after_a_year";
  three.published_low = three.published_high = 0.3;
  three.value = 0.341;
  three.low = 0.332;
  three.high = 0.35;
  three.verdict = Verdict::kTrue;
  five.name = "five_points_profit";
  five.published_low = 0.25;
  five.published_high = 0.95;
  five.value = 0.187;
  five.low = five.high = std::nullopt;
  five.verdict = Verdict::kFalse;
  average.name = "average_retention";
  average.published_low = average.published_high = 0.38;
  average.value = 0.447;
  average.low = 0.437;
  average.high = 0.456;
  r.claims.rows.push_back(three);
  r.claims.rows.push_back(five);
  r.claims.rows.push_back(average);
  r.whatif.worth_minor = 0;
  double worth = 0;
  r.whatif.rows.clear();
  for (unsigned m = 0; m < 12; ++m) {
    const double customers = 310 * (1 - std::pow(0.955, m + 1)) / 0.045;
    r.whatif.rows.push_back({civil(m < 7 ? 2023 : 2024, m < 7 ? m + 6 : m - 6, 1), customers, customers * 590});
    worth += customers * 590;
  }
  r.whatif.worth_minor = worth;
  r.whatif.share_of_revenue = 0.187;
  Action slipping = r.actions[0], second, lost, source, status = r.actions[1];
  slipping.people = 684;
  slipping.amount_minor = 9'241'370;
  second.name = "second_order_due";
  second.people = 1'022;
  second.amount_minor = 1'204'500;
  second.rate = 0.184;
  second.mean_minor = 6'405;
  second.from_days = 41;
  second.to_days = 168;
  second.command = "behoud customers --behind second_order_due";
  lost.name = "win_back";
  lost.people = 211;
  lost.amount_minor = 1'870'120;
  lost.command = "behoud customers --behind win_back --from 2024-05-01 --to 2024-06-01 --grain month";
  source.name = "best_source";
  source.people = 2'310;
  source.subject = "newsletter";
  source.mean_minor = 11'840;
  source.compared_mean_minor = 8'120;
  source.amount_minor = 8'593'200;
  source.command = "behoud customers --behind best_source";
  r.actions = {slipping, source, lost, second, status};
  r.bridge.lines[0].count = 70'000;
  r.bridge.lines[3].count = 69'995;
  r.bridge.lines[4].count = -20'009;
  r.bridge.lines[5].count = 49'986;
  r.bridge.lines[5].amount_minor = 300'412'310;
  r.bridge.lines[8].count = 49'961;
  r.bridge.lines[8].amount_minor = 300'329'060;
  r.bridge.lines[9].amount_minor = 363'398'163;
  r.bridge.lines[10].amount_minor = -63'069'103;
  r.bridge.lines[11].amount_minor = 300'329'060;
  r.bridge.lines[13].amount_minor = -7'070'010;
  r.bridge.lines[14].amount_minor = 293'259'050;
  return r;
}

}  // namespace behoud::retention::report::internal
