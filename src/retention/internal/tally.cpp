#include "retention/internal/tally.h"

#include <array>

#include "base/together.h"

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
  void add(const RunCounts& other) {
    for (std::size_t i = 0; i < change_.size(); ++i) change_[i] += other.change_[i];
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

template <class Number>
void add_each(std::vector<Number>& to, const std::vector<Number>& from) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += from[i];
}

// The counts of some of the customers. All are whole numbers: those of all are the sums, however they are parted.
class Counting {
 public:
  Counting(const Shop& shop, const Axis& axis, const SplitOf& split)
      : shop_(shop),
        axis_(axis),
        split_(split),
        at_start_(split.size(), axis.periods().size()),
        at_end_(at_start_),
        retained_(at_start_),
        lost_(at_start_),
        fresh_(at_start_),
        gone_(at_start_),
        reactivated_(at_start_),
        before_(at_start_),
        to_date_(at_start_) {
    t_.periods = axis.periods().size();
    t_.parts = split.size();
    const std::size_t cells = t_.parts * t_.periods;
    for (Tally::Counts* counts : own_counts(t_)) counts->assign(cells, 0);
    for (Tally::Sums* sums : own_sums(t_)) sums->assign(cells, 0);
    t_.revenue_before_minor.assign(t_.parts, 0);
  }

  void count(std::size_t begin, std::size_t end) {
    for (std::size_t c = begin; c < end; ++c) {
      classify_customer(c);
      count_orders(c);
    }
  }

  void add(const Counting& other) {
    for (auto run :
         {&Counting::at_start_, &Counting::at_end_, &Counting::retained_, &Counting::lost_, &Counting::fresh_,
          &Counting::gone_, &Counting::reactivated_, &Counting::before_, &Counting::to_date_}) {
      (this->*run).add(other.*run);
    }
    Tally from = other.t_;
    for (std::size_t i = 0; i < own_counts(t_).size(); ++i) add_each(*own_counts(t_)[i], *own_counts(from)[i]);
    for (std::size_t i = 0; i < own_sums(t_).size(); ++i) add_each(*own_sums(t_)[i], *own_sums(from)[i]);
    add_each(t_.revenue_before_minor, from.revenue_before_minor);
  }

  Tally finish() && {
    t_.customers_start = at_start_.counts();
    t_.customers_end = at_end_.counts();
    t_.retained = retained_.counts();
    t_.lost = lost_.counts();
    t_.fresh = fresh_.counts();
    t_.one_and_gone = gone_.counts();
    t_.reactivated = reactivated_.counts();
    t_.ordered_before = before_.counts();
    t_.buyers_to_date = to_date_.counts();
    return std::move(t_);
  }

 private:
  static std::array<Tally::Counts*, 6> own_counts(Tally& t) {
    return {&t.unknown_newcomers, &t.returned, &t.returned_active, &t.orders, &t.buyers, &t.repeaters};
  }
  static std::array<Tally::Sums*, 5> own_sums(Tally& t) {
    return {&t.gross_minor, &t.revenue_minor, &t.units_milli, &t.item_cost_minor, &t.costed_revenue_minor};
  }

  void classify_customer(std::size_t c) {
    active_.clear();
    const Population& population = *shop_.population;
    const Day since = population.since(c);
    if (since == kNever) return;
    const std::size_t part = split_.part(c);
    points_of(population.active(c, scratch_), axis_, active_);
    classify(active_, since, axis_, [&](Standing standing, int begin, int end) {
      switch (standing) {
        case Standing::kAtStart:
          return at_start_.add(part, begin, end);
        case Standing::kAtEnd:
          return at_end_.add(part, begin, end);
        case Standing::kRetained:
          return retained_.add(part, begin, end);
        case Standing::kLost:
          return lost_.add(part, begin, end);
        case Standing::kReactivated:
          return reactivated_.add(part, begin, end);
        case Standing::kNew:
        case Standing::kOneAndGone:
          (standing == Standing::kNew ? fresh_ : gone_).add(part, begin, end);
          t_.unknown_newcomers[t_.at(part, begin)] += !population.since_is_known(c);
          return;
      }
    });
  }

  // Whatever the basis: had ordered before the start of p, and orders in p. `active_` is this customer's.
  void count_orders(std::size_t c) {
    const Purchases& purchases = *shop_.purchases;
    const timeline::Histories& h = *shop_.histories;
    const int periods = axis_.size();
    const bool has_units = !h.units_milli.empty(), has_costs = !h.item_cost_minor.empty();
    const Day ordered_since = shop_.population->ordered_since(c);
    if (ordered_since == kNever) return;
    const std::size_t part = split_.part(c);
    const int first_before = axis_.point_from(ordered_since + 1);
    if (first_before < periods) before_.add(part, first_before, periods);
    if (const auto days = purchases.days_of(c); !days.empty()) {
      const int point = axis_.point_from(days.front() + 1);  // the first point that has it behind it
      if (point <= periods) to_date_.add(part, std::max(point - 1, 0), periods);
    }
    int current = -1, in_current = 0;
    auto run = active_.begin();
    for (std::size_t i = purchases.begin[c]; i < purchases.begin[c + 1]; ++i) {
      const int p = axis_.period_of(purchases.day[i]);
      if (p < 0) {
        if (purchases.day[i] < axis_.points().front()) t_.revenue_before_minor[part] += purchases.revenue_minor[i];
        continue;
      }
      const std::size_t cell = t_.at(part, p);
      ++t_.orders[cell];
      t_.gross_minor[cell] += purchases.gross_minor[i];
      t_.revenue_minor[cell] += purchases.revenue_minor[i];
      if (has_units) t_.units_milli[cell] += h.units_milli[purchases.row(i)];
      if (has_costs) {
        t_.item_cost_minor[cell] += h.item_cost_minor[purchases.row(i)];
        t_.costed_revenue_minor[cell] += costed_revenue(h, purchases.row(i), purchases.revenue_minor[i]);
      }
      if (p == current) {
        t_.repeaters[cell] += ++in_current == 2;
        continue;
      }
      current = p;
      in_current = 1;
      ++t_.buyers[cell];
      t_.returned[cell] += first_before <= p;
      while (run != active_.end() && run->end <= p) ++run;
      t_.returned_active[cell] += run != active_.end() && run->begin <= p;
    }
  }

  const Shop& shop_;
  const Axis& axis_;
  const SplitOf& split_;
  Tally t_;
  RunCounts at_start_, at_end_, retained_, lost_, fresh_, gone_, reactivated_, before_, to_date_;
  std::vector<DaySpan> scratch_;
  std::vector<PointRun> active_;
};

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
  Counting all(shop, axis, split);
  if (customers < kCustomersToPart || cells > kCellsToPart) {
    all.count(0, customers);
    return std::move(all).finish();
  }
  std::vector<Counting> parts(kParts, all);
  run_in_parts(customers, [&](std::size_t part, std::size_t begin, std::size_t end) { parts[part].count(begin, end); });
  for (const Counting& part : parts) all.add(part);
  return std::move(all).finish();
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
