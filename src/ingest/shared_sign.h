#pragma once

// Signs that several currencies share: "$", "kr", "¥". Such a sign does not tell which currency an amount is in, but
// well which ones it is not in: "$ 10" is no amount in euros, and must not be taken for one.

#include <cstdint>
#include <string_view>

#include "money/money.h"

namespace behoud::ingest {

enum class SharedSign : std::uint8_t { kNone, kDollar, kKrona, kYen, kRupee, kLeu, kDinar, kFranc };

// What stands beside a number. kNone: no sign, one of a single currency, or one that we do not know.
SharedSign shared_sign(std::string_view text);
// How people write it. `sign` is not kNone.
std::string_view written(SharedSign sign);
// Whether amounts in `currency` may bear the sign: no currency known, or no sign, speaks against nothing.
bool may_bear(money::Currency currency, SharedSign sign);

}  // namespace behoud::ingest
