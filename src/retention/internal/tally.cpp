#include "retention/internal/tally.h"

#include "base/together.h"
#include "retention/internal/classify.h"
#include "timeline/questions/period_activity.h"
#include "timeline/questions/period_marks.h"

namespace behoud::retention {

using calendar::Day;

namespace {

using timeline::Block;
using timeline::PeriodActivity;
using Activity = std::vector<std::vector<PeriodActivity>>;  // [part][period]

static_assert(kNever == timeline::PeriodQuestion::kNever);

// Who was there by activity that is told in spans of days, beside the orders: customers, runs of active points
// (classify.h) and orders are counted on the points of the axis where they fall, a day's on the first point after it.
using Marks = timeline::PeriodMarks;

// The marks of some of the customers. All are whole numbers: those of all are the sums, however they are parted.
class SpanCounting {
 public:
  SpanCounting(const Shop& shop, const Axis& axis, const SplitOf& split)
      : shop_(shop), axis_(axis), split_(split), points_(axis.points().size() + 1), marks_(split.size() * points_) {}

  void count(std::size_t begin, std::size_t end) {
    for (std::size_t c = begin; c < end; ++c) count(c);
  }
  void add(const SpanCounting& other) {
    for (std::size_t i = 0; i < marks_.size(); ++i) marks_[i].add(other.marks_[i]);
  }
  Activity finish() const;

 private:
  // A run [begin, end) of active points of a customer who became one at point `since`.
  void tell_run(Marks* marks, int begin, int end, int since) {
    if (begin == end) return;
    ++marks[begin].runs_begin;
    ++marks[end].runs_end;
    marks[begin].fresh += begin == since;
  }

  void count(std::size_t c) {
    const Population& population = *shop_.population;
    const Purchases& purchases = *shop_.purchases;
    Marks* const marks = &marks_[split_.part(c) * points_];
    active_.clear();
    if (const Day first = population.since(c); first != kNever) {
      const int since = axis_.point_from(first + 1);
      ++marks[since].since;
      marks[since].unknown_since += !population.since_is_known(c);
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
  std::size_t points_;        // and one more: what is after the last
  std::vector<Marks> marks_;  // [part * points_ + point]
  std::vector<DaySpan> scratch_;
  std::vector<PointRun> active_;
};

Activity SpanCounting::finish() const {
  Activity out(split_.size());
  for (std::size_t part = 0; part < out.size(); ++part) {
    out[part] = timeline::activity_of(std::span(marks_).subspan(part * points_, points_), axis_.periods().size());
  }
  return out;
}

// Few customers are counted at once, and so are many cells, which would have to be summed up.
bool worth_parting(const Shop& shop, std::size_t cells) {
  constexpr std::size_t kCustomersToPart = 16'384, kCellsToPart = 65'536;
  return shop.population->size() >= kCustomersToPart && cells <= kCellsToPart;
}

Activity activity_by_spans(const Shop& shop, const Axis& axis, const SplitOf& split) {
  const std::size_t customers = shop.population->size();
  SpanCounting all(shop, axis, split);
  if (!worth_parting(shop, split.size() * axis.points().size())) {
    all.count(0, customers);
    return all.finish();
  }
  std::vector<SpanCounting> parts(kParts, all);
  run_in_parts(customers, [&](std::size_t part, std::size_t begin, std::size_t end) { parts[part].count(begin, end); });
  for (const SpanCounting& part : parts) all.add(part);
  return all.finish();
}

// Under the basis of orders: the engine's own question.
Activity activity_by_orders(const Shop& shop, const Axis& axis, const SplitOf& split) {
  const OrderedSince& ordered = shop.population->ordered();
  timeline::PeriodQuestion question{.points = axis.points(), .window_days = shop.window_days};
  if (ordered.any_known) {
    question.since = ordered.day;
    question.known = ordered.known;
  }
  timeline::Slice slice{.threads = worth_parting(shop, split.size() * axis.points().size()) ? 2 : 1};
  const auto column = split.column();
  if (!column) return period_activity(*shop.orders().timeline(), question, slice);
  slice.split = 0;
  return period_activity(shop.orders().split_by(*column, split.size()), question, slice);
}

// What the orders of each part and period come to: [part * points + point], as Marks.
struct SumFold {
  const Shop& shop;
  const Axis& axis;
  const SplitOf& split;
  std::size_t points;

  using State = std::vector<OrderSums>;
  State empty() const { return State(split.size() * points); }
  void merge(State& into, State&& from) const {
    for (std::size_t i = 0; i < into.size(); ++i) into[i].add(from[i]);
  }
  State finish(State&& s) const { return std::move(s); }
  void block(State& s, const Block& block) const { add(s, block.begin, block.end); }
  void add(State& s, std::size_t begin, std::size_t end) const {
    const Purchases& purchases = *shop.purchases;
    const OrderReader read(*shop.histories, purchases);
    for (std::size_t c = begin; c < end; ++c) {
      OrderSums* const sums = &s[split.part(c) * points];
      for (std::size_t i = purchases.begin[c]; i < purchases.begin[c + 1]; ++i) {
        read.add(i, sums[axis.point_from(purchases.day[i] + 1)]);
      }
    }
  }
};

std::vector<OrderSums> sums_of(const Shop& shop, const Axis& axis, const SplitOf& split) {
  const SumFold sums{shop, axis, split, axis.points().size() + 1};
  if (const timeline::Timeline* orders = shop.orders().timeline()) {
    return timeline::fold(*orders, sums, {.threads = worth_parting(shop, split.size() * sums.points) ? 2 : 1});
  }
  auto all = sums.empty();
  sums.add(all, 0, shop.population->size());
  return all;
}

}  // namespace

Result<Tally> tally(const Shop& shop, const Axis& axis, const SplitOf& split) {
  Tally t;
  t.parts = split.size();
  if (axis.empty()) return t;
  const std::size_t cells = split.size() * axis.periods().size();
  TRY(check_cells(cells));
  t.periods = axis.periods().size();
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
  const bool by_orders = shop.population->of_orders() && shop.orders().timeline() != nullptr;
  const Activity activity = by_orders ? activity_by_orders(shop, axis, split) : activity_by_spans(shop, axis, split);
  // Without a split what the orders come to is known by day.
  const DayTotals& totals = shop.view->totals();
  const bool by_day = split.size() == 1 && totals.known();
  const std::vector<OrderSums> by_part = by_day ? std::vector<OrderSums>{} : sums_of(shop, axis, split);
  const auto whole = [](std::uint64_t wide) { return static_cast<std::int64_t>(wide); };
  for (std::size_t part = 0; part < t.parts; ++part) {
    const OrderSums* const own = by_day ? nullptr : &by_part[part * (t.periods + 2)];
    for (std::size_t p = 0; p < t.periods; ++p) {
      const std::size_t i = part * t.periods + p;
      const PeriodActivity& row = activity[part][p];
      t.customers_start[i] = row.customers_start;
      t.customers_end[i] = row.customers_end;
      t.retained[i] = row.retained;
      t.lost[i] = row.lost;
      t.fresh[i] = row.new_customers;
      t.one_and_gone[i] = row.one_and_gone;
      t.reactivated[i] = row.reactivated;
      t.unknown_newcomers[i] = row.unknown_newcomers;
      t.ordered_before[i] = row.ordered_before;
      t.returned[i] = row.returned;
      t.returned_active[i] = row.returned_active;
      t.buyers[i] = row.buyers;
      t.repeaters[i] = row.repeaters;
      t.buyers_to_date[i] = row.buyers_to_date;
      const OrderSums sums = by_day ? totals.between(axis.points()[p], axis.points()[p + 1]) : own[p + 1];
      t.orders[i] = sums.orders;
      t.gross_minor[i] = whole(sums.gross_minor);
      t.revenue_minor[i] = whole(sums.revenue_minor);
      t.units_milli[i] = whole(sums.units_milli);
      t.item_cost_minor[i] = whole(sums.item_cost_minor);
      t.costed_revenue_minor[i] = whole(sums.costed_revenue_minor);
    }
    const OrderSums earlier = by_day ? totals.before(axis.points().front()) : own[0];
    t.revenue_before_minor[part] = whole(earlier.revenue_minor);
  }
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

}  // namespace behoud::retention
