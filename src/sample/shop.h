#pragma once

// The sample shop: a coffee and tea shop that never existed, believable enough for demos, tests and benches.
//
// Who buys follows the field's own model of a shop without contracts: customer i orders at a rate drawn from a gamma
// distribution until an exponential lifetime, whose rate is gamma too, ends unseen (Pareto/NBD; Schmittlein, Morrison,
// Colombo 1987). On top of it lie what real shops have: seasons, weekdays and hours, sources that bring better and
// worse customers, coupons, refunds, cancellations, browsing and carts, subscriptions with trials and pauses, tickets
// that make people leave, survey answers that say so beforehand, and costs.
//
// Laws. The same plan gives the same shop, byte for byte, on every machine: every customer has a random stream of their
// own, seeded by (seed, number). Customers are independent, so a shop of 1,000 is the first thousand of no other.
// Nobody in it is a person: names are "Customer 17", addresses customer17@example.com.
// Cost: about 90 bytes an order and 24 an event in memory; 1 M orders/s and 3 M events/s on one core.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "calendar/day.h"

namespace behoud::sample {

struct Plan {
  std::uint32_t customers = 2000;
  int years = 3;
  std::uint64_t seed = 1;
  calendar::Day until = calendar::civil(2026, 1, 1);  // excluded
  bool behaviour = true;  // browsing, carts, tickets, surveys, subscriptions; false: orders alone, and the same ones
};

struct Product {
  std::string_view id, name, category;
  std::int32_t price_minor;  // with tax
  std::int32_t cost_minor;   // without tax
};
std::span<const Product> products();
std::span<const std::string_view> sources();
std::span<const std::string_view> countries();  // ISO 3166 alpha-2
std::span<const std::string_view> coupons();    // [0] is "": none

enum class Status : std::uint8_t { kPaid, kPartiallyRefunded, kRefunded, kVoided, kPending };

struct Line {
  std::uint16_t product = 0;
  std::uint16_t quantity = 1;
};

struct Order {
  std::uint32_t customer = 0;
  std::uint32_t first_line = 0;
  std::uint16_t line_count = 0;
  std::uint8_t coupon = 0, source = 0, country = 0;
  Status status = Status::kPaid;
  calendar::Instant at;
  // With tax, as a European shop shows them: total = subtotal + shipping; the tax lies in the subtotal.
  std::int32_t subtotal_minor = 0;  // of the lines, less the discount
  std::int32_t discount_minor = 0;
  std::int32_t shipping_minor = 0;
  std::int32_t tax_minor = 0;
  std::int32_t refund_minor = 0;   // of the total
  calendar::Instant refunded_at;   // meaningful when refund_minor > 0
  calendar::Instant cancelled_at;  // meaningful when status is kVoided
  std::int32_t total_minor() const { return subtotal_minor + shipping_minor; }
};

enum class Kind : std::uint8_t {
  kSubscribed,  // to the newsletter
  kUnsubscribed,
  kProductViewed,
  kProductAdded,
  kCheckoutStarted,
  kTicketOpened,
  kTicketClosed,
  kSurveyAnswered,
};
std::string_view name(Kind kind);  // Segment's spelling: "Product Viewed"

struct Event {
  calendar::Instant at;
  std::uint32_t customer = 0;
  std::uint16_t product = 0;  // of views and carts
  Kind kind = Kind::kProductViewed;
  std::uint8_t value = 0;  // survey: 0-10; ticket: topic
};

struct Subscription {
  std::uint32_t customer = 0;
  std::uint16_t product = 0;
  std::int32_t amount_minor = 0;  // a month
  calendar::Day start;
  std::optional<calendar::Day> trial_end, pause, resume, end;
  std::uint8_t reason = 0;  // of leaving
};
std::string_view leaving_reason(std::uint8_t reason);
std::string_view ticket_topic(std::uint8_t topic);
std::string event_properties(const Event& event);  // what Segment calls properties: a JSON object

struct Cost {
  calendar::Day from, to;  // [from, to)
  std::int64_t minor = 0;
  std::string_view kind, purpose, campaign;
};

// A whole shop, orders and events ascending by (instant, customer). Order k has the id 1001 + k.
struct Shop {
  Plan plan;
  std::vector<Order> orders;
  std::vector<Line> lines;
  std::vector<Event> events;
  std::vector<Subscription> subscriptions;
  std::vector<Cost> costs;

  std::span<const Line> lines_of(const Order& order) const {
    return {lines.data() + order.first_line, order.line_count};
  }
  static std::string order_id(std::size_t index) { return "#" + std::to_string(1001 + index); }
  static std::string email(std::uint32_t customer) {
    return "customer" + std::to_string(customer + 1) + "@example.com";
  }
};

// Errors: kInvalidArgument (no customers, fewer than 1 or more than 30 years), kOutOfRange (over 50 M customers).
Result<Shop> make_shop(const Plan& plan);

}  // namespace behoud::sample
