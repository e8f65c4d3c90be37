#include "retention/internal/order_timeline.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/json_writer.h"
#include "retention/answer_json.h"
#include "retention/internal/view.h"
#include "retention/oracle.h"
#include "retention/random_shop.h"
#include "retention/test_shop.h"

namespace behoud::retention {
namespace {

RC_GTEST_PROP(OrderTimeline, HasTheOrdersThatCountAtItsMoment, ()) {
  const RandomShop shop = any_shop();
  const auto view = View::create(shop.histories, any_question(shop).as_of);
  const Purchases& purchases = view->purchases();
  const OrderTimeline orders(shop.histories, purchases);
  RC_ASSERT((orders.timeline() != nullptr) == (purchases.size() > 0));
  if (purchases.size() == 0) return;
  const timeline::Timeline& t = *orders.timeline();
  RC_ASSERT(t.parts[0].segment.check(t.scale).has_value());
  RC_ASSERT(t.customers() == purchases.customers());
  RC_ASSERT(t.orders() == purchases.size());
  RC_ASSERT(t.events() == 0U);
  for (std::uint32_t c = 0; c < purchases.customers(); ++c) {
    const auto customer = timeline::find_customer(t, c);
    const auto days = purchases.days_of(c);
    RC_ASSERT(customer->orders() == days.size());
    for (std::uint32_t i = 0; i < days.size(); ++i) {
      RC_ASSERT(t.scale.day(customer->order_day(i)) == days[i]);
      RC_ASSERT(customer->order_row(i) == purchases.begin[c] + i);
    }
  }
}

template <class Answer>
std::string json_of(const Answer& answer) {
  std::string out;
  JsonWriter json(out);
  write_json(json, answer);
  return out;
}

// A mistyped year: the engine's days do not reach so far, and the answers are those of the definitions all the same.
TEST(OrderTimeline, OfAShopOfTwoCenturiesThereIsNone) {
  const timeline::Histories h = TestShop()
                                    .order("a", "1992-01-03", 1000)
                                    .order("b", "2024-02-03", 500)
                                    .order("b", "2024-03-01", 700)
                                    .order("a", "2204-03-01", 800)
                                    .histories();
  const auto view = View::create(h, std::nullopt);
  EXPECT_EQ(OrderTimeline(h, view->purchases()).timeline(), nullptr);
  EXPECT_EQ(OrderTimeline(h, view->purchases()).bytes(), 0);
  for (const Split split : {Split::kNone, Split::kSource}) {
    Question q;
    q.grain = {calendar::Grain::Unit::kYear, 1};
    q.split = split;
    EXPECT_EQ(json_of(answer_retention(h, {}, q).value()), json_of(oracle::retention(h, {}, q)));
    EXPECT_EQ(json_of(answer_cohorts(h, {}, q).value()), json_of(oracle::cohorts(h, {}, q)));
    EXPECT_EQ(json_of(answer_value(h, {}, q).value()), json_of(oracle::value(h, {}, q)));
  }
}

}  // namespace
}  // namespace behoud::retention
