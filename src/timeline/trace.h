#pragma once

// What Histories do not say of themselves, but whoever brings them up to a later state of their ledger must know
// (kept/follow.h): which statement each order and event is of, when each customer first appeared, and one by one what
// the histories only sum up.
//
// A trace that does not fit (a ledger of 2^32 seqs or more) is of no use. Cost: 4 bytes an order and an event, 8 a
// customer, 24 an order that is left out, 16 one without a rate or a refund that found no order.

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace behoud::timeline {

struct Trace {
  // Customers are numbered in the order in which they appear: first in orders and refunds, then in customer files, in
  // events, in subscriptions.
  enum class Turn : std::uint8_t { kOrder, kRecord, kEvent, kSubscription };
  static std::uint64_t appearance(Turn turn, std::uint64_t nth) { return static_cast<std::uint64_t>(turn) << 62 | nth; }

  static constexpr std::int32_t kNoDay = std::numeric_limits<std::int32_t>::min();
  static constexpr std::uint32_t kOfNobody = 0xffff'ffff;
  struct Why {
    std::string reason, detail;
    friend auto operator<=>(const Why&, const Why&) = default;
  };
  struct LeftOutOrder {
    std::int64_t gross_minor = 0;  // as LeftOut::gross_minor sums it
    std::uint32_t seq = 0;         // of the order's first statement
    std::uint32_t why = 0;         // of `whys`
    std::int32_t day = kNoDay;     // that counts for the first and the last day with an order
  };
  struct UnconvertedOrder {
    std::int64_t gross_minor = 0;
    std::uint32_t seq = 0;
    std::uint32_t currency = 0;  // packed
  };
  struct UnmatchedRefund {
    std::int64_t minor = 0;  // in the reporting currency
    std::uint32_t seq = 0;   // of the refund, or of the first statement about the order it was of
    std::uint32_t customer = kOfNobody;
  };

  // Columns that are empty where no statement states anything in them, be it one that is no row.
  enum Stated : std::uint16_t {
    kTax = 1,
    kShipping = 2,
    kDiscount = 4,
    kUnits = 8,
    kItemCost = 16,
    kItem = 32,
    kCoupon = 64,
    kSource = 128,
    kCountry = 256,
  };

  bool fits = true;
  std::uint16_t stated = 0;
  std::vector<std::uint64_t> appeared;   // by customer, ascending
  std::vector<std::uint32_t> order_seq;  // by order
  std::vector<std::uint32_t> event_seq;  // by event
  std::vector<Why> whys;
  std::vector<LeftOutOrder> left_out;         // ascending by seq
  std::vector<UnconvertedOrder> unconverted;  // likewise
  std::vector<UnmatchedRefund> unmatched_refunds;
  // No less than the sum of all amounts without their signs: within 64 bits no sum of some of them can leave those.
  __int128 magnitude = 0;

  std::uint32_t number_of(std::uint64_t seq) {
    fits = fits && seq <= 0xffff'ffff;
    return static_cast<std::uint32_t>(seq);
  }
};

}  // namespace behoud::timeline
