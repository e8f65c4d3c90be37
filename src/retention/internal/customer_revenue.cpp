#include "retention/internal/customer_revenue.h"

#include "base/together.h"

namespace behoud::retention {

CustomerRevenue CustomerRevenue::of(const Purchases& purchases) {
  CustomerRevenue out;
  resize_huge(out.minor, purchases.customers());
  run_in_parts(purchases.customers(), [&](std::size_t, std::size_t begin, std::size_t end) {
    for (std::size_t c = begin; c < end; ++c) {
      std::int64_t sum = 0;
      for (std::size_t i = purchases.begin[c]; i < purchases.begin[c + 1]; ++i) sum += purchases.revenue_minor[i];
      out.minor[c] = sum;
    }
  });
  return out;
}

}  // namespace behoud::retention
