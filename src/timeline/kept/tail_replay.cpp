#include "timeline/kept/tail_replay.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "timeline/live/history_copy.h"

namespace behoud::timeline {
namespace {

using ledger::CustomerRecord;
using ledger::EventRecord;
using ledger::IdentityRef;
using ledger::IdentitySpace;
using ledger::RefundRecord;
using ledger::Seq;
using ledger::StoredOrder;

constexpr std::size_t kKindsMax = 65'535;
// Reading a statement by its seq costs as much as some 40 rows of a rebuild; of a row that is passed, about one.
constexpr std::uint64_t kStatementCost = 40, kStatementsAlways = 20'000;

// Codes of a dictionary's words, which may become more.
class Codes {
 public:
  explicit Codes(Words& words) : words_(words) {}
  Code code(std::string_view word) {
    if (word.empty()) return 0;
    if (known_.empty()) {
      for (std::size_t code = 0; code < words_.size(); ++code) known_.emplace(words_[code], static_cast<Code>(code));
    }
    const auto [at, is_new] = known_.emplace(std::string(word), static_cast<Code>(words_.size()));
    if (is_new) words_.emplace_back(word);
    return at->second;
  }

 private:
  Words& words_;
  std::unordered_map<std::string, Code> known_;
};

// The columns' values of the rows that are kept.
template <class Keep>
PlainEvents kept_rows(const PlainEvents& all, const Keep& keep) {
  PlainEvents out;
  const auto copy = [&](const auto& from, auto& to) {
    for (std::size_t row = 0; row < from.size(); ++row) {
      if (keep(row)) to.push_back(from[row]);
    }
  };
  copy(all.customer, out.customer);
  copy(all.at_ms, out.at_ms);
  copy(all.seq, out.seq);
  copy(all.kind, out.kind);
  copy(all.date_only, out.date_only);
  copy(all.gross_minor, out.gross_minor);
  out.dimensions.resize(all.dimensions.size());
  out.measures.resize(all.measures.size());
  for (std::size_t k = 0; k < all.dimensions.size(); ++k) copy(all.dimensions[k], out.dimensions[k]);
  for (std::size_t k = 0; k < all.measures.size(); ++k) copy(all.measures[k], out.measures[k]);
  return out;
}

void append(PlainEvents& to, const PlainEvents& from) {
  if (from.size() == 0) return;
  const auto add = [](auto& into, const auto& values) { into.insert(into.end(), values.begin(), values.end()); };
  add(to.customer, from.customer);
  add(to.at_ms, from.at_ms);
  add(to.seq, from.seq);
  add(to.kind, from.kind);
  add(to.date_only, from.date_only);
  add(to.gross_minor, from.gross_minor);
  for (std::size_t k = 0; k < to.dimensions.size(); ++k) add(to.dimensions[k], from.dimensions[k]);
  for (std::size_t k = 0; k < to.measures.size(); ++k) add(to.measures[k], from.measures[k]);
}

class Replay {
 public:
  Replay(LiveTimeline& live, Dictionaries& dictionaries, StatementIndex& index, const ledger::Snapshot& now,
         std::uint32_t window_days)
      : live_(live),
        before_(live.snapshot()),
        dictionaries_(dictionaries),
        index_(index),
        now_(now),
        window_days_(window_days),
        schema_(before_->schema),
        known_customers_(index.customers()) {}

  Result<std::variant<Replayed, NotKept>> run(const Tail& tail) && {
    if (is_long(tail.seqs_gone, 1)) return NotKept::kLong;
    TRY(read_gone(tail));
    regroup(tail);
    TRY(read_orders(tail));
    TRY(read_refunds_and_records(tail));
    TRY(read_neighbours());
    gather_histories();
    out_.statements = all_.orders.size() + all_.refunds.size() + all_.customers.size() + moved_.size();
    if (is_long(out_.statements, kStatementCost)) return NotKept::kLong;
    TRY(derive_anew());
    PlainEvents came;
    TRY(read_moved());
    TRY(read_events(tail, came));
    TRY(put(came));
    return out_;
  }

 private:
  bool is_long(std::uint64_t rows, std::uint64_t cost) const {
    return rows > kStatementsAlways && rows * cost > before_->events();
  }

  // Who is new has no number before it is certain that they are somebody.
  void touch(const IdentityRef& who) {
    if (who.space == IdentitySpace::kNone) return;
    if (const auto number = index_.find(who)) {
      anew_.insert(*number);
    } else {
      new_.insert({who.space, std::string(who.value)});
    }
  }
  // The number of one who was touched and is somebody.
  std::optional<std::uint32_t> number_of(const IdentityRef& who) {
    if (const auto number = index_.find(who)) return anew_.contains(*number) ? number : std::nullopt;
    if (!new_.contains({who.space, std::string(who.value)})) return std::nullopt;
    new_.erase({who.space, std::string(who.value)});
    const std::uint32_t number = index_.find_or_add(who);
    anew_.insert(number);
    return number;
  }

  // Whoever an import that was taken back spoke of, and what it said of orders: those that share a name with them may
  // part now, or come together.
  Result<void> read_gone(const Tail& tail) {
    using Said = ledger::Snapshot::Said;
    using Mention = ledger::Snapshot::Mention;
    const auto whose = [this](const Mention& m) -> Result<void> {
      ++out_.rows;
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
    TRY(now_.mentions_in(Said::kRefund, tail.orders_gone, whose));
    TRY(now_.mentions_in(Said::kCustomer, tail.customers_gone, whose));
    return now_.mentions_in(Said::kEvent, tail.events_gone, [&](const Mention& m) -> Result<void> {
      if (!m.counts) events_gone_.insert(m.seq);
      return whose(m);
    });
  }

  // Those who were merged or parted, and the events that may be another's now.
  void regroup(const Tail& tail) {
    out_.rows += tail.regrouped.size();
    for (const auto& name : tail.regrouped) {
      touch(name.ref());
      const auto number = index_.find(name.ref());
      const auto view = number && *number < known_customers_ ? find_customer(*before_, *number) : std::nullopt;
      if (!view) continue;
      for (std::uint32_t i = 0; i < view->events(); ++i) {
        if (view->kind(i) > kUndonePurchase) moved_.push_back(view->seq(i));
      }
    }
    std::ranges::sort(moved_);
  }
  Result<void> read_moved() {
    using Mention = ledger::Snapshot::Mention;
    return now_.mentions_at(ledger::Snapshot::Said::kEvent, moved_, [this](const Mention& m) -> Result<void> {
      if (!m.counts) return {};
      if (const auto number = number_of(m.customer)) owner_of_[m.seq] = *number;
      return {};
    });
  }

  // What came, and by its names what was said of the same orders before.
  Result<void> read_orders(const Tail& tail) {
    TRY(now_.orders_in(tail.orders, [this](const StoredOrder& o) -> Result<void> {
      ++out_.rows;
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
  void close(std::set<Seq>& seqs) const {
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

  Result<void> read_refunds_and_records(const Tail& tail) {
    TRY(now_.refunds_in(tail.orders, [this](const RefundRecord& r, Seq seq) -> Result<void> {
      ++out_.rows;
      refunds_.insert(seq);
      touch(r.customer);
      return {};
    }));
    return now_.customers_in(tail.customers, [this](const CustomerRecord&, IdentityRef who, Seq seq) -> Result<void> {
      ++out_.rows;
      records_.insert(seq);
      touch(who);
      return {};
    });
  }

  // Whoever else says something of those orders, or said it: they may be theirs, or have been.
  Result<void> read_neighbours() {
    std::vector<Seq> known;
    std::ranges::set_difference(orders_, fresh_orders_, std::back_inserter(known));
    return now_.orders_at(known, [this](const StoredOrder& o) -> Result<void> {
      touch(o.customer);
      return {};
    });
  }

  // All statements that the histories of those to be derived anew are made of.
  void gather_histories() {
    for (const std::uint32_t number : anew_) {
      index_.orders.for_each(number, [this](std::uint32_t seq) { orders_.insert(seq); });
      index_.refunds.for_each(number, [this](std::uint32_t seq) { refunds_.insert(seq); });
      index_.records.for_each(number, [this](std::uint32_t seq) { records_.insert(seq); });
      if (number >= known_customers_) continue;
      const auto view = find_customer(*before_, number);
      for (std::uint32_t i = 0; view && i < view->events(); ++i) {
        if (view->kind(i) <= kUndonePurchase) orders_.insert(view->seq(i));
      }
    }
    close(orders_);
    all_.orders.assign(orders_.begin(), orders_.end());
    all_.refunds.assign(refunds_.begin(), refunds_.end());
    all_.customers.assign(records_.begin(), records_.end());
  }

  Result<void> derive_anew() {
    if (anew_.empty() && new_.empty()) return {};
    Statements statements;
    RebuildOptions options;
    options.only = &all_;
    options.statements = &statements;
    TRY_ASSIGN(const Derived derived, derive(now_, options, window_days_));
    const Histories& h = derived.rebuilt.histories;
    const Timeline& t = derived.laid_out.timeline;
    // Others are there only because their statements speak of the same orders.
    std::vector<std::uint32_t> number_of(h.customers(), kNobody);
    std::map<std::uint32_t, std::uint32_t> of_number;
    for (std::uint32_t c = 0; c < h.customers(); ++c) {
      const auto number = this->number_of({h.customer_space[c], h.customer_key[c]});
      if (!number) continue;
      number_of[c] = *number;
      of_number[*number] = c;
      there_.insert(*number);
    }
    HistoryCopy copy(t.scale, t.schema);
    for (const auto& [number, c] : of_number) copy.add(find_customer(t, c).value(), number);
    translate(copy.customers.dimensions, derived.laid_out.dictionaries.customer, dictionaries_.customer);
    translate(copy.events.dimensions, derived.laid_out.dictionaries.event, dictionaries_.event);
    anew_customers_ = std::move(copy.customers);
    anew_events_ = std::move(copy.events);
    remember(statements, number_of);
    return {};
  }

  static void translate(std::vector<std::vector<std::uint32_t>>& columns, const std::vector<Words>& from,
                        std::vector<Words>& to) {
    for (std::size_t k = 0; k < columns.size(); ++k) {
      Codes codes(to[k]);
      std::vector<Code> code_of(from[k].size());
      std::vector<bool> translated(from[k].size());
      for (std::uint32_t& code : columns[k]) {
        if (!translated[code]) code_of[code] = codes.code(from[k][code]);
        translated[code] = true;
        code = code_of[code];
      }
    }
  }

  void remember(const Statements& s, const std::vector<std::uint32_t>& number_of) {
    const auto key = [](std::uint64_t pair) { return static_cast<std::uint32_t>(pair >> 32); };
    const auto value = [](std::uint64_t pair) { return static_cast<std::uint32_t>(pair); };
    for (const std::uint64_t pair : s.names) {
      if (fresh_orders_.contains(value(pair))) index_.names.add(key(pair), value(pair));
    }
    for (const std::uint64_t pair : s.head_of) index_.head_of.add(key(pair), value(pair));
    for (const std::uint64_t pair : s.about) index_.about.add(key(pair), value(pair));
    const auto of_customers = [&](const Statements::Pairs& pairs, PairTable& to) {
      for (const std::uint64_t pair : pairs) {
        if (const std::uint32_t number = number_of[key(pair)]; number != kNobody) to.add(number, value(pair));
      }
    };
    of_customers(s.orders, index_.orders);
    of_customers(s.refunds, index_.refunds);
    of_customers(s.records, index_.records);
  }

  Result<void> read_events(const Tail& tail, PlainEvents& came) {
    came.dimensions.resize(schema_.event_dimensions.size());
    came.measures.resize(schema_.order_measures.size());
    Codes sources(dictionaries_.event[kSource]), campaigns(dictionaries_.event[kCampaign]);
    std::unordered_map<std::string, Kind> kinds;
    for (std::size_t k = schema_.kinds.size(); k-- > kNamedKinds;) kinds[schema_.kinds[k]] = static_cast<Kind>(k);
    return now_.events_in(tail.events, [&](const EventRecord& e, IdentityRef who, Seq seq) -> Result<void> {
      if (who.space == IdentitySpace::kNone) return {};
      ++out_.rows;
      Kind kind = kNamelessKind;
      if (!e.kind.empty()) {
        const auto [at, is_new] = kinds.emplace(std::string(e.kind), static_cast<Kind>(schema_.kinds.size()));
        if (is_new && schema_.kinds.size() < kKindsMax) {
          schema_.kinds.emplace_back(e.kind);
        } else if (is_new) {
          at->second = kNamelessKind;
        }
        kind = at->second;
      }
      came.customer.push_back(index_.find_or_add(who));
      came.at_ms.push_back(e.at.at.ms);
      came.seq.push_back(seq);
      came.kind.push_back(kind);
      came.date_only.push_back(e.at.date_only);
      came.gross_minor.push_back(0);
      for (auto& codes : came.dimensions) codes.push_back(0);
      came.dimensions[kSource].back() = sources.code(e.source);
      came.dimensions[kCampaign].back() = campaigns.code(e.campaign);
      for (auto& amounts : came.measures) amounts.push_back(0);
      return {};
    });
  }

  // Whole histories of all who are touched: what they were, with what was derived anew in its place, and what came.
  Result<void> put(const PlainEvents& came) {
    std::set<std::uint32_t> touched = anew_;
    touched.insert(came.customer.begin(), came.customer.end());
    HistoryCopy copy(before_->scale, before_->schema);
    for (const std::uint32_t number : touched) {
      const auto view = number < known_customers_ ? find_customer(*before_, number) : std::nullopt;
      view ? copy.add(*view) : copy.add(number);
    }
    for (std::size_t row = 0; row < copy.events.size(); ++row) {
      const auto owner = owner_of_.find(copy.events.seq[row]);
      if (owner != owner_of_.end()) copy.events.customer[row] = owner->second;
    }
    PlainEvents events = kept_rows(copy.events, [&](std::size_t row) {
      if (copy.events.kind[row] <= kUndonePurchase) return !anew_.contains(copy.events.customer[row]);
      return !events_gone_.contains(copy.events.seq[row]);
    });
    append(events, anew_events_);
    append(events, came);
    there_.insert(events.customer.begin(), events.customer.end());
    TRY(add_subscribers(copy));
    PlainCustomers& customers = copy.customers;
    for (std::size_t at = 0, i = 0; at < customers.number.size(); ++at) {
      if (!anew_.contains(customers.number[at])) continue;
      while (i < anew_customers_.number.size() && anew_customers_.number[i] < customers.number[at]) ++i;
      const bool derived = i < anew_customers_.number.size() && anew_customers_.number[i] == customers.number[at];
      for (std::size_t k = 0; k < customers.dimensions.size(); ++k) {
        customers.dimensions[k][at] = derived ? anew_customers_.dimensions[k][i] : 0;
      }
    }
    const std::vector<std::uint32_t> gone = take_out_the_gone(customers);
    if (schema_ != before_->schema) TRY(live_.extend(schema_));
    TRY(live_.replace(customers, events, now_.revision(), gone));
    out_.customers = touched.size();
    return {};
  }

  // Of whom nothing else is said may have a subscription: then they are somebody.
  Result<void> add_subscribers(HistoryCopy& copy) {
    if (new_.empty() && std::ranges::includes(there_, anew_)) return {};
    TRY_ASSIGN(const auto subscriptions, now_.subscriptions());
    for (const auto& s : subscriptions) {
      if (!s.start) continue;
      const std::uint32_t next = index_.customers();
      const auto number = number_of({s.customer_space, s.customer});
      if (!number) continue;
      there_.insert(*number);
      if (*number == next) copy.add(next);
    }
    return {};
  }

  // Whoever was touched and is nobody now.
  std::vector<std::uint32_t> take_out_the_gone(PlainCustomers& customers) const {
    std::vector<std::uint32_t> gone;
    PlainCustomers out;
    out.dimensions.resize(customers.dimensions.size());
    for (std::size_t i = 0; i < customers.number.size(); ++i) {
      if (anew_.contains(customers.number[i]) && !there_.contains(customers.number[i])) {
        gone.push_back(customers.number[i]);
        continue;
      }
      out.number.push_back(customers.number[i]);
      out.identity.push_back(customers.identity[i]);
      for (std::size_t k = 0; k < out.dimensions.size(); ++k) out.dimensions[k].push_back(customers.dimensions[k][i]);
    }
    if (gone.empty()) return gone;
    out.count = static_cast<std::uint32_t>(out.number.size());
    if (out.count > 0) out.first = out.number.front();
    customers = std::move(out);
    return gone;
  }

  static constexpr std::uint32_t kNobody = 0xffff'ffff;

  LiveTimeline& live_;
  const std::shared_ptr<const Timeline> before_;
  Dictionaries& dictionaries_;
  StatementIndex& index_;
  const ledger::Snapshot& now_;
  const std::uint32_t window_days_;
  Schema schema_;
  const std::uint32_t known_customers_;
  Replayed out_;

  std::set<std::uint32_t> names_;
  std::set<Seq> fresh_orders_, orders_, refunds_, records_;
  std::set<std::uint32_t> anew_;                  // customers whose orders and descriptions are derived anew
  std::set<ledger::Snapshot::CustomerName> new_;  // likewise, of whom nothing was known
  std::set<std::uint32_t> there_;                 // of those, who are somebody now
  std::set<Seq> events_gone_;
  std::vector<Seq> moved_;                           // events of those who were merged or parted, ascending
  std::unordered_map<Seq, std::uint32_t> owner_of_;  // whose those are now
  SomeStatements all_;
  PlainCustomers anew_customers_{};
  PlainEvents anew_events_{};
};

}  // namespace

Result<std::variant<Replayed, NotKept>> replay_tail(LiveTimeline& live, Dictionaries& dictionaries,
                                                    StatementIndex& index, const LedgerState& then,
                                                    const ledger::Snapshot& now, std::uint32_t window_days) {
  TRY_ASSIGN(const auto found, tail_since(then, now));
  if (const NotKept* const why = std::get_if<NotKept>(&found)) return *why;
  auto replayed = Replay(live, dictionaries, index, now, window_days).run(std::get<Tail>(found));
  // Off the scale, or a number too great for a segment: all is derived anew, and says what is wrong if it is still.
  if (!replayed && replayed.error().code == Errc::kOutOfRange) return NotKept::kOffScale;
  return replayed;
}

}  // namespace behoud::timeline
