#include "ingest/order_money.h"

#include <gtest/gtest.h>

namespace behoud::ingest {
namespace {

using Minor = std::optional<std::int64_t>;

TEST(OrderMoney, FollowsTheTableInItsHeader) {
  const MoneyRules equation{}, shopify{.subtotal = SubtotalRule::kShopify}, lesser{.subtotal = SubtotalRule::kLesser},
      net_total{.subtotal = SubtotalRule::kNetTotal}, gross_shipping{.subtotal = SubtotalRule::kNetTotalGrossShipping},
      net{.amount_net = true}, of_order{.amount_of_order = true}, amazon{.discount_in_amount = false};
  const struct {
    const char* what;
    StatedMoney stated;  // total, amount, subtotal, tax, shipping, discount
    MoneyRules rules;
    std::int64_t gross, total;
    Minor tax, shipping;
  } cases[] = {
      {"shopify, tax within", {12100, {}, 12100, 2100, 0, {}}, shopify, 10000, 12100, 2100, 0},
      {"shopify, tax within, shipping beside", {12595, {}, 12100, 2100, 495, {}}, shopify, 10000, 12595, 2100, 495},
      {"shopify, tax on top", {12595, {}, 10000, 2100, 495, {}}, shopify, 10000, 12595, 2100, 495},
      {"shopify, no tax", {10495, {}, 10000, 0, 495, {}}, shopify, 10000, 10495, 0, 495},
      {"shopify, gift card", {7595, {}, 10000, 2100, 495, {}}, shopify, 10000, 7595, 2100, 495},
      {"equation: tax within", {12595, {}, 12100, 2100, 495, 500}, equation, 10000, 12595, 2100, 495},
      {"equation: tax on top", {12595, {}, 10000, 2100, 495, 500}, equation, 10000, 12595, 2100, 495},
      {"equation: discount still in, tax on top", {12095, {}, 10000, 2100, 495, 500}, equation, 9500, 12095, 2100, 495},
      {"equation: discount still in, tax within", {11600, {}, 12100, 2100, 0, -500}, equation, 9500, 11600, 2100, 0},
      {"equation: none holds", {15000, {}, 10000, 2100, 495, {}}, equation, 12405, 15000, 2100, 495},
      {"magento, discount before tax", {11595, {}, 10000, {}, 495, {}}, lesser, 10000, 11595, {}, 495},
      {"magento, great discount", {8495, {}, 10000, {}, 495, {}}, lesser, 8000, 8495, {}, 495},
      {"shopware", {11900, {}, 10000, {}, 500, {}}, net_total, 9500, 11900, 1900, 500},
      {"lightspeed", {12100, {}, 10000, {}, 605, {}}, gross_shipping, 9500, 12100, 2100, 500},
      {"lightspeed, nothing to pay", {0, {}, 0, {}, 0, {}}, gross_shipping, 0, 0, 0, 0},
      {"total alone", {10000, {}, {}, {}, {}, {}}, equation, 10000, 10000, {}, {}},
      {"total, tax, shipping", {12595, {}, {}, 2100, 495, {}}, equation, 10000, 12595, 2100, 495},
      {"total and lines without tax", {12595, 10000, {}, 2100, 495, {}}, equation, 10000, 12595, 2100, 495},
      {"total and lines with tax", {12595, 12100, {}, 2100, 495, {}}, equation, 10000, 12595, 2100, 495},
      {"total and lines that do not fit", {13000, 12100, {}, 2100, 495, {}}, equation, 10405, 13000, 2100, 495},
      {"total and lesser lines, nothing else", {12595, 10000, {}, {}, {}, {}}, equation, 10000, 12595, {}, {}},
      {"total and greater lines: a discount", {9000, 10000, {}, {}, {}, {}}, equation, 9000, 9000, {}, {}},
      {"amount of the order", {{}, 12595, {}, 2100, 495, {}}, of_order, 10000, 12595, 2100, 495},
      {"amounts of lines", {{}, 12100, {}, 2100, 495, {}}, equation, 10000, 12595, 2100, 495},
      {"amounts without tax", {{}, 10000, {}, 2100, 495, {}}, net, 10000, 12595, 2100, 495},
      {"amazon", {{}, 12100, {}, 2100, 499, 1210}, amazon, 8790, 11389, 2100, 499},
      {"subtotal alone", {{}, {}, 10000, 2100, 495, {}}, equation, 10000, 12595, 2100, 495},
      {"never below nothing", {0, {}, {}, 100, 495, {}}, equation, 0, 0, 100, 495},
      {"zero counts", {0, {}, {}, {}, {}, {}}, equation, 0, 0, {}, {}},
  };
  for (const auto& c : cases) {
    const auto settled = settle(c.stated, c.rules);
    ASSERT_TRUE(settled) << c.what;
    EXPECT_EQ(settled->gross, c.gross) << c.what;
    EXPECT_EQ(settled->total, c.total) << c.what;
    EXPECT_EQ(settled->tax, c.tax) << c.what;
    EXPECT_EQ(settled->shipping, c.shipping) << c.what;
    // And of amounts that are reckoned with in 128 bits.
    constexpr std::int64_t kMuch = INT64_MAX / 8 / 5000;
    StatedMoney much = c.stated;
    for (Minor* amount : {&much.total, &much.amount, &much.subtotal, &much.tax, &much.shipping, &much.discount}) {
      if (*amount) **amount *= kMuch;
    }
    const auto settled_much = settle(much, c.rules);
    ASSERT_TRUE(settled_much) << c.what;
    EXPECT_EQ(settled_much->gross, c.gross * kMuch) << c.what;
    EXPECT_EQ(settled_much->total, c.total * kMuch) << c.what;
    EXPECT_EQ(settled_much->tax_contained, settled->tax_contained) << c.what;
  }
}

TEST(OrderMoney, SaysWhenNothingIsStatedOrItIsTooMuch) {
  EXPECT_FALSE(settle({}, {}));
  EXPECT_FALSE(settle({{}, {}, {}, 100, 495, {}}, {}));
  StatedMoney huge;
  huge.amount = INT64_MAX;
  huge.tax = 100;
  EXPECT_FALSE(settle(huge, {.amount_net = true}));
}

}  // namespace
}  // namespace behoud::ingest
