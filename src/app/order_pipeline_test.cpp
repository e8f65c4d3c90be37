#include "app/order_pipeline.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace behoud::app {
namespace {

// Everything that was said, as text, so that it can outlive the views.
class Journal : public ingest::OrderSink {
 public:
  Result<void> order(const ledger::OrderAssertion& o) override {
    if (text.size() >= fail_after_) return fail(Errc::kUnavailable, "the disk is full");
    std::string line = "order";
    for (const std::string_view part :
         {o.order_id, o.alias, o.customer.value, o.email, o.phone, o.name, o.status, o.coupon, o.source, o.country}) {
      line += "|" + std::string{part};
    }
    line += "|" + std::to_string(o.gross_minor.value_or(-1)) + "|" + std::to_string(o.line);
    for (const auto& l : o.lines)
      line += "/" + std::string{l.item} + "," + std::string{l.name} + "," + std::to_string(l.amount_minor);
    for (const auto& r : o.refunds) line += "~" + std::string{r.id} + "," + std::to_string(r.minor);
    text.push_back(std::move(line));
    return {};
  }
  Result<void> refund(const ingest::LooseRefund& r) override {
    if (text.size() >= fail_after_) return fail(Errc::kUnavailable, "the disk is full");
    text.push_back("refund|" + std::string{r.customer.value} + "|" + std::to_string(r.amount.minor));
    return {};
  }
  bool start_over() override {
    text.clear();
    fail_after_ = static_cast<std::size_t>(-1);
    return true;
  }
  std::vector<std::string> text;
  std::size_t fail_after_ = static_cast<std::size_t>(-1);
};

// Says order i to a sink, in buffers that are gone afterwards.
Result<void> say(ingest::OrderSink& sink, std::size_t i, std::size_t text_bytes = 5) {
  const std::string id = "id-" + std::to_string(i);
  const std::string long_text(text_bytes, static_cast<char>('a' + i % 26));
  if (i % 7 == 3) {
    return sink.refund({{ledger::IdentitySpace::kEmail, long_text}, {}, {static_cast<std::int64_t>(i), {}}, i});
  }
  std::vector<ledger::OrderLine> lines;
  for (std::size_t n = 0; n < i % 4; ++n) lines.push_back({id, long_text, 1000, static_cast<std::int64_t>(n)});
  const ledger::RefundPart part{id, {}, static_cast<std::int64_t>(i)};
  ledger::OrderAssertion o;
  o.order_id = id;
  o.customer = {ledger::IdentitySpace::kEmail, long_text};
  o.name = long_text;
  o.gross_minor = static_cast<std::int64_t>(i);
  o.lines = lines;
  if (i % 5 == 0) o.refunds = {&part, 1};
  o.line = i;
  return sink.order(o);
}

RC_GTEST_PROP(OrderPipeline, WhatArrivesIsWhatWasSaidInTheSameOrder, ()) {
  const auto count = *rc::gen::inRange<std::size_t>(0, 3 * OrderPipeline::kBatchOrders);
  const auto bytes = *rc::gen::element<std::size_t>(0, 1, 16, 17, 5000);
  Journal straight;
  Journal through;
  OrderPipeline pipeline(through);
  for (std::size_t i = 0; i < count; ++i) {
    RC_ASSERT(say(straight, i, bytes).has_value());
    RC_ASSERT(say(pipeline, i, bytes).has_value());
  }
  RC_ASSERT(pipeline.finish().has_value());
  RC_ASSERT(through.text == straight.text);
}

// Keeps what it is told, field by field.
class Keeping : public ingest::OrderSink {
 public:
  Result<void> order(const ledger::OrderAssertion& o) override {
    orders.push_back(o);
    return {};
  }
  Result<void> refund(const ingest::LooseRefund& r) override {
    refunds.push_back(r);
    return {};
  }
  std::vector<ledger::OrderAssertion> orders;  // while the batch lives
  std::vector<ingest::LooseRefund> refunds;
};

void expect_same(const ledger::OrderAssertion& is, const ledger::OrderAssertion& was) {
  RC_ASSERT(is.order_id == was.order_id);
  RC_ASSERT(is.alias == was.alias);
  RC_ASSERT(is.customer == was.customer);
  RC_ASSERT(is.email == was.email);
  RC_ASSERT(is.phone == was.phone);
  RC_ASSERT(is.name == was.name);
  RC_ASSERT(is.placed == was.placed);
  RC_ASSERT(is.updated_at == was.updated_at);
  RC_ASSERT(is.status == was.status);
  RC_ASSERT(is.currency == was.currency);
  RC_ASSERT(is.gross_minor == was.gross_minor);
  RC_ASSERT(is.total_minor == was.total_minor);
  RC_ASSERT(is.tax_minor == was.tax_minor);
  RC_ASSERT(is.shipping_minor == was.shipping_minor);
  RC_ASSERT(is.discount_minor == was.discount_minor);
  RC_ASSERT(is.refund_minor == was.refund_minor);
  RC_ASSERT(is.refunded_at == was.refunded_at);
  RC_ASSERT(is.cancelled_at == was.cancelled_at);
  RC_ASSERT(is.units_milli == was.units_milli);
  RC_ASSERT(is.coupon == was.coupon);
  RC_ASSERT(is.source == was.source);
  RC_ASSERT(is.country == was.country);
  RC_ASSERT(std::ranges::equal(is.lines, was.lines));
  RC_ASSERT(std::ranges::equal(is.refunds, was.refunds));
  RC_ASSERT(is.test == was.test);
  RC_ASSERT(is.line == was.line);
}

// What each of `count` orders says, and nothing else, whatever the one before it said. Its texts are written over.
RC_GTEST_PROP(OrderBatch, KeepsEveryFieldOfEveryOrder, ()) {
  struct Said {
    std::array<std::string, 10> texts;
    std::vector<std::string> line_texts;
    std::vector<ledger::OrderLine> lines;
    std::vector<ledger::RefundPart> refunds;
    ledger::OrderAssertion order;
  };
  const auto maybe = [](auto value) { return *rc::gen::arbitrary<bool>() ? std::optional(value) : std::nullopt; };
  const auto number = [] { return *rc::gen::arbitrary<std::int64_t>(); };
  const auto minor = [&] { return maybe(number()); };
  const auto instant = [&] { return maybe(calendar::Instant{number()}); };
  const auto text = [] {
    const auto size = *rc::gen::element<std::size_t>(0, 0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 40, 5000);
    std::string out(size, ' ');
    for (char& c : out) c = *rc::gen::element('a', 'b', '\xE2', '\0');
    return out;
  };
  const auto count = *rc::gen::inRange<std::size_t>(0, 12);
  std::vector<Said> said(count), copies(count);
  OrderBatch batch;
  if (*rc::gen::arbitrary<bool>()) {  // one that has been used
    ledger::OrderAssertion before;
    before.order_id = "before";
    for (int i = 0; i < 3; ++i) batch.add(before);
    batch.clear();
  }
  for (std::size_t i = 0; i < count; ++i) {
    Said& s = said[i];
    for (std::string& t : s.texts) t = text();
    for (std::size_t n = *rc::gen::inRange<std::size_t>(0, 4); n > 0; --n) s.line_texts.push_back(text());
    ledger::OrderAssertion& o = s.order;
    o.customer.space = static_cast<ledger::IdentitySpace>(*rc::gen::inRange(0, 5));
    if (*rc::gen::arbitrary<bool>()) o.placed = calendar::Moment{{number()}, *rc::gen::arbitrary<bool>()};
    o.updated_at = instant();
    o.refunded_at = instant();
    o.cancelled_at = instant();
    o.gross_minor = minor();
    o.total_minor = minor();
    o.tax_minor = minor();
    o.shipping_minor = minor();
    o.discount_minor = minor();
    o.refund_minor = minor();
    o.units_milli = minor();
    o.currency = *rc::gen::element(money::Currency::none(), *money::Currency::parse("EUR"));
    o.test = *rc::gen::arbitrary<bool>();
    o.line = static_cast<std::uint64_t>(number());
    for (std::size_t n = 0; n < s.line_texts.size(); ++n) {
      s.lines.push_back({{}, {}, number(), number()});
      s.refunds.push_back({{}, instant(), number()});
    }
    if (*rc::gen::arbitrary<bool>()) s.lines.clear();
    if (*rc::gen::arbitrary<bool>()) s.refunds.clear();
    copies[i] = s;
  }
  const auto point = [](Said& s) {
    ledger::OrderAssertion& o = s.order;
    const std::array<std::string_view*, 10> texts{&o.order_id, &o.alias,  &o.customer.value, &o.email,  &o.phone,
                                                  &o.name,     &o.status, &o.coupon,         &o.source, &o.country};
    for (std::size_t t = 0; t < texts.size(); ++t) *texts[t] = s.texts[t];
    for (std::size_t n = 0; n < s.lines.size(); ++n) s.lines[n].item = s.lines[n].name = s.line_texts[n];
    for (std::size_t n = 0; n < s.refunds.size(); ++n) s.refunds[n].id = s.line_texts[n];
    o.lines = s.lines;
    o.refunds = s.refunds;
  };
  for (std::size_t i = 0; i < count; ++i) {
    point(said[i]);
    point(copies[i]);
    batch.add(copies[i].order);
    batch.add(ingest::LooseRefund{copies[i].order.customer, {{static_cast<std::int64_t>(i)}, true}, {7, {}}, i});
    for (std::string& t : copies[i].texts) std::ranges::fill(t, '#');
    for (std::string& t : copies[i].line_texts) std::ranges::fill(t, '#');
  }
  RC_ASSERT(batch.size() == 2 * count);
  Keeping kept;
  RC_ASSERT(batch.hand_to(kept).has_value());
  RC_ASSERT(kept.orders.size() == count);
  RC_ASSERT(kept.refunds.size() == count);
  for (std::size_t i = 0; i < count; ++i) {
    expect_same(kept.orders[i], said[i].order);
    RC_ASSERT(kept.refunds[i].customer == said[i].order.customer);
    RC_ASSERT(kept.refunds[i].at == (calendar::Moment{{static_cast<std::int64_t>(i)}, true}));
    RC_ASSERT(kept.refunds[i].line == i);
  }
}

TEST(OrderPipeline, TextsLargerThanABlockArriveWhole) {
  Journal straight;
  Journal through;
  OrderPipeline pipeline(through);
  for (std::size_t i = 0; i < 20; ++i) {
    ASSERT_TRUE(say(straight, i, 300'000));
    ASSERT_TRUE(say(pipeline, i, 300'000));
  }
  ASSERT_TRUE(pipeline.finish());
  EXPECT_EQ(through.text, straight.text);
}

TEST(OrderPipeline, AnErrorOfTheTakerStopsTheReadingAndComesOut) {
  for (const std::size_t after : {std::size_t{0}, std::size_t{10}, 5 * OrderPipeline::kBatchOrders}) {
    Journal taker;
    taker.fail_after_ = after;
    OrderPipeline pipeline(taker);
    std::size_t said = 0;
    while (said < 1'000'000 && say(pipeline, said)) ++said;
    EXPECT_LE(said, after + (OrderPipeline::kBatches + 1) * OrderPipeline::kBatchOrders) << "the reading was stopped";
    const auto finished = pipeline.finish();
    ASSERT_FALSE(finished);
    EXPECT_EQ(finished.error().message, "the disk is full");
    EXPECT_EQ(taker.text.size(), after);
  }
}

TEST(OrderPipeline, CanBeLeftInTheMiddle) {
  Journal taker;
  OrderPipeline pipeline(taker);
  for (std::size_t i = 0; i < 2 * OrderPipeline::kBatchOrders; ++i) ASSERT_TRUE(say(pipeline, i));
}

RC_GTEST_PROP(OrderPipeline, StartsOverAsIfNothingHadBeenSaid, ()) {
  const auto before = *rc::gen::inRange<std::size_t>(0, 3 * OrderPipeline::kBatchOrders);
  const auto behind = *rc::gen::inRange<std::size_t>(0, 3 * OrderPipeline::kBatchOrders);
  Journal straight, through;
  through.fail_after_ = *rc::gen::inRange<std::size_t>(0, 4 * OrderPipeline::kBatchOrders);
  OrderPipeline pipeline(through);
  for (std::size_t i = 0; i < before; ++i) {
    if (!say(pipeline, i)) break;
  }
  RC_ASSERT(pipeline.start_over());
  for (std::size_t i = 0; i < behind; ++i) {
    RC_ASSERT(say(straight, i).has_value());
    RC_ASSERT(say(pipeline, i).has_value());
  }
  RC_ASSERT(pipeline.finish().has_value());
  RC_ASSERT(through.text == straight.text);
}

TEST(OrderPipeline, CannotStartOverWhereItsTakerCannot) {
  class Plain : public ingest::OrderSink {
    Result<void> order(const ledger::OrderAssertion&) override { return {}; }
    Result<void> refund(const ingest::LooseRefund&) override { return {}; }
  } plain;
  OrderPipeline pipeline(plain);
  EXPECT_FALSE(pipeline.start_over());
  ASSERT_TRUE(say(pipeline, 1).has_value());
  EXPECT_TRUE(pipeline.finish().has_value());
}

}  // namespace
}  // namespace behoud::app
