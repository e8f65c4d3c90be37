#include "timeline/internal/settled_orders.h"

#include <algorithm>
#include <deque>

namespace behoud::timeline {

using calendar::Instant;
using calendar::Moment;
using ledger::OrderAssertion;

SettledOrders::SettledOrders(Intake& intake, const std::function<void(std::uint32_t)>& chain)
    : intake_(intake), staged_(intake.staged) {
  join_names();
  if (!intake.settings.keep_order_ids) intake.names.free();
  if (!followers_.empty() || !staged_.refunds.empty()) {
    for_each(0, staged_.rows, [&](std::uint32_t row) {
      if (chain && (staged_.flags[row] & kFollowed)) chain(row);
      if (staged_.flags[row] & (kFollowed | kRefunds)) settle(row);
    });
  }
  staged_.next.free();
  staged_.updated_at.free();
}

void SettledOrders::chain(std::uint32_t head, std::uint32_t row) {
  std::uint32_t last = row;
  while (staged_.next[last] != kNoRow) last = staged_.next[last];
  staged_.next.set(last, staged_.next[head]);
  staged_.next.set(head, row);
  staged_.flags.set(head, static_cast<std::uint8_t>(staged_.flags[head] | kFollowed));
  followers_.push_back(row);
}

// The first row of each group becomes its head; chains are hung behind it one after the other.
void SettledOrders::join_names() {
  const std::vector<OrderNames::Link> same_ids = intake_.names.same_ids();
  const auto same_aliases = intake_.names.same_aliases(same_ids);
  followers_.reserve(same_ids.size());
  for (const auto& [head, row] : same_ids) chain(head, row);
  if (same_aliases.empty()) return;
  std::unordered_map<std::uint32_t, std::uint32_t> parent;
  const auto root = [&parent](std::uint32_t row) {
    while (true) {
      const auto up = parent.find(row);
      if (up == parent.end()) return row;
      row = up->second;
    }
  };
  for (const auto& [a, b] : same_aliases) {
    const std::uint32_t x = root(a), y = root(b);
    if (x != y) parent[std::max(x, y)] = std::min(x, y);
  }
  std::vector<std::uint32_t> children;
  children.reserve(parent.size());
  for (const auto& [child, up] : parent) children.push_back(child);
  std::sort(children.begin(), children.end());
  for (const std::uint32_t child : children) chain(root(child), child);
  std::sort(followers_.begin(), followers_.end());
}

// The assertion of a staged row again, as far as settling looks at it. Its lines are known by one line alone, whose
// quantity is the row: what was made of them at add() lies in that row's columns.
ledger::StatedOrder SettledOrders::stated(std::uint32_t row, ledger::OrderLine& line,
                                          std::vector<ledger::RefundPart>& parts) const {
  const auto amount = [](std::int64_t minor) {
    return minor == kUnstated ? std::nullopt : std::optional<std::int64_t>(minor);
  };
  const auto instant = [](std::int64_t ms) {
    return ms == kUnstated ? std::nullopt : std::optional<Instant>(Instant{ms});
  };
  ledger::StatedOrder s;
  OrderAssertion& o = s.order;
  if (const std::uint32_t c = intake_.people.customer_of_row[row]; c != kNoRow) o.customer = intake_.people.identity(c);
  if (staged_.placed[row] != kUnstated) {
    o.placed = Moment{Instant{staged_.placed[row]}, (staged_.flags[row] & kDateOnly) != 0};
  }
  o.updated_at = instant(staged_.updated_at[row]);
  o.status = intake_.status_words[staged_.status[row]];
  o.currency = intake_.currencies[staged_.currency[row]];
  o.gross_minor = amount(staged_.gross[row]);
  o.total_minor = amount(staged_.flags[row] & kTotalIsGross ? staged_.gross[row] : staged_.total[row]);
  o.tax_minor = amount(staged_.tax[row]);
  o.shipping_minor = amount(staged_.shipping[row]);
  o.discount_minor = amount(staged_.discount[row]);
  o.refund_minor = amount(staged_.refund[row]);
  o.refunded_at = instant(staged_.refunded_at[row]);
  o.cancelled_at = instant(staged_.cancelled_at[row]);
  o.units_milli = amount(staged_.units[row]);
  o.coupon = intake_.coupons[staged_.coupon[row]];
  o.source = intake_.sources[staged_.source[row]];
  o.country = intake_.countries[staged_.country[row]];
  if (staged_.flags[row] & kLines) {
    line.quantity_milli = row;
    o.lines = {&line, 1};
  }
  const auto begin = std::lower_bound(staged_.refunds.begin(), staged_.refunds.end(), row,
                                      [](const StagedRefund& r, std::uint32_t x) { return r.row < x; });
  for (auto part = begin; part != staged_.refunds.end() && part->row == row; ++part) {
    const std::string_view id = part->id == kNoRow ? std::string_view{} : intake_.refund_ids.text(part->id);
    parts.push_back({id, instant(part->at_ms), part->minor});
  }
  o.refunds = parts;
  o.test = staged_.flags[row] & kTest;
  const auto after = std::upper_bound(staged_.received_ms.begin(), staged_.received_ms.end(), row,
                                      [](std::uint32_t r, const auto& run) { return r < run.first; });
  s.received = Instant{std::prev(after)->second};
  s.seq = row;
  return s;
}

// Writes the settled state of the chain that begins at `head` into the head's row, and its refunds beside it.
void SettledOrders::settle(std::uint32_t head) {
  std::deque<ledger::OrderLine> lines;
  std::deque<std::vector<ledger::RefundPart>> parts;
  std::vector<ledger::StatedOrder> all;
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = head; row != kNoRow; row = staged_.next[row]) {
    all.push_back(stated(row, lines.emplace_back(), parts.emplace_back()));
    rows.push_back(row);
  }
  const ledger::OrderState state = ledger::settle(all);
  refund_steps_.emplace(head, state.refund_steps);
  if (rows.size() == 1) return;

  const OrderAssertion& o = state.order;
  const auto amount = [](std::optional<std::int64_t> minor) { return minor.value_or(kUnstated); };
  const auto instant = [](std::optional<Instant> t) { return t ? t->ms : kUnstated; };
  const auto code = [](const Dictionary& words, std::string_view text) { return words.find(text); };
  if (o.customer.space != ledger::IdentitySpace::kNone) {
    // Texts lie in one place: the same customer is the same place.
    auto& customer_of_row = intake_.people.customer_of_row;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (all[i].order.customer.value.data() != o.customer.value.data()) continue;
      customer_of_row.set(head, customer_of_row[rows[i]]);
      break;
    }
  }
  std::uint8_t flags = kFollowed | kRefunds;
  if (o.placed && o.placed->date_only) flags |= kDateOnly;
  if (o.test) flags |= kTest;
  staged_.flags.set(head, flags);
  staged_.placed.set(head, o.placed ? o.placed->at.ms : kUnstated);
  staged_.status.set(head, code(intake_.status_words, o.status));
  staged_.currency.set(head, intake_.find(o.currency).value_or(0));
  staged_.gross.set(head, amount(o.gross_minor));
  staged_.total.set(head, amount(o.total_minor));
  staged_.tax.set(head, amount(o.tax_minor));
  staged_.shipping.set(head, amount(o.shipping_minor));
  staged_.discount.set(head, amount(o.discount_minor));
  staged_.refund.set(head, amount(o.refund_minor));
  staged_.refunded_at.set(head, instant(o.refunded_at));
  staged_.cancelled_at.set(head, instant(o.cancelled_at));
  staged_.units.set(head, amount(o.units_milli));
  staged_.coupon.set(head, code(intake_.coupons, o.coupon));
  staged_.source.set(head, code(intake_.sources, o.source));
  staged_.country.set(head, code(intake_.countries, o.country));
  const auto from = o.lines.empty() ? head : static_cast<std::uint32_t>(o.lines.front().quantity_milli);
  const bool any = !o.lines.empty();
  staged_.item.set(head, any ? staged_.item[from] : 0);
  staged_.item_cost.set(head, any ? staged_.item_cost[from] : kUnstated);
  staged_.costed.set(head, any ? staged_.costed[from] : kUnstated);
  staged_.lines_total.set(head, any ? staged_.lines_total[from] : kUnstated);
}

std::vector<ledger::RefundStep> SettledOrders::refunds_of(std::uint32_t head) const {
  if (staged_.flags[head] & (kFollowed | kRefunds)) {
    const auto settled = refund_steps_.find(head);
    return settled != refund_steps_.end() ? settled->second : std::vector<ledger::RefundStep>{};
  }
  const std::int64_t refund = staged_.refund[head], at = staged_.refunded_at[head];
  static_assert(kUnstated < 0);
  if (refund <= 0) return {};
  return {{at == kUnstated ? std::nullopt : std::optional<Instant>(Instant{at}), refund}};
}

}  // namespace behoud::timeline
