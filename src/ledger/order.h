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

// What a status word means for this shop. The table of words is definitions.md's; a shop may add or change words.
enum class Standing : std::uint8_t { kCounts, kAwaited, kNot, kRefunded, kUnknown, kTest };
Standing standing_of(std::string_view status_word);

}  // namespace behoud::ledger
