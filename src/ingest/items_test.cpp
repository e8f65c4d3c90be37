#include <tuple>

#include <gtest/gtest.h>

#include "ingest/records_for_tests.h"
#include "ledger/bounds.h"

namespace behoud::ingest {
namespace {

using Lines = std::vector<std::string>;

Result<RecordsRead> read(std::string_view text, const RecordOptions& options = record_options()) {
  auto out = read_records(RecordKind::kItems, text, options);
  if (out) {
    EXPECT_EQ(bridge_fault(*out), "");
  }
  return out;
}

TEST(ReadItems, ReadsFourLanguages) {
  const std::string_view files[] = {"sku,name,category,cost\nA-1,Mug,Kitchen,3.25\n",
                                    "artikelnummer,productnaam,productgroep,inkoopprijs\nA-1,Mug,Kitchen,3.25\n",
                                    "artikelnummer,produktnamn,varugrupp,inköpspris\nA-1,Mug,Kitchen,3.25\n",
                                    "Artikelnummer,Bezeichnung,Warengruppe,Einkaufspreis\nA-1,Mug,Kitchen,3.25\n"};
  for (const std::string_view file : files) {
    const auto r = read(file);
    ASSERT_TRUE(r) << file << r.error().message;
    EXPECT_EQ(r->records, (Lines{"id=A-1; name=Mug; category=Kitchen; cost=3.25 EUR"})) << file;
  }
}

TEST(ReadItems, TakesTheCostAndNotTheSellingPrice) {
  const auto r = read(
      "Handle,Title,Type,Variant SKU,Variant Price,Cost per item\n"
      "mug,Mug,Kitchen,A-1,9.95,3.25\n"
      "mug,,,A-2,9.95,\n"
      "mug,,,,,\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->records, (Lines{"id=A-1; name=Mug; category=Kitchen; cost=3.25 EUR", "id=A-2"}));
  EXPECT_EQ(r->step("blank_rows"), 1u);  // a row of a picture: none of the columns that are read
  const auto prices = read("sku,name,price\nA-1,Mug,9.95\n");
  ASSERT_TRUE(prices) << prices.error().message;
  EXPECT_EQ(prices->records, (Lines{"id=A-1; name=Mug"}));
}

TEST(ReadItems, RejectsRowByRow) {
  const auto r = read(
      "sku,name,cost\n"
      ",Mug,1\n"
      "A-2,Mug,-1\n"
      "A-3,Mug,free\n"
      "A-4,Mug,0\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->rejected(), (Lines{"line 2, sku: id_missing", "line 3, cost: amount_negative \"-1\"",
                                  "line 4, cost: amount \"free\""}));
  EXPECT_EQ(r->records, (Lines{"id=A-4; name=Mug; cost=0.00 EUR"}));
}

// At 4,096 bytes a text is taken; at one more the ledger would refuse the whole file, and the row is rejected.
TEST(ReadItems, RejectsARowWithATextThatTheLedgerDoesNotTake) {
  const std::string most(ledger::kTextBytesMax, 'x'), over = most + "x";
  for (const auto& [head, id, name, category] :
       {std::tuple("sku", over, most, most), {"name", most, over, most}, {"category", most, most, over}}) {
    const auto r = read("sku,name,category,cost\nA-1,Mug,Kitchen,1\n" + id + "," + name + "," + category + ",1\n" +
                        most + "," + most + "," + most + ",1\n");
    ASSERT_TRUE(r) << r.error().message;
    EXPECT_EQ(r->records.size(), 2U);
    const std::string shown = std::string_view(head) == "sku" ? " \"" + over.substr(0, 80) + "\"" : "";
    EXPECT_EQ(r->rejected(), (Lines{"line 3, " + std::string(head) + ": text_too_long" + shown}));
  }
}

TEST(ReadItems, LeavesFormulasAndMarkupAsTheyStand) {
  const auto r = read("sku,name,cost\n=1+1,<script>alert(1)</script>,2\n@SUM(A1),+cmd|' /C calc'!A0,2\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->records, (Lines{"id==1+1; name=<script>alert(1)</script>; cost=2.00 EUR",
                               "id=@SUM(A1); name=+cmd|' /C calc'!A0; cost=2.00 EUR"}));
}

TEST(ReadItems, NeedNoCurrencyWithoutACost) {
  auto options = record_options();
  options.currency.reset();
  EXPECT_TRUE(read("sku,name\nA-1,Mug\n", options));
  EXPECT_TRUE(read("sku,name,cost\nA-1,Mug,\n", options));
  EXPECT_FALSE(read("sku,name,cost\nA-1,Mug,1\n", options));
}

}  // namespace
}  // namespace behoud::ingest
