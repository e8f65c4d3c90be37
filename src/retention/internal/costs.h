#pragma once

// What was spent, when. An entry of A over n days costs floor(A i / n) - floor(A (i - 1) / n) on its day i = 1..n, so
// that its days sum to A to the cent, and so does any way of cutting it.

#include <string_view>

#include "timeline/histories.h"

namespace behoud::retention {

// What of an entry falls into [a, b).
std::int64_t cost_within(const timeline::CostEntry& entry, calendar::Day a, calendar::Day b);

// All cost of a purpose ("retention", "acquisition") in [a, b). Errors: kOutOfRange (beyond 64 bits).
Result<std::int64_t> cost_of(const timeline::Histories& h, std::string_view purpose, calendar::Day a, calendar::Day b);

}  // namespace behoud::retention
