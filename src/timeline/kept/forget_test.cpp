#include "timeline/kept/forget.h"

#include <filesystem>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

#include "timeline/kept/told_testing.h"
#include "timeline/random_ledger.h"

namespace behoud::timeline {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kErased = "someone-who-is-erased";

// Two ledgers: as it was, and as it is without somebody. Which one there is, is what `erased` says.
class Forget : public ::testing::Test {
 protected:
  void SetUp() override {
    fill(before_, 0, true);
    fill(after_, 0, false);
  }
  static void fill(RandomLedger& shop, int first, bool with_them) {
    ledger::SettingsChange change;
    change.currency = money::Currency::parse("EUR").value();
    ASSERT_TRUE(shop.ledger().change(change));
    shop.import(ledger::ImportKind::kOrders, [&](ledger::ImportWriter& writer) {
      for (int i = first; i < first + 30; ++i) {
        const std::string id = std::to_string(i), who = i % 7 == 3 ? std::string(kErased) : std::to_string(i % 7);
        if (!with_them && who == kErased) continue;
        ledger::OrderAssertion o;
        o.order_id = id;
        o.customer = {ledger::IdentitySpace::kCustomerId, who};
        o.email = o.customer.value;
        o.placed = calendar::Moment{{(calendar::civil(2024, 1, 1).number + i) * calendar::kMsPerDay}, false};
        o.gross_minor = 100 + i;
        ASSERT_TRUE(writer.add(o));
      }
    });
  }
  static Result<ledger::Snapshot> take() { return (erased ? after : before)->ledger().snapshot(); }
  std::unique_ptr<KeptTimeline> open(const FileCalls& calls = system_calls()) {
    auto kept = KeptTimeline::open(folder(), take, {.made_by = 1, .calls = &calls});
    EXPECT_TRUE(kept.has_value());
    return std::move(*kept);
  }
  std::string folder() const { return before_.beside(); }
  bool anything_names_them() const {
    for (const auto& entry : fs::directory_iterator(folder())) {
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(in), {}};
      if (bytes.find(kErased) != std::string::npos) return true;
    }
    return false;
  }
  static void expect_after(const KeptTimeline& kept) {
    const Derived anew = derive(after->ledger().snapshot().value()).value();
    EXPECT_EQ(told(kept, anew.rebuilt.histories), told(anew));
  }

  RandomLedger before_{1}, after_{2};
  static inline RandomLedger *before = nullptr, *after = nullptr;
  static inline bool erased = false;
  static inline std::string folder_now;
  Forget() {
    before = &before_;
    after = &after_;
    erased = false;
    folder_now = folder();
  }
};

TEST_F(Forget, NothingThatIsKeptNamesThemAndWhoRunsOnDerivesAnew) {
  const auto kept = open();
  ASSERT_TRUE(anything_names_them());
  fill(before_, 30, true);  // there is something to write
  ASSERT_TRUE(kept->follow());
  erased = true;
  ASSERT_TRUE(forget_kept(folder()));
  EXPECT_FALSE(anything_names_them());
  // Who knows nothing of it yet writes nothing of what was.
  ASSERT_TRUE(kept->write());
  EXPECT_FALSE(anything_names_them());
  ASSERT_TRUE(kept->follow());
  EXPECT_EQ(kept->account().derived_because.back(), NotKept::kOtherLedger);
  expect_after(*kept);
  EXPECT_FALSE(anything_names_them());
  expect_after(*open());
}

TEST_F(Forget, AReaderKeepsWhatItHas) {
  const auto kept = open();
  const auto again = open();  // mapped from the file
  const auto reading = again->to_read({Role::kOrderBegin, Role::kGross}).value();
  erased = true;
  ASSERT_TRUE(forget_kept(folder()));
  EXPECT_EQ(reading.timeline->customers(), 7U);
  EXPECT_EQ(reading.timeline->orders(), 30U);
  ASSERT_TRUE(again->follow());
  expect_after(*again);
}

// In the middle of a writing: it is waited for, and what it wrote is removed.
TEST_F(Forget, AnErasureDuringAWriting) {
  static std::thread eraser;
  static bool forgotten;
  forgotten = false;
  constexpr FileCalls kErases{[](int fd, const void* bytes, std::size_t size) {
                                if (!erased) {
                                  erased = true;
                                  eraser = std::thread([] { forgotten = forget_kept(folder_now).has_value(); });
                                }
                                return ::write(fd, bytes, size);
                              },
                              [](int fd) { return ::fsync(fd); },
                              [](const char* from, const char* to) { return std::rename(from, to); }};
  const auto kept = open(kErases);
  ASSERT_TRUE(erased);
  eraser.join();
  EXPECT_TRUE(forgotten);
  EXPECT_FALSE(anything_names_them());
  ASSERT_TRUE(kept->follow());
  expect_after(*kept);
  EXPECT_FALSE(anything_names_them());
}

TEST_F(Forget, KilledBeforeTheFilesAreRemovedTheNextStartWritesOverThem) {
  open();
  erased = true;
  const auto kept = open();
  EXPECT_EQ(kept->account().derived_because, std::vector<NotKept>{NotKept::kOtherLedger});
  expect_after(*kept);
  EXPECT_FALSE(anything_names_them());
}

TEST_F(Forget, AFolderThatIsNotThereHoldsNothing) {
  EXPECT_TRUE(forget_kept(folder() + "/nowhere/at/all"));
  fs::create_directories(folder());
  EXPECT_TRUE(forget_kept(folder()));
}

TEST_F(Forget, WhatCannotBeRemovedIsSaid) {
  std::ofstream(folder_now) << "no folder";
  const auto forgotten = forget_kept(folder());
  ASSERT_FALSE(forgotten.has_value());
  EXPECT_EQ(forgotten.error().code, Errc::kUnavailable);
}

}  // namespace
}  // namespace behoud::timeline
