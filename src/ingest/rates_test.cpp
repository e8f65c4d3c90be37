#include "money/rates.h"

#include <gtest/gtest.h>

#include "ingest/read/zip_for_tests.h"
#include "ingest/records_for_tests.h"

namespace behoud::ingest {
namespace {

using Lines = std::vector<std::string>;

Result<RecordsRead> read(std::string_view text, const RecordOptions& options = record_options()) {
  auto out = read_records(RecordKind::kRates, text, options);
  if (out) {
    EXPECT_EQ(bridge_fault(*out), "");
  }
  return out;
}

constexpr std::string_view kHistory =
    "Date,USD,JPY,CYP,SEK,ISK,QQQ,\n"
    "2024-03-05,1.0850,162.75,N/A,11.2475,N/A,1,\n"
    "2024-03-04,1.0846,163.14,N/A,11.2500,149.3,1,\n"
    "2007-12-28,1.4692,165.30,0.585274,9.4350,N/A,1,\n";

TEST(ReadRates, ReadsTheHistoryOfTheEuropeanCentralBankAsItIs) {
  const auto r = read(kHistory);
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->records,
            (Lines{"2024-03-05 1 EUR = 1.085 USD", "2024-03-05 1 EUR = 162.75 JPY", "2024-03-05 1 EUR = 11.2475 SEK",
                   "2024-03-04 1 EUR = 1.0846 USD", "2024-03-04 1 EUR = 163.14 JPY", "2024-03-04 1 EUR = 11.25 SEK",
                   "2024-03-04 1 EUR = 149.3 ISK", "2007-12-28 1 EUR = 1.4692 USD", "2007-12-28 1 EUR = 165.3 JPY",
                   "2007-12-28 1 EUR = 0.585274 CYP", "2007-12-28 1 EUR = 9.435 SEK"}));
  EXPECT_EQ(r->lines[3], 3u);
  EXPECT_EQ(r->facts.files[0].system, "ecb");
  EXPECT_EQ(r->facts.rejected_count, 0u);
  EXPECT_EQ(r->step("read"), 3u);
  EXPECT_EQ(r->step("cells"), 15u);
  EXPECT_EQ(r->step("blank_cells"), 4u);
  ASSERT_EQ(r->notices(), (Lines{"currencies_left_out"}));
  EXPECT_EQ(r->facts.notices[0].args.at("currencies"), "QQQ");
}

TEST(ReadRates, ReadsItOutOfItsZip) {
  const TestFolder folder("rates-test");
  const std::string zip =
      folder.write("eurofxref-hist.zip", read::make_zip({{"eurofxref-hist.csv", std::string(kHistory)}}));
  const auto r = read_record_file(RecordKind::kRates, zip);
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->records.size(), 11u);
  EXPECT_TRUE(r->facts.files[0].file.ends_with("eurofxref-hist.zip/eurofxref-hist.csv")) << r->facts.files[0].file;
}

TEST(ReadRates, ReadsOneRateARow) {
  const auto r = read(
      "date,currency,rate,base\n"
      "2024-03-05,USD,1.0850,EUR\n"
      "2024-03-05,eur,11.2475,SEK\n"
      "2024-03-05,SEK,1.0,SEK\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->records,
            (Lines{"2024-03-05 1 EUR = 1.085 USD", "2024-03-05 1 SEK = 11.2475 EUR", "2024-03-05 1 SEK = 1 SEK"}));
  EXPECT_TRUE(r->notices().empty());
}

TEST(ReadRates, TakesTheEuroForABaseThatNothingStatesAndSaysSo) {
  const auto r = read("datum,valuta,koers\n05-03-2024,USD,1.085\n13-03-2024,SEK,11.2\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->records, (Lines{"2024-03-05 1 EUR = 1.085 USD", "2024-03-13 1 EUR = 11.2 SEK"}));
  EXPECT_EQ(r->notices(), (Lines{"rates_against_euro"}));
}

TEST(ReadRates, ReadsARateOfThreeDecimalsAsOneAndNotAsThousands) {
  const auto dot = read("date,currency,rate,base\n2024-03-05,KWD,0.334,EUR\n2024-03-05,USD,1.085,EUR\n");
  ASSERT_TRUE(dot) << dot.error().message;
  EXPECT_EQ(dot->records[1], "2024-03-05 1 EUR = 1.085 USD");
  TestFolder folder("rates-comma");
  const auto comma =
      read_record_file(RecordKind::kRates, folder.write("k.csv", "Datum;Währung;Kurs\n05.03.2024;USD;1,085\n"));
  ASSERT_TRUE(comma) << comma.error().message;
  EXPECT_EQ(comma->records, (Lines{"2024-03-05 1 EUR = 1.085 USD"}));
}

TEST(ReadRates, RejectsRowsAndCellsThatAreNoRates) {
  const auto narrow = read(
      "date,currency,rate,base\n"
      "2024-03-05,USD,0,EUR\n"
      "2024-03-05,USD,-1,EUR\n"
      "2024-03-05,USD,abc,EUR\n"
      "2024-03-05,USD,N/A,EUR\n"
      "2024-03-05,XQQ,1,EUR\n"
      "2024-03-05,USD,1,XQQ\n"
      "2024-03-05,EUR,2,EUR\n"
      "2026-03-05,USD,1,EUR\n"
      ",USD,1,EUR\n"
      "2024-03-05,USD,1.1,EUR\n"
      "2024-03-06,USD,1.1,EUR\n"
      "2024-03-07,USD,1.1,EUR\n");
  ASSERT_TRUE(narrow) << narrow.error().message;
  EXPECT_EQ(narrow->rejected(),
            (Lines{"line 2, rate: rate \"0\"", "line 3, rate: rate \"-1\"", "line 4, rate: rate \"abc\"",
                   "line 5, rate: rate_missing \"N/A\"", "line 6, currency: currency \"XQQ\"",
                   "line 7, base: currency \"XQQ\"", "line 8, rate: rate \"2\"",
                   "line 9, date: date_future \"2026-03-05\"", "line 10, date: date_missing"}));
  const auto wide = read(
      "Date,USD,JPY,EUR\n2024-03-05,1.1,zero,1\n2024-03-04,0,160.5,\nlast week,1.1,160,\n"
      "2024-03-01,1.1,160,2\n2024-02-29,1.2,161,\n2024-02-28,1.2,161,\n2024-02-27,1.2,161,\n");
  ASSERT_TRUE(wide) << wide.error().message;
  EXPECT_EQ(wide->rejected(), (Lines{"line 2, JPY: rate \"zero\"", "line 3, USD: rate \"0\"",
                                     "line 4, Date: date \"last week\"", "line 5, EUR: rate \"2\""}));
  EXPECT_EQ(wide->step("rejected"), 1u);
  EXPECT_EQ(wide->step("rejected_cells"), 3u);
}

TEST(ReadRates, AreTakenByTheTableOfRatesExactly) {
  const TestFolder folder("rates-table");
  const std::string path = folder.write("eurofxref-hist.csv", std::string(kHistory));
  money::RateTable table(*money::Currency::parse("EUR"));
  const auto facts =
      read_rates({path}, record_options(), [&](const ledger::RateRecord& r) { return table.add(r.rate); });
  ASSERT_TRUE(facts) << facts.error().message;
  // 108.46 USD at 1.0846 are 100.00 EUR.
  EXPECT_EQ(table.convert({10846, *money::Currency::parse("USD")}, *money::Currency::parse("EUR"),
                          calendar::civil(2024, 3, 4)),
            10000);
}

TEST(ReadRates, NeedsADateACurrencyAndARate) {
  const auto r = read("date,currency\n2024-03-05,USD\n");
  ASSERT_FALSE(r);
  EXPECT_NE(r.error().message.find("no column was recognised for: rate"), std::string::npos) << r.error().message;
}

}  // namespace
}  // namespace behoud::ingest
