#include <algorithm>
#include <map>
#include <tuple>

#include "timeline/plain_history.h"

namespace behoud::timeline {

std::vector<PlainHistory> plain_histories(const calendar::Zone& zone, const PlainCustomers& customers,
                                          const PlainEvents& events) {
  std::map<std::uint32_t, PlainHistory> by_number;
  for (std::uint32_t i = 0; i < customers.count; ++i) {
    const std::uint32_t number = customers.number.empty() ? customers.first + i : customers.number[i];
    PlainHistory& history = by_number[number];
    history.customer = number;
    for (const auto& codes : customers.dimensions) history.dimensions.push_back(codes.empty() ? 0 : codes[i]);
  }
  for (std::size_t row = 0; row < events.size(); ++row) {
    const auto at = [&](const auto& column) { return column.empty() ? 0 : column[row]; };
    PlainEvent event;
    event.at_ms = events.at_ms[row];
    event.seq = at(events.seq);
    event.kind = static_cast<Kind>(at(events.kind));
    event.date_only = at(events.date_only) != 0;
    event.day = zone.day_of(calendar::Moment{{event.at_ms}, event.date_only});
    event.gross_minor = at(events.gross_minor);
    for (const auto& codes : events.dimensions) event.dimensions.push_back(at(codes));
    for (const auto& amounts : events.measures) event.measures.push_back(at(amounts));
    by_number.at(events.customer[row]).events.push_back(std::move(event));
  }
  std::vector<PlainHistory> out;
  for (auto& [number, history] : by_number) {
    std::ranges::stable_sort(history.events, {}, [](const PlainEvent& e) { return std::tuple(e.at_ms, e.seq); });
    out.push_back(std::move(history));
  }
  return out;
}

}  // namespace behoud::timeline
