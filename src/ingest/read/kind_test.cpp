#include "ingest/read/kind.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "ingest/read/open_bytes.h"
#include "ingest/read/table_rows_for_tests.h"
#include "ingest/read/zip_for_tests.h"

namespace behoud::ingest::read {
namespace {

const std::string kCsv = "id,date,amount\n1,2024-01-02,3\n2,2024-01-03,4\n";
const std::string kJson = "[{\"id\":1,\"date\":\"2024-01-02\",\"amount\":3},\n {\"id\":2,\"lines\":[{\"sku\":\"a\"}]}]";

std::string workbook() {
  const std::string relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
  return make_zip(
      {{"[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"},
       {"_rels/.rels", "<Relationships><Relationship Id=\"rId1\" Type=\"" + relation +
                           "officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"},
       {"xl/workbook.xml",
        "<workbook xmlns:r=\"r\"><sheets><sheet name=\"Orders\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"},
       {"xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id=\"rId1\" Type=\"" + relation +
                                          "worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"},
       {"xl/worksheets/sheet1.xml",
        "<worksheet><sheetData><row r=\"1\"><c r=\"A1\"><v>17</v></c><c r=\"B1\"><v>18</v>"
        "</c></row></sheetData></worksheet>"}});
}

Result<std::vector<TestRow>> read_all(const std::string& name, const std::string& content) {
  TRY_ASSIGN(const auto tables, open_bytes(bytes_of(name, content), name, {}));
  std::vector<TestRow> out;
  for (const auto& table : tables) {
    TRY_ASSIGN(auto rows, rows_of(*table));
    out.insert(out.end(), rows.begin(), rows.end());
  }
  return out;
}

// The reason and what it says of it, as "problem.not_as_called json"; "read" where there is none.
std::string why(const std::string& name, const std::string& content) {
  const auto rows = read_all(name, content);
  if (rows) return "read";
  const Error& error = rows.error();
  EXPECT_EQ(error.code, Errc::kBadInput) << name << ": " << error.message;
  EXPECT_TRUE(error.place.file.starts_with(name)) << error.place.file;
  EXPECT_FALSE(error.hint.empty()) << name << ": " << error.message;
  std::string out = error.why.reason;
  for (const Why::Value& value : error.why.values) {
    if (const auto* text = std::get_if<std::string>(&value.value)) out += " " + *text;
  }
  return out;
}

TEST(Kind, TheEndingOfANameIsItsClaim) {
  const struct {
    std::string_view name;
    Claim claim;
  } cases[] = {{"orders.json", Claim::kJson},
               {"a.b.JSONL", Claim::kJson},
               {"/x/orders.ndjson", Claim::kJson},
               {"orders.xlsx", Claim::kWorkbook},
               {"o.XLSM", Claim::kWorkbook},
               {"o.parquet", Claim::kParquet},
               {"o.pq", Claim::kParquet},
               {"o.zip", Claim::kZip},
               {"o.csv.gz", Claim::kGzip},
               {"orders.csv", Claim::kNothing},
               {"orders.xls", Claim::kNothing},
               {"orders", Claim::kNothing},
               {"", Claim::kNothing},
               {".", Claim::kNothing},
               {"json", Claim::kNothing},
               {"x.json/orders", Claim::kNothing}};
  for (const auto& c : cases) EXPECT_EQ(claim_of(c.name), c.claim) << c.name;
}

// Was read as a CSV file of one column, in which no customer was found.
TEST(Kind, WhatIsCutOffIsNamedForWhatItIsCalled) {
  const std::string book = workbook(), zip = make_zip({{"orders.csv", kCsv}}), gzip = make_gzip(kCsv);
  const struct {
    std::string name, whole, one, other;
  } cases[] = {{"orders.xlsx", book, "problem.file_cut_off", "problem.workbook_damaged"},
               {"orders.zip", zip, "problem.file_cut_off", "problem.archive_damaged"},
               {"orders.csv.gz", gzip, "problem.file_cut_off", "problem.archive_damaged"},
               {"orders.json", kJson, "problem.json_cut_off", "problem.json_damaged"}};
  for (const auto& c : cases) {
    ASSERT_EQ(why(c.name, c.whole), "read");
    EXPECT_EQ(why(c.name, ""), "problem.file_empty");
    for (std::size_t size = 1; size < c.whole.size(); ++size) {
      const std::string found = why(c.name, c.whole.substr(0, size));
      EXPECT_TRUE(found == c.one || found == c.other) << c.name << " of " << size << " bytes: " << found;
    }
  }
  for (const std::string head : {"P", "PA", "PAR"}) EXPECT_EQ(why("orders.parquet", head), "problem.file_cut_off");
  for (const std::string& more : {std::string("PAR1"), "PAR1" + std::string(40, '\x15')}) {
    EXPECT_EQ(why("orders.parquet", more), "problem.parquet_damaged");
  }
}

TEST(Kind, GoodBytesAreReadWhateverTheyAreCalled) {
  for (const std::string name : {"orders.csv", "orders.txt", "orders.xls", "orders"}) {
    EXPECT_EQ(why(name, kCsv), "read") << name;
    EXPECT_EQ(why(name, kJson), "read") << name;
    EXPECT_EQ(why(name, workbook()), "read") << name;
    EXPECT_EQ(why(name, make_gzip(kCsv)), "read") << name;
  }
  for (const std::string name : {"orders.json", "orders.xlsx", "orders.parquet", "orders.gz"}) {
    EXPECT_EQ(why(name, make_zip({{"orders.csv", kCsv}})), "read") << name;
    EXPECT_EQ(why(name, make_gzip(kCsv)), "read") << name;
  }
  for (const std::string name : {"orders.json", "orders.xlsx", "orders.parquet", "orders.zip", "orders.gz"}) {
    EXPECT_EQ(why(name, kCsv), "read") << name;
    EXPECT_EQ(why(name, "\xEF\xBB\xBFKlant;Datum\na;1-2-2024\n"), "read") << name;
  }
  EXPECT_EQ(why("orders.json.gz", make_gzip(kJson)), "read");
  EXPECT_EQ(why("orders.csv.gz", make_gzip(kJson)), "read");
}

TEST(Kind, ATextThatIsNotWhatItIsCalledSaysSo) {
  const std::string page = "Sorry, there is nothing here.\nTry again later.\n";
  EXPECT_EQ(why("orders.json", page), "problem.not_as_called json");
  EXPECT_EQ(why("orders.jsonl", "\"only a text\""), "problem.not_as_called json");
  EXPECT_EQ(why("orders.json", "\"id\": 1,\n\"amount\": 2,\n"), "problem.not_as_called json");
  EXPECT_EQ(why("orders.json.gz", make_gzip(page)), "problem.not_as_called json");
  EXPECT_EQ(why("all.zip", make_zip({{"orders.json", page}})), "problem.not_as_called json");
  EXPECT_EQ(why("orders.xlsx", page), "problem.not_as_called xlsx");
  EXPECT_EQ(why("orders.xlsx", kJson), "problem.not_as_called xlsx");
  EXPECT_EQ(why("orders.xlsx", std::string("a,b\n\0,c\n", 8)), "problem.not_as_called xlsx");
  EXPECT_EQ(why("orders.parquet", page), "problem.not_as_called parquet");
  EXPECT_EQ(why("orders.zip", page), "problem.not_as_called zip");
  EXPECT_EQ(why("orders.csv.gz", page), "problem.not_as_called gz");
  EXPECT_EQ(why("orders.json", " \n\n "), "problem.file_empty");
  const auto below = read_all("orders.json", "\n\n  <- orders\n[]");
  ASSERT_FALSE(below.has_value());
  EXPECT_EQ(below.error().place.line, 3U);
  const auto within = read_all("orders.json", "[{\"id\":1},\n {\"id\":2},\n {\"id\":\n oops}]");
  ASSERT_FALSE(within.has_value());
  EXPECT_EQ(within.error().place.line, 4U);
  EXPECT_EQ(within.error().why.reason, "problem.json_damaged");
}

// In UTF-16 it begins with neither bracket.
TEST(Kind, JsonInUtf16IsJson) {
  std::string utf16 = "\xFF\xFE";
  for (const char c : std::string("[{\"id\":1}]")) utf16.append({c, '\0'});
  EXPECT_EQ(why("orders.json", utf16), "read");
}

TEST(Kind, AWorkbookWithAPasswordIsToldFromAnOldOne) {
  std::string compound = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + std::string(504, '\0');
  compound[30] = 9;  // sectors of 512 bytes
  compound[48] = 1;  // the directory is the second of them
  const std::string old = compound + std::string(512, 'x') + std::string("R\0o\0o\0t\0", 8) + std::string(500, '\0');
  std::string locked = compound + std::string(512, 'x');
  for (const char c : std::string("EncryptedPackage")) locked.append({c, '\0'});
  EXPECT_EQ(why("orders.xlsx", locked), "problem.workbook_password");
  EXPECT_EQ(why("orders.xls", old), "problem.save_as_other xls");
  for (std::size_t size = 8; size < locked.size(); size += 31) {
    EXPECT_EQ(why("orders.xlsx", locked.substr(0, size)), "problem.save_as_other xls") << size;
  }
  std::string far = compound;
  far[48] = far[49] = far[50] = far[51] = '\xFF';
  EXPECT_EQ(why("orders.xlsx", far), "problem.save_as_other xls");
}

TEST(Kind, MarkupIsAWebPageOrXml) {
  for (const std::string text : {"<!DOCTYPE html>", "\n <TABLE><tr>", "<div>", "<!-- made by a shop --><table>",
                                 "<meta charset=utf-8><table>"}) {
    EXPECT_EQ(why("orders.xls", text), "problem.save_as_other web_page") << text;
  }
  for (const std::string text : {"<?xml version=\"1.0\"?><Workbook/>", "<orders><order/></orders>"}) {
    EXPECT_EQ(why("orders.xls", text), "problem.save_as_other xml") << text;
  }
  EXPECT_EQ(why("orders.csv", "<3 days,amount\n1,2\n"), "read");
}

}  // namespace
}  // namespace behoud::ingest::read
