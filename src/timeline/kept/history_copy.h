#pragma once

// Histories out of segments again, as plain events: what is put in their place is made from them. What was built from
// them comes back the same (but what non-order events had as amounts, which no segment keeps).
//
// Cost: some ns a column and event.

#include "timeline/customer_view.h"
#include "timeline/plain_events.h"

namespace behoud::timeline {

// Gathers customers, each whole, in ascending order of their numbers.
class HistoryCopy {
 public:
  // `scale` and `schema` are those of the segments; they must outlive the copy.
  HistoryCopy(const Scale& scale, const Schema& schema);

  void add(const CustomerView& customer) { add(customer, customer.number()); }
  // The same under another number.
  void add(const CustomerView& customer, std::uint32_t number);
  // A customer of whom nothing is known yet.
  void add(std::uint32_t number);

  PlainCustomers customers{};  // by number
  PlainEvents events{};

 private:
  const Scale& scale_;
  const Schema& schema_;
  std::vector<std::uint32_t> order_of_;  // scratch: the order row of each order event
};

}  // namespace behoud::timeline
