#include "access/password.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <ctime>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "access/testing/room.h"

namespace behoud::access {
namespace {

TEST(Password, MustBeLongAndNotTheAddress) {
  const struct {
    std::string password;
    bool good;
    const char* why;
  } cases[] = {{"", false, "empty"},
               {"ninechars", false, "9 characters"},
               {"tencharact", true, "10 characters"},
               {"åäöåäöåäö", false, "18 bytes, but 9 characters"},
               {"åäöåäöåäöå", true, "10 characters of two bytes"},
               {"owner@example.com", false, "the address"},
               {" Owner@Example.COM ", false, "the address in other letters"},
               {"owner@example.com!", true, "the address and more"},
               {std::string(1024, 'x'), true, "the longest"},
               {std::string(1025, 'x'), false, "longer than that"},
               {"\xff\xfe\xfd\xfc\xff\xfe\xfd\xfc\xff\xfe\xfd\xfc", false, "no text"}};
  for (const auto& c : cases) {
    const auto checked = check_password(c.password, "owner@example.com");
    EXPECT_EQ(checked.has_value(), c.good) << c.why;
    if (checked) continue;
    EXPECT_EQ(checked.error().code, Errc::kInvalidArgument);
    EXPECT_EQ(checked.error().place.column, "password");
    EXPECT_EQ(checked.error().message.find("owner"), std::string::npos) << "no address in a message";
  }
}

TEST(Password, IsKnownAgainByItsHashAlone) {
  const Chance chance = testing::chance_of(3);
  PasswordHasher hasher(kCheapPassword, chance);
  const std::string kept = hasher.hash("correct horse", chance).value();
  EXPECT_TRUE(kept.starts_with("$argon2id$v=19$m=8,t=1,p=1$")) << kept;
  EXPECT_NE(hasher.hash("correct horse", chance).value(), kept) << "another salt";
  EXPECT_TRUE(hasher.verify(kept, "correct horse").value());
  for (const std::string wrong : {"", "correct hors", "correct horse ", "Correct horse"}) {
    EXPECT_FALSE(hasher.verify(kept, wrong).value()) << wrong;
  }
  EXPECT_FALSE(hasher.verify("", "correct horse").value()) << "nobody has no password, not any";
  EXPECT_FALSE(hasher.verify("", "").value());
  EXPECT_FALSE(hasher.verify("not a hash", "correct horse").value());
}

TEST(Password, IsTheArgon2OfOthers) {
  // Of the reference implementation: printf password | argon2 somesalt -id -t 2 -m 16 -p 1 -l 32 -e (its test.c).
  const std::string published =
      "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
  const Chance chance = testing::chance_of(4);
  PasswordHasher cheap(kCheapPassword, chance);
  PasswordCost dearer = kCheapPassword;
  dearer.passes = 2;
  PasswordHasher other(dearer, chance);
  EXPECT_TRUE(cheap.verify(published, "password").value());
  EXPECT_FALSE(cheap.verify(published, "Password").value());
  const std::string kept = cheap.hash("correct horse", chance).value();
  EXPECT_TRUE(other.verify(kept, "correct horse").value()) << "the cost stands in the text";
  EXPECT_FALSE(cheap.is_outdated(kept));
  EXPECT_TRUE(other.is_outdated(kept));
}

TEST(Password, CostsWhatThePlanSays) {
  const Chance chance = testing::chance_of(5);
  PasswordHasher hasher({}, chance);
  const std::string kept = hasher.hash("correct horse", chance).value();
  EXPECT_TRUE(kept.starts_with("$argon2id$v=19$m=65536,t=2,p=1$")) << kept;
  // An unknown user costs as much as a wrong password: the least of several runs of each, within a factor of two, by
  // the time that this thread worked, whatever else the machine does.
  const auto worked = [] {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
  };
  const auto least_of = [&](const std::string& against) {
    auto least = std::chrono::nanoseconds::max();
    for (int i = 0; i < 3; ++i) {
      const auto begin = worked();
      EXPECT_FALSE(hasher.verify(against, "battery staple").value());
      least = std::min(least, worked() - begin);
    }
    return least;
  };
  const auto wrong = least_of(kept), unknown = least_of("");
  EXPECT_LT(unknown, 2 * wrong);
  EXPECT_LT(wrong, 2 * unknown);
}

TEST(Password, AtMostSoManyAreComputedAtOnceAndWait) {
  // Every thread is answered or turned away; memory for two at most is in use, which the hasher asserts by its count.
  PasswordCost cost = kCheapPassword;
  cost.passes = 200;
  cost.memory_bytes = 1 << 20;
  cost.at_once = 1;
  cost.waiting = 2;
  const Chance chance = testing::chance_of(6);
  PasswordHasher hasher(cost, chance);
  const std::string kept = hasher.hash("correct horse", chance).value();
  std::atomic<int> right = 0, turned_away = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([&] {
      const auto known = hasher.verify(kept, "correct horse");
      if (known && *known) ++right;
      if (!known && known.error().code == Errc::kUnavailable) ++turned_away;
    });
  }
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(right + turned_away, 12);
  EXPECT_GE(right, 3) << "one at work and two that wait";
  EXPECT_TRUE(hasher.verify(kept, "correct horse").value()) << "and nothing is stuck";
}

}  // namespace
}  // namespace behoud::access
