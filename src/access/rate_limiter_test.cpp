#include "access/rate_limiter.h"

#include <map>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace behoud::access {
namespace {

using std::chrono::milliseconds;

constexpr RateRule kRule{3, milliseconds{1000}, milliseconds{60'000}, milliseconds{600'000}};
constexpr HashKey kKey{1, 2};

TEST(RateLimiter, DoublesTheWaitAfterTheFreeAttempts) {
  RateLimiter limiter(kRule, kKey, 16);
  std::int64_t now = 5'000;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(limiter.wait("a", now), milliseconds{0}) << i;
    limiter.attempt("a", now);
  }
  EXPECT_EQ(limiter.wait("a", now), milliseconds{0}) << "the third failure was still free";
  for (const std::int64_t pause : {1000, 2000, 4000, 8000, 16'000, 32'000, 60'000, 60'000}) {
    limiter.attempt("a", now);
    EXPECT_EQ(limiter.wait("a", now), milliseconds{pause});
    EXPECT_EQ(limiter.wait("a", now + pause - 1), milliseconds{1});
    EXPECT_EQ(limiter.wait("b", now), milliseconds{0}) << "another key";
    now += pause;
    EXPECT_EQ(limiter.wait("a", now), milliseconds{0});
  }
  now += kRule.forget.count();
  EXPECT_EQ(limiter.wait("a", now), milliseconds{0});
  for (int i = 0; i < 3; ++i) limiter.attempt("a", now);
  EXPECT_EQ(limiter.wait("a", now), milliseconds{0}) << "a new count";
}

TEST(RateLimiter, NeverOverflowsHoweverManyFail) {
  RateLimiter limiter(kRule, kKey, 4);
  for (int i = 0; i < 200; ++i) limiter.attempt("a", 0);
  EXPECT_EQ(limiter.wait("a", 0), kRule.most);
}

TEST(RateLimiter, AFloodOfOtherKeysDoesNotWashOutOneThatWaits) {
  RateLimiter limiter(kRule, kKey, 64);
  for (int i = 0; i < 10; ++i) limiter.attempt("guessed", 0);
  const auto wait = limiter.wait("guessed", 0);
  ASSERT_GT(wait, milliseconds{0});
  for (int i = 0; i < 100'000; ++i) limiter.attempt("flood " + std::to_string(i), 1);
  EXPECT_EQ(limiter.wait("guessed", 0), wait);
  EXPECT_EQ(limiter.entries(), 64U) << "and takes no more memory";
}

// The slow and obvious one: every key for ever.
struct Oracle {
  struct Entry {
    std::int64_t last = 0;
    int failures = 0;
  };
  std::map<std::string, Entry> entries;

  void drop_forgotten(std::int64_t now) {
    std::erase_if(entries, [&](const auto& e) { return now - e.second.last >= kRule.forget.count(); });
  }
  std::int64_t wait(const std::string& key, std::int64_t now) {
    drop_forgotten(now);
    if (!entries.contains(key)) return 0;
    std::int64_t pause = 0;
    for (int i = 0; i < entries[key].failures; ++i) {
      if (i == static_cast<int>(kRule.free)) pause = kRule.first.count();
      if (i > static_cast<int>(kRule.free)) pause = std::min(pause * 2, kRule.most.count());
    }
    return std::max<std::int64_t>(0, entries[key].last + pause - now);
  }
  void attempt(const std::string& key, std::int64_t now) {
    drop_forgotten(now);
    entries[key].last = now;
    ++entries[key].failures;
  }
  void take_back(const std::string& key) {
    if (entries.contains(key) && --entries[key].failures == 0) entries.erase(key);
  }
};

// Few keys in many buckets, so that none displaces another.
RC_GTEST_PROP(RateLimiter, IsTheSlowObviousOne, ()) {
  RateLimiter limiter(kRule, kKey, 65'536);
  Oracle oracle;
  std::int64_t now = 0;
  const auto steps = *rc::gen::container<std::vector<std::tuple<int, int, int>>>(
      rc::gen::tuple(rc::gen::inRange(0, 6), rc::gen::inRange(0, 4), rc::gen::inRange(0, 10)));
  for (const auto& [what, who, pause] : steps) {
    const std::string key = std::to_string(who);
    now += std::int64_t{1} << (2 * pause);  // from a millisecond to four minutes
    if (what < 3) {
      limiter.attempt(key, now);
      oracle.attempt(key, now);
    } else if (what == 3) {
      limiter.take_back(key);
      oracle.take_back(key);
    } else if (what == 4) {
      limiter.forget(key);
      oracle.entries.erase(key);
    } else {
      now += kRule.forget.count() / 2;
    }
    for (int k = 0; k < 4; ++k) {
      RC_ASSERT(limiter.wait(std::to_string(k), now).count() == oracle.wait(std::to_string(k), now));
    }
  }
}

}  // namespace
}  // namespace behoud::access
