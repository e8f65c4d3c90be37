#pragma once

// What a shop's files state besides orders, as values: customers, costs, items, subscriptions, rates, acts. As with
// orders, a field that is absent is not stated, and the newest statement about the same key wins (customers: field by
// field). High-volume records borrow their texts; the small ones own them.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "calendar/day.h"
#include "ledger/order.h"
#include "money/money.h"
#include "money/rates.h"

namespace behoud::ledger {

// Key: (id.space, id.value). Texts are borrowed. Personal: email, phone, name.
struct CustomerRecord {
  IdentityRef id;
  std::string_view email, phone, name;
  std::string_view country, source, language;
  std::optional<calendar::Moment> first_order;  // before the history begins
  std::optional<std::uint32_t> orders_before;   // orders before the history begins
  std::optional<bool> consent;                  // may be contacted
  std::optional<calendar::Moment> consent_at;   // joined, in the sense of basis `relation`
  std::optional<bool> unsubscribed;
  std::optional<calendar::Moment> unsubscribed_at;
  std::uint64_t line = 0;
  friend bool operator==(const CustomerRecord&, const CustomerRecord&) = default;
};

// Key: all of it, and how often it stands in the file: two equal rows of one file are two costs.
struct CostRecord {
  calendar::Day from, to;  // [from, to)
  money::Money amount;
  std::string kind, purpose, campaign, note;
  std::uint64_t line = 0;
  friend bool operator==(const CostRecord&, const CostRecord&) = default;
};

struct ItemRecord {
  std::string id;  // key; the `item` of an order line
  std::string name, category;
  std::optional<money::Money> cost;
  std::uint64_t line = 0;
  friend bool operator==(const ItemRecord&, const ItemRecord&) = default;
};

// Key: (base, currency, day).
struct RateRecord {
  money::Currency base;
  money::Rate rate;
  std::uint64_t line = 0;
  friend bool operator==(const RateRecord&, const RateRecord&) = default;
};

struct SubscriptionRecord {
  std::string id;  // key
  IdentitySpace customer_space = IdentitySpace::kNone;
  std::string customer, plan, reason;
  std::optional<calendar::Day> start, trial_end, end;
  std::vector<std::pair<calendar::Day, std::optional<calendar::Day>>> pauses;  // [pause, resume)
  std::optional<money::Money> amount;                                          // of one interval
  std::int32_t interval_months = 0, interval_days = 0;
  std::uint64_t line = 0;
  friend bool operator==(const SubscriptionRecord&, const SubscriptionRecord&) = default;
};

// Anything a customer did that is no statement about an order. Key: message_id, else all of it and how often it stands
// in the file. Texts are borrowed. `properties` is a JSON object or empty, kept as it came; personal as a whole.
struct EventRecord {
  std::string_view message_id;
  IdentityRef customer;
  std::string_view kind;  // "Product Viewed", "Survey Answered", "Subscribed", "Unsubscribed", ...
  calendar::Moment at;
  std::optional<std::int64_t> amount_minor;
  money::Currency currency;
  std::string_view source, campaign;
  std::string_view properties;
  std::uint64_t line = 0;
  friend bool operator==(const EventRecord&, const EventRecord&) = default;
};

// A refund that names no order: it goes to the customer's latest earlier order with enough left. Key: all of it, and
// how often it stands in the file. `customer.value` is borrowed.
struct RefundRecord {
  IdentityRef customer;
  calendar::Moment at;
  money::Money amount;  // > 0
  std::uint64_t line = 0;
  friend bool operator==(const RefundRecord&, const RefundRecord&) = default;
};

}  // namespace behoud::ledger
