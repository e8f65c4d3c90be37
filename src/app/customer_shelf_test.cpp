#include "app/customer_shelf.h"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "app/testing/people_shop.h"

namespace behoud::app::testing {
namespace {

std::shared_ptr<const FolderShop> read(PeopleShop& shop) {
  const auto snapshot = shop.ledger().snapshot();
  return std::make_shared<const FolderShop>(*read_folder_shop(*snapshot));
}

TEST(CustomerShelf, AnswersFromTheRevisionBeforeWhileTheNextIsMade) {
  PeopleShop shop;
  shop.order(make_order("1", by_id("a"), "2024-01-10", 100));
  const CustomerShelf shelf(shop.ledger());
  const auto first = read(shop);
  const auto made = shelf.find(first);
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ((*made)->size(), 1U);
  EXPECT_EQ(*shelf.find(first), *made) << "made once";

  shop.order(make_order("2", by_id("b"), "2024-01-11", 100));
  const auto second = read(shop);
  ASSERT_NE(second->revision, first->revision);
  EXPECT_EQ(*shelf.find(second), *made) << "nobody waits for the new one";
  shelf.settle();
  const auto next = shelf.find(second);
  ASSERT_TRUE(next.has_value());
  EXPECT_EQ((*next)->shop().revision, second->revision);
  EXPECT_EQ((*next)->size(), 2U);
  EXPECT_EQ((*made)->size(), 1U) << "who still holds the old one goes on";
}

TEST(CustomerShelf, IsMadeOnceForManyWhoAskAtOnce) {
  PeopleShop shop;
  for (int i = 0; i < 20; ++i) shop.order(make_order(std::to_string(i), by_id(std::to_string(i % 7)), "2024-01-10", 1));
  const CustomerShelf shelf(shop.ledger());
  const auto current = read(shop);
  shelf.prepare(current);
  std::vector<const CustomerDirectory*> found(8);
  std::vector<std::thread> threads;
  for (auto& one : found) {
    threads.emplace_back([&shelf, &current, &one] {
      const auto directory = shelf.find(current);
      one = directory->get();
      EXPECT_EQ((*directory)->ascending(CustomerSort::kOrders).size(), 7U);
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const auto* one : found) EXPECT_EQ(one, found[0]);
}

TEST(CustomerShelf, TellsWhyItCouldNotBeMadeAndTriesAgain) {
  PeopleShop shop;
  shop.order(make_order("1", by_id("a"), "2024-01-10", 100));
  const auto current = read(shop);
  // Another window than the definitions allow: a shop that no question can be asked of.
  const auto broken = std::make_shared<FolderShop>(*read_folder_shop(*shop.ledger().snapshot()));
  broken->settings.window_days = 0;
  const CustomerShelf shelf(shop.ledger());
  const auto failed = shelf.find(broken);
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().code, Errc::kInvalidArgument);
  EXPECT_TRUE(shelf.find(current).has_value());
}

}  // namespace
}  // namespace behoud::app::testing
