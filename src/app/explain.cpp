#include "app/explain.h"

#include <fmt/format.h>

namespace behoud::app {
namespace {

constexpr int kThreads = 2;  // of base/together.h, which every pass over the histories runs on

template <class T>
std::uint64_t of(const std::vector<T>& column) {
  return column.size() * sizeof(T);
}
std::uint64_t of(const std::vector<std::string>& texts) {
  std::uint64_t sum = 0;
  for (const std::string& text : texts) sum += text.size();
  return sum;
}

}  // namespace

Option explain_option() {
  return {"explain", "", "on standard error: revision, orders, events and bytes read, threads, milliseconds"};
}

std::uint64_t bytes_of(const timeline::Histories& h) {
  return of(h.order_begin) + of(h.customer_space) + of(h.customer_key) + of(h.customer_label) + of(h.known_since) +
         of(h.orders_before) + of(h.order_at) + of(h.order_day) + of(h.date_only) + of(h.gross_minor) +
         of(h.tax_minor) + of(h.shipping_minor) + of(h.discount_minor) + of(h.units_milli) + of(h.item_cost_minor) +
         of(h.costed_gross_minor) + of(h.converted) + of(h.item) + of(h.coupon) + of(h.source) + of(h.country) +
         of(h.order_id) + of(h.steps) + of(h.items.by_code) + of(h.coupons.by_code) + of(h.sources.by_code) +
         of(h.countries.by_code) + of(h.kinds.by_code) + of(h.subscriptions) + of(h.relation_joined) +
         of(h.relation_left) + of(h.events) + of(h.costs);
}

std::string_view how_read(const FolderShop& shop) {
  if (shop.followed) return "followed";
  return shop.rebuilt_because ? "rebuilt" : "kept";
}

void write_read(JsonWriter& json, const FolderShop& shop) {
  const timeline::Histories& h = shop.histories;
  json.field("revision", shop.revision).field("customers", h.customers()).field("orders", h.orders());
  json.field("events", h.events.size()).field("bytes", bytes_of(h)).field("threads", kThreads);
}

void write_histories(JsonWriter& json, const FolderShop& shop) {
  json.field("histories", how_read(shop));
  json.field("why", shop.rebuilt_because ? timeline::name(*shop.rebuilt_because) : "");
}

void Explanation::tell(const FolderShop& shop, Format format) const {
  if (!wanted_) return;
  const std::int64_t answered_ms = now();
  const timeline::Histories& h = shop.histories;
  const std::string how = shop.followed          ? "as they were kept, with what came since"
                          : shop.rebuilt_because ? fmt::format("rebuilt from the ledger (what was kept: {})",
                                                               timeline::name(*shop.rebuilt_because))
                                                 : "as they were kept";
  if (format == Format::kJson) {
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    write_read(json, shop);
    json.field("read_ms", read_ms_ - began_ms_).field("answer_ms", answered_ms - read_ms_);
    write_histories(json, shop);
    json.end_object();
    call_.console.note(out + "\n");
    return;
  }
  call_.console.note(
      fmt::format("revision {}: {} customers, {} orders, {} events in {} bytes, {}; read in {} ms, answered in {} ms "
                  "on {} threads\n",
                  shop.revision, h.customers(), h.orders(), h.events.size(), bytes_of(h), how, read_ms_ - began_ms_,
                  answered_ms - read_ms_, kThreads));
}

}  // namespace behoud::app
