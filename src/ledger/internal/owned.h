#pragma once

// Records that own their texts, and generators of random ones, for tests.

#include <deque>
#include <string>
#include <vector>

#include <rapidcheck.h>

#include "ledger/ledger.h"

namespace behoud::ledger::testing {

// Keeps what the views of many records point at.
class Keeper {
 public:
  std::string_view text(std::string_view t) { return t.empty() ? std::string_view() : texts_.emplace_back(t); }
  OrderAssertion keep(const OrderAssertion& o) {
    OrderAssertion c = o;
    for (std::string_view* t : {&c.order_id, &c.alias, &c.customer.value, &c.email, &c.phone, &c.name, &c.status,
                                &c.coupon, &c.source, &c.country}) {
      *t = text(*t);
    }
    auto& lines = lines_.emplace_back(o.lines.begin(), o.lines.end());
    for (OrderLine& l : lines) {
      l.item = text(l.item);
      l.name = text(l.name);
    }
    c.lines = lines;
    auto& refunds = refunds_.emplace_back(o.refunds.begin(), o.refunds.end());
    for (RefundPart& r : refunds) r.id = text(r.id);
    c.refunds = refunds;
    return c;
  }
  CustomerRecord keep(CustomerRecord c) {
    for (std::string_view* t : {&c.id.value, &c.email, &c.phone, &c.name, &c.country, &c.source, &c.language}) {
      *t = text(*t);
    }
    return c;
  }
  EventRecord keep(EventRecord e) {
    for (std::string_view* t : {&e.message_id, &e.customer.value, &e.kind, &e.source, &e.campaign, &e.properties}) {
      *t = text(*t);
    }
    return e;
  }
  RefundRecord keep(RefundRecord r) {
    r.customer.value = text(r.customer.value);
    return r;
  }

 private:
  std::deque<std::string> texts_;
  std::deque<std::vector<OrderLine>> lines_;
  std::deque<std::vector<RefundPart>> refunds_;
};

inline bool equal(const OrderAssertion& a, const OrderAssertion& b) {
  return a.order_id == b.order_id && a.alias == b.alias && a.customer == b.customer && a.email == b.email &&
         a.phone == b.phone && a.name == b.name && a.placed == b.placed && a.updated_at == b.updated_at &&
         a.status == b.status && a.currency == b.currency && a.gross_minor == b.gross_minor &&
         a.total_minor == b.total_minor && a.tax_minor == b.tax_minor && a.shipping_minor == b.shipping_minor &&
         a.discount_minor == b.discount_minor && a.refund_minor == b.refund_minor && a.refunded_at == b.refunded_at &&
         a.cancelled_at == b.cancelled_at && a.units_milli == b.units_milli && a.coupon == b.coupon &&
         a.source == b.source && a.country == b.country && std::ranges::equal(a.lines, b.lines) &&
         std::ranges::equal(a.refunds, b.refunds) && a.test == b.test;
}

// ---- Random records over few values, so that ids and contents meet.

inline std::int64_t below(std::int64_t n) { return *rc::gen::inRange<std::int64_t>(0, n); }
inline bool one_in(std::int64_t n) { return below(n) == 0; }
inline std::string word(std::string_view prefix, std::int64_t n) {
  return std::string(prefix) + std::to_string(below(n));
}
inline money::Currency currency(std::string_view code) { return money::Currency::parse(code).value(); }

inline OrderAssertion any_order(Keeper& keeper, std::int64_t ids = 6, bool aliases = false) {
  OrderAssertion o;
  const std::string id = word("#10", ids);
  o.order_id = keeper.text(id);
  if (aliases && !one_in(3)) o.alias = keeper.text("alias of " + id);
  const auto who = below(5);
  if (who > 0) {
    o.customer = {who == 1 ? IdentitySpace::kEmail : IdentitySpace::kCustomerId,
                  keeper.text(word("c", 4) + "@x.example")};
  }
  if (one_in(2)) o.email = keeper.text(word("c", 4) + "@x.example");
  if (one_in(4)) o.phone = "+31201234567";
  if (one_in(4)) o.name = keeper.text(word("Customer ", 3));
  if (!one_in(5)) o.placed = calendar::Moment{calendar::Instant{below(5) * 86'400'000}, one_in(2)};
  if (one_in(3)) o.updated_at = calendar::Instant{1'709'251'200'000 + below(30) * 500};
  static constexpr std::string_view kWords[] = {"", "paid", "refunded", "pending", "voided"};
  o.status = kWords[below(5)];
  o.currency = one_in(8) ? currency("USD") : one_in(8) ? money::Currency::none() : currency("EUR");
  if (!one_in(6)) o.gross_minor = below(4) * 500;
  if (one_in(2)) o.total_minor = below(4) * 600 - 100;
  if (one_in(4)) o.tax_minor = below(3) * 21;
  if (one_in(4)) o.shipping_minor = below(2) * 495;
  if (one_in(4)) o.discount_minor = below(2) * 100;
  if (one_in(4)) o.refund_minor = below(4) * 250;
  if (one_in(5)) o.refunded_at = calendar::Instant{below(9) * 86'400'000};
  if (one_in(8)) o.cancelled_at = calendar::Instant{below(9) * 86'400'000};
  if (one_in(2)) o.units_milli = 1000 * (1 + below(3));
  if (one_in(4)) o.coupon = "SPRING";
  if (one_in(3)) o.source = "shop";
  if (one_in(3)) o.country = "NL";
  std::vector<OrderLine> lines;
  for (std::int64_t n = below(4); n > 0; --n) {
    OrderLine& l = lines.emplace_back();
    l.item = one_in(8) ? std::string_view() : keeper.text(word("sku-", 3));
    l.name = one_in(2) ? std::string_view() : keeper.text(word("Item ", 3));
    l.quantity_milli = 1000 * (1 + below(3));
    l.amount_minor = below(4) * 500;
  }
  o.lines = lines;
  std::vector<RefundPart> refunds;
  static constexpr std::string_view kIds[] = {"r1", "r2", "r3"};
  for (std::int64_t n = below(3); n > 0; --n) {
    RefundPart& r = refunds.emplace_back();
    r.id = kIds[static_cast<std::size_t>(2 - n)];  // a set: ascending, as it comes back
    if (one_in(2)) r.at = calendar::Instant{below(9) * 86'400'000};
    r.minor = 1 + below(300);
  }
  if (refunds.size() == 2) std::swap(refunds[0], refunds[1]);
  std::sort(refunds.begin(), refunds.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  o.refunds = refunds;
  o.test = one_in(20);
  o.line = static_cast<std::uint64_t>(below(100));
  return keeper.keep(o);
}

}  // namespace behoud::ledger::testing
