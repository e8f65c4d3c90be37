#include "ingest/orders.h"

#include <array>
#include <map>

#include <gtest/gtest.h>

#include "ingest/orders_for_tests.h"
#include "ledger/bounds.h"

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

// Customer numbers are a source's own; order numbers, e-mail addresses and telephone numbers are everybody's.
TEST(ReadOrders, PutsCustomerIdsAloneIntoTheNamespaceOfTheirSource) {
  ReadOptions options = test_options();
  options.source = "till";
  const auto r = read_text(
      "order_id,customer,email,phone,date,amount\n"
      "1001,17,ann@example.com,,2024-03-01,1\n"
      "1002,,bob@example.com,,2024-03-02,1\n"
      "1003,cas@example.com,,,2024-03-02,1\n"
      "1004,,,+31612345678,2024-03-03,1\n",
      options);
  ASSERT_TRUE(r) << r.error().message;
  ASSERT_EQ(r->seen.orders.size(), 4u);
  const char* customers[] = {"till:17", "bob@example.com", "cas@example.com", "+31612345678"};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(r->seen.orders[i].id, std::to_string(1001 + i));
    EXPECT_EQ(r->seen.orders[i].customer, customers[i]);
  }
}

TEST(ReadOrders, KeepsOrdersWithoutIdsOfTwoSourcesApartByTheirCustomers) {
  constexpr std::string_view text = "customer,date,amount\n17,2024-03-01,1\nann@example.com,2024-03-01,1\n";
  ReadOptions options = test_options();
  options.source = "till";
  const auto till = read_text(text, options);
  options.source = "web";
  const auto web = read_text(text, options);
  ASSERT_TRUE(till && web);
  EXPECT_NE(till->seen.orders[0].id, web->seen.orders[0].id) << "two people";
  EXPECT_EQ(till->seen.orders[1].id, web->seen.orders[1].id) << "one person, one day";
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

TEST(ReadOrders, SaysNothingOfTotalsWhereAnOrderIsAPaymentAndItsRefund) {
  const auto r = read_text("order,customer,date,amount\n1,c1,2024-03-01,50\n1,c1,2024-03-05,-20\n2,c2,2024-03-06,7\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_TRUE(r->facts.notices.empty()) << r->facts.notices[0].key;
  ASSERT_EQ(r->seen.orders.size(), 2u);
  EXPECT_EQ(r->seen.orders[0].gross, 5000);
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

// ---- errors ----

TEST(ReadOrdersErrors, AsksForTheDateFormatWhenTheColumnCannotTell) {
  const char* text = "order,customer,date,amount\n1,c1,03/04/2024,1.00\n2,c2,05/06/2024,2.00\n";
  Collect seen;
  const MemoryTable table = MemoryTable::of(text);
  const OpenFile file{{&table}};
  const auto facts = read_order_tables({&file, 1}, test_options(), seen);
  ASSERT_FALSE(facts);
  EXPECT_EQ(facts.error().code, Errc::kBadInput);
  EXPECT_EQ(facts.error().place, (Place{"orders.csv", 2, "date"}));
  EXPECT_NE(facts.error().hint.find("--date-format"), std::string::npos);
  EXPECT_TRUE(seen.orders.empty()) << "nothing was passed on before the error was known";

  auto options = test_options();
  options.date_format = "MDY";
  const auto r = read_text(text, options);
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->seen.orders[0].at_ms, ms(2024, 3, 4));
  EXPECT_EQ(r->facts.files[0].date_format, "MDY");
  options.date_format = "%d/%m/%Y";
  EXPECT_EQ(read_text(text, options)->seen.orders[0].at_ms, ms(2024, 4, 3));
  options.date_format = "whenever";
  ASSERT_FALSE(read_text(text, options));
  EXPECT_EQ(read_text(text, options).error().code, Errc::kInvalidArgument);
}

TEST(ReadOrdersErrors, DecidesDatesFromTheLastRowAsWellAsFromTheFirst) {
  std::string text = "order,customer,date,amount\n";
  for (int i = 0; i < 3000; ++i) text += std::to_string(i) + ",c1,03/04/2024,1.00\n";
  const auto r = read_text(text + "x,c2,25/04/2024,2.00\n");  // far beyond the sample
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->seen.orders[0].at_ms, ms(2024, 4, 3));
  const auto mixed = read_text(text + "x,c2,25/04/2024,2.00\ny,c3,04/25/2024,2.00\n");
  ASSERT_FALSE(mixed);
  EXPECT_NE(mixed.error().message.find("mixes the order of day and month"), std::string::npos) << mixed.error().message;
  EXPECT_NE(mixed.error().message.find("line 3003"), std::string::npos) << mixed.error().message;
}

TEST(ReadOrdersErrors, AsksForADecimalMarkThatNothingTells) {
  constexpr const char* kText =
      "order_id;customer;date;total;shipping\n1;ann;2024-01-13;1.234;0\n2;bob;2024-01-14;12.500;5\n";
  std::string text = kText;
  std::replace(text.begin(), text.end(), ';', ',');
  const auto asked = read_text(text);
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().code, Errc::kBadInput);
  EXPECT_EQ(asked.error().why.reason, "problem.amounts_ambiguous");
  EXPECT_EQ(asked.error().place, (Place{"orders.csv", 2, "total"}));
  for (const auto& [mark, first, second] : {std::tuple(',', 123'400, 1'250'000), std::tuple('.', 123, 1'250)}) {
    ReadOptions options = test_options();
    options.decimal_mark = mark;
    const auto read = read_text(text, options);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->seen.find("1")->total, first);
    EXPECT_EQ(read->seen.find("2")->total, second);
    EXPECT_EQ(read->facts.files.front().decimal_mark, std::string(1, mark));
    EXPECT_TRUE(read->facts.notices.empty()) << "it was said, not guessed";
  }
}

// A mark that is said holds against the cells: what does not fit it is rejected, with its line.
TEST(ReadOrders, TakesTheDecimalMarkThatIsSaid) {
  ReadOptions options = test_options();
  options.decimal_mark = '.';
  const auto read = read_text(
      "order_id,customer,date,total\n1,ann,2024-01-13,12.50\n2,bob,2024-01-14,13.5\n3,cid,2024-01-15,1.2.3\n", options);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->seen.orders.size(), 2U);
  ASSERT_EQ(read->facts.rejected.size(), 1U);
  EXPECT_EQ(read->facts.rejected[0].place.line, 4U);
  options.decimal_mark = ',';
  const auto other = read_text("order_id,customer,date,total\n1,ann,2024-01-13,12.50\n2,bob,2024-01-14,13\n", options);
  ASSERT_TRUE(other) << other.error().message;
  EXPECT_EQ(other->seen.orders.size(), 1U);
  EXPECT_EQ(other->facts.rejected_count, 1U);
}

TEST(ReadOrdersErrors, NamesALineOfEachDecimalMark) {
  const MemoryTable table(MemoryTable::Rows{
      {"order", "customer", "date", "amount"}, {"1", "c1", "2024-03-01", "1,50"}, {"2", "c1", "2024-03-02", "1.50"}});
  const auto mixed = read_table(table);
  ASSERT_FALSE(mixed);
  EXPECT_EQ(mixed.error().code, Errc::kBadInput);
  EXPECT_NE(mixed.error().message.find("mix decimal marks"), std::string::npos) << mixed.error().message;
  EXPECT_EQ(mixed.error().place.line, 2u);
  EXPECT_EQ(mixed.error().place.column, "amount");
}

TEST(ReadOrdersErrors, NamesAFileThatIsNotThere) {
  Collect seen;
  const auto none = read_orders({"/no/such/file.csv"}, test_options(), seen);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Errc::kNotFound);
  const auto nothing = read_orders({}, test_options(), seen);
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code, Errc::kInvalidArgument);
}

// As soon as it is beyond 64 bits, at the amount that cannot be right; nothing that comes later is looked at.
TEST(ReadOrdersErrors, SaysWhereTheGreatestAmountIsWhenTheSumOfAllIsTooGreat) {
  std::string text = "order,customer,date,amount,status\n0,c1,2024-03-01,20000000000000000.01,paid\n";
  for (int i = 1; i < 4; ++i) text += std::to_string(i) + ",c1,2024-03-01,20000000000000000.00,cancelled\n";
  EXPECT_EQ(read_text(text)->facts.greatest_amount.line, 2u);
  const auto r = read_text(text + "5,c1,2024-03-01,20000000000000000.00,paid\n6,c1,2024-03-01,1.00,paid\n");
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, Errc::kOutOfRange);
  EXPECT_EQ(r.error().place.line, 2u);
  EXPECT_EQ(r.error().place.column, "amount");
  EXPECT_NE(r.error().message.find("line 2, column 'amount'"), std::string::npos) << r.error().message;
  EXPECT_FALSE(r.error().place.file.empty());
  EXPECT_EQ(r.error().why.reason, "problem.sum_too_large");
}

// Orders of lines, in two currencies, with refunds: to the last unit of 64 bits, and one beyond.
TEST(ReadOrdersErrors, TakesSumsUpToTheLastUnitOf64Bits) {
  // 2^61 - 2 is the most that a cell holds; 2^63 - 1 is four of them and 7.
  const std::string cell = "23058430092136939.50";
  const auto file = [&](const std::string& last) {
    return "order,customer,date,amount,currency\n"
           "1,c1,2024-03-01," +
           cell + ",EUR\n1,c1,2024-03-01,0.01,EUR\n1,c1,2024-03-01," + cell +
           ",EUR\n"
           "2,c2,2024-04-01," +
           cell + ",USD\n3,c2,2024-05-01," + cell + ",EUR\n4,c3,2024-05-01," + last + ",EUR\n";
  };
  const auto edge = read_text(file("0.06"));
  ASSERT_TRUE(edge) << edge.error().message;
  EXPECT_EQ(edge->facts.orders, 4u);
  EXPECT_TRUE(edge->facts.sums.within(INT64_MAX));
  EXPECT_FALSE(edge->facts.sums.within(INT64_MAX - 1));
  EXPECT_EQ(bridge_fault(edge->facts), "");
  const auto beyond = read_text(file("0.07"));
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().code, Errc::kOutOfRange);
  EXPECT_EQ(beyond.error().place.line, 2u);

  std::string refunds = "customer,date,amount,currency\nc1,2024-03-01,5.00,EUR\n";
  for (int i = 0; i < 4; ++i) refunds += "c1,2024-03-0" + std::to_string(2 + i) + ",-" + cell + ",EUR\n";
  EXPECT_TRUE(read_text(refunds + "c1,2024-03-07,-0.07,EUR\n"));
  const auto too_many = read_text(refunds + "c1,2024-03-07,-0.08,EUR\n");
  ASSERT_FALSE(too_many);
  EXPECT_EQ(too_many.error().place.line, 3u);
}

TEST(ReadOrdersErrors, RejectsAnOrderOfMoreUnitsThanCanBeCounted) {
  std::string text = "order,customer,date,amount,quantity\n";
  for (int i = 0; i < 5; ++i) text += "1,c1,2024-03-01,1." + std::to_string(i) + "0,2000000000000000\n";
  const auto r = read_text(text + "2,c1,2024-03-01,1.00,1\n");
  ASSERT_TRUE(r) << r.error().message;
  ASSERT_EQ(r->seen.orders.size(), 1u);
  EXPECT_EQ(r->facts.rejected_count, 5u);
  EXPECT_EQ(r->facts.rejected.at(0).reason, "ingest.reject.amount_range");
  EXPECT_EQ(r->facts.rejected.at(0).place.column, "quantity");
}

TEST(ReadOrdersErrors, SaysThatAColumnOfManyWordsIsNotTheStatus) {
  std::string text = "order,customer,date,amount,status\n";
  for (int i = 0; i < 65'535; ++i) text += std::to_string(i) + ",c1,2024-03-01,1.00,word " + std::to_string(i) + "\n";
  text += "a,c1,2024-03-01,1.00,WORD 7\nb,c1,2024-03-01,1.00,\n";
  EXPECT_TRUE(read_text(text));
  const auto r = read_text(text + "c,c1,2024-03-01,1.00,one more\n");
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, Errc::kBadInput);
  EXPECT_EQ(r.error().place.line, 65'539u);
  EXPECT_EQ(r.error().place.column, "status");
  EXPECT_EQ(r.error().why.reason, "problem.statuses_too_many");
}

TEST(ReadOrdersErrors, ReturnsTheSinksOwn) {
  struct Refusing final : OrderSink {
    int orders = 0;
    Result<void> order(const ledger::OrderAssertion&) override {
      if (++orders == 2) return fail(Errc::kUnavailable, "the disk is full");
      return {};
    }
    Result<void> refund(const LooseRefund&) override { return {}; }
  } sink;
  const MemoryTable table =
      MemoryTable::of("order,customer,date,amount\n1,c1,2024-03-01,1\n2,c1,2024-03-02,2\n3,c1,2024-03-03,3\n");
  const OpenFile file{{&table}};
  const auto facts = read_order_tables({&file, 1}, test_options(), sink);
  ASSERT_FALSE(facts);
  EXPECT_EQ(facts.error().code, Errc::kUnavailable);
  EXPECT_EQ(sink.orders, 2);
}

TEST(ReadOrdersErrors, ShowsNoPersonalDataWhenItRejects) {
  const auto r = read_text(
      "order,email,date,amount\n1,a@example.com,2024-03-01,1\n1,b@example.com,2024-03-01,2\n2,c@example.com,2024-03-02,"
      "3\n");
  ASSERT_TRUE(r) << r.error().message;
  ASSERT_EQ(r->facts.rejected.size(), 2u);
  for (const Rejected& j : r->facts.rejected) {
    EXPECT_EQ(j.reason, "ingest.reject.two_customers");
    EXPECT_EQ(j.place.column, "email");
    EXPECT_EQ(j.excerpt, "");
  }
}

// What the ledger would refuse, and its whole file with it, is rejected by itself: at 4,096 bytes a text is taken, at
// one more its order is not, whatever column it is in.
TEST(ReadOrdersErrors, RejectsAnOrderWithATextThatTheLedgerDoesNotTake) {
  const std::string most(ledger::kTextBytesMax, 'x'), over = most + "x";
  const char* const columns[] = {"order", "customer", "status", "coupon", "source", "country", "sku", "product name"};
  constexpr std::size_t kColumns = std::size(columns);
  for (std::size_t c = 0; c < kColumns; ++c) {
    for (const bool fits : {true, false}) {
      MemoryTable::Rows rows{{columns, columns + kColumns}};
      rows[0].insert(rows[0].end(), {"date", "amount", "currency"});
      for (const char* id : {"o-1", "o-2", "o-3"}) {
        rows.push_back({id, "c-1", "paid", "SUMMER", "web", "NL", "A-1", "Mug", "2024-03-01", "1.00", "EUR"});
      }
      rows[2][c] = fits ? most : over;
      const auto r = read_table(MemoryTable(rows));
      ASSERT_TRUE(r) << columns[c] << r.error().message;
      EXPECT_EQ(r->seen.orders.size(), fits ? 3U : 2U) << columns[c];
      EXPECT_EQ(bridge_fault(r->facts), "") << columns[c];
      ASSERT_EQ(r->facts.rejected.size(), fits ? 0U : 1U) << columns[c];
      if (fits) continue;
      const Rejected& j = r->facts.rejected[0];
      EXPECT_EQ(j.reason, "ingest.reject.text_too_long");
      EXPECT_EQ(j.place.column, columns[c]);
      EXPECT_EQ(j.place.line, 3U);
      EXPECT_LE(j.excerpt.size(), 80U);
    }
  }
}

TEST(ReadOrdersErrors, ShowsNothingOfANameThatIsTooLong) {
  const std::string over(ledger::kTextBytesMax + 1, 'x');
  MemoryTable::Rows rows{{"order", "customer", "customer name", "date", "amount", "currency"},
                         {"o-1", "c-1", over, "2024-03-01", "1.00", "EUR"},
                         {"o-2", "c-1", "", "2024-03-02", "1.00", "EUR"}};
  const auto r = read_table(MemoryTable(rows));
  ASSERT_TRUE(r) << r.error().message;
  ASSERT_EQ(r->facts.rejected.size(), 1U);
  EXPECT_EQ(r->facts.rejected[0].reason, "ingest.reject.text_too_long");
  EXPECT_EQ(r->facts.rejected[0].excerpt, "");
}

// The name of the source counts, as it stands before the customer's number in the ledger.
TEST(ReadOrdersErrors, RejectsACustomerWhoseKeyIsTooLongWithItsSource) {
  const std::string fits(ledger::kTextBytesMax - 5, 'x');  // "till:"
  MemoryTable::Rows rows{{"order", "customer", "date", "amount", "currency"},
                         {"o-1", fits, "2024-03-01", "1.00", "EUR"},
                         {"o-2", fits + "x", "2024-03-02", "1.00", "EUR"},
                         {"", fits + "y", "2024-03-02", "-1.00", "EUR"}};
  ReadOptions options = test_options();
  options.source = "till";
  const auto r = read_table(MemoryTable(rows), options);
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->seen.orders.size(), 1U);
  EXPECT_TRUE(r->seen.refunds.empty());
  ASSERT_EQ(r->facts.rejected.size(), 2U);
  EXPECT_EQ(r->facts.rejected[0].place.column, "customer");
  EXPECT_EQ(r->facts.rejected[1].place.line, 4U);
  EXPECT_EQ(bridge_fault(r->facts), "");
}

TEST(ReadOrdersErrors, RejectsAnOrderOfMoreLinesThanTheLedgerTakes) {
  for (const std::size_t lines : {ledger::kOrderLinesMax, ledger::kOrderLinesMax + 1}) {
    MemoryTable::Rows rows{{"order", "customer", "date", "sku", "amount", "currency"}};
    for (std::size_t i = 0; i < lines; ++i) rows.push_back({"o-1", "c-1", "2024-03-01", "A", "1.00", "EUR"});
    rows.push_back({"o-2", "c-1", "2024-03-01", "A", "1.00", "EUR"});
    const auto r = read_table(MemoryTable(rows));
    ASSERT_TRUE(r) << r.error().message;
    const bool fits = lines == ledger::kOrderLinesMax;
    EXPECT_EQ(r->seen.orders.size(), fits ? 2U : 1U);
    EXPECT_EQ(r->facts.rejected_count, fits ? 0U : lines);
    if (!fits) {
      EXPECT_EQ(r->facts.rejected[0].reason, "ingest.reject.order_too_long");
    }
    EXPECT_EQ(bridge_fault(r->facts), "");
  }
}

TEST(ReadOrdersErrors, CutsALongCellToEightyBytesBetweenCharacters) {
  std::string cell;
  for (int i = 0; i < 60; ++i) cell += "\xC3\xA9";  // 120 bytes
  const auto r =
      read_text("order,customer,date,amount\n1,c1,2024-03-01,x" + cell + "\n2,c1,2024-03-02,1\n3,c1,2024-03-02,1\n");
  ASSERT_TRUE(r) << r.error().message;
  ASSERT_EQ(r->facts.rejected.size(), 1u);
  EXPECT_EQ(r->facts.rejected[0].excerpt.size(), 79u);
}

// ---- rows ----

TEST(ReadOrdersRows, RejectsTheRowThatIsCutOffAlsoWhereThereIsOneOther) {
  const auto r = read_text("order,customer,date,amount\n1,c1,2024-03-01,5\n2,c1,2024-03-\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->seen.orders.size(), 1u);
  EXPECT_EQ(r->facts.rejected_count, 1u);
}

TEST(ReadOrdersRows, RejectsARowThatIsCutOffOrTooWide) {
  const auto r = read_text(
      "order,customer,date,amount\n1,c1,2024-03-01,1.00\n2,c1,2024-03-02,2.00\n3,c1,2024-03-03,3.00\n4,c1,2024-03-"
      "04\n");
  ASSERT_TRUE(r) << r.error().message;
  ASSERT_EQ(r->facts.rejected.size(), 1u);
  EXPECT_EQ(r->facts.rejected[0].reason, "ingest.reject.cells");
  EXPECT_EQ(r->facts.rejected[0].place.line, 5u);
  EXPECT_EQ(r->seen.orders.size(), 3u);
  EXPECT_EQ(bridge_fault(r->facts), "");
}

TEST(ReadOrdersRows, SkipsTotalsBelowAndBetweenAndCountsThem) {
  const auto r = read_text(
      "order,customer,date,item,amount\n1,c1,2024-03-01,A,1.00\nSubtotal,,,,1.00\n2,c1,2024-03-02,B,2.00\nTotaal,,,,3."
      "00\n"
      ",,,,3.00\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->seen.orders.size(), 2u);
  EXPECT_EQ(r->facts.files[0].total_rows, 3u);
  EXPECT_EQ(r->facts.rejected_count, 0u);
  EXPECT_EQ(bridge_fault(r->facts), "");
}

TEST(ReadOrdersRows, TakesRowsWithAnItemAloneForFurtherLines) {
  const auto r = read_text(
      "order,customer,date,sku,price,quantity\n1,c1,2024-03-01,A,1.00,2\n,,,B,3.00,1\n2,c2,2024-03-02,C,5.00,1\n");
  ASSERT_TRUE(r) << r.error().message;
  ASSERT_EQ(r->seen.orders.size(), 2u);
  EXPECT_EQ(r->seen.orders[0].gross, 500);
  EXPECT_EQ(r->seen.orders[0].units, 3000);
  ASSERT_EQ(r->seen.orders[0].lines.size(), 2u);
  EXPECT_EQ(r->seen.orders[0].lines[1], (OwnedLine{"B", "", 1000, 300}));
  const auto alone = read_text(
      "order,customer,date,sku,price\n,,,B,3.00\n1,c1,2024-03-01,A,1.00\n2,c1,2024-03-01,A,1.00\n3,c1,2024-03-01,A,1."
      "00\n");
  ASSERT_TRUE(alone) << alone.error().message;
  ASSERT_EQ(alone->facts.rejected.size(), 1u);
  EXPECT_EQ(alone->facts.rejected[0].reason, "ingest.reject.order_missing");
}

// ---- money ----

TEST(ReadOrdersMoney, TakesTheCurrencyFromTheColumnTheSignTheHeaderOrTheOption) {
  auto options = test_options();
  options.currency = money::Currency::parse("SEK").value();
  const auto r = read_table(MemoryTable(MemoryTable::Rows{{"order", "customer", "date", "amount", "currency"},
                                                          {"1", "c1", "2024-03-01", "\xE2\x82\xAC 1.00", "usd"},
                                                          {"2", "c1", "2024-03-02", "\xE2\x82\xAC 2.00", ""},
                                                          {"3", "c1", "2024-03-03", "3.00", ""}}),
                            options);
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->seen.find("1")->currency, "USD");
  EXPECT_EQ(r->seen.find("2")->currency, "EUR");
  EXPECT_EQ(r->seen.find("3")->currency, "SEK");
  const auto header = read_text("order,customer,date,amount (GBP)\n1,c1,2024-03-01,1.00\n", options);
  ASSERT_TRUE(header) << header.error().message;
  EXPECT_EQ(header->seen.orders[0].currency, "GBP");
  const auto none = read_text("order,customer,date,amount\n1,c1,2024-03-01,1.00\n");
  EXPECT_EQ(none->seen.orders[0].currency, "");
  EXPECT_EQ(none->facts.currency.code(), "");
  EXPECT_EQ(none->facts.files.size(), 1u);
}

TEST(ReadOrdersMoney, NamesTheCurrencyThatMostOrdersHave) {
  const auto r = read_text(
      "order,customer,date,amount,currency\n1,c1,2024-03-01,1,SEK\n2,c1,2024-03-02,2,EUR\n3,c1,2024-03-03,3,EUR\n4,c1,"
      "2024-03-04,4,SEK\n5,c1,2024-03-05,9,NOK\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->facts.currency.code(), "EUR") << "of equals the first by code";
  EXPECT_EQ(bridge_fault(r->facts), "");
}

TEST(ReadOrdersMoney, DealsOutTheCentsOfLinesSoThatTheySumToTheOrder) {
  const char* rows[] = {"1,c1,2024-03-01,A,10.00,1,100.00,21.00\n", "1,c1,2024-03-01,B,10.00,1,,\n",
                        "1,c1,2024-03-01,C,10.00,1,,\n"};
  std::vector<std::vector<OwnedLine>> seen;
  for (const auto& order : {std::array{0, 1, 2}, std::array{2, 1, 0}, std::array{1, 2, 0}}) {
    std::string text = "order,customer,date,sku,price,quantity,order total,tax\n";
    for (const int i : order) text += rows[i];
    const auto r = read_text(text);
    ASSERT_TRUE(r) << r.error().message;
    EXPECT_EQ(r->seen.orders[0].gross, 7900);
    seen.push_back(r->seen.orders[0].lines);
  }
  // 79.00 in thirds: floor(7900 / 3), floor(15800 / 3) - 2633, ...
  EXPECT_EQ(seen[0], (std::vector<OwnedLine>{{"A", "", 1000, 2633}, {"B", "", 1000, 2633}, {"C", "", 1000, 2634}}));
  EXPECT_EQ(seen[1], seen[0]);
  EXPECT_EQ(seen[2], seen[0]);
}

TEST(ReadOrdersMoney, ReadsARefundColumnAsCumulativeAndSignless) {
  const auto r = read_text("order,customer,date,total,refunded\n1,c1,2024-03-01,10.00,-4.00\n2,c1,2024-03-02,10.00,\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->seen.find("1")->refund, 400);
  EXPECT_EQ(r->seen.find("2")->refund, std::nullopt);
}

TEST(ReadOrdersMoney, KeepsTwoEqualRefundsOnOneDayApart) {
  const char* text =
      "order,customer,date,amount\n1,c1,2024-03-01,10.00\n1,c1,2024-03-05,-2.00\n1,c1,2024-03-05,-2.00\n2,c1,2024-03-"
      "06,-1.00\n";
  const auto r = read_text(text);
  ASSERT_TRUE(r) << r.error().message;
  const OwnedOrder& one = *r->seen.find("1");
  EXPECT_EQ(one.gross, 1000);
  ASSERT_EQ(one.refunds.size(), 2u);
  EXPECT_NE(one.refunds[0].id, one.refunds[1].id);
  EXPECT_EQ(one.refunds[0].at_ms, ms(2024, 3, 5));
  const OwnedOrder& two = *r->seen.find("2");  // a refund whose order is not in this file
  EXPECT_FALSE(two.at_ms);
  EXPECT_FALSE(two.gross);
  EXPECT_EQ(two.customer, "c1");
  ASSERT_EQ(two.refunds.size(), 1u);
  // The same refunds have the same ids in the next export, which has more rows.
  const auto later = read_text(std::string(text) + "3,c9,2024-03-07,5.00\n1,c1,2024-03-06,-2.00\n");
  ASSERT_TRUE(later) << later.error().message;
  const auto& parts = later->seen.find("1")->refunds;
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_EQ(parts[0].id, one.refunds[0].id);
  EXPECT_EQ(parts[1].id, one.refunds[1].id);
}

// ---- identity ----

TEST(ReadOrdersIdentity, MakesUpIdsThatDoNotDependOnOtherRows) {
  const auto id_of = [](const char* text, std::size_t which) {
    const auto r = read_text(text);
    EXPECT_TRUE(r) << r.error().message;
    return r->seen.orders[which].id;
  };
  const std::string id = id_of("customer,date,amount\nc1,2024-03-01,1.00\nc2,2024-03-02,5.00\n", 0);
  EXPECT_EQ(id_of("amount,date,customer\n5.00,2024-03-02,c2\n9.00,2024-03-01,c1\n", 1), id);
  EXPECT_EQ(id_of("customer,date,amount\nc1,2024-03-01 00:00:00,1.00\nc2,2024-03-02 10:00,5.00\n", 0), id)
      << "a time of midnight is the day";
  EXPECT_NE(id_of("customer,date,amount\nc2,2024-03-01,1.00\n", 0), id);
  // Ids are stored: this may never change.
  EXPECT_EQ(id, "~049ceb76449cb733b7c74caa");
}

TEST(ReadOrdersIdentity, TellsOrdersOfNobodyApart) {
  const auto r = read_text("customer,date,amount\n,2024-03-01,1.00\n,2024-03-01,1.00\nc1,2024-03-01,1.00\n");
  ASSERT_TRUE(r) << r.error().message;
  ASSERT_EQ(r->seen.orders.size(), 3u);
  EXPECT_NE(r->seen.orders[0].id, r->seen.orders[1].id);
  EXPECT_EQ(r->seen.orders[0].space, 0);
}

TEST(ReadOrdersIdentity, FallsBackFromIdToEmailToPhone) {
  const auto r = read_text(
      "order,customer id,email,phone,country,date,amount\n"
      "1,c1,a@example.com,+31612345678,NL,2024-03-01,1\n2,0,A@Example.com,+31612345678,NL,2024-03-02,1\n"
      "3,guest,,06-12345678,Nederland,2024-03-03,1\n4,-,nobody,12,NL,2024-03-04,1\n5,B@example.com,,,,2024-03-05,1\n");
  ASSERT_TRUE(r) << r.error().message;
  const auto who = [&](const char* id) { return std::pair(r->seen.find(id)->space, r->seen.find(id)->customer); };
  EXPECT_EQ(who("1"), std::pair(1, std::string("c1")));
  EXPECT_EQ(who("2"), std::pair(2, std::string("a@example.com")));
  EXPECT_EQ(who("3"), std::pair(3, std::string("+31612345678")));
  EXPECT_EQ(who("4"), std::pair(0, std::string()));
  EXPECT_EQ(who("5"), std::pair(2, std::string("b@example.com"))) << "an address in the customer column is one";
  EXPECT_EQ(r->seen.find("3")->country, "NL");
  EXPECT_EQ(bridge_fault(r->facts), "");
}

TEST(ReadOrdersIdentity, ReportsAKeyThatManyPeopleShare) {
  std::string text = "order,customer id,email,date,amount\n";
  for (int i = 0; i < 2500; ++i) {
    // "shop" has 30 orders of 2,500 with 25 addresses; "big" has 60 with one; "few" 20 (under 1 %) with 20.
    const bool shop = i % 100 == 0 || i < 5, big = i % 50 == 1, few = i % 125 == 3;
    const std::string who = shop ? "shop" : big ? "big" : few ? "few" : "c" + std::to_string(i);
    text += std::to_string(i) + "," + who + ",p" + (big ? std::string("x") : std::to_string(i)) +
            "@example.com,2024-03-01,1\n";
  }
  const auto r = read_text(text);
  ASSERT_TRUE(r) << r.error().message;
  ASSERT_EQ(r->facts.notices.size(), 1u);
  EXPECT_EQ(r->facts.notices[0].key, "ingest.notice.shared_customer_key");
  EXPECT_EQ(r->facts.notices[0].args.at("customer"), "shop");
  EXPECT_NEAR(static_cast<double>(r->facts.notices[0].count), 29, 4);
}

// ---- status, time ----

TEST(ReadOrdersStatus, TakesTheWordThatCountsMostAndSaysSo) {
  const auto r = read_text(
      "order,customer,date,amount,status\n1,c1,2024-03-01,1.00,cancelled\n1,c1,2024-03-01,2.00,Paid\n2,c1,2024-03-02,1,"
      "pending\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->seen.find("1")->status, "paid");
  ASSERT_EQ(r->facts.notices.size(), 1u);
  EXPECT_EQ(r->facts.notices[0].key, "ingest.notice.statuses_differ");
  EXPECT_EQ(r->facts.notices[0].count, 1u);
}

TEST(ReadOrdersStatus, KnowsTestOrdersAndCancellations) {
  const auto r = read_text(
      "order,customer,date,amount,test,cancelled at,updated at\n1,c1,2024-03-01,1,true,,2024-03-09 10:00\n"
      "2,c1,2024-03-02,1,0,2024-03-03 12:00,\n3,c1,2024-03-03,1,,,\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_TRUE(r->seen.find("1")->test);
  EXPECT_EQ(r->seen.find("1")->updated_ms, ms(2024, 3, 9, 10));
  EXPECT_FALSE(r->seen.find("2")->test);
  EXPECT_EQ(r->seen.find("2")->cancelled_ms, ms(2024, 3, 3, 12));
  EXPECT_FALSE(r->seen.find("3")->cancelled_ms);
}

TEST(ReadOrdersTime, ReadsTimesInTheZoneButThoseThatSayUtc) {
  auto options = test_options();
  options.zone = calendar::Zone::create("Europe/Amsterdam").value();
  const auto local =
      read_text("order,customer,created at,amount\n1,c1,2024-07-01 00:30,1\n2,c1,2024-07-02 12:00,1\n", options);
  ASSERT_TRUE(local) << local.error().message;
  EXPECT_EQ(local->seen.orders[0].at_ms, ms(2024, 6, 30, 22, 30));
  EXPECT_EQ(local->facts.first_day, calendar::civil(2024, 7, 1));
  const auto utc =
      read_text("order,customer,created (UTC),amount\n1,c1,2024-07-01 00:30,1\n2,c1,2024-07-02 12:00,1\n", options);
  ASSERT_TRUE(utc) << utc.error().message;
  EXPECT_EQ(utc->seen.orders[0].at_ms, ms(2024, 7, 1, 0, 30));
}

TEST(ReadOrdersTime, PlacesAnOrderAtItsEarliestRow) {
  const auto r = read_text("order,customer,date,amount\n1,c1,2024-03-05,1.00\n1,c1,2024-03-01,2.00\n1,c1,,3.00\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->seen.orders[0].at_ms, ms(2024, 3, 1));
  EXPECT_EQ(r->seen.orders[0].gross, 600);
}

// ---- files ----

TEST(ReadOrdersFiles, JoinsAnOrderThatTheEndOfAPartCutsInTwo) {
  const MemoryTable one(MemoryTable::Rows{{"order", "customer", "date", "amount"},
                                          {"1", "c1", "2024-03-01", "1.00"},
                                          {"2", "c1", "2024-03-02", "2.00"}},
                        2, "a.zip/1.csv");
  const MemoryTable two(MemoryTable::Rows{{"order", "customer", "date", "amount"},
                                          {"2", "c1", "2024-03-02", "3.00"},
                                          {"3", "c1", "2024-03-03", "4.00"}},
                        2, "a.zip/2.csv");
  const OpenFile file{{&one, &two}};
  Collect seen;
  const auto facts = read_order_tables({&file, 1}, test_options(), seen);
  ASSERT_TRUE(facts) << facts.error().message;
  ASSERT_EQ(seen.orders.size(), 3u);
  EXPECT_EQ(seen.find("2")->gross, 500);
  EXPECT_EQ(bridge_fault(*facts), "");
  // Two files are two statements about the order.
  const OpenFile files[] = {OpenFile{{&one}}, OpenFile{{&two}}};
  Collect apart;
  ASSERT_TRUE(read_order_tables(files, test_options(), apart));
  EXPECT_EQ(apart.orders.size(), 4u);
}

TEST(ReadOrdersFiles, SaysWhichPartOfAnArchiveHoldsNoOrders) {
  const MemoryTable orders(
      MemoryTable::Rows{{"order", "customer", "date", "amount"}, {"1", "c1", "2024-03-01", "1.00"}}, 2,
      "a.zip/orders.csv");
  const MemoryTable other(MemoryTable::Rows{{"colour", "size"}, {"red", "XL"}}, 2, "a.zip/colours.csv");
  const OpenFile file{{&other, &orders}};
  Collect seen;
  const auto facts = read_order_tables({&file, 1}, test_options(), seen);
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_EQ(seen.orders.size(), 1u);
  ASSERT_EQ(facts->notices.size(), 1u);
  EXPECT_EQ(facts->notices[0].key, "ingest.notice.part_skipped");
  EXPECT_EQ(facts->notices[0].args.at("file"), "a.zip/colours.csv");
  const OpenFile alone{{&other}};
  EXPECT_FALSE(read_order_tables({&alone, 1}, test_options(), seen)) << "a file of its own is an error";
}

TEST(ReadOrdersFiles, LetsPartsOfOneShapeDecideTogether) {
  // The first part alone could not tell day from month.
  const MemoryTable one(MemoryTable::Rows{{"order", "customer", "date", "amount"}, {"1", "c1", "03/04/2024", "1.00"}});
  const MemoryTable two(MemoryTable::Rows{{"order", "customer", "date", "amount"}, {"2", "c1", "25/04/2024", "1.00"}});
  const OpenFile files[] = {OpenFile{{&one}}, OpenFile{{&two}}};
  Collect seen;
  const auto facts = read_order_tables(files, test_options(), seen);
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_EQ(seen.find("1")->at_ms, ms(2024, 4, 3));
  EXPECT_EQ(facts->files.size(), 2u);
}

TEST(ReadOrdersFiles, TellsItsProgress) {
  auto options = test_options();
  std::uint64_t last = 0, whole = 0;
  bool ascending = true;
  options.progress = [&](std::uint64_t done, std::uint64_t total) {
    ascending = ascending && done >= last && done <= total;
    last = done;
    whole = total;
  };
  std::string text = "order,customer,date,amount\n";
  for (int i = 0; i < 100; ++i) text += std::to_string(i) + ",c1,2024-03-01,1\n";
  ASSERT_TRUE(read_text(text, options));
  EXPECT_TRUE(ascending);
  EXPECT_EQ(last, whole);
  EXPECT_GT(whole, 0u);
}

TEST(RecogniseFiles, SaysWhatAFileWouldBeTakenFor) {
  const MemoryTable table = MemoryTable::of("Klantnummer,Besteldatum,Bedrag\nc1,25-03-2024,1.50\nc2,26-03-2024,1.50\n");
  const OpenFile file{{&table}};
  const auto shapes = recognise_tables({&file, 1}, test_options());
  ASSERT_TRUE(shapes) << shapes.error().message;
  ASSERT_EQ(shapes->size(), 1u);
  EXPECT_EQ(shapes->front().date_format, "DMY");
  EXPECT_EQ(shapes->front().decimal_mark, ".");
  EXPECT_EQ(shapes->front().fingerprint.size(), 32u);
  ASSERT_EQ(shapes->front().columns.size(), 3u);
  EXPECT_EQ(shapes->front().columns[0].role, Role::kCustomer);
}

}  // namespace
}  // namespace behoud::ingest
