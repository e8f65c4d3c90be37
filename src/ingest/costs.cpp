// Files of costs: what was spent over which days, on what, and to keep customers or to win them.

#include "base/text.h"
#include "ingest/record_reader.h"
#include "ingest/record_words.h"

namespace behoud::ingest {
namespace {

enum : std::size_t { kFrom, kTo, kAmount, kCurrency, kKind, kPurpose, kCampaign, kNote };

constexpr Field kFields[] = {
    {"from",
     FieldType::kSpan,
     "from fromdate datefrom start startdate startsat startday periodstart periodfrom begin begindate van vanaf "
     "datumvan begindatum startdatum ingangsdatum fran frandatum franochmed startdag von vondatum datumvon ab "
     "beginn anfang | month period maand periode manad monat zeitraum",
     {{{Role::kDate, 0.9}}}},
    {"to", FieldType::kSpan,
     "to todate dateto until till through thru end enddate endsat endday lastday periodend periodto toandincluding "
     "tot totenmet tm datumtot eind einde einddatum laatstedag tom tillochmed tilldatum slut slutdatum slutdag "
     "sistadag bis bisdatum datumbis biseinschliesslich ende enddatum letztertag"},
    {"amount",
     FieldType::kMoney,
     "cost costs spend spent adspend expense expenses amountspent kosten uitgaven uitgave kostnad kostnader utgift "
     "utgifter ausgaben ausgabe aufwand",
     {{{Role::kAmount, 1.0}, {Role::kTotal, 0.9}, {Role::kPrice, 0.7}}}},
    {"currency", FieldType::kCurrency, "", {{{Role::kCurrency, 1.0}}}},
    {"kind", FieldType::kText,
     "kind type costtype costkind typeofcost soort kostensoort soortkosten typ kostnadstyp kostnadsslag slag art "
     "kostenart | category costcategory categorie kategori kategorie"},
    {"purpose", FieldType::kText,
     "purpose goal aim objective doel doelstelling oogmerk syfte andamal mal zweck ziel verwendungszweck "
     "retentionoracquisition"},
    {"campaign", FieldType::kText,
     "campaign campaignname campaigntitle utmcampaign campagne campagnenaam kampanj kampanjnamn kampagne "
     "kampagnenname"},
    {"note", FieldType::kText,
     "note notes remark remarks comment comments memo opmerking opmerkingen notitie toelichting anteckning "
     "anteckningar notering kommentar kommentarer notiz notizen bemerkung anmerkung | description omschrijving "
     "beschrijving beskrivning beschreibung bezeichnung"},
};

constexpr std::string_view kNames[] = {"from", "to", "amount", "currency", "kind", "purpose", "campaign", "note"};

constexpr Need kNeeds[] = {
    {{kFrom, kNoField, kNoField}, "from, date, month (van, datum, maand, från, månad, von, Monat)"},
    {{kAmount, kNoField, kNoField}, "amount, cost, spend (bedrag, kosten, belopp, kostnad, Betrag, Kosten)"},
    {{kPurpose, kNoField, kNoField}, "purpose: retention or acquisition (doel, syfte, Zweck)"}};

void say_what_to_means(RecordLayout& layout) {
  if (!layout.has(kTo)) return;
  layout.notices.push_back(
      {"ingest.notice.last_day_included", {{"file", layout.shape.file}, {"column", layout.column_name(kTo)}}, 1});
}

// The days that a cell names: a date's one, or a month's.
std::optional<MonthSpan> days_of(RecordRow& row, std::size_t field) {
  if (const auto month = parse_month(row.text(field))) return month;
  if (const auto day = row.day(field)) return MonthSpan{*day, *day + 1};
  return std::nullopt;
}

}  // namespace

const RecordSpec& costs_spec() {
  static constexpr RecordSpec kSpec = {.kind = RecordKind::kCosts,
                                       .fields = kFields,
                                       .names = kNames,
                                       .needs = kNeeds,
                                       .presets = {},
                                       .key = kFrom,
                                       .ahead = true,
                                       .notices = say_what_to_means};
  return kSpec;
}

Result<RecordFacts> read_cost_tables(std::span<const OpenFile> files, const RecordOptions& options,
                                     const CostSink& sink) {
  RecordAccount account;
  const auto take = [&](RecordRow& row) -> Result<void> {
    ledger::CostRecord out;
    out.line = row.line();
    const auto first = days_of(row, kFrom), last = days_of(row, kTo);
    if (!first && !row.rejected()) row.reject(kFrom, "ingest.reject.date_missing");
    const auto amount = row.money(kAmount, kCurrency);
    if (!amount && !row.rejected()) row.reject(kAmount, "ingest.reject.amount_missing");
    out.purpose = cost_purpose(row.text(kPurpose));
    if (out.purpose.empty()) row.reject(kPurpose, "ingest.reject.purpose");
    if (row.rejected()) return {};
    out.from = first->begin;
    out.to = last ? last->end : first->end;
    if (out.to <= out.from) {
      row.reject(kTo, "ingest.reject.dates_out_of_order");
      return {};
    }
    out.amount = *amount;
    const std::string_view kind = row.text(kKind);
    out.kind = kind.empty() ? std::string_view("other") : cost_kind(kind);
    if (out.kind.empty()) {
      row.notice("ingest.notice.unknown_cost_kind",
                 {{"file", row.layout().shape.file}, {"kind", std::string(kind.substr(0, 40))}});
      out.kind = "other";
    }
    out.campaign = row.text(kCampaign);
    out.note = row.text(kNote);
    TRY(sink(out));
    account.record();
    return {};
  };
  TRY_ASSIGN(RecordFacts facts, read_record_tables(files, costs_spec(), options, account, take));
  account.finish(facts);
  return facts;
}

}  // namespace behoud::ingest
