#include "timeline/kept/follow.h"

#include <array>
#include <map>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "timeline/kept/histories_in_words_testing.h"
#include "timeline/random_ledger.h"

namespace behoud::timeline {
namespace {

using calendar::civil;
using ledger::IdentitySpace;
using ledger::ImportKind;
using ledger::OrderAssertion;

void choose_currency(RandomLedger& shop) {
  ledger::SettingsChange change;
  change.currency = money::Currency::parse("EUR").value();
  RC_ASSERT(shop.ledger().change(change).has_value());
}

// Histories that follow as a server has them: rebuilt where they cannot.
class Follower {
 public:
  explicit Follower(RandomLedger& shop) : shop_(shop) { rebuild(); }

  // What is there then is what a rebuild gives; words keep their codes while nothing was ever taken back.
  void follow(bool same_codes) {
    const ledger::Snapshot now = shop_.snapshot();
    auto next = timeline::follow(founded_.rebuilt.histories, *founded_.footing, now);
    RC_ASSERT(next.has_value());
    if (const NotKept* const why = std::get_if<NotKept>(&*next)) {
      because_[*why] += 1;
      rebuild();
      return;
    }
    ++followed_;
    auto& followed = std::get<Followed>(*next);
    replayed_ = followed.replayed;
    founded_.rebuilt = std::move(followed.rebuilt);
    const auto anew = rebuild_to_follow(now);
    RC_ASSERT(anew.has_value());
    const std::string told = difference(in_words(founded_.rebuilt, same_codes), in_words(anew->rebuilt, same_codes));
    if (!told.empty()) RC_FAIL(told);
    expect_same_trace(anew->footing->trace);
  }
  const Histories& histories() const { return founded_.rebuilt.histories; }
  const std::map<NotKept, int>& because() const { return because_; }
  int followed() const { return followed_; }
  const Replayed& replayed() const { return replayed_; }

 private:
  void rebuild() {
    auto anew = rebuild_to_follow(shop_.snapshot());
    RC_ASSERT(anew.has_value());
    RC_ASSERT(anew->footing.has_value());
    founded_ = std::move(*anew);
  }
  void expect_same_trace(const Trace& anew) const {
    const Trace& trace = founded_.footing->trace;
    RC_ASSERT(trace.appeared == anew.appeared);
    RC_ASSERT(trace.order_seq == anew.order_seq);
    RC_ASSERT(trace.event_seq == anew.event_seq);
    RC_ASSERT(trace.left_out.size() == anew.left_out.size());
    for (std::size_t i = 0; i < anew.left_out.size(); ++i) {
      const auto &a = trace.left_out[i], &b = anew.left_out[i];
      RC_ASSERT(a.seq == b.seq && a.day == b.day && a.gross_minor == b.gross_minor &&
                trace.whys[a.why] == anew.whys[b.why]);
    }
    RC_ASSERT(trace.unconverted.size() == anew.unconverted.size());
    RC_ASSERT(trace.unmatched_refunds.size() == anew.unmatched_refunds.size());
    RC_ASSERT(trace.magnitude >= anew.magnitude);
  }

  RandomLedger& shop_;
  Founded founded_;
  std::map<NotKept, int> because_;
  int followed_ = 0;
  Replayed replayed_;
};

void say(RandomLedger& shop) {
  switch (RandomLedger::below(5)) {
    case 0:
    case 1:
    case 2:
      return shop.orders();
    case 3:
      return shop.events();
    default:
      return shop.customers();
  }
}

RC_GTEST_PROP(Follow, WhatComesGivesWhatARebuildGivesToTheCode, ()) {
  RandomLedger shop;
  if (RandomLedger::below(3) == 0) shop.rates();
  choose_currency(shop);
  for (std::int64_t n = RandomLedger::below(6); n > 0; --n) say(shop);
  if (RandomLedger::below(3) == 0) shop.subscriptions_and_costs();
  Follower follower(shop);
  for (int round = 0; round < 4; ++round) {
    for (std::int64_t n = 1 + RandomLedger::below(2); n > 0; --n) {
      if (RandomLedger::below(3) == 0) shop.jump((RandomLedger::below(3) - 1) * 86'400'000);
      say(shop);
    }
    follower.follow(true);
  }
  for (const auto& [why, times] : follower.because()) RC_ASSERT(why == NotKept::kRestatedEvents);
  RC_CLASSIFY(follower.followed() > 0, "followed");
}

RC_GTEST_PROP(Follow, MergesAndWhatWasTakenBackGiveWhatARebuildGives, ()) {
  RandomLedger shop;
  choose_currency(shop);
  for (std::int64_t n = 2 + RandomLedger::below(5); n > 0; --n) say(shop);
  if (RandomLedger::below(3) == 0) shop.subscriptions_and_costs();
  for (std::int64_t n = RandomLedger::below(3); n > 0; --n) shop.merge();
  Follower follower(shop);
  for (int round = 0; round < 5; ++round) {
    for (std::int64_t n = 1 + RandomLedger::below(3); n > 0; --n) {
      if (RandomLedger::below(3) == 0) shop.jump((RandomLedger::below(3) - 1) * 86'400'000);
      switch (RandomLedger::below(5)) {
        case 0:
        case 1:
          shop.merge();
          break;
        case 2:
        case 3:
          shop.undo();
          break;
        default:
          say(shop);
          break;
      }
    }
    follower.follow(false);
  }
  for (const auto& [why, times] : follower.because()) {
    RC_ASSERT(why == NotKept::kRestatedEvents || why == NotKept::kSubscriptions || why == NotKept::kOtherRates ||
              why == NotKept::kUnstated);
  }
  RC_CLASSIFY(follower.followed() > 0, "followed");
  RC_CLASSIFY(follower.followed() > 2, "followed more than twice");
}

RC_GTEST_PROP(Follow, WhateverHappensToTheLedgerWhatIsGivenIsTrue, ()) {
  RandomLedger shop;
  if (RandomLedger::below(4) > 0) choose_currency(shop);
  for (std::int64_t n = RandomLedger::below(6); n > 0; --n) shop.anything();
  Follower follower(shop);
  for (int round = 0; round < 5; ++round) {
    for (std::int64_t n = 1 + RandomLedger::below(2); n > 0; --n) shop.anything();
    follower.follow(false);
  }
  RC_CLASSIFY(follower.followed() > 0, "followed");
}

// ---- One by one

class FollowTest : public ::testing::Test {
 protected:
  FollowTest() {
    choose_currency(shop_);
    import({order("1", "a", 1, 100), order("2", "b", 2, 200), order("3", "c", 3, 300), order("4", "", 3, 50)});
    follower_.emplace(shop_);
  }
  OrderAssertion order(std::string_view id, std::string_view customer, int day, std::int64_t gross) {
    OrderAssertion o;
    o.order_id = id;
    if (!customer.empty()) o.customer = {IdentitySpace::kCustomerId, customer};
    o.placed = calendar::Moment{{(civil(2024, 1, 1) + day).number * calendar::kMsPerDay}, false};
    o.currency = money::Currency::parse("EUR").value();
    o.gross_minor = gross;
    return o;
  }
  ledger::ImportId import(const std::vector<OrderAssertion>& orders) {
    return shop_.import(ImportKind::kOrders, [&](ledger::ImportWriter& writer) {
      for (const auto& o : orders) ASSERT_TRUE(writer.add(o));
    });
  }
  // Follows, expects the truth.
  const Replayed& follow() {
    const int before = follower_->followed();
    follower_->follow(false);
    EXPECT_EQ(follower_->followed(), before + 1);
    EXPECT_TRUE(follower_->because().empty());
    return follower_->replayed();
  }
  std::optional<NotKept> why() {
    follower_->follow(false);
    return follower_->because().empty() ? std::nullopt : std::optional(follower_->because().begin()->first);
  }
  std::uint64_t left_out(std::string_view reason) const {
    std::uint64_t out = 0;
    for (const LeftOut& l : follower_->histories().left_out) out += l.reason == reason ? l.orders : 0;
    return out;
  }

  RandomLedger shop_;
  std::optional<Follower> follower_;
};

TEST_F(FollowTest, ReadsWhatSpeaksOfWhoeverIsTouchedAndNobodyElse) {
  import({order("5", "a", 9, 50), order("6", "new", 9, 70)});
  const Replayed read = follow();
  EXPECT_EQ(read.rows, 2U);
  EXPECT_EQ(read.customers, 2U);
  EXPECT_EQ(read.statements, 3U) << "order 1 once more";
  EXPECT_EQ(follower_->histories().orders(), 5U);
}

TEST_F(FollowTest, NothingNewIsWhatItWas) {
  const Replayed read = follow();
  EXPECT_EQ(read.statements, 0U);
  EXPECT_EQ(follower_->histories().orders(), 3U);
}

// Orders of nobody hang on no customer: they are known by their statements.
TEST_F(FollowTest, AnOrderOfNobodyIsCountedOnce) {
  EXPECT_EQ(left_out("anonymous"), 1U);
  const auto id = import({order("4", "", 4, 60), order("7", "", 5, 70)});
  follow();
  EXPECT_EQ(left_out("anonymous"), 2U);
  import({order("4", "a", 4, 60)});
  follow();
  EXPECT_EQ(left_out("anonymous"), 1U) << "it is somebody's now";
  ASSERT_TRUE(shop_.ledger().undo_import(id));
  follow();
  EXPECT_EQ(left_out("anonymous"), 0U);
}

TEST_F(FollowTest, AStateThatChangesMovesAnOrderOutAndIn) {
  auto pending = order("2", "b", 2, 200);
  pending.status = "pending";
  import({pending});
  follow();
  EXPECT_EQ(left_out("awaited"), 1U);
  EXPECT_EQ(follower_->histories().orders(), 2U);
  auto paid = order("2", "b", 2, 200);
  paid.status = "paid";
  import({paid});
  follow();
  EXPECT_EQ(left_out("awaited"), 0U);
  EXPECT_EQ(follower_->histories().orders(), 3U);
}

TEST_F(FollowTest, ARefundThatFoundNoOrderFindsOneThatComesLater) {
  const calendar::Moment late{{civil(2024, 2, 1).number * calendar::kMsPerDay}, false};
  shop_.import(ImportKind::kOrders, [&](ledger::ImportWriter& writer) {
    ASSERT_TRUE(writer.add(
        ledger::RefundRecord{{IdentitySpace::kCustomerId, "b"}, late, {900, money::Currency::parse("EUR").value()}}));
  });
  follow();
  EXPECT_EQ(follower_->histories().unmatched_refunds, 1U);
  EXPECT_EQ(follower_->histories().unmatched_refunds_minor, 900);
  import({order("8", "b", 20, 1000)});
  follow();
  EXPECT_EQ(follower_->histories().unmatched_refunds, 0U);
  EXPECT_EQ(follower_->histories().unmatched_refunds_minor, 0);
}

TEST_F(FollowTest, CostsWindowAndMarginAreTakenOver) {
  shop_.import(ImportKind::kCosts, [](ledger::ImportWriter& writer) {
    ledger::CostRecord c;
    c.from = civil(2024, 1, 1);
    c.to = civil(2024, 2, 1);
    c.amount = {100, money::Currency::parse("EUR").value()};
    ASSERT_TRUE(writer.add(c));
  });
  ledger::SettingsChange change;
  change.margin_rate_millionth = std::optional<std::int32_t>(400'000);
  change.window_days = 45;
  ASSERT_TRUE(shop_.ledger().change(change));
  follow();
  ASSERT_EQ(follower_->histories().costs.size(), 1U);
  EXPECT_EQ(follower_->histories().costs[0].minor, 100);
  EXPECT_EQ(follower_->histories().margin_rate_millionth, 400'000);
}

TEST_F(FollowTest, WhoIsNobodyAnyMoreIsNotThere) {
  const auto id = import({order("8", "a", 3, 1), order("9", "new", 4, 1)});
  follow();
  EXPECT_EQ(follower_->histories().customers(), 4U);
  ASSERT_TRUE(shop_.ledger().undo_import(id));
  follow();
  EXPECT_EQ(follower_->histories().customers(), 3U);
  import({order("9", "new", 4, 1)});
  follow();
  EXPECT_EQ(follower_->histories().customers(), 4U);
}

// Units that nobody states are another thing than units that are zero.
TEST_F(FollowTest, WhatNobodyStatesAnyMoreIsRebuilt) {
  auto units = order("9", "a", 4, 1);
  units.units_milli = 3000;
  const auto id = import({units});
  follow();
  EXPECT_FALSE(follower_->histories().units_milli.empty());
  ASSERT_TRUE(shop_.ledger().undo_import(id));
  EXPECT_EQ(why(), NotKept::kUnstated);
  EXPECT_TRUE(follower_->histories().units_milli.empty());
}

TEST_F(FollowTest, OtherRatesAreRebuilt) {
  shop_.import(ImportKind::kRates, [](ledger::ImportWriter& writer) {
    ledger::RateRecord r;
    r.base = money::Currency::parse("EUR").value();
    r.rate = {civil(2024, 1, 1), money::Currency::parse("USD").value(), 12, 1};
    ASSERT_TRUE(writer.add(r));
  });
  EXPECT_EQ(why(), NotKept::kOtherRates);
}

TEST_F(FollowTest, AnotherZoneIsRebuilt) {
  ledger::SettingsChange change;
  change.zone = "Europe/Amsterdam";
  ASSERT_TRUE(shop_.ledger().change(change));
  EXPECT_EQ(why(), NotKept::kOtherSettings);
}

// The sum of all amounts is no more known one by one: where it may leave 64 bits a rebuild says what is true.
TEST_F(FollowTest, AmountsThatMayBeTooGreatTogetherAreRebuilt) {
  import({order("9", "a", 4, std::int64_t{3} << 59)});
  follow();
  import({order("9", "a", 4, (std::int64_t{3} << 59) + 1)});
  EXPECT_EQ(why(), NotKept::kOffScale);
}

}  // namespace
}  // namespace behoud::timeline
