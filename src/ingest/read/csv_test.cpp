#include "ingest/read/csv.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "ingest/read/csv_scan.h"
#include "ingest/read/table_rows_for_tests.h"

namespace behoud::ingest::read {
namespace {

using Cells = std::vector<std::vector<std::string>>;

Result<std::unique_ptr<Table>> open_text(std::string text, CsvOptions options = {}) {
  return open_csv(bytes_of("orders.csv", std::move(text)), "orders.csv", options);
}

Result<std::vector<TestRow>> read_text(const std::string& text, std::vector<std::size_t> columns = {},
                                       std::uint64_t skip = 0, CsvOptions options = {}) {
  TRY_ASSIGN(const auto table, open_text(text, options));
  return rows_of(*table, std::move(columns), skip);
}

Cells cells_in(const std::string& text) {
  const auto rows = read_text(text);
  EXPECT_TRUE(rows.has_value()) << rows.error().message;
  return rows ? cells_of(*rows) : Cells{};
}

// UTF-16 of text in the Basic Multilingual Plane, given as code units.
std::string utf16(std::u16string_view text, bool little) {
  std::string bytes;
  for (const char16_t unit : text) {
    const char low = static_cast<char>(unit & 0xFF), high = static_cast<char>(unit >> 8);
    bytes += little ? low : high;
    bytes += little ? high : low;
  }
  return bytes;
}

// The grammar of csv_dialect.h written down as plainly as it can be: one character at a time, no state between cells.
struct PlainRow {
  std::uint64_t line = 0;
  std::vector<std::string> cells;
  friend bool operator==(const PlainRow&, const PlainRow&) = default;
};
struct PlainFile {
  std::vector<PlainRow> rows;
  bool open_quote = false;
  std::uint64_t open_line = 0;
};
PlainFile read_plainly(const std::string& text, const CsvDialect& d) {
  PlainFile file;
  std::size_t i = 0;
  std::uint64_t line = 1;
  const auto at_line_end = [&](std::size_t k) {
    return k >= text.size() || text[k] == d.newline ||
           (d.newline == '\n' && text[k] == '\r' && (k + 1 == text.size() || text[k + 1] == '\n'));
  };
  while (i < text.size()) {
    PlainRow row{line, {}};
    const std::size_t row_begin = i;
    for (;;) {
      std::string cell;
      bool quoted = false;
      std::size_t k = i;
      if (d.blank_before_quote) {
        while (k < text.size() && text[k] == ' ') ++k;
      }
      if (d.quote != '\0' && k < text.size() && text[k] == d.quote) {
        std::string inner;
        std::size_t j = k + 1;
        bool closed = false;
        while (j < text.size()) {
          if (d.escape != '\0' && text[j] == d.escape) {
            if (j + 1 < text.size()) inner += text[j + 1];
            j += 2;
          } else if (text[j] == d.quote && j + 1 < text.size() && text[j + 1] == d.quote) {
            inner += d.quote;
            j += 2;
          } else if (text[j] == d.quote) {
            closed = true;
            ++j;
            break;
          } else {
            inner += text[j++];
          }
        }
        if (!closed) {
          file.open_quote = true;
          file.open_line =
              line + static_cast<std::uint64_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(row_begin),
                                                           text.begin() + static_cast<std::ptrdiff_t>(k), d.newline));
          return file;
        }
        while (j < text.size() && text[j] == ' ') ++j;
        if (at_line_end(j) || text[j] == d.delimiter) {
          quoted = true;
          cell = inner;
          i = j;
        }
      }
      if (!quoted) {
        std::size_t j = i;
        std::string raw;
        while (j < text.size() && text[j] != d.delimiter && text[j] != d.newline) {
          if (d.escape != '\0' && text[j] == d.escape && j + 1 < text.size()) raw += text[j++];
          raw += text[j++];
        }
        // A '\r' before the line end belongs to it, whatever stands before that.
        if (d.newline == '\n' && (j == text.size() || text[j] == '\n') && !raw.empty() && raw.back() == '\r') {
          raw.pop_back();
        }
        for (std::size_t r = 0; r < raw.size(); ++r) {
          if (d.escape != '\0' && raw[r] == d.escape && r + 1 < raw.size()) ++r;
          cell += raw[r];
        }
        i = j;
      }
      while (i < text.size() && text[i] == '\r' && d.newline == '\n' && at_line_end(i)) ++i;
      row.cells.push_back(std::move(cell));
      if (i < text.size() && text[i] == d.delimiter) {
        ++i;
        continue;
      }
      break;
    }
    const std::size_t row_end = i;
    ++i;  // the line end
    line += 1 + static_cast<std::uint64_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(row_begin),
                                                      text.begin() + static_cast<std::ptrdiff_t>(row_end), d.newline));
    const std::string whole = text.substr(row_begin, row_end - row_begin);
    if (whole.empty() || (d.newline == '\n' && whole == "\r")) continue;
    file.rows.push_back(std::move(row));
  }
  return file;
}

TEST(Csv, ReadsCellsInEachDialect) {
  const struct {
    const char* why;
    std::string text;
    Cells cells;
  } cases[] = {
      {"commas",
       "id,date,amount\n1,2024-01-02,12.50\n2,2024-01-03,3\n",
       {{"id", "date", "amount"}, {"1", "2024-01-02", "12.50"}, {"2", "2024-01-03", "3"}}},
      {"semicolons with decimal commas",
       "id;date;amount\n1;2024-01-02;12,50\n2;2024-01-03;3,10\n",
       {{"id", "date", "amount"}, {"1", "2024-01-02", "12,50"}, {"2", "2024-01-03", "3,10"}}},
      {"semicolons, each value with a decimal comma, no header",
       "1,50;2,50;3,50\n4,50;5,50;6,50\n",
       {{"1,50", "2,50", "3,50"}, {"4,50", "5,50", "6,50"}}},
      {"tabs", "a\tb c\n1\t2,5\n", {{"a", "b c"}, {"1", "2,5"}}},
      {"bars", "a|b|c\n1|2|3\n", {{"a", "b", "c"}, {"1", "2", "3"}}},
      {"runs of blanks, with leading ones",
       " 00004 0001 19970101  2   29.33\n 00004 0001 19970118  2   29.73\n",
       {{"00004", "0001", "19970101", "2", "29.33"}, {"00004", "0001", "19970118", "2", "29.73"}}},
      {"quotes", "a,b\n\"x, y\",\"say \"\"hi\"\"\"\n\"\",\"\"\"\"\n", {{"a", "b"}, {"x, y", "say \"hi\""}, {"", "\""}}},
      {"line ends in quotes", "a,b\n\"1\n2\",x\n\"3\r\n4\",y\n", {{"a", "b"}, {"1\n2", "x"}, {"3\r\n4", "y"}}},
      {"CRLF", "a,b\r\n\"1\",2\r\n3,\"4\"\r\n", {{"a", "b"}, {"1", "2"}, {"3", "4"}}},
      {"CR", "a,b\r1,2\r\"3\r4\",5\r", {{"a", "b"}, {"1", "2"}, {"3\r4", "5"}}},
      {"no line end at the end", "a,b\n1,2", {{"a", "b"}, {"1", "2"}}},
      {"ends with a quoted cell", "a,b\n1,\"2\"", {{"a", "b"}, {"1", "2"}}},
      {"ends with a delimiter", "a,b\n1,", {{"a", "b"}, {"1", ""}}},
      {"empty lines", "\n\na,b\n\r\n1,2\n\n", {{"a", "b"}, {"1", "2"}}},
      {"single quotes", "'a','b'\n'1, 2','it''s'\n", {{"a", "b"}, {"1, 2", "it's"}}},
      {"apostrophes are not quotes",
       "zip,phone\n'1234 AB,'+31612345678\n'1234 AC,'+31612345679\n",
       {{"zip", "phone"}, {"'1234 AB", "'+31612345678"}, {"'1234 AC", "'+31612345679"}}},
      {"backslash escapes",
       "a,b\n\"say \\\"hi, you\\\"\",1\n\"c:\\\\\",2\n",
       {{"a", "b"}, {"say \"hi, you\"", "1"}, {"c:\\", "2"}}},
      {"a cell that ends with an escaped quote, and the file with it",
       "a,b\n1,\"5\\\"\"\n",
       {{"a", "b"}, {"1", "5\""}}},
      {"a backslash before a doubled quote",
       "n,n,n,n,n\n0,\n\"\",1\n0,1,\n0,\n0,,0,0,\n\"\",,0,0,0\n0,0\n\"\",0\n0,0,\"\\\"\"\",\n",
       {{"n", "n", "n", "n", "n"},
        {"0", ""},
        {"", "1"},
        {"0", "1", ""},
        {"0", ""},
        {"0", "", "0", "0", ""},
        {"", "", "0", "0", "0"},
        {"0", "0"},
        {"", "0"},
        {"0", "0", "\\\"", ""}}},
      {"backslashes that escape nothing", "a,b\nc:\\x,1\n\"d:\\\",2\n", {{"a", "b"}, {"c:\\x", "1"}, {"d:\\", "2"}}},
      {"quotes within text",
       "item,price\n12\" pan,3\n\"Nice\" mug,4\n5\",6\n",
       {{"item", "price"}, {"12\" pan", "3"}, {"\"Nice\" mug", "4"}, {"5\"", "6"}}},
      {"a quote at the start of a cell that is never closed in it",
       "item,price\n\"5 inch,3\nx,\"4\"\n",
       {{"item", "price"}, {"\"5 inch", "3"}, {"x", "4"}}},
      {"blanks around quotes", "a, b\n1, \"2, 3\"\n4, \"5\" \n", {{"a", " b"}, {"1", "2, 3"}, {"4", "5"}}},
      {"sep=", "sep=;\r\na;b,c\r\n1;2,3\r\n", {{"a", "b,c"}, {"1", "2,3"}}},
      {"sep= of an odd delimiter", "\"sep=^\"\na^b\n1^2\n", {{"a", "b"}, {"1", "2"}}},
      {"title and total rows",
       "Orders of May\n\nid,date,amount\n1,2024-05-01,3\n2,2024-05-02,4\nTotal,,7\n",
       {{"Orders of May"},
        {"id", "date", "amount"},
        {"1", "2024-05-01", "3"},
        {"2", "2024-05-02", "4"},
        {"Total", "", "7"}}},
      {"commas with a semicolon in each text",
       "id,note,total\n1,a; b,3\n2,c; d,4\n",
       {{"id", "note", "total"}, {"1", "a; b", "3"}, {"2", "c; d", "4"}}},
      {"one column", "amount\n1\n2\n", {{"amount"}, {"1"}, {"2"}}},
      {"header only", "id,date,amount\n", {{"id", "date", "amount"}}},
      {"blanks are kept", "a,b\n  x , y  \n", {{"a", "b"}, {"  x ", " y  "}}},
  };
  for (const auto& c : cases) EXPECT_EQ(cells_in(c.text), c.cells) << c.why;
}

TEST(Csv, SaysWhatItTookTheFileFor) {
  const struct {
    std::string text, encoding, delimiter;
    char quote;
  } cases[] = {
      {"a,b\n1,2\n", "UTF-8", ",", '"'},
      {"\xEF\xBB\xBF"
       "a;b\n1;2\n",
       "UTF-8-BOM", ";", '"'},
      {"a\tb\n1\tcaf\xE9\n", "windows-1252", "\t", '"'},
      {"\xFF\xFE" + utf16(u"a|b\n1|2\n", true), "UTF-16LE", "|", '"'},
      {utf16(u"a,b\n1,2\n", false), "UTF-16BE", ",", '"'},
      {" 1  2\n 3  4\n", "UTF-8", " ", '\0'},
  };
  for (const auto& c : cases) {
    const auto table = open_text(c.text);
    ASSERT_TRUE(table.has_value()) << table.error().message;
    EXPECT_EQ((*table)->format().format, "csv");
    EXPECT_EQ((*table)->format().encoding, c.encoding);
    EXPECT_EQ((*table)->format().delimiter, c.delimiter);
    EXPECT_EQ((*table)->format().quote, c.quote);
    EXPECT_EQ((*table)->name(), "orders.csv");
    EXPECT_EQ((*table)->bytes_total(), c.text.size());
    EXPECT_TRUE((*table)->names().empty());
  }
}

TEST(Csv, ReadsEachEncodingAsTheSameText) {
  const Cells expected{{"naam", "bedrag"}, {"Zo\xC3\xAB", "\xE2\x82\xAC 3"}};
  const std::u16string text = u"naam;bedrag\nZo\u00EB;\u20AC 3\n";
  EXPECT_EQ(cells_in("naam;bedrag\nZo\xC3\xAB;\xE2\x82\xAC 3\n"), expected);
  EXPECT_EQ(cells_in("\xEF\xBB\xBFnaam;bedrag\nZo\xC3\xAB;\xE2\x82\xAC 3\n"), expected);
  EXPECT_EQ(cells_in("naam;bedrag\nZo\xEB;\x80 3\n"), expected);
  EXPECT_EQ(cells_in("\xFF\xFE" + utf16(text, true)), expected);
  EXPECT_EQ(cells_in("\xFE\xFF" + utf16(text, false)), expected);
  EXPECT_EQ(cells_in(utf16(text, true)), expected);
  EXPECT_EQ(cells_in(utf16(text, false)), expected);
  // Beyond the Basic Multilingual Plane, and half a pair.
  EXPECT_EQ(cells_in("\xFF\xFE" + utf16(u"a,\xD83D\xDE00\nb,\xD83Dx\n", true)),
            (Cells{{"a", "\xF0\x9F\x98\x80"}, {"b", "\xEF\xBF\xBDx"}}));
}

TEST(Csv, ReadsAnAccentThatComesLateInEitherEncoding) {
  std::string head = "name,amount\n";
  while (head.size() < 3'000'000) head += "plain text,1.00\n";
  for (const std::string_view accent : {"\xEB", "\xC3\xAB"}) {
    const auto rows = read_text(head + "Zo" + std::string(accent) + ",2.00\nx\xC3\xA9,3\n");
    ASSERT_TRUE(rows.has_value());
    EXPECT_EQ(rows->at(rows->size() - 2).cells[0], "Zo\xC3\xAB");
    EXPECT_EQ(rows->back().cells[0], "x\xC3\xA9");
  }
}

TEST(Csv, ReadsStrayBytesInAUtf8FileAsWindows1252) {
  // A name that some program cut in the middle of its last character, between whole ones.
  EXPECT_EQ(cells_in("name,city\nZo\xC3\xAB,\xC3\xA9\nZo\xC3,\xC3\xA9\n"),
            (Cells{{"name", "city"}, {"Zo\xC3\xAB", "\xC3\xA9"}, {"Zo\xC3\x83", "\xC3\xA9"}}));
}

TEST(Csv, GivesTheLineEachRowBeganOn) {
  const auto rows = read_text("a,b\n\n\"1\n\n2\",x\r\n3,y\n\"4\r\n5\",z\n6,w\n");
  ASSERT_TRUE(rows.has_value());
  std::vector<std::uint64_t> lines;
  for (const auto& row : *rows) lines.push_back(row.line);
  EXPECT_EQ(lines, (std::vector<std::uint64_t>{1, 3, 6, 7, 9}));
}

TEST(Csv, ProjectsInTheOrderAskedForAndSkipsRows) {
  const std::string text = "a,b,c\n1,2,3\n4,5\n\"6\",7,8,9\n";
  const auto rows = read_text(text, {2, 0, 7}, 1);
  ASSERT_TRUE(rows.has_value());
  EXPECT_EQ(*rows, (std::vector<TestRow>{{2, 3, {"3", "1", ""}}, {3, 2, {"", "4", ""}}, {4, 4, {"8", "6", ""}}}));
  EXPECT_TRUE(read_text(text, {}, 99)->empty());
}

TEST(Csv, AllColumnsAreAsManyAsTheWidestRowOfTheFirstBatch) {
  const auto rows = read_text("title\na,b,c\n1,2\n");
  ASSERT_TRUE(rows.has_value());
  EXPECT_EQ(*rows, (std::vector<TestRow>{{1, 1, {"title", "", ""}}, {2, 3, {"a", "b", "c"}}, {3, 2, {"1", "2", ""}}}));
}

TEST(Csv, NamesLineAndColumnOfWhatCannotBeRead) {
  const std::string header = "id,date,amount\n1,2024-01-01,3\n";
  const struct {
    const char* why;
    std::string text;
    Errc code;
    std::uint64_t line;
    std::string column;
  } cases[] = {
      {"an empty file", "", Errc::kBadInput, 0, ""},
      {"only line ends", "\r\n\r\n", Errc::kBadInput, 0, ""},
      {"only a byte order mark", "\xEF\xBB\xBF", Errc::kBadInput, 0, ""},
      {"a NUL byte", header + "2,20" + std::string(1, '\0') + "24,3\n", Errc::kBadInput, 3, "#2"},
      {"a quote never closed", header + "2,\"2024-01-02,3\n4,2024-01-04,5\n", Errc::kBadInput, 3, "#2"},
      {"a quote opened in a later line of a row", header + "\"2\n3\",2024-01-02,\"3\n", Errc::kBadInput, 4, "#3"},
      {"a file cut off within a quoted cell", header + "2,2024-01-02,\"3", Errc::kBadInput, 3, "#3"},
      {"UTF-16 of an odd size", "\xFF\xFE" + utf16(u"a,b\n1,2", true) + "x", Errc::kBadInput, 0, ""},
      {"UTF-32", std::string("\xFF\xFE\0\0a\0\0\0", 8), Errc::kBadInput, 0, ""},
      {"a NUL in UTF-16", "\xFF\xFE" + utf16(std::u16string_view(u"a,b\n1,\0\n", 8), true), Errc::kBadInput, 2, "#2"},
      {"a first line of 2 MB", std::string(2'000'000, 'x') + "\n", Errc::kOutOfRange, 1, ""},
      {"a line of 100 MB", header + std::string(100'000'000, 'x') + "\n", Errc::kOutOfRange, 3, ""},
      {"a cell of 20 MB", header + "2,\"" + std::string(20'000'000, 'x') + "\",3\n", Errc::kOutOfRange, 3, "#2"},
      {"a quote not closed for 40 MB", header + "2,\"" + std::string(40'000'000, '\n') + "\n", Errc::kOutOfRange, 3,
       "#2"},
      {"5,000 cells", header + std::string(5000, ',') + "\n", Errc::kOutOfRange, 3, ""},
  };
  for (const auto& c : cases) {
    const auto rows = read_text(c.text);
    ASSERT_FALSE(rows.has_value()) << c.why;
    EXPECT_EQ(rows.error().code, c.code) << c.why << ": " << rows.error().message;
    EXPECT_EQ(rows.error().place.file, "orders.csv") << c.why;
    EXPECT_EQ(rows.error().place.line, c.line) << c.why;
    EXPECT_EQ(rows.error().place.column, c.column) << c.why;
    EXPECT_NE(rows.error().message.find("orders.csv"), std::string::npos) << c.why;
  }
}

TEST(Csv, TheCellOfANulByteDoesNotDependOnThePiecesRead) {
  // Behind the NUL the quote turns out to be none.
  const std::string text = "a;b\n1;\"x\n2;" + std::string(1, '\0') + std::string(100, 'y') + ";\"z\n3;4\n";
  for (const std::size_t chunk_bytes : {16, 40, 64, 1000}) {
    const auto rows = read_text(text, {}, 0, {.chunk_bytes = chunk_bytes});
    ASSERT_FALSE(rows.has_value());
    EXPECT_EQ(rows.error().place, (Place{"orders.csv", 3, "#2"})) << chunk_bytes;
  }
}

TEST(Csv, AnErrorAndTheEndStayWhatTheyAre) {
  for (const bool thread : {false, true}) {
    std::string text = "a,b\n";
    while (text.size() < 2'000'000) text += "1,2\n";
    for (const bool bad : {false, true}) {
      const auto table = open_text(bad ? text + "1,\"" : text, {.thread = thread});
      const auto reader = (*table)->read({}, 0);
      RowBatch batch;
      std::uint64_t rows = 0;
      Result<bool> more = true;
      while ((more = (*reader)->next(batch)) && *more) rows += batch.rows();
      EXPECT_GE(rows, bad ? 400'000U : 500'000U);
      for (int again = 0; again < 3; ++again) {
        EXPECT_EQ(more.has_value(), !bad);
        EXPECT_EQ(batch.rows(), 0U);
        more = (*reader)->next(batch);
      }
    }
  }
}

TEST(Csv, AReadingCanBeGivenUpHalfway) {
  std::string text = "a,b\n";
  while (text.size() < 4'000'000) text += "1,2\n";
  const auto table = open_text(text);
  for (int batches = 0; batches < 4; ++batches) {
    const auto reader = (*table)->read({}, 0);
    RowBatch batch;
    for (int i = 0; i < batches; ++i) ASSERT_TRUE((*reader)->next(batch).value());
  }
}

TEST(Csv, BytesDoneRisesToTheWhole) {
  std::string text = "a,b\n";
  while (text.size() < 2'000'000) text += "1,2\n";
  const auto table = open_text(text);
  const auto reader = (*table)->read({}, 0);
  RowBatch batch;
  std::uint64_t last = 0;
  while ((*reader)->next(batch).value()) {
    EXPECT_GE((*reader)->bytes_done(), last);
    last = (*reader)->bytes_done();
  }
  EXPECT_EQ(last, text.size());
}

// Random text of the characters that matter, in each dialect, with pieces long enough to cross the 64-byte blocks.
std::string random_text(const CsvDialect& d) {
  std::vector<std::string> pieces{std::string(1, d.delimiter),
                                  std::string(1, d.newline),
                                  "\r\n",
                                  "\"",
                                  "\"\"",
                                  "a",
                                  " ",
                                  std::string(1, d.delimiter) + "\"",
                                  "\"" + std::string(1, d.delimiter),
                                  "\"\n",
                                  "\\",
                                  "'",
                                  std::string(70, 'x'),
                                  "\"" + std::string(63, 'y') + "\"",
                                  "\n\"",
                                  "\"\r\n"};
  const auto parts = *rc::gen::resize(200, rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces)));
  std::string text;
  for (const auto& part : parts) text += part;
  return text;
}

CsvDialect random_dialect() {
  CsvDialect d;
  d.delimiter = *rc::gen::element(',', ';', '\t', '|');
  d.quote = *rc::gen::element('"', '"', '"', '\'', '\0');
  d.escape = *rc::gen::element('\0', '\0', '\\');
  d.newline = *rc::gen::element('\n', '\n', '\r');
  d.blank_before_quote = *rc::gen::arbitrary<bool>();
  return d;
}

// Where the two scanners part; "" where they do not.
std::string scan_fault(std::string text, const CsvDialect& d) {
  const std::size_t size = text.size();
  text.append(64, d.quote == '\0' ? '"' : d.quote);  // what lies behind the text must not matter
  CsvIndex fast, slow;
  scan_csv(text.data(), size, d, fast);
  scan_csv_slowly(text.data(), size, d, slow);
  if (std::vector(fast.ends.get(), fast.ends.get() + fast.cells) !=
      std::vector(slow.ends.get(), slow.ends.get() + slow.cells)) {
    return "ends";
  }
  if (fast.rows != slow.rows) return "rows";
  if (fast.consumed != slow.consumed) return "consumed";
  if (fast.open_quote != slow.open_quote) return "open quote";
  if (fast.high != slow.high) return "high";
  if (fast.nul != slow.nul) return "nul";
  return "";
}

RC_GTEST_PROP(CsvScan, FastAndSlowFindTheSameEnds, ()) {
  const CsvDialect d = random_dialect();
  RC_ASSERT(scan_fault(random_text(d), d) == "");
}

// Every small thing that a quote can be in, at every place of a block and across its border, in every dialect.
TEST(CsvScan, FindsTheSameEndsWhereverABlockEnds) {
  for (const char delimiter : {',', ';', '\t', '|'}) {
    for (const char quote : {'"', '\'', '\0'}) {
      for (const char escape : {'\0', '\\'}) {
        for (const char newline : {'\n', '\r'}) {
          for (const bool blank : {false, true}) {
            const CsvDialect d{.delimiter = delimiter,
                               .quote = quote,
                               .escape = escape,
                               .newline = newline,
                               .blank_before_quote = blank};
            const std::string q(1, quote == '\0' ? '"' : quote), c(1, delimiter), n(1, newline);
            const std::string things[] = {q + "a" + q,
                                          q + q,
                                          q + "a" + q + q + "b" + q,
                                          q + q + q + q,
                                          q + "a" + c + "b" + q,
                                          q + "a" + n + "b" + q,
                                          q + "a\r\nb" + q + "\r",
                                          " " + q + "a" + q,
                                          q + "a" + q + " ",
                                          q + "a" + q + "x",
                                          "x" + q + "a" + q,
                                          q + "a\\" + q + "b" + q,
                                          q + "a\\\\" + q,
                                          q + "open",
                                          q + q + q,
                                          "\r\n" + q + "a" + q,
                                          n + n + q + c + q + n,
                                          std::string(1, '\0') + q + "\xC3\xA9" + q};
            for (const std::string& thing : things) {
              for (std::size_t before = 0; before <= 66; ++before) {
                // Behind a short record, so that the block's first cell is not the text's; then more of everything.
                const std::string text = std::string(before / 2, 'a') + c + std::string(before - before / 2, 'b') + c +
                                         thing + c + "z" + n + q + "after" + q + n;
                ASSERT_EQ(scan_fault(text, d), "") << before << " then " << testing::PrintToString(thing);
              }
            }
          }
        }
      }
    }
  }
}

// Well-formed rows as a program writes them, whose quotes, doubled quotes and line ends are drawn to the borders of
// blocks; sometimes one byte of them is another.
RC_GTEST_PROP(CsvScan, FastAndSlowFindTheSameEndsOfWellFormedText, ()) {
  const CsvDialect d{.delimiter = *rc::gen::element(',', ';', '\t'),
                     .quote = *rc::gen::element('"', '"', '\''),
                     .newline = *rc::gen::element('\n', '\n', '\r')};
  const std::string q(1, d.quote);
  const auto upto = [](int n) { return *rc::gen::inRange(0, n + 1); };
  std::string text;
  // As many bytes as bring the text within three of a border.
  const auto to_border = [&] {
    const std::size_t left = 64 - text.size() % 64;
    return static_cast<std::size_t>(std::max(0, static_cast<int>(left) + upto(6) - 3));
  };
  for (int rows = upto(12); rows >= 0; --rows) {
    for (int cells = upto(4); cells >= 0; --cells) {
      const int kind = upto(4);
      if (kind == 0) text.append(static_cast<std::size_t>(upto(20)), 'p');
      if (kind == 1) text.append(to_border(), 'p');
      if (kind >= 2) {
        text += q;
        for (int parts = upto(4); parts > 0; --parts) {
          text.append(upto(1) == 0 ? to_border() : static_cast<std::size_t>(upto(9)), 'i');
          const std::string inner[] = {q + q, std::string(1, d.delimiter), std::string(1, d.newline), "\r\n",
                                       q + q + q + q};
          text += inner[static_cast<std::size_t>(upto(4))];
        }
        text += q;
      }
      if (cells > 0) text += d.delimiter;
    }
    text += upto(3) == 0 && d.newline == '\n' ? std::string("\r\n") : std::string(1, d.newline);
  }
  if (upto(3) == 0) {
    const char bytes[] = {d.quote, d.delimiter, d.newline, ' ', 'x'};
    text[static_cast<std::size_t>(upto(static_cast<int>(text.size()) - 1))] = bytes[static_cast<std::size_t>(upto(4))];
  }
  if (upto(3) == 0) text.resize(static_cast<std::size_t>(upto(static_cast<int>(text.size()))));
  RC_ASSERT(scan_fault(text, d) == "");
}

// What the reader gives for the dialect that it found, in pieces of any size, is what the plain reading gives.
RC_GTEST_PROP(Csv, ReadsWhatThePlainReaderReads, ()) {
  const CsvDialect wish = random_dialect();
  const std::string text = random_text(wish);
  const CsvGuess guess = guess_dialect(text, true);
  RC_PRE(!guess.dialect.blanks);
  // An escape at the very end of a file escapes nothing. (RC_PRE's own || looks at both sides, hence the parentheses.)
  RC_PRE((guess.dialect.escape == '\0' || text.empty() || text.back() != guess.dialect.escape));
  const PlainFile plain = read_plainly(text, guess.dialect);
  const auto rows = read_text(text, {}, 0, {.chunk_bytes = *rc::gen::inRange<std::size_t>(16, 200)});
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
    RC_ASSERT(!rows.has_value());
    return;
  }
  if (plain.open_quote) {
    RC_ASSERT(!rows.has_value());
    RC_ASSERT(rows.error().place.line == plain.open_line);
    return;
  }
  RC_ASSERT(rows.has_value());
  RC_ASSERT(rows->size() == plain.rows.size());
  for (std::size_t i = 0; i < rows->size(); ++i) {
    RC_ASSERT(rows->at(i).line == plain.rows[i].line);
    RC_ASSERT(rows->at(i).width == plain.rows[i].cells.size());
    const auto& cells = rows->at(i).cells;
    for (std::size_t c = 0; c < cells.size(); ++c) {
      RC_ASSERT(cells[c] == (c < plain.rows[i].cells.size() ? plain.rows[i].cells[c] : std::string()));
    }
  }
}

// Written by the book, read back: any cells, any delimiter, each line end.
RC_GTEST_PROP(Csv, ReadsBackWhatWasWritten, ()) {
  const char delimiter = *rc::gen::element(',', ';', '\t', '|');
  const std::string newline = *rc::gen::element<std::string>("\n", "\r\n");
  const std::size_t columns = *rc::gen::inRange<std::size_t>(2, 8);
  const auto cell = rc::gen::container<std::string>(
      rc::gen::element('a', 'B', '1', ' ', ',', ';', '\t', '|', '"', '\n', '\r', '\'', '.', '-'));
  const auto rows = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::vector<std::string>>>(
      rc::gen::container<std::vector<std::string>>(columns, cell)));
  std::string text = "sep=" + std::string(1, delimiter) + newline;
  for (const auto& row : rows) {
    for (std::size_t c = 0; c < columns; ++c) {
      if (c > 0) text += delimiter;
      text += '"';
      for (const char x : row[c]) text += x == '"' ? "\"\"" : std::string(1, x);
      text += '"';
    }
    text += newline;
  }
  const auto read = read_text(text, {}, 0, {.chunk_bytes = *rc::gen::inRange<std::size_t>(16, 300)});
  RC_ASSERT(read.has_value());
  RC_ASSERT(cells_of(*read) == rows);
}

}  // namespace
}  // namespace behoud::ingest::read
