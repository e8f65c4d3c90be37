#include "timeline/kept/upkeep.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "timeline/kept/told_testing.h"
#include "timeline/random_ledger.h"

namespace behoud::timeline {
namespace {

using calendar::civil;
using ledger::IdentitySpace;
using ledger::ImportKind;
using Because = std::vector<NotKept>;

class UpkeepTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ledger::SettingsChange change;
    change.currency = money::Currency::parse("EUR").value();
    ASSERT_TRUE(shop_.ledger().change(change));
    add_orders(40);
  }
  void add_orders(int n) {
    shop_.import(ImportKind::kOrders, [&](ledger::ImportWriter& writer) {
      for (int i = 0; i < n; ++i) {
        const std::string id = std::to_string(++orders_), who = std::to_string(orders_ % 11);
        ledger::OrderAssertion o;
        o.order_id = id;
        o.customer = {IdentitySpace::kCustomerId, who};
        o.placed = calendar::Moment{{(civil(2024, 1, 1).number + orders_ / 4) * calendar::kMsPerDay}, false};
        o.gross_minor = 100 + orders_;
        ASSERT_TRUE(writer.add(o));
      }
    });
  }
  // Nothing is due to be written: what comes stays beside the file.
  std::unique_ptr<KeptTimeline> open(double bytes_an_event = 0) {
    auto kept = KeptTimeline::open(shop_.beside(), [this] { return shop_.ledger().snapshot(); },
                                   {.made_by = 1, .bytes_an_event = bytes_an_event, .tended = true});
    EXPECT_TRUE(kept.has_value());
    return std::move(*kept);
  }
  void expect_told(const KeptTimeline& kept) {
    const Derived anew = derive(shop_.snapshot()).value();
    EXPECT_EQ(told(kept, anew.rebuilt.histories), told(anew));
  }

  RandomLedger shop_;
  int orders_ = 0;
};

TEST_F(UpkeepTest, CompactsWhatCameAndTheNextStartKnowsItToo) {
  const auto kept = open();
  Upkeep upkeep(*kept);
  for (int i = 0; i < 4; ++i) {
    add_orders(10);
    ASSERT_TRUE(kept->follow());
    upkeep.wake();
    upkeep.settle();
    EXPECT_FALSE(upkeep.trouble());
    expect_told(*kept);
    EXPECT_EQ(kept->to_read({Role::kOrdered})->timeline->parts.size(), 1U) << "there is a delta beside the base";
  }
  EXPECT_EQ(kept->account().compacted, 4U);
  EXPECT_EQ(kept->account().writes, 0U);
  const auto again = open();
  EXPECT_EQ(again->account().derived_because, Because{});
  EXPECT_EQ(again->account().replayed.rows, 40U);
  expect_told(*again);
}

TEST_F(UpkeepTest, WritesWhatIsDueAfterItWasCompacted) {
  const auto kept = open(1e9);
  Upkeep upkeep(*kept);
  add_orders(10);
  ASSERT_TRUE(kept->follow());
  EXPECT_EQ(kept->account().writes, 0U) << "who follows does not wait for a writing";
  upkeep.wake();
  upkeep.settle();
  EXPECT_EQ(kept->account().writes, 1U);
  EXPECT_EQ(kept->account().events_written, 10U);
  const auto again = open();
  EXPECT_EQ(again->account().derived_because, Because{});
  EXPECT_EQ(again->account().tails, 0U);
  expect_told(*again);
}

TEST_F(UpkeepTest, ReadsTheWholeFileAndMendsItBeforeAnybodyAsks) {
  open();
  for (const auto& entry : std::filesystem::directory_iterator(shop_.beside())) {
    if (entry.path().filename() == "HEAD") continue;
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    std::string bytes(entry.file_size(), '\0');
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    for (std::size_t i = bytes.size() / 2; i < bytes.size(); ++i) bytes[i] = static_cast<char>(~bytes[i]);
    file.seekp(0);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }
  const auto kept = open();
  Upkeep upkeep(*kept);
  upkeep.settle();
  EXPECT_EQ(kept->account().derived_because, Because{NotKept::kDamaged});
  EXPECT_FALSE(upkeep.trouble());
  expect_told(*kept);
}

TEST_F(UpkeepTest, GoesAtOnceAndLeavesTheRestToTheNext) {
  const auto kept = open(1e9);
  add_orders(10);
  ASSERT_TRUE(kept->follow());
  ASSERT_TRUE(kept->tend([] { return false; }));
  EXPECT_EQ(kept->account().compacted, 0U);
  EXPECT_EQ(kept->account().writes, 0U);
  expect_told(*kept);
}

// Imports bring five orders each: nobody ever sees four of them.
TEST_F(UpkeepTest, WhoReadsSeesWholeRevisionsMeanwhile) {
  const auto kept = open(1e9);
  std::atomic<bool> done = false;
  std::thread reader([&] {
    std::int64_t last = 0;
    while (!done) {
      const auto now = kept->to_read({Role::kEventBegin});
      ASSERT_TRUE(now.has_value());
      EXPECT_GE(now->timeline->revision, last);
      last = now->timeline->revision;
      std::uint64_t events = 0;
      for (const Part& part : now->timeline->parts) {
        for (std::uint32_t i = 0; i < part.segment.customers(); ++i) {
          if (!part.is_hidden(i)) events += CustomerView(part.segment, i).events();
        }
      }
      EXPECT_EQ(events % 5, 0U);
    }
  });
  {
    Upkeep upkeep(*kept);
    for (int i = 0; i < 20; ++i) {
      add_orders(5);
      EXPECT_TRUE(kept->follow());
      upkeep.wake();
    }
    upkeep.settle();
    EXPECT_FALSE(upkeep.trouble());
  }
  done = true;
  reader.join();
  EXPECT_EQ(kept->account().derived_because, Because{NotKept::kMissing});
  expect_told(*kept);
}

// Whatever happens to a ledger, with a thread that compacts and writes beside who follows.
RC_GTEST_PROP(Upkeep, ChangesNoAnswer, ()) {
  RandomLedger shop;
  const double bytes_an_event = *rc::gen::element(0.0, 150.0, 1e9);
  auto kept = KeptTimeline::open(shop.beside(), [&] { return shop.ledger().snapshot(); },
                                 {.made_by = 1, .bytes_an_event = bytes_an_event, .tended = true});
  RC_ASSERT(kept.has_value());
  Upkeep upkeep(**kept);
  const int steps = *rc::gen::inRange(1, 5);
  for (int i = 0; i < steps; ++i) {
    shop.anything();
    RC_ASSERT((*kept)->follow().has_value());
    upkeep.wake();
  }
  upkeep.settle();
  const Derived anew = derive(shop.snapshot()).value();
  RC_ASSERT(told(**kept, anew.rebuilt.histories) == told(anew));
}

}  // namespace
}  // namespace behoud::timeline
