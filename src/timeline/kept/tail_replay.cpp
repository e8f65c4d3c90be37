#include "timeline/kept/tail_replay.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "timeline/kept/history_copy.h"
#include "timeline/kept/touched.h"

namespace behoud::timeline {
namespace {

using ledger::EventRecord;
using ledger::IdentityRef;
using ledger::IdentitySpace;
using ledger::Seq;

constexpr std::size_t kKindsMax = 65'535;

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
        touched_(index, now, known(*before_)) {}

  Result<std::variant<Replayed, NotKept>> run(const Tail& tail) && {
    TRY_ASSIGN(const auto why, touched_.read(tail));
    if (why) return *why;
    out_.statements = touched_.statements_read();
    out_.rows = touched_.rows();
    TRY(derive_anew());
    PlainEvents came;
    TRY_ASSIGN(owner_of_, touched_.owners_of_moved_events());
    TRY(read_events(tail, came));
    TRY(put(came));
    return out_;
  }

 private:
  static KnownOfCustomers known(const Timeline& before) {
    const auto each = [&before](std::uint32_t number, bool orders, const KnownOfCustomers::Visit& visit) {
      const auto view = find_customer(before, number);
      for (std::uint32_t i = 0; view && i < view->events(); ++i) {
        if ((view->kind(i) <= kUndonePurchase) == orders) visit(view->seq(i));
      }
    };
    return {.orders = [each](std::uint32_t number, const auto& visit) { each(number, true, visit); },
            .events = [each](std::uint32_t number, const auto& visit) { each(number, false, visit); },
            .rows = before.events()};
  }

  Result<void> derive_anew() {
    // Orders of nobody are nobody's history, but the next file may say whose they are: they are remembered too.
    if (!touched_.anybody() && touched_.statements_read() == 0) return {};
    Statements statements;
    RebuildOptions options;
    options.only = &touched_.statements();
    options.statements = &statements;
    TRY_ASSIGN(const Derived derived, derive(now_, options, window_days_));
    const Histories& h = derived.rebuilt.histories;
    const Timeline& t = derived.laid_out.timeline;
    const std::vector<std::uint32_t> numbers = touched_.take(h, statements);
    std::map<std::uint32_t, std::uint32_t> of_number;
    for (std::uint32_t c = 0; c < h.customers(); ++c) {
      if (numbers[c] == kNobody) continue;
      of_number[numbers[c]] = c;
      there_.insert(numbers[c]);
    }
    HistoryCopy copy(t.scale, t.schema);
    for (const auto& [number, c] : of_number) copy.add(find_customer(t, c).value(), number);
    translate(copy.customers.dimensions, derived.laid_out.dictionaries.customer, dictionaries_.customer);
    translate(copy.events.dimensions, derived.laid_out.dictionaries.event, dictionaries_.event);
    anew_customers_ = std::move(copy.customers);
    anew_events_ = std::move(copy.events);
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

  // Of whom only events came, those go behind what there is. All others who are touched get a whole history: what it
  // was, with what was derived anew in its place, and what came.
  Result<void> put(const PlainEvents& came) {
    const auto goes_behind = [this, &came](std::size_t row) {
      const std::uint32_t number = came.customer[row];
      return number < touched_.known_customers() && !touched_.anew().contains(number);
    };
    const PlainEvents behind = kept_rows(came, goes_behind);
    const PlainEvents beside = kept_rows(came, [&](std::size_t row) { return !goes_behind(row); });
    std::set<std::uint32_t> touched = touched_.anew();
    touched.insert(beside.customer.begin(), beside.customer.end());
    HistoryCopy copy(before_->scale, before_->schema);
    for (const std::uint32_t number : touched) {
      const auto view = number < touched_.known_customers() ? find_customer(*before_, number) : std::nullopt;
      view ? copy.add(*view) : copy.add(number);
    }
    for (std::size_t row = 0; row < copy.events.size(); ++row) {
      const auto owner = owner_of_.find(copy.events.seq[row]);
      if (owner != owner_of_.end()) copy.events.customer[row] = owner->second;
    }
    PlainEvents events = kept_rows(copy.events, [&](std::size_t row) {
      if (copy.events.kind[row] <= kUndonePurchase) return !touched_.anew().contains(copy.events.customer[row]);
      return !touched_.events_gone().contains(copy.events.seq[row]);
    });
    append(events, anew_events_);
    append(events, beside);
    there_.insert(events.customer.begin(), events.customer.end());
    there_.insert(behind.customer.begin(), behind.customer.end());
    TRY(add_subscribers(copy));
    PlainCustomers& customers = copy.customers;
    for (std::size_t at = 0, i = 0; at < customers.number.size(); ++at) {
      if (!touched_.anew().contains(customers.number[at])) continue;
      while (i < anew_customers_.number.size() && anew_customers_.number[i] < customers.number[at]) ++i;
      const bool derived = i < anew_customers_.number.size() && anew_customers_.number[i] == customers.number[at];
      for (std::size_t k = 0; k < customers.dimensions.size(); ++k) {
        customers.dimensions[k][at] = derived ? anew_customers_.dimensions[k][i] : 0;
      }
    }
    const std::vector<std::uint32_t> gone = take_out_the_gone(customers);
    if (schema_ != before_->schema) TRY(live_.extend(schema_));
    TRY(live_.append(behind));
    TRY(live_.replace(customers, events, now_.revision(), gone));
    touched.insert(behind.customer.begin(), behind.customer.end());
    out_.customers = touched.size();
    return {};
  }

  // Of whom nothing else is said may have a subscription: then they are somebody.
  Result<void> add_subscribers(HistoryCopy& copy) {
    if (!touched_.anybody_unnumbered() && std::ranges::includes(there_, touched_.anew())) return {};
    TRY_ASSIGN(const auto subscriptions, now_.subscriptions());
    for (const auto& s : subscriptions) {
      if (!s.start) continue;
      const std::uint32_t next = index_.customers();
      const auto number = touched_.number_of({s.customer_space, s.customer});
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
      if (touched_.anew().contains(customers.number[i]) && !there_.contains(customers.number[i])) {
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

  static constexpr std::uint32_t kNobody = Touched::kNobody;

  LiveTimeline& live_;
  const std::shared_ptr<const Timeline> before_;
  Dictionaries& dictionaries_;
  StatementIndex& index_;
  const ledger::Snapshot& now_;
  const std::uint32_t window_days_;
  Schema schema_;
  Touched touched_;
  Replayed out_;

  std::set<std::uint32_t> there_;                    // of those, who are somebody now
  std::unordered_map<Seq, std::uint32_t> owner_of_;  // whose those are now
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
