#include "retention/internal/tally.h"

namespace behoud::retention {

using calendar::Day;

namespace {

// Counts that are given as runs of periods: +1 where a run begins, -1 where it ends, summed up at the end.
class RunCounts {
 public:
  RunCounts(std::size_t parts, std::size_t periods) : periods_(periods), change_(parts * (periods + 1), 0) {}
  void add(std::size_t part, int begin, int end) {
    ++change_[part * (periods_ + 1) + static_cast<std::size_t>(begin)];
    --change_[part * (periods_ + 1) + static_cast<std::size_t>(end)];
  }
  Tally::Counts counts() const {
    Tally::Counts out;
    out.reserve(change_.size());
    for (std::size_t part = 0; part * (periods_ + 1) < change_.size(); ++part) {
      std::int64_t count = 0;
      for (std::size_t p = 0; p < periods_; ++p) {
        count += change_[part * (periods_ + 1) + p];
        out.push_back(static_cast<std::uint64_t>(count));
      }
    }
    return out;
  }

 private:
  std::size_t periods_;
  std::vector<std::int64_t> change_;
};

}  // namespace

Result<Tally> tally(const Shop& shop, const Axis& axis, const SplitOf& split) {
  const timeline::Histories& h = *shop.histories;
  const Purchases& purchases = *shop.purchases;
  const Population& population = *shop.population;
  Tally t;
  t.periods = axis.periods().size();
  t.parts = split.size();
  if (axis.empty()) return t;
  const std::size_t cells = t.parts * t.periods;
  TRY(check_cells(cells));
  RunCounts at_start(t.parts, t.periods), at_end = at_start, retained = at_start, lost = at_start, fresh = at_start,
                                          gone = at_start, reactivated = at_start, before = at_start,
                                          to_date = at_start;
  for (Tally::Counts* counts :
       {&t.unknown_newcomers, &t.returned, &t.returned_active, &t.orders, &t.buyers, &t.repeaters}) {
    counts->assign(cells, 0);
  }
  for (Tally::Sums* sums :
       {&t.gross_minor, &t.revenue_minor, &t.units_milli, &t.item_cost_minor, &t.costed_revenue_minor}) {
    sums->assign(cells, 0);
  }
  t.revenue_before_minor.assign(t.parts, 0);
  const int periods = axis.size();
  const bool has_units = !h.units_milli.empty(), has_costs = !h.item_cost_minor.empty();

  std::vector<DaySpan> scratch;
  std::vector<PointRun> active;
  for (std::size_t c = 0; c < population.size(); ++c) {
    const std::size_t part = split.part(c);
    const Day since = population.since(c);
    if (since != kNever) {
      points_of(population.active(c, scratch), axis, active);
      classify(active, since, axis, [&](Standing standing, int begin, int end) {
        switch (standing) {
          case Standing::kAtStart:
            return at_start.add(part, begin, end);
          case Standing::kAtEnd:
            return at_end.add(part, begin, end);
          case Standing::kRetained:
            return retained.add(part, begin, end);
          case Standing::kLost:
            return lost.add(part, begin, end);
          case Standing::kReactivated:
            return reactivated.add(part, begin, end);
          case Standing::kNew:
          case Standing::kOneAndGone:
            (standing == Standing::kNew ? fresh : gone).add(part, begin, end);
            t.unknown_newcomers[t.at(part, begin)] += !population.since_is_known(c);
            return;
        }
      });
    } else {
      active.clear();
    }

    // Of orders, whatever the basis: had ordered before the start of p, and orders in p.
    const Day ordered_since = population.ordered_since(c);
    if (ordered_since == kNever) continue;
    const int first_before = axis.point_from(ordered_since + 1);
    if (first_before < periods) before.add(part, first_before, periods);
    if (const auto days = purchases.days_of(c); !days.empty()) {
      const int point = axis.point_from(days.front() + 1);  // the first point that has it behind it
      if (point <= periods) to_date.add(part, std::max(point - 1, 0), periods);
    }
    int current = -1, in_current = 0;
    auto run = active.begin();
    for (std::size_t i = purchases.begin[c]; i < purchases.begin[c + 1]; ++i) {
      const int p = axis.period_of(purchases.day[i]);
      if (p < 0) {
        if (purchases.day[i] < axis.points().front()) t.revenue_before_minor[part] += purchases.revenue_minor[i];
        continue;
      }
      const std::size_t cell = t.at(part, p);
      ++t.orders[cell];
      t.gross_minor[cell] += purchases.gross_minor[i];
      t.revenue_minor[cell] += purchases.revenue_minor[i];
      if (has_units) t.units_milli[cell] += h.units_milli[purchases.row(i)];
      if (has_costs) {
        t.item_cost_minor[cell] += h.item_cost_minor[purchases.row(i)];
        t.costed_revenue_minor[cell] += costed_revenue(h, purchases.row(i), purchases.revenue_minor[i]);
      }
      if (p == current) {
        t.repeaters[cell] += ++in_current == 2;
        continue;
      }
      current = p;
      in_current = 1;
      ++t.buyers[cell];
      t.returned[cell] += first_before <= p;
      while (run != active.end() && run->end <= p) ++run;
      t.returned_active[cell] += run != active.end() && run->begin <= p;
    }
  }
  t.customers_start = at_start.counts();
  t.customers_end = at_end.counts();
  t.retained = retained.counts();
  t.lost = lost.counts();
  t.fresh = fresh.counts();
  t.one_and_gone = gone.counts();
  t.reactivated = reactivated.counts();
  t.ordered_before = before.counts();
  t.buyers_to_date = to_date.counts();
  return t;
}

std::optional<std::int64_t> margin(const timeline::Histories& h, std::int64_t revenue_minor,
                                   std::int64_t costed_revenue_minor, std::int64_t item_cost_minor) {
  const std::int64_t rest = revenue_minor - costed_revenue_minor;
  std::int64_t of_rest = 0;
  if (h.margin_rate_millionth) {
    const auto product = money::mul_div(rest, *h.margin_rate_millionth, 1'000'000);
    if (!product) return std::nullopt;
    of_rest = *product;
  } else if (rest != 0 || h.item_cost_minor.empty()) {
    return std::nullopt;
  }
  return costed_revenue_minor - item_cost_minor + of_rest;
}

std::int64_t costed_revenue(const timeline::Histories& h, std::size_t row, std::int64_t revenue_minor) {
  const std::int64_t gross = h.gross_minor[row], costed = h.costed_gross_minor[row];
  if (costed == gross) return revenue_minor;
  if (costed == 0 || gross == 0) return 0;
  return money::mul_div(revenue_minor, costed, gross).value_or(0);
}

}  // namespace behoud::retention
