#include "timeline/histories_builder.h"

#include <algorithm>
#include <deque>
#include <map>
#include <numeric>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace behoud::timeline {
namespace {

using calendar::civil;
using calendar::Day;
using calendar::Instant;
using calendar::Moment;
using ledger::IdentityRef;
using ledger::IdentitySpace;
using ledger::OrderAssertion;
using money::Currency;

Currency eur() { return Currency::parse("EUR").value(); }
Currency usd() { return Currency::parse("USD").value(); }
IdentityRef who(std::string_view key) { return {IdentitySpace::kCustomerId, key}; }
Instant at(int year, unsigned month, unsigned day, int hour = 12) {
  return {civil(year, month, day).number * calendar::kMsPerDay + hour * 3'600'000LL};
}
OrderAssertion order(std::string_view id, std::string_view customer, Instant placed, std::int64_t gross) {
  OrderAssertion o;
  o.order_id = id;
  o.customer = who(customer);
  o.placed = Moment{placed, false};
  o.gross_minor = gross;
  return o;
}
// Builds from assertions as a file gives them: one receipt, seq by place.
Result<Histories> build(const std::vector<OrderAssertion>& all, BuildSettings settings = {}) {
  HistoriesBuilder builder(std::move(settings));
  std::uint64_t seq = 0;
  for (const OrderAssertion& o : all) {
    TRY(builder.add(o, Instant{1}, ++seq));
  }
  return std::move(builder).finish();
}
std::vector<LeftOut> left_out(const Histories& h) { return h.left_out; }

TEST(HistoriesBuilder, ClustersOrdersByCustomerInOrderOfFirstAppearanceAndTime) {
  const Histories h = build({order("1", "c-1", at(2024, 3, 2), 100), order("2", "c-2", at(2024, 1, 1), 200),
                             order("3", "c-1", at(2024, 2, 1), 300)})
                          .value();
  EXPECT_EQ(h.customer_key, (std::vector<std::string>{"c-1", "c-2"}));
  EXPECT_EQ(h.order_begin, (std::vector<std::uint32_t>{0, 2, 3}));
  EXPECT_EQ(h.gross_minor, (std::vector<std::int64_t>{300, 100, 200}));
  EXPECT_EQ(h.order_day, (std::vector<Day>{civil(2024, 2, 1), civil(2024, 3, 2), civil(2024, 1, 1)}));
  EXPECT_TRUE(h.date_only.empty());
  EXPECT_TRUE(h.converted.empty());
}

TEST(HistoriesBuilder, AnOrderIdIsOneOrderWhicheverWayItIsRepeated) {
  OrderAssertion paid = order("1", "c-1", at(2024, 3, 2), 100);
  paid.status = "pending";
  OrderAssertion later;
  later.order_id = "1";
  later.status = "paid";
  const Histories h = build({paid, order("2", "c-2", at(2024, 1, 1), 200), later, paid, later}).value();
  EXPECT_EQ(h.orders(), 2u);
  EXPECT_EQ(h.gross_minor, (std::vector<std::int64_t>{100, 200}));
  EXPECT_TRUE(h.left_out.empty());
}

TEST(HistoriesBuilder, AnOrderIsKnownByItsAliasTooInAnyOrderOfArrival) {
  OrderAssertion both = order("1001", "c-1", at(2024, 3, 2), 100);
  both.alias = "450789";
  OrderAssertion by_alias = order("450789", "c-1", at(2024, 3, 2), 100), by_number = both;
  by_number.alias = "";
  OrderAssertion number_alone = order("1001", "c-1", at(2024, 3, 2), 100);
  const auto before = [](const OrderAssertion& a, const OrderAssertion& b) {
    return std::pair(a.order_id, a.alias) < std::pair(b.order_id, b.alias);
  };
  std::vector<OrderAssertion> all{both, by_alias, number_alone};
  std::sort(all.begin(), all.end(), before);
  int orders_of_arrival = 0;
  do {
    EXPECT_EQ(build(all).value().orders(), 1u);
    ++orders_of_arrival;
  } while (std::next_permutation(all.begin(), all.end(), before));
  EXPECT_EQ(orders_of_arrival, 6);
}

TEST(HistoriesBuilder, ANumberThatIsTheIdOfAnotherOrderIsNotMixedUpWithIt) {
  OrderAssertion newer = order("1001", "c-1", at(2024, 3, 2), 100), older = order("300", "c-2", at(2023, 3, 2), 200);
  newer.alias = "3500";
  older.alias = "1001";
  EXPECT_EQ(build({newer, older}).value().orders(), 2u);
  EXPECT_EQ(build({older, newer}).value().orders(), 2u);
}

TEST(HistoriesBuilder, EqualInstantsKeepTheirOrderOfArrival) {
  const Histories h = build({order("1", "c-1", at(2024, 1, 1), 1), order("2", "c-1", at(2024, 1, 1), 2),
                             order("3", "c-1", at(2023, 1, 1), 3)})
                          .value();
  EXPECT_EQ(h.gross_minor, (std::vector<std::int64_t>{3, 1, 2}));
}

TEST(HistoriesBuilder, ADateOnlyOrderKeepsItsDayInEveryZone) {
  OrderAssertion day_alone = order("1", "c-1", at(2024, 3, 2, 0), 1);
  day_alone.placed->date_only = true;
  BuildSettings settings;
  settings.zone = calendar::Zone::create("America/New_York").value();
  const Histories h = build({day_alone, order("2", "c-1", at(2024, 3, 2, 2), 2)}, std::move(settings)).value();
  EXPECT_EQ(h.order_day, (std::vector<Day>{civil(2024, 3, 1), civil(2024, 3, 2)}));  // 2 h UTC is the evening before
  EXPECT_EQ(h.gross_minor, (std::vector<std::int64_t>{2, 1}));
  EXPECT_EQ(h.date_only, (std::vector<std::uint8_t>{0, 1}));
}

TEST(HistoriesBuilder, LeavesOutWithAReasonAndASum) {
  OrderAssertion anonymous = order("1", "", at(2024, 1, 1), 10);
  anonymous.customer = {};
  OrderAssertion awaited = order("2", "c-1", at(2024, 1, 1), 20);
  awaited.status = "pending";
  OrderAssertion voided = order("3", "c-1", at(2024, 1, 1), 30);
  voided.status = "voided";
  OrderAssertion unknown = order("4", "c-1", at(2024, 1, 1), 40);
  unknown.status = "sparkling";
  OrderAssertion test = order("5", "c-1", at(2024, 1, 1), 50);
  test.test = true;
  OrderAssertion cancelled = order("6", "c-1", at(2024, 1, 1), 60);
  cancelled.status = "cancelled";
  OrderAssertion refunded = order("7", "c-1", at(2024, 1, 1), 70);
  refunded.status = "refunded";
  OrderAssertion refunded_too = order("8", "c-1", at(2024, 1, 1), 80);
  refunded_too.refund_minor = 80;
  OrderAssertion incomplete;
  incomplete.order_id = "9";
  const Histories h =
      build({anonymous, awaited, voided, unknown, test, cancelled, refunded, refunded_too, incomplete}).value();
  EXPECT_EQ(h.orders(), 0u);
  std::map<std::string, std::pair<std::uint64_t, std::int64_t>> sums;
  for (const LeftOut& line : left_out(h)) {
    sums[line.reason].first += line.orders;
    sums[line.reason].second += line.gross_minor;
  }
  using Sum = std::pair<std::uint64_t, std::int64_t>;
  EXPECT_EQ(sums["anonymous"], Sum(1, 10));
  EXPECT_EQ(sums["awaited"], Sum(1, 20));
  EXPECT_EQ(sums["void"], Sum(1, 30));
  EXPECT_EQ(sums["unknown_status"], Sum(1, 40));
  EXPECT_EQ(sums["test"], Sum(1, 50));
  EXPECT_EQ(sums["cancelled"], Sum(1, 60));
  EXPECT_EQ(sums["refunded"], Sum(2, 150));
  EXPECT_EQ(sums["incomplete"], Sum(1, 0));
}

TEST(HistoriesBuilder, AShopsOwnMeaningOfAStatusHolds) {
  OrderAssertion o = order("1", "c-1", at(2024, 1, 1), 10);
  o.status = "sparkling";
  BuildSettings settings;
  settings.statuses["sparkling"] = ledger::Standing::kCounts;
  EXPECT_EQ(build({o}, std::move(settings)).value().orders(), 1u);
}

TEST(HistoriesBuilder, ARefundCountsNetTimesRefundOverTotalFromItsInstant) {
  // Net 1000 of a total 1210 (with tax): 605 refunded is half of it, 500; 1210 is the whole.
  OrderAssertion o = order("1", "c-1", at(2024, 1, 1), 1000);
  o.total_minor = 1210;
  const ledger::RefundPart parts[] = {{"r1", at(2024, 2, 1), 605}, {"r2", at(2024, 3, 1), 605}};
  o.refunds = parts;
  const Histories h = build({o}).value();
  EXPECT_EQ(h.steps, (std::vector<OrderStep>{{0, at(2024, 2, 1).ms, 500, true}, {0, at(2024, 3, 1).ms, 1000, false}}));
}

TEST(HistoriesBuilder, ARefundWithoutAnInstantIsTheOrdersOwn) {
  OrderAssertion o = order("1", "c-1", at(2024, 1, 1), 1000);
  o.refund_minor = 333;
  const Histories h = build({o}).value();
  EXPECT_EQ(h.steps, (std::vector<OrderStep>{{0, kUnknownInstant, 333, true}}));
}

TEST(HistoriesBuilder, ARefundOfNetRoundsHalfAwayFromZero) {
  OrderAssertion o = order("1", "c-1", at(2024, 1, 1), 5);
  o.total_minor = 10;
  o.refund_minor = 3;  // 1.5
  EXPECT_EQ(build({o}).value().steps.front().refunded_minor, 2);
}

TEST(HistoriesBuilder, ACancellationEndsAPurchaseFromItsInstant) {
  OrderAssertion o = order("1", "c-1", at(2024, 1, 1), 1000);
  o.status = "cancelled";
  o.cancelled_at = at(2024, 1, 5);
  OrderAssertion never = order("2", "c-1", at(2024, 1, 1), 1000);
  never.status = "voided";
  never.cancelled_at = at(2024, 1, 5);
  const Histories h = build({o, never}).value();
  EXPECT_EQ(h.orders(), 1u);
  EXPECT_EQ(h.steps, (std::vector<OrderStep>{{0, at(2024, 1, 5).ms, 0, false}}));
}

TEST(HistoriesBuilder, ARefundThatNamesNoOrderGoesToTheLatestEarlierOneWithEnoughLeft) {
  HistoriesBuilder builder({});
  ASSERT_TRUE(builder.add(order("1", "c-1", at(2024, 1, 1), 500), Instant{1}, 1));
  ASSERT_TRUE(builder.add(order("2", "c-1", at(2024, 2, 1), 100), Instant{1}, 2));
  ASSERT_TRUE(builder.add(order("3", "c-1", at(2024, 4, 1), 900), Instant{1}, 3));  // later than the refund
  ASSERT_TRUE(builder.add(order("4", "c-2", at(2024, 1, 1), 900), Instant{1}, 4));  // another's
  ASSERT_TRUE(builder.add_refund(who("c-1"), {at(2024, 3, 1), false}, {150, {}}, 5));
  ASSERT_TRUE(builder.add_refund(who("c-1"), {at(2024, 3, 2), false}, {100, {}}, 6));
  ASSERT_TRUE(builder.add_refund(who("c-1"), {at(2024, 3, 3), false}, {400, {}}, 7));  // 350 left: nowhere
  ASSERT_TRUE(builder.add_refund({}, {at(2024, 3, 3), false}, {7, {}}, 8));
  const Histories h = std::move(builder).finish().value();
  EXPECT_EQ(h.steps, (std::vector<OrderStep>{{0, at(2024, 3, 1).ms, 150, true}, {1, at(2024, 3, 2).ms, 100, false}}));
  EXPECT_EQ(h.unmatched_refunds, 2u);
  EXPECT_EQ(h.unmatched_refunds_minor, 407);
}

TEST(HistoriesBuilder, TwoRefundsOneWithoutACurrencyDoNotTakeTheSameMoneyTwice) {
  OrderAssertion o = order("1", "c-1", at(2024, 1, 1), 500);
  o.currency = eur();
  HistoriesBuilder builder({});
  ASSERT_TRUE(builder.add(o, Instant{1}, 1));
  ASSERT_TRUE(builder.add_refund(who("c-1"), {at(2024, 3, 1), false}, {300, eur()}, 2));
  ASSERT_TRUE(builder.add_refund(who("c-1"), {at(2024, 3, 2), false}, {300, {}}, 3));
  const Histories h = std::move(builder).finish().value();
  EXPECT_EQ(h.steps, (std::vector<OrderStep>{{0, at(2024, 3, 1).ms, 300, true}}));
  EXPECT_EQ(h.unmatched_refunds_minor, 300);
}

TEST(HistoriesBuilder, ANegativeOrderIsARefundWithoutAnOrder) {
  const Histories h = build({order("9", "c-1", at(2024, 3, 1), -150), order("1", "c-1", at(2024, 1, 1), 500)}).value();
  EXPECT_EQ(h.orders(), 1u);
  EXPECT_EQ(h.steps, (std::vector<OrderStep>{{0, at(2024, 3, 1).ms, 150, true}}));
}

TEST(HistoriesBuilder, TheRefundOfAnOrderThatIsNotThereLooksForAnother) {
  OrderAssertion refund;
  refund.order_id = "77";
  refund.customer = who("c-1");
  const ledger::RefundPart parts[] = {{"r1", at(2024, 3, 1), 50}};
  refund.refunds = parts;
  const Histories h = build({order("1", "c-1", at(2024, 1, 1), 500), refund}).value();
  EXPECT_EQ(h.steps, (std::vector<OrderStep>{{0, at(2024, 3, 1).ms, 50, true}}));
  ASSERT_EQ(h.left_out.size(), 1u);
  EXPECT_EQ(h.left_out[0].reason, "incomplete");
}

TEST(HistoriesBuilder, ConvertsForeignOrdersByTheRateOfTheirDayAndNeverOneToOne) {
  money::RateTable rates(eur());
  ASSERT_TRUE(rates.add({civil(2024, 1, 1), usd(), 2, 0}));  // 2 USD for 1 EUR
  BuildSettings settings;
  settings.currency = eur();
  settings.rates = &rates;
  OrderAssertion near = order("1", "c-1", at(2024, 1, 8), 1001);
  near.currency = usd();
  near.refund_minor = 101;
  OrderAssertion stale = order("2", "c-1", at(2024, 1, 9), 1000);
  stale.currency = usd();
  const Histories h = build({near, stale}, std::move(settings)).value();
  EXPECT_EQ(h.gross_minor, (std::vector<std::int64_t>{501, 0}));  // 500.5, half away from zero
  EXPECT_EQ(h.converted, (std::vector<std::uint8_t>{1, 0}));
  EXPECT_EQ(h.steps, (std::vector<OrderStep>{{0, kUnknownInstant, 51, true}}));
  ASSERT_EQ(h.unconverted.size(), 1u);
  EXPECT_EQ(h.unconverted[0].currency, usd());
  EXPECT_EQ(h.unconverted[0].orders, 1u);
  EXPECT_EQ(h.unconverted[0].gross_minor, 1000);
}

TEST(HistoriesBuilder, WithoutACurrencyOfItsOwnReportsInTheOneMostOrdersHave) {
  OrderAssertion a = order("1", "c-1", at(2024, 1, 1), 1), b = order("2", "c-1", at(2024, 1, 2), 2),
                 c = order("3", "c-1", at(2024, 1, 3), 4), bare = order("4", "c-1", at(2024, 1, 4), 8);
  a.currency = usd();
  b.currency = c.currency = eur();
  const Histories h = build({a, b, c, bare}).value();
  EXPECT_EQ(h.currency, eur());
  EXPECT_EQ(h.gross_minor, (std::vector<std::int64_t>{0, 2, 4, 8}));
  EXPECT_FALSE(build({bare}).value().currency.known());
}

TEST(HistoriesBuilder, TakesTheItemOfTheGreatestLineAndOfEqualsTheFirstById) {
  const ledger::OrderLine lines[] = {{"b", "", 1000, 500}, {"a", "", 1000, 500}, {"c", "", 1000, 499}};
  OrderAssertion o = order("1", "c-1", at(2024, 1, 1), 1499);
  o.lines = lines;
  const Histories h = build({o, order("2", "c-1", at(2024, 1, 2), 1)}).value();
  EXPECT_EQ(h.items[h.item[0]], "a");
  EXPECT_EQ(h.item[1], 0u);
}

TEST(HistoriesBuilder, SumsTheCostOfTheItemsThatHaveOne) {
  // Lines 600 + 400 under an order discount to 900: the costed line bears 540 of it. 1.5 x 101 = 151.5, away from zero.
  const ledger::OrderLine lines[] = {{"a", "", 1500, 600}, {"b", "", 1000, 400}};
  OrderAssertion o = order("1", "c-1", at(2024, 1, 1), 900);
  o.lines = lines;
  BuildSettings settings;
  settings.item_costs["a"] = 101;
  const Histories h = build({o}, std::move(settings)).value();
  EXPECT_EQ(h.item_cost_minor, (std::vector<std::int64_t>{152}));
  EXPECT_EQ(h.costed_gross_minor, (std::vector<std::int64_t>{540}));
}

TEST(HistoriesBuilder, KeepsWhatIsSaidOfCustomersBesideOrders) {
  HistoriesBuilder builder({});
  const std::uint32_t c1 = builder.customer(who("c-1"));
  const std::uint32_t mail = builder.customer({IdentitySpace::kEmail, "c-1"});
  EXPECT_NE(c1, mail);
  EXPECT_EQ(builder.customer(who("c-1")), c1);
  builder.describe(c1, "c-1@example.org", civil(2020, 5, 1), 3);
  builder.describe(c1, "", civil(2021, 5, 1), 2);
  builder.add_event(mail, civil(2024, 1, 1), "Product Viewed");
  builder.add_joined({mail, civil(2024, 1, 2), 0});
  builder.add_left({mail, civil(2024, 1, 3), 0});
  builder.add_cost({civil(2024, 1, 1), civil(2024, 2, 1), 100, "marketing", "acquisition", "", ""});
  Subscription s;
  s.customer = mail;
  s.start = civil(2024, 1, 1);
  builder.add_subscription(s);
  const Histories h = std::move(builder).finish().value();
  EXPECT_EQ(h.customer_space[mail], IdentitySpace::kEmail);
  EXPECT_EQ(h.customer_label[c1], "c-1@example.org");
  EXPECT_EQ(h.known_since[c1], civil(2020, 5, 1));
  EXPECT_EQ(h.orders_before[c1], 3u);
  EXPECT_EQ(h.kinds[h.events.at(0).kind], "Product Viewed");
  EXPECT_EQ(h.relation_joined.size(), 1u);
  EXPECT_EQ(h.relation_left.size(), 1u);
  EXPECT_EQ(h.subscriptions.size(), 1u);
  EXPECT_EQ(h.costs.size(), 1u);
  EXPECT_EQ(h.customers(), 2u);
}

TEST(HistoriesBuilder, RefusesWhatIsBeyondItsBounds) {
  HistoriesBuilder builder({});
  const std::string long_text(4097, 'x');
  EXPECT_EQ(builder.add(order(long_text, "c-1", at(2024, 1, 1), 1), Instant{1}, 1).error().code, Errc::kOutOfRange);
  EXPECT_EQ(builder.add(order("1", long_text, at(2024, 1, 1), 1), Instant{1}, 1).error().code, Errc::kOutOfRange);
  EXPECT_EQ(builder.add(order("1", "c-1", {INT64_MAX}, 1), Instant{1}, 1).error().code, Errc::kOutOfRange);
  OrderAssertion word = order("1", "c-1", at(2024, 1, 1), 1);
  word.status = long_text;
  EXPECT_EQ(builder.add(word, Instant{1}, 1).error().code, Errc::kOutOfRange);
  EXPECT_EQ(builder.add_refund(who("c-1"), {at(2024, 1, 1), false}, {0, {}}, 1).error().code, Errc::kInvalidArgument);
  EXPECT_EQ(builder.add_refund(who("c-1"), {{INT64_MIN}, false}, {1, {}}, 1).error().code, Errc::kOutOfRange);
}

TEST(HistoriesBuilder, ASumBeyond64BitsIsAnError) {
  const auto built =
      build({order("1", "c-1", at(2024, 1, 1), INT64_MAX), order("2", "c-1", at(2024, 1, 1), INT64_MAX)});
  EXPECT_EQ(built.error().code, Errc::kOutOfRange);
}

TEST(HistoriesBuilder, AShopMaySumToTheLastUnitOf64Bits) {
  OrderAssertion cancelled = order("3", "c-2", at(2024, 3, 1), 1);
  cancelled.status = "cancelled";
  std::vector<OrderAssertion> all = {order("1", "c-1", at(2024, 1, 1), INT64_MAX / 2),
                                     order("2", "c-1", at(2024, 2, 1), INT64_MAX / 2), cancelled};
  for (OrderAssertion& o : all) {
    o.total_minor = o.gross_minor;
    o.tax_minor = o.gross_minor;
    o.discount_minor = o.gross_minor;
  }
  const auto built = build(all);
  ASSERT_TRUE(built.has_value()) << built.error().message;
  EXPECT_EQ(std::accumulate(built->gross_minor.begin(), built->gross_minor.end(), std::int64_t{1}), INT64_MAX);
  all.push_back(order("4", "c-9", at(2024, 3, 1), 1));
  all.back().currency = eur();
  const auto beyond = build(all);
  ASSERT_FALSE(beyond.has_value());
  EXPECT_EQ(beyond.error().why.reason, "problem.shop_sum_too_large");
  EXPECT_NE(beyond.error().message.find("of an order of 2024-0"), std::string::npos) << beyond.error().message;
}

TEST(HistoriesBuilder, SumsBeyond64BitsInTheShopsCurrencyAreAnError) {
  money::RateTable rates(eur());
  ASSERT_TRUE(rates.add({civil(2024, 1, 1), usd(), 1, 1}).has_value());  // 0.1 USD an EUR: ten times as many EUR
  BuildSettings settings;
  settings.currency = eur();
  settings.rates = &rates;
  std::vector<OrderAssertion> all = {order("1", "c-1", at(2024, 1, 2), INT64_MAX / 20),
                                     order("2", "c-2", at(2024, 1, 3), INT64_MAX / 20)};
  for (OrderAssertion& o : all) o.currency = usd();
  const auto fits = build(all, settings);
  ASSERT_TRUE(fits.has_value()) << fits.error().message;
  EXPECT_EQ(fits->gross_minor.at(0), INT64_MAX / 20 * 10);
  all.push_back(order("3", "c-2", at(2024, 1, 3), 10));
  all.back().currency = usd();
  EXPECT_EQ(build(all, settings).error().code, Errc::kOutOfRange);
}

TEST(HistoriesBuilder, RefundsOfNoOrderBeyond64BitsTogetherAreAnError) {
  const auto of = [](std::int64_t second) {
    HistoriesBuilder builder({});
    EXPECT_TRUE(builder.add_refund(who("c-1"), {at(2024, 1, 1), false}, {INT64_MAX - 1, {}}, 1).has_value());
    EXPECT_TRUE(builder.add_refund(who("c-1"), {at(2024, 1, 2), false}, {second, {}}, 2).has_value());
    return std::move(builder).finish();
  };
  EXPECT_EQ(of(1).value().unmatched_refunds_minor, INT64_MAX);
  EXPECT_EQ(of(2).error().code, Errc::kOutOfRange);
}

// What each file's reader takes, however many words they make together.
TEST(HistoriesBuilder, TakesAnyNumberOfStatusWords) {
  std::deque<std::string> words;
  std::vector<OrderAssertion> all;
  for (int i = 0; i < 70'000; ++i) {
    words.push_back("word " + std::to_string(i));
    all.push_back(order(words.back(), "c-1", at(2024, 1, 1), 1));
    all.back().status = words.back();
  }
  all.push_back(order("x", "c-2", at(2024, 1, 1), 5));
  all.back().status = "paid";
  const auto built = build(all);
  ASSERT_TRUE(built.has_value()) << built.error().message;
  EXPECT_EQ(built->orders(), 1u);
  EXPECT_EQ(built->left_out.size(), 70'000u);
}

TEST(HistoriesBuilder, WhatACallWithoutAResultCouldNotSayFinishSays) {
  HistoriesBuilder builder({});
  builder.customer({});
  EXPECT_EQ(std::move(builder).finish().error().code, Errc::kInvalidArgument);
}

// ---- A slow builder, by maps and ledger::settle, for any mess of assertions.

struct Mess {
  std::deque<std::string> texts;
  std::deque<std::vector<ledger::OrderLine>> lines;
  std::deque<std::vector<ledger::RefundPart>> parts;
  std::vector<ledger::StatedOrder> stated;
  std::string_view text(std::string t) { return texts.emplace_back(std::move(t)); }
};

std::int64_t below(std::int64_t n) { return *rc::gen::inRange<std::int64_t>(0, n); }

Mess any_mess() {
  static const char* const statuses[] = {"", "paid", "paid", "refunded", "pending", "cancelled", "voided", "odd"};
  static const char* const items[] = {"", "mug", "cup", "tea"};
  Mess m;
  const std::int64_t n = below(60);
  for (std::int64_t i = 0; i < n; ++i) {
    OrderAssertion o;
    o.order_id = m.text("o" + std::to_string(below(30)));
    if (below(4) == 0) o.alias = m.text((below(2) == 0 ? "o" : "x") + std::to_string(below(30)));
    if (below(8) != 0) {
      o.customer = {below(2) == 0 ? IdentitySpace::kEmail : IdentitySpace::kCustomerId,
                    m.text("c" + std::to_string(below(6)))};
    }
    if (below(8) != 0) {
      const bool date_only = below(3) == 0;
      const Day day = civil(2024, 1, 1) + static_cast<int>(below(20));
      o.placed = Moment{{day.number * calendar::kMsPerDay + (date_only ? 0 : below(86'400'000))}, date_only};
    }
    if (below(3) == 0) o.updated_at = Instant{below(50)};
    o.status = statuses[below(8)];
    const std::int64_t currency = below(6);
    o.currency = currency == 0 ? usd() : currency == 1 ? Currency::none() : eur();
    if (below(8) != 0) o.gross_minor = below(20) == 0 ? -below(100) : below(1000);
    if (below(2) == 0) o.total_minor = o.gross_minor.value_or(1) + below(100);
    if (below(4) == 0) o.tax_minor = below(50);
    if (below(4) == 0) o.shipping_minor = below(50);
    if (below(4) == 0) o.discount_minor = below(50);
    if (below(4) == 0) o.refund_minor = below(500);
    const auto instant = [] { return Instant{civil(2024, 1, 1).number * calendar::kMsPerDay + below(3'000'000'000)}; };
    if (below(4) == 0) o.refunded_at = instant();
    if (below(8) == 0) o.cancelled_at = instant();
    if (below(4) == 0) o.units_milli = below(5000);
    o.coupon = items[below(4)];
    o.source = items[below(4)];
    o.country = items[below(4)];
    auto& lines = m.lines.emplace_back();
    for (std::int64_t k = below(3); k > 0; --k) lines.push_back({items[below(4)], "", below(3000), below(300)});
    o.lines = lines;
    auto& parts = m.parts.emplace_back();
    for (std::int64_t k = below(4) - 1; k > 0; --k) {
      parts.push_back({m.text("r" + std::to_string(below(4))), {}, below(300) - 10});
      if (below(2) == 0) parts.back().at = instant();
    }
    o.refunds = parts;
    o.test = below(40) == 0;
    m.stated.push_back({o, Instant{below(20)}, static_cast<std::uint64_t>(i + 1)});
  }
  return m;
}

// One order as the slow builder sees it.
struct SlowOrder {
  std::string customer, item, coupon, source, country;
  Day day;
  Instant at;
  std::size_t arrival = 0;
  bool date_only = false, converted = true;
  std::int64_t gross = 0, total = 0, tax = 0, shipping = 0, discount = 0, units = 0, cost = 0, costed = 0;
  std::int64_t own_gross = 0;
  Currency currency;
  std::vector<std::pair<std::int64_t, std::int64_t>> named, loose;  // (at or unknown, cumulative); (at, minor)
  bool refunded_status = false;
  std::int64_t refunded_status_at = kUnknownInstant;
  std::optional<std::int64_t> cancelled_at;
};

std::vector<OrderStep> slow_steps(const SlowOrder& o) {
  std::set<std::int64_t> instants;
  for (const auto& [t, minor] : o.named) instants.insert(t);
  for (const auto& [t, minor] : o.loose) instants.insert(t);
  if (o.refunded_status) instants.insert(o.refunded_status_at);
  if (o.cancelled_at) instants.insert(*o.cancelled_at);
  std::vector<OrderStep> steps;
  for (const std::int64_t t : instants) {
    std::int64_t refunded = 0;
    for (const auto& [when, minor] : o.named) refunded = when <= t ? std::max(refunded, minor) : refunded;
    for (const auto& [when, minor] : o.loose) refunded += when <= t ? minor : 0;
    const bool full = (o.total > 0 && refunded >= o.total) || (o.refunded_status && o.refunded_status_at <= t);
    OrderStep step{0, t, 0, !full && (!o.cancelled_at || *o.cancelled_at > t)};
    if (full || (o.total <= 0 && refunded > 0)) {
      step.refunded_minor = o.own_gross;
    } else if (refunded > 0) {
      step.refunded_minor = std::min(money::mul_div(o.own_gross, refunded, o.total).value(), o.own_gross);
    }
    steps.push_back(step);
  }
  return steps;
}

// Statements of one order have one number: by id, by alias, and by the id that is another's alias, to a standstill.
std::vector<int> groups_of(const Mess& mess) {
  const std::size_t n = mess.stated.size();
  std::vector<int> group(n);
  std::iota(group.begin(), group.end(), 0);
  const auto join = [&group](std::size_t i, std::size_t j) {
    const int from = std::max(group[i], group[j]), to = std::min(group[i], group[j]);
    std::replace(group.begin(), group.end(), from, to);
  };
  const auto id = [&mess](std::size_t i) { return mess.stated[i].order.order_id; };
  const auto alias = [&](std::size_t i) {
    return mess.stated[i].order.alias == id(i) ? std::string_view{} : mess.stated[i].order.alias;
  };
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (id(i) == id(j)) join(i, j);
    }
  }
  const std::vector<int> by_id = group;
  const auto aliased = [&](std::size_t i) {
    for (std::size_t j = 0; j < n; ++j) {
      if (by_id[j] == by_id[i] && !alias(j).empty()) return true;
    }
    return false;
  };
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      if (!alias(i).empty() && (alias(i) == alias(j) || (alias(i) == id(j) && !aliased(j)))) join(i, j);
    }
  }
  return group;
}

RC_GTEST_PROP(HistoriesBuilder, AgreesWithASlowBuilderOnAnyMessOfAssertions, ()) {
  const Mess mess = any_mess();
  money::RateTable rates(eur());
  if (below(2) == 0) {
    RC_ASSERT(rates.add({civil(2024, 1, 5), usd(), 11, 1}).has_value());
  }
  BuildSettings settings;
  settings.zone = calendar::Zone::create(below(2) == 0 ? "Pacific/Apia" : "Australia/Lord_Howe").value();
  settings.currency = eur();
  settings.rates = &rates;
  settings.item_costs["mug"] = 77;
  settings.keep_order_ids = true;

  // The slow way.
  const std::vector<int> group = groups_of(mess);
  std::vector<std::string> customers;
  const auto key_of = [](const OrderAssertion& o) {
    return std::to_string(static_cast<int>(o.customer.space)) + std::string(o.customer.value);
  };
  for (const auto& s : mess.stated) {
    if (s.order.customer.space == IdentitySpace::kNone) continue;
    if (std::find(customers.begin(), customers.end(), key_of(s.order)) == customers.end()) {
      customers.push_back(key_of(s.order));
    }
  }
  std::vector<SlowOrder> rows;
  std::map<std::string, std::uint64_t> left_out;
  struct Loose {
    std::string customer;
    Moment at;
    std::int64_t minor;
    Currency currency;
    std::size_t arrival;
  };
  std::vector<Loose> loose;
  std::uint64_t unmatched = 0, unconverted = 0;
  for (std::size_t first = 0; first < group.size(); ++first) {
    if (std::find(group.begin(), group.end(), group[first]) - group.begin() != static_cast<std::ptrdiff_t>(first)) {
      continue;
    }
    std::vector<ledger::StatedOrder> stated;
    std::size_t arrival = 0;
    for (std::size_t i = mess.stated.size(); i-- > 0;) {
      if (group[i] == group[first]) {
        stated.push_back(mess.stated[i]);
        arrival = i;
      }
    }
    const ledger::OrderState state = ledger::settle(stated);
    const OrderAssertion& o = state.order;
    SlowOrder row;
    row.customer = o.customer.space == IdentitySpace::kNone ? "" : key_of(o);
    row.arrival = arrival;
    row.currency = o.currency;
    row.own_gross = o.gross_minor ? *o.gross_minor
                                  : o.total_minor.value_or(0) - o.tax_minor.value_or(0) - o.shipping_minor.value_or(0);
    row.total = o.total_minor ? *o.total_minor : row.own_gross + o.tax_minor.value_or(0) + o.shipping_minor.value_or(0);
    for (const auto& step : state.refund_steps) {
      row.named.emplace_back(step.at ? step.at->ms : kUnknownInstant, step.refunded_minor);
    }
    const auto release = [&](std::int64_t negative) {
      std::int64_t before = 0;
      for (const auto& step : state.refund_steps) {
        Moment when{step.at.value_or(o.placed ? o.placed->at : Instant{INT64_MIN}), false};
        when.date_only = o.placed && o.placed->date_only && when.at == o.placed->at;
        loose.push_back({row.customer, when, step.refunded_minor - before, o.currency, arrival});
        before = step.refunded_minor;
      }
      if (negative < 0) loose.push_back({row.customer, *o.placed, -negative, o.currency, arrival});
    };
    const bool has_amount = o.gross_minor || o.total_minor;
    if (!o.placed || !has_amount) {
      ++left_out["incomplete"];
      release(0);
      continue;
    }
    const ledger::Standing standing = ledger::standing_of(o.status);
    if ((row.own_gross < 0 || row.total < 0) && !o.test &&
        (standing == ledger::Standing::kCounts || standing == ledger::Standing::kRefunded)) {
      ++left_out["negative"];
      release(std::min(row.own_gross, row.total));
      continue;
    }
    row.day = settings.zone.day_of(*o.placed);
    row.at = o.placed->at;
    row.date_only = o.placed->date_only;
    if (o.cancelled_at) row.cancelled_at = o.cancelled_at->ms;
    row.refunded_status = standing == ledger::Standing::kRefunded;
    if (row.refunded_status) {
      row.refunded_status_at = o.refunded_at ? o.refunded_at->ms : kUnknownInstant;
      if (!o.refunded_at && !row.named.empty()) row.refunded_status_at = row.named.back().first;
    }
    const auto steps = slow_steps(row);
    std::string reason;
    if (o.test) {
      reason = "test";
    } else if (standing == ledger::Standing::kAwaited) {
      reason = "awaited";
    } else if (standing == ledger::Standing::kUnknown) {
      reason = "unknown_status";
    } else if (o.status == "voided") {
      reason = "void";
    } else if (o.status == "cancelled" && !o.cancelled_at) {
      reason = "cancelled";
    } else if (!steps.empty() && steps[0].at_ms == kUnknownInstant && !steps[0].counts) {
      reason = "refunded";
    } else if (row.customer.empty()) {
      reason = "anonymous";
    }
    if (!reason.empty()) {
      ++left_out[reason];
      continue;
    }
    const auto money = [&](std::int64_t minor) -> std::optional<std::int64_t> {
      if (!o.currency.known() || o.currency == eur()) return minor;
      return rates.convert({minor, o.currency}, eur(), row.day);
    };
    row.converted = money(row.own_gross).has_value();
    unconverted += !row.converted;
    row.gross = money(row.own_gross).value_or(0);
    row.tax = money(o.tax_minor.value_or(0)).value_or(0);
    row.shipping = money(o.shipping_minor.value_or(0)).value_or(0);
    row.discount = money(o.discount_minor.value_or(0)).value_or(0);
    row.units = o.units_milli.value_or(0);
    row.coupon = o.coupon;
    row.source = o.source;
    row.country = o.country;
    std::int64_t most = -1, all = 0;
    bool any_cost = false;
    for (const auto& line : o.lines) {
      all += line.amount_minor;
      if (!line.item.empty() && (line.amount_minor > most || (line.amount_minor == most && line.item < row.item))) {
        most = line.amount_minor;
        row.item = line.item;
      }
      if (line.item == "mug") {
        any_cost = true;
        row.costed += line.amount_minor;
        row.cost += money::mul_div(77, line.quantity_milli, 1000).value();
      }
    }
    if (any_cost && row.costed != all) {
      row.costed = all > 0 ? money::mul_div(row.gross, row.costed, all).value() : 0;
    } else if (any_cost) {
      row.costed = row.gross;
    }
    if (!row.converted) row.cost = row.costed = 0;
    rows.push_back(row);
  }
  std::sort(rows.begin(), rows.end(), [&](const SlowOrder& a, const SlowOrder& b) {
    const auto place = [&](const SlowOrder& o) {
      return std::find(customers.begin(), customers.end(), o.customer) - customers.begin();
    };
    return std::tuple(place(a), a.day, a.at, a.arrival) < std::tuple(place(b), b.day, b.at, b.arrival);
  });
  std::stable_sort(loose.begin(), loose.end(), [](const Loose& a, const Loose& b) {
    return std::tuple(a.at.at, a.arrival, a.minor) < std::tuple(b.at.at, b.arrival, b.minor);
  });
  for (const Loose& refund : loose) {
    SlowOrder* target = nullptr;
    for (SlowOrder& row : rows) {
      if (row.customer != refund.customer || refund.at.at.ms == INT64_MIN) continue;
      const Currency a = row.currency.known() ? row.currency : eur();
      const Currency b = refund.currency.known() ? refund.currency : eur();
      const Day day = settings.zone.day_of(refund.at);
      const bool earlier = row.day < day || (row.day == day && (refund.at.date_only || row.at <= refund.at.at));
      std::int64_t left = row.total;
      if (!row.named.empty()) left -= row.named.back().second;
      for (const auto& [when, minor] : row.loose) left -= minor;
      const auto steps = slow_steps([&] {
        SlowOrder named_alone = row;
        named_alone.loose.clear();
        return named_alone;
      }());
      if (!steps.empty() && !steps.back().counts) left = 0;
      if (a == b && earlier && left >= refund.minor) target = &row;
    }
    if (target) {
      target->loose.emplace_back(refund.at.at.ms, refund.minor);
    } else {
      ++unmatched;
    }
  }

  // The quick way, and every column of it.
  HistoriesBuilder builder(settings);
  for (const auto& s : mess.stated) {
    RC_ASSERT(builder.add(s.order, s.received, s.seq).has_value());
  }
  const Histories h = std::move(builder).finish().value();
  RC_ASSERT(h.customers() == customers.size());
  for (std::size_t c = 0; c < customers.size(); ++c) {
    RC_ASSERT(std::to_string(static_cast<int>(h.customer_space[c])) + h.customer_key[c] == customers[c]);
    for (std::size_t i = h.order_begin[c]; i < h.order_begin[c + 1]; ++i)
      RC_ASSERT(rows.at(i).customer == customers[c]);
  }
  RC_ASSERT(h.orders() == rows.size());
  std::vector<OrderStep> steps;
  const auto number = [](const auto& column, std::size_t i) {
    return column.empty() ? std::int64_t{0} : static_cast<std::int64_t>(column.at(i));
  };
  const auto word = [](const Texts& texts, const std::vector<Code>& codes, std::size_t i) {
    return codes.empty() ? std::string_view{} : texts[codes.at(i)];
  };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const SlowOrder& o = rows[i];
    RC_ASSERT(h.order_day[i] == o.day);
    RC_ASSERT(h.order_at[i] == o.at);
    RC_ASSERT(number(h.date_only, i) == o.date_only);
    RC_ASSERT(h.order_id[i] == mess.stated[o.arrival].order.order_id);
    RC_ASSERT((h.converted.empty() || h.converted[i]) == o.converted);
    RC_ASSERT(h.gross_minor[i] == o.gross);
    RC_ASSERT(number(h.tax_minor, i) == o.tax);
    RC_ASSERT(number(h.shipping_minor, i) == o.shipping);
    RC_ASSERT(number(h.discount_minor, i) == o.discount);
    RC_ASSERT(number(h.units_milli, i) == o.units);
    RC_ASSERT(number(h.item_cost_minor, i) == o.cost);
    RC_ASSERT(number(h.costed_gross_minor, i) == o.costed);
    RC_ASSERT(word(h.items, h.item, i) == o.item);
    RC_ASSERT(word(h.coupons, h.coupon, i) == o.coupon);
    RC_ASSERT(word(h.sources, h.source, i) == o.source);
    RC_ASSERT(word(h.countries, h.country, i) == o.country);
    for (OrderStep step : slow_steps(o)) {
      step.order = static_cast<std::uint32_t>(i);
      if (o.currency.known() && o.currency != eur()) {
        step.refunded_minor = rates.convert({step.refunded_minor, o.currency}, eur(), o.day).value_or(0);
      }
      steps.push_back(step);
    }
  }
  RC_ASSERT(h.steps == steps);
  std::map<std::string, std::uint64_t> left;
  for (const LeftOut& line : h.left_out) left[line.reason] += line.orders;
  RC_ASSERT(left == left_out);
  RC_ASSERT(h.unmatched_refunds == unmatched);
  RC_ASSERT((h.unconverted.empty() ? 0 : h.unconverted[0].orders) == unconverted);
}

}  // namespace
}  // namespace behoud::timeline
