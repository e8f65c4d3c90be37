#include "timeline/rebuild.h"

#include <cstdlib>
#include <deque>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/testing/temporary_folder.h"
#include "timeline/every_order.h"
#include "timeline/histories_builder.h"

namespace behoud::timeline {
namespace {

using calendar::civil;
using calendar::Day;
using calendar::Instant;
using calendar::Moment;
using ledger::IdentitySpace;
using ledger::ImportKind;

money::Currency currency(const char* code) { return money::Currency::parse(code).value(); }
Moment at(Day day, int hour = 12) { return {{day.number * calendar::kMsPerDay + hour * 3'600'000}, false}; }

// A ledger in a folder of its own, whose clock and chance never vary.
class Shop {
 public:
  explicit Shop(bool sample = false) : sample_(sample) {
    ledger::Environment environment;
    environment.now = [now = std::int64_t{1'709'251'200'000}]() mutable { return Instant{now += 1000}; };
    environment.entropy = [n = std::uint64_t{1}]() mutable { return n = n * 6'364'136'223'846'793'005ULL + 1; };
    auto folder = ledger::DataFolder::create(temporary_.path() + "/shop", sample, environment);
    if (!folder) {
      ADD_FAILURE() << folder.error().message;
      std::abort();
    }
    ledger_.emplace(ledger::Ledger::open(std::move(*folder)).value());
  }
  Shop(const Shop&) = delete;
  Shop& operator=(const Shop&) = delete;

  // Imports what `add(writer)` says as one file.
  template <class Add>
  ledger::ImportId import(ImportKind kind, const Add& add) {
    ledger::ImportMeta meta;
    meta.kind = kind;
    meta.file_name = "file-" + std::to_string(++files_);
    meta.sha256 = meta.file_name;
    meta.sample = sample_;
    auto writer = ledger_->begin_import(meta);
    EXPECT_TRUE(writer.has_value());
    add(*writer);
    const auto row = writer->commit();
    EXPECT_TRUE(row.has_value());
    return row->id;
  }
  void set(const ledger::SettingsChange& change) { ASSERT_TRUE(ledger_->change(change).has_value()); }
  Rebuilt rebuilt(const RebuildOptions& options = {}) const {
    const auto snapshot = ledger_->snapshot();
    auto out = rebuild(*snapshot, options);
    EXPECT_TRUE(out.has_value());
    return std::move(*out);
  }
  ledger::Ledger& ledger() { return *ledger_; }

 private:
  TemporaryFolder temporary_;
  std::optional<ledger::Ledger> ledger_;
  int files_ = 0;
  const bool sample_;
};

ledger::OrderAssertion order(std::string_view id, std::string_view customer, Day day, std::int64_t gross) {
  ledger::OrderAssertion o;
  o.order_id = id;
  o.customer = {IdentitySpace::kCustomerId, customer};
  o.placed = at(day);
  o.currency = currency("EUR");
  o.gross_minor = gross;
  return o;
}

std::vector<std::string> orders_of(const Histories& h, std::size_t c) {
  return {h.order_id.begin() + h.order_begin[c], h.order_begin[c + 1] + h.order_id.begin()};
}

TEST(Rebuild, AnEmptyLedgerGivesEmptyHistories) {
  const Shop shop;
  const Rebuilt rebuilt = shop.rebuilt();
  EXPECT_EQ(rebuilt.histories.customers(), 0U);
  EXPECT_EQ(rebuilt.histories.orders(), 0U);
  EXPECT_EQ(rebuilt.histories.zone.name(), "UTC");
  EXPECT_TRUE(rebuilt.unused.empty());
}

TEST(EveryOrder, HasThoseThatNeverCountWithTheirReasonsAndTheirOwnMoney) {
  Shop shop;
  ledger::SettingsChange change;
  change.currency = currency("EUR");
  shop.set(change);
  shop.import(ImportKind::kRates, [](ledger::ImportWriter& writer) {
    ASSERT_TRUE(writer.add(ledger::RateRecord{currency("EUR"), {civil(2024, 1, 1), currency("USD"), 2, 0}}));
  });
  shop.import(ImportKind::kOrders, [](ledger::ImportWriter& writer) {
    const auto add = [&](std::string_view id, std::string_view status, const auto& more) {
      auto o = order(id, "a", civil(2024, 1, 1), 1000);
      o.status = status;
      more(o);
      ASSERT_TRUE(writer.add(o).has_value());
    };
    const auto as_it_is = [](ledger::OrderAssertion&) {};
    add("counts", "paid", as_it_is);
    add("awaits", "pending", as_it_is);
    add("void", "voided", as_it_is);
    add("off", "cancelled", as_it_is);
    add("back", "refunded", as_it_is);
    add("word", "wobbly", as_it_is);
    add("test", "paid", [](ledger::OrderAssertion& o) { o.test = true; });
    add("nobody", "paid", [](ledger::OrderAssertion& o) {
      o.customer = {};
      o.refund_minor = 300;  // of 1070 with its tax
      o.tax_minor = 70;
    });
    add("no amount", "paid", [](ledger::OrderAssertion& o) { o.gross_minor.reset(); });
    add("dollars", "paid", [](ledger::OrderAssertion& o) {
      o.currency = currency("USD");
      o.refund_minor = 100;
    });
    add("crowns", "paid", [](ledger::OrderAssertion& o) {
      o.currency = currency("SEK");
      o.refund_minor = 250;
    });
    add("dollars awaited", "pending", [](ledger::OrderAssertion& o) { o.currency = currency("USD"); });
    add("crowns awaited", "pending", [](ledger::OrderAssertion& o) { o.currency = currency("SEK"); });
  });
  const auto every = rebuild_every_order(*shop.ledger().snapshot());
  ASSERT_TRUE(every.has_value());
  const Histories& h = every->histories;
  EXPECT_EQ(h.order_id, (std::vector<std::string>{"counts", "dollars", "crowns"}));
  EXPECT_EQ(every->beside.foreign,
            (std::vector<ForeignOrder>{{1, currency("USD"), 1000, 100}, {2, currency("SEK"), 1000, 250}}));
  std::vector<std::string> said;
  for (const OtherOrder& o : every->beside.others) {
    const auto minor = [](std::int64_t m) { return m == kNoAmount ? std::string("-") : std::to_string(m); };
    EXPECT_EQ(o.at_ms, at(civil(2024, 1, 1)).at.ms);
    EXPECT_EQ(o.day, civil(2024, 1, 1));
    EXPECT_EQ(o.customer, o.reason == "anonymous" ? kNobody : 0U);
    said.push_back(o.id + ": " + std::string(o.reason) + " " + o.currency.code() + " " + minor(o.stated_gross_minor) +
                   " " + minor(o.stated_refunded_minor) + " " + minor(o.gross_minor) + " " + minor(o.refunded_minor) +
                   " " + minor(o.tax_minor));
  }
  EXPECT_EQ(said, (std::vector<std::string>{
                      "awaits: awaited EUR 1000 0 1000 0 -", "void: void EUR 1000 0 1000 0 -",
                      "off: cancelled EUR 1000 0 1000 0 -", "back: refunded EUR 1000 1000 1000 1000 -",
                      "word: unknown_status EUR 1000 0 1000 0 -", "test: test EUR 1000 0 1000 0 -",
                      "nobody: anonymous EUR 1000 280 1000 280 70", "no amount: incomplete EUR - - - - -",
                      "dollars awaited: awaited USD 1000 0 500 0 -", "crowns awaited: awaited SEK 1000 0 - - -"}));
  std::uint64_t left_out = 0;
  for (const LeftOut& l : h.left_out) left_out += of_orders(l) ? l.orders : 0;
  EXPECT_EQ(every->beside.others.size(), left_out);
}

TEST(Rebuild, TakesZoneCurrencyStatusesAndMarginFromTheSettings) {
  Shop shop(true);
  ledger::SettingsChange change;
  change.zone = "Pacific/Auckland";
  change.currency = currency("EUR");
  change.margin_rate_millionth = std::optional<std::int32_t>(400'000);
  change.statuses["sent"] = ledger::Standing::kNot;
  shop.import(ImportKind::kOrders, [](ledger::ImportWriter& writer) {
    ASSERT_TRUE(writer.add(order("1", "a", civil(2024, 1, 1), 100)).has_value());  // the 2nd, in Auckland
    auto sent = order("2", "a", civil(2024, 1, 5), 100);
    sent.status = "sent";
    ASSERT_TRUE(writer.add(sent).has_value());
  });
  shop.set(change);
  const Histories h = shop.rebuilt({.keep_order_ids = true, .progress = {}}).histories;
  EXPECT_EQ(h.zone.name(), "Pacific/Auckland");
  EXPECT_EQ(h.currency, currency("EUR"));
  EXPECT_EQ(h.margin_rate_millionth, 400'000);
  EXPECT_TRUE(h.is_sample);
  EXPECT_EQ(h.revision, shop.ledger().revision().value());
  ASSERT_EQ(h.orders(), 1U);
  EXPECT_EQ(h.order_day[0], civil(2024, 1, 2));
  EXPECT_EQ(orders_of(h, 0), (std::vector<std::string>{"1"}));
}

TEST(Rebuild, AnImportTakenBackIsAsIfItHadNeverBeen) {
  Shop shop;
  shop.import(ImportKind::kOrders, [](ledger::ImportWriter& writer) {
    ASSERT_TRUE(writer.add(order("1", "a", civil(2024, 1, 1), 100)).has_value());
  });
  const auto second = shop.import(ImportKind::kOrders, [](ledger::ImportWriter& writer) {
    ASSERT_TRUE(writer.add(order("1", "a", civil(2024, 1, 1), 900)).has_value());
    ASSERT_TRUE(writer.add(order("2", "b", civil(2024, 2, 1), 50)).has_value());
  });
  EXPECT_EQ(shop.rebuilt().histories.gross_minor, (std::vector<std::int64_t>{900, 50}));
  ASSERT_TRUE(shop.ledger().undo_import(second).has_value());
  const Histories h = shop.rebuilt().histories;
  EXPECT_EQ(h.gross_minor, (std::vector<std::int64_t>{100}));
  EXPECT_EQ(h.customers(), 1U);
}

TEST(Rebuild, MergedIdentitiesAreOneCustomer) {
  Shop shop;
  shop.import(ImportKind::kOrders, [](ledger::ImportWriter& writer) {
    ASSERT_TRUE(writer.add(order("1", "a", civil(2024, 1, 1), 100)).has_value());
    ASSERT_TRUE(writer.add(order("2", "b", civil(2024, 2, 1), 50)).has_value());
  });
  ASSERT_TRUE(shop.ledger().merge({IdentitySpace::kCustomerId, "a"}, {IdentitySpace::kCustomerId, "b"}).has_value());
  EXPECT_EQ(shop.rebuilt().histories.customers(), 1U);
  ASSERT_TRUE(shop.ledger().unmerge({IdentitySpace::kCustomerId, "a"}, {IdentitySpace::kCustomerId, "b"}).has_value());
  EXPECT_EQ(shop.rebuilt().histories.customers(), 2U);
}

TEST(Rebuild, OfACustomerTheNewestOfEachFieldHolds) {
  Shop shop;
  shop.import(ImportKind::kCustomers, [](ledger::ImportWriter& writer) {
    ledger::CustomerRecord a;
    a.id = {IdentitySpace::kCustomerId, "a"};
    a.email = "a@example.com";
    a.orders_before = 3;
    a.first_order = at(civil(2020, 5, 1));
    a.consent = true;
    a.consent_at = at(civil(2021, 1, 1));
    ASSERT_TRUE(writer.add(a).has_value());
  });
  shop.import(ImportKind::kCustomers, [](ledger::ImportWriter& writer) {
    ledger::CustomerRecord a;
    a.id = {IdentitySpace::kCustomerId, "a"};
    a.email = "new@example.com";
    a.unsubscribed = true;
    a.unsubscribed_at = at(civil(2022, 1, 1));
    ASSERT_TRUE(writer.add(a).has_value());
  });
  const Histories h = shop.rebuilt().histories;
  ASSERT_EQ(h.customers(), 1U);
  EXPECT_EQ(h.customer_label[0], "new@example.com");
  EXPECT_EQ(h.orders_before[0], 3U);
  EXPECT_EQ(h.known_since[0], civil(2020, 5, 1));
  EXPECT_EQ(h.relation_joined, (std::vector<Act>{{0, civil(2021, 1, 1), 0}}));
  EXPECT_EQ(h.relation_left, (std::vector<Act>{{0, civil(2022, 1, 1), 0}}));
}

TEST(Rebuild, AnEventMayBeAJoiningOrALeaving) {
  Shop shop;
  shop.import(ImportKind::kEvents, [](ledger::ImportWriter& writer) {
    for (const auto& [kind, day] : {std::pair("Subscribed", 1), {"Product Viewed", 2}, {"Erased", 3}}) {
      ledger::EventRecord e;
      e.customer = {IdentitySpace::kEmail, "a@example.com"};
      e.kind = kind;
      e.at = at(civil(2024, 1, static_cast<unsigned>(day)));
      ASSERT_TRUE(writer.add(e).has_value());
    }
  });
  const Histories h = shop.rebuilt().histories;
  EXPECT_EQ(h.events.size(), 3U);
  EXPECT_EQ(h.relation_joined, (std::vector<Act>{{0, civil(2024, 1, 1), 0}}));
  EXPECT_EQ(h.relation_left, (std::vector<Act>{{0, civil(2024, 1, 3), 0}}));
}

TEST(Rebuild, WhatIsInACurrencyWithoutARateIsListedAndNotCounted) {
  Shop shop;
  ledger::SettingsChange change;
  change.currency = currency("EUR");
  shop.set(change);
  shop.import(ImportKind::kCosts, [](ledger::ImportWriter& writer) {
    for (const char* code : {"EUR", "USD", "SEK"}) {
      ledger::CostRecord cost;
      cost.from = civil(2024, 1, 1);
      cost.to = civil(2024, 2, 1);
      cost.amount = {1000, currency(code)};
      cost.purpose = "retention";
      ASSERT_TRUE(writer.add(cost).has_value());
    }
  });
  shop.import(ImportKind::kRates, [](ledger::ImportWriter& writer) {
    ledger::RateRecord rate;
    rate.base = currency("EUR");
    rate.rate = {civil(2023, 12, 29), currency("USD"), 11, 1};  // 1.1 dollars a euro
    ASSERT_TRUE(writer.add(rate).has_value());
  });
  const Rebuilt rebuilt = shop.rebuilt();
  ASSERT_EQ(rebuilt.histories.costs.size(), 2U);
  EXPECT_EQ(rebuilt.histories.costs[0].minor, 1000);
  EXPECT_EQ(rebuilt.histories.costs[1].minor, 909);
  EXPECT_EQ(rebuilt.unused, (std::vector<Unused>{{"cost", currency("SEK"), 1}}));
}

TEST(Rebuild, TellsItsProgressInOrders) {
  Shop shop;
  shop.import(ImportKind::kOrders, [](ledger::ImportWriter& writer) {
    for (int i = 0; i < 20'000; ++i) {
      ASSERT_TRUE(writer.add(order(std::to_string(i), "a", civil(2024, 1, 1), 100)).has_value());
    }
  });
  std::vector<std::pair<std::uint64_t, std::uint64_t>> told;
  RebuildOptions options;
  options.progress = [&](std::uint64_t done, std::uint64_t total) { told.emplace_back(done, total); };
  EXPECT_EQ(shop.rebuilt(options).histories.orders(), 20'000U);
  EXPECT_EQ(told, (std::vector<std::pair<std::uint64_t, std::uint64_t>>{{8192, 20'000}, {16'384, 20'000}}));
}

// Through a ledger, in one file or two, comes what the builder makes of the same statements.
RC_GTEST_PROP(Rebuild, GivesWhatTheBuilderGivesOfTheSameStatements, ()) {
  const auto below = [](int n) { return *rc::gen::inRange(0, n); };
  Shop shop;
  ledger::SettingsChange change;
  change.zone = "America/Sao_Paulo";
  change.currency = currency("EUR");
  shop.set(change);
  BuildSettings settings;
  settings.zone = calendar::Zone::create("America/Sao_Paulo").value();
  settings.currency = currency("EUR");
  settings.keep_order_ids = true;
  HistoriesBuilder builder(std::move(settings));

  std::deque<std::string> texts;
  std::uint64_t seq = 0;
  for (int file = 0; file < 1 + below(2); ++file) {
    shop.import(ImportKind::kOrders, [&](ledger::ImportWriter& writer) {
      for (int i = below(12); i > 0; --i) {
        const std::string_view who = texts.emplace_back("c" + std::to_string(below(4)));
        const Moment when{{1'540'000'000'000 + below(1'000'000) * std::int64_t{2000}}, below(4) == 0};
        ++seq;
        if (below(6) == 0) {
          const ledger::RefundRecord refund{
              {IdentitySpace::kCustomerId, who}, when, {1 + below(300), currency("EUR")}, seq};
          RC_ASSERT(writer.add(refund).has_value());
          RC_ASSERT(builder.add_refund(refund.customer, refund.at, refund.amount, seq).has_value());
          continue;
        }
        // Of one file each order once, so that each statement is kept.
        auto o = order(texts.emplace_back("o" + std::to_string(seq)), who, {}, below(500));
        o.placed = when;
        if (below(3) == 0) o.refund_minor = below(200), o.refunded_at = when.at;
        if (below(3) == 0) o.alias = texts.emplace_back("alias" + std::to_string(below(5)));
        if (below(5) == 0) o.status = "cancelled";
        RC_ASSERT(writer.add(o).has_value());
        RC_ASSERT(builder.add(o, Instant{file}, seq).has_value());
      }
    });
  }
  const Histories h = shop.rebuilt({.keep_order_ids = true, .progress = {}}).histories;
  const Histories expected = std::move(builder).finish().value();
  RC_ASSERT(h.order_begin == expected.order_begin);
  RC_ASSERT(h.customer_key == expected.customer_key);
  RC_ASSERT(h.order_id == expected.order_id);
  RC_ASSERT(h.order_day == expected.order_day);
  RC_ASSERT(h.order_at == expected.order_at);
  RC_ASSERT(h.gross_minor == expected.gross_minor);
  RC_ASSERT(h.steps == expected.steps);
  RC_ASSERT(h.unmatched_refunds == expected.unmatched_refunds);
  RC_ASSERT(h.unmatched_refunds_minor == expected.unmatched_refunds_minor);
}

}  // namespace
}  // namespace behoud::timeline
