#include "sample/shop_store.h"

#include <string>
#include <vector>

#include <fmt/format.h>

namespace behoud::sample {
namespace {

using ledger::IdentityRef;
using ledger::IdentitySpace;
using ledger::ImportKind;

constexpr std::string_view kSource = "sample";
constexpr std::uint64_t kProgressEvery = 1 << 14;

money::Currency euro() { return money::Currency::parse("EUR").value(); }

// One import a kind; the plan stands where a file's sum would.
class Keeper {
 public:
  Keeper(const Shop& shop, ledger::Ledger& ledger, const std::function<void(std::uint64_t, std::uint64_t)>& progress)
      : shop_(shop), ledger_(ledger), progress_(progress) {
    total_ = products().size() + shop.plan.customers + shop.orders.size() + shop.subscriptions.size() +
             shop.costs.size() + shop.events.size();
  }

  // Two samples in one folder would be a shop of neither: their customers and orders have the same numbers.
  Result<void> require_the_same() const {
    TRY_ASSIGN(const auto imports, ledger_.imports());
    for (const ledger::ImportRow& row : imports) {
      if (row.state == ledger::ImportState::kUndone || row.meta.sha256 == sum()) continue;
      return fail(Errc::kConflict, "this folder holds another sample shop",
                  "name another folder with --data, or remove this one first");
    }
    return {};
  }

  template <class Write>
  Result<void> import(ImportKind kind, const ledger::SettingsChange& settings, Write write) {
    ledger::ImportMeta meta;
    meta.kind = kind;
    meta.file_name = fmt::format("sample {}", ledger::name(kind));
    meta.source = kSource;
    meta.sha256 = sum();
    meta.options = "sample";
    meta.sample = true;
    TRY_ASSIGN(auto writer, ledger_.begin_import(meta));
    if (!writer.repeats()) TRY(write(writer));
    TRY(writer.commit(settings));
    return {};
  }

  // What stands where a file's sum would.
  std::string sum() const {
    const Plan& p = shop_.plan;
    return fmt::format("sample-{}-{}-{}-{}-{}", p.customers, p.years, p.seed, p.until.number, p.behaviour);
  }
  void step() {
    if (++done_ % kProgressEvery == 0 && progress_) progress_(done_, total_);
  }
  IdentityRef identity(std::uint32_t customer) {
    key_ = fmt::format("c{}", customer + 1);
    return {IdentitySpace::kCustomerId, key_};
  }

  Result<void> items(ledger::ImportWriter& writer) {
    for (const Product& p : products()) {
      ledger::ItemRecord item;
      item.id = p.id;
      item.name = p.name;
      item.category = p.category;
      item.cost = money::Money{p.cost_minor, euro()};
      TRY(writer.add(item));
      step();
    }
    return {};
  }

  Result<void> customers(ledger::ImportWriter& writer) {
    for (std::uint32_t c = 0; c < shop_.plan.customers; ++c) {
      ledger::CustomerRecord customer;
      customer.id = identity(c);
      const std::string email = Shop::email(c);
      const std::string label = fmt::format("Customer {}", c + 1);
      customer.email = email;
      customer.name = label;
      TRY(writer.add(customer));
      step();
    }
    return {};
  }

  Result<void> orders(ledger::ImportWriter& writer) {
    std::vector<ledger::OrderLine> lines;
    for (std::size_t i = 0; i < shop_.orders.size(); ++i) {
      const Order& o = shop_.orders[i];
      const std::int64_t gross = o.subtotal_minor - o.tax_minor;
      ledger::OrderAssertion order;
      const std::string id = fmt::format("{}", 1001 + i);
      const std::string email = Shop::email(o.customer);
      order.order_id = id;
      order.customer = identity(o.customer);
      order.email = email;
      order.placed = calendar::Moment{o.at, false};
      order.currency = euro();
      order.gross_minor = gross;
      order.total_minor = o.total_minor();
      order.tax_minor = o.tax_minor;
      order.shipping_minor = o.shipping_minor;
      order.discount_minor = o.discount_minor;
      // Refunds and cancellations have their instants, so the order was paid until then.
      order.status = o.status == Status::kPending ? "pending" : "paid";
      if (o.refund_minor > 0) {
        order.refund_minor = o.refund_minor;
        order.refunded_at = o.refunded_at;
      }
      if (o.status == Status::kVoided) order.cancelled_at = o.cancelled_at;
      order.coupon = coupons()[o.coupon];
      order.source = sources()[o.source];
      order.country = countries()[o.country];
      lines.clear();
      std::int64_t units = 0, sum = 0, before = 0, reached = 0;
      for (const Line& l : shop_.lines_of(o)) sum += l.quantity * products()[l.product].price_minor;
      for (const Line& l : shop_.lines_of(o)) {
        const Product& p = products()[l.product];
        units += l.quantity;
        reached += l.quantity * p.price_minor;
        // The lines share the order's gross by their price, to the cent in sum.
        const std::int64_t upto = sum > 0 ? gross * reached / sum : 0;
        lines.push_back(
            {.item = p.id, .name = p.name, .quantity_milli = l.quantity * 1000, .amount_minor = upto - before});
        before = upto;
      }
      order.units_milli = units * 1000;
      order.lines = lines;
      TRY(writer.add(order));
      step();
    }
    return {};
  }

  Result<void> subscriptions(ledger::ImportWriter& writer) {
    std::size_t number = 0;
    for (const Subscription& s : shop_.subscriptions) {
      ledger::SubscriptionRecord r;
      r.id = fmt::format("S{}", ++number);
      r.customer_space = IdentitySpace::kCustomerId;
      r.customer = identity(s.customer).value;
      r.plan = fmt::format("{} a month", products()[s.product].name);
      r.start = s.start;
      r.trial_end = s.trial_end;
      r.end = s.end;
      if (s.end) r.reason = leaving_reason(s.reason);
      if (s.pause) r.pauses.emplace_back(*s.pause, s.resume);
      r.amount = money::Money{s.amount_minor, euro()};
      r.interval_months = 1;
      TRY(writer.add(r));
      step();
    }
    return {};
  }

  Result<void> costs(ledger::ImportWriter& writer) {
    for (const Cost& c : shop_.costs) {
      ledger::CostRecord cost;
      cost.from = c.from;
      cost.to = c.to;
      cost.amount = {c.minor, euro()};
      cost.kind = c.kind;
      cost.purpose = c.purpose;
      cost.campaign = c.campaign;
      TRY(writer.add(cost));
      step();
    }
    return {};
  }

  Result<void> events(ledger::ImportWriter& writer) {
    for (std::size_t i = 0; i < shop_.events.size(); ++i) {
      const Event& e = shop_.events[i];
      const std::string id = fmt::format("e{}", i);
      const std::string properties = event_properties(e);
      ledger::EventRecord event;
      event.message_id = id;
      event.customer = identity(e.customer);
      event.kind = name(e.kind);
      event.at = {e.at, false};
      event.properties = properties;
      TRY(writer.add(event));
      step();
    }
    return {};
  }

 private:
  const Shop& shop_;
  ledger::Ledger& ledger_;
  const std::function<void(std::uint64_t, std::uint64_t)>& progress_;
  std::uint64_t done_ = 0, total_ = 0;
  std::string key_;
};

}  // namespace

Result<void> keep_shop(const Shop& shop, ledger::Ledger& ledger,
                       const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  if (!ledger.sample()) {
    return fail(Errc::kConflict, "this folder holds a shop of its own, and a sample never mixes with it",
                "name another folder with --data");
  }
  Keeper keeper(shop, ledger, progress);
  TRY(keeper.require_the_same());
  ledger::SettingsChange settings;
  settings.zone = "Europe/Amsterdam";
  settings.currency = euro();
  TRY(keeper.import(ImportKind::kItems, {}, [&](auto& w) { return keeper.items(w); }));
  TRY(keeper.import(ImportKind::kCustomers, {}, [&](auto& w) { return keeper.customers(w); }));
  TRY(keeper.import(ImportKind::kOrders, settings, [&](auto& w) { return keeper.orders(w); }));
  if (!shop.subscriptions.empty()) {
    TRY(keeper.import(ImportKind::kSubscriptions, {}, [&](auto& w) { return keeper.subscriptions(w); }));
  }
  if (!shop.costs.empty()) TRY(keeper.import(ImportKind::kCosts, {}, [&](auto& w) { return keeper.costs(w); }));
  if (!shop.events.empty()) TRY(keeper.import(ImportKind::kEvents, {}, [&](auto& w) { return keeper.events(w); }));
  return {};
}

}  // namespace behoud::sample
