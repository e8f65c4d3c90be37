#pragma once

// What a source says about an order, and what follows from all that was said.
//
// An OrderAssertion is one source's statement at one moment; a field that is absent (nullopt, or empty text) is not
// stated. An order's state is a pure function of its assertions: field by field the one with the greatest
// (source's own update time, else receipt; then seq) wins. Refunds with an id are a set; a cumulative refund is a
// floor: refunded = max(sum of the set, greatest cumulative). So any order of arrival gives one state.
//
// Money is in minor units of the assertion's own currency. Units: quantities are thousandths (milli), since fabric is
// sold by 1.5 m. Strings are views: an assertion borrows, and is valid only while its reader's batch is.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "calendar/day.h"
#include "money/money.h"

namespace behoud::ledger {

// The identity an event came with: a namespace and a value, never a resolved customer.
enum class IdentitySpace : std::uint8_t { kNone = 0, kCustomerId = 1, kEmail = 2, kPhone = 3, kAnonymousId = 4 };
// "customer_id", "email", "phone", "anonymous_id", "none".
std::string_view name(IdentitySpace space);
struct IdentityRef {
  IdentitySpace space = IdentitySpace::kNone;
  std::string_view value;  // normalised: e-mail trimmed and lower-cased, phone digits with a leading +
  friend bool operator==(const IdentityRef&, const IdentityRef&) = default;
};

struct OrderLine {
  std::string_view item;  // sku, else name
  std::string_view name;
  std::int64_t quantity_milli = 1000;
  std::int64_t amount_minor = 0;  // of the line, after its discount
  friend bool operator==(const OrderLine&, const OrderLine&) = default;
};

// One refund of an order with its own id (a negative row of a file, a refund webhook).
struct RefundPart {
  std::string_view id;
  std::optional<calendar::Instant> at;  // unknown: counts in the order's own period
  std::int64_t minor = 0;               // of the order's total, > 0
  friend bool operator==(const RefundPart&, const RefundPart&) = default;
};

struct OrderAssertion {
  std::string_view order_id;            // canonical within the shop: a leading # dropped, case kept; never empty
  std::string_view alias;               // another id of the same order, as Shopify's numeric Id beside its Name
  IdentityRef customer;                 // kNone: anonymous; counted apart and left out
  std::string_view email, phone, name;  // personal, beside the identity
  std::optional<calendar::Moment> placed;
  std::optional<calendar::Instant> updated_at;  // the source's own version time
  std::string_view status;                      // the source's word, trimmed and lower-cased; empty: every order counts
  money::Currency currency;
  std::optional<std::int64_t> gross_minor;  // before refunds; after discounts; without tax and shipping where known
  std::optional<std::int64_t>
      total_minor;  // what was to be paid: gross + tax + shipping; = gross where nothing else is known
  std::optional<std::int64_t> tax_minor, shipping_minor, discount_minor;
  std::optional<std::int64_t> refund_minor;  // cumulative, of the total; a floor
  std::optional<calendar::Instant> refunded_at;
  std::optional<calendar::Instant> cancelled_at;
  std::optional<std::int64_t> units_milli;
  std::string_view coupon, source, country;  // country: ISO 3166 alpha-2 upper case where it can be told, else as given
  std::span<const OrderLine> lines;
  std::span<const RefundPart> refunds;
  bool test = false;
  std::uint64_t line = 0;  // of the order's first row in its file, for the rows behind a figure
};

// A statement with its rank: when it reached us and its place in the record. seq is unique.
struct StatedOrder {
  OrderAssertion order;
  calendar::Instant received;
  std::uint64_t seq = 0;
};

// From `at` on (unknown: from the start) `refunded_minor` of the order's total is refunded, in all.
struct RefundStep {
  std::optional<calendar::Instant> at;
  std::int64_t refunded_minor = 0;
  friend bool operator==(const RefundStep&, const RefundStep&) = default;
};

// What is known of an order once all that was said is weighed. `order.refund_minor` is the refunded amount in all and
// `order.refunds` is empty: `refund_steps` says when, ascending strictly in time and amount, the last equal to
// `order.refund_minor`. Views borrow from the assertions.
struct OrderState {
  OrderAssertion order;
  std::vector<RefundStep> refund_steps;
};

// The state of one order, whose assertions these are, in any order. Field by field the greatest rank wins; beyond that:
// - Amounts are taken only in the order's currency: that of the greatest rank that states a currency and an amount. An
//   assertion that states no currency is taken to mean this one.
// - `lines` are one field. `test` is sticky: one source that knows suffices.
// - The refund set is the union of the parts by id (of one id the greatest rank); a part of an amount <= 0 is ignored.
//   Dated cumulative refunds are floors from their date on (of equal ones the greatest rank's date). What the greatest
//   undated cumulative exceeds all those by counts from the start.
// - Sums saturate at 2^63 - 1.
// Requires a non-empty span. Cost: O(n log n), for the few orders that have several assertions.
OrderState settle(std::span<const StatedOrder> assertions);

// What a status word means: the shops' own words in the tables of definitions.md, and the usual words of other shop
// systems and in Dutch, German and Swedish where they can mean one thing only. A leading "wc-" is dropped; blanks, '-'
// and '_' are alike; case does not matter (of Western letters). Empty: kCounts. A word that is not known: kUnknown (it
// is shown and asked about). A shop may override words.
enum class Standing : std::uint8_t { kCounts, kAwaited, kNot, kRefunded, kUnknown, kTest };
Standing standing_of(std::string_view status_word);

}  // namespace behoud::ledger
