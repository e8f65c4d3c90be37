// Files of customers: who they are, where they came from, whether they may be written to, and what they bought before
// the order history begins.

#include <algorithm>

#include "base/text.h"
#include "ingest/identity.h"
#include "ingest/mapping.h"
#include "ingest/record_reader.h"
#include "ingest/record_words.h"
#include "ledger/bounds.h"

namespace behoud::ingest {
namespace {

using ledger::IdentitySpace;

enum : std::size_t {
  kId,
  kEmail,
  kPhone,
  kName,
  kCountry,
  kSource,
  kLanguage,
  kFirstOrder,
  kOrders,
  kConsent,
  kConsentAt,
  kUnsubscribed,
  kUnsubscribedAt,
  kFirstName,
  kLastName
};

constexpr Field kFields[] = {
    {"id", FieldType::kIdentity, "id | nummer nr number | userlogin username", {{{Role::kCustomer, 1.0}}}},
    {"email", FieldType::kEmail, "useremail contactmailadres", {{{Role::kEmail, 1.0}}}},
    {"phone", FieldType::kText, "defaultaddressphone", {{{Role::kPhone, 1.0}}}},
    {"name",
     FieldType::kText,
     "displayname | | customer klant kund kunde client company bedrijf foretag firma",
     {{{Role::kName, 1.0}}}},
    {"country",
     FieldType::kText,
     "defaultaddresscountrycode countryregion | defaultaddresscountry",
     {{{Role::kCountry, 1.0}}}},
    {"source",
     FieldType::kText,
     "acquisitionsource acquisitionchannel leadsource signupsource firstsource customersource wervingskanaal "
     "wervingsbron varvningskanal",
     {{{Role::kSource, 1.0}}}},
    {"language", FieldType::kText,
     "language languagecode locale lang preferredlanguage customerlanguage taal taalcode voorkeurstaal sprak sprakkod "
     "sprache sprachcode"},
    {"first_order", FieldType::kDate,
     "firstorder firstorderdate firstorderat firstorderedat dateoffirstorder firstpurchase firstpurchasedate "
     "firstpurchaseat dateoffirstpurchase eerstebestelling eersteorder eerstebesteldatum eersteorderdatum "
     "datumeerstebestelling datumeersteorder eersteaankoop forstaorder forstaorderdatum forstabestallning "
     "forstabestallningen forstakop forstakopet forstakopdatum erstebestellung erstbestellung "
     "erstbestelldatum erstesbestelldatum datumerstebestellung ersterkauf erstkauf erstkaufdatum"},
    {"orders",
     FieldType::kCount,
     "ordersbefore ordersbeforehistory ordercountbefore ordersearlier earlierorders previousorders priororders "
     "bestellingeneerder eerderebestellingen eerdereorders aantaleerderebestellingen aantaleerdereorders "
     "tidigareorder tidigareordrar tidigarebestallningar tidigarekop antaltidigareorder fruherebestellungen "
     "fruherebestellungen vorherigebestellungen bestellungenvorher anzahlfruhererbestellungen",
     {},
     false},  // "orders" alone mostly counts them all
    {"consent", FieldType::kFlag,
     "consent optin optedin acceptsmarketing acceptsemailmarketing marketingconsent emailmarketingconsent "
     "emailconsent marketingoptin emailoptin newsletter newsletteroptin newslettersubscription subscribed "
     "mailingconsent gdprconsent toestemming nieuwsbrief marketingtoestemming samtycke nyhetsbrev einwilligung "
     "zustimmung werbeeinwilligung newsletteranmeldung marketingeinwilligung"},
    {"consent_at", FieldType::kDate,
     "consentat consentdate consentedat dateofconsent optinat optindate optintime optedinat subscribedat "
     "subscribedate subscribeddate subscribedon signupdate signedupat subscriptiondate toestemmingop "
     "toestemmingsdatum datumtoestemming inschrijfdatum ingeschrevenop aangemeldop samtyckedatum datumforsamtycke "
     "prenumererarsedan einwilligungam einwilligungsdatum anmeldedatum angemeldetam | confirmtime confirmedat consent "
     "optin subscribed toestemming samtycke einwilligung"},
    {"unsubscribed", FieldType::kFlag,
     "unsubscribed unsubscribe optout optedout afgemeld uitgeschreven avregistrerad avanmald avprenumererad "
     "abgemeldet newsletterabgemeldet"},
    {"unsubscribed_at", FieldType::kDate,
     "unsubscribedat unsubscribedate unsubscribeddate unsubscribedon unsubtime unsubscribetime optoutat optoutdate "
     "optedoutat afgemeldop uitgeschrevenop uitschrijfdatum afmelddatum avregistreradden avregistreringsdatum "
     "avanmaldden abgemeldetam abmeldedatum | unsubscribed optout optedout afgemeld uitgeschreven avregistrerad "
     "abgemeldet"},
    {"first_name", FieldType::kText, "firstname givenname billingfirstname voornaam fornamn vorname"},
    {"last_name", FieldType::kText,
     "lastname surname familyname billinglastname achternaam efternamn nachname familienname"},
};

constexpr std::string_view kNames[] = {"id",         "email",        "phone",          "name",   "country",
                                       "source",     "language",     "first_order",    "orders", "consent",
                                       "consent_at", "unsubscribed", "unsubscribed_at"};

constexpr Need kNeeds[] = {{{kId, kEmail, kPhone},
                            "customer id, email, phone (klantnummer, e-mailadres, kundnummer, e-post, Kundennummer, "
                            "E-Mail)"}};

constexpr RecordPreset kPresets[] = {
    // Order files name customers by e-mail alone, so their number in this file would make them others.
    {"shopify", "firstname lastname email totalspent totalorders|orderscount",
     "id= email=email phone=phone|defaultaddressphone first_name=firstname last_name=lastname "
     "country=defaultaddresscountrycode|countrycode|defaultaddresscountry|country "
     "consent=acceptsemailmarketing|acceptsmarketing"},
    {"woocommerce", "customerid userlogin useremail",
     "id=customerid email=useremail|billingemail phone=billingphone first_name=firstname|billingfirstname "
     "last_name=lastname|billinglastname country=billingcountry language=locale"},
    {"woocommerce", "name username email orders totalspend", "id= name=name email=email country=countryregion|country"},
};

// A count of all orders, which are not those before the history.
bool counts_all_orders(std::string_view header) {
  static constexpr std::string_view kWords[] = {
      "orders",       "totalorders",        "orderscount",   "ordercount",         "numberoforders",   "numorders",
      "nooforders",   "aantalbestellingen", "aantalorders",  "bestellingen",       "antalorder",       "antalordrar",
      "antalkop",     "antalbestallningar", "bestallningar", "anzahlbestellungen", "bestellungen",     "ordersplaced",
      "totaalorders", "lifetimeorders",     "purchasecount", "numberofpurchases",  "totalbestellungen"};
  return std::find(std::begin(kWords), std::end(kWords), squash(header)) != std::end(kWords);
}

void say_what_is_not_taken(RecordLayout& layout) {
  if (layout.has(kOrders)) return;
  for (const FieldMatch& match : layout.shape.columns) {
    if (!match.field.empty() || !counts_all_orders(match.header)) continue;
    layout.notices.push_back({"ingest.notice.all_orders", {{"file", layout.shape.file}, {"column", match.header}}, 1});
  }
}

std::optional<bool> flag(RecordRow& row, std::size_t field) {
  const std::string_view text = row.text(field);
  if (text.empty()) return std::nullopt;
  const auto said = parse_flag(text);
  if (!said) {
    row.notice("ingest.notice.no_flag",
               {{"file", row.layout().shape.file}, {"column", row.layout().column_name(field)}});
  }
  return said;
}

}  // namespace

const RecordSpec& customers_spec() {
  static constexpr RecordSpec kSpec = {.kind = RecordKind::kCustomers,
                                       .fields = kFields,
                                       .names = kNames,
                                       .needs = kNeeds,
                                       .presets = kPresets,
                                       .notices = say_what_is_not_taken};
  return kSpec;
}

Result<RecordFacts> read_customer_tables(std::span<const OpenFile> files, const RecordOptions& options,
                                         const CustomerSink& sink) {
  std::string email, id_email, id_of_source, phone, name, language;
  RecordAccount account;
  const auto take = [&](RecordRow& row) -> Result<void> {
    ledger::CustomerRecord out;
    out.line = row.line();
    out.country = country_code(row.text(kCountry));
    out.email = normalise_email_cell(row.text(kEmail), email);
    out.phone = normalise_phone(row.text(kPhone), out.country, phone);
    out.source = row.text(kSource);
    out.language = language_code(row.text(kLanguage), language);
    out.name = row.text(kName);
    if (out.name.empty()) {
      name = row.text(kFirstName);
      const std::string_view last = row.text(kLastName);
      if (!name.empty() && !last.empty()) name += ' ';
      name += last;
      out.name = name;
      if (name.size() > ledger::kTextBytesMax) row.reject(kFirstName, kTextTooLong, false);
    }
    const std::string_view id = customer_id(row.text(kId));
    if (is_email(id)) {
      out.id = {IdentitySpace::kEmail, normalise_email_cell(id, id_email)};
      if (out.email.empty()) out.email = out.id.value;
    } else if (!id.empty()) {
      out.id = {IdentitySpace::kCustomerId, customer_of_source(options.source, id, id_of_source)};
      if (out.id.value.size() > ledger::kTextBytesMax) row.reject(kId, kTextTooLong);
    } else if (!out.email.empty()) {
      out.id = {IdentitySpace::kEmail, out.email};
    } else if (!out.phone.empty()) {
      out.id = {IdentitySpace::kPhone, out.phone};
    } else {
      row.reject(row.has(kId) ? kId : row.has(kEmail) ? kEmail : kPhone, "ingest.reject.customer_missing", false);
      return {};
    }
    out.first_order = row.moment(kFirstOrder);
    out.orders_before = row.count(kOrders);
    out.consent = flag(row, kConsent);
    out.consent_at = row.moment(kConsentAt);
    out.unsubscribed = flag(row, kUnsubscribed);
    out.unsubscribed_at = row.moment(kUnsubscribedAt);
    if (row.rejected()) return {};
    // Who has a date of consent gave it, unless the file says otherwise; the same of leaving.
    if (!out.consent && out.consent_at) out.consent = true;
    if (!out.unsubscribed && out.unsubscribed_at) out.unsubscribed = true;
    TRY(sink(out));
    account.record();
    return {};
  };
  TRY_ASSIGN(RecordFacts facts, read_record_tables(files, customers_spec(), options, account, take));
  account.finish(facts);
  return facts;
}

}  // namespace behoud::ingest
