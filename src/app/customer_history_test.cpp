#include "app/customer_history.h"

#include <boost/json.hpp>
#include <cstdlib>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "app/testing/people_shop.h"

namespace behoud::app::testing {
namespace {

[[maybe_unused]] const int kConfigured = setenv("RC_PARAMS", "max_success=40", 0);

CustomerHistory history(PeopleShop& shop, const CustomerDirectory& d, std::uint32_t c, const HistoryQuery& query = {}) {
  const auto snapshot = shop.ledger().snapshot();
  auto made = history_of(*snapshot, d, c, query);
  EXPECT_TRUE(made.has_value()) << made.error().message;
  return *made;
}

Lookup words(std::map<std::string, std::string, std::less<>> said) {
  return [said = std::move(said)](std::string_view name) -> std::optional<std::string_view> {
    const auto found = said.find(name);
    return found == said.end() ? std::nullopt : std::optional<std::string_view>(found->second);
  };
}

// Every order stands with one customer, and those that count sum to what every other answer says of them.
RC_GTEST_PROP(CustomerHistory, OrdersThatCountSumToTheSummary, ()) {
  ChanceShop chance(4);
  const auto d = chance.shop.directory();
  std::set<std::string> orders;
  for (std::uint32_t c = 0; c < d->size(); ++c) {
    HistoryQuery all;
    all.limit = 1000;
    const CustomerHistory whole = history(chance.shop, *d, c, all);
    RC_ASSERT(!whole.next.has_value());
    RC_ASSERT(whole.total == whole.events.size());
    std::uint64_t counted = 0;
    std::int64_t revenue = 0;
    for (const HistoryEvent& e : whole.events) {
      if (e.kind == "order") RC_ASSERT(orders.insert(e.order).second);
      RC_ASSERT(e.counts == e.revenue_minor.has_value());
      counted += e.counts;
      revenue += e.revenue_minor.value_or(0);
    }
    if (counted != d->people().orders[c] || revenue != d->people().revenue_minor[c]) {
      RC_FAIL("customer " + d->shop().histories.customer_key[c] + ": " + std::to_string(counted) + " orders, " +
              std::to_string(revenue) + "; " + std::to_string(d->people().orders[c]) + ", " +
              std::to_string(d->people().revenue_minor[c]));
    }
    // Pages together are the whole, newest first.
    HistoryQuery page;
    page.limit = static_cast<std::size_t>(1 + ChanceShop::below(4));
    std::vector<std::pair<std::int64_t, ledger::Seq>> paged;
    for (int n = 0; n < 200; ++n) {
      const CustomerHistory part = history(chance.shop, *d, c, page);
      RC_ASSERT(part.total == whole.total);
      for (const HistoryEvent& e : part.events) paged.emplace_back(e.at.ms, e.seq);
      if (!part.next) break;
      page.after = parse_history_query(words({{"cursor", *part.next}}))->after;
    }
    std::vector<std::pair<std::int64_t, ledger::Seq>> expected;
    for (const HistoryEvent& e : whole.events) expected.emplace_back(e.at.ms, e.seq);
    RC_ASSERT(paged == expected);
    RC_ASSERT(std::ranges::is_sorted(expected, std::greater<>()));
    // By any name they are found.
    for (const auto& [space, value] : whole.identities) {
      RC_ASSERT(d->find(ledger::IdentityRef{space, value}) == c);
    }
  }
}

// An alias that repeats the order's own id is none; taken for one, it made two people's orders one.
TEST(CustomerHistory, AnAliasThatIsTheIdSaysNothing) {
  PeopleShop shop;
  auto own = make_order("A-7", by_id("17"), "2024-01-10", 2000);
  own.alias = "A-7";
  auto numbered = make_order("A-7", by_id("17"), "2024-01-10", 2000);
  numbered.alias = "555";
  auto other = make_order("1002", by_id("18"), "2024-01-20", 700);
  other.alias = "A-7";
  for (const auto& o : {own, numbered, other}) shop.order(o);
  const auto d = shop.directory();
  for (const auto& [who, order] : {std::pair("17", "A-7"), std::pair("18", "1002")}) {
    const auto c = d->find(by_id(who));
    ASSERT_TRUE(c.has_value()) << who;
    const CustomerHistory whole = history(shop, *d, *c, {});
    ASSERT_EQ(whole.events.size(), 1U) << who;
    EXPECT_EQ(whole.events[0].order, order);
    EXPECT_TRUE(whole.events[0].counts);
  }
}

TEST(CustomerHistory, SaysWhatWasSaid) {
  PeopleShop shop;
  const money::Currency usd = money::Currency::parse("USD").value();
  const ledger::OrderLine lines[] = {{"sku-1", "<b>Mug</b>", 2000, 1500}, {"sku-2", "", 1000, 500}};
  auto first = make_order("1001", by_id("17"), "2024-01-10", 2000);
  first.lines = lines;
  first.status = "paid";
  first.total_minor = 2420;
  first.refund_minor = 242;
  first.source = "instagram";
  auto second = make_order("1002", by_id("17"), "2024-02-10", 900);
  second.status = "cancelled";
  auto third = make_order("1003", by_id("17"), "2024-02-20", 700);
  third.currency = usd;
  shop.import(ledger::ImportKind::kOrders, [&](ledger::ImportWriter& w) {
    for (const auto& o : {first, second, third}) ASSERT_TRUE(w.add(o).has_value());
  });
  shop.import(ledger::ImportKind::kCustomers, [&](ledger::ImportWriter& w) {
    ledger::CustomerRecord r;
    r.id = by_id("17");
    r.email = "jan@example.com";
    r.phone = "+31612345678";
    r.language = "nl";
    r.consent = true;
    r.consent_at = calendar::Moment{{calendar::parse_day("2024-01-05")->number * calendar::kMsPerDay}, true};
    ASSERT_TRUE(w.add(r).has_value());
  });
  shop.import(ledger::ImportKind::kEvents, [&](ledger::ImportWriter& w) {
    ledger::EventRecord e;
    e.customer = by_id("17");
    e.kind = "Product Viewed";
    e.at = calendar::Moment{{calendar::parse_day("2024-02-15")->number * calendar::kMsPerDay + 3'600'000}, false};
    ASSERT_TRUE(w.add(e).has_value());
  });
  const auto d = shop.directory();
  const std::string text = history_json(*d, history(shop, *d, 0));
  EXPECT_EQ(text.find('\n'), text.size() - 1);
  const auto document = boost::json::parse(text);
  EXPECT_EQ(boost::json::serialize(document.at("profile")),
            R"({"email":"jan@example.com","name":null,"phone":"+31612345678","country":null,"source":"instagram",)"
            R"("language":"nl","consent":true,"consent_on":"2024-01-05","unsubscribed":null,"unsubscribed_on":null})");
  EXPECT_EQ(document.at("summary").at("orders"), 2);
  EXPECT_EQ(document.at("summary").at("revenue_minor"), 1800) << "2000 less a tenth; dollars have no rate";
  EXPECT_EQ(document.at("cohort"), "2024-01-01");
  const auto& events = document.at("events").as_array();
  ASSERT_EQ(events.size(), 4U);
  EXPECT_EQ(boost::json::serialize(events[3]),
            R"({"at":"2024-01-10T00:00:00Z","day":"2024-01-10","kind":"order","order":"1001","status":"paid",)"
            R"("counts":true,"amount_minor":2000,"currency":"EUR","refunded_minor":242,"revenue_minor":1800,"items":[)"
            R"({"item":"sku-1","name":"<b>Mug</b>","quantity":2,"amount_minor":1500},)"
            R"({"item":"sku-2","name":null,"quantity":1,"amount_minor":500}],"source":"instagram","import":1})");
  EXPECT_EQ(events[2].at("order"), "1002");
  EXPECT_EQ(events[2].at("counts"), false);
  EXPECT_TRUE(events[2].at("revenue_minor").is_null());
  EXPECT_EQ(events[1].at("kind"), "Product Viewed");
  EXPECT_TRUE(events[1].at("counts").is_null());
  EXPECT_EQ(events[0].at("currency"), "USD");
  EXPECT_EQ(events[0].at("revenue_minor"), 0);
  EXPECT_NE(to_csv(history_sheet(history(shop, *d, 0))).find("2024-01-10,order,1001,paid,true,2000,EUR,242,1800"),
            std::string::npos);
  EXPECT_NE(history_heading(*d, history(shop, *d, 0)).find("17, jan@example.com\n2 orders"), std::string::npos);
}

TEST(CustomerHistory, OneKeyOfTwoNamespacesIsTwoCustomers) {
  PeopleShop shop;
  shop.order(make_order("1", by_id("x@example.com"), "2024-01-10", 100));
  shop.order(make_order("2", {ledger::IdentitySpace::kEmail, "x@example.com"}, "2024-01-11", 200));
  const auto d = shop.directory();
  const auto named = [&](std::map<std::string, std::string, std::less<>> said) {
    return customer_named(*d, "x@example.com", words(std::move(said)));
  };
  EXPECT_EQ(named({}), 0U) << "customer ids come first";
  EXPECT_EQ(named({{"namespace", "email"}}), 1U);
  EXPECT_EQ(named({{"namespace", "phone"}}).error().code, Errc::kNotFound);
  EXPECT_EQ(named({{"namespace", "shoe"}}).error().place.column, "namespace");
  const auto nobody = customer_named(*d, "secret@example.com", words({}));
  EXPECT_EQ(nobody.error().code, Errc::kNotFound);
  EXPECT_EQ(nobody.error().message.find("secret"), std::string::npos) << "no personal data in an error";
}

TEST(CustomerHistory, MergedIdentitiesAreOneCustomerUnderEachName) {
  PeopleShop shop;
  shop.order(make_order("1", by_id("17"), "2024-01-10", 100));
  shop.order(make_order("2", {ledger::IdentitySpace::kEmail, "jan@example.com"}, "2024-01-11", 200));
  ASSERT_TRUE(shop.ledger().merge(by_id("17"), {ledger::IdentitySpace::kEmail, "jan@example.com"}).has_value());
  const auto d = shop.directory();
  ASSERT_EQ(d->size(), 1U);
  EXPECT_EQ(customer_named(*d, "jan@example.com", words({})), 0U);
  const auto document = boost::json::parse(history_json(*d, history(shop, *d, 0)));
  EXPECT_EQ(boost::json::serialize(document.at("identities")),
            R"([{"namespace":"customer_id","value":"17","merged":false},)"
            R"({"namespace":"email","value":"jan@example.com","merged":true}])");
  EXPECT_EQ(document.at("events").as_array().size(), 2U);
  EXPECT_EQ(document.at("summary").at("revenue_minor"), 300);
}

TEST(CustomerHistory, ABrokenCursorIsOfTheOption) {
  const std::string zeros(31, '0');
  const std::string cursors[] = {"", "h1", "h1" + zeros, "h1" + zeros + "x", "c1ad"};
  for (const std::string& cursor : cursors) {
    const auto query = parse_history_query(words({{"cursor", cursor}}));
    ASSERT_FALSE(query.has_value()) << cursor;
    EXPECT_EQ(query.error().place.column, "cursor");
  }
  EXPECT_EQ(parse_history_query(words({{"limit", "0"}})).error().place.column, "limit");
}

}  // namespace
}  // namespace behoud::app::testing
