#pragma once

// Visits to a shop that never existed, for benches of what is asked of every event: millions of customers, what they
// looked at, put into a cart and ordered. Much plainer than shop.h and a thousand times faster: nothing is stored but
// numbers, and a customer's events follow from the seed and their number alone, so that any range can be made on any
// thread and comes out the same.
//
// Shape: customers are numbered by their first visit. A visit has one or more page views, a product view, perhaps a
// cart, perhaps an order: of all events about 19 % are orders, 14 % carts, 28 % product views. How many visits one
// makes varies as an exponential to the power 1.3; they spread over a life of 250 days in the mean, cut off by the end.
// A customer's events have strictly ascending seconds.
//
// Cost: some 20 ns an event on one thread; 16 bytes an event.

#include <cstdint>
#include <vector>

namespace behoud::sample {

struct VisitPlan {
  std::uint32_t customers = 300'000;
  std::uint64_t events = 10'000'000;  // about as many come out
  std::uint32_t days = 3 * 365;
  std::uint64_t seed = 1;
  friend bool operator==(const VisitPlan&, const VisitPlan&) = default;
};

enum class VisitKind : std::uint8_t { kPageView = 0, kProductView = 1, kCart = 2, kOrder = 3 };

// Customer after customer; one entry each.
struct Visits {
  std::vector<std::uint32_t> customer;
  std::vector<std::uint32_t> at_s;  // from the beginning of the plan's days
  std::vector<VisitKind> kind;
  std::vector<std::uint16_t> item;          // 1 to 2000; 0 of a page view
  std::vector<std::uint32_t> amount_minor;  // of an order; else 0
  std::size_t size() const { return customer.size(); }
};

// Of the customers [first, first + count).
Visits make_visits(const VisitPlan& plan, std::uint32_t first, std::uint32_t count);

// What is known of a customer besides: where they came from, 0 to 7, the first most often.
std::uint32_t visitor_source(const VisitPlan& plan, std::uint32_t customer);

}  // namespace behoud::sample
