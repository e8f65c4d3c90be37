#include "app/warm_shop.h"

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "app/questions.h"
#include "app/testing/fake_console.h"
#include "app/testing/process.h"

namespace behoud::app::testing {
namespace {

class WarmShopTest : public ::testing::Test {
 protected:
  ledger::Ledger make() {
    auto folder = ledger::DataFolder::create(folder_ / "shop", false, environment_of(world_.world()));
    return std::move(*ledger::Ledger::open(std::move(*folder)));
  }
  // One more order of one more customer, as an import of its own.
  static void add_order(ledger::Ledger& ledger, int number) {
    const std::string id = std::to_string(number);
    ledger::ImportMeta meta;
    meta.file_name = meta.sha256 = id;
    auto import = ledger.begin_import(meta);
    ASSERT_TRUE(import.has_value());
    ledger::OrderAssertion order;
    order.order_id = id;
    order.customer = {ledger::IdentitySpace::kCustomerId, id};
    order.placed = calendar::Moment{{calendar::civil(2024, 1, 1).number * calendar::kMsPerDay}, true};
    order.currency = *money::Currency::parse("EUR");
    order.gross_minor = 100;
    ASSERT_TRUE(import->add(order).has_value());
    ledger::SettingsChange change;
    change.currency = order.currency;
    ASSERT_TRUE(import->commit(change).has_value());
  }
  TemporaryFolder folder_;
  FakeWorld world_;
};

TEST_F(WarmShopTest, FollowsTheLedgerAndKeepsWhatIsBeingRead) {
  ledger::Ledger ledger = make();
  WarmShop shop(ledger);
  const auto empty = shop.settled();
  ASSERT_TRUE(empty.has_value());
  EXPECT_EQ((*empty)->histories.orders(), 0U);
  add_order(ledger, 1);
  shop.refresh();
  const auto one = shop.settled();
  ASSERT_TRUE(one.has_value());
  EXPECT_EQ((*one)->histories.orders(), 1U);
  EXPECT_EQ((*one)->revision, *ledger.revision());
  EXPECT_EQ((*empty)->histories.orders(), 0U) << "who reads the old one goes on with it";
  // Nothing new: the same one stays.
  shop.refresh();
  EXPECT_EQ(shop.settled()->get(), one->get());
  EXPECT_FALSE(shop.trouble().has_value());
}

// Readers never wait for a writer, never see a half of anything, and never an older revision after a newer one.
TEST_F(WarmShopTest, IsReadByManyWhileItIsWritten) {
  constexpr int kOrders = 12;
  ledger::Ledger ledger = make();
  WarmShop shop(ledger);
  ASSERT_TRUE(shop.settled().has_value());
  std::atomic<bool> done{false};
  std::atomic<int> seen_whole{0};
  std::vector<std::thread> readers;
  for (int r = 0; r < 3; ++r) {
    readers.emplace_back([&] {
      std::int64_t last = 0;
      while (!done) {
        const auto current = shop.current();
        ASSERT_NE(current, nullptr);
        ASSERT_GE(current->revision, last);
        last = current->revision;
        ASSERT_EQ(current->histories.orders(), current->imports.size()) << "an import is seen whole or not at all";
        const auto answer = answer_question(
            "retention", {current->histories, current->settings}, [](std::string_view) { return std::nullopt; },
            Format::kJson, true);
        ASSERT_TRUE(answer.has_value());
        ++seen_whole;
      }
    });
  }
  for (int i = 1; i <= kOrders; ++i) {
    add_order(ledger, i);
    shop.refresh();
  }
  const auto newest = shop.settled();
  while (seen_whole == 0) std::this_thread::yield();
  done = true;
  for (std::thread& reader : readers) reader.join();
  ASSERT_TRUE(newest.has_value());
  EXPECT_EQ((*newest)->histories.orders(), static_cast<std::size_t>(kOrders));
  EXPECT_EQ((*newest)->revision, *ledger.revision());
  const WarmShop::Loads loads = shop.loads();
  EXPECT_EQ(loads.kept, 0U);
  EXPECT_GE(loads.rebuilt, 1U);
  EXPECT_LE(loads.followed + loads.rebuilt, 1U + kOrders);
}

// What came since alone is read; only what cannot be told from it is rebuilt, and says why.
TEST_F(WarmShopTest, FollowsByWhatCameSince) {
  ledger::Ledger ledger = make();
  WarmShop shop(ledger);
  ASSERT_TRUE(shop.settled().has_value());
  add_order(ledger, 1);
  shop.refresh();
  EXPECT_EQ((*shop.settled())->rebuilt_because, timeline::NotKept::kOtherSettings) << "the currency was chosen";
  for (int i = 2; i <= 5; ++i) {
    add_order(ledger, i);
    shop.refresh();
    const auto next = shop.settled();
    ASSERT_TRUE(next.has_value());
    EXPECT_TRUE((*next)->followed);
    EXPECT_EQ((*next)->rebuilt_because, std::nullopt);
    EXPECT_EQ((*next)->histories.orders(), static_cast<std::size_t>(i));
  }
  ledger::SettingsChange change;
  change.zone = "Europe/Amsterdam";
  ASSERT_TRUE(ledger.change(change).has_value());
  shop.refresh();
  const auto zone = shop.settled();
  ASSERT_TRUE(zone.has_value());
  EXPECT_FALSE((*zone)->followed);
  EXPECT_EQ((*zone)->rebuilt_because, timeline::NotKept::kOtherSettings);
  add_order(ledger, 6);
  shop.refresh();
  EXPECT_TRUE((*shop.settled())->followed) << "from the rebuilt one on";
  EXPECT_EQ(shop.loads().followed, 5U);
  EXPECT_EQ(shop.loads().rebuilt, 3U);
}

}  // namespace
}  // namespace behoud::app::testing
