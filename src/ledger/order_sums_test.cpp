#include "ledger/order_sums.h"

#include <gtest/gtest.h>

namespace behoud::ledger {
namespace {

TEST(OrderSums, FitUpToTheLastUnitOf64Bits) {
  OrderSums sums;
  sums.add(OrderSums::kGross, INT64_MAX - 1);
  sums.add(OrderSums::kGross, 1);
  EXPECT_TRUE(sums.fit());
  sums.add(OrderSums::kTotal, INT64_MAX);
  EXPECT_TRUE(sums.fit()) << "each kind by itself";
  EXPECT_FALSE(sums.within(INT64_MAX - 1));
  OrderSums one;
  one.add(OrderSums::kGross, 1);
  sums.add(one);
  EXPECT_FALSE(sums.fit());
  EXPECT_EQ(sums.together(), INT64_MAX);
  EXPECT_EQ(one.together(), 1);
}

TEST(OrderSums, AreOfMagnitudesSoThatNoSumOfSomeIsGreater) {
  OrderSums sums;
  sums.add(OrderSums::kGross, INT64_MAX);
  sums.add(OrderSums::kGross, -1);
  EXPECT_FALSE(sums.fit());
  OrderSums least;
  least.add(OrderSums::kTax, INT64_MIN);
  EXPECT_FALSE(least.fit());
}

TEST(OrderSums, OfAnOrderHaveEveryAmountOfIt) {
  constexpr OrderSums::Kind kinds[] = {OrderSums::kGross,    OrderSums::kTotal,    OrderSums::kTax,
                                       OrderSums::kShipping, OrderSums::kDiscount, OrderSums::kRefunds,
                                       OrderSums::kUnits};
  for (const OrderSums::Kind kind : kinds) {
    OrderAssertion o;
    (kind == OrderSums::kGross      ? o.gross_minor
     : kind == OrderSums::kTotal    ? o.total_minor
     : kind == OrderSums::kTax      ? o.tax_minor
     : kind == OrderSums::kShipping ? o.shipping_minor
     : kind == OrderSums::kDiscount ? o.discount_minor
     : kind == OrderSums::kRefunds  ? o.refund_minor
                                    : o.units_milli) = 7;
    OrderSums sums;
    sums.add(o);
    EXPECT_TRUE(sums.within(7)) << int{kind};
    EXPECT_FALSE(sums.within(6)) << int{kind};
  }
  const RefundPart parts[] = {{"a", std::nullopt, 3}, {"b", std::nullopt, 4}};
  OrderSums sums;
  sums.add(parts);
  EXPECT_TRUE(sums.within(7));
  EXPECT_FALSE(sums.within(6));
}

}  // namespace
}  // namespace behoud::ledger
