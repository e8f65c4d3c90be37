#include "retention/internal/world_oracle.h"
#include "retention/oracle.h"

// Who stays: retention, the people behind its fields, and cohorts.

namespace behoud::retention::oracle {

RetentionAnswer retention(const Histories& h, const ShopSettings& s, const Question& q) {
  const World w(h, s, q);
  RetentionAnswer answer{w.basics(), {}};
  std::set<std::string> seen;
  for (const auto& period : w.periods()) {
    const Day a = period.begin(), b = w.read_to(period);
    for (const std::string& part : w.parts()) {
      const auto of = q.split == Split::kNone ? std::nullopt : std::optional(part);
      const auto count = [&](std::string_view field) -> std::uint64_t { return w.counted(field, a, b, of).size(); };
      if (q.split == Split::kNone || begun(w, b, part) || count("customers_end") > 0) seen.insert(part);
      if (!seen.contains(part)) continue;
      RetentionRow row;
      row.head = w.head(period, part);
      row.customers_start = count("customers_start");
      row.customers_end = count("customers_end");
      row.new_customers = count("new");
      row.one_and_gone = count("one_and_gone");
      row.reactivated = count("reactivated");
      row.retained = count("retained");
      row.lost = count("lost");
      row.crr = ratio(count("crr"), row.customers_start);
      row.crr_strict = proportion(count("retained"), row.customers_start);
      row.churn_rate = proportion(count("lost"), row.customers_start);
      row.returning_rate = proportion(count("returning_rate"), count("ordered_before"));
      row.returning_rate_active = proportion(count("returning_rate_active"), row.customers_start);
      const World::Sums sums = w.sums(a, b, of);
      row.orders = sums.orders;
      row.buyers = count("buyers");
      row.gross_minor = sums.gross;
      row.revenue_minor = sums.revenue;
      row.repeat_rate = proportion(count("repeat_rate"), row.buyers);
      if (q.basis == Basis::kSubscriptions) {
        row.paused = count("paused");
        row.in_trial = count("in_trial");
        row.trial_converted = proportion(count("trial_converted"), count("trials_ended"));
        double start = 0, gross = 0, net = 0;
        for (const Person& p : w.people()) {
          if ((of && w.part(p) != *of) || !w.active(p, a)) continue;
          start += w.recurring(p, a);
          gross += std::min(w.recurring(p, a), w.recurring(p, b));
          net += w.recurring(p, b);
        }
        row.gross_retention = divided(gross, start);
        row.net_retention = divided(net, start);
      }
      answer.rows.push_back(row);
    }
  }
  return answer;
}

std::set<std::uint32_t> people(const Histories& h, const ShopSettings& s, const Question& q, std::string_view field,
                               Day a, Day b, const std::optional<std::string>& part) {
  const World w(h, s, q);
  return w.counted(field, a, std::min(b, w.cut()), part);
}

std::set<std::uint32_t> cell(const Histories& h, const ShopSettings& s, const Question& q, Day cohort, int k,
                             const std::optional<std::string>& part, std::optional<Day> seen_until) {
  const World w(h, s, q, seen_until);
  const Day anchor = q.from && q.to ? calendar::anchor_of(q.grain, *q.from, *q.to) : q.from.value_or(cohort);
  const Day cohort_end = calendar::next(q.grain, cohort, anchor);
  Day begin = cohort;
  for (int i = 0; i < k; ++i) begin = calendar::next(q.grain, begin, anchor);
  const Day end = std::min(calendar::next(q.grain, begin, anchor), w.cut());
  return w.those(part, [&](const Person& p) {
    const auto since = w.since_day(p);
    if (!since || *since < cohort || *since >= std::min(cohort_end, w.cut())) return false;
    switch (q.mode) {
      case CohortMode::kOn:
        return !w.purchases_in(p, begin, end).empty();
      case CohortMode::kOnOrAfter:
        return !w.purchases_in(p, begin, w.cut()).empty();
      case CohortMode::kActive:
        return w.active(p, end);
    }
    return false;
  });
}

CohortAnswer cohorts(const Histories& h, const ShopSettings& s, const Question& q, std::optional<Day> seen_until) {
  const World w(h, s, q, seen_until);
  CohortAnswer answer{w.basics(), q.mode, {}, {}};
  const auto periods = w.periods();
  for (const auto& period : periods) {
    for (const std::string& part : w.parts()) {
      const auto of = q.split == Split::kNone ? std::nullopt : std::optional(part);
      CohortRow row;
      row.cohort = period.begin();
      row.split = part;
      row.warming_up = w.edge_within(period.begin(), 1);
      const auto members = w.those(of, [&](const Person& p) {
        const auto since = w.since_day(p);
        return since && *since >= period.begin() && *since < w.read_to(period);
      });
      row.size = members.size();
      if (q.split != Split::kNone && members.empty()) continue;
      Question from_anchor = q;
      from_anchor.from = periods.front().begin();
      const Day anchor = q.to ? calendar::anchor_of(q.grain, *from_anchor.from, *q.to) : *from_anchor.from;
      Day begin = period.begin();
      std::int64_t cumulative = 0;
      for (int k = 0; begin < w.cut(); ++k) {
        const Day end = calendar::next(q.grain, begin, anchor);
        CohortCell cell;
        cell.k = k;
        cell.complete = w.complete(end);
        cell.customers = oracle::cell(h, s, from_anchor, period.begin(), k, of, seen_until).size();
        cell.rate = proportion(cell.customers, row.size);
        for (const Person& p : w.people()) {
          if (!members.contains(p.index)) continue;
          for (const Purchase* o : w.purchases_in(p, begin, std::min(end, w.cut()))) cell.revenue_minor += o->revenue;
        }
        cumulative += cell.revenue_minor;
        cell.cumulative_revenue_minor = cumulative;
        row.cells.push_back(cell);
        begin = end;
      }
      answer.rows.push_back(row);
    }
  }
  std::size_t longest = 0;
  for (const CohortRow& row : answer.rows) longest = std::max(longest, row.cells.size());
  for (std::size_t k = 0; k < longest; ++k) {
    CohortMean mean;
    mean.k = static_cast<int>(k);
    double customers = 0, size = 0, rates = 0;
    for (const CohortRow& row : answer.rows) {
      if (row.warming_up || row.size == 0 || row.cells.size() <= k || !row.cells[k].complete) continue;
      ++mean.cohorts;
      customers += static_cast<double>(row.cells[k].customers);
      size += static_cast<double>(row.size);
      rates += static_cast<double>(row.cells[k].customers) / static_cast<double>(row.size);
    }
    mean.customers = static_cast<std::uint64_t>(customers);
    mean.size = static_cast<std::uint64_t>(size);
    mean.weighted = divided(customers, size);
    mean.plain = divided(rates, static_cast<double>(mean.cohorts));
    answer.means.push_back(mean);
  }
  return answer;
}

}  // namespace behoud::retention::oracle
