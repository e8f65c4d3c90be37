#pragma once

// Every order of the record as it stands, for an export: those that figures are made of, which are rows of the
// histories, and those that are not, with the reason; and what an order in another currency was in its own.
//
// A negative row is no order but a refund (ledger/order.h), and stands nowhere here by itself.

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/ledger.h"
#include "timeline/rebuild.h"

namespace behoud::timeline {

inline constexpr std::int64_t kNoAmount = std::numeric_limits<std::int64_t>::min();  // not stated, or not converted
inline constexpr std::uint32_t kNobody = std::numeric_limits<std::uint32_t>::max();

// An order that is a row of the histories, in another currency than the shop's.
struct ForeignOrder {
  std::uint32_t order = 0;  // row
  money::Currency currency;
  std::int64_t gross_minor = 0, refunded_minor = 0;  // in that currency; refunded in all, net as OrderStep has it
  friend bool operator==(const ForeignOrder&, const ForeignOrder&) = default;
};

// An order that is no row of the histories: it never counted, or is nobody's.
struct OtherOrder {
  std::string id;
  std::string_view reason;           // as LeftOut::reason; lives for ever
  std::uint32_t customer = kNobody;  // of the histories
  std::int64_t at_ms = kUnknownInstant;
  calendar::Day day;         // where at_ms is known
  money::Currency currency;  // the shop's where the order states none
  std::int64_t stated_gross_minor = kNoAmount, stated_refunded_minor = kNoAmount;  // in that currency
  // In the shop's currency, where there is a rate.
  std::int64_t gross_minor = kNoAmount, refunded_minor = kNoAmount, tax_minor = kNoAmount, shipping_minor = kNoAmount,
               discount_minor = kNoAmount;
  std::int64_t units_milli = kNoAmount;
  Code item = 0, coupon = 0, source = 0, country = 0;  // of the histories' texts
};

struct OrdersBeside {
  std::vector<ForeignOrder> foreign;  // ascending by row
  std::vector<OtherOrder> others;     // as they came
};

struct EveryOrder {
  Histories histories;  // with order_id
  OrdersBeside beside;
};

// As rebuild() reads them, whose errors these are. Costs what that does, and about 180 bytes an order that is no row.
Result<EveryOrder> rebuild_every_order(const ledger::Snapshot& snapshot);

}  // namespace behoud::timeline
