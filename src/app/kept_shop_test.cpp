#include "app/kept_shop.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "app/testing/fake_console.h"
#include "app/testing/process.h"
#include "app/warm_shop.h"
#include "base/json_writer.h"
#include "retention/answer_json.h"

namespace behoud::app::testing {
namespace {

namespace fs = std::filesystem;
using timeline::NotKept;

class KeptShopTest : public ::testing::Test {
 protected:
  ledger::Ledger make() {
    auto folder = ledger::DataFolder::create(folder_ / "shop", false, environment_of(world_.world()));
    return std::move(*ledger::Ledger::open(std::move(*folder)));
  }
  void import(ledger::Ledger& ledger, int orders) {
    ledger::ImportMeta meta;
    meta.file_name = meta.sha256 = std::to_string(next_);
    auto import = ledger.begin_import(meta);
    ASSERT_TRUE(import.has_value());
    for (int i = 0; i < orders; ++i) {
      const std::string id = std::to_string(++next_), who = std::to_string(next_ % 9) + "@example.com";
      ledger::OrderAssertion order;
      order.order_id = id;
      order.customer = {ledger::IdentitySpace::kEmail, who};
      order.placed = calendar::Moment{
          {calendar::civil(2024, 1, 1).number * calendar::kMsPerDay + next_ * 7 * std::int64_t{3'600'000}}, false};
      order.currency = *money::Currency::parse("EUR");
      order.gross_minor = 100 + next_;
      if (next_ % 5 == 0) order.refund_minor = 40;
      ASSERT_TRUE(import->add(order).has_value());
    }
    ledger::SettingsChange change;
    change.currency = *money::Currency::parse("EUR");
    ASSERT_TRUE(import->commit(change).has_value());
  }
  static FolderShop read(const ledger::Ledger& ledger) {
    const auto snapshot = ledger.snapshot();
    auto shop = read_kept_shop(ledger, *snapshot);
    EXPECT_TRUE(shop.has_value());
    return std::move(*shop);
  }
  static std::string answer(const FolderShop& shop) {
    retention::Question question;
    question.grain = {calendar::Grain::Unit::kMonth, 1};
    std::string out, value;
    JsonWriter json(out), value_json(value);
    retention::write_json(json, *retention::answer_retention(shop.source(), shop.settings, question));
    retention::write_json(value_json, *retention::answer_value(shop.source(), shop.settings, question));
    return out + value;
  }
  static std::string rebuilt_answer(const ledger::Ledger& ledger) {
    return answer(*read_folder_shop(*ledger.snapshot()));
  }

  TemporaryFolder folder_;
  FakeWorld world_;
  int next_ = 0;
};

TEST_F(KeptShopTest, IsReadAsItWasKeptUntilTheLedgerGoesOn) {
  ledger::Ledger ledger = make();
  import(ledger, 40);
  const FolderShop first = read(ledger);
  EXPECT_EQ(first.rebuilt_because, NotKept::kMissing);
  EXPECT_FALSE(keep_shop(ledger, first)) << "so few are not worth it";
  EXPECT_FALSE(fs::exists(kept_histories_folder(ledger)));
  EXPECT_TRUE(keep_shop(ledger, first, 1));

  const FolderShop kept = read(ledger);
  EXPECT_EQ(kept.rebuilt_because, std::nullopt);
  EXPECT_EQ(kept.revision, first.revision);
  EXPECT_EQ(kept.settings.window_days, first.settings.window_days);
  EXPECT_EQ(answer(kept), rebuilt_answer(ledger));
  EXPECT_FALSE(keep_shop(ledger, kept, 1)) << "it is there";

  import(ledger, 3);
  const FolderShop after = read(ledger);
  EXPECT_EQ(after.rebuilt_because, NotKept::kOlder);
  EXPECT_EQ(answer(after), rebuilt_answer(ledger));
  EXPECT_TRUE(keep_shop(ledger, after, 1));
  EXPECT_EQ(answer(read(ledger)), rebuilt_answer(ledger));
}

TEST_F(KeptShopTest, WhatIsOutOfDateGoesWhereItIsNotKeptAnyMore) {
  ledger::Ledger ledger = make();
  import(ledger, 4);
  ASSERT_TRUE(keep_shop(ledger, read(ledger), 1));
  EXPECT_FALSE(keep_shop(ledger, read(ledger), 1000));
  EXPECT_TRUE(fs::exists(kept_histories_folder(ledger))) << "it is of this very state";
  import(ledger, 1);
  EXPECT_FALSE(keep_shop(ledger, read(ledger), 1000));
  EXPECT_FALSE(fs::exists(kept_histories_folder(ledger)));
}

TEST_F(KeptShopTest, NobodyElseMayLookIntoWhatIsKept) {
  ledger::Ledger ledger = make();
  import(ledger, 2);
  ASSERT_TRUE(keep_shop(ledger, read(ledger), 1));
  const auto open_to_others = fs::status(kept_histories_folder(ledger)).permissions() & fs::perms(077);
  EXPECT_EQ(open_to_others, fs::perms::none);
}

TEST_F(KeptShopTest, WhatIsDamagedIsRebuiltAndSaid) {
  ledger::Ledger ledger = make();
  import(ledger, 40);
  ASSERT_TRUE(keep_shop(ledger, read(ledger), 1));
  for (const auto& entry : fs::directory_iterator(kept_histories_folder(ledger))) {
    if (entry.path().extension() != ".seg") continue;
    std::fstream file(entry.path(), std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(200);
    file.put('!');
  }
  const FolderShop shop = read(ledger);
  EXPECT_EQ(shop.rebuilt_because, NotKept::kDamaged);
  EXPECT_EQ(answer(shop), rebuilt_answer(ledger));
  EXPECT_TRUE(keep_shop(ledger, shop, 1));
  EXPECT_EQ(read(ledger).rebuilt_because, std::nullopt);
}

TEST_F(KeptShopTest, WhoWantsOrderIdsRebuilds) {
  ledger::Ledger ledger = make();
  import(ledger, 4);
  ASSERT_TRUE(keep_shop(ledger, read(ledger), 1));
  const auto shop = read_kept_shop(ledger, *ledger.snapshot(), {.keep_order_ids = true, .progress = {}});
  ASSERT_TRUE(shop.has_value());
  EXPECT_EQ(shop->histories.order_id.size(), 4U);
  EXPECT_FALSE(keep_shop(ledger, *shop, 1));
}

TEST_F(KeptShopTest, AServerKeepsTheFirstAndTheLast) {
  ledger::Ledger ledger = make();
  import(ledger, 5);
  {
    WarmShop shop(ledger, 1);
    ASSERT_TRUE(shop.settled().has_value());
    import(ledger, 5);
    shop.refresh();
    const auto second = shop.settled();
    ASSERT_TRUE(second.has_value());
    EXPECT_EQ((*second)->histories.orders(), 10U);
  }
  const FolderShop kept = read(ledger);
  EXPECT_EQ(kept.rebuilt_because, std::nullopt);
  EXPECT_EQ(kept.histories.orders(), 10U);
  WarmShop again(ledger, 1);
  ASSERT_TRUE(again.settled().has_value());
  EXPECT_EQ((*again.settled())->rebuilt_because, std::nullopt);
  EXPECT_EQ(answer(**again.settled()), rebuilt_answer(ledger));
}

// What a server leaves behind is followed from, by the next server and by a command, though the ledger has gone on.
TEST_F(KeptShopTest, WhatCameSinceAServerEndedIsReadAlone) {
  ledger::Ledger ledger = make();
  import(ledger, 30);
  {
    WarmShop shop(ledger, 1);
    ASSERT_TRUE(shop.settled().has_value());
    import(ledger, 5);
    shop.refresh();
    ASSERT_TRUE(shop.settled().has_value());
    EXPECT_EQ(shop.loads().followed, 1U);
  }
  import(ledger, 4);
  const FolderShop commanded = read(ledger);
  EXPECT_TRUE(commanded.followed);
  EXPECT_EQ(commanded.rebuilt_because, std::nullopt);
  EXPECT_EQ(answer(commanded), rebuilt_answer(ledger));
  EXPECT_FALSE(keep_shop(ledger, commanded, 1)) << "what lies there can be followed from, and this could not";
  {
    WarmShop again(ledger, 1);
    const auto first = again.settled();
    ASSERT_TRUE(first.has_value());
    EXPECT_TRUE((*first)->followed);
    EXPECT_EQ((*first)->histories.orders(), 39U);
    EXPECT_EQ(answer(**first), rebuilt_answer(ledger));
  }
  // It was written again: this very state is there, and its footing, which is read when the ledger goes on.
  WarmShop third(ledger, 1);
  ASSERT_TRUE(third.settled().has_value());
  EXPECT_EQ(third.loads().kept, 1U);
  import(ledger, 2);
  third.refresh();
  const auto last = third.settled();
  ASSERT_TRUE(last.has_value());
  EXPECT_TRUE((*last)->followed);
  EXPECT_EQ(answer(**last), rebuilt_answer(ledger));
}

}  // namespace
}  // namespace behoud::app::testing
