#pragma once

// How many customers, runs of active points and orders fall on a point, and the numbers of periods as sums of these:
// what every way of counting run by run ends in. An order at point q is of period q - 1; 0 is before the first period,
// the last point after the last. All are whole numbers: those of all customers are the sums, however they are parted.
//
// Cost: O(periods). Thread-safety: values.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "timeline/questions/period_activity.h"

namespace behoud::timeline {

struct PeriodMarks {
  std::uint32_t ordered_since = 0;  // customers who have ordered since there
  std::uint32_t first_orders = 0;   // customers by their first order
  std::uint32_t since = 0;          // customers who became one there
  std::uint32_t unknown_since = 0;  // of them, those of whom it is not known
  std::uint32_t fresh = 0;          // of them, those whose run begins there
  std::uint32_t runs_begin = 0, runs_end = 0;
  std::uint32_t buyers = 0, repeaters = 0;  // customers with an order there; with a second one
  std::uint32_t returned_active = 0;        // of buyers, those active at the point before
  std::uint32_t bought_since = 0;           // of buyers, those who had not ordered before

  void add(const PeriodMarks& o);
};

// Of marks at `periods` + 1 points or more.
std::vector<PeriodActivity> activity_of(std::span<const PeriodMarks> marks, std::size_t periods);

}  // namespace behoud::timeline
