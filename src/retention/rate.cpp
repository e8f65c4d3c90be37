#include <algorithm>
#include <cassert>
#include <cmath>

#include "retention/answers.h"

namespace behoud::retention {

// The Wilson score interval of a binomial proportion: E. B. Wilson (1927), J. Am. Stat. Assoc. 22(158), 209-212.
// Nobody of n gives a lower end of exactly 0, all of n an upper end of exactly 1.
Rate proportion(std::uint64_t n, std::uint64_t d) {
  assert(n <= d);
  Rate rate{n, d, {}, {}, {}};
  if (d == 0) return rate;
  constexpr double z = 1.959964;  // 95 %
  const double size = static_cast<double>(d);
  const double p = static_cast<double>(n) / size;
  const double scale = 1 + z * z / size;
  const double centre = (p + z * z / (2 * size)) / scale;
  const double half = z * std::sqrt(p * (1 - p) / size + z * z / (4 * size * size)) / scale;
  rate.value = p;
  rate.low = n == 0 ? 0.0 : std::max(0.0, centre - half);
  rate.high = n == d ? 1.0 : std::min(1.0, centre + half);
  return rate;
}

Rate ratio(std::uint64_t n, std::uint64_t d) {
  Rate rate{n, d, {}, {}, {}};
  if (d != 0) rate.value = static_cast<double>(n) / static_cast<double>(d);
  return rate;
}

}  // namespace behoud::retention
