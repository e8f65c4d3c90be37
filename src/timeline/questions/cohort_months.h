#pragma once

// The monthly cohort table (W1): of the customers whose first order was in month c, how many ordered in month m.
//
// Reads the `ordered` planes alone: 8 bytes a customer and 64 months. With AVX-512 about 3 cycles a customer: a row of
// 64 byte counters for each cohort, to which a customer's months are added as one masked subtraction; a split or a
// machine without it adds month by month. Thread-safety: pure.

#include <cstdint>
#include <vector>

#include "timeline/questions/slice.h"

namespace behoud::timeline {

struct CohortMonths {
  std::uint32_t months = 0;
  std::vector<std::uint64_t> customers;  // [cohort * months + month]; month < cohort: 0; [c][c] is the cohort's size
  std::uint64_t at(std::uint32_t cohort, std::uint32_t month) const {
    return customers[std::size_t{cohort} * months + month];
  }
  friend bool operator==(const CohortMonths&, const CohortMonths&) = default;
};

std::vector<CohortMonths> cohort_months(const Timeline& timeline, const Slice& slice = {});

}  // namespace behoud::timeline
