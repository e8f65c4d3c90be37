#pragma once

// How fast somebody may guess. A key (an address, an account) has some attempts free; after these each failure doubles
// the wait before the next, up to a bound; a key that was quiet for long is forgotten.
//
// An attempt counts as a failure from its beginning, so that many at once are no way around; when it goes well it is
// taken back (an address), or the key is forgotten (an account).
//
// Memory is bounded and made at once: keys lie in buckets of four, chosen by a keyed hash that nobody outside knows; a
// fifth key of a bucket displaces the one with the fewest failures, so that a flood of new keys does not wash out one
// that waits. Two keys are taken for one with probability 2^-64. Time is any clock that does not go back, in ms.
// Cost: O(1). Thread-safety: none; the caller locks.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/hash.h"

namespace behoud::access {

struct RateRule {
  std::uint32_t free = 5;
  std::chrono::milliseconds first{1'000};  // the wait after the first failure that is not free
  std::chrono::milliseconds most{15 * 60'000};
  std::chrono::milliseconds forget{24 * 3'600'000};  // not below `most`
};

class RateLimiter {
 public:
  // Requires entries a multiple of four, above zero.
  RateLimiter(RateRule rule, HashKey key, std::size_t entries = 16'384);

  // How long `key` has to wait before its next attempt; zero: it may be made now.
  std::chrono::milliseconds wait(std::string_view key, std::int64_t now_ms) const;
  void attempt(std::string_view key, std::int64_t now_ms);
  void take_back(std::string_view key);
  void forget(std::string_view key);

  std::size_t entries() const { return entries_.size(); }

 private:
  struct Entry {
    std::uint64_t fingerprint = 0;
    std::int64_t last_ms = 0;
    std::uint32_t failures = 0;  // 0: empty
  };
  bool forgotten(const Entry& e, std::int64_t now_ms) const;
  Entry* find(std::string_view key);
  const Entry* find(std::string_view key) const;
  std::size_t bucket(std::uint64_t hash) const { return hash % (entries_.size() / 4) * 4; }

  RateRule rule_;
  HashKey key_;
  std::vector<Entry> entries_;
};

}  // namespace behoud::access
