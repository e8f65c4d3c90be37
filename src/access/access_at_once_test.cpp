// Two at the same moment, and a process that is killed at any moment.

#include <atomic>
#include <csignal>
#include <ctime>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "access/testing/room.h"

namespace behoud::access {
namespace {

using namespace testing;

TEST(AccessAtOnce, TwoTabsWithOneLinkMakeOneOwner) {
  Room room;
  const std::string link = room.access->make_owner_link(kCommandLine).value();
  std::atomic<int> made = 0, refused = 0;
  std::atomic<bool> go = false;
  std::vector<std::thread> tabs;
  for (int i = 0; i < 4; ++i) {
    tabs.emplace_back([&, i] {
      const std::string email = "tab" + std::to_string(i) + "@example.com";
      while (!go) std::this_thread::yield();
      const auto in = room.access->claim(link, {email, "", kPassword}, kHome, {});
      if (in) ++made;
      if (!in && in.error().code == "link_not_valid") ++refused;
    });
  }
  go = true;
  for (std::thread& t : tabs) t.join();
  EXPECT_EQ(made, 1);
  EXPECT_EQ(refused, 3);
  EXPECT_EQ(room.access->users()->size(), 1U);
}

TEST(AccessAtOnce, TwoOwnersWhoRemoveEachOtherLeaveOne) {
  for (int round = 0; round < 5; ++round) {
    Room room;
    const auto one = room.owner(), two = room.member("two", Role::kOwner);
    std::thread other([&] { [[maybe_unused]] const auto r = room.access->remove_user(kCommandLine, one.user.id); });
    [[maybe_unused]] const auto r = room.access->remove_user(kCommandLine, two.user.id);
    other.join();
    EXPECT_EQ(room.access->users()->size(), 1U);
  }
}

TEST(AccessAtOnce, WhatWasRevokedOpensNothingFromThenOn) {
  Room room;
  room.owner();
  std::atomic<bool> stop = false;
  std::atomic<int> wrong = 0;
  std::mutex mutex;
  std::vector<std::string> live, dead;
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (!stop) {
        std::vector<std::string> ended;
        std::string some;
        {
          const std::lock_guard lock(mutex);
          ended = dead;
          if (!live.empty()) some = live.back();
        }
        if (!some.empty()) [[maybe_unused]]
          const auto known = room.access->caller({Sent::Kind::kToken, some});
        for (const std::string& secret : ended) {
          const auto known = room.access->caller({Sent::Kind::kToken, secret});
          if (!known || *known) ++wrong;
        }
      }
    });
  }
  std::thread upkeep([&] {
    while (!stop) {
      if (!room.access->upkeep()) ++wrong;
    }
  });
  for (int i = 0; i < 20; ++i) {
    const auto made = room.access->make_token(kCommandLine, "t", Role::kViewer, {}).value();
    {
      const std::lock_guard lock(mutex);
      live.push_back(made.secret);
    }
    ASSERT_TRUE(room.access->revoke_token(kCommandLine, made.token.id).has_value());
    const std::lock_guard lock(mutex);
    live.pop_back();
    dead.push_back(made.secret);
  }
  stop = true;
  for (std::thread& t : readers) t.join();
  upkeep.join();
  EXPECT_EQ(wrong, 0);
}

// The kernel kills this process after so long, whatever it is doing.
void kill_me_after(std::chrono::microseconds time) {
  sigevent how{};
  how.sigev_notify = SIGEV_SIGNAL;
  how.sigev_signo = SIGKILL;
  timer_t timer{};
  if (::timer_create(CLOCK_MONOTONIC, &how, &timer) != 0) ::_exit(2);
  itimerspec when{};
  when.it_value.tv_sec = time.count() / 1'000'000;
  when.it_value.tv_nsec = time.count() % 1'000'000 * 1000 + 1;
  if (::timer_settime(timer, 0, &when, nullptr) != 0) ::_exit(2);
}

TEST(AccessKilled, TheLinkIsThereOrTheOwnerIs) {
  int killed = 0, made = 0;
  Room room;
  room.end();
  for (int step = 0; made < 3 && step < 2000; ++step) {
    // Each round begins with an unclaimed link in a folder of its own.
    std::filesystem::remove_all(room.path() + "/data");
    const ledger::Environment env{
        [&] { return room.now; }, chance_of(static_cast<std::uint64_t>(step)), {}, 65'536, 4096};
    std::string link;
    {
      auto folder = ledger::DataFolder::create(room.path() + "/data", false, env);
      ASSERT_TRUE(folder.has_value());
      auto opened = ledger::Ledger::open(std::move(*folder));
      Access access(*opened, {env.now, [] { return std::int64_t{0}; }, env.entropy, kCheapPassword});
      link = access.make_owner_link(kCommandLine).value();
    }
    const pid_t child = ::fork();
    if (child == 0) {
      auto folder = ledger::DataFolder::open(room.path() + "/data", ledger::Access::kWrite, env);
      if (!folder) ::_exit(3);
      auto opened = ledger::Ledger::open(std::move(*folder));
      Access access(*opened, {env.now, [] { return std::int64_t{0}; }, env.entropy, kCheapPassword});
      kill_me_after(std::chrono::microseconds{100 + 400 * step});
      const auto in = access.claim(link, {"owner@example.com", "", kPassword}, kHome, {});
      ::_exit(in ? 0 : 4);
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFSIGNALED(status)) {
      ASSERT_EQ(WTERMSIG(status), SIGKILL);
      ++killed;
    } else {
      ASSERT_EQ(WEXITSTATUS(status), 0);
      ++made;
    }
    room.restart();
    const bool there = room.access->has_users().value(), open = room.access->look_at_link(link, kHome).has_value();
    EXPECT_NE(there, open) << "killed after step " << step;
    EXPECT_TRUE(there || !WIFEXITED(status)) << "what was answered is on disk";
    if (open) {
      EXPECT_TRUE(room.access->claim(link, {"owner@example.com", "", kPassword}, kHome, {}).has_value());
    }
    EXPECT_TRUE(room.sign_in("owner").has_value());
    room.end();
  }
  EXPECT_GE(killed, 1);
  EXPECT_EQ(made, 3);
}

}  // namespace
}  // namespace behoud::access
