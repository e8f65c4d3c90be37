#include "timeline/source/derived.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "timeline/random_ledger.h"

namespace behoud::timeline {
namespace {

using calendar::civil;
using ledger::IdentityRef;
using ledger::IdentitySpace;
using ledger::ImportKind;

// An order or event, in words.
struct Said {
  std::int64_t at_ms = 0;
  std::uint64_t seq = 0;
  std::string kind;
  Kind code = 0;
  bool date_only = false;
  std::vector<std::string> words{};      // by event dimension
  std::int64_t gross = 0;                // of purchases
  std::vector<std::int64_t> measures{};  // likewise, by order measure
  friend auto operator<=>(const Said&, const Said&) = default;
};

// Out of the histories and the ledger's events, one by one.
std::map<std::uint32_t, std::vector<Said>> said_in(const Histories& h, const ledger::Snapshot& snapshot) {
  std::map<std::uint32_t, std::vector<Said>> out;
  std::map<std::pair<IdentitySpace, std::string>, std::uint32_t> numbers;
  const auto of = [](const auto& column, std::size_t row) { return column.empty() ? 0 : column[row]; };
  for (std::uint32_t c = 0; c < h.customers(); ++c) {
    numbers[{h.customer_space[c], h.customer_key[c]}] = c;
    for (std::size_t row = h.order_begin[c]; row < h.order_begin[c + 1]; ++row) {
      bool counts = true;
      std::int64_t refunded = 0;
      for (const OrderStep& step : h.steps) {
        if (step.order != row) continue;
        counts = counts && step.counts;
        refunded = step.refunded_minor;
      }
      Said said{.at_ms = h.order_at[row].ms, .seq = h.order_seq[row], .kind = counts ? "order" : "order undone"};
      said.code = counts ? kPurchase : kUndonePurchase;
      said.date_only = of(h.date_only, row) != 0;
      const auto word = [&](const Texts& texts, const std::vector<Code>& codes) {
        return std::string(texts[of(codes, row)]);
      };
      said.words = {word(h.items, h.item), word(h.sources, h.source), "", word(h.coupons, h.coupon),
                    word(h.countries, h.country)};
      if (counts) {
        said.gross = h.gross_minor[row];
        said.measures = {of(h.tax_minor, row),
                         of(h.shipping_minor, row),
                         of(h.discount_minor, row),
                         of(h.units_milli, row),
                         refunded,
                         of(h.item_cost_minor, row),
                         of(h.costed_gross_minor, row),
                         h.converted.empty() ? 0 : h.converted[row] == 0};
      }
      out[c].push_back(said);
    }
  }
  EXPECT_TRUE(snapshot.events([&](const ledger::EventRecord& e, IdentityRef who, ledger::Seq seq) -> Result<void> {
    if (who.space == IdentitySpace::kNone) return {};
    Said said{.at_ms = e.at.at.ms, .seq = seq, .kind = std::string(e.kind), .date_only = e.at.date_only};
    said.words = {"", std::string(e.source), std::string(e.campaign), "", ""};
    out[numbers.at({who.space, std::string(who.value)})].push_back(said);
    return {};
  }));
  for (auto& [customer, all] : out) {
    std::ranges::sort(all, {}, [](const Said& s) { return std::pair(s.at_ms, s.seq); });
  }
  return out;
}

std::vector<Said> said_of(const LaidOut& laid_out, std::uint32_t number) {
  const Timeline& t = laid_out.timeline;
  const CustomerView c = find_customer(t, number).value();
  std::vector<Said> out;
  std::vector<std::size_t> orders;
  for (std::uint32_t i = 0; i < c.events(); ++i) {
    Said said{.at_ms = t.scale.epoch().ms + c.at_ms(i), .seq = c.seq(i), .kind = t.schema.kinds[c.kind(i)]};
    said.date_only = c.date_only(i);
    if (c.kind(i) < kNamelessKind) said.code = c.kind(i);
    for (std::size_t k = 0; k < t.schema.event_dimensions.size(); ++k) {
      said.words.push_back(laid_out.dictionaries.event[k][c.event_dimension(k, i)]);
    }
    if (c.kind(i) == t.schema.order_kind) orders.push_back(out.size());
    out.push_back(said);
  }
  // The order projection lies by day: events of purchases in the same order.
  std::ranges::stable_sort(orders, {},
                           [&](std::size_t i) { return c.event_day(t.scale, static_cast<std::uint32_t>(i)); });
  EXPECT_EQ(orders.size(), c.orders());
  for (std::uint32_t o = 0; o < c.orders(); ++o) {
    out[orders[o]].gross = c.gross(o);
    for (std::size_t k = 0; k < t.schema.order_measures.size(); ++k) {
      out[orders[o]].measures.push_back(c.order_measure(k, o));
    }
  }
  return out;
}

RC_GTEST_PROP(Derived, HoldsEveryOrderAndEventOfEveryCustomer, ()) {
  RandomLedger shop;
  for (std::int64_t n = RandomLedger::below(10); n > 0; --n) shop.anything();
  const ledger::Snapshot snapshot = shop.snapshot();
  const auto derived = derive(snapshot);
  RC_ASSERT(derived.has_value());
  const Histories& h = derived->rebuilt.histories;
  const Timeline& t = derived->laid_out.timeline;
  RC_ASSERT(t.revision == snapshot.revision());
  RC_ASSERT(t.customers() == h.customers());
  auto expected = said_in(h, snapshot);
  for (std::uint32_t c = 0; c < h.customers(); ++c) {
    RC_ASSERT(said_of(derived->laid_out, c) == expected[c]);
  }
  for (const Part& part : t.parts) RC_ASSERT(part.segment.check(t.scale).has_value());
  // Nothing lies at or behind what is said to be the end.
  for (std::uint32_t c = 0; c < h.customers(); ++c) {
    const CustomerView view = find_customer(t, c).value();
    for (std::uint32_t i = 0; i < view.events(); ++i) RC_ASSERT(view.event_day(t.scale, i) < t.end_day);
  }
  RC_ASSERT(!::testing::Test::HasFailure());
}

calendar::Moment at(calendar::Day day, int hour = 12) {
  return {{day.number * calendar::kMsPerDay + hour * 3'600'000}, false};
}
ledger::OrderAssertion order(std::string_view id, std::string_view customer, calendar::Day day, std::int64_t gross) {
  ledger::OrderAssertion o;
  o.order_id = id;
  o.customer = {IdentitySpace::kCustomerId, customer};
  o.placed = at(day);
  o.currency = money::Currency::parse("EUR").value();
  o.gross_minor = gross;
  return o;
}

TEST(DerivedTest, OfAnEmptyLedgerIsATimelineOfNobody) {
  const RandomLedger shop;
  const auto derived = derive(shop.snapshot());
  ASSERT_TRUE(derived.has_value());
  EXPECT_EQ(derived->laid_out.timeline.customers(), 0U);
  EXPECT_EQ(derived->laid_out.timeline.events(), 0U);
}

TEST(DerivedTest, KnowsOfACustomerWhatTheFirstPurchaseSaysElseTheFile) {
  RandomLedger shop;
  shop.import(ImportKind::kOrders, [](ledger::ImportWriter& writer) {
    auto undone = order("1", "a", civil(2024, 1, 1), 100);
    undone.source = "undone";
    undone.status = "cancelled";
    undone.cancelled_at = at(civil(2024, 1, 9)).at;
    ASSERT_TRUE(writer.add(undone));
    auto first = order("2", "a", civil(2024, 2, 1), 100);
    first.source = "mail";
    first.coupon = "TEN";
    ASSERT_TRUE(writer.add(first));
  });
  shop.import(ImportKind::kCustomers, [](ledger::ImportWriter& writer) {
    for (const char* who : {"a", "b"}) {
      ledger::CustomerRecord c;
      c.id = {IdentitySpace::kCustomerId, who};
      c.source = "file";
      c.country = "NL";
      c.language = "nl";
      c.consent = true;
      ASSERT_TRUE(writer.add(c));
    }
  });
  shop.import(ImportKind::kCustomers, [](ledger::ImportWriter& writer) {
    ledger::CustomerRecord c;
    c.id = {IdentitySpace::kCustomerId, "b"};
    c.language = "sv";
    c.unsubscribed = true;
    ASSERT_TRUE(writer.add(c));
  });
  const Derived derived = derive(shop.snapshot()).value();
  const auto words = [&](std::uint32_t customer) {
    std::vector<std::string> out;
    for (std::size_t k = 0; k < derived.laid_out.timeline.schema.customer_dimensions.size(); ++k) {
      const Code code = find_customer(derived.laid_out.timeline, customer)->dimension(k);
      out.push_back(derived.laid_out.dictionaries.customer[k][code]);
    }
    return out;
  };
  EXPECT_EQ(words(0), (std::vector<std::string>{"mail", "", "", "TEN", "nl", "given"}));
  EXPECT_EQ(words(1), (std::vector<std::string>{"file", "NL", "", "", "sv", "withdrawn"}));
}

TEST(DerivedTest, AnEventThatIsCalledOrderIsNoPurchase) {
  RandomLedger shop;
  shop.import(ImportKind::kEvents, [](ledger::ImportWriter& writer) {
    for (const char* kind : {"order", "order undone", "Product Viewed"}) {
      ledger::EventRecord e;
      e.customer = {IdentitySpace::kEmail, "a@example.com"};
      e.kind = kind;
      e.at = at(civil(2024, 1, 1));
      ASSERT_TRUE(writer.add(e));
    }
  });
  const Derived derived = derive(shop.snapshot()).value();
  const Timeline& t = derived.laid_out.timeline;
  EXPECT_EQ(t.orders(), 0U);
  EXPECT_EQ(t.schema.kinds,
            (std::vector<std::string>{"order", "order undone", "", "order", "order undone", "Product Viewed"}));
}

TEST(DerivedTest, TakesTheShopsWindowAndLaysOutRangesOfCustomers) {
  RandomLedger shop;
  ledger::SettingsChange change;
  change.window_days = 60;
  ASSERT_TRUE(shop.ledger().change(change));
  constexpr std::uint32_t kMany = kRangeCustomers + 10;
  shop.import(ImportKind::kOrders, [](ledger::ImportWriter& writer) {
    for (std::uint32_t i = 0; i < kMany; ++i) {
      const std::string id = std::to_string(i);
      ASSERT_TRUE(writer.add(order(id, id, civil(2024, 1, 1), 100 + i % 7)));
    }
  });
  const Derived derived = derive(shop.snapshot()).value();
  const Timeline& t = derived.laid_out.timeline;
  EXPECT_EQ(t.schema.window_days, 60U);
  ASSERT_EQ(t.parts.size(), 2U);
  EXPECT_EQ(t.parts[1].segment.shape().first_customer, kRangeCustomers);
  EXPECT_EQ(t.customers(), kMany);
  EXPECT_EQ(find_customer(t, kMany - 1)->gross(0), 100 + (kMany - 1) % 7);
}

TEST(DerivedTest, RefusesOrdersOver136Years) {
  RandomLedger shop;
  shop.import(ImportKind::kOrders, [](ledger::ImportWriter& writer) {
    ASSERT_TRUE(writer.add(order("1", "a", civil(2024, 1, 1), 100)));
    ASSERT_TRUE(writer.add(order("2", "a", civil(2204, 1, 1), 100)));
  });
  const auto derived = derive(shop.snapshot());
  ASSERT_FALSE(derived.has_value());
  EXPECT_EQ(derived.error().code, Errc::kOutOfRange);
}

}  // namespace
}  // namespace behoud::timeline
