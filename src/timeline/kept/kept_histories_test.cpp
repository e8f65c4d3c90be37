#include "timeline/kept/kept_histories.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/testing/striking_calls.h"
#include "timeline/histories_builder.h"
#include "timeline/random_ledger.h"

namespace behoud::timeline {
namespace {

namespace fs = std::filesystem;
using calendar::civil;

Result<std::uint64_t> write(const std::string& folder, const FileMark& mark, const Rebuilt& rebuilt,
                            const FileCalls& calls = system_calls()) {
  return write_histories(folder, mark, rebuilt.histories, rebuilt.unused, calls);
}

// Field by field: a column that is added to Histories and not here would be lost without a word, so this counts bytes.
static_assert(sizeof(Histories) == 944,
              "a field was added to Histories: keep it (kept_histories.cpp), compare it here");

void expect_same(const Rebuilt& a, const Rebuilt& b) {
  const Histories& x = a.histories;
  const Histories& y = b.histories;
  EXPECT_EQ(x.zone.name(), y.zone.name());
  EXPECT_EQ(x.currency, y.currency);
  EXPECT_EQ(x.margin_rate_millionth, y.margin_rate_millionth);
  EXPECT_EQ(x.revision, y.revision);
  EXPECT_EQ(x.is_sample, y.is_sample);
  EXPECT_EQ(x.order_begin, y.order_begin);
  EXPECT_EQ(x.customer_space, y.customer_space);
  EXPECT_EQ(x.customer_key, y.customer_key);
  EXPECT_EQ(x.customer_label, y.customer_label);
  EXPECT_EQ(x.known_since, y.known_since);
  EXPECT_EQ(x.orders_before, y.orders_before);
  EXPECT_EQ(x.order_at, y.order_at);
  EXPECT_EQ(x.order_day, y.order_day);
  EXPECT_EQ(x.date_only, y.date_only);
  EXPECT_EQ(x.gross_minor, y.gross_minor);
  EXPECT_EQ(x.tax_minor, y.tax_minor);
  EXPECT_EQ(x.shipping_minor, y.shipping_minor);
  EXPECT_EQ(x.discount_minor, y.discount_minor);
  EXPECT_EQ(x.units_milli, y.units_milli);
  EXPECT_EQ(x.item_cost_minor, y.item_cost_minor);
  EXPECT_EQ(x.costed_gross_minor, y.costed_gross_minor);
  EXPECT_EQ(x.converted, y.converted);
  EXPECT_EQ(x.item, y.item);
  EXPECT_EQ(x.coupon, y.coupon);
  EXPECT_EQ(x.source, y.source);
  EXPECT_EQ(x.country, y.country);
  EXPECT_EQ(x.order_id, y.order_id);
  EXPECT_EQ(x.order_seq, y.order_seq);
  EXPECT_EQ(x.steps, y.steps);
  EXPECT_EQ(x.items.by_code, y.items.by_code);
  EXPECT_EQ(x.coupons.by_code, y.coupons.by_code);
  EXPECT_EQ(x.sources.by_code, y.sources.by_code);
  EXPECT_EQ(x.countries.by_code, y.countries.by_code);
  EXPECT_EQ(x.kinds.by_code, y.kinds.by_code);
  ASSERT_EQ(x.subscriptions.size(), y.subscriptions.size());
  for (std::size_t i = 0; i < x.subscriptions.size(); ++i) {
    const Subscription &s = x.subscriptions[i], &t = y.subscriptions[i];
    EXPECT_EQ(std::tie(s.customer, s.id, s.plan, s.reason, s.start, s.trial_end, s.pauses, s.end, s.amount_minor,
                       s.interval_months, s.interval_days),
              std::tie(t.customer, t.id, t.plan, t.reason, t.start, t.trial_end, t.pauses, t.end, t.amount_minor,
                       t.interval_months, t.interval_days));
  }
  EXPECT_EQ(x.relation_joined, y.relation_joined);
  EXPECT_EQ(x.relation_left, y.relation_left);
  EXPECT_EQ(x.events, y.events);
  ASSERT_EQ(x.costs.size(), y.costs.size());
  for (std::size_t i = 0; i < x.costs.size(); ++i) {
    const CostEntry &s = x.costs[i], &t = y.costs[i];
    EXPECT_EQ(std::tie(s.from, s.to, s.minor, s.kind, s.purpose, s.campaign, s.note),
              std::tie(t.from, t.to, t.minor, t.kind, t.purpose, t.campaign, t.note));
  }
  ASSERT_EQ(x.left_out.size(), y.left_out.size());
  for (std::size_t i = 0; i < x.left_out.size(); ++i) {
    const LeftOut &s = x.left_out[i], &t = y.left_out[i];
    EXPECT_EQ(std::tie(s.reason, s.detail, s.orders, s.gross_minor),
              std::tie(t.reason, t.detail, t.orders, t.gross_minor));
  }
  ASSERT_EQ(x.unconverted.size(), y.unconverted.size());
  for (std::size_t i = 0; i < x.unconverted.size(); ++i) {
    const Unconverted &s = x.unconverted[i], &t = y.unconverted[i];
    EXPECT_EQ(std::tie(s.currency, s.orders, s.gross_minor), std::tie(t.currency, t.orders, t.gross_minor));
  }
  EXPECT_EQ(x.unmatched_refunds_minor, y.unmatched_refunds_minor);
  EXPECT_EQ(x.first_order_day, y.first_order_day);
  EXPECT_EQ(x.last_order_day, y.last_order_day);
  EXPECT_EQ(x.unmatched_refunds, y.unmatched_refunds);
  EXPECT_EQ(a.unused, b.unused);
}

RC_GTEST_PROP(KeptHistories, AreWhatWasRebuiltFieldByField, ()) {
  RandomLedger shop;
  for (int round = 0; round < 2; ++round) {
    for (std::int64_t n = RandomLedger::below(6); n > 0; --n) shop.anything();
    const ledger::Snapshot snapshot = shop.snapshot();
    const auto rebuilt = rebuild(snapshot);
    RC_ASSERT(rebuilt.has_value());
    const FileMark mark = mark_of(snapshot, 1);
    RC_ASSERT(write(shop.beside(), mark, *rebuilt).has_value());
    const auto read = read_histories(shop.beside(), mark);
    RC_ASSERT(std::holds_alternative<Rebuilt>(read));
    expect_same(std::get<Rebuilt>(read), *rebuilt);
    RC_ASSERT(!::testing::Test::HasFailure());
  }
}

// A few customers and orders that have all there is, with amounts and moments at the edges.
Rebuilt edges() {
  BuildSettings settings;
  settings.zone = calendar::Zone::create("Australia/Lord_Howe").value();
  HistoriesBuilder builder(std::move(settings));
  std::uint64_t seq = 0;
  std::int64_t ms = 0;
  for (const std::int64_t amount : {std::int64_t{0}, std::int64_t{1} << 40, std::int64_t{255}, std::int64_t{65'536}}) {
    for (const char* customer : {"a", "a customer whose number is rather long", "c"}) {
      const std::string id = std::to_string(++seq);
      ledger::OrderAssertion o;
      o.order_id = id;
      o.customer = {ledger::IdentitySpace::kEmail, customer};
      o.name = "Somebody";
      o.placed = calendar::Moment{{civil(1999, 12, 31).number * calendar::kMsPerDay + ++ms}, false};
      o.gross_minor = amount;
      o.tax_minor = amount / 5;
      o.coupon = id;
      EXPECT_TRUE(builder.add(o, {1}, seq));
    }
  }
  builder.describe(1, "label", civil(1998, 1, 1), 3);
  return {std::move(builder).finish().value(), {{"cost", money::Currency::parse("USD").value(), 2}}};
}
constexpr FileMark kMark{.generation = {1, 2, 3}, .seq = 7, .settings = 9};

NotKept why(const std::variant<Rebuilt, NotKept>& read) {
  EXPECT_TRUE(std::holds_alternative<NotKept>(read));
  return std::holds_alternative<NotKept>(read) ? std::get<NotKept>(read) : NotKept::kMissing;
}
void expect_kept(const std::string& folder, const FileMark& mark, const Rebuilt& expected) {
  const auto read = read_histories(folder, mark);
  ASSERT_TRUE(std::holds_alternative<Rebuilt>(read));
  expect_same(std::get<Rebuilt>(read), expected);
}

TEST(KeptHistoriesTest, KeepEveryWidthAndTheMilliseconds) {
  const TemporaryFolder folder;
  const Rebuilt rebuilt = edges();
  ASSERT_TRUE(write(folder.path(), kMark, rebuilt));
  expect_kept(folder.path(), kMark, rebuilt);
}

TEST(KeptHistoriesTest, OfNobodyAreKept) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write(folder.path(), kMark, {}));
  expect_kept(folder.path(), kMark, {});
}

TEST(KeptHistoriesTest, AreNotTakenForThoseOfAnotherState) {
  const TemporaryFolder folder;
  EXPECT_EQ(why(read_histories(folder.path(), kMark)), NotKept::kMissing);
  EXPECT_EQ(why(read_histories(folder / "nowhere", kMark)), NotKept::kMissing);
  ASSERT_TRUE(write(folder.path(), kMark, edges()));
  FileMark mark = kMark;
  ++mark.seq;
  EXPECT_EQ(why(read_histories(folder.path(), mark)), NotKept::kOlder);
  mark.seq = kMark.seq - 1;
  EXPECT_EQ(why(read_histories(folder.path(), mark)), NotKept::kNewer);
  mark = kMark;
  mark.generation[0] = 0;
  EXPECT_EQ(why(read_histories(folder.path(), mark)), NotKept::kOtherLedger);
  mark = kMark;
  mark.settings = 1;
  EXPECT_EQ(why(read_histories(folder.path(), mark)), NotKept::kOtherProgram);
}

// A ledger that was put back to an earlier day gets a new generation; one that is merely copied too.
TEST(KeptHistoriesTest, OfALedgerThatWasRestoredAreAnothers) {
  RandomLedger shop;
  const ledger::Snapshot snapshot = shop.snapshot();
  const FileMark mark = mark_of(snapshot, 1);
  ASSERT_TRUE(write(shop.beside(), mark, rebuild(snapshot).value()));
  const std::string backup = shop.beside() + "-backup";
  ASSERT_TRUE(shop.ledger().backup(backup));
  const std::string again = shop.beside() + "-again";
  ledger::Environment environment = shop.ledger().folder().environment();
  environment.entropy = [n = std::uint64_t{99}]() mutable { return n = n * 6'364'136'223'846'793'005ULL + 1; };
  ASSERT_TRUE(ledger::restore(backup, again, environment));
  auto folder = ledger::DataFolder::open(again, ledger::Access::kWrite, environment);
  ASSERT_TRUE(folder.has_value());
  const auto restored = ledger::Ledger::open(std::move(*folder)).value();
  EXPECT_EQ(why(read_histories(shop.beside(), mark_of(restored.snapshot().value(), 1))), NotKept::kOtherLedger);
}

TEST(KeptHistoriesTest, AnyByteTurnedOrCutOffIsNoticed) {
  const TemporaryFolder folder;
  const Rebuilt rebuilt = edges();
  ASSERT_TRUE(write(folder.path(), kMark, rebuilt));
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(folder.path())) files.push_back(entry.path());
  ASSERT_EQ(files.size(), 2U);
  for (const std::string& file : files) {
    const std::string whole = read_file(file, 1 << 20).value();
    for (std::size_t at = 0; at < whole.size(); ++at) {
      std::string bytes = whole;
      bytes[at] = static_cast<char>(bytes[at] ^ 1);
      std::ofstream(file, std::ios::binary) << bytes;
      const NotKept found = why(read_histories(folder.path(), kMark));
      ASSERT_TRUE(found == NotKept::kDamaged || found == NotKept::kOtherFormat) << file << " at " << at;
      if (at % 16 != 0) continue;
      std::ofstream(file, std::ios::binary) << whole.substr(0, at);
      ASSERT_EQ(why(read_histories(folder.path(), kMark)), NotKept::kDamaged) << file << " cut at " << at;
    }
    std::ofstream(file, std::ios::binary) << whole;
    expect_kept(folder.path(), kMark, rebuilt);
  }
}

// ---- The system says no, and kill -9

TEST(KeptHistoriesTest, WhereverItIsKilledOrTheDiskIsFullTheOldOnesOrTheNewOnesAreThere) {
  const Rebuilt old = edges();
  Rebuilt fresh = edges();
  fresh.histories.gross_minor[0] = 77;
  FileMark next = kMark;
  ++next.seq;
  for (const bool killing : {false, true}) {
    bool done = false;
    int struck = 0;
    for (int at = 1; !done; ++at) {
      ASSERT_LT(at, 100);
      const TemporaryFolder folder;
      ASSERT_TRUE(write(folder.path(), kMark, old));
      strike.then = killing ? Struck::kDies : Struck::kNoSpace;
      if (killing) {
        const pid_t child = ::fork();
        if (child == 0) {
          strike.calls_left = at;
          ::_exit(write(folder.path(), next, fresh, kStriking) ? 0 : 1);
        }
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        done = WIFEXITED(status);
      } else {
        strike.calls_left = at;
        done = write(folder.path(), next, fresh, kStriking).has_value();
      }
      struck += !done;
      const auto read = read_histories(folder.path(), next);
      if (std::holds_alternative<Rebuilt>(read)) {
        expect_same(std::get<Rebuilt>(read), fresh);
      } else {
        EXPECT_FALSE(done);
        EXPECT_EQ(why(read), NotKept::kOlder);
        expect_kept(folder.path(), kMark, old);
      }
      ASSERT_TRUE(write(folder.path(), next, fresh));
      expect_kept(folder.path(), next, fresh);
    }
    EXPECT_GT(struck, 3);
  }
}

}  // namespace
}  // namespace behoud::timeline
