#include <map>

#include "retention/internal/world_oracle.h"
#include "retention/oracle.h"

// What customers are worth and what they cost; what keeping more of them would bring.

namespace behoud::retention::oracle {
namespace {

struct Lifetime {
  std::optional<double> lifespan, clv;
  ValueRow::Spans spans;
};
// Over all spans of W days that end at as-of, one before the other, in the history past its left edge.
Lifetime lifetime(const World& w, const std::optional<std::string>& of) {
  const auto first = w.first_known_day();
  if (!first) return {};  // asked for a span of a shop where nobody has come yet
  std::uint64_t at_start = 0, lost = 0, buyers = 0;
  std::int64_t spent = 0;
  for (Day end = w.cut(); end - w.w() >= *first && !w.edge_within(end - w.w(), 1); end = end - w.w()) {
    at_start += w.counted("customers_start", end - w.w(), end, of).size();
    lost += w.counted("lost", end - w.w(), end, of).size();
    buyers += w.counted("buyers", end - w.w(), end, of).size();
    spent += w.sums(end - w.w(), end, of).revenue;
  }
  Lifetime life;
  life.spans = {at_start, lost, buyers, spent};
  life.lifespan = divided(static_cast<double>(at_start), static_cast<double>(lost));
  const auto customer_value = divided(static_cast<double>(spent), static_cast<double>(buyers));
  if (life.lifespan && customer_value) life.clv = *customer_value * *life.lifespan;
  return life;
}

}  // namespace

ValueAnswer value(const Histories& h, const ShopSettings& s, const Question& q) {
  const World w(h, s, q);
  ValueAnswer answer{w.basics(), {}};
  std::set<std::string> seen;
  std::map<std::string, Lifetime> lifetimes;
  for (const auto& period : w.periods()) {
    const Day a = period.begin(), b = w.read_to(period);
    for (const std::string& part : w.parts()) {
      const auto of = q.split == Split::kNone ? std::nullopt : std::optional(part);
      const auto count = [&](std::string_view field) { return static_cast<double>(w.counted(field, a, b, of).size()); };
      if (q.split == Split::kNone || begun(w, b, part) || count("customers_end") > 0) seen.insert(part);
      if (!seen.contains(part)) continue;
      const World::Sums sums = w.sums(a, b, of);
      const auto revenue = static_cast<double>(sums.revenue), orders = static_cast<double>(sums.orders);
      ValueRow row;
      row.head = w.head(period, part);
      row.orders = sums.orders;
      row.buyers = w.counted("buyers", a, b, of).size();
      row.gross_minor = sums.gross;
      row.revenue_minor = sums.revenue;
      row.margin_minor = w.margin(sums.revenue, sums.costed_revenue, sums.cost);
      row.aov_minor = divided(revenue, orders);
      row.purchase_frequency = divided(orders, count("buyers"));
      if (!h.units_milli.empty()) {
        row.units = static_cast<double>(sums.units_milli) / 1000;
        row.items_per_order = divided(static_cast<double>(sums.units_milli) / 1000, orders);
      }
      row.customer_value_minor = divided(revenue, count("buyers"));
      const auto bought_so_far =
          w.those(of, [&](const Person& p) { return !w.purchases_in(p, kLongAgo, b).empty(); }).size();
      row.value_to_date_minor =
          divided(static_cast<double>(w.sums(kLongAgo, b, of).revenue), static_cast<double>(bought_so_far));
      row.buyers_to_date = bought_so_far;
      row.revenue_to_date_minor = w.sums(kLongAgo, b, of).revenue;
      row.customers_start = w.counted("customers_start", a, b, of).size();
      row.customers_end = w.counted("customers_end", a, b, of).size();
      row.value_per_active_minor = divided(revenue, (count("customers_start") + count("customers_end")) / 2);
      row.repeat_rate = proportion(w.counted("repeat_rate", a, b, of).size(), row.buyers);
      if (row.head.complete) {
        if (!lifetimes.contains(part)) lifetimes[part] = lifetime(w, of);
        row.lifespan = lifetimes[part].lifespan;
        row.clv_minor = lifetimes[part].clv;
        row.spans = lifetimes[part].spans;
      }
      answer.rows.push_back(row);
    }
  }
  return answer;
}

CostAnswer cost(const Histories& h, const ShopSettings& s, const Question& q) {
  const World w(h, s, q);
  CostAnswer answer{w.basics(), {}};
  for (const auto& period : w.periods()) {
    const Day a = period.begin(), b = w.read_to(period);
    CostRow row;
    row.head = w.head(period, "");
    for (const auto& entry : h.costs) {
      // Day i of n gets floor(A i / n) - floor(A (i - 1) / n).
      const int n = std::max(1, entry.to - entry.from);
      const auto floor_div = [](std::int64_t x, std::int64_t y) { return x >= 0 ? x / y : -((-x + y - 1) / y); };
      for (int i = 1; i <= n; ++i) {
        const Day on = entry.from + (i - 1);
        if (on < a || on >= b) continue;
        const std::int64_t share = floor_div(entry.minor * i, n) - floor_div(entry.minor * (i - 1), n);
        if (entry.purpose == "retention") row.crc_total_minor += share;
        if (entry.purpose == "acquisition") row.acquisition_cost_minor += share;
      }
    }
    const auto per = [](std::int64_t minor, std::size_t people) {
      return divided(static_cast<double>(minor), static_cast<double>(people));
    };
    row.crc_minor = per(row.crc_total_minor, w.counted("customers_end", a, b, {}).size());
    row.crc_per_retained_minor = per(row.crc_total_minor, w.counted("retained", a, b, {}).size());
    row.cac_minor =
        per(row.acquisition_cost_minor, w.counted("new", a, b, {}).size() + w.counted("one_and_gone", a, b, {}).size());
    row.customers_end = w.counted("customers_end", a, b, {}).size();
    row.retained = w.counted("retained", a, b, {}).size();
    row.new_customers = w.counted("new", a, b, {}).size();
    row.one_and_gone = w.counted("one_and_gone", a, b, {}).size();
    if (row.acquisition_cost_minor > 0 && row.head.complete) {
      // The margin of the period's new customers within m months of their first day.
      const auto margin_within = [&](int months) {
        std::int64_t revenue = 0, costed = 0, item_cost = 0;
        for (const Person& p : w.people()) {
          const auto since = w.since_day(p);
          if (!since || *since < a || *since >= b) continue;
          for (const Purchase* o : w.purchases_in(p, *since, months_after(*since, months))) {
            revenue += o->revenue;
            costed += o->costed_revenue;
            item_cost += o->cost;
          }
        }
        return w.margin(revenue, costed, item_cost);
      };
      const auto spent = static_cast<double>(row.acquisition_cost_minor);
      if (const auto year = margin_within(12); year && months_after(b, 12) <= w.cut()) {
        row.acquisition_roi = (static_cast<double>(*year) - spent) / spent;
        row.newcomers_margin_minor = year;
      }
      for (int m = 1; m <= 200 && !row.payback_months; ++m) {
        const auto margin = margin_within(m);
        if (margin && *margin >= row.acquisition_cost_minor) row.payback_months = m;
      }
    }
    answer.rows.push_back(row);
  }
  return answer;
}

WhatIfAnswer whatif(const Histories& h, const ShopSettings& s, const Question& q) {
  const World w(h, s, q);
  WhatIfAnswer answer;
  answer.basics = w.basics();
  answer.points = s.what_if_points;
  // The last 12 months that have ended.
  const Day today = h.zone.day_of(w.as_of());
  const Day end = calendar::floor_to({}, today, today), begin = months_after(end, -12);
  const auto first = w.first_known_day();
  if (!first || calendar::floor_to({}, *first, *first) > begin) return answer;
  double x = 0, worth = 0, revenue = 0, worth_margin = 0, margin_sum = 0;
  bool margin_known = true;
  for (int m = 0; m < 12; ++m) {
    const Day a = months_after(begin, m), b = months_after(begin, m + 1);
    const auto start = static_cast<double>(w.counted("customers_start", a, b, {}).size());
    const auto finish = static_cast<double>(w.counted("customers_end", a, b, {}).size());
    const auto kept = static_cast<double>(w.counted("retained", a, b, {}).size());
    const World::Sums sums = w.sums(a, b, {});
    x = (start > 0 ? x * kept / start : 0) + s.what_if_points / 100 * start;
    const double share = start + finish > 0 ? x / ((start + finish) / 2) : 0;
    const auto margin = w.margin(sums.revenue, sums.costed_revenue, sums.cost);
    margin_known = margin_known && margin;
    worth += share * static_cast<double>(sums.revenue);
    revenue += static_cast<double>(sums.revenue);
    worth_margin += share * static_cast<double>(margin.value_or(0));
    margin_sum += static_cast<double>(margin.value_or(0));
    answer.rows.push_back({a, x, share * static_cast<double>(sums.revenue)});
  }
  answer.worth_minor = worth;
  if (revenue > 0) answer.share_of_revenue = worth / revenue;
  if (margin_known && margin_sum > 0) answer.share_of_margin = worth_margin / margin_sum;
  return answer;
}

}  // namespace behoud::retention::oracle
