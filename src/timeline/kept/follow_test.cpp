#include "timeline/kept/follow.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <unistd.h>

#include "timeline/kept/footing_file.h"
#include "timeline/kept/histories_in_words_testing.h"
#include "timeline/kept/kept_histories.h"
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
  // The histories and their footing are written, and read again: what is loaded then is what was written.
  void through_the_file() {
    const std::string folder = shop_.beside();
    const FileMark mark{.generation = founded_.footing->at.generation,
                        .seq = founded_.footing->at.revision,
                        .settings = 1,
                        .epoch_ms = 0};
    const auto written = write_histories(folder, mark, founded_.rebuilt.histories, founded_.rebuilt.unused, kUnsynced,
                                         &*founded_.footing);
    RC_ASSERT(written.has_value());
    FileMark later = mark;
    later.seq += 1 + RandomLedger::below(3);
    auto read = read_histories_to_follow(folder, later);
    RC_ASSERT(std::holds_alternative<KeptHistories>(read));
    auto& kept = std::get<KeptHistories>(read);
    RC_ASSERT(kept.file != nullptr);
    auto footing = read_footing(kept.file, kept.rebuilt.histories);
    RC_ASSERT(footing.has_value());
    RC_ASSERT(footing->at == founded_.footing->at);
    RC_ASSERT(footing->numbers == founded_.footing->numbers);
    RC_ASSERT(in_words(kept.rebuilt, true) == in_words(founded_.rebuilt, true));
    const Trace was = std::move(founded_.footing->trace);
    founded_ = {std::move(kept.rebuilt), std::move(*footing)};
    expect_same_trace(was);
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
    if (RandomLedger::below(3) == 0) follower.through_the_file();
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
    if (RandomLedger::below(3) == 0) follower.through_the_file();
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

// Of B nothing is said any more, until A's events become B's: who B is then only the index knows.
TEST_F(FollowTest, WhoWasNobodyMayGetAnothersEvents) {
  const auto named = [](const char* who) { return ledger::IdentityRef{IdentitySpace::kCustomerId, who}; };
  shop_.import(ImportKind::kEvents, [&](ledger::ImportWriter& writer) {
    ledger::EventRecord e;
    e.customer = named("seen");
    e.kind = "Product Viewed";
    e.at = {{civil(2024, 1, 20).number * calendar::kMsPerDay}, false};
    ASSERT_TRUE(writer.add(e));
  });
  const auto id = import({order("8", "gone", 3, 1), order("9", "gone too", 3, 1)});
  follow();
  ASSERT_TRUE(shop_.ledger().undo_import(id));
  follow();
  EXPECT_EQ(follower_->histories().customers(), 4U);
  ASSERT_TRUE(shop_.ledger().merge(named("gone"), named("seen")));
  follow();
  ASSERT_TRUE(shop_.ledger().merge(named("seen"), named("gone too")));
  follow();
  ASSERT_TRUE(shop_.ledger().unmerge(named("gone"), named("seen")));
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

// ---- In the file

FileMark mark_of(const Footing& footing) {
  return {.generation = footing.at.generation, .seq = footing.at.revision, .settings = 1, .epoch_ms = 0};
}

TEST_F(FollowTest, HistoriesKeptWithoutAFootingAreOutOfDateWhenTheLedgerGoesOn) {
  const Founded founded = rebuild_to_follow(shop_.snapshot()).value();
  const FileMark mark = mark_of(*founded.footing);
  ASSERT_TRUE(write_histories(shop_.beside(), mark, founded.rebuilt.histories, founded.rebuilt.unused).has_value());
  const auto now = read_histories_to_follow(shop_.beside(), mark);
  ASSERT_TRUE(std::holds_alternative<KeptHistories>(now));
  EXPECT_EQ(std::get<KeptHistories>(now).file, nullptr);
  FileMark later = mark;
  ++later.seq;
  EXPECT_EQ(std::get<NotKept>(read_histories_to_follow(shop_.beside(), later)), NotKept::kOlder);
}

TEST_F(FollowTest, WhatIsKeptOfALaterStateOrAnotherProgramIsNotFollowedFrom) {
  const Founded founded = rebuild_to_follow(shop_.snapshot()).value();
  const FileMark mark = mark_of(*founded.footing);
  ASSERT_TRUE(write_histories(shop_.beside(), mark, founded.rebuilt.histories, founded.rebuilt.unused, system_calls(),
                              &*founded.footing)
                  .has_value());
  FileMark wanted = mark;
  --wanted.seq;
  EXPECT_EQ(std::get<NotKept>(read_histories_to_follow(shop_.beside(), wanted)), NotKept::kNewer);
  wanted.seq = mark.seq + 1;
  wanted.settings = 2;
  EXPECT_EQ(std::get<NotKept>(read_histories_to_follow(shop_.beside(), wanted)), NotKept::kOtherProgram);
  wanted = mark;
  wanted.generation[0] ^= 1;
  EXPECT_EQ(std::get<NotKept>(read_histories_to_follow(shop_.beside(), wanted)), NotKept::kOtherLedger);
}

// Whatever byte of the footing is damaged, nothing is followed from it.
TEST_F(FollowTest, ADamagedFootingIsNoticed) {
  namespace fs = std::filesystem;
  const Founded founded = rebuild_to_follow(shop_.snapshot()).value();
  const FileMark mark = mark_of(*founded.footing);
  const auto write = [&](const Footing* footing) {
    fs::remove_all(shop_.beside());
    EXPECT_TRUE(
        write_histories(shop_.beside(), mark, founded.rebuilt.histories, founded.rebuilt.unused, kUnsynced, footing)
            .has_value());
    std::string path;
    for (const auto& entry : fs::directory_iterator(shop_.beside())) {
      if (entry.path().extension() == ".seg") path = entry.path();
    }
    return path;
  };
  const std::string path = write(&*founded.footing);
  const auto size = static_cast<std::int64_t>(fs::file_size(path));
  int noticed = 0;
  for (std::int64_t at = 0; at < size; at += 7) {
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekg(at);
    const char was = static_cast<char>(file.get());
    file.seekp(at);
    file.put(static_cast<char>(was ^ 0x20));
    file.close();
    const auto read = read_histories_to_follow(shop_.beside(), mark);
    if (const auto* kept = std::get_if<KeptHistories>(&read)) {
      const auto footing = kept->file ? read_footing(kept->file, kept->rebuilt.histories)
                                      : Result<Footing>(fail(Errc::kCorrupt, "none"));
      if (footing) {  // a byte between the blocks, which holds nothing
        EXPECT_EQ(footing->at, founded.footing->at) << at;
        EXPECT_EQ(footing->numbers, founded.footing->numbers) << at;
        EXPECT_EQ(footing->trace.order_seq, founded.footing->trace.order_seq) << at;
      } else {
        EXPECT_EQ(footing.error().code, Errc::kCorrupt) << at;
        ++noticed;
      }
    } else {
      ++noticed;
    }
    std::fstream again(path, std::ios::binary | std::ios::in | std::ios::out);
    again.seekp(at);
    again.put(was);
  }
  EXPECT_GT(noticed, 20);
}

}  // namespace
}  // namespace behoud::timeline
