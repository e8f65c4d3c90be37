// The records beside orders: that they come back whole, once, and go with their import.

#include "ledger/records.h"

#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "ledger/internal/faulty_disk.h"
#include "ledger/internal/owned.h"
#include "ledger/internal/testing.h"
#include "ledger/ledger.h"

namespace behoud::ledger {
namespace {

using namespace testing;
using calendar::Day;
using calendar::Instant;
using calendar::Moment;

Ledger make(const std::string& path) {
  FaultyDisk::lift();
  auto folder = DataFolder::create(path, false, environment(1, FaultyDisk::vfs()));
  auto ledger = Ledger::open(std::move(*folder));
  EXPECT_TRUE(ledger.has_value());
  return std::move(*ledger);
}

template <class Record>
ImportRow import(Ledger& ledger, ImportKind kind, const std::string& name, const std::vector<Record>& records) {
  ImportMeta meta;
  meta.kind = kind;
  meta.file_name = meta.sha256 = name;
  auto writer = ledger.begin_import(meta);
  EXPECT_TRUE(writer.has_value()) << (writer ? "" : writer.error().message);
  for (const Record& r : records) {
    const auto added = writer->add(r);
    EXPECT_TRUE(added.has_value()) << (added ? "" : added.error().message);
  }
  auto row = writer->commit();
  EXPECT_TRUE(row.has_value()) << (row ? "" : row.error().message);
  return row.value_or(ImportRow{});
}

std::vector<CustomerRecord> customers(const Ledger& ledger, Keeper& keeper) {
  std::vector<CustomerRecord> all;
  const auto snapshot = ledger.snapshot();
  EXPECT_TRUE(snapshot
                  ->customers([&](const CustomerRecord& c, IdentityRef, Seq) -> Result<void> {
                    all.push_back(keeper.keep(c));
                    return {};
                  })
                  .has_value());
  return all;
}
std::vector<EventRecord> events(const Ledger& ledger, Keeper& keeper) {
  std::vector<EventRecord> all;
  const auto snapshot = ledger.snapshot();
  EXPECT_TRUE(snapshot
                  ->events([&](const EventRecord& e, IdentityRef, Seq) -> Result<void> {
                    all.push_back(keeper.keep(e));
                    return {};
                  })
                  .has_value());
  return all;
}
std::vector<RefundRecord> refunds(const Ledger& ledger, Keeper& keeper) {
  std::vector<RefundRecord> all;
  const auto snapshot = ledger.snapshot();
  EXPECT_TRUE(snapshot
                  ->refunds([&](const RefundRecord& r, Seq) -> Result<void> {
                    all.push_back(keeper.keep(r));
                    return {};
                  })
                  .has_value());
  return all;
}

CustomerRecord customer(IdentityRef id, std::string_view email = "") {
  CustomerRecord c;
  c.id = id;
  c.email = email;
  return c;
}
EventRecord event(std::string_view message_id, IdentityRef who, std::string_view kind, Moment at) {
  EventRecord e;
  e.message_id = message_id;
  e.customer = who;
  e.kind = kind;
  e.at = at;
  return e;
}
CostRecord cost(std::int64_t minor, std::string note = "") {
  return {Day{19'000}, Day{19'031}, {minor, currency("EUR")}, "marketing", "retention", "spring", std::move(note), 4};
}

TEST(Records, CustomersComeBackWithEveryField) {
  const TemporaryFolder t;
  Keeper keeper;
  auto ledger = make(t / "data");
  CustomerRecord full{{IdentitySpace::kCustomerId, "17"},
                      "a@x.example",
                      "+31201234567",
                      "Customer 17",
                      "NL",
                      "google",
                      "nl",
                      Moment{Instant{1000}, true},
                      12,
                      true,
                      Moment{Instant{2000}, false},
                      false,
                      Moment{Instant{3000}, true},
                      5};
  CustomerRecord by_mail = customer({IdentitySpace::kEmail, "b@x.example"}, "b@x.example");
  CustomerRecord bare = customer({IdentitySpace::kPhone, "+32"});
  bare.unsubscribed = true;
  import(ledger, ImportKind::kCustomers, "a", std::vector{full, by_mail, bare});
  EXPECT_EQ(customers(ledger, keeper), (std::vector{full, by_mail, bare}));

  CustomerRecord changed = full;
  changed.unsubscribed = true;
  const auto row = import(ledger, ImportKind::kCustomers, "b", std::vector{changed, by_mail});
  EXPECT_EQ(row.changed, 1u);
  EXPECT_EQ(row.repeated, 1u);
  EXPECT_EQ(customers(ledger, keeper).size(), 4u) << "each statement is kept; the newest fields win";
  ASSERT_TRUE(ledger.undo_import(1).has_value());
  EXPECT_EQ(customers(ledger, keeper), (std::vector{by_mail, changed}));

  ImportMeta meta;
  meta.kind = ImportKind::kCustomers;
  auto writer = ledger.begin_import(meta);
  EXPECT_EQ(writer->add(CustomerRecord{}).error().code, Errc::kInvalidArgument);
  EXPECT_EQ(writer->add(customer({IdentitySpace::kEmail, ""})).error().code, Errc::kInvalidArgument);
}

TEST(Records, TwoEqualCostsOfOneFileAreTwoAndOfTwoFilesOne) {
  const TemporaryFolder t;
  auto ledger = make(t / "data");
  import(ledger, ImportKind::kCosts, "a", std::vector{cost(100), cost(100), cost(200, "note")});
  EXPECT_EQ(ledger.snapshot()->costs().value(), (std::vector{cost(100), cost(100), cost(200, "note")}));
  const auto row = import(ledger, ImportKind::kCosts, "b", std::vector{cost(100), cost(100), cost(100), cost(300)});
  EXPECT_EQ(row.repeated, 2u);
  EXPECT_EQ(row.added, 2u);
  EXPECT_EQ(ledger.snapshot()->costs()->size(), 5u);
  ASSERT_TRUE(ledger.undo_import(1).has_value());
  EXPECT_EQ(ledger.snapshot()->costs().value(), (std::vector{cost(100), cost(100), cost(100), cost(300)}));
  EXPECT_EQ(ledger.snapshot()->count(ImportKind::kCosts).value(), 4u);
}

TEST(Records, OfItemsAndRatesTheNewestHoldsUntilItIsTakenBack) {
  const TemporaryFolder t;
  auto ledger = make(t / "data");
  const ItemRecord mug{"mug", "A mug", "kitchen", money::Money{400, currency("EUR")}, 2};
  const ItemRecord pen{"pen", "", "", std::nullopt, 3};
  ItemRecord dearer = mug;
  dearer.cost->minor = 450;
  import(ledger, ImportKind::kItems, "a", std::vector{mug, pen});
  const auto second = import(ledger, ImportKind::kItems, "b", std::vector{dearer});
  EXPECT_EQ(ledger.snapshot()->items().value(), (std::vector{pen, dearer}));
  ASSERT_TRUE(ledger.undo_import(second.id).has_value());
  EXPECT_EQ(ledger.snapshot()->items().value(), (std::vector{mug, pen}));

  const auto rate = [](std::string_view code, int day, std::int64_t mantissa) {
    return RateRecord{currency("EUR"), {Day{day}, currency(code), mantissa, 4}, 1};
  };
  import(ledger, ImportKind::kRates, "c", std::vector{rate("USD", 19'000, 10'871), rate("SEK", 19'000, 112'000)});
  const auto fourth = import(ledger, ImportKind::kRates, "d", std::vector{rate("USD", 19'000, 10'900)});
  EXPECT_EQ(fourth.changed, 1u);
  EXPECT_EQ(ledger.snapshot()->rates().value(),
            (std::vector{rate("SEK", 19'000, 112'000), rate("USD", 19'000, 10'900)}));
  ASSERT_TRUE(ledger.undo_import(fourth.id).has_value());
  EXPECT_EQ(ledger.snapshot()->rates().value(),
            (std::vector{rate("USD", 19'000, 10'871), rate("SEK", 19'000, 112'000)}));
}

TEST(Records, SubscriptionsComeBackWithTheirPauses) {
  const TemporaryFolder t;
  auto ledger = make(t / "data");
  SubscriptionRecord s;
  s.id = "S1";
  s.customer_space = IdentitySpace::kCustomerId;
  s.customer = "c1";
  s.plan = "coffee a month";
  s.reason = "moved";
  s.start = Day{19'000};
  s.trial_end = Day{19'014};
  s.end = Day{19'400};
  s.pauses = {{Day{19'100}, Day{19'130}}, {Day{19'200}, std::nullopt}};
  s.amount = money::Money{1250, currency("EUR")};
  s.interval_months = 1;
  s.line = 9;
  SubscriptionRecord bare;
  bare.id = "S2";
  bare.interval_days = 28;
  import(ledger, ImportKind::kSubscriptions, "a", std::vector{s, bare});
  EXPECT_EQ(ledger.snapshot()->subscriptions().value(), (std::vector{s, bare}));
  SubscriptionRecord early = s;
  early.pauses.emplace_back(Day{100}, std::nullopt);
  ImportMeta meta;
  meta.kind = ImportKind::kSubscriptions;
  auto writer = ledger.begin_import(meta);
  EXPECT_EQ(writer->add(early).error().code, Errc::kOutOfRange);
  early.id = "";
  EXPECT_EQ(writer->add(early).error().code, Errc::kInvalidArgument);
}

TEST(Records, AnEventIsOneByItsMessageIdElseByItsContent) {
  const TemporaryFolder t;
  Keeper keeper;
  auto ledger = make(t / "data");
  EventRecord viewed = event("m1", {IdentitySpace::kAnonymousId, "x"}, "Product Viewed", {Instant{5}, false});
  viewed.properties = R"({"sku":"mug"})";
  viewed.source = "web";
  viewed.campaign = "spring";
  viewed.amount_minor = 12;
  viewed.currency = currency("EUR");
  viewed.line = 3;
  EventRecord nameless = event("", {IdentitySpace::kCustomerId, "c"}, "Signed Up", {Instant{6}, true});
  import(ledger, ImportKind::kEvents, "a", std::vector{viewed, nameless, nameless});
  EXPECT_EQ(events(ledger, keeper), (std::vector{viewed, nameless, nameless}));

  EventRecord corrected = viewed;
  corrected.properties = R"({"sku":"pen"})";
  const auto row = import(ledger, ImportKind::kEvents, "b", std::vector{viewed, nameless, corrected});
  EXPECT_EQ(row.repeated, 2u);
  EXPECT_EQ(row.changed, 1u);
  EXPECT_EQ(events(ledger, keeper), (std::vector{nameless, nameless, corrected}));
  ASSERT_TRUE(ledger.undo_import(row.id).has_value());
  EXPECT_EQ(events(ledger, keeper), (std::vector{viewed, nameless, nameless}));
}

TEST(Records, AMergeReachesEveryKind) {
  const TemporaryFolder t;
  auto ledger = make(t / "data");
  const IdentityRef a{IdentitySpace::kCustomerId, "a"}, b{IdentitySpace::kEmail, "b@x.example"};
  import(ledger, ImportKind::kCustomers, "1", std::vector{customer(a), customer(b)});
  import(ledger, ImportKind::kEvents, "2", std::vector{event("m", b, "Signed Up", {Instant{5}, false})});
  SubscriptionRecord s;
  s.id = "S1";
  s.customer_space = b.space;
  s.customer = b.value;
  import(ledger, ImportKind::kSubscriptions, "3", std::vector{s});
  import(ledger, ImportKind::kOrders, "4", std::vector{RefundRecord{b, {Instant{7}, false}, {5, currency("EUR")}, 0}});
  ASSERT_TRUE(ledger.merge(a, b).has_value());
  const auto snapshot = ledger.snapshot();
  int seen = 0;
  const auto is_a = [&](const IdentityRef& i) -> Result<void> {
    EXPECT_EQ(i, a);
    ++seen;
    return {};
  };
  EXPECT_TRUE(snapshot->customers([&](const CustomerRecord&, IdentityRef i, Seq) { return is_a(i); }).has_value());
  EXPECT_TRUE(snapshot
                  ->events([&](const EventRecord& e, IdentityRef i, Seq) {
                    EXPECT_EQ(e.customer, b) << "what it came with stays";
                    return is_a(i);
                  })
                  .has_value());
  EXPECT_TRUE(snapshot->refunds([&](const RefundRecord& r, Seq) { return is_a(r.customer); }).has_value());
  EXPECT_EQ(snapshot->subscriptions()->front().customer, "a");
  EXPECT_EQ(seen, 4);
}

// ---- Against a model: a multiset of what each import that stands says.

RC_GTEST_PROP(Records, AfterAnyImportsAndUndosWhatStandsIsWhatTheRestSays, ()) {
  const TemporaryFolder t;
  Keeper keeper;
  auto ledger = make(t / "data");
  struct Made {
    std::vector<CostRecord> costs;
    std::vector<ItemRecord> items;
    std::vector<EventRecord> events;
    std::vector<RefundRecord> refunds;
    bool undone = false;
  };
  std::map<ImportId, Made> model;
  for (auto steps = 3 + below(10); steps > 0; --steps) {
    const std::string name = "file " + std::to_string(steps) + "/" + std::to_string(model.size());
    const auto rows = below(7);
    Made made;
    switch (below(6)) {
      case 0: {
        for (auto n = rows; n > 0; --n) made.costs.push_back(cost(below(3)));
        model[import(ledger, ImportKind::kCosts, name, made.costs).id] = made;
        break;
      }
      case 1: {
        for (auto n = rows; n > 0; --n) {
          made.items.push_back({word("i", 3), word("name", 3), "", std::nullopt, 0});
        }
        model[import(ledger, ImportKind::kItems, name, made.items).id] = made;
        break;
      }
      case 2: {
        for (auto n = rows; n > 0; --n) {
          EventRecord e = event(one_in(2) ? keeper.text(word("m", 3)) : std::string_view(),
                                {IdentitySpace::kCustomerId, keeper.text(word("c", 2))}, keeper.text(word("Kind ", 2)),
                                {Instant{below(2)}, false});
          if (one_in(2)) e.properties = keeper.text(word("{}", 2));
          made.events.push_back(e);
        }
        model[import(ledger, ImportKind::kEvents, name, made.events).id] = made;
        break;
      }
      case 3: {
        for (auto n = rows; n > 0; --n) {
          made.refunds.push_back({{IdentitySpace::kCustomerId, keeper.text(word("c", 2))},
                                  {Instant{below(2)}, false},
                                  {1 + below(2), currency("EUR")},
                                  0});
        }
        model[import(ledger, ImportKind::kOrders, name, made.refunds).id] = made;
        break;
      }
      default: {
        if (model.empty()) break;
        const auto it = std::next(model.begin(), below(std::int64_t(model.size())));
        RC_ASSERT(ledger.undo_import(it->first).has_value() == !it->second.undone);
        it->second.undone = true;
      }
    }

    // Costs, refunds and events without an id: as often as the file that has it most often. Items and events with an
    // id: as the newest says.
    const auto text = [](const auto& r) {
      if constexpr (std::is_same_v<std::decay_t<decltype(r)>, CostRecord>)
        return std::to_string(r.amount.minor);
      else if constexpr (std::is_same_v<std::decay_t<decltype(r)>, RefundRecord>)
        return std::string(r.customer.value) + std::to_string(r.at.at.ms) + std::to_string(r.amount.minor);
      else
        return std::string(r.message_id) + "|" + std::string(r.customer.value) + std::string(r.kind) +
               std::to_string(r.at.at.ms) + std::string(r.properties);
    };
    std::map<std::string, int> costs, refunded, nameless;
    std::map<std::string, std::string> items, named;
    for (const auto& [id, made_then] : model) {
      if (made_then.undone) continue;
      std::map<std::string, int> mine;
      for (const auto& r : made_then.costs) ++mine[text(r)];
      for (const auto& [key, n] : mine) costs[key] = std::max(costs[key], n);
      mine.clear();
      for (const auto& r : made_then.refunds) ++mine[text(r)];
      for (const auto& [key, n] : mine) refunded[key] = std::max(refunded[key], n);
      mine.clear();
      for (const auto& r : made_then.events) {
        if (r.message_id.empty()) {
          ++mine[text(r)];
        } else {
          named[std::string(r.message_id)] = text(r);
        }
      }
      for (const auto& [key, n] : mine) nameless[key] = std::max(nameless[key], n);
      for (const auto& r : made_then.items) items[r.id] = r.name;
    }
    const auto snapshot = ledger.snapshot();
    std::map<std::string, int> got;
    const auto all_costs = snapshot->costs();
    for (const auto& r : *all_costs) ++got[text(r)];
    RC_ASSERT(got == costs);
    got.clear();
    for (const auto& r : refunds(ledger, keeper)) ++got[text(r)];
    RC_ASSERT(got == refunded);
    got.clear();
    std::map<std::string, std::string> got_named, got_items;
    for (const auto& r : events(ledger, keeper)) {
      if (r.message_id.empty()) {
        ++got[text(r)];
      } else {
        RC_ASSERT(!got_named.contains(std::string(r.message_id)));
        got_named[std::string(r.message_id)] = text(r);
      }
    }
    RC_ASSERT(got == nameless);
    RC_ASSERT(got_named == named);
    const auto all_items = snapshot->items();
    for (const auto& r : *all_items) got_items[r.id] = r.name;
    RC_ASSERT(got_items == items);
  }
}

}  // namespace
}  // namespace behoud::ledger
