#include <gtest/gtest.h>

#include "ingest/records_for_tests.h"

namespace behoud::ingest {
namespace {

using Lines = std::vector<std::string>;

Result<RecordsRead> read(std::string_view text, const RecordOptions& options = record_options()) {
  auto out = read_records(RecordKind::kSubscriptions, text, options);
  if (out) {
    EXPECT_EQ(bridge_fault(*out), "");
  }
  return out;
}

TEST(ReadSubscriptions, ReadsEveryField) {
  const auto r = read(
      "id,customer,email,plan,start,trial_end,pause,resume,end,reason,amount,currency,interval\n"
      "S1,c1,c1@example.com,Box,2024-01-01,2024-01-15,2024-03-01,2024-04-01,2027-01-01,too dear,9.95,EUR,monthly\n"
      "S2,,c2@example.com,Box,2024-02-01,,,,,,99,SEK,P1Y\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->records, (Lines{"id=S1; customer=id:c1; plan=Box; start=2024-01-01; trial_end=2024-01-15; "
                               "pauses=2024-03-01..2024-04-01; end=2027-01-01; reason=too dear; amount=9.95 EUR; "
                               "interval=1 months",
                               "id=S2; customer=email:c2@example.com; plan=Box; start=2024-02-01; amount=99.00 SEK; "
                               "interval=12 months"}));
}

TEST(ReadSubscriptions, PutsCustomerIdsIntoTheNamespaceOfTheirSource) {
  RecordOptions options = record_options();
  options.source = "till";
  const auto r = read_records(RecordKind::kSubscriptions,
                              "id,customer,start\nS1,7,2024-01-01\nS2,a@example.com,2024-01-01\n", options);
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->records, (Lines{"id=S1; customer=id:till:7; start=2024-01-01",
                               "id=S2; customer=email:a@example.com; start=2024-01-01"}));
}

TEST(ReadSubscriptions, ReadsFourLanguages) {
  const std::string_view files[] = {
      "subscription id,customer id,start date,end date,price,billing period\n1,7,2024-01-01,2024-06-01,5,month\n",
      "abonnementnummer,klantnummer,ingangsdatum,einddatum,prijs,termijn\n1,7,2024-01-01,2024-06-01,5,maand\n",
      "prenumerationsnummer,kundnummer,startdatum,slutdatum,pris,intervall\n1,7,2024-01-01,2024-06-01,5,månad\n",
      "Vertragsnummer,Kundennummer,Beginn,Ende,Preis,Turnus\n1,7,2024-01-01,2024-06-01,5,monatlich\n"};
  for (const std::string_view file : files) {
    const auto r = read(file);
    ASSERT_TRUE(r) << file << r.error().message;
    EXPECT_EQ(r->records, (Lines{"id=1; customer=id:7; start=2024-01-01; end=2024-06-01; amount=5.00 EUR; "
                                 "interval=1 months"}))
        << file;
  }
}

TEST(ReadSubscriptions, MakesOneOfTheRowsOfAnIdTheLastThatStatesAFieldHolding) {
  const auto r = read(
      "id,customer,plan,start,pause,resume,end,amount,interval\n"
      "S1,c1,Small,2024-01-01,2024-02-01,2024-02-15,,5,month\n"
      "S2,c2,Small,2024-01-02,,,,5,month\n"
      "S1,c1,Large,2024-01-01,2024-05-01,,,9,month\n"
      "S1,c1,,,,2024-06-01,2024-12-31,,\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->records, (Lines{"id=S1; customer=id:c1; plan=Large; start=2024-01-01; "
                               "pauses=2024-02-01..2024-02-15 2024-05-01..2024-06-01; end=2024-12-31; "
                               "amount=9.00 EUR; interval=1 months",
                               "id=S2; customer=id:c2; plan=Small; start=2024-01-02; amount=5.00 EUR; "
                               "interval=1 months"}));
  EXPECT_EQ(r->lines, (std::vector<std::uint64_t>{2, 3}));
  EXPECT_EQ(r->step("merged"), 2u);
  EXPECT_EQ(r->step("read"), 4u);
}

TEST(ReadSubscriptions, JoinsTheRowsOfSeveralFiles) {
  const MemoryTable one = MemoryTable::of("id,customer,start,pause\nS1,c1,2024-01-01,2024-02-01\n");
  const MemoryTable two = MemoryTable::of("resume,id,customer,start\n2024-03-01,S1,c1,2024-01-01\n");
  const OpenFile files[] = {{{&one}}, {{&two}}};
  const auto r = read_records(RecordKind::kSubscriptions, files, record_options());
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->records, (Lines{"id=S1; customer=id:c1; start=2024-01-01; pauses=2024-02-01..2024-03-01"}));
  EXPECT_EQ(bridge_fault(*r), "");
}

TEST(ReadSubscriptions, SaysAPauseAgainWithoutPausingTwice) {
  const auto r = read(
      "id,customer,start,pause,resume\n"
      "S1,c1,2024-01-01,2024-02-01,2024-03-01\n"
      "S1,c1,2024-01-01,2024-02-01,\n"
      "S1,c1,2024-01-01,,2024-03-01\n"
      "S1,c1,2024-01-01,2024-04-01,2024-04-01\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->records, (Lines{"id=S1; customer=id:c1; start=2024-01-01; pauses=2024-02-01..2024-03-01"}));
}

TEST(ReadSubscriptions, KnowsOneWithoutAnIdByCustomerPlanAndStart) {
  const std::string_view text =
      "customer,plan,start,end\n"
      "c1,Box,2024-01-01,\n"
      "c1,Box,2024-01-01,2024-05-01\n"
      "c1,Box,2024-06-01,\n";
  const auto r = read(text);
  ASSERT_TRUE(r) << r.error().message;
  ASSERT_EQ(r->records.size(), 2u);
  EXPECT_TRUE(r->records[0].ends_with("customer=id:c1; plan=Box; start=2024-01-01; end=2024-05-01")) << r->records[0];
  const auto again = read(text);
  EXPECT_EQ(again->records, r->records);  // the id that was made up is the same each time
}

TEST(ReadSubscriptions, TakesAMonthWhereNoIntervalIsStatedAndSaysSo) {
  const auto r = read("id,customer,start,amount\nS1,c1,2024-01-01,5\nS2,c2,2024-01-01,5\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->records[0], "id=S1; customer=id:c1; start=2024-01-01; amount=5.00 EUR; interval=1 months");
  ASSERT_EQ(r->notices(), (Lines{"no_interval"}));
  EXPECT_EQ(r->facts.notices[0].count, 2u);
}

TEST(ReadSubscriptions, MultipliesAnIntervalByItsCount) {
  const auto r = read(
      "subscription_id,customer_id,start_date,order_total,billing_period,billing_interval\n"
      "1,7,2024-01-01,5,month,3\n"
      "2,8,2024-01-01,5,week,2\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->records[0], "id=1; customer=id:7; start=2024-01-01; amount=5.00 EUR; interval=3 months");
  EXPECT_EQ(r->records[1], "id=2; customer=id:8; start=2024-01-01; amount=5.00 EUR; interval=14 days");
}

TEST(ReadSubscriptions, RejectsRowsThatCannotBe) {
  const auto r = read(
      "id,customer,start,trial_end,pause,resume,end,amount,interval\n"
      "S1,,2024-01-01,,,,,5,month\n"
      "S2,c,2024-01-01,2023-01-01,,,,5,month\n"
      "S3,c,2024-01-01,,,,2023-01-01,5,month\n"
      "S4,c,2024-01-01,,2024-03-01,2024-02-01,,5,month\n"
      "S5,c,2024-01-01,,,2024-02-01,,5,month\n"
      "S6,c,2024-01-01,,,,,5,sometimes\n"
      "S7,c,2024-01-01,,,,,-5,month\n"
      "S8,c,2024-02-30,,,,,5,month\n"
      "S9,c,2024-01-01,,,,,5,month\n"
      "S10,c,2024-01-01,,,,,5,month\n"
      "S11,c,2024-01-01,,,,,5,month\n"
      "S12,c,2024-01-01,,,,,5,month\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(
      r->rejected(),
      (Lines{"line 2, customer: customer_missing", "line 3, trial_end: dates_out_of_order \"2023-01-01\"",
             "line 4, end: dates_out_of_order \"2023-01-01\"", "line 5, resume: dates_out_of_order \"2024-02-01\"",
             "line 6, resume: resume \"2024-02-01\"", "line 7, interval: interval \"sometimes\"",
             "line 8, amount: amount_negative \"-5\"", "line 9, start: date \"2024-02-30\""}));
  EXPECT_EQ(r->records.size(), 4u);
}

TEST(ReadSubscriptions, RejectsAllRowsOfOneThatCannotStandTogether) {
  const auto r = read(
      "id,customer,start,pause,resume,end\n"
      "A,c1,2024-01-01,,,\n"
      "A,c2,2024-01-01,,,\n"
      "B,c1,2024-01-01,2024-02-01,,\n"
      "B,c1,2024-01-01,2024-03-01,,\n"
      "C,c1,,,,2024-05-01\n"
      "D,c1,2024-01-01,2023-12-01,2024-01-05,\n"
      "E,c1,2024-01-01,,,2024-03-01\n"
      "E,c1,2024-04-01,,,\n"
      "F,c1,2024-01-01,,,\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->rejected(), (Lines{"line 2, start: subscription_customers", "line 3, start: subscription_customers",
                                  "line 4, start: pause_open", "line 5, start: pause_open",
                                  "line 6, start: date_missing", "line 7, start: dates_out_of_order",
                                  "line 8, start: dates_out_of_order", "line 9, start: dates_out_of_order"}));
  EXPECT_EQ(r->records, (Lines{"id=F; customer=id:c1; start=2024-01-01"}));
  EXPECT_EQ(r->step("merged"), 0u);
}

TEST(ReadSubscriptions, TakesTheEndBeforeTheCancellation) {
  const auto r = read(
      "id,Customer ID,Customer Email,Plan,Amount,Currency,Interval,Status,Created (UTC),Start (UTC),Trial End "
      "(UTC),Canceled At (UTC),Ended At (UTC)\n"
      "sub_1,cus_1,c1@example.com,Box,9.95,eur,month,canceled,2024-01-01 10:00,2024-01-01 10:00,2024-01-15 "
      "10:00,2024-05-20 09:00,2024-06-01 10:00\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->records, (Lines{"id=sub_1; customer=id:cus_1; plan=Box; start=2024-01-01; trial_end=2024-01-15; "
                               "end=2024-06-01; amount=9.95 EUR; interval=1 months"}));
}

}  // namespace
}  // namespace behoud::ingest
