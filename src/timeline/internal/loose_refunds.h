#pragma once

// Refunds that name no order: each goes to the customer's latest earlier order with enough left, in order of time.

#include <cstdint>
#include <map>
#include <vector>

#include "timeline/internal/clustering.h"

namespace behoud::timeline {

// What each staged row lost to them. Writes the unmatched ones' count and sum into `h`. Cost: O(log n) a refund in the
// number of its customer's orders: a million of each is no quadratic surprise.
std::map<std::uint32_t, std::vector<Taken>> match_loose_refunds(std::vector<LooseRefund> loose, const Intake& intake,
                                                                const OrderWorth& worth, const Clustering& orders,
                                                                Histories& h);

}  // namespace behoud::timeline
