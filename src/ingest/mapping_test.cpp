#include "ingest/mapping.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace behoud::ingest {
namespace {

TEST(Mapping, ReadsRolesByHeaderAndByPosition) {
  const auto m = parse_mapping(" customer = Klant nr , date=#3,AMOUNT=\"Price, net\",coupon=\"say \"\"hi\"\"\"");
  ASSERT_TRUE(m) << m.error().message;
  EXPECT_EQ(m->columns.size(), 4u);
  EXPECT_EQ(m->columns.at(Role::kCustomer), "Klant nr");
  EXPECT_EQ(m->columns.at(Role::kDate), "#3");
  EXPECT_EQ(m->columns.at(Role::kAmount), "Price, net");
  EXPECT_EQ(m->columns.at(Role::kCoupon), "say \"hi\"");
}

TEST(Mapping, NamesThePartThatIsWrong) {
  const struct {
    const char* text;
    const char* says;
  } cases[] = {{"", "names no column"},
               {"customer", "'customer' has no '='"},
               {"klant=a", "'klant' is nothing that a column can be"},
               {"customer=\"\"", "'customer' names no column"},
               {"customer=a,date=\" \"", "'date' names no column"},
               {"customer=\"a", "never closed"},
               {"customer=\"a\"b", "after the closing quote"},
               {"customer=a,customer=b", "'customer' is named twice"},
               {"customer=a,", "ends with a comma"},
               {"customer=#0", "no column '#0'"},
               {"customer=#4097", "no column"},
               {"customer=#99999999999999999999", "no column"}};
  for (const auto& c : cases) {
    const auto m = parse_mapping(c.text);
    ASSERT_FALSE(m) << c.text;
    EXPECT_EQ(m.error().code, Errc::kInvalidArgument);
    EXPECT_NE(m.error().message.find(c.says), std::string::npos) << m.error().message;
    EXPECT_FALSE(m.error().hint.empty()) << c.text;
  }
  EXPECT_NE(parse_mapping("klant=a").error().hint.find("customer, date, amount"), std::string::npos);
}

TEST(Mapping, SaysThatNoColumnIsARole) {
  for (const char* text : {"discount=,tax=-,date=Day", "discount= , tax = - ,date=Day", "date=Day,tax=-,discount=-"}) {
    const auto m = parse_mapping(text);
    ASSERT_TRUE(m) << m.error().message;
    EXPECT_EQ(m->columns.at(Role::kDiscount), "") << text;
    EXPECT_EQ(m->columns.at(Role::kTax), "") << text;
    EXPECT_EQ(m->columns.at(Role::kDate), "Day") << text;
  }
  EXPECT_EQ(parse_mapping("tax=\"-\"")->columns.at(Role::kTax), "-") << "a header that is a dash";
  EXPECT_EQ(to_string(parse_mapping("tax=\"-\",discount=").value()), "tax=\"-\",discount=-");
}

RC_GTEST_PROP(Mapping, ReadsBackWhatItWrites, ()) {
  Mapping m;
  const int n = *rc::gen::inRange(1, 6);
  for (int i = 0; i < n; ++i) {
    const Role role = static_cast<Role>(*rc::gen::inRange(0, static_cast<int>(Role::kTest) + 1));
    const std::string column =
        *rc::gen::container<std::string>(rc::gen::element('a', 'B', '1', ' ', ',', '"', '=', '#', '-', '\t'));
    if (!column.empty() && column.find_first_not_of(" \t") == std::string::npos) continue;
    if (column.starts_with('#')) continue;  // positions are normalised, and tested above
    m.columns[role] = column;
  }
  if (m.columns.empty()) return;
  const auto back = parse_mapping(to_string(m));
  RC_ASSERT(back.has_value());
  RC_ASSERT(back->columns == m.columns);
}

TEST(Squash, LeavesLettersAndDigitsOfAHeader) {
  const struct {
    const char* header;
    const char* squashed;
  } cases[] = {{"Order ID", "orderid"},
               {"order_id", "orderid"},
               {"Order-Id ", "orderid"},
               {"\xEF\xBB\xBFName", "name"},
               {"F\xC3\xB6rs\xC3\xA4ljning", "forsaljning"},
               {"Stra\xC3\x9F"
                "e",
                "strasse"},
               {"W\xC3\xA4hrung", "wahrung"},
               {"Wa\xCC\x88hrung", "wahrung"},  // the accent written apart
               {"\xC5\x81\xC3\xB3"
                "d\xC5\xBA",
                "lodz"},
               {"Order #", "order"},
               {"Totaal (incl. btw)", "totaalinclbtw"},
               {"Preis \xE2\x80\x93 St\xC3\xBC"
                "ck",
                "preisstuck"},
               {"\xD0\xA6\xD0\xB5\xD0\xBD\xD0\xB0", "\xD0\xA6\xD0\xB5\xD0\xBD\xD0\xB0"},
               {"--", ""}};
  for (const auto& c : cases) EXPECT_EQ(squash(c.header), c.squashed) << c.header;
}

TEST(Fingerprint, IsOfTheSetOfHeaders) {
  const std::vector<std::string> a = {"Order ID", "Date", "Total"}, b = {"total", "DATE", "order_id"},
                                 c = {"Order ID", "Date", "Totals"};
  EXPECT_EQ(fingerprint(a, 3), fingerprint(b, 3));
  EXPECT_NE(fingerprint(a, 3), fingerprint(c, 3));
  EXPECT_NE(fingerprint({}, 3), fingerprint({}, 4));
  EXPECT_EQ(fingerprint(a, 3).size(), 32u);
  // Mappings are remembered by it: it may never change.
  EXPECT_EQ(fingerprint(a, 3), "a5cde10411570459e7bbb2df9241f3c3");
}

}  // namespace
}  // namespace behoud::ingest
