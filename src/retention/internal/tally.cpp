#include "retention/internal/tally.h"

#include "base/together.h"
#include "retention/internal/classify.h"

namespace behoud::retention {

using calendar::Day;

namespace {

// How many customers, runs of active points (classify.h) and orders fall on a point of an axis. For a day d that is the
// first point after d: an order at point q is of period q - 1, 0 is before the axis, size() + 1 is after it. All counts
// by period are sums of these.
struct Marks {
  std::uint32_t ordered_since = 0;  // customers who have ordered since there
  std::uint32_t first_orders = 0;   // customers by their first counted order
  std::uint32_t since = 0;          // customers who became one there
  std::uint32_t unknown_since = 0;  // of them, those whose first order no file tells
  std::uint32_t fresh = 0;          // of them, those whose run begins there
  std::uint32_t runs_begin = 0, runs_end = 0;
  std::uint32_t buyers = 0, repeaters = 0;  // customers with an order there; with a second one
  std::uint32_t returned_active = 0;        // of buyers, those active at the point before
  std::uint32_t bought_since = 0;           // of buyers, those who had not ordered before

  void add(const Marks& o) {
    ordered_since += o.ordered_since;
    first_orders += o.first_orders;
    since += o.since;
    unknown_since += o.unknown_since;
    fresh += o.fresh;
    runs_begin += o.runs_begin;
    runs_end += o.runs_end;
    buyers += o.buyers;
    repeaters += o.repeaters;
    returned_active += o.returned_active;
    bought_since += o.bought_since;
  }
};

// The marks of some of the customers. All are whole numbers: those of all are the sums, however they are parted.
class Counting {
 public:
  // `sums`: what orders come to is counted too; else it is taken from the totals of the days.
  Counting(const Shop& shop, const Axis& axis, const SplitOf& split, bool sums)
      : shop_(shop),
        axis_(axis),
        split_(split),
        points_(axis.points().size() + 1),
        marks_(split.size() * points_),
        sums_(sums ? split.size() * points_ : 0) {}

  void count(std::size_t begin, std::size_t end) {
    if (shop_.population->of_orders()) {
      for (std::size_t c = begin; c < end; ++c) count_by_orders(c);
    } else {
      for (std::size_t c = begin; c < end; ++c) count_by_spans(c);
    }
    if (sums_.empty()) return;
    const Purchases& purchases = *shop_.purchases;
    const OrderReader read(*shop_.histories, purchases);
    for (std::size_t c = begin; c < end; ++c) {
      OrderSums* const sums = &sums_[split_.part(c) * points_];
      for (std::size_t i = purchases.begin[c]; i < purchases.begin[c + 1]; ++i) {
        read.add(i, sums[axis_.point_from(purchases.day[i] + 1)]);
      }
    }
  }

  void add(const Counting& other) {
    for (std::size_t i = 0; i < marks_.size(); ++i) marks_[i].add(other.marks_[i]);
    for (std::size_t i = 0; i < sums_.size(); ++i) sums_[i].add(other.sums_[i]);
  }

  Tally finish() const;

 private:
  // A run [begin, end) of active points of a customer who became one at point `since`.
  void tell_run(Marks* marks, int begin, int end, int since) {
    if (begin == end) return;
    ++marks[begin].runs_begin;
    ++marks[end].runs_end;
    marks[begin].fresh += begin == since;
  }

  // Under the basis of orders: an order at point q makes active at the points from q up to the one after its window.
  void count_by_orders(std::size_t c) {
    const Population& population = *shop_.population;
    const Purchases& purchases = *shop_.purchases;
    const Day first = population.since(c);
    if (first == kNever) return;
    Marks* const marks = &marks_[split_.part(c) * points_];
    const int since = axis_.point_from(first + 1);
    ++marks[since].ordered_since;
    ++marks[since].since;
    marks[since].unknown_since += !population.since_is_known(c);
    const std::uint32_t begin = purchases.begin[c], end = purchases.begin[c + 1];
    if (begin == end) return;
    const int window = population.window_days();
    int run_begin = 0, run_end = 0, before = -1;
    std::uint32_t nth = 0;
    {
      const int q = axis_.point_from(purchases.day[begin] + 1);
      ++marks[q].first_orders;
      marks[q].bought_since += q == since;
      run_begin = run_end = q;
    }
    bool active = false;  // at the first order nobody was
    for (std::uint32_t i = begin; i < end; ++i) {
      const Day day = purchases.day[i];
      const int q = axis_.point_from(day + 1), until = axis_.point_from(day + window + 1);
      const bool anew = q != before;
      nth = anew ? 1 : nth + 1;
      marks[q].buyers += anew;
      marks[q].repeaters += nth == 2;
      marks[q].returned_active += anew && active && run_end >= q;
      if (run_end < q) {
        tell_run(marks, run_begin, run_end, since);
        run_begin = q;
      }
      run_end = until;
      before = q;
      active = true;
    }
    tell_run(marks, run_begin, run_end, since);
  }

  // Under the others: activity as spans, beside the orders.
  void count_by_spans(std::size_t c) {
    const Population& population = *shop_.population;
    const Purchases& purchases = *shop_.purchases;
    Marks* const marks = &marks_[split_.part(c) * points_];
    active_.clear();
    if (const Day first = population.since(c); first != kNever) {
      const int since = axis_.point_from(first + 1);
      ++marks[since].since;
      ++marks[since].unknown_since;
      points_of(population.active(c, scratch_), axis_, active_);
      for (const PointRun& run : active_) tell_run(marks, run.begin, run.end, since);
    }
    if (population.ordered_since(c) == kNever) return;
    const int since = axis_.point_from(population.ordered_since(c) + 1);
    ++marks[since].ordered_since;
    int before = -1;
    std::uint32_t nth = 0;
    auto run = active_.begin();
    for (std::size_t i = purchases.begin[c]; i < purchases.begin[c + 1]; ++i) {
      const int q = axis_.point_from(purchases.day[i] + 1);
      const bool anew = q != before;
      if (before < 0) {
        ++marks[q].first_orders;
        marks[q].bought_since += q == since;
      }
      nth = anew ? 1 : nth + 1;
      marks[q].buyers += anew;
      marks[q].repeaters += nth == 2;
      before = q;
      if (!anew) continue;
      while (run != active_.end() && run->end < q) ++run;
      marks[q].returned_active += run != active_.end() && run->begin < q;
    }
  }

  const Shop& shop_;
  const Axis& axis_;
  const SplitOf& split_;
  std::size_t points_;           // and one more: what is after the last
  std::vector<Marks> marks_;     // [part * points_ + point]
  std::vector<OrderSums> sums_;  // the same
  std::vector<DaySpan> scratch_;
  std::vector<PointRun> active_;
};

Tally Counting::finish() const {
  const std::size_t periods = axis_.periods().size();
  Tally t;
  t.periods = periods;
  t.parts = split_.size();
  const std::size_t cells = t.parts * periods;
  for (Tally::Counts* counts : {&t.customers_start, &t.customers_end, &t.retained, &t.lost, &t.fresh, &t.one_and_gone,
                                &t.reactivated, &t.unknown_newcomers, &t.ordered_before, &t.returned,
                                &t.returned_active, &t.orders, &t.buyers, &t.repeaters, &t.buyers_to_date}) {
    counts->resize(cells);
  }
  for (Tally::Sums* sums :
       {&t.gross_minor, &t.revenue_minor, &t.units_milli, &t.item_cost_minor, &t.costed_revenue_minor}) {
    sums->resize(cells);
  }
  t.revenue_before_minor.resize(t.parts);
  const auto whole = [](std::uint64_t wide) { return static_cast<std::int64_t>(wide); };
  for (std::size_t part = 0; part < t.parts; ++part) {
    const Marks* const marks = &marks_[part * points_];
    // At the start of the period: active, had ordered, had a counted order.
    std::uint64_t active = std::uint64_t{marks[0].runs_begin} - marks[0].runs_end;
    std::uint64_t ordered = marks[0].ordered_since, bought = marks[0].first_orders;
    for (std::size_t p = 0; p < periods; ++p) {
      const std::size_t i = part * periods + p;
      const Marks& m = marks[p + 1];
      t.customers_start[i] = active;
      t.lost[i] = m.runs_end;
      t.retained[i] = active - m.runs_end;
      t.fresh[i] = m.fresh;
      t.reactivated[i] = m.runs_begin - m.fresh;
      t.one_and_gone[i] = m.since - m.fresh;
      t.unknown_newcomers[i] = m.unknown_since;
      active += m.runs_begin;
      active -= m.runs_end;
      t.customers_end[i] = active;
      t.ordered_before[i] = ordered;
      ordered += m.ordered_since;
      bought += m.first_orders;
      t.buyers_to_date[i] = bought;
      t.buyers[i] = m.buyers;
      t.repeaters[i] = m.repeaters;
      t.returned[i] = m.buyers - m.bought_since;
      t.returned_active[i] = m.returned_active;
      const OrderSums sums = sums_.empty() ? shop_.view->totals().between(axis_.points()[p], axis_.points()[p + 1])
                                           : sums_[part * points_ + p + 1];
      t.orders[i] = sums.orders;
      t.gross_minor[i] = whole(sums.gross_minor);
      t.revenue_minor[i] = whole(sums.revenue_minor);
      t.units_milli[i] = whole(sums.units_milli);
      t.item_cost_minor[i] = whole(sums.item_cost_minor);
      t.costed_revenue_minor[i] = whole(sums.costed_revenue_minor);
    }
    const OrderSums earlier =
        sums_.empty() ? shop_.view->totals().before(axis_.points().front()) : sums_[part * points_];
    t.revenue_before_minor[part] = whole(earlier.revenue_minor);
  }
  return t;
}

}  // namespace

Result<Tally> tally(const Shop& shop, const Axis& axis, const SplitOf& split) {
  // Few customers are counted at once, and so are many cells, which would have to be summed up.
  constexpr std::size_t kCustomersToPart = 16'384, kCellsToPart = 65'536;
  const std::size_t customers = shop.population->size(), cells = split.size() * axis.periods().size();
  if (axis.empty()) {
    Tally none;
    none.parts = split.size();
    return none;
  }
  TRY(check_cells(cells));
  const bool sums = split.size() > 1 || !shop.view->totals().known();
  Counting all(shop, axis, split, sums);
  if (customers < kCustomersToPart || cells > kCellsToPart) {
    all.count(0, customers);
    return all.finish();
  }
  std::vector<Counting> parts(kParts, all);
  run_in_parts(customers, [&](std::size_t part, std::size_t begin, std::size_t end) { parts[part].count(begin, end); });
  for (const Counting& part : parts) all.add(part);
  return all.finish();
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

}  // namespace behoud::retention
