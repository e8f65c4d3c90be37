#include "ingest/read/xlsx.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "ingest/read/table_rows_for_tests.h"
#include "ingest/read/xml_scan.h"
#include "ingest/read/zip_for_tests.h"

namespace behoud::ingest::read {
namespace {

using Cells = std::vector<std::vector<std::string>>;

struct Book {
  std::string sheet_data;  // between <sheetData> and </sheetData> of the first sheet
  std::string shared;      // within <sst>
  std::string styles;      // within <styleSheet>
  std::string workbook_properties;
  ZipContents more;
};

std::string sheet_xml(const std::string& data) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<worksheet "
         "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><dimension ref=\"A1\"/><sheetData>" +
         data + "</sheetData><pageMargins left=\"0.7\"/></worksheet>";
}

ZipContents parts_of(const Book& book) {
  const std::string relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
  ZipContents parts{
      {"[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"},
      {"_rels/.rels", "<Relationships><Relationship Id=\"rId1\" Type=\"" + relation +
                          "officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"},
      {"xl/workbook.xml", "<workbook xmlns:r=\"r\"><workbookPr " + book.workbook_properties +
                              "/><sheets><sheet name=\"Empty\" sheetId=\"1\" r:id=\"rId8\"/><sheet name=\"Secret\" "
                              "sheetId=\"3\" state=\"hidden\" r:id=\"rId9\"/><sheet name=\"Orders\" sheetId=\"2\" "
                              "r:id=\"rId1\"/></sheets></workbook>"},
      {"xl/_rels/workbook.xml.rels",
       "<Relationships><Relationship Id=\"rId1\" Type=\"" + relation +
           "worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"" + relation +
           "sharedStrings\" Target=\"/xl/sharedStrings.xml\"/><Relationship Id=\"rId3\" Type=\"" + relation +
           "styles\" Target=\"styles.xml\"/><Relationship Id=\"rId8\" Type=\"" + relation +
           "worksheet\" Target=\"worksheets/empty.xml\"/><Relationship Id=\"rId9\" Type=\"" + relation +
           "worksheet\" Target=\"worksheets/secret.xml\"/></Relationships>"},
      {"xl/worksheets/empty.xml", sheet_xml("<row r=\"1\"><c r=\"A1\" s=\"0\"/></row>")},
      {"xl/worksheets/secret.xml", sheet_xml("<row r=\"1\"><c r=\"A1\"><v>666</v></c></row>")},
      {"xl/worksheets/sheet1.xml", sheet_xml(book.sheet_data)},
      {"xl/sharedStrings.xml", "<sst>" + book.shared + "</sst>"},
      {"xl/styles.xml", "<styleSheet>" + book.styles + "</styleSheet>"}};
  parts.insert(parts.end(), book.more.begin(), book.more.end());
  return parts;
}

Result<std::unique_ptr<Table>> open_parts(const ZipContents& parts) {
  return open_xlsx(bytes_of("orders.xlsx", make_zip(parts)), "orders.xlsx", {});
}

Result<std::vector<TestRow>> read_book(const Book& book, std::vector<std::size_t> columns = {},
                                       std::uint64_t skip = 0) {
  TRY_ASSIGN(const auto table, open_parts(parts_of(book)));
  return rows_of(*table, std::move(columns), skip);
}

// Styles 0 General, 1 builtin 14, 2 builtin 22, 3 builtin 20, 4 custom 164, 5 custom 165.
const std::string kStyles =
    "<numFmts count=\"2\"><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd hh:mm:ss\"/><numFmt numFmtId=\"165\" "
    "formatCode=\"[$&#8364;-413] #,##0.00;[Red]&quot;day&quot; #\"/></numFmts><cellStyleXfs><xf "
    "numFmtId=\"22\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"22\"/><xf "
    "numFmtId=\"20\"/><xf numFmtId=\"164\"/><xf numFmtId=\"165\"/></cellXfs>";

std::string one_cell(const std::string& cell) {
  const auto rows = read_book({.sheet_data = "<row r=\"1\">" + cell + "</row>",
                               .shared = "<si><t>zero</t></si><si><t xml:space=\"preserve\"> a &amp; b </t></si>",
                               .styles = kStyles,
                               .workbook_properties = {},
                               .more = {}});
  if (!rows) return "error: " + rows.error().message;
  return rows->size() == 1 && rows->at(0).cells.size() == 1 ? rows->at(0).cells[0] : "no cell";
}

TEST(Xlsx, GivesEachKindOfCellAsText) {
  const struct {
    const char* why;
    std::string cell, text;
  } cases[] = {
      {"a shared text", "<c r=\"A1\" t=\"s\"><v>1</v></c>", " a & b "},
      {"an inline text", "<c r=\"A1\" t=\"inlineStr\"><is><t>x&lt;y</t></is></c>", "x<y"},
      {"an inline text in runs, with how to pronounce it",
       "<c r=\"A1\" t=\"inlineStr\"><is><r><rPr><b/></rPr><t>one</t></r><r><t> two</t></r><rPh sb=\"0\" "
       "eb=\"1\"><t>WAN</t></rPh></is></c>",
       "one two"},
      {"a number", "<c r=\"A1\"><v>12.5</v></c>", "12.5"},
      {"a number with binary noise", "<c r=\"A1\"><v>29.330000000000002</v></c>", "29.33"},
      {"a whole number of 17 digits", "<c r=\"A1\"><v>12345678901234567</v></c>", "12345678901234567"},
      {"a number by exponent", "<c r=\"A1\"><v>4.5E3</v></c>", "4500"},
      {"an order id by exponent", "<c r=\"A1\"><v>5.31234567E+12</v></c>", "5312345670000"},
      {"a small number", "<c r=\"A1\"><v>1.5E-7</v></c>", "0.00000015"},
      {"a date", "<c r=\"A1\" s=\"1\"><v>45443</v></c>", "2024-05-31"},
      {"a date with a time", "<c r=\"A1\" s=\"2\"><v>45443.75</v></c>", "2024-05-31 18:00:00"},
      {"a midnight under a format with a time", "<c r=\"A1\" s=\"2\"><v>45443</v></c>", "2024-05-31 00:00:00"},
      {"a time under a format without one", "<c r=\"A1\" s=\"1\"><v>45443.5</v></c>", "2024-05-31 12:00:00"},
      {"a time alone", "<c r=\"A1\" s=\"3\"><v>0.5868055556</v></c>", "14:05:00"},
      {"a date of a custom format", "<c r=\"A1\" s=\"4\"><v>45443.58690972222</v></c>", "2024-05-31 14:05:09"},
      {"an amount whose format has letters in it", "<c r=\"A1\" s=\"5\"><v>45443</v></c>", "45443"},
      {"a negative number under a date format", "<c r=\"A1\" s=\"1\"><v>-5.5</v></c>", "-5.5"},
      {"a style that is not there", "<c r=\"A1\" s=\"99\"><v>45443</v></c>", "45443"},
      {"true", "<c r=\"A1\" t=\"b\"><v>1</v></c>", "TRUE"},
      {"false", "<c r=\"A1\" t=\"b\"><v>0</v></c>", "FALSE"},
      {"an error", "<c r=\"A1\" t=\"e\"><v>#N/A</v></c>", "#N/A"},
      {"a formula's saved number", "<c r=\"A1\"><f>SUM(B1:B9)*2</f><v>7</v></c>", "7"},
      {"a formula's saved text", "<c r=\"A1\" t=\"str\"><f>HYPERLINK(\"x\")</f><v>=cmd|'x'!A1</v></c>", "=cmd|'x'!A1"},
      {"an ISO date", "<c r=\"A1\" t=\"d\"><v>2024-05-31T00:00:00</v></c>", "2024-05-31T00:00:00"},
      {"no reference", "<c><v>3</v></c>", "3"},
      {"character data", "<c r=\"A1\" t=\"str\"><v><![CDATA[a&amp;<b]]></v></c>", "a&amp;<b"},
      {"characters by number", "<c r=\"A1\" t=\"str\"><v>&#8364;&#x41;_x000D__x005F_x000D_</v></c>",
       "\xE2\x82\xAC"
       "A\r_x000D_"},
      {"a number that is none, nor UTF-8", "<c r=\"A1\"><v>45\xFF</v></c>", "45\xC3\xBF"},
      {"an entity that nobody defined", "<c r=\"A1\" t=\"str\"><v>&lol; &#0; &</v></c>", "&lol; &#0; &"},
  };
  for (const auto& c : cases) EXPECT_EQ(one_cell(c.cell), c.text) << c.why;
}

TEST(Xlsx, KeepsCellsInTheirColumnsAndRowsUnderTheirNumber) {
  const auto rows = read_book(
      {.sheet_data = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"C1\"><v>3</v></c></row><row r=\"2\"/>"
                     "<row r=\"3\" spans=\"1:3\"><c r=\"A3\" s=\"0\"/><c r=\"B3\"><v></v></c></row>"
                     "<row r=\"7\"><c r=\"AA7\"><v>27</v></c></row><row><c><v>8</v></c><c><v>9</v></c></row>",
       .shared = "<si><t>zero</t></si>",
       .styles = kStyles,
       .workbook_properties = {},
       .more = {}},
      {0, 2, 26, 1});
  ASSERT_TRUE(rows.has_value()) << rows.error().message;
  EXPECT_EQ(*rows, (std::vector<TestRow>{
                       {1, 3, {"zero", "3", "", ""}}, {7, 27, {"", "", "27", ""}}, {8, 2, {"8", "", "", "9"}}}));
}

TEST(Xlsx, TakesTheFirstVisibleSheetWithRows) {
  const auto rows = read_book({.sheet_data = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>",
                               .shared = {},
                               .styles = {},
                               .workbook_properties = {},
                               .more = {}});
  ASSERT_TRUE(rows.has_value()) << rows.error().message;
  EXPECT_EQ(rows->at(0).cells[0], "1");
  // With nothing to see, the hidden one.
  const auto hidden = read_book({});
  ASSERT_TRUE(hidden.has_value()) << hidden.error().message;
  EXPECT_EQ(hidden->at(0).cells[0], "666");
}

TEST(Xlsx, NamesTheSheetsWithRowsThatAreNotRead) {
  Book book{.sheet_data = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>",
            .shared = {},
            .styles = {},
            .workbook_properties = {},
            .more = {}};
  const auto alone = open_parts(parts_of(book));
  ASSERT_TRUE(alone.has_value()) << alone.error().message;
  EXPECT_EQ((*alone)->format().sheet, "Orders");
  EXPECT_EQ((*alone)->format().other_sheets, std::vector<std::string>{}) << "neither an empty one nor a hidden one";
  auto parts = parts_of(book);
  for (auto& [name, content] : parts) {
    if (name == "xl/worksheets/empty.xml") content = sheet_xml("<row r=\"1\"><c r=\"A1\"><v>5</v></c></row>");
  }
  const auto both = open_parts(parts);
  ASSERT_TRUE(both.has_value()) << both.error().message;
  EXPECT_EQ((*both)->format().sheet, "Empty");
  EXPECT_EQ((*both)->format().other_sheets, std::vector<std::string>{"Orders"});
}

TEST(Xlsx, KnowsThe1904System) {
  const auto rows = read_book({.sheet_data = "<row r=\"1\"><c r=\"A1\" s=\"1\"><v>43981</v></c></row>",
                               .shared = {},
                               .styles = kStyles,
                               .workbook_properties = "date1904=\"1\"",
                               .more = {}});
  ASSERT_TRUE(rows.has_value());
  EXPECT_EQ(rows->at(0).cells[0], "2024-05-31");
}

TEST(Xlsx, ReadsManyRowsInBatchesAndSkips) {
  std::string data;
  for (int i = 1; i <= 20'000; ++i) {
    const std::string n = std::to_string(i);
    data += "<row r=\"" + n + "\"><c r=\"A" + n + "\"><v>" + n + "</v></c><c r=\"B" + n + "\" t=\"str\"><v>text " + n +
            "</v></c></row>";
  }
  const auto rows =
      read_book({.sheet_data = data, .shared = {}, .styles = {}, .workbook_properties = {}, .more = {}}, {1, 0}, 5);
  ASSERT_TRUE(rows.has_value());
  ASSERT_EQ(rows->size(), 19'995U);
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const std::string n = std::to_string(i + 6);
    ASSERT_EQ(rows->at(i), (TestRow{i + 6, 2, {"text " + n, n}}));
  }
}

TEST(Xlsx, NamesWhatIsWrong) {
  const auto parts = parts_of({.sheet_data = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>",
                               .shared = {},
                               .styles = kStyles,
                               .workbook_properties = {},
                               .more = {}});
  const auto with = [&](const std::string& part, const std::string& content) {
    ZipContents changed = parts;
    for (auto& [name, old] : changed) {
      if (name == part) old = content;
    }
    return changed;
  };
  const auto without = [&](const std::string& part) {
    ZipContents changed = parts;
    std::erase_if(changed, [&](const auto& p) { return p.first == part; });
    return changed;
  };
  const std::string sheet = "xl/worksheets/sheet1.xml";
  const struct {
    const char* why;
    ZipContents parts;
    Errc code;
    std::uint64_t line;
  } cases[] = {
      {"no workbook", without("xl/workbook.xml"), Errc::kBadInput, 0},
      {"a workbook that is no XML", with("xl/workbook.xml", "<workbook"), Errc::kBadInput, 0},
      {"a binary workbook",
       with("_rels/.rels",
            "<Relationships><Relationship Id=\"a\" Type=\"x/officeDocument\" "
            "Target=\"xl/workbook.bin\"/></Relationships>"),
       Errc::kBadInput, 0},
      {"styles that are no XML", with("xl/styles.xml", "<<<"), Errc::kBadInput, 0},
      {"shared texts cut off", with("xl/sharedStrings.xml", "<sst><si><t>x"), Errc::kBadInput, 0},
      {"a sheet cut off", with(sheet, "<worksheet><sheetData><row r=\"4\"><c r=\"A4\"><v>1</v></c>"), Errc::kBadInput,
       4},
      {"a sheet cut off in a tag",
       with(sheet, "<worksheet><sheetData><row r=\"4\"><c r=\"A4\"><v>1</v></c></row><row r"), Errc::kBadInput, 0},
      {"a text that is not there", with(sheet, sheet_xml("<row r=\"9\"><c r=\"A9\" t=\"s\"><v>5</v></c></row>")),
       Errc::kBadInput, 9},
      {"a cell in the column 16,384", with(sheet, sheet_xml("<row r=\"9\"><c r=\"XFD9\"><v>5</v></c></row>")),
       Errc::kOutOfRange, 9},
      {"a cell of nowhere", with(sheet, sheet_xml("<row r=\"9\"><c r=\"9\"><v>5</v></c></row>")), Errc::kBadInput, 9},
      {"entities that multiply",
       with(sheet,
            "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><worksheet><sheetData><row><c "
            "t=\"str\"><v>&b;</v></c></row></sheetData></worksheet>"),
       Errc::kBadInput, 0},
      {"UTF-16", with(sheet, std::string("\xFF\xFE<\0", 4)), Errc::kBadInput, 0},
      {"a cell of 17 MB",
       with(sheet, sheet_xml("<row r=\"2\"><c r=\"A2\" t=\"str\"><v>" + std::string(17 << 20, 'x') + "</v></c></row>")),
       Errc::kOutOfRange, 0},
      {"a tag of 1 MB", with(sheet, sheet_xml("<row r=\"2\" " + std::string(1 << 20, ' ') + ">")), Errc::kOutOfRange,
       0},
  };
  for (const auto& c : cases) {
    const auto table = open_parts(c.parts);
    const auto rows = table ? rows_of(**table) : std::unexpected(table.error());
    ASSERT_FALSE(rows.has_value()) << c.why;
    EXPECT_EQ(rows.error().code, c.code) << c.why << ": " << rows.error().message;
    EXPECT_TRUE(rows.error().place.file.starts_with("orders.xlsx")) << c.why;
    EXPECT_EQ(rows.error().place.line, c.line) << c.why;
  }
  const auto empty = open_parts([&] {
    auto changed = with(sheet, sheet_xml(""));
    for (auto& [name, content] : changed) {
      if (name == "xl/worksheets/secret.xml") content = sheet_xml("");
    }
    return changed;
  }());
  ASSERT_FALSE(empty.has_value());
  EXPECT_EQ(empty.error().message, "orders.xlsx is empty: no sheet has a row");
}

TEST(Xlsx, DatesOfBothSystems) {
  using enum NumberFormat;
  const struct {
    double serial;
    NumberFormat format;
    bool from_1904;
    const char* text;
  } cases[] = {{0, kDate, false, "1899-12-31"},
               {1, kDate, false, "1900-01-01"},
               {59, kDate, false, "1900-02-28"},
               {60, kDate, false, "1900-02-29"},
               {61, kDate, false, "1900-03-01"},
               {36526, kDate, false, "2000-01-01"},
               {45351, kDate, false, "2024-02-29"},
               {2'958'465, kDate, false, "9999-12-31"},
               {2'958'466, kDate, false, ""},
               {-1, kDate, false, ""},
               {0, kDate, true, "1904-01-01"},
               {1462, kDate, true, "1908-01-02"},
               {0.999999, kTime, false, "00:00:00"},
               {45443.999999, kDateTime, false, "2024-06-01 00:00:00"},
               {1.5, kTime, false, "1900-01-01 12:00:00"}};
  for (const auto& c : cases) {
    EXPECT_EQ(text_of_serial(c.serial, c.format, c.from_1904), c.text) << c.serial;
  }
}

TEST(Xlsx, TellsDateFormatsFromOthers) {
  using enum NumberFormat;
  const struct {
    const char* code;
    NumberFormat format;
  } cases[] = {{"General", kNumber},
               {"0.00", kNumber},
               {"#,##0.00 \"days\"", kNumber},
               {"[Red]0.00", kNumber},
               {"[$kr-41D] #,##0", kNumber},
               {"0.00E+00", kNumber},
               {"#,##0\\d", kNumber},
               {"_-* #,##0.00_-;\\-* #,##0.00_-;_-* \"-\"??_-;_-@_-", kNumber},
               {"0;dd", kNumber},
               {"dd-mm-yyyy", kDate},
               {"[$-413]d mmmm yyyy;@", kDate},
               {"mmm", kDate},
               {"YYYY/MM/DD", kDate},
               {"h:mm", kTime},
               {"mm:ss.0", kTime},
               {"[h]:mm", kTime},
               {"[mm]", kTime},
               {"d/m/yy h:mm AM/PM", kDateTime},
               {"", kNumber},
               {"\"", kNumber},
               {"[", kNumber},
               {"\\", kNumber}};
  for (const auto& c : cases) EXPECT_EQ(format_of_code(c.code), c.format) << c.code;
  for (std::uint32_t id = 0; id < 60; ++id) {
    const bool date =
        (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
    EXPECT_EQ(builtin_format(id) != kNumber, date) << id;
  }
}

// Whatever is cut off a workbook, or flipped in it, there is an answer or an error, not a crash.
TEST(Xlsx, SurvivesTruncationAtEachByte) {
  const std::string whole = make_zip(parts_of({.sheet_data = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>",
                                               .shared = "<si><t>zero</t></si>",
                                               .styles = kStyles,
                                               .workbook_properties = {},
                                               .more = {}}));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto table = open_xlsx(bytes_of("orders.xlsx", whole.substr(0, size)), "orders.xlsx", {});
    EXPECT_FALSE(table.has_value()) << size;
  }
}

// The scanner gives the same tokens whatever pieces the bytes come in.
RC_GTEST_PROP(XmlScanner, PiecesDoNotMatter, ()) {
  static const std::vector<std::string> kPieces{"<a>",
                                                "</a>",
                                                "<b x=\"1>2\" y='\"'/>",
                                                "text",
                                                "&amp;",
                                                "<!-- > -->",
                                                "<?p ?>",
                                                "<![CDATA[<x>]]>",
                                                " ",
                                                "<ns:c r = \"A1\">",
                                                "<",
                                                ">",
                                                "\""};
  const auto parts = *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(kPieces));
  std::string text;
  for (const auto& part : parts) text += part;
  const auto tokens = [&](std::size_t piece) {
    std::size_t at = 0;
    XmlScanner xml("x", [&](std::span<char> out) -> Result<std::size_t> {
      const std::size_t n = std::min({piece, out.size(), text.size() - at});
      text.copy(out.data(), n, at);
      at += n;
      return n;
    });
    std::vector<std::string> seen;
    for (;;) {
      const auto token = xml.next();
      if (!token) return seen.push_back("error: " + token.error().message), seen;
      if (*token == XmlScanner::Token::kEnd) return seen;
      if (*token == XmlScanner::Token::kText) {
        std::string decoded;
        append_xml_text(xml.text(), xml.is_cdata(), decoded);
        seen.push_back("text " + decoded);
      } else {
        seen.push_back((*token == XmlScanner::Token::kOpen ? "open " : "close ") + std::string(xml.tag()) +
                       (xml.empty_element() ? "/" : "") + std::string(xml.attribute("x").value_or("-")) +
                       std::string(xml.attribute("r").value_or("-")));
      }
    }
  };
  RC_ASSERT(tokens(1) == tokens(1'000'000));
}

}  // namespace
}  // namespace behoud::ingest::read
