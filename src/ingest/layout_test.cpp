#include "ingest/layout.h"

#include <gtest/gtest.h>

#include "ingest/mapping.h"
#include "ingest/orders_for_tests.h"

namespace behoud::ingest {
namespace {

Result<Layout> recognise_text(std::string_view text, const ReadOptions& options = test_options()) {
  const MemoryTable table = MemoryTable::of(text);
  return recognise_orders(table, options);
}
std::string column(const Layout& layout, Role role) {
  return layout.has(role) ? layout.column_name(role) : std::string("none");
}

TEST(Recognise, KnowsColumnsInFourLanguages) {
  const struct {
    const char* header;
    std::vector<std::pair<Role, const char*>> roles;
  } cases[] = {
      {"Order ID,Customer,Order date,Total,Currency,Status\n1,c1,2024-03-01,12.50,EUR,paid\n",
       {{Role::kOrder, "Order ID"},
        {Role::kCustomer, "Customer"},
        {Role::kDate, "Order date"},
        {Role::kTotal, "Total"},
        {Role::kCurrency, "Currency"},
        {Role::kStatus, "Status"}}},
      {"Bestelnummer,Klantnummer,Besteldatum,Totaalbedrag,Waarvan BTW,Verzendkosten,Kortingscode,Aantal\n"
       "1,c1,01-03-2024,12.50,2.00,1.00,X,2\n",
       {{Role::kOrder, "Bestelnummer"},
        {Role::kCustomer, "Klantnummer"},
        {Role::kDate, "Besteldatum"},
        {Role::kTotal, "Totaalbedrag"},
        {Role::kTax, "Waarvan BTW"},
        {Role::kShipping, "Verzendkosten"},
        {Role::kCoupon, "Kortingscode"},
        {Role::kQuantity, "Aantal"}}},
      {"Ordernummer,Kundnummer,K\xC3\xB6pdatum,Belopp,Valuta,\xC3\x85terbetalning\n1,c1,2024-03-01,12.50,SEK,1.00\n",
       {{Role::kOrder, "Ordernummer"},
        {Role::kCustomer, "Kundnummer"},
        {Role::kDate, "K\xC3\xB6pdatum"},
        {Role::kAmount, "Belopp"},
        {Role::kCurrency, "Valuta"},
        {Role::kRefund, "\xC3\x85terbetalning"}}},
      {"Best\xC3\xA4llningsnummer,Kund,Best\xC3\xA4llningsdatum,Summa\n1,c1,2024-03-01,12.50\n",
       {{Role::kOrder, "Best\xC3\xA4llningsnummer"},
        {Role::kCustomer, "Kund"},
        {Role::kDate, "Best\xC3\xA4llningsdatum"}}},
      {"Best\xC3\xA4llningsnr,Kund,Best\xC3\xA4llningsdatum,Summa\n1,c1,2024-03-01,12.50\n",
       {{Role::kOrder, "Best\xC3\xA4llningsnr"}, {Role::kCustomer, "Kund"}}},
      {"Auftragsnummer,Kundennummer,Bestelldatum,Gesamtbetrag,W\xC3\xA4hrung,R\xC3\xBC"
       "ckerstattung,Menge,St\xC3\xBC"
       "ckpreis\n"
       "1,c1,01.03.2024,12.50,EUR,1.00,1,12.50\n",
       {{Role::kOrder, "Auftragsnummer"},
        {Role::kCustomer, "Kundennummer"},
        {Role::kDate, "Bestelldatum"},
        {Role::kTotal, "Gesamtbetrag"},
        {Role::kCurrency, "W\xC3\xA4hrung"},
        {Role::kRefund,
         "R\xC3\xBC"
         "ckerstattung"},
        {Role::kQuantity, "Menge"},
        {Role::kPrice,
         "St\xC3\xBC"
         "ckpreis"}}},
  };
  for (const auto& c : cases) {
    const auto layout = recognise_text(c.header);
    ASSERT_TRUE(layout) << layout.error().message;
    for (const auto& [role, header] : c.roles) EXPECT_EQ(column(*layout, role), header) << name(role);
    for (const ColumnMatch& m : layout->shape.columns) {
      EXPECT_GE(m.confidence, 0.5) << m.header;
      EXPECT_EQ(m.reason, "ingest.match.name") << m.header;
    }
  }
}

TEST(Recognise, PutsTheOrdersDateBeforeOtherDates) {
  const auto layout =
      recognise_text("Paid at,Order date,Ship date,Customer,Amount\n2024-03-02,2024-03-01,2024-03-03,c1,12.50\n");
  ASSERT_TRUE(layout) << layout.error().message;
  EXPECT_EQ(column(*layout, Role::kDate), "Order date");
}

TEST(Recognise, WeighsWhatStandsInAColumnAgainstItsName) {
  // "Date" holds words, "Created" dates; "Amount" is empty, "Value" holds numbers.
  const auto layout =
      recognise_text("Date,Created,Customer,Amount,Value\nsoon,2024-03-01,c1,,12.50\nlater,2024-03-02,c2,,1.00\n");
  ASSERT_TRUE(layout) << layout.error().message;
  EXPECT_EQ(column(*layout, Role::kDate), "Created");
  EXPECT_EQ(column(*layout, Role::kAmount), "Value");
}

TEST(Recognise, TakesNamesOfPeopleForNoKeyBesideAnAddress) {
  const auto layout = recognise_text(
      "Customer,Email,Date,Amount\nCustomer One,a@example.com,2024-03-01,1.00\nCustomer "
      "Two,b@example.com,2024-03-02,2.00\n");
  ASSERT_TRUE(layout) << layout.error().message;
  EXPECT_EQ(column(*layout, Role::kCustomer), "none");
  EXPECT_EQ(column(*layout, Role::kEmail), "Email");
  EXPECT_EQ(column(*layout, Role::kName), "Customer");
}

TEST(Recognise, KnowsColumnsByTheirValuesWhereNoNameTells) {
  const auto layout = recognise_text("kol1,kol2,kol3\na@example.com,2024-03-01,1.00\nb@example.com,2024-03-02,2.00\n");
  ASSERT_TRUE(layout) << layout.error().message;
  EXPECT_EQ(column(*layout, Role::kEmail), "kol1");
  EXPECT_EQ(column(*layout, Role::kDate), "kol2");
  EXPECT_EQ(column(*layout, Role::kAmount), "kol3");
  EXPECT_EQ(layout->shape.columns[0].reason, "ingest.match.values");
}

TEST(Recognise, AsksWhichOfTwoThatFitEqually) {
  const struct {
    const char* text;
    const char* role;
  } cases[] = {
      {"Customer ID,Date,Datum,Amount\nc1,2024-03-01,2024-03-05,1.00\nc2,2024-03-02,2024-03-06,1.00\n", "date"},
      {"Customer ID,Client ID,Date,Amount\nc1,x1,2024-03-01,1.00\nc2,x2,2024-03-02,1.00\n", "customer"},
      {"Customer ID,Date,Order total,Grand total\nc1,2024-03-01,1.00,2.00\nc2,2024-03-02,1.00,3.00\n", "total"},
      {"Customer ID,Date,Amount,Amount\nc1,2024-03-01,1.00,2.00\nc2,2024-03-02,1.00,3.00\n", "amount"},
      {"kol1,kol2,kol3,kol4\na@example.com,2024-03-01,2024-03-05,1.00\nb@example.com,2024-03-02,2024-03-06,2.00\n",
       "date"},
      {"kol1,kol2,kol3,kol4\na@example.com,2024-03-01,1.50,1.00\nb@example.com,2024-03-02,3.50,2.00\n", "amount"},
  };
  for (const auto& c : cases) {
    const auto layout = recognise_text(c.text);
    ASSERT_FALSE(layout) << c.text;
    EXPECT_EQ(layout.error().code, Errc::kBadInput);
    EXPECT_NE(layout.error().message.find("two columns fit equally as the " + std::string(c.role)), std::string::npos)
        << layout.error().message;
    EXPECT_NE(layout.error().message.find("(#"), std::string::npos);
    EXPECT_NE(layout.error().hint.find("--map " + std::string(c.role) + "=#"), std::string::npos)
        << layout.error().hint;
    EXPECT_FALSE(layout.error().place.column.empty());
  }
  // Said which, it is read.
  auto options = test_options();
  options.map = parse_mapping("date=Datum").value();
  const auto layout = recognise_text(cases[0].text, options);
  ASSERT_TRUE(layout) << layout.error().message;
  EXPECT_EQ(column(*layout, Role::kDate), "Datum");
  // And where both hold the same, it does not matter.
  EXPECT_TRUE(recognise_text("Customer ID,Date,Datum,Amount\nc1,2024-03-01,2024-03-01,1.00\n"));
}

TEST(Recognise, SaysWhatItLookedForAndWhatItFound) {
  const struct {
    const char* text;
    const char* missing;
  } cases[] = {{"Date,Amount,Colour\n2024-03-01,1.00,red\n", "customer"},
               {"Customer,Amount,Colour\nc1,1.00,red\n", "date"},
               {"Customer,Date,Colour\nc1,2024-03-01,red\n", "amount"}};
  for (const auto& c : cases) {
    const auto layout = recognise_text(c.text);
    ASSERT_FALSE(layout) << c.text;
    EXPECT_EQ(layout.error().code, Errc::kBadInput);
    EXPECT_NE(layout.error().message.find("no column was recognised for: " + std::string(c.missing)), std::string::npos)
        << layout.error().message;
    EXPECT_NE(layout.error().message.find("'Colour'"), std::string::npos) << layout.error().message;
    EXPECT_NE(layout.error().hint.find("--map"), std::string::npos);
    EXPECT_EQ(layout.error().place.file, "orders.csv");
  }
  const auto bare = recognise_text("c1,2024-03-01,1.00\nc2,2024-03-02,2.00\n");
  ASSERT_FALSE(bare);
  EXPECT_NE(bare.error().message.find("3 columns without a header"), std::string::npos) << bare.error().message;
  EXPECT_NE(bare.error().hint.find("customer=#1,date=#2,amount=#3"), std::string::npos);
}

TEST(Recognise, RefusesNothingAndHeadersAlone) {
  const auto nothing = recognise_orders(MemoryTable(MemoryTable::Rows{}), test_options());
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code, Errc::kBadInput);
  bool no_orders = false;
  const MemoryTable alone = MemoryTable::of("Customer,Date,Amount");
  const auto header = recognise_orders(alone, test_options(), &no_orders);
  ASSERT_FALSE(header);
  EXPECT_TRUE(no_orders);
  EXPECT_NE(header.error().message.find("a header and no rows"), std::string::npos) << header.error().message;
  const auto blank = recognise_text("Customer,Date,Amount\n,,\n,,\n");
  ASSERT_FALSE(blank);
  EXPECT_NE(blank.error().message.find("a header and no rows"), std::string::npos);
}

TEST(Recognise, FindsTheHeaderBelowTitleRows) {
  const auto layout = recognise_text(
      "Orders of our shop\nMade on 2024-04-01,,,\n,,,\nCustomer,Date,Amount,Note\nc1,2024-03-01,1.00,\n");
  ASSERT_TRUE(layout) << layout.error().message;
  EXPECT_EQ(layout->shape.title_rows, 3u);
  EXPECT_EQ(layout->skip_rows, 4u);
  EXPECT_EQ(layout->header_line, 4u);
  EXPECT_EQ(column(*layout, Role::kCustomer), "Customer");
}

TEST(Recognise, ObeysTheMapping) {
  auto options = test_options();
  const char* text = "Customer,Date,Total,Betaald,Weight\nc1,2024-03-01,9.00,1.00,5.0\nc2,2024-03-02,9.50,2.00,6.0\n";
  options.map = parse_mapping("amount=betaald").value();
  const auto by_name = recognise_text(text, options);
  ASSERT_TRUE(by_name) << by_name.error().message;
  EXPECT_EQ(column(*by_name, Role::kAmount), "Betaald");
  EXPECT_EQ(column(*by_name, Role::kTotal), "none") << "whoever says where the money is, says all of it";
  EXPECT_EQ(column(*by_name, Role::kCustomer), "Customer") << "the rest is recognised";
  EXPECT_EQ(by_name->shape.columns[3].reason, "ingest.match.map");
  EXPECT_EQ(by_name->shape.columns[3].confidence, 1.0);

  options.map = parse_mapping("customer=#1,date=#2,amount=#5").value();
  const auto by_place = recognise_text(text, options);
  ASSERT_TRUE(by_place) << by_place.error().message;
  EXPECT_EQ(column(*by_place, Role::kAmount), "Weight");

  const struct {
    const char* map;
    const char* says;
  } wrong[] = {{"date=Datum", "no column 'Datum'"}, {"date=#9", "no column #9"}};
  for (const auto& c : wrong) {
    options.map = parse_mapping(c.map).value();
    const auto bad = recognise_text(text, options);
    ASSERT_FALSE(bad) << c.map;
    EXPECT_EQ(bad.error().code, Errc::kInvalidArgument);
    EXPECT_NE(bad.error().message.find(c.says), std::string::npos) << bad.error().message;
    EXPECT_FALSE(bad.error().hint.empty());
  }
  options.map = parse_mapping("amount=Amount").value();
  const auto twice = recognise_text("Customer,Date,Amount,Amount\nc1,2024-03-01,1.00,2.00\n", options);
  ASSERT_FALSE(twice);
  EXPECT_NE(twice.error().hint.find("amount=#3 or #4"), std::string::npos) << twice.error().hint;
}

// A column that was taken for the discount could be given another role, but not none.
// A file with a column "date" was told that no date was found, and that there is a column "date".
TEST(Recognise, SaysWhyAColumnOfTheRightNameWasNotTaken) {
  const struct {
    const char *text, *column, *value;
  } cases[] = {{"order,customer,date,amount\n1,c1,,9.00\n2,c2,45296,7.00\n", "date", "45296"},
               {"order,customer,date,Bedrag\n1,c1,2024-03-01,kr 12:50\n", "Bedrag", "kr 12:50"}};
  for (const auto& c : cases) {
    const auto refused = recognise_text(c.text, test_options());
    ASSERT_FALSE(refused) << c.text;
    EXPECT_EQ(refused.error().why.reason, "problem.columns_missing_unfit");
    EXPECT_NE(
        refused.error().message.find("The column '" + std::string(c.column) + "' is called so, but cells such as '" +
                                     c.value + "' cannot be read as that"),
        std::string::npos)
        << refused.error().message;
  }
  for (const char* text :
       {"order,customer,date,amount\n1,c1,,9.00\n", "order,customer,date,amount\n1,c1,a@example.com,9.00\n",
        "order,customer,when,amount\n1,c1,45296,9.00\n"}) {
    const auto refused = recognise_text(text, test_options());
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().why.reason, "problem.columns_missing") << text;
  }
}

TEST(Recognise, LeavesOutWhatTheMappingSaysNoColumnIs) {
  auto options = test_options();
  const char* text = "Customer,Date,Total,Discount,Email\nc1,2024-03-01,9.00,1.00,a@example.com\n";
  ASSERT_EQ(column(*recognise_text(text, options), Role::kDiscount), "Discount");
  options.map = parse_mapping("discount=-").value();
  const auto without = recognise_text(text, options);
  ASSERT_TRUE(without) << without.error().message;
  EXPECT_EQ(column(*without, Role::kDiscount), "none");
  EXPECT_EQ(column(*without, Role::kTotal), "Total") << "the rest is recognised";
  EXPECT_EQ(without->shape.columns[3].role, std::nullopt);
  EXPECT_EQ(without->shape.columns[3].refused, Role::kDiscount);
  EXPECT_EQ(without->shape.columns[3].reason, "ingest.match.map");

  options.map = parse_mapping("customer=-").value();
  const auto by_email = recognise_text(text, options);
  ASSERT_TRUE(by_email) << by_email.error().message;
  EXPECT_EQ(column(*by_email, Role::kCustomer), "none");
  EXPECT_EQ(column(*by_email, Role::kEmail), "Email");

  // What is needed is missed, and is not found again by its values, nor taken for something else.
  options.map = parse_mapping("date=-").value();
  const auto dateless = recognise_text(text, options);
  ASSERT_FALSE(dateless);
  EXPECT_EQ(dateless.error().why.reason, "problem.columns_missing");
  options.map = parse_mapping("total=-").value();
  const auto moneyless = recognise_text(text, options);
  ASSERT_FALSE(moneyless);
  EXPECT_EQ(moneyless.error().why.reason, "problem.columns_missing");

  // Said once, it is remembered as any mapping; a role that no column has can be refused, too.
  options.map.reset();
  options.remembered = [](std::string_view) { return parse_mapping("discount=-,coupon=-").value(); };
  const auto again = recognise_text(text, options);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(column(*again, Role::kDiscount), "none");
  EXPECT_EQ(again->shape.columns[3].reason, "ingest.match.remembered");
  EXPECT_EQ(again->notices.at(0).args.at("mapping"), "discount=-,coupon=-");
}

TEST(Recognise, RemembersAMappingByTheShapeOfTheFile) {
  auto options = test_options();
  std::string asked;
  options.remembered = [&](std::string_view fingerprint) -> std::optional<Mapping> {
    asked = fingerprint;
    return parse_mapping("customer=#1,date=#2,amount=#3").value();
  };
  const auto layout = recognise_text("aa,bb,cc\nc1,2024-03-01,1.00\n", options);
  ASSERT_TRUE(layout) << layout.error().message;
  EXPECT_EQ(asked, layout->shape.fingerprint);
  EXPECT_TRUE(layout->remembered);
  EXPECT_EQ(layout->shape.columns[0].reason, "ingest.match.remembered");
  ASSERT_EQ(layout->notices.size(), 1u);
  EXPECT_EQ(layout->notices[0].key, "ingest.notice.remembered_mapping");
  EXPECT_EQ(layout->notices[0].args.at("mapping"), "customer=#1,date=#2,amount=#3");
  // What is said now goes before what was said then.
  options.map = parse_mapping("customer=#1,date=#2,amount=#3").value();
  asked.clear();
  EXPECT_TRUE(recognise_text("aa,bb,cc\nc1,2024-03-01,1.00\n", options));
  EXPECT_EQ(asked, "");
}

TEST(Recognise, TakesAPlainTableForNoShopSystem) {
  // The columns of many plain tables; WooCommerce's plug-in has more of its own.
  const auto layout = recognise_text(
      "order_id,order_date,status,order_total,customer_id,currency,refund\n1,2024-03-01,paid,9.00,c1,EUR,1.00\n");
  ASSERT_TRUE(layout) << layout.error().message;
  EXPECT_EQ(layout->shape.system, "");
  EXPECT_EQ(column(*layout, Role::kRefund), "refund");
}

TEST(Recognise, KnowsAColumnAddedToASystemsExport) {
  const auto layout = recognise_text(
      "id,Amount,Amount Refunded,Currency,Created (UTC),Status,Customer ID,Coupon code\n"
      "ch_1,9.00,0.00,eur,2024-03-01 10:00:00,Paid,cus_1,TEN\n");
  ASSERT_TRUE(layout) << layout.error().message;
  EXPECT_EQ(layout->shape.system, "stripe");
  EXPECT_EQ(column(*layout, Role::kCoupon), "Coupon code");
  EXPECT_TRUE(layout->date_utc);
}

TEST(Recognise, FindsACurrencyInTheHeader) {
  const auto layout = recognise_text("Customer,Date,Amount (SEK)\nc1,2024-03-01,1.00\n");
  ASSERT_TRUE(layout) << layout.error().message;
  EXPECT_EQ(layout->header_currency.code(), "SEK");
  EXPECT_EQ(header_currency("Belopp SEK").code(), "SEK");
  EXPECT_EQ(header_currency("Total (\xE2\x82\xAC)").code(), "EUR");
  EXPECT_EQ(header_currency("total all").code(), "") << "no lek";
  EXPECT_EQ(header_currency("Amount").code(), "");
}

TEST(Presets, AreWellFormed) {
  for (const Preset& p : presets()) {
    SCOPED_TRACE(std::string(p.system) + " " + std::string(p.variant));
    EXPECT_FALSE(p.required.empty());
    std::string_view columns = p.columns;
    std::size_t date = 0, order = 0;
    while (!columns.empty()) {
      const std::size_t end = std::min(columns.find(' '), columns.size());
      const std::string_view part = columns.substr(0, end);
      columns.remove_prefix(std::min(end + 1, columns.size()));
      const std::size_t equals = part.find('=');
      ASSERT_NE(equals, std::string_view::npos) << part;
      const auto role = parse_role(part.substr(0, equals));
      ASSERT_TRUE(role) << part;
      date += *role == Role::kDate;
      order += *role == Role::kOrder;
      for (const char c : part.substr(equals + 1)) {
        EXPECT_TRUE((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '|' || c == '+') << part;
      }
    }
    EXPECT_EQ(date, 1u);
    EXPECT_EQ(order, 1u);
  }
}

TEST(TotalWords, AreKnownWhateverStandsBehindThem) {
  for (const char* word : {"Total", "TOTAAL:", "Summa", "Gesamt", "Grand total", "Eindtotaal", "Total (20)", "Sum"}) {
    EXPECT_TRUE(is_total_word(word)) << word;
  }
  for (const char* word : {"", "Totally", "Summary", "1001", "Customer total", "Gesamtschule"}) {
    EXPECT_FALSE(is_total_word(word)) << word;
  }
}

}  // namespace
}  // namespace behoud::ingest
