// Files of exchange rates: one rate a row, or a day a row and a column a currency, as the European Central Bank
// publishes its history (eurofxref-hist.csv: `Date,USD,JPY,...,` newest first, "N/A" where there is none).

#include "base/text.h"
#include "ingest/record_reader.h"

namespace behoud::ingest {
namespace {

enum : std::size_t { kDate, kCurrency, kRate, kBase };

constexpr Field kFields[] = {
    {"date", FieldType::kDate, "ratedate koersdatum kursdatum timeperiod", {{{Role::kDate, 1.0}}}},
    {"currency",
     FieldType::kCurrency,
     "quote quotecurrency targetcurrency tocurrency currencyto | target code to iso",
     {{{Role::kCurrency, 1.0}}}},
    {"rate", FieldType::kRate,
     "rate exchangerate fxrate referencerate currencyrate koers wisselkoers kurs vaxelkurs valutakurs wechselkurs "
     "umrechnungskurs referenzkurs obsvalue | value"},
    {"base", FieldType::kCurrency,
     "base basecurrency fromcurrency currencyfrom currencydenom basisvaluta basvaluta basiswahrung basiswaehrung | "
     "from source"},
};

constexpr std::string_view kNames[] = {"date", "currency", "rate", "base"};

constexpr Need kNeeds[] = {
    {{kDate, kNoField, kNoField}, "date (datum, Datum)"},
    {{kCurrency, kNoField, kNoField}, "currency (valuta, Währung), or a column for each, named USD, SEK, ..."},
    {{kRate, kNoField, kNoField}, "rate (koers, kurs, Kurs)"}};

constexpr RecordPreset kPresets[] = {{"ecb", "date usd jpy", ""}};

// "1" as it may be written: rates are kept without the zeros behind it.
bool is_one(const Decimal& d) { return d.mantissa == 1 && d.scale == 0; }

}  // namespace

const RecordSpec& rates_spec() {
  static constexpr RecordSpec kSpec = {.kind = RecordKind::kRates,
                                       .fields = kFields,
                                       .names = kNames,
                                       .needs = kNeeds,
                                       .presets = kPresets,
                                       .key = kDate,
                                       .wide = true};
  return kSpec;
}

Result<RecordFacts> read_rate_tables(std::span<const OpenFile> files, const RecordOptions& options,
                                     const RateSink& sink) {
  static const money::Currency euro = *money::Currency::parse("EUR");
  RecordAccount account;
  const auto give = [&](RecordRow& row, money::Currency base, calendar::Day day, money::Currency currency,
                        const Decimal& d) -> Result<void> {
    ledger::RateRecord out{base, {day, currency, d.mantissa, d.scale}, row.line()};
    TRY(sink(out));
    account.record();
    return {};
  };

  const auto take_wide = [&](RecordRow& row) -> Result<void> {
    const auto day = row.day(kDate);
    if (!day && !row.rejected()) row.reject(kDate, "ingest.reject.date_missing");
    if (row.rejected()) return {};
    account.count("cells", row.line());
    const auto& columns = row.layout().wide;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const auto& [column, currency] = columns[i];
      const std::string_view cell = row.wide(i);
      Decimal d;
      const AmountFault fault = row.rate(cell, d);
      if (fault == AmountFault::kBlank) {
        account.count("blank_cells", row.line());
      } else if (fault != AmountFault::kNone || (currency == euro && !is_one(d))) {
        account.reject({row.layout().shape.file, row.line(), row.layout().column_name_at(column)}, "ingest.reject.rate",
                       cell, true);
      } else {
        TRY(give(row, euro, *day, currency, d));
      }
    }
    return {};
  };

  const auto take = [&](RecordRow& row) -> Result<void> {
    if (!row.layout().wide.empty()) return take_wide(row);
    const auto day = row.day(kDate);
    if (!day && !row.rejected()) row.reject(kDate, "ingest.reject.date_missing");
    const auto currency_of = [&](std::size_t field) {
      const auto parsed = money::Currency::parse(row.text(field));
      if (!parsed) row.reject(field, "ingest.reject.currency");
      return parsed.value_or(money::Currency::none());
    };
    const money::Currency currency = currency_of(kCurrency);
    money::Currency base = euro;
    if (!row.text(kBase).empty()) {
      base = currency_of(kBase);
    } else {
      account.notice("ingest.notice.rates_against_euro", {{"file", row.layout().shape.file}});
    }
    Decimal d;
    const AmountFault fault = row.rate(row.text(kRate), d);
    if (fault == AmountFault::kBlank) row.reject(kRate, "ingest.reject.rate_missing");
    if (fault != AmountFault::kNone || (currency == base && !is_one(d))) row.reject(kRate, "ingest.reject.rate");
    if (row.rejected()) return {};
    return give(row, base, *day, currency, d);
  };
  TRY_ASSIGN(RecordFacts facts, read_record_tables(files, rates_spec(), options, account, take));
  account.finish(facts);
  return facts;
}

}  // namespace behoud::ingest
