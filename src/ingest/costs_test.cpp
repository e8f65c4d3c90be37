#include <gtest/gtest.h>

#include "ingest/records_for_tests.h"

namespace behoud::ingest {
namespace {

using Lines = std::vector<std::string>;

Result<RecordsRead> read(std::string_view text, const RecordOptions& options = record_options()) {
  auto out = read_records(RecordKind::kCosts, text, options);
  if (out) {
    EXPECT_EQ(bridge_fault(*out), "");
  }
  return out;
}

TEST(ReadCosts, TakesTheLastDayInAndWithoutOneTheDayAlone) {
  const auto r = read(
      "from,to,amount,currency,kind,purpose,campaign,note\n"
      "2024-01-01,2024-01-31,310,EUR,marketing,acquisition,winter,a note\n"
      "2024-02-01,,10.50,SEK,points,retention,,\n"
      "2024-03-01,2024-03-01,-5,,support,retention,,credit\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->records, (Lines{"days=2024-01-01..2024-02-01; amount=310.00 EUR; kind=marketing; purpose=acquisition; "
                               "campaign=winter; note=a note",
                               "days=2024-02-01..2024-02-02; amount=10.50 SEK; kind=points; purpose=retention",
                               "days=2024-03-01..2024-03-02; amount=-5.00 EUR; kind=support; purpose=retention; "
                               "note=credit"}));
  EXPECT_EQ(r->notices(), (Lines{"last_day_included"}));
}

TEST(ReadCosts, ReadsFourLanguages) {
  const std::string_view files[] = {"date,cost,type,purpose\n2024-05-06,12,marketing,retention\n",
                                    "datum,bedrag,soort,doel\n2024-05-06,12,reclame,behoud\n",
                                    "datum,belopp,typ,syfte\n2024-05-06,12,reklam,bibehållande\n",
                                    "Datum,Betrag,Kostenart,Zweck\n2024-05-06,12,Werbung,Kundenbindung\n"};
  for (const std::string_view file : files) {
    const auto r = read(file);
    ASSERT_TRUE(r) << file << r.error().message;
    EXPECT_EQ(r->records, (Lines{"days=2024-05-06..2024-05-07; amount=12.00 EUR; kind=marketing; purpose=retention"}))
        << file;
  }
}

TEST(ReadCosts, ReadsAMonthAsAllOfItsDays) {
  const auto r = read(
      "maand,bedrag,doel\n"
      "2024-02,29,behoud\n"
      "maart 2024,31,werving\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->records, (Lines{"days=2024-02-01..2024-03-01; amount=29.00 EUR; kind=other; purpose=retention",
                               "days=2024-03-01..2024-04-01; amount=31.00 EUR; kind=other; purpose=acquisition"}));
  const auto span = read("from,to,amount,purpose\n2024-01,2024-03,9,retention\n2024-01-15,2024-02,9,retention\n");
  ASSERT_TRUE(span) << span.error().message;
  EXPECT_EQ(span->records[0], "days=2024-01-01..2024-04-01; amount=9.00 EUR; kind=other; purpose=retention");
  EXPECT_EQ(span->records[1], "days=2024-01-15..2024-03-01; amount=9.00 EUR; kind=other; purpose=retention");
}

TEST(ReadCosts, RejectsAPurposeThatIsNoneAndKeepsAKindThatIsNone) {
  const auto r = read(
      "date,amount,kind,purpose\n"
      "2024-01-01,1,fees,retention\n"
      "2024-01-02,1,fees,retention\n"
      "2024-01-03,1,sales,branding\n"
      "2024-01-04,1,sales,\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->records, (Lines{"days=2024-01-01..2024-01-02; amount=1.00 EUR; kind=other; purpose=retention",
                               "days=2024-01-02..2024-01-03; amount=1.00 EUR; kind=other; purpose=retention"}));
  EXPECT_EQ(r->rejected(), (Lines{"line 4, purpose: purpose \"branding\"", "line 5, purpose: purpose"}));
  ASSERT_EQ(r->notices(), (Lines{"unknown_cost_kind"}));
  EXPECT_EQ(r->facts.notices[0].args.at("kind"), "fees");
  EXPECT_EQ(r->facts.notices[0].count, 2u);
}

TEST(ReadCosts, RejectsRowByRow) {
  const auto r = read(
      "from,to,amount,currency,purpose\n"
      "2024-01-02,2024-01-01,1,EUR,retention\n"
      ",2024-01-01,1,EUR,retention\n"
      "2024-01-01,,,EUR,retention\n"
      "2024-01-01,,ten,EUR,retention\n"
      "2024-01-01,,1,XXQ,retention\n"
      "2024-01-01,,99999999999999999999,EUR,retention\n"
      "2040-01-01,,1,EUR,retention\n"
      "2030-01-01,2030-12-31,1,EUR,retention\n"
      "2024-13-01,,1,EUR,retention\n"
      "2024-01-01,,2,EUR,retention\n"
      "2024-01-02,,2,EUR,retention\n"
      "2024-01-03,,2,EUR,retention\n"
      "2024-01-04,,92233720368547758.07,EUR,retention\n"
      "2024-01-04,,-10000000000000.01,EUR,retention\n"
      "2024-01-04,,-10000000000000.00,EUR,retention\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(
      r->rejected(),
      (Lines{"line 2, to: dates_out_of_order \"2024-01-01\"", "line 3, from: date_missing",
             "line 4, amount: amount_missing", "line 5, amount: amount \"ten\"", "line 6, currency: currency \"XXQ\"",
             "line 7, amount: amount_range \"99999999999999999999\"", "line 8, from: date_future \"2040-01-01\"",
             "line 10, from: date \"2024-13-01\"", "line 14, amount: amount_range \"92233720368547758.07\"",
             "line 15, amount: amount_range \"-10000000000000.01\""}));
  EXPECT_EQ(r->records[0], "days=2030-01-01..2031-01-01; amount=1.00 EUR; kind=other; purpose=retention");
}

TEST(ReadCosts, CountsTitlesTotalsAndBlankRows) {
  const auto r = read(
      "Costs of the shop,,\n"
      "\n"
      "date,amount,purpose\n"
      "2024-01-01,10,retention\n"
      ",,\n"
      "2024-01-02,20,acquisition\n"
      "Total,30,\n"
      ",30,total\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->step("title_rows"), 2u);
  EXPECT_EQ(r->step("header_rows"), 1u);
  EXPECT_EQ(r->step("blank_rows"), 1u);
  EXPECT_EQ(r->step("total_rows"), 2u);
  EXPECT_EQ(r->step("records"), 2u);
  EXPECT_EQ(r->facts.files[0].total_rows, 2u);
}

TEST(ReadCosts, TakesTheCurrencyFromTheColumnTheCellTheHeaderOrTheOption) {
  auto options = record_options();
  options.currency.reset();
  const auto column = read("date,amount,currency,purpose\n2024-01-01,10,GBP,retention\n", options);
  ASSERT_TRUE(column) << column.error().message;
  EXPECT_EQ(column->records[0], "days=2024-01-01..2024-01-02; amount=10.00 GBP; kind=other; purpose=retention");
  const auto cell = read("date,amount,purpose\n2024-01-01,€ 10,retention\n2024-01-01,USD 10,retention\n", options);
  ASSERT_TRUE(cell) << cell.error().message;
  EXPECT_EQ(cell->records[0], "days=2024-01-01..2024-01-02; amount=10.00 EUR; kind=other; purpose=retention");
  EXPECT_EQ(cell->records[1], "days=2024-01-01..2024-01-02; amount=10.00 USD; kind=other; purpose=retention");
  const auto header = read("date,amount (JPY),purpose\n2024-01-01,10,retention\n", options);
  ASSERT_TRUE(header) << header.error().message;
  EXPECT_EQ(header->records[0], "days=2024-01-01..2024-01-02; amount=10 JPY; kind=other; purpose=retention");
  const auto some =
      read("date,amount,currency,purpose\n2024-01-01,10,GBP,retention\n2024-01-02,10,,retention\n", options);
  ASSERT_TRUE(some) << some.error().message;
  EXPECT_EQ(some->rejected(), (Lines{"line 3, currency: currency_missing"}));
}

TEST(ReadCosts, AsksForACurrencyThatNothingStates) {
  auto options = record_options();
  options.currency.reset();
  const auto r = read("date,amount,purpose\n2024-01-01,10,retention\n", options);
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, Errc::kInvalidArgument);
  EXPECT_NE(r.error().hint.find("--currency"), std::string::npos);
  EXPECT_EQ(r.error().place.column, "amount");
}

TEST(ReadCosts, NamesEachNeededFieldThatIsMissing) {
  const auto r = read("date,amount\n2024-01-01,10\n");
  ASSERT_FALSE(r);
  EXPECT_NE(r.error().message.find("no column was recognised for: purpose"), std::string::npos) << r.error().message;
  EXPECT_NE(r.error().message.find("Zweck"), std::string::npos) << r.error().message;
  EXPECT_NE(r.error().hint.find("purpose=COLUMN"), std::string::npos) << r.error().hint;
}

}  // namespace
}  // namespace behoud::ingest
