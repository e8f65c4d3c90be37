#pragma once

// What each customer's counted orders come to. Of a View: 8 bytes a customer.

#include <cstdint>
#include <vector>

#include "retention/internal/purchases.h"

namespace behoud::retention {

struct CustomerRevenue {
  static CustomerRevenue of(const Purchases& purchases);

  std::vector<std::int64_t> minor;  // by customer
  std::size_t bytes() const { return minor.capacity() * sizeof(minor[0]); }
};

}  // namespace behoud::retention
