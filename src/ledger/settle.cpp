#include <algorithm>
#include <map>

#include "ledger/order.h"

namespace behoud::ledger {

std::string_view name(IdentitySpace space) {
  switch (space) {
    case IdentitySpace::kNone:
      return "none";
    case IdentitySpace::kCustomerId:
      return "customer_id";
    case IdentitySpace::kEmail:
      return "email";
    case IdentitySpace::kPhone:
      return "phone";
    case IdentitySpace::kAnonymousId:
      return "anonymous_id";
  }
  return "";
}
namespace {

std::int64_t saturating_add(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) return std::numeric_limits<std::int64_t>::max();  // a, b >= 0 here
  return sum;
}

struct Rank {
  std::int64_t version_ms;
  std::uint64_t seq;
  friend auto operator<=>(const Rank&, const Rank&) = default;
};

Rank rank_of(const StatedOrder& s) { return {s.order.updated_at.value_or(s.received).ms, s.seq}; }

bool states_money(const OrderAssertion& o) {
  return o.gross_minor || o.total_minor || o.tax_minor || o.shipping_minor || o.discount_minor || o.refund_minor ||
         !o.refunds.empty();
}

template <class T>
void take(T& into, const T& from, bool stated) {
  if (stated) into = from;
}

// The assertions in ascending rank, so that the later of two writes is the greater rank's.
using Ascending = std::vector<const StatedOrder*>;

money::Currency currency_of(const Ascending& ascending) {
  money::Currency of_amounts, of_any;
  for (const StatedOrder* s : ascending) {
    if (!s->order.currency.known()) continue;
    of_any = s->order.currency;
    if (states_money(s->order)) of_amounts = s->order.currency;
  }
  return of_amounts.known() ? of_amounts : of_any;
}

bool in_currency(const OrderAssertion& o, money::Currency currency) {
  return !o.currency.known() || o.currency == currency;
}

using At = std::optional<calendar::Instant>;  // nullopt sorts first: from the start

std::vector<RefundStep> refund_steps_of(const Ascending& ascending, money::Currency currency) {
  struct Part {
    At at;
    std::int64_t minor = 0;
  };
  std::map<std::string_view, Part> parts;  // by refund id
  std::map<std::int64_t, At> floors;       // cumulative amount -> since when, where some assertion says
  std::int64_t undated = 0;                // the greatest cumulative of all, dated or not
  for (const StatedOrder* s : ascending) {
    const OrderAssertion& o = s->order;
    if (!in_currency(o, currency)) continue;
    for (const RefundPart& r : o.refunds) {
      if (r.minor <= 0) continue;
      Part& part = parts[r.id];
      part.minor = r.minor;
      take(part.at, r.at, r.at.has_value());
    }
    if (o.refund_minor && *o.refund_minor > 0) {
      undated = std::max(undated, *o.refund_minor);
      take(floors[*o.refund_minor], o.refunded_at, o.refunded_at.has_value());
    }
  }

  struct Change {
    At at;
    std::int64_t part = 0, floor = 0;
  };
  std::vector<Change> changes;
  std::int64_t explained = 0;  // what the set and the dated floors come to in the end
  for (const auto& [id, part] : parts) {
    changes.push_back({part.at, part.minor, 0});
    explained = saturating_add(explained, part.minor);
  }
  for (const auto& [minor, at] : floors) {
    if (!at) continue;
    changes.push_back({at, 0, minor});
    explained = std::max(explained, minor);
  }
  const std::int64_t from_the_start = std::max<std::int64_t>(0, undated - explained);
  changes.push_back({std::nullopt, 0, 0});
  std::sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) { return a.at < b.at; });

  std::vector<RefundStep> steps;
  std::int64_t sum = 0, floor = 0, reached = 0;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    sum = saturating_add(sum, changes[i].part);
    floor = std::max(floor, changes[i].floor);
    if (i + 1 < changes.size() && changes[i + 1].at == changes[i].at) continue;
    const std::int64_t refunded = saturating_add(from_the_start, std::max(sum, floor));
    if (refunded > reached) steps.push_back({changes[i].at, refunded});
    reached = std::max(reached, refunded);
  }
  return steps;
}

}  // namespace

OrderState settle(std::span<const StatedOrder> assertions) {
  Ascending ascending;
  ascending.reserve(assertions.size());
  for (const StatedOrder& s : assertions) ascending.push_back(&s);
  std::sort(ascending.begin(), ascending.end(),
            [](const StatedOrder* a, const StatedOrder* b) { return rank_of(*a) < rank_of(*b); });

  OrderState state;
  OrderAssertion& out = state.order;
  out.currency = currency_of(ascending);
  bool refund_stated = false;
  for (const StatedOrder* s : ascending) {
    const OrderAssertion& o = s->order;
    take(out.order_id, o.order_id, !o.order_id.empty());
    take(out.alias, o.alias, !o.alias.empty());
    take(out.customer, o.customer, o.customer.space != IdentitySpace::kNone);
    take(out.email, o.email, !o.email.empty());
    take(out.phone, o.phone, !o.phone.empty());
    take(out.name, o.name, !o.name.empty());
    take(out.placed, o.placed, o.placed.has_value());
    take(out.updated_at, o.updated_at, o.updated_at.has_value());
    take(out.status, o.status, !o.status.empty());
    take(out.refunded_at, o.refunded_at, o.refunded_at.has_value());
    take(out.cancelled_at, o.cancelled_at, o.cancelled_at.has_value());
    take(out.units_milli, o.units_milli, o.units_milli.has_value());
    take(out.coupon, o.coupon, !o.coupon.empty());
    take(out.source, o.source, !o.source.empty());
    take(out.country, o.country, !o.country.empty());
    out.test = out.test || o.test;
    take(out.line, o.line, true);
    if (!in_currency(o, out.currency)) continue;
    take(out.lines, o.lines, !o.lines.empty());
    take(out.gross_minor, o.gross_minor, o.gross_minor.has_value());
    take(out.total_minor, o.total_minor, o.total_minor.has_value());
    take(out.tax_minor, o.tax_minor, o.tax_minor.has_value());
    take(out.shipping_minor, o.shipping_minor, o.shipping_minor.has_value());
    take(out.discount_minor, o.discount_minor, o.discount_minor.has_value());
    refund_stated = refund_stated || o.refund_minor.has_value() || !o.refunds.empty();
  }
  state.refund_steps = refund_steps_of(ascending, out.currency);
  if (!state.refund_steps.empty()) {
    out.refund_minor = state.refund_steps.back().refunded_minor;
  } else if (refund_stated) {
    out.refund_minor = 0;
  }
  return state;
}

}  // namespace behoud::ledger
