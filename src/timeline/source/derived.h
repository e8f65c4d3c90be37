#pragma once

// The engine's timeline out of the ledger: every order and event of every customer, in segments by range of customers.
// Customers have the numbers that they have in the Histories, and orders are those of the Histories: settled, converted
// and laid to their customers there, once, so that both say the same of every shop.
//
//   TRY_ASSIGN(const Derived shop, derive(snapshot));
//   const auto triangle = cohort_months(shop.laid_out.timeline);
//
// What counts. An order is a purchase (kPurchase) where it counts when all refunds and cancellations that the ledger
// knows have happened; else it is an event of another kind (kUndonePurchase). So a question of the timeline is one of
// the Histories whose as-of lies behind every refund. `gross` is before refunds, the measure `refunded` what was taken
// back; an order in a currency without a rate is a purchase of no money, `unconverted` 1.
//
// Cost: that of the rebuild, 32 bytes an event while they are gathered, then about 0.1 us an order or event; ranges are
// laid out one after the other on two threads. Errors: those of the rebuild; kOutOfRange (orders and events over 136
// years, or before 1990).

#include <cstddef>

#include "ledger/ledger.h"
#include "timeline/column_file/timeline_file.h"
#include "timeline/rebuild.h"
#include "timeline/source/said_beside.h"
#include "timeline/timeline.h"

namespace behoud::timeline {

// Kinds. Events of the ledger have those behind, by their names in order of first appearance (which may be these very
// words: a kind is known by its code).
inline constexpr Kind kPurchase = 0;        // "order"
inline constexpr Kind kUndonePurchase = 1;  // "order undone": cancelled, or refunded in full
inline constexpr Kind kNamelessKind = 2;    // "": of events without a kind, and of those past the 65,535th
inline constexpr Kind kNamedKinds = 3;

// Of the first purchase, in the order of the Histories; of who has none, what a customer file says.
enum CustomerDimension : std::size_t {
  kSourceOfCustomer,
  kCountryOfCustomer,
  kFirstItem,    // of the first purchase; nothing else says it
  kFirstCoupon,  // likewise
  kLanguage,     // of a customer file, as the two below
  kConsent,      // "given", "withdrawn"
};
enum EventDimension : std::size_t { kItem, kSource, kCampaign, kCoupon, kCountry };  // campaign: of events alone
enum OrderMeasure : std::size_t {
  kTax,
  kShipping,
  kDiscount,
  kUnits,  // thousandths
  kRefunded,
  kItemCost,
  kCostedGross,
  kUnconverted,
};

struct LaidOut {
  Timeline timeline;
  Dictionaries dictionaries;
};

// Requires that `said` knows customers by their numbers in `h`. Events have their seqs; orders those of `h.order_seq`,
// where it was asked for.
Result<LaidOut> lay_out(const Histories& h, SaidBeside said, std::uint32_t window_days);

struct Derived {
  Rebuilt rebuilt;
  LaidOut laid_out;
};
// `window_days` of a shop that has chosen none yet.
Result<Derived> derive(const ledger::Snapshot& snapshot, RebuildOptions options = {}, std::uint32_t window_days = 365);

}  // namespace behoud::timeline
