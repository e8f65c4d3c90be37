#include "ingest/names.h"

#include <algorithm>
#include <unordered_map>

#include "base/text.h"
#include "ingest/mapping.h"

namespace behoud::ingest {
namespace {

struct Names {
  Role role;
  double strength;
  std::string_view words;
  bool net = false;
};
constexpr Names kNames[] = {
    {Role::kOrder, 1.0,
     "orderid ordernumber orderno ordernr ordernum ordername orderreference orderref ordercode ordernummer "
     "bestelnummer "
     "bestelnr bestelid bestellingid bestellingnummer bestellingsnummer bestellnummer bestellnr bestellid "
     "bestellungsnummer bestellungid auftragsnummer auftragsnr auftragid ordrenummer bestallningsnummer "
     "bestallningsnr bestallningsid purchaseid purchaseordernumber orderidentifier"},
    {Role::kOrder, 0.9, "order bestelling bestellung auftrag bestallning orders"},
    {Role::kOrder, 0.7,
     "invoicenumber invoiceno invoiceid invoice factuurnummer factuurnr factuur fakturanummer fakturanr faktura "
     "rechnungsnummer rechnungsnr rechnung transactionid transactionnumber transactienummer transactieid "
     "transaktionsid transaktionsnummer receiptnumber receiptid bonnummer kvittonummer belegnummer saleid salesid"},
    {Role::kOrder, 0.5,
     "transaction transactie transaktion receipt reference referentie referens referenz "
     "documentnumber incrementid entityid"},
    {Role::kOrder, 0.4, "id number nummer nr"},

    {Role::kCustomer, 1.0,
     "customerid customernumber customerno customernr customercode customerkey custid custno clientid clientnumber "
     "clientno userid memberid memberno buyerid accountid accountnumber shopperid contactid klantid klantnummer "
     "klantnr "
     "klantcode relatienummer debiteurnummer debiteurnr kundid kundnummer kundnr kundenid kundennummer kundennr "
     "debitorennummer anvandarid medlemsnummer"},
    {Role::kCustomer, 0.8,
     "customer client klant kund kunde buyer user member koper kopare kaufer shopper debtor debiteur debitor account "
     "besteller"},

    {Role::kDate, 1.0,
     "orderdate orderdatetime orderedat orderedon orderplaced orderplacedat ordertime ordercreated ordercreatedat "
     "ordercreateddate dateoforder datetimeorderplaced purchasedate purchasedat purchasedatetime besteldatum "
     "besteldatumtijd datumbestelling bestelddatum besteldop bestelldatum bestelldatumzeit bestellzeitpunkt bestelltam "
     "auftragsdatum orderdatum bestallningsdatum kopdatum inkopsdatum datetimeofpurchase dateofpurchase"},
    {Role::kDate, 0.9,
     "createdat created createdon createddate createdtime creationdate creationtime datecreated dateadded placedat "
     "placedon processedat aangemaakt aangemaaktop skapad skapaddatum skapaden erstellt erstelltam"},
    {Role::kDate, 0.85,
     "date datum datetime dateandtime dateday datumtijd tijdstip datumochtid tidpunkt zeitpunkt timestamp day dag tag "
     "datumuhrzeit eventdate occurredat"},
    {Role::kDate, 0.7,
     "invoicedate factuurdatum fakturadatum rechnungsdatum transactiondate transactiedatum transaktionsdatum paidat "
     "paiddate paymentdate datepaid betaaldatum betaaldop betaldatum betaldat betaldden zahlungsdatum bezahltam "
     "saledate salesdate verkoopdatum forsaljningsdatum verkaufsdatum kaufdatum aankoopdatum"},

    {Role::kTotal, 1.0,
     "ordertotal totalamount grandtotal totalprice orderamount ordervalue orderprice totalpaid totalordervalue "
     "ordertotalamount ordergrandtotal totalinclvat totalincltax totalincludingtax totalincludingvat totalgross "
     "grossamount grosstotal invoicetotal invoiceamount totaalbedrag ordertotaal bestelbedrag orderbedrag totaalprijs "
     "factuurbedrag totaalinclbtw totaalinclusiefbtw bedraginclbtw brutobedrag ordersumma totalsumma totalbelopp "
     "ordervarde totaltinklmoms summainklmoms beloppinklmoms gesamtbetrag gesamtsumme bestellwert auftragswert "
     "rechnungsbetrag gesamtpreis endbetrag gesamtbrutto bruttobetrag summebrutto gesamtinklmwst totaleprijs"},
    {Role::kTotal, 0.9, "total totaal totalt summa gesamt summe totale"},
    {Role::kTotal, 0.6, "sum som"},

    {Role::kAmount, 1.0,
     "linetotal lineamount linetotalamount itemtotal itemamount rowtotal regeltotaal regelbedrag radsumma radbelopp "
     "positionssumme positionsbetrag zeilensumme zeilenbetrag"},
    {Role::kAmount, 0.95, "amount bedrag belopp betrag"},
    {Role::kAmount, 0.8,
     "revenue omzet omsattning umsatz sales turnover value waarde varde wert spend orderrevenue salesamount "
     "verkoopbedrag forsaljning"},
    {Role::kAmount, 0.6, "paid betaald betalt bezahlt amountpaid paidamount"},
    {Role::kAmount, 0.9,
     "netamount nettobedrag nettobelopp nettobetrag nettoumsatz nettoomzet nettoomsattning netsales netrevenue "
     "nettotal "
     "amountexclvat amountexcltax bedragexclbtw beloppexklmoms betragnetto amountnet nettosumme",
     true},
    {Role::kAmount, 0.85,
     "totalexclvat totalexcltax totalexcludingtax totalexcludingvat totalnet totaalexclbtw totaalexclusiefbtw "
     "totaltexklmoms summaexklmoms gesamtnetto summenetto netto exclbtw exklmoms",
     true},

    {Role::kPrice, 0.95,
     "unitprice price itemprice productprice priceperunit pricepunit sellingprice prijs stukprijs eenheidsprijs "
     "prijsperstuk verkoopprijs pris styckpris apris prisperstyck enhetspris einzelpreis stuckpreis stueckpreis preis "
     "verkaufspreis"},

    {Role::kQuantity, 1.0,
     "quantity qty quantityordered quantitypurchased orderquantity orderqty itemquantity itemqty aantal hoeveelheid "
     "aantalstuks antal kvantitet menge anzahl stuckzahl stueckzahl"},
    {Role::kQuantity, 0.8,
     "units pieces items itemcount numitems numberofitems productcount itemssold stuks aantalartikelen "
     "antalvaror antalartiklar artikelanzahl numitemssold count"},

    {Role::kCurrency, 1.0,
     "currency currencycode ordercurrency currencyiso isocurrency valuta valutacode valutakod munt munteenheid wahrung "
     "waehrung wahrungscode waehrungscode"},

    {Role::kItem, 1.0,
     "sku productsku itemsku productcode articlenumber articleno itemnumber itemno itemcode artikelnummer artikelnr "
     "artikelcode produktnummer produktnr produktkod productnummer variantsku"},
    {Role::kItem, 0.9, "itemid productid articleid artikelid produktid variantid"},
    {Role::kItem, 0.8, "item product article artikel produkt vara"},
    {Role::kItem, 0.6, "ean gtin asin barcode ean13 streckkod"},
    {Role::kItemName, 1.0,
     "productname itemname producttitle itemtitle articlename productnaam artikelnaam artikelomschrijving "
     "productomschrijving produktnamn artikelnamn produktbenamning artikelbenamning produktname artikelname "
     "artikelbezeichnung produktbezeichnung producttitel productdescription itemdescription"},
    {Role::kItemName, 0.7,
     "description omschrijving beschrijving benamning beskrivning bezeichnung beschreibung title titel"},

    {Role::kStatus, 1.0,
     "orderstatus status financialstatus bestelstatus bestellingstatus orderstate bestellstatus auftragsstatus"},
    {Role::kStatus, 0.8, "paymentstatus betaalstatus betalningsstatus zahlungsstatus"},
    {Role::kStatus, 0.5, "state"},

    {Role::kEmail, 1.0,
     "email emailaddress customeremail customeremailaddress clientemail buyeremail useremail mailaddress emailadres "
     "klantemail klantemailadres epost epostadress kundepost kundensemail kundenemail emailadresse kundememail"},
    {Role::kEmail, 0.9, "billingemail contactemail mail mailadres mailadresse billingemailaddress factuuremail"},
    {Role::kEmail, 0.6, "shippingemail deliveryemail"},

    {Role::kPhone, 1.0,
     "phone phonenumber telephone telephonenumber customerphone telefoon telefoonnummer telefon telefonnummer "
     "telefonnr mobile mobilephone mobilenumber mobiel mobielnummer mobil mobilnummer mobiltelefon handy handynummer "
     "gsm tel telnr"},
    {Role::kPhone, 0.9, "billingphone billingtelephone contactphone"},
    {Role::kPhone, 0.6, "shippingphone shippingtelephone deliveryphone"},

    {Role::kRefund, 1.0,
     "refund refunded refundedamount amountrefunded refundamount totalrefunded refundtotal refunds refundedtotal "
     "totalrefund orderrefundamount terugbetaling terugbetaald terugbetaaldbedrag restitutie retourbedrag gecrediteerd "
     "aterbetalning aterbetalt aterbetaltbelopp aterbetald ruckerstattung rueckerstattung erstattung erstattet "
     "erstattungsbetrag erstatteterbetrag ruckzahlung"},

    {Role::kTax, 1.0,
     "tax taxes taxamount taxtotal totaltax totaltaxes ordertax salestax vat vatamount vattotal totalvat includedvat "
     "ofwhichvat btw btwbedrag waarvanbtw inclusiefbtw "
     "totaalbtw moms momsbelopp totalmoms varavmoms mwst mwstbetrag mehrwertsteuer davonmwst enthaltenemwst ust "
     "umsatzsteuer steuer steuerbetrag steuern "
     "gst"},

    {Role::kShipping, 1.0,
     "shipping shippingcost shippingcosts shippingamount shippingtotal shippingprice shippingfee shippingcharge "
     "shippingcharges shippingandhandling ordershipping freight freightcost deliverycost deliverycosts deliveryfee "
     "postage verzendkosten verzendbedrag bezorgkosten frakt fraktkostnad fraktavgift leveranskostnad versandkosten "
     "lieferkosten portokosten porto"},
    {Role::kShipping, 0.7, "delivery verzending versand"},

    {Role::kDiscount, 1.0,
     "discount discountamount discounttotal totaldiscount totaldiscounts discounts orderdiscount cartdiscount korting "
     "kortingsbedrag kortingbedrag totaalkorting rabatt rabattbelopp rabattbetrag rabattsumme nachlass voucheramount"},

    {Role::kCoupon, 1.0,
     "coupon couponcode coupons couponcodes discountcode discountcodes voucher vouchercode promocode promotioncode "
     "kortingscode kortingcode actiecode couponitems kupong kupongkod rabattkod kampanjkod gutschein gutscheincode "
     "rabattcode"},

    {Role::kSource, 1.0,
     "source ordersource utmsource trafficsource saleschannel orderchannel marketingchannel channel attribution bron "
     "herkomst kanaal verkoopkanaal kalla trafikkalla kanal forsaljningskanal quelle vertriebskanal verkaufskanal "
     "herkunft"},
    {Role::kSource, 0.6, "referrer referer medium utmmedium campaign utmcampaign"},

    {Role::kCountry, 1.0, "country countrycode countryiso landcode landkod landskod land landercode laendercode"},
    {Role::kCountry, 0.9, "billingcountry billingcountrycode customercountry factuurland rechnungsland"},
    {Role::kCountry, 0.8,
     "shippingcountry shippingcountrycode shipcountry deliverycountry verzendland leveransland lieferland"},

    {Role::kName, 1.0,
     "customername clientname buyername billingname klantnaam kundnamn kundenname fullname customerfullname "
     "volledigenaam fullstandigtnamn"},
    {Role::kName, 0.7, "name naam namn"},

    {Role::kSubtotal, 1.0,
     "subtotal ordersubtotal itemssubtotal cartsubtotal itemsubtotal subtotaal delsumma zwischensumme"},

    {Role::kUpdatedAt, 1.0,
     "updatedat updated updatedon lastupdated lastupdatedat lastupdateddate lastupdate dateupdated modified modifiedat "
     "modifiedon modifieddate datemodified lastmodified lastmodifiedat gewijzigd gewijzigdop bijgewerkt bijgewerktop "
     "uppdaterad andrad senastandrad geandert geandertam aktualisiert aktualisiertam"},
    {Role::kCancelledAt, 1.0,
     "cancelledat canceledat cancelledon canceledon cancellationdate dateofcancellation geannuleerdop annuleringsdatum "
     "avbestalld makulerad annullerad stornodatum storniertam"},
    {Role::kTest, 1.0, "test istest testorder testmode istestorder testbestelling testbestellung livemodetest"},
};

const std::unordered_multimap<std::string_view, NameHit>& names_by_word() {
  static const auto* const map = [] {
    auto* m = new std::unordered_multimap<std::string_view, NameHit>;
    for (const Names& n : kNames) {
      std::string_view words = n.words;
      while (!words.empty()) {
        const std::size_t end = std::min(words.find(' '), words.size());
        if (end > 0) m->emplace(words.substr(0, end), NameHit{n.role, n.strength, n.net});
        words.remove_prefix(std::min(end + 1, words.size()));
      }
    }
    return m;
  }();
  return *map;
}

void look_up(std::string_view squashed, double factor, std::vector<NameHit>& out) {
  const auto [begin, end] = names_by_word().equal_range(squashed);
  for (auto it = begin; it != end; ++it) {
    NameHit hit = it->second;
    hit.strength *= factor;
    out.push_back(hit);
  }
}

// The header before a bracket: "Amount (EUR)" -> "Amount ".
std::string_view without_brackets(std::string_view header) {
  const std::size_t open = header.find_first_of("([");
  return open == std::string_view::npos || open == 0 ? header : header.substr(0, open);
}

// The last word of a header that has several, or what stands in brackets.
std::string_view tail_of(std::string_view header) {
  header = trim(header);
  if (header.ends_with(')') || header.ends_with(']')) {
    const std::size_t open = header.find_last_of("([");
    if (open != std::string_view::npos) return trim(header.substr(open + 1, header.size() - open - 2));
  }
  const std::size_t at = header.find_last_of(" _-.");
  return at == std::string_view::npos ? std::string_view{} : header.substr(at + 1);
}

constexpr Preset kPresets[] = {
    {.system = "shopify",
     .variant = "",
     .required = "name createdat total lineitemname|lineitemprice|lineitemquantity",
     .columns = "order=name alias=id email=email phone=phone|billingphone|shippingphone date=createdat "
                "status=financialstatus currency=currency subtotal=subtotal shipping=shipping tax=taxes total=total "
                "discount=discountamount coupon=discountcode refund=refundedamount cancelled=cancelledat "
                "quantity=lineitemquantity price=lineitemprice item=lineitemsku item_name=lineitemname "
                "name=billingname|shippingname country=shippingcountry|billingcountry source=source test=paymentmethod",
     .statuses = "",
     .subtotal = SubtotalRule::kShopify},
    {.system = "woocommerce",
     .variant = "analytics",
     .required = "date order status customer customertype netsales|nrevenue|nrevenueformatted",
     .columns = "order=order date=date status=status customer=customer quantity=itemssold coupon=coupons "
                "amount=netsales|nrevenue source=attribution",
     .statuses = "",
     .amount_net = true},
    {.system = "woocommerce",
     .variant = "csv-suite",
     .required = "orderid|ordernumber orderdate status ordertotal ordercurrency|taxtotal|shippingtotal|feetotal "
                 "customeremail|billingemail|customerid|customeruser",
     .columns = "order=ordernumber|ordernumberformatted|orderid alias=orderid date=orderdate status=status "
                "currency=ordercurrency total=ordertotal tax=taxtotal shipping=shippingtotal discount=discounttotal "
                "refund=refundedtotal customer=customerid|customeruser email=billingemail|customeremail "
                "phone=billingphone|shippingphone name=billingfirstname+billinglastname "
                "country=billingcountry|shippingcountry coupon=couponitems|coupons item=itemsku|itemid "
                "item_name=itemname quantity=itemquantity amount=itemtotal",
     .statuses = "",
     .amount_net = true},
    {.system = "woocommerce",
     .variant = "advanced-order-export",
     .required = "ordernumber|orderid orderstatus orderdate ordertotalamount",
     .columns =
         "order=ordernumber|orderid alias=orderid date=orderdate updated=modificationdate "
         "status=orderstatus currency=currency "
         "total=ordertotalamount tax=ordertotaltaxamount shipping=ordershippingamount "
         "discount=cartdiscountamount refund=orderrefundamount customer=customeruserid "
         "email=emailbilling|customeruseremail phone=phonebilling|phoneshipping name=firstnamebilling+lastnamebilling "
         "country=countrycodebilling|countrynamebilling|countrycodeshipping coupon=couponcode|couponsused "
         "item=sku item_name=itemname|productname quantity=quantityrefund|quantity price=itemcost",
     .statuses = "",
     .amount_net = true},
    {.system = "magento",
     .variant = "",
     .required = "id purchasedate grandtotalbase|grandtotalpurchased billtoname|customeremail",
     .columns = "order=id date=purchasedate total=grandtotalbase|grandtotalpurchased status=status email=customeremail "
                "name=customername|billtoname subtotal=subtotal shipping=shippingandhandling refund=totalrefunded",
     .statuses = "closed=refunded suspected_fraud=payment_review",
     .subtotal = SubtotalRule::kLesser},
    {.system = "amazon",
     .variant = "",
     .required = "amazonorderid|orderitemid purchasedate itemprice quantity|quantitypurchased sku",
     .columns = "order=amazonorderid|orderid alias=merchantorderid date=purchasedate updated=lastupdateddate "
                "status=orderstatus currency=currency amount=itemprice+giftwrapprice "
                "tax=itemtax+giftwraptax shipping=shippingprice "
                "discount=itempromotiondiscount quantity=quantity|quantitypurchased "
                "item=sku item_name=productname country=shipcountry source=saleschannel email=buyeremail "
                "phone=buyerphonenumber name=buyername|recipientname coupon=promotionids",
     .statuses = "",
     .discount_in_amount = false,
     .tax_outside_in_north_america = true},
    {.system = "stripe",
     .variant = "",
     .required = "id amount amountrefunded currency created|createdutc|createddateutc",
     .columns = "order=id date=createdutc|createddateutc|created amount=amount refund=amountrefunded currency=currency "
                "status=status customer=customerid email=customeremail country=cardissuecountry|cardaddresscountry "
                "test=mode name=cardname",
     .statuses = ""},
    {.system = "prestashop",
     .variant = "",
     .required = "id reference newclient|delivery customer total payment status date",
     .columns = "order=id alias=reference date=date status=status customer=customer total=total country=delivery",
     .statuses = ""},
    {.system = "shopware",
     .variant = "5-main-data",
     .required = "ordernumber invoiceamount invoiceamountnet invoiceshippingnet ordertime",
     .columns = "order=ordernumber|orderid alias=orderid date=ordertime total=invoiceamount subtotal=invoiceamountnet "
                "shipping=invoiceshippingnet currency=currency status=orderstatus+paymentstatus "
                "customer=customernumber email=email phone=billingphone name=billingfirstname+billinglastname "
                "country=shippingcountry|billingcountry",
     .statuses = "komplett_bezahlt=paid completely_paid=paid teilweise_bezahlt=partially_paid "
                 "wiedergutschrift=refunded re_crediting=refunded reserviert=authorized reserved=authorized "
                 "der_vorgang_wurde_abgebrochen.=cancelled the_process_has_been_cancelled.=cancelled "
                 "storniert_/_abgelehnt=cancelled cancelled_rejected=cancelled komplett_ausgeliefert= "
                 "completely_delivered= teilweise_ausgeliefert= partially_delivered= komplett_abgeschlossen= "
                 "teilweise_abgeschlossen= in_bearbeitung_(wartet)= in_bearbeitung_(in_process)= zur_lieferung_bereit= "
                 "ready_for_delivery= in_process= in_progress= 1:open= 1:offen= 2:open=pending 2:offen=pending",
     .subtotal = SubtotalRule::kNetTotal},
    {.system = "shopware",
     .variant = "5-orders",
     .required = "orderid customerid orderstatusid cleared invoiceamount invoiceamountnet ordertime",
     .columns = "order=number|ordernumber|orderid alias=orderid date=ordertime total=invoiceamount "
                "subtotal=invoiceamountnet shipping=invoiceshippingnet currency=currency status=orderstatusid+cleared "
                "customer=customerid item=articlenumber item_name=articlename price=price quantity=quantity",
     // s_core_states: the order's states are -1 to 8, the payment's 9 and above.
     .statuses =
         "-1=cancelled 4=cancelled 0= 1= 2= 3= 5= 6= 7= 8= 9=pending 10=pending 11=partially_paid 12=paid "
         "13=pending 14=pending 15=pending 16=pending 17=pending 18=authorized 19=pending 20=refunded 21=on-hold "
         "30=pending 31=pending 32=pending 33=pending 34=cancelled 35=cancelled",
     .subtotal = SubtotalRule::kNetTotal},
    {.system = "shopware",
     .variant = "6",
     .required = "ordernumber amounttotal orderdatetime customeremail",
     .columns = "order=ordernumber alias=id date=orderdatetime total=amounttotal email=customeremail "
                "name=customerfirstname+customerlastname status=orderstate+paymentstate currency=currency "
                "shipping=shippingtotal tax=taxtotal",
     .statuses = "1:open= 1:in_progress= 1:completed= 1:done= 2:open=pending"},
    {.system = "lightspeed",
     .variant = "",
     .required = "order orderid added status pricetotal pricetotalex",
     .columns = "order=order alias=orderid date=added status=status total=pricetotal subtotal=pricetotalex "
                "shipping=priceshipping email=email phone=mobile|phone name=firstname+lastname country=country "
                "coupon=discountcode",
     .statuses = "not_shipped= shipped= partially_shipped= new= processing_awaiting_shipment= completed_shipped= "
                 "completed= completed_picked_up= ready_for_pickup= processing_ready_for_pickup=",
     .subtotal = SubtotalRule::kNetTotalGrossShipping,
     .split_status = true},
    {.system = "bol.com",
     .variant = "",
     .required = "orderid orderplaceddatetime|datetimeorderplaced ean "
                 "quantity unitprice|totalprice|offerprice",
     .columns = "order=orderid date=orderplaceddatetime|datetimeorderplaced "
                "amount=totalprice price=unitprice|offerprice quantity=quantity item=ean "
                "item_name=title|producttitle status=fulfilmentstatus "
                "email=email|customeremail|shipmentdetailsemail|billingdetailsemail "
                "name=shipmentdetailsfirstname+shipmentdetailssurname "
                "country=countrycode|shipmentdetailscountrycode",
     .statuses = "open=processing",
     .currency = "EUR"},
};

bool has_one_of(std::string_view alternatives, std::span<const std::string> squashed) {
  while (!alternatives.empty()) {
    const std::size_t end = std::min(alternatives.find('|'), alternatives.size());
    if (std::find(squashed.begin(), squashed.end(), alternatives.substr(0, end)) != squashed.end()) return true;
    alternatives.remove_prefix(std::min(end + 1, alternatives.size()));
  }
  return false;
}

}  // namespace

std::vector<HeaderForm> header_forms(std::string_view header) {
  const std::string whole = squash(header);
  std::vector<HeaderForm> forms = {{whole, 1.0}};
  if (std::string shorter = squash(without_brackets(header)); shorter != whole) {
    forms.push_back({std::move(shorter), 0.95});
  }
  const std::string tail = squash(tail_of(header));
  const bool ignorable = tail == "utc" || tail == "gmt" || header_currency(header).known();
  if (ignorable && tail.size() < whole.size()) {
    forms.push_back({whole.substr(0, whole.size() - tail.size()), 0.95});
  }
  return forms;
}

std::vector<NameHit> known_names(std::string_view header) {
  std::vector<NameHit> hits;
  for (const HeaderForm& form : header_forms(header)) {
    look_up(form.squashed, form.factor, hits);
    if (!hits.empty()) break;
  }
  std::stable_sort(hits.begin(), hits.end(),
                   [](const NameHit& a, const NameHit& b) { return a.strength > b.strength; });
  return hits;
}

money::Currency header_currency(std::string_view header) {
  const std::string_view tail = trim(tail_of(header));
  // Capitals alone: "total all" is no amount in Albanian lek.
  if (tail.size() == 3 && std::all_of(tail.begin(), tail.end(), [](char c) { return c >= 'A' && c <= 'Z'; })) {
    const auto parsed = money::Currency::parse(tail);
    return parsed ? *parsed : money::Currency::none();
  }
  if (trim(header).ends_with(')') || trim(header).ends_with(']')) return money::Currency::guess(tail);
  return {};
}

bool header_says_utc(std::string_view header) {
  const std::string whole = squash(header);
  return whole.ends_with("utc") || whole.ends_with("gmt");
}

std::span<const Preset> presets() { return kPresets; }

const Preset* find_preset(std::span<const std::string> squashed) {
  const Preset* best = nullptr;
  std::size_t best_size = 0;
  for (const Preset& p : kPresets) {
    std::string_view required = p.required;
    std::size_t n = 0;
    bool all = true;
    while (!required.empty() && all) {
      const std::size_t end = std::min(required.find(' '), required.size());
      all = has_one_of(required.substr(0, end), squashed);
      required.remove_prefix(std::min(end + 1, required.size()));
      ++n;
    }
    if (all && n > best_size) {
      best = &p;
      best_size = n;
    }
  }
  return best;
}

bool is_total_word(std::string_view cell) {
  if (cell.size() > 40) return false;
  std::string word = squash(cell);
  while (!word.empty() && is_digit(word.back())) word.pop_back();  // "Total (20)"
  static constexpr std::string_view kWords[] = {"total",    "totals",      "grandtotal",   "subtotal",  "sum",
                                                "totaal",   "totalen",     "eindtotaal",   "subtotaal", "som",
                                                "summa",    "totalt",      "totalsumma",   "delsumma",  "slutsumma",
                                                "gesamt",   "gesamtsumme", "gesamtbetrag", "summe",     "zwischensumme",
                                                "endsumme", "totalorders", "totalrevenue"};
  return std::find(std::begin(kWords), std::end(kWords), word) != std::end(kWords);
}

}  // namespace behoud::ingest
