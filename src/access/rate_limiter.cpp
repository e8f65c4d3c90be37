#include "access/rate_limiter.h"

#include <algorithm>
#include <cassert>
#include <limits>

namespace behoud::access {

using std::chrono::milliseconds;

RateLimiter::RateLimiter(RateRule rule, HashKey key, std::size_t entries) : rule_(rule), key_(key), entries_(entries) {
  assert(entries > 0 && entries % 4 == 0 && rule.forget >= rule.most);
}

bool RateLimiter::forgotten(const Entry& e, std::int64_t now_ms) const {
  return e.failures == 0 || now_ms - e.last_ms >= rule_.forget.count();
}

const RateLimiter::Entry* RateLimiter::find(std::string_view key) const {
  const Hash128 hash = keyed_hash128(key_, key);
  const std::size_t first = bucket(hash.low);
  for (std::size_t i = first; i < first + 4; ++i) {
    if (entries_[i].failures > 0 && entries_[i].fingerprint == hash.high) return &entries_[i];
  }
  return nullptr;
}
RateLimiter::Entry* RateLimiter::find(std::string_view key) {
  return const_cast<Entry*>(static_cast<const RateLimiter*>(this)->find(key));
}

milliseconds RateLimiter::wait(std::string_view key, std::int64_t now_ms) const {
  const Entry* e = find(key);
  if (e == nullptr || forgotten(*e, now_ms) || e->failures <= rule_.free) return milliseconds{0};
  const std::uint32_t doublings = e->failures - rule_.free - 1;
  // Beyond 40 doublings of a millisecond lie 35 years.
  const std::int64_t pause =
      doublings > 40 ? rule_.most.count() : std::min(rule_.most.count(), rule_.first.count() << doublings);
  return milliseconds{std::max<std::int64_t>(0, e->last_ms + pause - now_ms)};
}

void RateLimiter::attempt(std::string_view key, std::int64_t now_ms) {
  const Hash128 hash = keyed_hash128(key_, key);
  Entry* e = find(key);
  if (e == nullptr) {
    const auto begin = entries_.begin() + static_cast<std::ptrdiff_t>(bucket(hash.low));
    const auto weight = [&](const Entry& x) {
      return forgotten(x, now_ms) ? std::pair<std::uint32_t, std::int64_t>{0, std::numeric_limits<std::int64_t>::min()}
                                  : std::pair<std::uint32_t, std::int64_t>{x.failures, x.last_ms};
    };
    e = &*std::min_element(begin, begin + 4, [&](const Entry& a, const Entry& b) { return weight(a) < weight(b); });
    *e = {hash.high, now_ms, 0};
  } else if (forgotten(*e, now_ms)) {
    e->failures = 0;
  }
  e->last_ms = now_ms;
  if (e->failures < std::numeric_limits<std::uint32_t>::max()) ++e->failures;
}

void RateLimiter::take_back(std::string_view key) {
  if (Entry* e = find(key)) --e->failures;
}

void RateLimiter::forget(std::string_view key) {
  if (Entry* e = find(key)) *e = {};
}

}  // namespace behoud::access
