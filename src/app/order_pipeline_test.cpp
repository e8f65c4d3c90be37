#include "app/order_pipeline.h"

#include <string>

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
