#include "timeline/kept/touched.h"

#include <algorithm>
#include <iterator>
#include <string>

namespace behoud::timeline {

using ledger::CustomerRecord;
using ledger::IdentityRef;
using ledger::IdentitySpace;
using ledger::RefundRecord;
using ledger::Seq;
using ledger::StoredOrder;
using Said = ledger::Snapshot::Said;
using Mention = ledger::Snapshot::Mention;

namespace {

// Reading a statement by its seq costs as much as some 40 rows of a rebuild; of a row that is passed, about one.
constexpr std::uint64_t kStatementCost = 40, kStatementsAlways = 20'000;

}  // namespace

Result<std::optional<NotKept>> Touched::read(const Tail& tail) {
  const std::optional<NotKept> is_too_long = NotKept::kLong;
  if (is_long(tail.seqs_gone, 1)) return is_too_long;
  TRY(read_gone(tail));
  regroup(tail);
  TRY(read_orders(tail));
  TRY(read_refunds_and_records(tail));
  TRY(read_neighbours());
  gather_histories();
  return is_long(statements_read(), kStatementCost) ? is_too_long : std::nullopt;
}

bool Touched::is_long(std::uint64_t rows, std::uint64_t cost) const {
  return rows > kStatementsAlways && rows * cost > known_.rows;
}

// Who is new has no number before it is certain that they are somebody.
void Touched::touch(const IdentityRef& who) {
  if (who.space == IdentitySpace::kNone) return;
  if (const auto number = index_.find(who)) {
    anew_.insert(*number);
  } else {
    new_.insert({who.space, std::string(who.value)});
  }
}

std::optional<std::uint32_t> Touched::number_of(const IdentityRef& who) {
  if (const auto number = index_.find(who)) return anew_.contains(*number) ? number : std::nullopt;
  if (!new_.contains({who.space, std::string(who.value)})) return std::nullopt;
  new_.erase({who.space, std::string(who.value)});
  const std::uint32_t number = index_.find_or_add(who);
  anew_.insert(number);
  return number;
}

// Whoever an import that was taken back spoke of, and what it said of orders: those that share a name with them may
// part now, or come together.
Result<void> Touched::read_gone(const Tail& tail) {
  const auto whose = [this](const Mention& m) -> Result<void> {
    ++rows_;
    touch(m.customer);
    return {};
  };
  TRY(now_.mentions_in(Said::kOrder, tail.orders_gone, [&](const Mention& m) -> Result<void> {
    orders_.insert(m.seq);
    for (const std::string_view name : {m.order_id, m.alias}) {
      if (!name.empty()) names_.insert(hash_of_name(name));
    }
    return whose(m);
  }));
  TRY(now_.mentions_in(Said::kRefund, tail.orders_gone, [&](const Mention& m) -> Result<void> {
    refunds_.insert(m.seq);
    return whose(m);
  }));
  TRY(now_.mentions_in(Said::kCustomer, tail.customers_gone, whose));
  return now_.mentions_in(Said::kEvent, tail.events_gone, [&](const Mention& m) -> Result<void> {
    if (!m.counts) events_gone_.insert(m.seq);
    return whose(m);
  });
}

// Those who were merged or parted, and the events that may be another's now.
void Touched::regroup(const Tail& tail) {
  rows_ += tail.regrouped.size();
  for (const auto& name : tail.regrouped) {
    touch(name.ref());
    const auto number = index_.find(name.ref());
    if (number && *number < known_customers_) known_.events(*number, [this](Seq seq) { moved_.push_back(seq); });
  }
  std::ranges::sort(moved_);
}

Result<std::unordered_map<Seq, std::uint32_t>> Touched::owners_of_moved_events() {
  std::unordered_map<Seq, std::uint32_t> out;
  TRY(now_.mentions_at(Said::kEvent, moved_, [&](const Mention& m) -> Result<void> {
    if (!m.counts) return {};
    if (const auto number = number_of(m.customer)) out[m.seq] = *number;
    return {};
  }));
  return out;
}

// What came, and by its names what was said of the same orders before.
Result<void> Touched::read_orders(const Tail& tail) {
  TRY(now_.orders_in(tail.orders, [this](const StoredOrder& o) -> Result<void> {
    ++rows_;
    fresh_orders_.insert(o.seq);
    orders_.insert(o.seq);
    touch(o.customer);
    for (const std::string_view name : {o.order.order_id, o.order.alias}) {
      if (!name.empty()) names_.insert(hash_of_name(name));
    }
    return {};
  }));
  for (const std::uint32_t name : names_) {
    index_.names.for_each(name, [this](std::uint32_t seq) { orders_.insert(seq); });
  }
  // A statement that was received again ranks higher: that matters where an order has several.
  for (const ledger::Snapshot::Stretch& again : tail.said_again) {
    const auto first = static_cast<std::uint32_t>(again.first), last = static_cast<std::uint32_t>(again.last);
    index_.head_of.for_each(first, last, [this](std::uint32_t seq, std::uint32_t) { orders_.insert(seq); });
    index_.about.for_each(first, last, [this](std::uint32_t seq, std::uint32_t) { orders_.insert(seq); });
  }
  close(orders_);
  return {};
}

// With all statements about the same orders.
void Touched::close(std::set<Seq>& seqs) const {
  std::vector<Seq> open(seqs.begin(), seqs.end());
  const auto take = [&](std::uint32_t seq) {
    if (seqs.insert(seq).second) open.push_back(seq);
  };
  while (!open.empty()) {
    const auto seq = static_cast<std::uint32_t>(open.back());
    open.pop_back();
    index_.head_of.for_each(seq, take);
    index_.about.for_each(seq, take);
  }
}

Result<void> Touched::read_refunds_and_records(const Tail& tail) {
  TRY(now_.refunds_in(tail.orders, [this](const RefundRecord& r, Seq seq) -> Result<void> {
    ++rows_;
    refunds_.insert(seq);
    touch(r.customer);
    return {};
  }));
  return now_.customers_in(tail.customers, [this](const CustomerRecord&, IdentityRef who, Seq seq) -> Result<void> {
    ++rows_;
    records_.insert(seq);
    touch(who);
    return {};
  });
}

// Whoever else says something of those orders, or said it: they may be theirs, or have been.
Result<void> Touched::read_neighbours() {
  std::vector<Seq> known;
  std::ranges::set_difference(orders_, fresh_orders_, std::back_inserter(known));
  return now_.orders_at(known, [this](const StoredOrder& o) -> Result<void> {
    touch(o.customer);
    return {};
  });
}

// All statements that the histories of those to be derived anew are made of.
void Touched::gather_histories() {
  for (const std::uint32_t number : anew_) {
    index_.orders.for_each(number, [this](std::uint32_t seq) { orders_.insert(seq); });
    index_.refunds.for_each(number, [this](std::uint32_t seq) { refunds_.insert(seq); });
    index_.records.for_each(number, [this](std::uint32_t seq) { records_.insert(seq); });
    if (number < known_customers_) known_.orders(number, [this](Seq seq) { orders_.insert(seq); });
  }
  close(orders_);
  all_.orders.assign(orders_.begin(), orders_.end());
  all_.refunds.assign(refunds_.begin(), refunds_.end());
  all_.customers.assign(records_.begin(), records_.end());
}

std::vector<std::uint32_t> Touched::take(const Histories& h, const Statements& s) {
  // Others are there only because their statements speak of the same orders.
  std::vector<std::uint32_t> numbers(h.customers(), kNobody);
  for (std::uint32_t c = 0; c < h.customers(); ++c) {
    numbers[c] = number_of({h.customer_space[c], h.customer_key[c]}).value_or(kNobody);
  }
  const auto key = [](std::uint64_t pair) { return static_cast<std::uint32_t>(pair >> 32); };
  const auto value = [](std::uint64_t pair) { return static_cast<std::uint32_t>(pair); };
  for (const std::uint64_t pair : s.names) {
    if (fresh_orders_.contains(value(pair))) index_.names.add(key(pair), value(pair));
  }
  for (const std::uint64_t pair : s.head_of) index_.head_of.add(key(pair), value(pair));
  for (const std::uint64_t pair : s.about) index_.about.add(key(pair), value(pair));
  const auto of_customers = [&](const Statements::Pairs& pairs, PairTable& to) {
    for (const std::uint64_t pair : pairs) {
      if (const std::uint32_t number = numbers[key(pair)]; number != kNobody) to.add(number, value(pair));
    }
  };
  of_customers(s.orders, index_.orders);
  of_customers(s.refunds, index_.refunds);
  of_customers(s.records, index_.records);
  return numbers;
}

}  // namespace behoud::timeline
