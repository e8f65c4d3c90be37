#include "timeline/rebuild.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "timeline/every_order.h"
#include "timeline/histories_builder.h"

namespace behoud::timeline {
namespace {

using calendar::Day;
using calendar::Zone;
using ledger::CustomerRecord;
using ledger::EventRecord;
using ledger::IdentityRef;
using ledger::RefundRecord;
using ledger::Seq;
using ledger::Snapshot;
using ledger::StoredOrder;

constexpr std::uint64_t kProgressEvery = 8192;

class Rebuild {
 public:
  Rebuild(const Snapshot& snapshot, const RebuildOptions& options, Zone zone, money::RateTable rates)
      : snapshot_(snapshot),
        options_(options),
        zone_(std::move(zone)),
        currency_(snapshot.settings().currency.value_or(money::Currency::none())),
        rates_(std::move(rates)) {}

  Result<Rebuilt> run(OrdersBeside* beside = nullptr) && {
    BuildSettings settings;
    settings.zone = zone_;
    settings.currency = currency_;
    settings.rates = &rates_;
    settings.statuses = snapshot_.settings().statuses;
    settings.margin_rate_millionth = snapshot_.settings().margin_rate_millionth;
    settings.keep_order_ids = options_.keep_order_ids;
    settings.keep_seqs = options_.keep_seqs;
    settings.statements = options_.statements;
    settings.trace = options_.trace;
    TRY_ASSIGN(settings.item_costs, item_costs());
    HistoriesBuilder builder(std::move(settings));
    TRY(add_orders(builder));
    customers_ = builder.customers();
    TRY(add_customers(builder));
    if (options_.only == nullptr) TRY(add_events(builder));
    if (options_.only == nullptr || options_.only->subscriptions_and_costs) {
      TRY(add_subscriptions(builder));
      TRY(add_costs(builder));
    }
    Rebuilt out;
    TRY_ASSIGN(out.histories, std::move(builder).finish(beside));
    out.histories.revision = snapshot_.revision();
    out.histories.is_sample = snapshot_.sample();
    out.unused = std::move(unused_);
    if (Trace* const to = options_.trace) {
      to->appeared.insert(to->appeared.end(), appeared_later_.begin(), appeared_later_.end());
    }
    return out;
  }

 private:
  // Orders and refunds that name none, as they came: in the order of their seqs.
  Result<void> add_orders(HistoriesBuilder& builder) {
    struct Refund {
      ledger::IdentitySpace space;
      std::string customer;
      RefundRecord record;
      Seq seq;
    };
    std::vector<Refund> refunds;
    const auto keep_refund = [&](const RefundRecord& r, Seq seq) -> Result<void> {
      refunds.push_back({r.customer.space, std::string{r.customer.value}, r, seq});
      return {};
    };
    TRY(options_.only ? snapshot_.refunds_at(options_.only->refunds, keep_refund) : snapshot_.refunds(keep_refund));
    auto next = refunds.begin();
    const auto add_refunds_before = [&](std::optional<Seq> seq) -> Result<void> {
      for (; next != refunds.end() && (!seq || next->seq < *seq); ++next) {
        TRY(builder.add_refund({next->space, next->customer}, next->record.at, next->record.amount, next->seq));
      }
      return {};
    };
    std::uint64_t total = 0;
    if (options_.progress) {
      TRY_ASSIGN(total, snapshot_.count(ledger::ImportKind::kOrders));
    }
    std::uint64_t done = 0;
    const auto add_order = [&](const StoredOrder& stored) -> Result<void> {
      if (auto refunds_added = add_refunds_before(stored.seq); !refunds_added) return refunds_added;
      ledger::OrderAssertion order = stored.order;
      order.customer = stored.customer;
      if (options_.progress && ++done % kProgressEvery == 0) options_.progress(done, total);
      return builder.add(order, stored.received, stored.seq);
    };
    TRY(options_.only ? snapshot_.orders_at(options_.only->orders, add_order) : snapshot_.orders(add_order));
    return add_refunds_before(std::nullopt);
  }

  // The customer of an identity, who is met there.
  std::uint32_t customer(HistoriesBuilder& builder, IdentityRef identity, Trace::Turn turn, std::uint64_t nth) {
    const std::uint32_t number = builder.customer(identity);
    if (number >= customers_) {
      customers_ = number + 1;
      if (options_.trace != nullptr) appeared_later_.push_back(Trace::appearance(turn, nth));
    }
    return number;
  }

  // Field by field the newest statement: they come in the order of their seqs.
  Result<void> add_customers(HistoriesBuilder& builder) {
    struct Known {
      std::string email, name;
      std::optional<Day> first_order, joined, left;
      std::uint32_t orders_before = 0;
    };
    std::map<std::uint32_t, Known> all;
    const auto take = [&](const CustomerRecord& record, IdentityRef customer, Seq seq) -> Result<void> {
      const std::uint32_t number = this->customer(builder, customer, Trace::Turn::kRecord, seq);
      if (Statements* const to = options_.statements) to->add(to->records, number, seq);
      if (options_.customer) TRY(options_.customer(number, record));
      Known& known = all[number];
      if (!record.email.empty()) known.email = record.email;
      if (!record.name.empty()) known.name = record.name;
      if (record.first_order) known.first_order = zone_.day_of(*record.first_order);
      if (record.orders_before) known.orders_before = *record.orders_before;
      if (record.consent.value_or(false) && record.consent_at) known.joined = zone_.day_of(*record.consent_at);
      if (record.unsubscribed && !*record.unsubscribed) known.left.reset();
      if (record.unsubscribed.value_or(false) && record.unsubscribed_at) {
        known.left = zone_.day_of(*record.unsubscribed_at);
      }
      return {};
    };
    TRY(options_.only ? snapshot_.customers_at(options_.only->customers, take) : snapshot_.customers(take));
    for (const auto& [customer, known] : all) {
      builder.describe(customer, known.email.empty() ? known.name : known.email, known.first_order,
                       known.orders_before);
      if (known.joined) builder.add_joined({customer, *known.joined, 0});
      if (known.left) builder.add_left({customer, *known.left, 0});
    }
    return {};
  }

  Result<void> add_events(HistoriesBuilder& builder) {
    return snapshot_.events([&](const EventRecord& event, IdentityRef identity, Seq seq) -> Result<void> {
      if (identity.space == ledger::IdentitySpace::kNone) return {};
      const std::uint32_t customer = this->customer(builder, identity, Trace::Turn::kEvent, seq);
      if (options_.event) TRY(options_.event(customer, event, seq));
      const Day day = zone_.day_of(event.at);
      builder.add_event(customer, day, event.kind, seq);
      if (is_joining(event.kind)) builder.add_joined({customer, day, 0});
      if (is_leaving(event.kind)) builder.add_left({customer, day, 0});
      return {};
    });
  }

  Result<void> add_subscriptions(HistoriesBuilder& builder) {
    TRY_ASSIGN(const auto records, snapshot_.subscriptions());
    for (std::size_t i = 0; i < records.size(); ++i) {
      const auto& record = records[i];
      if (!record.start) continue;  // refused at import; an end alone says nothing about anybody
      Subscription s;
      s.customer = customer(builder, {record.customer_space, record.customer}, Trace::Turn::kSubscription, i);
      s.id = record.id;
      s.plan = record.plan;
      s.reason = record.reason;
      s.start = *record.start;
      s.trial_end = record.trial_end;
      s.pauses = record.pauses;
      s.end = record.end;
      s.interval_months = record.interval_months;
      s.interval_days = record.interval_days;
      if (record.amount) s.amount_minor = in_shop_currency("subscription_amount", *record.amount, s.start).value_or(0);
      builder.add_subscription(std::move(s));
    }
    return {};
  }

  Result<void> add_costs(HistoriesBuilder& builder) {
    TRY_ASSIGN(const auto records, snapshot_.costs());
    for (const auto& record : records) {
      const auto minor = in_shop_currency("cost", record.amount, record.from);
      if (!minor) continue;
      builder.add_cost({record.from, record.to, *minor, record.kind, record.purpose, record.campaign, record.note});
    }
    return {};
  }

  Result<std::map<std::string, std::int64_t, std::less<>>> item_costs() {
    TRY_ASSIGN(const auto records, snapshot_.items());
    std::map<std::string, std::int64_t, std::less<>> out;
    for (const auto& record : records) {
      if (!record.cost) continue;
      // An item's cost has no day of its own: the newest rate there is.
      const Day day = rates_.rates().empty() ? Day{} : newest_rate_day();
      if (const auto minor = in_shop_currency("item_cost", *record.cost, day)) out[record.id] = *minor;
    }
    return out;
  }

  Day newest_rate_day() const { return std::ranges::max_element(rates_.rates(), {}, &money::Rate::day)->day; }

  std::optional<std::int64_t> in_shop_currency(std::string_view what, money::Money amount, Day day) {
    if (amount.currency == currency_ || !amount.currency.known() || !currency_.known()) return amount.minor;
    const auto converted = rates_.convert(amount, currency_, day);
    if (converted) return converted;
    const auto same = [&](const Unused& u) { return u.what == what && u.currency == amount.currency; };
    auto found = std::ranges::find_if(unused_, same);
    if (found == unused_.end()) found = unused_.insert(found, {std::string{what}, amount.currency, 0});
    ++found->count;
    return std::nullopt;
  }

  const Snapshot& snapshot_;
  const RebuildOptions& options_;
  Zone zone_;
  money::Currency currency_;
  money::RateTable rates_;
  std::vector<Unused> unused_;
  std::uint32_t customers_ = 0;
  std::vector<std::uint64_t> appeared_later_;  // of customers who are in no order or refund
};

}  // namespace

bool is_joining(std::string_view kind) { return kind == "Subscribed" || kind == "Followed" || kind == "Signed Up"; }
bool is_leaving(std::string_view kind) { return kind == "Unsubscribed" || kind == "Unfollowed" || kind == "Erased"; }

Result<money::RateTable> rates_of(const Snapshot& snapshot) {
  TRY_ASSIGN(const auto records, snapshot.rates());
  money::RateTable table(records.empty() ? money::Currency::none() : records.front().base);
  for (const auto& record : records) {
    if (record.base == table.base()) TRY(table.add(record.rate));
  }
  return table;
}

Result<Rebuilt> rebuild(const Snapshot& snapshot, const RebuildOptions& options) {
  TRY_ASSIGN(Zone zone, Zone::create(snapshot.settings().zone.value_or("UTC")));
  TRY_ASSIGN(money::RateTable rates, rates_of(snapshot));
  return Rebuild(snapshot, options, std::move(zone), std::move(rates)).run();
}

Result<EveryOrder> rebuild_every_order(const Snapshot& snapshot) {
  TRY_ASSIGN(Zone zone, Zone::create(snapshot.settings().zone.value_or("UTC")));
  TRY_ASSIGN(money::RateTable rates, rates_of(snapshot));
  RebuildOptions options;
  options.keep_order_ids = true;
  EveryOrder out;
  TRY_ASSIGN(Rebuilt rebuilt, Rebuild(snapshot, options, std::move(zone), std::move(rates)).run(&out.beside));
  out.histories = std::move(rebuilt.histories);
  return out;
}

}  // namespace behoud::timeline
