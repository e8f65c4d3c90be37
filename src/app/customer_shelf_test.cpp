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

TEST(CustomerShelf, WhoeverAsksAboutARevisionIsAnsweredWithIt) {
  PeopleShop shop;
  const CustomerShelf shelf(shop.ledger());
  std::vector<std::shared_ptr<const FolderShop>> revisions;
  for (const std::string customer : {"a", "b", "c", "d"}) {
    shop.order(make_order(customer, by_id(customer), "2024-01-10", 100));
    revisions.push_back(read(shop));
  }
  EXPECT_EQ((*shelf.find(revisions[0]))->size(), 1U);
  EXPECT_EQ((*shelf.find(revisions[1]))->size(), 2U);
  shelf.prepare(revisions[2]);
  EXPECT_EQ((*shelf.find(revisions[3]))->size(), 4U) << "also when an earlier one was on its way";
  EXPECT_EQ((*shelf.find(revisions[1]))->size(), 4U) << "who asks late gets the newest, and has no old one made";
}

TEST(CustomerShelf, OfALargeShopItAnswersFromTheRevisionBeforeWhileTheNextIsMade) {
  PeopleShop shop;
  shop.order(make_order("1", by_id("a"), "2024-01-10", 100));
  const CustomerShelf shelf(shop.ledger(), 0);
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
