#pragma once

// The orders that are no rows of the histories, and the own money of foreign ones (every_order.h), out of the staged
// columns: before those are given back.

#include <map>
#include <vector>

#include "timeline/every_order.h"
#include "timeline/internal/clustering.h"

namespace behoud::timeline {

// `matched`: refunds that name no order, by the staged row they were taken of.
OrdersBeside orders_beside(const std::map<std::uint32_t, std::vector<Taken>>& matched, const Intake& intake,
                           const OrderWorth& worth, const ChosenRows& chosen, const Clustering& orders);

}  // namespace behoud::timeline
