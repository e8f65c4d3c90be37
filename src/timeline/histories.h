#pragma once

// Every customer's history in columns, clustered by customer: what all retention questions read. A read model: built
// from assertions (a file, or the ledger), immutable once built, and rebuilt at will.
//
// Shape. Orders lie customer after customer: those of customer c are rows [order_begin[c], order_begin[c + 1]),
// ascending by (civil day, instant, arrival). Only orders of identified customers that could ever count are rows here;
// what was left out (anonymous, awaited, void, unknown status) is summed in `left_out`. Money is in minor units of the
// reporting currency. A foreign order without a rate is a row with converted[i] == 0 and no money, and is summed in
// `unconverted`.
//
// Cost: about 60 bytes an order. Thread-safety: immutable, read from any thread.

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "calendar/day.h"
#include "calendar/zone.h"
#include "ledger/order.h"
#include "money/money.h"
#include "money/rates.h"

namespace behoud::timeline {

using Code = std::uint32_t;  // of a dictionary; 0 is "not known"

// Texts by dense code, in order of first appearance; code 0 is "".
struct Texts {
  std::vector<std::string> by_code{std::string{}};
  std::string_view operator[](Code c) const { return by_code[c]; }
  std::size_t size() const { return by_code.size(); }
};

inline constexpr std::int64_t kUnknownInstant = std::numeric_limits<std::int64_t>::min();

// From `at` on (kUnknownInstant: from the start) an order has `refunded_minor` taken off its gross in all, and is a
// purchase or not. Ascending by (order, at); the last step before an as-of holds.
struct OrderStep {
  std::uint32_t order = 0;  // row
  std::int64_t at_ms = kUnknownInstant;
  std::int64_t refunded_minor = 0;  // cumulative, net, reporting currency, <= gross
  bool counts = true;               // false: refunded in full, or cancelled
  friend bool operator==(const OrderStep&, const OrderStep&) = default;
};

struct Subscription {
  std::uint32_t customer = 0;
  std::string id, plan, reason;
  calendar::Day start;                     // of the first paid day, or of the trial when there is one
  std::optional<calendar::Day> trial_end;  // the trial is [start, trial_end); paid from trial_end on
  std::vector<std::pair<calendar::Day, std::optional<calendar::Day>>> pauses;  // [pause, resume)
  std::optional<calendar::Day> end;
  std::int64_t amount_minor = 0;  // of one interval, reporting currency
  int interval_months = 1;        // 0: see interval_days
  int interval_days = 0;
};

// An explicit joining or leaving (basis `relation`), or any event of a kind (basis `events`).
struct Act {
  std::uint32_t customer = 0;
  calendar::Day day;
  Code kind = 0;  // of `kinds`
  friend auto operator<=>(const Act&, const Act&) = default;
};

struct CostEntry {
  calendar::Day from, to;  // [from, to)
  std::int64_t minor = 0;
  std::string kind, purpose, campaign, note;
};

// What is not in the columns, and why: a line of the bridge each.
struct LeftOut {
  // "anonymous", "awaited", "void", "refunded" (in full, at no known instant), "cancelled", "unknown_status", "test",
  // "incomplete" (no moment or no amount was ever stated), "negative" (no order but a refund; its amount is none of
  // `gross_minor`)
  std::string reason;
  std::string detail;  // the status word, where there is one
  std::uint64_t orders = 0;
  std::int64_t gross_minor = 0;  // converted where possible
};
// Whether it is of orders: what is "negative" gives money back and is none.
inline bool of_orders(const LeftOut& left_out) { return left_out.reason != "negative"; }
struct Unconverted {
  money::Currency currency;
  std::uint64_t orders = 0;
  std::int64_t gross_minor = 0;  // in that currency
};

struct Histories {
  // The shop.
  calendar::Zone zone = calendar::Zone::utc();
  money::Currency currency;                           // none: amounts without a currency
  std::optional<std::int32_t> margin_rate_millionth;  // the shop's margin rate; nullopt: not set
  std::int64_t revision = 0;                          // ledger position and settings; 0 for a file
  bool is_sample = false;

  // Customers, in order of first appearance.
  std::vector<std::uint32_t> order_begin{0};  // customers() + 1
  std::vector<ledger::IdentitySpace> customer_space;
  std::vector<std::string> customer_key;                  // the identity's value
  std::vector<std::string> customer_label;                // e-mail or name for people to read; may be empty
  std::vector<std::optional<calendar::Day>> known_since;  // first order before the history, from a customer file
  std::vector<std::uint32_t> orders_before;               // orders before the history, from a customer file

  // Orders: one entry each, all of one length.
  std::vector<calendar::Instant> order_at;
  std::vector<calendar::Day> order_day;
  std::vector<std::uint8_t> date_only;  // 1: the source gave a day alone; empty where none did
  std::vector<std::int64_t> gross_minor;
  std::vector<std::int64_t> tax_minor, shipping_minor,
      discount_minor;                            // 0 where not stated; empty vectors where no order states any
  std::vector<std::int64_t> units_milli;         // empty where the source has none
  std::vector<std::int64_t> item_cost_minor;     // of the lines whose item has a cost; empty where no item has
  std::vector<std::int64_t> costed_gross_minor;  // gross of those lines; parallel to item_cost_minor
  std::vector<std::uint8_t> converted;           // 1: money is in the reporting currency; empty where all are
  std::vector<Code> item, coupon, source,
      country;                           // of the order; item: of the line with the greatest amount, ties by id
  std::vector<std::string> order_id;     // empty unless asked for (exports, one customer's history)
  std::vector<std::uint64_t> order_seq;  // of the order's first statement; empty unless asked for
  std::vector<OrderStep> steps;          // only orders with any

  Texts items, coupons, sources, countries, kinds;

  std::vector<Subscription> subscriptions;                  // ascending by (customer, start)
  std::vector<Act> relation_joined, relation_left, events;  // ascending by (customer, day)
  std::vector<CostEntry> costs;

  // The first and the last day with an order, be it one that is left out. nullopt: there is none.
  std::optional<calendar::Day> first_order_day, last_order_day;

  std::vector<LeftOut> left_out;
  std::vector<Unconverted> unconverted;
  std::int64_t unmatched_refunds_minor = 0;
  std::uint64_t unmatched_refunds = 0;

  std::size_t customers() const { return order_begin.size() - 1; }
  std::size_t orders() const { return order_day.size(); }
};

}  // namespace behoud::timeline
