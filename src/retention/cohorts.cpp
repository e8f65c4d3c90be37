#include <algorithm>

#include "retention/internal/classify.h"
#include "retention/internal/compare.h"
#include "retention/internal/counted.h"
#include "timeline/fold.h"

namespace behoud::retention {
namespace {

using calendar::Day;

// The cohorts are the first `cohorts` periods of an axis that runs on to as-of; cell k of cohort i is read in period
// i + k, so that the cells of a part and cohort lie one after the other.
struct Triangle {
  std::size_t cohorts = 0, periods = 0, parts = 1;
  std::vector<std::uint64_t> size;       // [part * cohorts + cohort]
  std::vector<std::uint64_t> customers;  // [(part * cohorts + cohort) * periods + period]
  std::vector<std::int64_t> revenue_minor;

  void add(const Triangle& o) {
    for (std::size_t i = 0; i < size.size(); ++i) size[i] += o.size[i];
    for (std::size_t i = 0; i < customers.size(); ++i) customers[i] += o.customers[i];
    for (std::size_t i = 0; i < revenue_minor.size(); ++i) revenue_minor[i] += o.revenue_minor[i];
  }
  std::size_t cohort_at(std::size_t part, int cohort) const {
    return part * cohorts + static_cast<std::size_t>(cohort);
  }
  std::size_t cell_at(std::size_t part, int cohort, int period) const {
    return cohort_at(part, cohort) * periods + static_cast<std::size_t>(period);
  }
};

// At which points a customer is active, whatever the basis.
struct PointsOfSpans {
  const Shop* shop;
  const Axis* axis;
  std::vector<DaySpan> scratch;
  void operator()(std::size_t c, std::vector<PointRun>& runs) {
    points_of(shop->population->active(c, scratch), *axis, runs);
  }
};

// The cells as a fold of the engine over the shop's orders; the days of a customer's other activity are the
// population's.
class TriangleFold {
 public:
  TriangleFold(const Shop& shop, const Axis& axis, const SplitOf& split, CohortMode mode, int cohorts)
      : shop_(shop), axis_(axis), split_(split), mode_(mode), cohorts_(static_cast<std::size_t>(cohorts)) {
    if (const timeline::Timeline* orders = shop.orders().timeline()) {
      for (std::uint32_t d = 0; d <= orders->scale.days(); ++d) {
        const Day day = orders->scale.day(d);
        of_day_.push_back(
            {axis.period_of(day), {axis.point_from(day + 1), axis.point_from(day + shop.window_days + 1)}});
      }
    }
  }

  using State = Triangle;
  Triangle empty() const {
    Triangle t;
    t.cohorts = cohorts_;
    t.periods = axis_.periods().size();
    t.parts = split_.size();
    t.size.assign(t.parts * t.cohorts, 0);
    t.customers.assign(t.parts * t.cohorts * t.periods, 0);
    t.revenue_minor.assign(t.customers.size(), 0);
    return t;
  }
  void merge(Triangle& into, Triangle&& from) const { into.add(from); }
  Triangle finish(Triangle&& t) const { return std::move(t); }

  void block(Triangle& t, const timeline::Block& block) const {
    const OfDay* const of_day = of_day_.data();
    const std::uint16_t* const day = block.segment->order_day();
    const auto period_of = [day, of_day](std::size_t i) { return of_day[day[i]].period; };
    if (!shop_.population->of_orders())
      return add(t, block.begin, block.end, period_of, PointsOfSpans{&shop_, &axis_, {}});
    // Active at the points from after each order up to the end of its window: runs that touch are one.
    const std::uint32_t* const begin = block.segment->order_begin();
    add(t, block.begin, block.end, period_of, [=](std::size_t c, std::vector<PointRun>& runs) {
      runs.clear();
      for (std::uint32_t i = begin[c]; i < begin[c + 1]; ++i) {
        const PointRun next = of_day[day[i]].active;
        if (!runs.empty() && next.begin <= runs.back().end) {
          runs.back().end = next.end;
        } else if (next.begin < next.end) {
          runs.push_back(next);
        }
      }
    });
  }
  // Of a shop that has no timeline.
  Triangle of_everybody() const {
    Triangle t = empty();
    const auto period_of = [this](std::size_t i) { return axis_.period_of(shop_.purchases->day[i]); };
    add(t, 0, shop_.population->size(), period_of, PointsOfSpans{&shop_, &axis_, {}});
    return t;
  }

 private:
  struct OfDay {
    int period = -1;  // -1: outside the axis
    PointRun active{0, 0};
  };
  // Adds the customers [begin, end). `period_of` gives that of an order, -1: before the axis; `active_of` the points at
  // which a customer is active.
  template <class PeriodOf, class ActiveOf>
  void add(Triangle& t, std::size_t begin, std::size_t end, const PeriodOf& period_of, ActiveOf active_of) const;

  const Shop& shop_;
  const Axis& axis_;
  const SplitOf& split_;
  CohortMode mode_;
  std::size_t cohorts_;
  std::vector<OfDay> of_day_;  // by day of the timeline
};

template <class PeriodOf, class ActiveOf>
void TriangleFold::add(Triangle& t, std::size_t begin, std::size_t end, const PeriodOf& period_of,
                       ActiveOf active_of) const {
  const Purchases& purchases = *shop_.purchases;
  const Population& population = *shop_.population;
  const int cohorts = static_cast<int>(t.cohorts);
  std::vector<PointRun> active;
  for (std::size_t c = begin; c < end; ++c) {
    const Day since = population.since(c);
    const int cohort = since == kNever ? -1 : axis_.period_of(since);
    if (cohort < 0 || cohort >= cohorts) continue;
    const std::size_t part = split_.part(c);
    ++t.size[t.cohort_at(part, cohort)];
    std::uint64_t* const customers = &t.customers[t.cell_at(part, cohort, 0)];
    std::int64_t* const revenue = &t.revenue_minor[t.cell_at(part, cohort, 0)];

    int last = -1;  // the period of the latest order
    for (std::size_t i = purchases.begin[c]; i < purchases.begin[c + 1]; ++i) {
      const int p = period_of(i);
      if (p < cohort) continue;  // before the axis, or (under another basis) before they became customers
      revenue[p] += purchases.revenue_minor[i];
      customers[p] += mode_ == CohortMode::kOn && p != last;
      last = p;
    }
    if (mode_ == CohortMode::kOnOrAfter) {
      for (int p = cohort; p <= last; ++p) ++customers[p];
    }
    if (mode_ == CohortMode::kActive) {
      active_of(c, active);
      for (const PointRun& run : active) {
        for (int point = std::max(run.begin, cohort + 1); point < run.end; ++point) ++customers[point - 1];
      }
    }
  }
}

Result<Triangle> count(const Shop& shop, const Axis& axis, int cohorts, const SplitOf& split, CohortMode mode) {
  // As for a tally: few customers are counted at once, and so are many cells.
  constexpr std::size_t kCustomersToPart = 16'384, kCellsToPart = 262'144;
  const std::size_t cells = split.size() * static_cast<std::size_t>(cohorts) * axis.periods().size();
  TRY(check_cells(cells));
  const TriangleFold f(shop, axis, split, mode, cohorts);
  const timeline::Timeline* orders = shop.orders().timeline();
  if (orders == nullptr) return f.of_everybody();
  const bool parted = shop.population->size() >= kCustomersToPart && cells <= kCellsToPart;
  return timeline::fold(*orders, f, {.threads = parted ? 2 : 1});
}

// Over complete cells of cohorts that are not warming up and not empty. With a split an empty one is no row at all.
std::vector<CohortMean> means_of(const std::vector<CohortRow>& rows, Split split) {
  struct Sum {
    std::uint64_t customers = 0, size = 0, cohorts = 0;
    double rates = 0;
  };
  std::vector<Sum> sums;
  for (const CohortRow& row : rows) {
    if (split != Split::kNone && row.size == 0) continue;
    if (row.cells.size() > sums.size()) sums.resize(row.cells.size());
    if (row.warming_up || row.size == 0) continue;
    for (const CohortCell& cell : row.cells) {
      if (!cell.complete) continue;
      Sum& sum = sums[static_cast<std::size_t>(cell.k)];
      sum.customers += cell.customers;
      sum.size += row.size;
      sum.rates += *cell.rate.value;
      ++sum.cohorts;
    }
  }
  std::vector<CohortMean> means;
  for (const Sum& sum : sums) {
    CohortMean mean;
    mean.k = static_cast<int>(means.size());
    mean.cohorts = sum.cohorts;
    mean.customers = sum.customers;
    mean.size = sum.size;
    if (sum.cohorts > 0) {
      mean.weighted = static_cast<double>(sum.customers) / static_cast<double>(sum.size);
      mean.plain = sum.rates / static_cast<double>(sum.cohorts);
    }
    means.push_back(mean);
  }
  return means;
}

// A row for each cohort and part, part after part within a cohort.
std::vector<CohortRow> rows_of(const Shop& shop, const Axis& axis, const SplitOf& split, const Triangle& t) {
  std::vector<CohortRow> rows;
  rows.reserve(t.size.size());
  for (int cohort = 0; cohort < static_cast<int>(t.cohorts); ++cohort) {
    for (std::size_t part = 0; part < split.size(); ++part) {
      CohortRow row;
      row.cohort = axis.points()[static_cast<std::size_t>(cohort)];
      row.split = split.name(part);
      row.size = t.size[t.cohort_at(part, cohort)];
      row.warming_up = shop.warming_up(row.cohort);
      std::int64_t cumulative = 0;
      for (int p = cohort; p < axis.size(); ++p) {
        const std::size_t i = t.cell_at(part, cohort, p);
        cumulative += t.revenue_minor[i];
        row.cells.push_back({p - cohort, axis.complete(p), t.customers[i], proportion(t.customers[i], row.size),
                             t.revenue_minor[i], cumulative});
      }
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

// The earlier cohorts on as many periods as the question's cohorts are seen over, so that each is seen at the age of
// the one it stands beside. `shown`: the rows, of all that rows_of gives, that the answer has.
Result<CohortComparison> compare(const Shop& shop, const Question& q, const Axis& axis, int cohorts,
                                 const SplitOf& split, const std::vector<std::size_t>& shown) {
  TRY_ASSIGN(const Axis earlier, compared_axis(axis, q.grain, *q.compare, cohorts));
  TRY_ASSIGN(const Triangle t, count(shop, earlier, cohorts, split, q.mode));
  std::vector<CohortRow> rows = rows_of(shop, earlier, split, t);
  CohortComparison out;
  out.with = *q.compare;
  out.from = earlier.points().front();
  out.to = earlier.periods()[static_cast<std::size_t>(cohorts) - 1].end();
  if (!earlier.complete(earlier.size() - 1)) out.evaluated_to = earlier.points().back();
  out.means = means_of(rows, q.split);
  out.rows.reserve(shown.size());
  for (const std::size_t i : shown) out.rows.push_back(std::move(rows[i]));
  return out;
}

}  // namespace

Result<CohortAnswer> answer_cohorts(const Source& h, const ShopSettings& s, const Question& q) {
  TRY_ASSIGN(const Shop shop, Shop::open(h, s, q));
  return answer_cohorts(shop, q);
}

Result<CohortAnswer> answer_cohorts(const Shop& shop, const Question& q) {
  TRY_ASSIGN(const Axis chosen, shop.axis(q));
  CohortAnswer answer{shop.basics, q.mode, {}, {}};
  if (chosen.empty()) {
    if (q.compare) answer.comparison.emplace().with = *q.compare;
    return answer;
  }
  TRY_ASSIGN(const Axis axis, Axis::to_as_of(q.grain, chosen, shop.now));
  const SplitOf split(shop, q.split);
  TRY_ASSIGN(const Triangle t, count(shop, axis, chosen.size(), split, q.mode));

  std::vector<CohortRow> rows = rows_of(shop, axis, split, t);
  std::vector<std::size_t> shown;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (q.split != Split::kNone && rows[i].size == 0) continue;
    shown.push_back(i);
    answer.rows.push_back(std::move(rows[i]));
  }
  answer.means = means_of(answer.rows, q.split);
  if (q.compare) {
    TRY_ASSIGN(answer.comparison, compare(shop, q, axis, chosen.size(), split, shown));
  }
  return answer;
}

}  // namespace behoud::retention
