#pragma once

// All that retention, value, cost and what-if count, by period and part of a split: folds of the engine over the
// customers and their orders, on two threads. Who was there under the basis `orders` is the engine's own question
// (timeline/questions/period_activity.h); under the other bases, and of a shop whose orders span more than the engine's
// scale, the ends of the runs of classify.h are counted at the points of the axis.

#include <cstdint>
#include <vector>

#include "retention/internal/shop.h"

namespace behoud::retention {

struct Tally {
  // At [part * periods + period].
  using Counts = std::vector<std::uint64_t>;
  using Sums = std::vector<std::int64_t>;

  std::size_t periods = 0, parts = 1;
  Counts customers_start, customers_end, retained, lost, fresh, one_and_gone, reactivated;
  Counts unknown_newcomers;         // of fresh and one_and_gone, those whose first order no file tells
  Counts ordered_before, returned;  // had ordered before the period; of them, ordered in it
  Counts returned_active;           // active at its start and ordered in it
  Counts orders, buyers, repeaters;
  Sums gross_minor, revenue_minor, units_milli;
  Sums item_cost_minor, costed_revenue_minor;  // where items have a cost: it, and the revenue that it belongs to
  Counts buyers_to_date;                       // customers with a counted order before the period's end
  Sums revenue_before_minor;                   // by part: of orders before the first period
  // A customer file that tells the first order of everybody who looks new makes their number exact.
  bool newcomers_are_known(std::size_t i) const { return unknown_newcomers[i] == 0 && fresh[i] + one_and_gone[i] > 0; }
  std::size_t at(std::size_t part, int period) const { return part * periods + static_cast<std::size_t>(period); }
};

// Errors: kOutOfRange (too many cells).
Result<Tally> tally(const Shop& shop, const Axis& axis, const SplitOf& split);

// Revenue less item cost, else revenue x the margin rate (rounded half away from zero); nullopt where some revenue has
// neither.
std::optional<std::int64_t> margin(const timeline::Histories& h, std::int64_t revenue_minor,
                                   std::int64_t costed_revenue_minor, std::int64_t item_cost_minor);

}  // namespace behoud::retention
