#pragma once

// Refunds that name no order: each goes to the customer's latest earlier order with enough left, in order of time.

#include <cstdint>
#include <map>
#include <vector>

#include "timeline/internal/clustering.h"

namespace behoud::timeline {

struct UnmatchedLoose {
  std::uint32_t customer = kNoRow;
  std::uint64_t arrival = 0;  // as LooseRefund has it
  std::int64_t minor = 0;     // in the reporting currency
};

// What each staged row lost to them. Writes the unmatched ones' count and sum into `h`, and each of them to
// `unmatched_one_by_one`, where that is asked for. Errors: kOutOfRange (that sum, beyond 64 bits). Cost: O(log n) a
// refund in the number of its customer's orders: a million of each is no quadratic surprise.
using MatchedRefunds = std::map<std::uint32_t, std::vector<Taken>>;
Result<MatchedRefunds> match_loose_refunds(std::vector<LooseRefund> loose, const Intake& intake,
                                           const OrderWorth& worth, const Clustering& orders, Histories& h,
                                           std::vector<UnmatchedLoose>* unmatched_one_by_one);

}  // namespace behoud::timeline
