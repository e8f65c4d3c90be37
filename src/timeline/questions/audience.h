#pragma once

// Who fits: the customers for whom all of a few conditions hold, as a Selection (W4 counts it, W5 lists its numbers),
// which any other question can be asked of. A small language on purpose: each condition is a number of the customer
// between two bounds.
//
// Cost: conditions that first and last day, spend and the number of orders decide take some 2 ns a customer each and go
// first; those that read orders or events look only at the customers that are left. Thread-safety: pure.

#include <cstdint>
#include <limits>
#include <vector>

#include "base/result.h"
#include "timeline/questions/slice.h"

namespace behoud::timeline {

struct Condition {
  enum class Of : std::uint8_t {
    kOrders,          // how many orders, in the last `days` days before as-of (0: ever before as-of)
    kSpend,           // what they were worth, minor units
    kEvents,          // how many events of `kind`, likewise
    kAfterLastOrder,  // how many events of `kind` came after the last order before as-of, in the order of the history;
                      // none where there is no order
    kDimension,       // the customer's code of `dimension`
  };
  Of of = Of::kOrders;
  std::int64_t least = std::numeric_limits<std::int64_t>::min();  // both included
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
  std::uint32_t days = 0;
  Kind kind = 0;
  std::size_t dimension = 0;
  friend bool operator==(const Condition&, const Condition&) = default;
};

struct Audience {
  std::uint32_t as_of_day = 0;  // from the epoch's day; what is of that day and later is not seen
  std::vector<Condition> all;   // every one must hold; none: everybody
};

// Errors: kInvalidArgument (a kind or dimension that the schema has not).
Result<Selection> audience(const Timeline& timeline, const Audience& question, const Slice& slice = {});

// Whether one customer fits: the same, asked alone. Requires kinds and dimensions that the schema has.
bool fits(const Scale& scale, const Schema& schema, const CustomerView& customer, const Audience& question);

}  // namespace behoud::timeline
