#pragma once

// Puts a sample shop into a ledger that is marked as a sample: items, customers, orders, subscriptions, costs and
// events, an import each, so that it can be looked at and taken back as any other.
//
// As-of answers differ from those of the shop's files in one way that is meant: here the instants of refunds and
// cancellations are known, in exports they are not.

#include <cstdint>
#include <functional>

#include "ledger/ledger.h"
#include "sample/shop.h"

namespace behoud::sample {

// `progress(done, total)` in records. Errors: kConflict (the ledger is no sample, holds another one, or an import is
// under way), kUnavailable (disk).
Result<void> keep_shop(const Shop& shop, ledger::Ledger& ledger,
                       const std::function<void(std::uint64_t, std::uint64_t)>& progress);

}  // namespace behoud::sample
