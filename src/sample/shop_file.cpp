#include "sample/shop_file.h"

#include <iterator>
#include <string>

#include <fmt/compile.h>
#include <fmt/format.h>

#include "base/text.h"
#include "money/money.h"

namespace behoud::sample {
namespace {

using calendar::Instant;
using calendar::kMsPerDay;

constexpr std::size_t kFlushAt = 1U << 20U;

class Writer {
 public:
  explicit Writer(const ByteSink& sink) : sink_(sink) { buffer_.reserve(kFlushAt + 4096); }
  template <class Format, class... Args>
  void put(const Format& format, const Args&... args) {
    fmt::format_to(std::back_inserter(buffer_), format, args...);
  }
  void text(std::string_view t) { buffer_.append(t); }
  Result<void> row_done() { return buffer_.size() >= kFlushAt ? flush() : Result<void>{}; }
  Result<void> flush() {
    TRY(sink_(buffer_));
    buffer_.clear();
    return {};
  }

 private:
  const ByteSink& sink_;
  std::string buffer_;
};

struct Decimal {
  std::int64_t minor;
};
void put(Writer& w, Decimal d) { w.put(FMT_COMPILE("{}.{:02}"), d.minor / 100, d.minor % 100); }

struct Clock {
  int year;
  unsigned month, day;
  std::int64_t hour, minute, second;
};
Clock clock(std::int64_t local_ms) {
  const auto days = static_cast<std::int32_t>(local_ms / kMsPerDay);
  const std::int64_t second = local_ms % kMsPerDay / 1000;
  const auto date = calendar::ymd({days});
  return {static_cast<int>(date.year()),
          static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day()),
          second / 3600,
          second / 60 % 60,
          second % 60};
}

void put_utc(Writer& w, Instant t) {
  const Clock c = clock(t.ms);
  w.put(FMT_COMPILE("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z"), c.year, c.month, c.day, c.hour, c.minute, c.second);
}

void put_offset(Writer& w, Instant t, const calendar::Zone& zone) {
  const std::int64_t local = zone.to_local(t);
  const Clock c = clock(local);
  const std::int64_t minutes = (local - t.ms) / 60'000;
  w.put(FMT_COMPILE("{:04}-{:02}-{:02} {:02}:{:02}:{:02} {}{:02}{:02}"), c.year, c.month, c.day, c.hour, c.minute,
        c.second, minutes < 0 ? '-' : '+', std::abs(minutes) / 60, std::abs(minutes) % 60);
}

std::string_view country(const Order& o) { return countries()[o.country]; }
std::string_view coupon(const Order& o) { return coupons()[o.coupon]; }
std::string_view source(const Order& o) { return sources()[o.source]; }

std::string_view shopify_status(Status s) {
  switch (s) {
    case Status::kPaid:
      return "paid";
    case Status::kPartiallyRefunded:
      return "partially_refunded";
    case Status::kRefunded:
      return "refunded";
    case Status::kVoided:
      return "voided";
    case Status::kPending:
      return "pending";
  }
  return "";
}

std::string_view woocommerce_status(Status s) {
  switch (s) {
    case Status::kPaid:
    case Status::kPartiallyRefunded:
      return "completed";
    case Status::kRefunded:
      return "refunded";
    case Status::kVoided:
      return "cancelled";
    case Status::kPending:
      return "on-hold";
  }
  return "";
}

Result<void> write_plain(const Shop& shop, Writer& w) {
  w.text("order_id,customer,date,amount,currency,status,refund,total,item,quantity,coupon,source,country\n");
  for (std::size_t i = 0; i < shop.orders.size(); ++i) {
    const Order& o = shop.orders[i];
    std::int64_t units = 0;
    const Line* top = nullptr;
    for (const Line& l : shop.lines_of(o)) {
      units += l.quantity;
      const auto worth = [](const Line& x) { return x.quantity * products()[x.product].price_minor; };
      if (!top || worth(l) > worth(*top)) top = &l;
    }
    w.put(FMT_COMPILE("{},c{},"), 1001 + i, o.customer + 1);
    put_utc(w, o.at);
    w.text(",");
    put(w, {o.subtotal_minor - o.tax_minor});
    w.put(FMT_COMPILE(",EUR,{},"), shopify_status(o.status));
    if (o.refund_minor > 0) put(w, {o.refund_minor});
    w.text(",");
    put(w, {o.total_minor()});
    w.put(FMT_COMPILE(",{},{},{},{},{}\n"), products()[top->product].id, units, coupon(o), source(o), country(o));
    TRY(w.row_done());
  }
  return w.flush();
}

Result<void> write_shopify(const Shop& shop, const calendar::Zone& zone, Writer& w) {
  w.text(
      "Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount "
      "Amount,Created "
      "at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Country,Cancelled at,Refunded "
      "Amount,Id,Source\n");
  for (std::size_t i = 0; i < shop.orders.size(); ++i) {
    const Order& o = shop.orders[i];
    bool first = true;
    for (const Line& l : shop.lines_of(o)) {
      const Product& p = products()[l.product];
      w.put(FMT_COMPILE("#{},customer{}@example.com,"), 1001 + i, o.customer + 1);
      if (first) {
        w.put(FMT_COMPILE("{},"), shopify_status(o.status));
        if (o.status != Status::kPending && o.status != Status::kVoided) put_offset(w, o.at, zone);
        w.text(",EUR,");
        put(w, {o.subtotal_minor});
        w.text(",");
        put(w, {o.shipping_minor});
        w.text(",");
        put(w, {o.tax_minor});
        w.text(",");
        put(w, {o.total_minor()});
        w.put(FMT_COMPILE(",{},"), coupon(o));
        put(w, {o.discount_minor});
        w.text(",");
      } else {
        w.text(",,,,,,,,,");
      }
      put_offset(w, o.at, zone);
      w.put(FMT_COMPILE(",{},\"{}\","), l.quantity, p.name);
      put(w, {p.price_minor});
      w.put(FMT_COMPILE(",{},"), p.id);
      if (first) {
        w.put(FMT_COMPILE("{},"), country(o));
        if (o.status == Status::kVoided) put_offset(w, o.cancelled_at, zone);
        w.text(",");
        put(w, {o.refund_minor});
        w.put(FMT_COMPILE(",{},{}\n"), 5'000'000'000LL + static_cast<std::int64_t>(i), source(o));
      } else {
        w.text(",,,,\n");
      }
      first = false;
      TRY(w.row_done());
    }
  }
  return w.flush();
}

Result<void> write_woocommerce(const Shop& shop, const calendar::Zone& zone, Writer& w) {
  w.text(
      "order_id,order_number,order_date,status,shipping_total,tax_total,discount_total,order_total,refunded_total,"
      "order_"
      "currency,customer_id,customer_email,billing_country,coupon_items\n");
  for (std::size_t i = 0; i < shop.orders.size(); ++i) {
    const Order& o = shop.orders[i];
    const Clock c = clock(zone.to_local(o.at));
    w.put(FMT_COMPILE("{},{},{:02}/{:02}/{:04} {:02}:{:02}:{:02},{},"), 1001 + i, 1001 + i, c.month, c.day, c.year,
          c.hour, c.minute, c.second, woocommerce_status(o.status));
    put(w, {o.shipping_minor});
    w.text(",");
    put(w, {o.tax_minor});
    w.text(",");
    put(w, {o.discount_minor});
    w.text(",");
    put(w, {o.total_minor()});
    w.text(",");
    put(w, {o.refund_minor});
    w.put(FMT_COMPILE(",EUR,{},customer{}@example.com,{},"), o.customer + 1, o.customer + 1, country(o));
    if (o.coupon != 0) {
      w.put(FMT_COMPILE("code:{}|amount:"), coupon(o));
      put(w, {o.discount_minor});
    }
    w.text("\n");
    TRY(w.row_done());
  }
  return w.flush();
}

Result<void> write_events(const Shop& shop, Writer& w) {
  std::size_t next_order = 0;
  const auto order = [&](std::size_t i) -> Result<void> {
    const Order& o = shop.orders[i];
    w.put(FMT_COMPILE("{{\"type\":\"track\",\"event\":\"Order "
                      "Completed\",\"messageId\":\"o{}\",\"userId\":\"c{}\",\"timestamp\":\""),
          1001 + i, o.customer + 1);
    put_utc(w, o.at);
    w.put(FMT_COMPILE("\",\"properties\":{{\"order_id\":\"{}\",\"currency\":\"EUR\",\"revenue\":"), 1001 + i);
    put(w, {o.subtotal_minor - o.tax_minor});
    w.text(",\"tax\":");
    put(w, {o.tax_minor});
    w.text(",\"shipping\":");
    put(w, {o.shipping_minor});
    w.put(FMT_COMPILE(",\"coupon\":\"{}\",\"products\":["), coupon(o));
    bool first = true;
    for (const Line& l : shop.lines_of(o)) {
      w.put(FMT_COMPILE("{}{{\"sku\":\"{}\",\"quantity\":{},\"price\":"), first ? "" : ",", products()[l.product].id,
            l.quantity);
      put(w, {products()[l.product].price_minor});
      w.text("}");
      first = false;
    }
    w.text("]}}\n");
    return w.row_done();
  };
  for (std::size_t i = 0; i < shop.events.size(); ++i) {
    const Event& e = shop.events[i];
    while (next_order < shop.orders.size() && shop.orders[next_order].at <= e.at) TRY(order(next_order++));
    w.put(
        FMT_COMPILE("{{\"type\":\"track\",\"event\":\"{}\",\"messageId\":\"e{}\",\"userId\":\"c{}\",\"timestamp\":\""),
        name(e.kind), i, e.customer + 1);
    put_utc(w, e.at);
    w.text("\",\"properties\":");
    w.text(event_properties(e));
    w.text("}\n");
    TRY(w.row_done());
  }
  while (next_order < shop.orders.size()) TRY(order(next_order++));
  return w.flush();
}

}  // namespace

Result<Shape> parse_shape(std::string_view text) {
  if (text == "plain") return Shape::kPlain;
  if (text == "shopify") return Shape::kShopify;
  if (text == "woocommerce") return Shape::kWooCommerce;
  if (text == "events") return Shape::kEvents;
  return fail(Errc::kInvalidArgument, quoted(text) + " is no shape", "use plain, shopify, woocommerce or events");
}

Result<void> write_shop(const Shop& shop, Shape shape, const calendar::Zone& zone, const ByteSink& sink) {
  Writer writer(sink);
  switch (shape) {
    case Shape::kPlain:
      return write_plain(shop, writer);
    case Shape::kShopify:
      return write_shopify(shop, zone, writer);
    case Shape::kWooCommerce:
      return write_woocommerce(shop, zone, writer);
    case Shape::kEvents:
      return write_events(shop, writer);
  }
  return {};
}

}  // namespace behoud::sample
