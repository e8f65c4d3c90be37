// Files of items: what an order line's `item` is, and what one of it costs the shop.

#include "base/text.h"
#include "ingest/record_reader.h"

namespace behoud::ingest {
namespace {

enum : std::size_t { kId, kName, kCategory, kCost, kCurrency };

constexpr Field kFields[] = {
    {"id", FieldType::kIdentity, "| id | handle", {{{Role::kItem, 1.0}}}},
    {"name", FieldType::kText, "", {{{Role::kItemName, 1.0}, {Role::kName, 0.9}, {Role::kItem, 0.4}}}},
    {"category", FieldType::kText,
     "category categories productcategory itemcategory categorie productcategorie kategori produktkategori kategorie "
     "produktkategorie | producttype itemtype type group itemgroup productgroup productgroep artikelgroep "
     "varugrupp produktgrupp artikelgrupp warengruppe produktgruppe artikelgruppe"},
    {"cost", FieldType::kMoney,
     "cost unitcost itemcost productcost costprice costperitem costperunit costofgoods cogs purchaseprice "
     "purchasingprice buyingprice variantcost kostprijs inkoopprijs inkoopsprijs inkoop inkopspris inpris "
     "sjalvkostnad sjalvkostnadspris inkopskostnad kostnad varukostnad einkaufspreis einkaufspreisnetto ekpreis ek "
     "selbstkosten einstandspreis kosten stuckkosten | costs kostnader"},
    {"currency", FieldType::kCurrency, "costcurrency", {{{Role::kCurrency, 1.0}}}},
};

constexpr std::string_view kNames[] = {"id", "name", "category", "cost", "currency"};

constexpr Need kNeeds[] = {{{kId, kNoField, kNoField},
                            "sku, item id, article number (artikelnummer, productcode, produktnummer, Artikelnummer)"}};

}  // namespace

const RecordSpec& items_spec() {
  static constexpr RecordSpec kSpec = {
      .kind = RecordKind::kItems, .fields = kFields, .names = kNames, .needs = kNeeds, .presets = {}, .key = kId};
  return kSpec;
}

Result<RecordFacts> read_item_tables(std::span<const OpenFile> files, const RecordOptions& options,
                                     const ItemSink& sink) {
  RecordAccount account;
  const auto take = [&](RecordRow& row) -> Result<void> {
    ledger::ItemRecord out;
    out.line = row.line();
    out.id = row.text(kId);
    if (out.id.empty()) row.reject(kId, "ingest.reject.id_missing");
    out.cost = row.money(kCost, kCurrency);
    if (out.cost && out.cost->minor < 0) row.reject(kCost, "ingest.reject.amount_negative");
    if (row.rejected()) return {};
    out.name = row.text(kName);
    out.category = row.text(kCategory);
    TRY(sink(out));
    account.record();
    return {};
  };
  TRY_ASSIGN(RecordFacts facts, read_record_tables(files, items_spec(), options, account, take));
  account.finish(facts);
  return facts;
}

}  // namespace behoud::ingest
