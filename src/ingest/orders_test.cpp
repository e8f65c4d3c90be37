#include "ingest/orders.h"

#include <gtest/gtest.h>

#include "ingest/orders_for_tests.h"

namespace behoud::ingest {
namespace {

std::int64_t ms(int y, unsigned m, unsigned d, int hour = 0, int minute = 0, int second = 0) {
  return calendar::civil(y, m, d).number * calendar::kMsPerDay + ((hour * 60 + minute) * 60 + second) * 1000;
}

TEST(ReadOrders, ReadsAPlainTableByItsNames) {
  const auto r = read_text(
      "order_id,customer,date,amount,currency,status\n"
      "1001,c1,2024-03-01,12.50,EUR,paid\n"
      "1002,c2,2024-03-02,7.00,EUR,PAID\n"
      "#1003,c1,2024-03-05,20,EUR, pending\n");
  ASSERT_TRUE(r) << r.error().message;
  ASSERT_EQ(r->seen.orders.size(), 3u);
  const OwnedOrder& first = r->seen.orders[0];
  EXPECT_EQ(first.id, "1001");
  EXPECT_EQ(first.customer, "c1");
  EXPECT_EQ(first.at_ms, ms(2024, 3, 1));
  EXPECT_TRUE(first.date_only);
  EXPECT_EQ(first.gross, 1250);
  EXPECT_EQ(first.total, 1250);
  EXPECT_EQ(first.currency, "EUR");
  EXPECT_EQ(first.status, "paid");
  EXPECT_EQ(r->seen.orders[2].id, "1003");
  EXPECT_EQ(r->seen.orders[2].status, "pending");
  EXPECT_EQ(r->facts.currency.code(), "EUR");
  EXPECT_EQ(r->facts.first_day, calendar::civil(2024, 3, 1));
  EXPECT_EQ(r->facts.last_day, calendar::civil(2024, 3, 5));
  EXPECT_EQ(bridge_fault(r->facts), "");
}

TEST(ReadOrders, ReadsShopifyWithTaxInThePrice) {
  const auto r = read_text(
      "Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount "
      "Amount,Created "
      "at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Country,Cancelled at,Refunded "
      "Amount,Id,Source\n"
      "#1001,A@Example.com,paid,,EUR,24.20,5.00,5.07,29.20,WELCOME,2.00,2024-03-01 13:05:07 +0100,1,Coffee,14.20,SKU-1,"
      "NL,,0.00,5000000001,web\n"
      "#1001,a@example.com,,,,,,,,,,2024-03-01 13:05:07 +0100,1,Tea,12.00,SKU-2,,,,,\n"
      "#1002,b@example.com,partially_refunded,,EUR,100.00,0.00,21.00,121.00,,0.00,2024-03-02 09:00:00 "
      "+0100,2,Pot,50.00,"
      "SKU-3,BE,,12.10,5000000002,web\n");
  ASSERT_TRUE(r) << r.error().message;
  ASSERT_EQ(r->facts.files[0].system, "shopify");
  ASSERT_EQ(r->seen.orders.size(), 2u);
  const OwnedOrder& one = r->seen.orders[0];
  EXPECT_EQ(one.id, "1001");
  EXPECT_EQ(one.alias, "5000000001");
  EXPECT_EQ(one.customer, "a@example.com");
  EXPECT_EQ(one.at_ms, ms(2024, 3, 1, 12, 5, 7));
  EXPECT_EQ(one.gross, 1913);  // 24.20 - 5.07: subtotal + shipping = total
  EXPECT_EQ(one.total, 2920);
  EXPECT_EQ(one.tax, 507);
  EXPECT_EQ(one.coupon, "WELCOME");
  ASSERT_EQ(one.lines.size(), 2u);
  EXPECT_EQ(one.lines[0].amount_minor + one.lines[1].amount_minor, 1913);
  EXPECT_EQ(one.units, 2000);
  const OwnedOrder& two = r->seen.orders[1];
  EXPECT_EQ(two.gross, 10000);
  EXPECT_EQ(two.refund, 1210);
  EXPECT_EQ(bridge_fault(r->facts), "");
}

TEST(ReadOrders, GathersRowsOfAnOrderThatLieApart) {
  const auto r = read_text(
      "order,customer,date,amount\n"
      "1,c1,2024-03-01,10\n"
      "2,c2,2024-03-02,5\n"
      "1,c1,2024-03-01,2.50\n"
      "3,c3,2024-03-03,1\n"
      "2,c2,2024-03-02,6\n");
  ASSERT_TRUE(r) << r.error().message;
  ASSERT_EQ(r->seen.orders.size(), 3u);
  EXPECT_EQ(r->seen.find("1")->gross, 1250);
  EXPECT_EQ(r->seen.find("2")->gross, 1100);
  EXPECT_EQ(r->seen.find("3")->gross, 100);
  EXPECT_EQ(bridge_fault(r->facts), "");
}

TEST(ReadOrders, ReadsAnAmountThatIsEqualInEveryRowOfItsOrdersAsTheirTotalAndSaysSo) {
  const auto r = read_text(
      "order,customer,date,amount\n"
      "1,c1,2024-03-01,10\n"
      "1,c1,2024-03-01,10.00\n"
      "2,c2,2024-03-02,5\n"
      "2,c2,2024-03-02,\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->seen.find("1")->gross, 1000);
  EXPECT_EQ(r->seen.find("2")->gross, 500);
  ASSERT_EQ(r->facts.notices.size(), 1u);
  EXPECT_EQ(r->facts.notices[0].key, "ingest.notice.read_as_total");
  EXPECT_EQ(r->facts.notices[0].args.at("column"), "amount");
}

TEST(ReadOrders, MakesOneOrderOfRowsOfACustomerOnADayWithoutOrderIds) {
  auto options = test_options();
  options.map = Mapping{{{Role::kCustomer, "#1"}, {Role::kDate, "#2"}, {Role::kAmount, "#3"}}};
  const auto r = read_text(
      "00004,19970101,29.33\n"
      "00004,19970101,29.33\n"
      "00021,19970101,63.34\n"
      "00004,19970118,29.73\n"
      "00021,19970101,11.77\n",
      options);
  ASSERT_TRUE(r) << r.error().message;
  ASSERT_EQ(r->seen.orders.size(), 3u);
  std::map<std::string, std::int64_t> sums;
  for (const auto& o : r->seen.orders) sums[o.customer + "@" + std::to_string(*o.at_ms)] = *o.gross;
  EXPECT_EQ(sums.at("00004@" + std::to_string(ms(1997, 1, 1))), 5866);
  EXPECT_EQ(sums.at("00021@" + std::to_string(ms(1997, 1, 1))), 7511);
  EXPECT_FALSE(r->facts.files[0].header);
  EXPECT_EQ(bridge_fault(r->facts), "");
}

}  // namespace
}  // namespace behoud::ingest
