#include "retention/report/order_tally.h"

#include <deque>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "retention/internal/as_of.h"
#include "retention/random_shop.h"
#include "retention/test_shop.h"

namespace behoud::retention::report {
namespace {

using Sums = OrderSumsByStanding::Sums;

bool same(const Sums& a, const Sums& b) {
  return a.gross == b.gross && a.tax == b.tax && a.shipping == b.shipping && a.discount == b.discount &&
         a.refunds == b.refunds && a.orders == b.orders && a.refunded_orders == b.refunded_orders &&
         a.discounted_orders == b.discounted_orders && a.refunds_to_come == b.refunds_to_come && a.going == b.going &&
         a.orders_to_refund == b.orders_to_refund && a.orders_going == b.orders_going;
}

// What came, in its order, with the texts that it borrows.
struct Stream {
  struct Refund {
    ledger::IdentityRef customer;
    calendar::Moment at;
    money::Money amount;
  };
  std::deque<std::string> texts;
  std::deque<std::vector<ledger::RefundPart>> parts;
  std::vector<std::variant<ledger::OrderAssertion, Refund>> all;

  void hand_to(OrderTally& tally) const {
    for (const auto& one : all) {
      if (const auto* order = std::get_if<ledger::OrderAssertion>(&one)) {
        ASSERT_TRUE(tally.order(*order));
      } else {
        const auto& refund = std::get<Refund>(one);
        ASSERT_TRUE(tally.refund(refund.customer, refund.at, refund.amount));
      }
    }
  }
  timeline::Histories histories(timeline::BuildSettings settings) const {
    timeline::HistoriesBuilder builder(std::move(settings));
    std::uint64_t seq = 0;
    for (const auto& one : all) {
      if (const auto* order = std::get_if<ledger::OrderAssertion>(&one)) {
        EXPECT_TRUE(builder.add(*order, calendar::Instant{0}, ++seq));
      } else {
        const auto& refund = std::get<Refund>(one);
        EXPECT_TRUE(builder.add_refund(refund.customer, refund.at, refund.amount, ++seq));
      }
    }
    return std::move(builder).finish().value();
  }
};

// As an import sums them: once more, where some hang together.
BridgeOrders tallied(const Stream& stream, const TallyOptions& options, bool* twice = nullptr) {
  OrderTally first(options, {});
  stream.hand_to(first);
  TogetherOrders together = first.together();
  if (twice != nullptr) *twice = together.any();
  if (!together.any()) return std::move(first).finish().value();
  OrderTally second(options, std::move(together));
  stream.hand_to(second);
  return std::move(second).finish().value();
}

BridgeOrders of_histories(const timeline::Histories& h) {
  return {sum_orders(h, as_of(h, std::nullopt).at), h.left_out, h.unconverted, h.unmatched_refunds,
          h.unmatched_refunds_minor};
}

std::string difference(const BridgeOrders& a, const BridgeOrders& b) {
  if (!same(a.sums.counted, b.sums.counted)) return "counted";
  if (!same(a.sums.gone, b.sums.gone)) return "gone";
  if (!same(a.sums.later, b.sums.later)) return "later";
  const auto text = [](const BridgeOrders& x) {
    std::string out;
    for (const auto& l : x.left_out) {
      out += l.reason + "|" + l.detail + " " + std::to_string(l.orders) + " " + std::to_string(l.gross_minor) + "\n";
    }
    for (const auto& u : x.unconverted) {
      out += u.currency.code() + " " + std::to_string(u.orders) + " " + std::to_string(u.gross_minor) + "\n";
    }
    return out + std::to_string(x.unmatched_refunds) + " " + std::to_string(x.unmatched_refunds_minor);
  };
  return text(a) == text(b) ? "" : text(a) + "\nand\n" + text(b);
}

const money::Currency kEur = money::Currency::parse("EUR").value(), kUsd = money::Currency::parse("USD").value();
const calendar::Day kBegin = calendar::civil(2024, 3, 20);

Stream any_stream(bool dated, bool loose, bool again, bool negative) {
  static const char* const words[] = {"",         "paid",       "paid",   "completed", "pending", "cancelled",
                                      "refunded", "on a cloud", "voided", "failed",    "odd"};
  Stream out;
  const auto any_instant = [] {
    return calendar::Instant{(kBegin.number + below(40)) * calendar::kMsPerDay + below(calendar::kMsPerDay)};
  };
  const auto customer = [&]() -> ledger::IdentityRef {
    if (one_in(6)) return {};
    return {ledger::IdentitySpace::kCustomerId, out.texts.emplace_back("c" + std::to_string(below(5)))};
  };
  const std::int64_t orders = below(40);
  const bool aliases = one_in(3);
  for (std::int64_t i = 0; i < orders; ++i) {
    if (loose && one_in(8)) {
      out.all.emplace_back(
          Stream::Refund{customer(), {any_instant(), one_in(2)}, {1 + below(400), one_in(5) ? kUsd : kEur}});
      continue;
    }
    ledger::OrderAssertion o;
    o.order_id = out.texts.emplace_back("o" + std::to_string(again && one_in(4) ? below(i + 1) : i));
    if (aliases && !one_in(9)) o.alias = out.texts.emplace_back("a" + std::to_string(again ? below(orders) : i));
    o.customer = customer();
    if (!again || !one_in(9)) {
      o.placed = calendar::Moment{any_instant(), false};
      if (one_in(3)) o.placed = calendar::Moment{{(kBegin.number + below(40)) * calendar::kMsPerDay}, true};
    }
    o.currency = one_in(5) ? kUsd : one_in(9) ? money::Currency::none() : kEur;
    if (!one_in(4)) o.gross_minor = below(1000) - (negative && one_in(6) ? 900 : 0);
    if (one_in(3) || !o.gross_minor) o.total_minor = o.gross_minor.value_or(below(900)) + below(200);
    if (one_in(3)) o.tax_minor = below(100);
    if (one_in(3)) o.shipping_minor = below(100);
    if (one_in(3)) o.discount_minor = below(100);
    o.status = any_of(words);
    o.test = one_in(15);
    if (one_in(5)) {
      o.refund_minor = below(1200);
      if (dated && !one_in(3)) o.refunded_at = any_instant();
    }
    if (dated && one_in(8)) o.cancelled_at = any_instant();
    if (one_in(12)) {
      auto& parts = out.parts.emplace_back();
      parts.push_back({out.texts.emplace_back("r" + std::to_string(i)),
                       dated ? std::optional(any_instant()) : std::nullopt, 1 + below(300)});
      o.refunds = parts;
    }
    out.all.emplace_back(o);
  }
  return out;
}

RC_GTEST_PROP(OrderTally, SaysOfAnyOrdersWhatTheirHistoriesSay, ()) {
  static const char* const zones[] = {"UTC", "Australia/Lord_Howe", "America/St_Johns"};
  const bool loose = one_in(2), again = one_in(2), negative = one_in(3);
  const Stream stream = any_stream(!one_in(3), loose, again, negative);
  money::RateTable rates(kEur);
  RC_ASSERT(rates.add({kBegin + 20, kUsd, 11, 1}).has_value());
  timeline::BuildSettings settings;
  settings.zone = calendar::Zone::create(any_of(zones)).value();
  settings.currency = kEur;
  settings.statuses = {{"odd", ledger::Standing::kCounts},
                       {"paid", one_in(4) ? ledger::Standing::kRefunded : ledger::Standing::kCounts}};
  TallyOptions options;
  options.zone = settings.zone;
  options.currency = kEur;
  options.statuses = settings.statuses;
  options.watch_names = again;
  if (one_in(2)) {
    settings.rates = &rates;
    options.rates = [&]() -> Result<money::RateTable> { return rates; };
  }
  const timeline::Histories h = stream.histories(settings);
  bool twice = false;
  const BridgeOrders summed = tallied(stream, options, &twice);
  RC_CLASSIFY(twice);
  const std::string parted = difference(summed, of_histories(h));
  RC_LOG() << parted;
  RC_ASSERT(parted.empty());
  const Bridge bridge = make_bridge(summed, {}).value();
  RC_ASSERT(check(bridge).has_value());
}

// What is dated after the as-of stands beside the sums, and is what a later look takes off.
RC_GTEST_PROP(OrderTally, WhatComesAfterAsOfIsWhatALaterBridgeTakesOff, ()) {
  const Stream stream = any_stream(true, one_in(2), one_in(2), false);
  timeline::BuildSettings settings;
  settings.currency = kEur;
  const timeline::Histories h = stream.histories(settings);
  const auto in_the_end = calendar::Instant{(kBegin.number + 1000) * calendar::kMsPerDay};
  const auto value = [](const Bridge& b, std::string_view name) {
    const BridgeLine* line = b.find(name);
    return line == nullptr ? 0 : line->amount_minor.value_or(0);
  };
  const auto count = [](const Bridge& b, std::string_view name) {
    const BridgeLine* line = b.find(name);
    return line == nullptr ? 0 : line->count.value_or(0);
  };
  const Bridge now = make_bridge(h, {}, as_of(h, std::nullopt).at).value();
  const Bridge then = make_bridge(h, {}, in_the_end).value();
  RC_ASSERT(check(now).has_value());
  RC_ASSERT(value(now, "revenue") - value(now, "refunds_after_as_of") - value(now, "gone_after_as_of") ==
            value(then, "revenue"));
  RC_ASSERT(count(now, "counted_orders") - count(now, "gone_after_as_of") == count(then, "counted_orders"));
  RC_ASSERT(then.find("refunds_after_as_of") == nullptr && then.find("gone_after_as_of") == nullptr);
}

TEST(OrderTally, ARefundThatNamesNoOrderIsTakenOffTheCustomersLatest) {
  Stream stream;
  TestShop shop;
  stream.all.emplace_back(shop.make("ann", "2024-01-03", 1'000));
  stream.all.emplace_back(shop.make("bob", "2024-01-03", 500));
  stream.all.emplace_back(Stream::Refund{{ledger::IdentitySpace::kCustomerId, "ann"},
                                         {{day("2024-01-05").number * calendar::kMsPerDay}, true},
                                         {300, money::Currency::none()}});
  stream.all.emplace_back(shop.make("cid", "2024-01-09", 100));
  bool twice = false;
  const BridgeOrders summed = tallied(stream, {}, &twice);
  EXPECT_TRUE(twice);
  EXPECT_EQ(summed.sums.counted.orders, 3);
  EXPECT_TRUE(summed.sums.counted.gross == 1'600);
  EXPECT_TRUE(summed.sums.counted.refunds == 300);
}

TEST(OrderTally, PlainOrdersAreSummedInOneReading) {
  Stream stream;
  TestShop shop;
  for (int i = 0; i < 5; ++i) stream.all.emplace_back(shop.make("ann", "2024-01-03", 1'000));
  auto awaited = shop.make("bob", "2024-03-03", 70);
  awaited.status = "pending";
  stream.all.emplace_back(awaited);
  bool twice = true;
  const BridgeOrders summed = tallied(stream, {}, &twice);
  EXPECT_FALSE(twice);
  EXPECT_EQ(summed.sums.counted.orders, 5);
  ASSERT_EQ(summed.left_out.size(), 1U);
  EXPECT_EQ(summed.left_out[0].detail, "pending");
  EXPECT_EQ(summed.left_out[0].gross_minor, 70);
}

TEST(OrderTally, AnOrderStatedTwiceIsOne) {
  Stream stream;
  TestShop shop;
  auto first = shop.make("ann", "2024-01-03", 1'000), again = first;
  again.gross_minor = 800;
  stream.all.emplace_back(first);
  stream.all.emplace_back(again);
  TallyOptions options;
  options.watch_names = true;
  bool twice = false;
  const BridgeOrders summed = tallied(stream, options, &twice);
  EXPECT_TRUE(twice);
  EXPECT_EQ(summed.sums.counted.orders, 1);
  EXPECT_TRUE(summed.sums.counted.gross == 800);
}

TEST(OrderTally, RatesThatCannotBeReadAreAnError) {
  TestShop shop;
  TallyOptions options;
  options.currency = kEur;
  options.rates = []() -> Result<money::RateTable> { return fail(Errc::kCorrupt, "no rates"); };
  OrderTally tally(options, {});
  auto order = shop.make("ann", "2024-01-03", 1'000);
  order.currency = kEur;
  EXPECT_TRUE(tally.order(order));
  order.currency = kUsd;
  const auto refused = tally.order(order);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kCorrupt);
}

}  // namespace
}  // namespace behoud::retention::report
