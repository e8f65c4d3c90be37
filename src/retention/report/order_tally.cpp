#include "retention/report/order_tally.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "timeline/stated_worth.h"

namespace behoud::retention::report {

using ledger::IdentityRef;
using ledger::OrderAssertion;
using ledger::Standing;

namespace {

// Beyond so many orders that hang together histories are built of all: the set of them would weigh more.
constexpr std::size_t kTogetherMost = 1'000'000;

std::uint64_t hash_of(IdentityRef customer) {
  return table_hash(HashKey{static_cast<std::uint64_t>(customer.space), 0}, customer.value);
}
std::uint64_t hash_of(std::string_view name) { return table_hash(HashKey{}, name); }

Result<std::int64_t> narrow(__int128 v) {
  if (v > INT64_MAX || v < INT64_MIN) return fail(Errc::kOutOfRange, "the amounts of all orders sum beyond 64 bits");
  return static_cast<std::int64_t>(v);
}

}  // namespace

OrderTally::OrderTally(TallyOptions options, TogetherOrders together)
    : options_(std::move(options)), known_(std::move(together)), rates_(std::make_unique<money::RateTable>()) {}
OrderTally::OrderTally(OrderTally&&) noexcept = default;
OrderTally::~OrderTally() = default;

Result<void> OrderTally::order(const OrderAssertion& o) {
  if (o.status != word_) {
    word_.assign(o.status);
    const auto own = options_.statuses.find(word_);
    const bool overridden = own != options_.statuses.end() && !word_.empty();
    standing_ = overridden ? own->second : ledger::standing_of(word_);
    reason_sum_ = nullptr;
  }
  if (known_.any()) {
    if (known_as_together(o)) return apart(o);
  } else {
    watch(o);
  }
  if (!o.placed || (!o.gross_minor && !o.total_minor)) {
    // Its refunds fall on whatever else its customer ordered.
    found(o.customer);
    return apart(o);
  }
  const std::int64_t tax = o.tax_minor.value_or(0), shipping = o.shipping_minor.value_or(0);
  const std::int64_t gross = timeline::gross_stated(o.gross_minor, o.total_minor, tax, shipping);
  const bool negative = gross < 0 || timeline::total_stated(o.gross_minor, o.total_minor, tax, shipping) < 0;
  if (negative && timeline::may_be_refund(standing_, o.test)) {
    found(o.customer);
    return apart(o);
  }
  const std::string_view left_out = timeline::left_out_by_status(standing_, word_, o.test, o.cancelled_at.has_value());
  const bool plain =
      standing_ == Standing::kCounts && o.refunds.empty() && o.refund_minor.value_or(0) <= 0 && !o.cancelled_at;
  if (left_out.empty() && !plain) return apart(o);
  reach(*o.placed);
  const bool anonymous = o.customer.space == ledger::IdentitySpace::kNone;
  return sum(o, gross, left_out.empty() && anonymous ? "anonymous" : left_out);
}

bool OrderTally::known_as_together(const OrderAssertion& o) const {
  if (known_.all) return true;
  if (!known_.customers.empty() && known_.customers.contains(hash_of(o.customer))) return true;
  if (known_.names.empty()) return false;
  return known_.names.contains(hash_of(o.order_id)) || (!o.alias.empty() && known_.names.contains(hash_of(o.alias)));
}

void OrderTally::watch(const OrderAssertion& o) {
  const bool alias = !o.alias.empty() && o.alias != o.order_id;
  if (alias && !options_.watch_names) {
    options_.watch_names = true;
    found_.all = unwatched_;
  }
  if (!options_.watch_names) {
    unwatched_ = true;
    return;
  }
  const auto add = [this](std::uint64_t hash) { names_[hash >> 56].push_back(hash); };
  add(hash_of(o.order_id));
  if (alias) add(hash_of(o.alias));
}

void OrderTally::found(IdentityRef customer) {
  if (!known_.any() && customer.space != ledger::IdentitySpace::kNone) found_.customers.insert(hash_of(customer));
}

timeline::HistoriesBuilder& OrderTally::builder() {
  if (!builder_) {
    timeline::BuildSettings settings;
    settings.zone = options_.zone;
    settings.currency = options_.currency;
    settings.statuses = options_.statuses;
    settings.rates = rates_.get();
    builder_.emplace(std::move(settings));
  }
  return *builder_;
}

Result<void> OrderTally::apart(const OrderAssertion& o) {
  TRY(read_rates_for(o.currency));
  return builder().add(o, calendar::Instant{0}, ++seq_);
}

Result<void> OrderTally::refund(IdentityRef customer, calendar::Moment at, money::Money amount) {
  found(customer);
  TRY(read_rates_for(amount.currency));
  return builder().add_refund(customer, at, amount, ++seq_);
}

bool OrderTally::foreign(money::Currency currency) const {
  return currency.known() && options_.currency.known() && currency != options_.currency;
}

Result<void> OrderTally::read_rates_for(money::Currency currency) {
  if (rates_read_ || !options_.rates || !foreign(currency)) return {};
  TRY_ASSIGN(*rates_, options_.rates());
  rates_read_ = true;
  return {};
}

// An order that says all by itself: it counts, or its status or its lack of a customer leaves it out.
Result<void> OrderTally::sum(const OrderAssertion& o, std::int64_t gross, std::string_view left_out) {
  std::optional<std::int64_t> converted = gross;
  const bool is_foreign = foreign(o.currency);
  calendar::Day day{};
  if (is_foreign) {
    TRY(read_rates_for(o.currency));
    day = options_.zone.day_of(*o.placed);
    converted = rates_->convert({gross, o.currency}, options_.currency, day);
  }
  if (!left_out.empty()) {
    if (reason_sum_ == nullptr || reason_ != left_out) {
      reason_ = left_out;
      reason_sum_ = &left_out_[{std::string(left_out), word_}];
    }
    reason_sum_->add(converted.value_or(0));
    return {};
  }
  ++counted_.orders;
  if (!converted) {
    auto& [currency, all] = unconverted_[o.currency.code()];
    currency = o.currency;
    all.add(gross);
    return {};
  }
  const auto money = [&](std::optional<std::int64_t> minor) -> std::int64_t {
    if (!minor || !is_foreign) return minor.value_or(0);
    return rates_->convert({*minor, o.currency}, options_.currency, day).value_or(0);
  };
  counted_.gross += *converted;
  counted_.tax += money(o.tax_minor);
  counted_.shipping += money(o.shipping_minor);
  const std::int64_t discount = money(o.discount_minor);
  counted_.discount += discount;
  counted_.discounted_orders += discount != 0;
  return {};
}

void OrderTally::reach(const calendar::Moment& placed) {
  std::optional<std::int64_t>& last = placed.date_only ? last_day_ms_ : last_ms_;
  if (!last || *last < placed.at.ms) last = placed.at.ms;
}

TogetherOrders OrderTally::together() {
  TogetherOrders out = std::exchange(found_, {});
  for (std::vector<std::uint64_t>& list : names_) {
    std::sort(list.begin(), list.end());
    for (auto it = list.begin(); !out.all; ++it) {
      it = std::adjacent_find(it, list.end());
      if (it == list.end()) break;
      out.names.insert(*it);
    }
    std::vector<std::uint64_t>().swap(list);
  }
  // Whose refund it is that an order turns out to be, all that was said of it decides.
  if (!out.names.empty() && !out.customers.empty()) out.all = true;
  if (out.names.size() + out.customers.size() > kTogetherMost) out.all = true;
  return out;
}

Result<BridgeOrders> OrderTally::finish() && {
  timeline::Histories h;
  if (builder_) {
    TRY_ASSIGN(h, std::move(*builder_).finish());
  }
  std::optional<calendar::Day> last = h.last_order_day;
  const auto reach_day = [&](calendar::Day day) { last = std::max(last.value_or(day), day); };
  if (last_ms_) reach_day(options_.zone.day_of(calendar::Instant{*last_ms_}));
  if (last_day_ms_) reach_day(options_.zone.day_of(calendar::Moment{{*last_day_ms_}, true}));

  BridgeOrders out;
  out.sums = sum_orders(h, last ? options_.zone.first_instant(*last + 1) : calendar::Instant{0});
  out.sums.counted.add(counted_);
  for (const timeline::LeftOut& l : h.left_out) {
    Sum& sum = left_out_[{l.reason, l.detail}];
    sum.orders += l.orders;
    sum.gross += l.gross_minor;
  }
  for (const auto& [why, sum] : left_out_) {
    TRY_ASSIGN(const std::int64_t gross, narrow(sum.gross));
    out.left_out.push_back({why.first, why.second, sum.orders, gross});
  }
  for (const timeline::Unconverted& u : h.unconverted) {
    auto& [currency, sum] = unconverted_[u.currency.code()];
    currency = u.currency;
    sum.orders += u.orders;
    sum.gross += u.gross_minor;
  }
  for (const auto& [code, of] : unconverted_) {
    TRY_ASSIGN(const std::int64_t gross, narrow(of.second.gross));
    out.unconverted.push_back({of.first, of.second.orders, gross});
  }
  out.unmatched_refunds = h.unmatched_refunds;
  out.unmatched_refunds_minor = h.unmatched_refunds_minor;
  return out;
}

}  // namespace behoud::retention::report
