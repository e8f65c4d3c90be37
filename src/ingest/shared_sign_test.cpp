#include "ingest/shared_sign.h"

#include <gtest/gtest.h>

#include "ingest/orders_for_tests.h"
#include "ingest/records_for_tests.h"

namespace behoud::ingest {
namespace {

money::Currency currency(std::string_view code) { return *money::Currency::parse(code); }

TEST(SharedSign, TellsWhichCurrenciesItIsNotOf) {
  const struct {
    std::string_view text, borne_by, not_borne_by;
  } cases[] = {{"$", "USD", "EUR"},    {"$", "CAD", "SEK"},   {"$", "MXN", "GBP"},      {" KR. ", "DKK", "EUR"},
               {"kr", "SEK", "USD"},   {"¥", "JPY", "KRW"},   {"Rs.", "INR", "EUR"},    {"lei", "RON", "BGN"},
               {"din.", "RSD", "EUR"}, {"Fr.", "CHF", "EUR"}, {"dollars", "AUD", "EUR"}};
  for (const auto& c : cases) {
    const SharedSign sign = shared_sign(c.text);
    EXPECT_NE(sign, SharedSign::kNone) << c.text;
    EXPECT_TRUE(may_bear(currency(c.borne_by), sign)) << c.text << " " << c.borne_by;
    EXPECT_FALSE(may_bear(currency(c.not_borne_by), sign)) << c.text << " " << c.not_borne_by;
    EXPECT_TRUE(may_bear(money::Currency::none(), sign)) << c.text;
    EXPECT_FALSE(money::Currency::guess(c.text).known()) << c.text;
    EXPECT_EQ(shared_sign(written(sign)), sign) << c.text;
  }
  for (const char* other : {"", "€", "US$", "EUR", "pts", "kroner and more"}) {
    EXPECT_EQ(shared_sign(other), SharedSign::kNone) << other;
  }
  EXPECT_TRUE(may_bear(currency("EUR"), SharedSign::kNone));
}

// "$10.00" was taken for ten euros.
TEST(SharedSign, RejectsAnOrderWhoseSignIsOfAnotherCurrency) {
  ReadOptions options = test_options();
  options.currency = currency("EUR");
  const auto r = read_text(
      "order_id,customer,date,amount\n"
      "1,c1,2024-03-01,€10.00\n"
      "2,c1,2024-03-02,$20.00\n"
      "3,c1,2024-03-03,5.00\n"
      "3,c1,2024-03-03,$7.00\n"
      "4,c1,2024-03-04,40 kr\n"
      "5,c1,2024-03-05,50.00\n",
      options);
  ASSERT_TRUE(r) << r.error().message;
  ASSERT_EQ(r->seen.orders.size(), 2u);
  EXPECT_EQ(r->seen.orders[0].gross, 1000);
  EXPECT_EQ(r->seen.orders[1].id, "5");
  ASSERT_EQ(r->facts.rejected.size(), 4u);
  EXPECT_EQ(r->facts.rejected[0].place.line, 3u);
  EXPECT_EQ(r->facts.rejected[0].place.column, "amount");
  EXPECT_EQ(r->facts.rejected[0].excerpt, "$20.00");
  for (const Rejected& rejected : r->facts.rejected) EXPECT_EQ(rejected.reason, "ingest.reject.currency_sign");
  EXPECT_EQ(bridge_fault(r->facts), "");
  ASSERT_EQ(r->facts.notices.size(), 2u);
  EXPECT_EQ(r->facts.notices[0].key, "ingest.notice.other_currency_sign");
  EXPECT_EQ(r->facts.notices[0].args.at("sign"), "$");
  EXPECT_EQ(r->facts.notices[0].count, 2u);
}

TEST(SharedSign, BelievesAColumnAndTheCurrencyThatWasSaid) {
  ReadOptions options = test_options();
  options.currency = currency("CAD");
  const auto r = read_text(
      "order_id,customer,date,amount,currency\n"
      "1,c1,2024-03-01,$10.00,EUR\n"
      "2,c1,2024-03-02,$20.00,\n",
      options);
  ASSERT_TRUE(r) << r.error().message;
  ASSERT_EQ(r->seen.orders.size(), 2u);
  EXPECT_EQ(r->seen.orders[0].currency, "EUR");
  EXPECT_EQ(r->seen.orders[1].currency, "CAD");
}

TEST(SharedSign, RejectsACostWhoseSignIsOfAnotherCurrency) {
  const MemoryTable table = MemoryTable::of(
      "from,amount,purpose\n"
      "2024-01-01,$10.00,retention\n"
      "2024-01-02,€20.00,retention\n"
      "2024-01-03,30.00,retention\n");
  const OpenFile file{{&table}};
  const auto r = read_records(RecordKind::kCosts, {&file, 1}, record_options());
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->records.size(), 2u);
  ASSERT_EQ(r->facts.rejected.size(), 1u);
  EXPECT_EQ(r->facts.rejected[0].reason, "ingest.reject.currency_sign");
  EXPECT_EQ(r->facts.rejected[0].place.line, 2u);
}

TEST(SharedSign, NeverSumsTwoCurrenciesThatNobodyNamed) {
  const struct {
    const char *first, *second, *other;
  } cases[] = {{"€10.00", "$20.00", "'EUR'"}, {"$20.00", "10 SEK", "'SEK'"}, {"$20.00", "10 kr", "'kr'"}};
  for (const auto& c : cases) {
    const auto r = read_text(std::string("order_id,customer,date,amount\n1,c1,2024-03-01,") + c.first +
                             "\n2,c1,2024-03-02," + c.second + "\n3,c1,2024-03-03," + c.first + "\n");
    ASSERT_FALSE(r) << c.first << " and " << c.second;
    EXPECT_EQ(r.error().code, Errc::kBadInput);
    EXPECT_EQ(r.error().why.reason, "problem.currency_signs");
    EXPECT_NE(r.error().message.find("'$'"), std::string::npos) << r.error().message;
    EXPECT_NE(r.error().message.find(c.other), std::string::npos) << r.error().message;
    EXPECT_GT(r.error().place.line, 0u);
  }
  const auto bare = read_text("order_id,customer,date,amount\n1,c1,2024-03-01,$10.00\n2,c1,2024-03-02,20.00\n");
  ASSERT_TRUE(bare) << bare.error().message;
  EXPECT_EQ(bare->facts.currency.code(), "");
}

}  // namespace
}  // namespace behoud::ingest
