#include <gtest/gtest.h>

#include "ingest/records_for_tests.h"
#include "ledger/bounds.h"

namespace behoud::ingest {
namespace {

using Lines = std::vector<std::string>;

Result<RecordsRead> read(std::string_view text, const RecordOptions& options = record_options()) {
  auto out = read_records(RecordKind::kCustomers, text, options);
  if (out) {
    EXPECT_EQ(bridge_fault(*out), "");
  }
  return out;
}

TEST(ReadCustomers, ReadsEveryField) {
  const auto r = read(
      "id,email,phone,name,country,source,language,first_order,orders_before,consent,consent_at,unsubscribed,"
      "unsubscribed_at\n"
      "c1,C1@Example.com,06 1234 5678,Customer One,Nederland,ads,nl-NL,2019-05-06,3,yes,2020-01-02,no,\n"
      "c2,,,,,,,,,,,,\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->records, (Lines{"id=id:c1; email=c1@example.com; phone=+31612345678; name=Customer One; country=NL; "
                               "source=ads; language=nl; first_order=2019-05-06; orders=3; consent=yes; "
                               "consent_at=2020-01-02; unsubscribed=no",
                               "id=id:c2"}));
  EXPECT_EQ(r->lines, (std::vector<std::uint64_t>{2, 3}));
  EXPECT_EQ(r->facts.rejected_count, 0u);
}

// Also where a text is only too long once its parts are together, as a name or the source before a number.
TEST(ReadCustomers, RejectARowWithATextThatTheLedgerDoesNotTake) {
  auto options = record_options();
  options.source = "till";
  const std::string fits(ledger::kTextBytesMax - 5, 'x'), half(ledger::kTextBytesMax / 2, 'n');
  const auto r = read("id,first name,last name,country\n" + fits + "," + half.substr(1) + "," + half + ",NL\n" + fits +
                          "y,Ann,,NL\n" + "3," + half + "," + half + ",NL\n4,Bo,,NL\n",
                      options);
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->records.size(), 2U);
  EXPECT_EQ(r->rejected(), (std::vector<std::string>{"line 3, id: text_too_long \"" + fits.substr(0, 80) + "\"",
                                                     "line 4, first name: text_too_long"}));
}

TEST(ReadCustomers, PutsIdsIntoTheNamespaceOfTheirSource) {
  RecordOptions options = record_options();
  options.source = "till";
  const auto r = read("id,email\n7,a@example.com\n,b@example.com\nc@example.com,\n", options);
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->records, (Lines{"id=id:till:7; email=a@example.com", "id=email:b@example.com; email=b@example.com",
                               "id=email:c@example.com; email=c@example.com"}));
}

TEST(ReadCustomers, KnowsACustomerByIdElseEmailElsePhone) {
  const auto r = read(
      "klantnummer,e-mailadres,telefoon,land\n"
      "7,a@example.com,0612345678,NL\n"
      "0,b@example.com,0612345678,NL\n"
      "guest,,0612345678,NL\n"
      "-,no address,123,NL\n"
      "c@example.com,,,\n"
      "8,broken@,,\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->records, (Lines{"id=id:7; email=a@example.com; phone=+31612345678; country=NL",
                               "id=email:b@example.com; email=b@example.com; phone=+31612345678; country=NL",
                               "id=phone:+31612345678; phone=+31612345678; country=NL",
                               "id=email:c@example.com; email=c@example.com", "id=id:8"}));
  EXPECT_EQ(r->rejected(), (Lines{"line 5, klantnummer: customer_missing"}));
}

TEST(ReadCustomers, ReadsNamesInFourLanguages) {
  const std::string_view files[] = {
      "customer id,e-mail,first order date,previous orders,opt-in,unsubscribed at\n"
      "1,a@example.com,2020-01-02,2,yes,2021-01-01\n",
      "klantnummer,e-mailadres,eerste bestelling,eerdere bestellingen,nieuwsbrief,uitgeschreven op\n"
      "1,a@example.com,2020-01-02,2,ja,2021-01-01\n",
      "kundnummer,e-post,första köp,tidigare ordrar,nyhetsbrev,avregistreringsdatum\n"
      "1,a@example.com,2020-01-02,2,ja,2021-01-01\n",
      "Kundennummer,E-Mail,Erste Bestellung,frühere Bestellungen,Einwilligung,abgemeldet am\n"
      "1,a@example.com,2020-01-02,2,ja,2021-01-01\n"};
  for (const std::string_view file : files) {
    const auto r = read(file);
    ASSERT_TRUE(r) << file << r.error().message;
    EXPECT_EQ(r->records, (Lines{"id=id:1; email=a@example.com; first_order=2020-01-02; orders=2; consent=yes; "
                                 "unsubscribed=yes; unsubscribed_at=2021-01-01"}))
        << file;
  }
}

TEST(ReadCustomers, TakesADateOfConsentOrLeavingAsConsentOrLeaving) {
  const auto r = read(
      "email,OPTIN_TIME,UNSUB_TIME\n"
      "a@example.com,2020-01-02 10:00:00,\n"
      "b@example.com,2020-01-02 10:00:00,2020-03-04 11:00:00\n"
      "c@example.com,,\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->records, (Lines{"id=email:a@example.com; email=a@example.com; consent=yes; "
                               "consent_at=2020-01-02T10:00:00Z",
                               "id=email:b@example.com; email=b@example.com; consent=yes; "
                               "consent_at=2020-01-02T10:00:00Z; unsubscribed=yes; "
                               "unsubscribed_at=2020-03-04T11:00:00Z",
                               "id=email:c@example.com; email=c@example.com"}));
}

TEST(ReadCustomers, KeepsWhatTheFileSaysOverADate) {
  const auto r = read(
      "email,consent,consent_at\n"
      "a@example.com,no,2020-01-02\n"
      "b@example.com,perhaps,\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->records[0], "id=email:a@example.com; email=a@example.com; consent=no; consent_at=2020-01-02");
  EXPECT_EQ(r->records[1], "id=email:b@example.com; email=b@example.com");
  EXPECT_EQ(r->notices(), (Lines{"no_flag"}));
}

TEST(ReadCustomers, TellsAFlagFromADateByTheCells) {
  const auto flags = read("email,unsubscribed\na@example.com,yes\nb@example.com,no\n");
  ASSERT_TRUE(flags) << flags.error().message;
  EXPECT_EQ(flags->records[0], "id=email:a@example.com; email=a@example.com; unsubscribed=yes");
  const auto dates = read("email,unsubscribed\na@example.com,2024-05-06\nb@example.com,\n");
  ASSERT_TRUE(dates) << dates.error().message;
  EXPECT_EQ(dates->records[0],
            "id=email:a@example.com; email=a@example.com; unsubscribed=yes; unsubscribed_at=2024-05-06");
}

TEST(ReadCustomers, DoesNotTakeACountOfAllOrdersForThoseBeforeTheHistory) {
  const auto r = read("id,orders\nc1,3\nc2,0\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->records, (Lines{"id=id:c1", "id=id:c2"}));
  ASSERT_EQ(r->notices(), (Lines{"all_orders"}));
  EXPECT_EQ(r->facts.notices[0].args.at("column"), "orders");
  auto options = record_options();
  options.map = *parse_field_mapping(RecordKind::kCustomers, "orders=orders");
  const auto mapped = read("id,orders\nc1,3\nc2,0\n", options);
  ASSERT_TRUE(mapped) << mapped.error().message;
  EXPECT_EQ(mapped->records, (Lines{"id=id:c1; orders=3", "id=id:c2; orders=0"}));
  EXPECT_TRUE(mapped->notices().empty());
}

TEST(ReadCustomers, KnowsShopifysCustomersByTheirEmailAsItsOrderFilesDo) {
  const auto r = read(
      "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,Default Address "
      "Country Code,Default Address Phone,Phone,Accepts SMS Marketing,Total Spent,Total Orders,Note,Tax Exempt,Tags\n"
      "'6543210,One,Customer,one@example.com,yes,,SE,,'+46701234567,no,120.50,3,,no,\n"
      "'6543211,,,,no,,NL,06 12345678,,no,0.00,0,,no,\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->facts.files[0].system, "shopify");
  EXPECT_EQ(r->records, (Lines{"id=email:one@example.com; email=one@example.com; phone=+46701234567; "
                               "name=One Customer; country=SE; consent=yes",
                               "id=phone:+31612345678; phone=+31612345678; country=NL; consent=no"}));
  EXPECT_EQ(r->notices(), (Lines{"all_orders"}));
}

TEST(ReadCustomers, RejectsWhatCannotBeReadWithItsPlace) {
  const auto r = read(
      "id,first_order,orders_before\n"
      "c1,2019-05-06,1\n"
      "c2,yesterday,1\n"
      "c3,2019-05-06,-1\n"
      "c4,2019-05-06,1.5\n"
      "c5,1980-01-01,1\n"
      "c6,2030-01-01,1\n"
      "c7,2019-05-06,99999999999\n"
      "c8,2019-05-06,2,more\n"
      ",2019-05-06,2\n"
      ",,\n"
      "c9,2019-05-06,2\n"
      "c10,2019-05-06,2\n"
      "c11,2019-05-06,2\n"
      "c12,2019-05-06,2\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->rejected(),
            (Lines{"line 3, first_order: date \"yesterday\"", "line 4, orders_before: count \"-1\"",
                   "line 5, orders_before: count \"1.5\"", "line 6, first_order: date_too_early \"1980-01-01\"",
                   "line 7, first_order: date_future \"2030-01-01\"", "line 8, orders_before: count \"99999999999\"",
                   "line 9: cells", "line 10, id: customer_missing"}));
  EXPECT_EQ(r->step("blank_rows"), 1u);
  EXPECT_EQ(r->records.size(), 5u);
}

TEST(ReadCustomers, SaysWhatItLookedForAndFound) {
  const auto r = read("colour,size\nred,3\nblue,4\n");
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, Errc::kBadInput);
  EXPECT_NE(r.error().message.find("no column was recognised for: id"), std::string::npos) << r.error().message;
  EXPECT_NE(r.error().message.find("klantnummer"), std::string::npos) << r.error().message;
  EXPECT_NE(r.error().message.find("'colour', 'size'"), std::string::npos) << r.error().message;
  EXPECT_NE(r.error().hint.find("--map id=COLUMN"), std::string::npos) << r.error().hint;
}

}  // namespace
}  // namespace behoud::ingest
