#include "base/csv.h"

#include <gtest/gtest.h>

namespace behoud {
namespace {

TEST(Csv, QuotesWhatNeedsItAndDisarmsFormulas) {
  const struct {
    std::string_view text, cell;
  } cases[] = {{"plain", "plain"},
               {"", ""},
               {"a,b", "\"a,b\""},
               {"say \"hi\"", "\"say \"\"hi\"\"\""},
               {"two\nlines", "\"two\nlines\""},
               {"=1+1", "\"'=1+1\""},
               {"=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\""},
               {"@SUM(A1)", "\"'@SUM(A1)\""},
               {"+cmd|' /C calc'!A0", "\"'+cmd|' /C calc'!A0\""},
               {"-2+3", "\"'-2+3\""},
               {"\tx", "\"'\tx\""},
               {"\rx", "\"'\rx\""},
               {"-12.50", "-12.50"},
               {"+31612345678", "+31612345678"},
               {"-", "\"'-\""},
               {"a=b", "a=b"},
               {"caf\xC3\xA9", "caf\xC3\xA9"}};
  for (const auto& c : cases) {
    std::string out;
    append_csv_text(out, c.text);
    EXPECT_EQ(out, c.cell) << c.text;
  }
}

TEST(Csv, RowsAreCellsBetweenCommas) {
  std::string out;
  CsvWriter csv(out);
  csv.text("customer").value("orders").end_row();
  csv.text("a,b").value("-3").text("").end_row();
  EXPECT_EQ(out, "customer,orders\n\"a,b\",-3,\n");
}

}  // namespace
}  // namespace behoud
