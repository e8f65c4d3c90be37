#include "timeline/kept/tail_replay.h"

#include <cstdio>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <unistd.h>

#include "timeline/kept/told_testing.h"
#include "timeline/questions/cohort_months.h"
#include "timeline/questions/month_activity.h"
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

// The disk's own time is not what is looked at here.
constexpr FileCalls kUnsynced{[](int fd, const void* bytes, std::size_t size) { return ::write(fd, bytes, size); },
                              [](int) { return 0; },
                              [](const char* from, const char* to) { return std::rename(from, to); }};

std::unique_ptr<KeptTimeline> open(RandomLedger& shop, double bytes_an_event = 1e9) {
  auto kept = KeptTimeline::open(shop.beside(), [&shop] { return shop.ledger().snapshot(); },
                                 {.made_by = 1, .bytes_an_event = bytes_an_event, .calls = &kUnsynced});
  RC_ASSERT(kept.has_value());
  return std::move(*kept);
}

// Customer by customer what deriving everything anew gives, and the same answers.
void expect_as_derived(const KeptTimeline& kept, const ledger::Snapshot& snapshot) {
  const Derived anew = derive(snapshot).value();
  RC_ASSERT(told(kept, anew.rebuilt.histories) == told(anew));
  const auto read = kept.to_read({Role::kOrdered, Role::kActive, Role::kFirstDay, Role::kLastDay, Role::kSpend,
                                  Role::kOrderBegin, Role::kOrderDay, Role::kGross});
  RC_ASSERT(read.has_value());
  const Timeline &a = *read->timeline, &b = anew.laid_out.timeline;
  RC_ASSERT(a.revision == b.revision);
  if (a.scale.epoch_day() != b.scale.epoch_day() || a.scale.days() != b.scale.days()) return;
  RC_ASSERT(cohort_months(a) == cohort_months(b));
  RC_ASSERT(month_activity(a) == month_activity(b));
  RC_ASSERT(month_activity(a, 40) == month_activity(b, 40));
}

RC_GTEST_PROP(TailReplay, GivesWhatDerivingEverythingAnewGives, ()) {
  RandomLedger shop;
  choose_currency(shop);
  for (std::int64_t n = RandomLedger::below(6); n > 0; --n) shop.orders();
  auto kept = open(shop);
  for (int round = 0; round < 3; ++round) {
    for (std::int64_t n = 1 + RandomLedger::below(2); n > 0; --n) {
      switch (RandomLedger::below(5)) {
        case 0:
        case 1:
        case 2:
          shop.orders();
          break;
        case 3:
          shop.events();
          break;
        default:
          shop.customers();
          break;
      }
    }
    if (RandomLedger::below(4) == 0) {
      kept.reset();
      kept = open(shop, RandomLedger::below(2) == 0 ? 1e9 : 0);
    } else {
      RC_ASSERT(kept->follow().has_value());
    }
    for (const NotKept why : kept->account().derived_because) {
      // The same message again with other content, or before the first month: rare.
      RC_ASSERT(why == NotKept::kMissing || why == NotKept::kOffScale || why == NotKept::kRestatedEvents);
    }
    expect_as_derived(*kept, shop.snapshot());
    if (RandomLedger::below(3) == 0) {
      RC_ASSERT(kept->write().has_value());
      expect_as_derived(*kept, shop.snapshot());
    }
  }
  RC_CLASSIFY(kept->account().tails > 0, "a tail alone was read");
}

// Merges in chains, parted in any order; imports taken back in any order, with what others said again.
RC_GTEST_PROP(TailReplay, MergesAndWhatWasTakenBackGiveWhatDerivingEverythingAnewGives, ()) {
  RandomLedger shop;
  choose_currency(shop);
  const auto said = [&shop] {
    switch (RandomLedger::below(4)) {
      case 0:
      case 1:
        return shop.orders();
      case 2:
        return shop.events();
      default:
        return shop.customers();
    }
  };
  for (std::int64_t n = 2 + RandomLedger::below(5); n > 0; --n) said();
  if (RandomLedger::below(4) == 0) shop.subscriptions_and_costs();
  for (std::int64_t n = RandomLedger::below(3); n > 0; --n) shop.merge();
  auto kept = open(shop, RandomLedger::below(2) == 0 ? 1e9 : 0);
  std::uint64_t anew = 0, tails = 0;
  for (int round = 0; round < 4; ++round) {
    for (std::int64_t n = 1 + RandomLedger::below(3); n > 0; --n) {
      // What is received when decides which statement ranks higher, and a clock may be set.
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
          said();
          break;
      }
    }
    if (RandomLedger::below(3) == 0) {
      tails += kept->account().tails;
      kept.reset();
      kept = open(shop, RandomLedger::below(2) == 0 ? 1e9 : 0);
    } else {
      RC_ASSERT(kept->follow().has_value());
    }
    for (const NotKept why : kept->account().derived_because) {
      anew += why != NotKept::kMissing;
      RC_ASSERT(why == NotKept::kMissing || why == NotKept::kOffScale || why == NotKept::kRestatedEvents ||
                why == NotKept::kSubscriptions || why == NotKept::kOtherRates);
    }
    expect_as_derived(*kept, shop.snapshot());
    if (RandomLedger::below(3) == 0) {
      RC_ASSERT(kept->write().has_value());
      expect_as_derived(*kept, shop.snapshot());
    }
  }
  tails += kept->account().tails;
  RC_CLASSIFY(tails > 0, "a tail alone was read");
  RC_CLASSIFY(anew > 0, "all was derived anew at least once");
}

RC_GTEST_PROP(TailReplay, WhateverHappensToTheLedgerWhatIsGivenIsTrue, ()) {
  RandomLedger shop;
  if (RandomLedger::below(4) > 0) choose_currency(shop);
  auto kept = open(shop);
  for (int round = 0; round < 3; ++round) {
    for (std::int64_t n = 1 + RandomLedger::below(2); n > 0; --n) shop.anything();
    if (RandomLedger::below(3) == 0) {
      kept.reset();
      kept = open(shop);
    } else {
      RC_ASSERT(kept->follow().has_value());
    }
    expect_as_derived(*kept, shop.snapshot());
  }
}

// ---- One by one: what came, and why it could or could not be told customer by customer.

class TailReplayTest : public ::testing::Test {
 protected:
  TailReplayTest() {
    choose_currency(shop_);
    import({order("1", "a", 1, 100), order("2", "b", 2, 200), order("3", "c", 3, 300)});
    kept_ = open(shop_);
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
  ledger::ImportId import(const std::vector<OrderAssertion>& orders, std::vector<ledger::RefundRecord> refunds = {}) {
    return shop_.import(ImportKind::kOrders, [&](ledger::ImportWriter& writer) {
      for (const auto& o : orders) ASSERT_TRUE(writer.add(o));
      for (const auto& r : refunds) ASSERT_TRUE(writer.add(r));
    });
  }
  // Follows, expects the truth, and gives what was read.
  Replayed follow() {
    const Replayed before = kept_->account().replayed;
    EXPECT_TRUE(kept_->follow());
    EXPECT_EQ(kept_->account().derived_because, Because{NotKept::kMissing}) << "the tail alone";
    expect_as_derived(*kept_, shop_.snapshot());
    const Replayed after = kept_->account().replayed;
    return {after.rows - before.rows, after.customers - before.customers, after.statements - before.statements};
  }
  // Why all was derived anew.
  NotKept why() {
    EXPECT_TRUE(kept_->follow());
    expect_as_derived(*kept_, shop_.snapshot());
    const Because because = kept_->account().derived_because;
    EXPECT_EQ(because.size(), 2U);
    return because.back();
  }
  using Because = std::vector<NotKept>;

  RandomLedger shop_;
  std::unique_ptr<KeptTimeline> kept_;
};

TEST_F(TailReplayTest, ReadsWhatSpeaksOfWhoeverIsTouchedAndNobodyElse) {
  import({order("4", "a", 9, 50)});
  const Replayed one = follow();
  EXPECT_EQ(one.rows, 1U);
  EXPECT_EQ(one.customers, 1U);
  EXPECT_EQ(one.statements, 2U);
  import({order("5", "new", 10, 70)});
  EXPECT_EQ(follow().statements, 1U);
}

TEST_F(TailReplayTest, AnOrderThatChangesHandsIsTakenFromTheOneAndGivenToTheOther) {
  import({order("2", "c", 2, 250)});
  const Replayed read = follow();
  EXPECT_EQ(read.customers, 2U);
  EXPECT_EQ(read.statements, 3U) << "both statements of order 2, and order 3";
  import({order("2", "b", 2, 260)});
  EXPECT_EQ(follow().customers, 2U) << "whoever it is said to be is known from before";
}

TEST_F(TailReplayTest, AnOrderWithoutANameIsKnownByItsNumber) {
  auto nameless = order("3", "", 3, 310);
  nameless.status = "refunded";
  import({nameless});
  EXPECT_EQ(follow().customers, 1U);
}

TEST_F(TailReplayTest, AnOrderOfNobodyIsFoundWhenSomebodyComesForIt) {
  import({order("4", "", 4, 400)});
  follow();
  auto whose = order("4", "a", 4, 400);
  whose.placed.reset();
  whose.gross_minor.reset();
  import({whose});
  const Replayed read = follow();
  EXPECT_EQ(read.customers, 1U);
  EXPECT_EQ(read.statements, 3U) << "both statements of order 4, and order 1";
}

TEST_F(TailReplayTest, AnAliasThatComesLaterJoinsAndParts) {
  auto named = order("4", "b", 5, 10);
  named.alias = "1";  // the order of a: as long as nobody gives that another alias
  import({named});
  follow();
  auto other = order("1", "a", 1, 100);
  other.alias = "9";
  other.updated_at = calendar::Instant{1'710'000'000'000};
  import({other});
  follow();
}

TEST_F(TailReplayTest, RefundsWithoutAnOrderFindTheCustomersOwn) {
  const calendar::Moment late{{civil(2024, 2, 1).number * calendar::kMsPerDay}, false};
  const auto eur = [](std::int64_t minor) { return money::Money{minor, money::Currency::parse("EUR").value()}; };
  const ledger::IdentityRef b{IdentitySpace::kCustomerId, "b"};
  import({}, {{b, late, eur(150)}, {b, late, eur(40)}});
  EXPECT_EQ(follow().customers, 1U);
  import({order("6", "b", 20, 500)});  // later than 2, before the refunds: they are its now
  follow();
  import({}, {{b, late, eur(30)}});
  EXPECT_EQ(follow().statements, 5U);
}

TEST_F(TailReplayTest, AStatementThatIsReceivedAgainRanksHigher) {
  // By receipt the first import's row is older than the second's, until it is said once more.
  auto first = order("7", "a", 4, 10), second = order("7", "a", 4, 20);
  first.updated_at = calendar::Instant{1'709'000'000'000};
  import({first});
  import({second});
  follow();
  const Replayed again = (import({second}), follow());
  EXPECT_EQ(again.rows, 0U);
  EXPECT_EQ(again.customers, 1U);
}

TEST_F(TailReplayTest, EventsBringTheirKindsAndWords) {
  shop_.import(ImportKind::kEvents, [](ledger::ImportWriter& writer) {
    for (const char* who : {"a", "somebody new"}) {
      ledger::EventRecord e;
      e.customer = {IdentitySpace::kCustomerId, who};
      e.kind = "Product Viewed";
      e.source = "mail";
      e.campaign = "spring";
      e.at = {{civil(2024, 1, 20).number * calendar::kMsPerDay}, false};
      ASSERT_TRUE(writer.add(e));
    }
  });
  const Replayed read = follow();
  EXPECT_EQ(read.customers, 2U);
  EXPECT_EQ(read.statements, 0U) << "their orders stay as they are";
}

TEST_F(TailReplayTest, TheSameFileAgainAndCostsSayNothing) {
  shop_.import(ImportKind::kCosts, [](ledger::ImportWriter& writer) {
    ledger::CostRecord c;
    c.from = civil(2024, 1, 1);
    c.to = civil(2024, 2, 1);
    c.amount = {100, money::Currency::parse("EUR").value()};
    ASSERT_TRUE(writer.add(c));
  });
  EXPECT_EQ(follow().customers, 0U);
}

// ---- Taken back

TEST_F(TailReplayTest, AnImportTakenBackTouchesThoseItSpokeOfAndNobodyElse) {
  const auto id = import({order("8", "a", 3, 1), order("9", "new", 4, 1)});
  follow();
  ASSERT_TRUE(kept_->customer({IdentitySpace::kCustomerId, "new"}).value().has_value());
  ASSERT_TRUE(shop_.ledger().undo_import(id));
  const Replayed read = follow();
  EXPECT_EQ(read.rows, 2U) << "those that were taken back";
  EXPECT_EQ(read.customers, 2U);
  EXPECT_EQ(kept_->customer({IdentitySpace::kCustomerId, "new"}).value(), std::nullopt) << "nothing is said of them";
  EXPECT_EQ(kept_->to_read({Role::kOrderBegin})->timeline->customers(), 3U);
  import({order("9", "new", 4, 1)});
  EXPECT_EQ(follow().customers, 1U) << "and comes back with the next word";
}

TEST_F(TailReplayTest, WhoIsNobodyStaysSoThroughTheFile) {
  const auto id = import({order("8", "a", 3, 1), order("9", "new", 4, 1), order("10", "newer", 4, 1)});
  follow();
  ASSERT_TRUE(kept_->write());
  ASSERT_TRUE(shop_.ledger().undo_import(id));
  follow();
  ASSERT_TRUE(kept_->write());
  expect_as_derived(*kept_, shop_.snapshot());
  kept_ = open(shop_);
  EXPECT_TRUE(kept_->account().derived_because.empty());
  EXPECT_EQ(kept_->account().tails, 0U) << "it is in the file";
  expect_as_derived(*kept_, shop_.snapshot());
  import({order("9", "newer", 4, 1)});
  ASSERT_TRUE(kept_->follow());
  expect_as_derived(*kept_, shop_.snapshot());
  ASSERT_TRUE(kept_->write());
  expect_as_derived(*kept_, shop_.snapshot());
}

// Numbers that nobody has any more are not given again, nor is a number left out.
TEST_F(TailReplayTest, WhoCameLastMayBeGoneBeforeTheFileIsWritten) {
  std::vector<OrderAssertion> orders;
  const std::string names[] = {"n0", "n1", "n2", "n3", "n4", "n5", "n6", "n7"};
  for (const std::string& name : names) orders.push_back(order(name, name, 4, 1));
  const auto id = import(orders);
  follow();
  ASSERT_TRUE(shop_.ledger().undo_import(id));
  follow();
  ASSERT_TRUE(kept_->write());
  kept_ = open(shop_);
  import({order("9", "newer", 4, 1), order("10", "n7", 4, 1)});
  ASSERT_TRUE(kept_->follow());
  EXPECT_TRUE(kept_->account().derived_because.empty());
  expect_as_derived(*kept_, shop_.snapshot());
  EXPECT_EQ(kept_->to_read({Role::kOrderBegin})->timeline->customers(), 5U);
}

TEST_F(TailReplayTest, WhatAnotherImportSaysAgainStandsUntilThatIsTakenBackToo) {
  const auto first = import({order("8", "a", 3, 1), order("9", "b", 3, 2)});
  const auto second = import({order("8", "a", 3, 1)});
  follow();
  ASSERT_TRUE(shop_.ledger().undo_import(first));
  follow();
  EXPECT_EQ(kept_->to_read({Role::kOrderBegin})->timeline->customers(), 3U);
  ASSERT_TRUE(shop_.ledger().undo_import(second));
  EXPECT_EQ(follow().customers, 1U) << "of the row that both said";
}

TEST_F(TailReplayTest, AnOrderComesBackToWhomItWas) {
  const auto id = import({order("2", "c", 2, 250)});
  follow();
  ASSERT_TRUE(shop_.ledger().undo_import(id));
  EXPECT_EQ(follow().customers, 2U);
}

TEST_F(TailReplayTest, OrdersThatAnAliasPartedComeTogetherWithoutIt) {
  auto named = order("4", "b", 5, 10);
  named.alias = "1";
  import({named});
  follow();
  auto other = order("1", "a", 1, 100);
  other.alias = "9";
  other.updated_at = calendar::Instant{1'710'000'000'000};
  const auto parting = import({other});
  follow();
  ASSERT_TRUE(shop_.ledger().undo_import(parting));
  follow();
}

TEST_F(TailReplayTest, TheFileOfAnImportTakenBackMayComeAgain) {
  const auto id = import({order("8", "a", 3, 1)});
  ASSERT_TRUE(shop_.ledger().undo_import(id));
  EXPECT_EQ(follow().customers, 0U) << "nobody here ever knew of it";
  import({order("8", "a", 3, 1)});
  EXPECT_EQ(follow().customers, 1U);
}

// The rows of an import stand as long as one of the imports of the very same file does.
TEST_F(TailReplayTest, OfTheSameFileTwiceTheLastThatIsTakenBackTakesTheRows) {
  const auto same = [this] {
    ledger::ImportMeta meta;
    meta.kind = ImportKind::kOrders;
    meta.file_name = meta.sha256 = "the same";
    auto writer = shop_.ledger().begin_import(meta);
    EXPECT_TRUE(writer.has_value());
    if (!writer->repeats()) {
      EXPECT_TRUE(writer->add(order("8", "new", 3, 1)));
    }
    return writer->commit()->id;
  };
  const auto first = same();
  follow();
  const auto second = same();
  EXPECT_EQ(follow().customers, 0U);
  ASSERT_TRUE(shop_.ledger().undo_import(first));
  EXPECT_EQ(follow().customers, 0U);
  ASSERT_TRUE(shop_.ledger().undo_import(second));
  EXPECT_EQ(follow().customers, 1U);
  // And where the first is gone before anybody read it, the second brings its rows.
  const auto third = same(), fourth = same();
  ASSERT_NE(third, fourth);
  ASSERT_TRUE(shop_.ledger().undo_import(third));
  EXPECT_EQ(follow().customers, 1U);
  EXPECT_EQ(kept_->to_read({Role::kOrderBegin})->timeline->customers(), 4U);
}

TEST_F(TailReplayTest, EventsTakenBackGoFromTheirHistories) {
  const auto id = shop_.import(ImportKind::kEvents, [](ledger::ImportWriter& writer) {
    for (const char* who : {"a", "somebody new"}) {
      ledger::EventRecord e;
      e.customer = {IdentitySpace::kCustomerId, who};
      e.kind = "Product Viewed";
      e.at = {{civil(2024, 1, 20).number * calendar::kMsPerDay}, false};
      ASSERT_TRUE(writer.add(e));
    }
  });
  follow();
  EXPECT_EQ(kept_->to_read({Role::kOrderBegin})->timeline->customers(), 4U);
  ASSERT_TRUE(shop_.ledger().undo_import(id));
  follow();
  EXPECT_EQ(kept_->to_read({Role::kOrderBegin})->timeline->customers(), 3U);
}

TEST_F(TailReplayTest, WhatCannotBeToldOfWhatWasTakenBackIsDerivedAnew) {
  const auto message = [this](std::string_view kind) {
    return shop_.import(ImportKind::kEvents, [kind](ledger::ImportWriter& writer) {
      ledger::EventRecord e;
      e.message_id = "m";
      e.customer = {IdentitySpace::kCustomerId, "a"};
      e.kind = kind;
      e.at = {{civil(2024, 1, 20).number * calendar::kMsPerDay}, false};
      ASSERT_TRUE(writer.add(e));
    });
  };
  message("Product Viewed");
  const auto second = message("Product Added");
  kept_ = open(shop_);
  ASSERT_TRUE(kept_->write());
  ASSERT_TRUE(shop_.ledger().undo_import(second));
  ASSERT_TRUE(kept_->follow());
  EXPECT_EQ(kept_->account().derived_because.back(), NotKept::kRestatedEvents);
  expect_as_derived(*kept_, shop_.snapshot());
}

// A clock that is set back: what is received later ranks lower, here as when all is derived anew.
TEST_F(TailReplayTest, AClockThatJumpsBackTakesNothingAway) {
  shop_.jump(-30LL * 86'400'000);
  const auto id = import({order("1", "b", 1, 111)});
  follow();
  ASSERT_TRUE(shop_.ledger().undo_import(id));
  shop_.jump(90LL * 86'400'000);
  follow();
  import({order("1", "c", 1, 112)});
  EXPECT_EQ(follow().customers, 2U);
}

// ---- Merged and parted

ledger::IdentityRef id_of(std::string_view value) { return {IdentitySpace::kCustomerId, value}; }

TEST_F(TailReplayTest, MergedCustomersBecomeOneAndPartedTwoAgain) {
  shop_.import(ImportKind::kEvents, [](ledger::ImportWriter& writer) {
    for (const char* who : {"a", "b", "a", "only events"}) {
      ledger::EventRecord e;
      e.customer = {IdentitySpace::kCustomerId, who};
      e.kind = "Product Viewed";
      e.at = {{civil(2024, 1, 20).number * calendar::kMsPerDay}, false};
      ASSERT_TRUE(writer.add(e));
    }
  });
  follow();
  ASSERT_TRUE(shop_.ledger().merge(id_of("a"), id_of("b")));
  EXPECT_EQ(follow().customers, 2U);
  EXPECT_EQ(kept_->customer(id_of("b")).value(), std::nullopt) << "the customer is known by the first of them";
  ASSERT_TRUE(shop_.ledger().merge(id_of("only events"), id_of("c")));
  EXPECT_EQ(follow().customers, 2U);
  import({order("4", "b", 9, 50)});
  EXPECT_EQ(follow().customers, 1U);
  ASSERT_TRUE(shop_.ledger().unmerge(id_of("b"), id_of("a")));
  follow();
  EXPECT_TRUE(kept_->customer(id_of("b")).value().has_value());
  ASSERT_TRUE(shop_.ledger().unmerge(id_of("c"), id_of("only events")));
  follow();
}

TEST_F(TailReplayTest, AChainOfMergesPartedOutOfOrder) {
  import({order("4", "d", 4, 400), order("5", "e", 5, 500)});
  follow();
  const char* const names[] = {"a", "b", "c", "d", "e"};
  for (int i = 0; i + 1 < 5; ++i) {
    ASSERT_TRUE(shop_.ledger().merge(id_of(names[i]), id_of(names[i + 1])));
    follow();
  }
  EXPECT_EQ(kept_->to_read({Role::kOrderBegin})->timeline->customers(), 1U);
  for (const int i : {1, 3, 0, 2}) {  // the middle first
    ASSERT_TRUE(shop_.ledger().unmerge(id_of(names[i]), id_of(names[i + 1])));
    follow();
    if (i == 3) {
      ASSERT_TRUE(kept_->write());
      kept_ = open(shop_);
      ASSERT_TRUE(kept_->account().derived_because.empty());
      expect_as_derived(*kept_, shop_.snapshot());
      ASSERT_TRUE(shop_.ledger().unmerge(id_of("a"), id_of("b")));
      ASSERT_TRUE(shop_.ledger().unmerge(id_of("c"), id_of("d")));
      ASSERT_TRUE(kept_->follow());
      expect_as_derived(*kept_, shop_.snapshot());
      break;
    }
  }
  EXPECT_EQ(kept_->to_read({Role::kOrderBegin})->timeline->customers(), 5U);
}

TEST_F(TailReplayTest, AMergeThatIsPartedBeforeAnybodyLooksIsNothing) {
  ASSERT_TRUE(shop_.ledger().merge(id_of("a"), id_of("b")));
  ASSERT_TRUE(shop_.ledger().unmerge(id_of("a"), id_of("b")));
  EXPECT_EQ(follow().customers, 0U);
}

TEST_F(TailReplayTest, WhoIsLeftWithASubscriptionAloneIsSomebody) {
  const auto known = import({order("8", "z", 3, 1)});
  shop_.import(ImportKind::kSubscriptions, [](ledger::ImportWriter& writer) {
    ledger::SubscriptionRecord s;
    s.id = "s";
    s.customer_space = IdentitySpace::kCustomerId;
    s.customer = "z";
    s.start = civil(2024, 1, 1);
    ASSERT_TRUE(writer.add(s));
  });
  kept_ = open(shop_);
  ASSERT_TRUE(kept_->write());
  ASSERT_TRUE(shop_.ledger().undo_import(known));
  ASSERT_TRUE(kept_->follow());
  EXPECT_EQ(kept_->account().tails, 1U);
  expect_as_derived(*kept_, shop_.snapshot());
  EXPECT_TRUE(kept_->customer(id_of("z")).value().has_value());
  ASSERT_TRUE(shop_.ledger().merge(id_of("a"), id_of("z")));
  ASSERT_TRUE(kept_->follow());
  expect_as_derived(*kept_, shop_.snapshot());
  ASSERT_TRUE(shop_.ledger().unmerge(id_of("a"), id_of("z")));
  ASSERT_TRUE(kept_->follow());
  EXPECT_EQ(kept_->account().tails, 3U);
  expect_as_derived(*kept_, shop_.snapshot());
}

// ---- Why all was derived anew

TEST_F(TailReplayTest, OtherSettingsAreDerivedAnew) {
  ledger::SettingsChange change;
  change.zone = "Europe/Amsterdam";
  ASSERT_TRUE(shop_.ledger().change(change));
  EXPECT_EQ(why(), NotKept::kOtherSettings);
}
TEST_F(TailReplayTest, OtherRatesAreDerivedAnew) {
  shop_.import(ImportKind::kRates, [](ledger::ImportWriter& writer) {
    ledger::RateRecord r;
    r.base = money::Currency::parse("EUR").value();
    r.rate = {civil(2024, 1, 1), money::Currency::parse("USD").value(), 12, 1};
    ASSERT_TRUE(writer.add(r));
  });
  EXPECT_EQ(why(), NotKept::kOtherRates);
}
TEST_F(TailReplayTest, WhatLiesBeforeTheFirstMonthIsDerivedAnew) {
  import({order("0", "a", -400, 1)});
  EXPECT_EQ(why(), NotKept::kOffScale);
}

TEST_F(TailReplayTest, SubscriptionsAreDerivedAnew) {
  shop_.import(ImportKind::kSubscriptions, [](ledger::ImportWriter& writer) {
    ledger::SubscriptionRecord s;
    s.id = "s";
    s.customer_space = IdentitySpace::kCustomerId;
    s.customer = "nobody else speaks of";
    s.start = civil(2024, 1, 1);
    ASSERT_TRUE(writer.add(s));
  });
  EXPECT_EQ(why(), NotKept::kSubscriptions);
}
TEST_F(TailReplayTest, EventsThatComeAgainWithOtherContentAreDerivedAnew) {
  const auto message = [this](std::string_view kind) {
    shop_.import(ImportKind::kEvents, [kind](ledger::ImportWriter& writer) {
      ledger::EventRecord e;
      e.message_id = "m";
      e.customer = {IdentitySpace::kCustomerId, "a"};
      e.kind = kind;
      e.at = {{civil(2024, 1, 20).number * calendar::kMsPerDay}, false};
      ASSERT_TRUE(writer.add(e));
    });
  };
  message("Product Viewed");
  follow();
  message("Product Added");
  EXPECT_EQ(why(), NotKept::kRestatedEvents);
}
TEST_F(TailReplayTest, SoLongATailIsDerivedAnew) {
  std::vector<std::string> ids(20'001);
  std::vector<OrderAssertion> orders;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    ids[i] = "long" + std::to_string(i);
    orders.push_back(order(ids[i], "a", 9, 1));
  }
  import(orders);
  EXPECT_EQ(why(), NotKept::kLong);
}
TEST(TailReplayOfAShop, ThatHasChosenNoCurrencyIsDerivedAnew) {
  RandomLedger shop;
  const auto kept = open(shop);
  shop.import(ImportKind::kCosts, [](ledger::ImportWriter& writer) {
    ledger::CostRecord c;
    c.from = civil(2024, 1, 1);
    c.to = civil(2024, 2, 1);
    ASSERT_TRUE(writer.add(c));
  });
  ASSERT_TRUE(kept->follow());
  EXPECT_EQ(kept->account().derived_because, (std::vector<NotKept>{NotKept::kMissing, NotKept::kNoCurrency}));
}

// The margin rate plays no part in the timeline.
TEST_F(TailReplayTest, ASettingThatNoColumnHangsOnIsFollowed) {
  ledger::SettingsChange change;
  change.margin_rate_millionth = std::optional<std::int32_t>(400'000);
  ASSERT_TRUE(shop_.ledger().change(change));
  EXPECT_EQ(follow().customers, 0U);
}

}  // namespace
}  // namespace behoud::timeline
