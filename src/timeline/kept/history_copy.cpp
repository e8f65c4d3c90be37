#include "timeline/kept/history_copy.h"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace behoud::timeline {

HistoryCopy::HistoryCopy(const Scale& scale, const Schema& schema) : scale_(scale), schema_(schema) {
  customers.dimensions.resize(schema.customer_dimensions.size());
  events.dimensions.resize(schema.event_dimensions.size());
  events.measures.resize(schema.order_measures.size());
}

void HistoryCopy::add(std::uint32_t number) {
  assert(customers.number.empty() || customers.number.back() < number);
  if (customers.count == 0) customers.first = number;
  ++customers.count;
  customers.number.push_back(number);
  for (auto& d : customers.dimensions) d.push_back(0);
  customers.identity.push_back(0);
}

void HistoryCopy::add(const CustomerView& c, std::uint32_t number) {
  add(number);
  for (std::size_t k = 0; k < customers.dimensions.size(); ++k) customers.dimensions[k].back() = c.dimension(k);
  customers.identity.back() = static_cast<std::uint64_t>(c.segment().identity()[c.index()]);

  const std::uint32_t n = c.events();
  for (std::uint32_t i = 0; i < n; ++i) {
    events.customer.push_back(number);
    events.at_ms.push_back(scale_.epoch().ms + c.at_ms(i));
    events.seq.push_back(c.seq(i));
    events.kind.push_back(c.kind(i));
    events.date_only.push_back(c.date_only(i));
    events.gross_minor.push_back(0);
    for (std::size_t k = 0; k < events.dimensions.size(); ++k) events.dimensions[k].push_back(c.event_dimension(k, i));
    for (auto& m : events.measures) m.push_back(0);
  }
  // Order rows ascend by (civil day, instant, seq): the events' own order, but where a date-only one stands elsewhere.
  order_of_.clear();
  for (std::uint32_t i = 0; i < n; ++i) {
    if (c.kind(i) == schema_.order_kind) order_of_.push_back(i);
  }
  assert(order_of_.size() == c.orders());
  const auto day = [&](std::uint32_t i) { return c.event_day(scale_, i); };
  if (!std::ranges::is_sorted(order_of_, {}, day)) std::ranges::stable_sort(order_of_, {}, day);
  const std::size_t first = events.size() - n;
  for (std::uint32_t o = 0; o < c.orders(); ++o) {
    const std::size_t row = first + order_of_[o];
    events.gross_minor[row] = c.gross(o);
    for (std::size_t k = 0; k < events.measures.size(); ++k) events.measures[k][row] = c.order_measure(k, o);
  }
}

}  // namespace behoud::timeline
