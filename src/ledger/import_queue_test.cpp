#include "ledger/import_queue.h"

#include <atomic>
#include <future>
#include <optional>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace behoud::ledger {
namespace {

TEST(ImportQueue, WhoComesFirstDoesNotWait) {
  ImportQueue queue;
  for (int i = 0; i < 3; ++i) {
    const auto turn = queue.enter([](std::size_t) { ADD_FAILURE() << "nobody is before"; });
    EXPECT_TRUE(turn.has_value());
  }
}

TEST(ImportQueue, OneAtATimeInTheOrderInWhichTheyAsked) {
  ImportQueue queue;
  std::optional<ImportQueue::Turn> first = std::move(*queue.enter());
  std::vector<int> order;
  std::atomic<int> inside{0};
  std::vector<std::future<std::size_t>> others;
  for (int i = 0; i < 4; ++i) {
    std::promise<void> stands;  // in the queue, so that the next comes behind it
    auto standing = stands.get_future();
    others.push_back(std::async(std::launch::async, [&, i, stands = std::move(stands)]() mutable {
      std::size_t told = 0;
      const auto turn = queue.enter([&](std::size_t before) {
        told = before;
        stands.set_value();
      });
      EXPECT_EQ(++inside, 1);
      order.push_back(i);
      --inside;
      return told;
    }));
    standing.wait();
  }
  first.reset();
  for (std::size_t i = 0; i < others.size(); ++i) EXPECT_EQ(others[i].get(), i + 1);
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3}));
}

TEST(ImportQueue, WhoGivesUpHoldsNobodyUp) {
  ImportQueue queue;
  std::optional<ImportQueue::Turn> first = std::move(*queue.enter());
  std::promise<void> stands;
  std::atomic<bool> gone{false};
  auto second = std::async(std::launch::async, [&] {
    return queue.enter([&](std::size_t) { stands.set_value(); }, [&] { return gone.load(); }).error();
  });
  stands.get_future().wait();
  auto third = std::async(std::launch::async, [&] { return queue.enter().has_value(); });
  gone = true;
  const Error error = second.get();
  EXPECT_EQ(error.code, Errc::kUnavailable);
  EXPECT_NE(error.message.find("given up"), std::string::npos);
  first.reset();
  EXPECT_TRUE(third.get());
  EXPECT_TRUE(queue.enter().has_value()) << "and the queue is empty again";
}

}  // namespace
}  // namespace behoud::ledger
