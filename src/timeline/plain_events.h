#pragma once

// Events as they come, in columns: what a segment is built from. One entry each in every vector that is not empty; any
// order of rows. A vector that is empty means that all its values are 0.

#include <cstdint>
#include <vector>

#include "timeline/schema.h"

namespace behoud::timeline {

struct PlainEvents {
  std::vector<std::uint32_t> customer{};  // number
  std::vector<std::int64_t> at_ms{};      // since 1970, UTC; of a date-only event its day's midnight UTC
  std::vector<std::uint64_t> seq{};       // arrival; breaks ties of equal instants
  std::vector<Kind> kind{};
  std::vector<std::uint8_t> date_only{};
  std::vector<std::int64_t> gross_minor{};               // of orders; what other events have here is not looked at
  std::vector<std::vector<std::uint32_t>> dimensions{};  // by Schema::event_dimensions
  std::vector<std::vector<std::int64_t>> measures{};     // by Schema::order_measures; of orders
  std::size_t size() const { return customer.size(); }
};

struct PlainCustomers {
  std::uint32_t first = 0;
  std::uint32_t count = 0;                               // numbers first, first + 1, ..., unless `number` says which
  std::vector<std::uint32_t> number{};                   // ascending, or empty
  std::vector<std::vector<std::uint32_t>> dimensions{};  // by Schema::customer_dimensions; each empty or one a customer
  std::vector<std::uint64_t> identity{};                 // empty or one a customer
};

}  // namespace behoud::timeline
