#include "timeline/kept/follow.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "timeline/internal/bounds.h"
#include "timeline/kept/splice.h"
#include "timeline/kept/touched.h"

namespace behoud::timeline {
namespace {

using calendar::Day;
using ledger::EventRecord;
using ledger::IdentityRef;
using ledger::IdentitySpace;
using ledger::Seq;
using Outcome = std::variant<Followed, NotKept>;

constexpr std::uint32_t kNone = Splice::kNobody;
constexpr std::uint64_t kNever = ~std::uint64_t{0};

struct TracedAct {
  Act act;
  std::uint32_t seq = 0;
};

// The rows of one customer in something that ascends by customer.
template <class Acts>
auto of_customer(const Acts& acts, std::uint32_t customer) {
  return std::ranges::equal_range(acts, customer, {}, &Act::customer);
}

// `acts` of those who were taken over, and those of the others, in the order of the histories.
std::vector<Act> merged(const std::vector<Act>& acts, const Splice& splice, std::vector<Act> others) {
  std::ranges::sort(others);
  std::vector<Act> out;
  out.reserve(acts.size() + others.size());
  auto next = others.begin();
  for (Act act : acts) {
    act.customer = splice.of_then(act.customer);
    if (act.customer == kNone) continue;
    for (; next != others.end() && next->customer < act.customer; ++next) out.push_back(*next);
    out.push_back(act);
  }
  out.insert(out.end(), next, others.end());
  return out;
}

// Calls keep(element) of those whose seqs are not in `gone`; both ascend.
template <class List, class Keep>
void for_those_left(const List& list, const std::set<Seq>& gone, const Keep& keep) {
  auto next = gone.begin();
  for (const auto& element : list) {
    while (next != gone.end() && *next < element.seq) ++next;
    if (next == gone.end() || *next != element.seq) keep(element);
  }
}

class Following {
 public:
  Following(const Histories& then, Footing& footing, const ledger::Snapshot& now)
      : then_(then),
        footing_(footing),
        trace_(footing.trace),
        now_(now),
        customer_of_(footing.index.customers(), kNone),
        touched_(footing.index, now, known()) {
    for (std::uint32_t c = 0; c < then.customers(); ++c) customer_of_[footing.numbers[c]] = c;
  }

  Result<Outcome> run(const Tail& tail) && {
    TRY_ASSIGN(const auto why, touched_.read(tail));
    if (why) return *why;
    SomeStatements only = touched_.statements();
    only.subscriptions_and_costs = true;
    Statements statements;
    RebuildOptions options;
    options.only = &only;
    options.statements = &statements;
    options.trace = &anew_trace_;
    TRY_ASSIGN(anew_, rebuild(now_, options));
    if (!statements.fits || !anew_trace_.fits) return NotKept::kLong;
    anew_numbers_ = touched_.take(anew_.histories, statements);
    TRY_ASSIGN(owner_of_, touched_.owners_of_moved_events());
    kinds_ = then_.kinds;
    TRY(read_events(tail));
    gather_people();

    trace_out_.magnitude = trace_.magnitude + anew_trace_.magnitude;
    if (!fits(trace_out_.magnitude)) return NotKept::kOffScale;  // may be: all together they may fit still
    const Splice splice = spliced();
    Histories& h = out_.rebuilt.histories;
    sum_up(h, splice);
    splice.fill(h, trace_out_, !trace_out_.unconverted.empty());
    if (!tail.orders_gone.empty() && (h.orders() == 0 || any_all_zero(h))) return NotKept::kUnstated;
    lay_acts(h, splice);
    if (!touched_.events_gone().empty()) number_kinds_anew(h);
    h.kinds = std::move(kinds_);
    if (!take_subscriptions_and_costs(h, splice)) return NotKept::kSubscriptions;
    find_edges(h);
    h.zone = then_.zone;
    h.currency = then_.currency;
    h.margin_rate_millionth = now_.settings().margin_rate_millionth;
    h.revision = now_.revision();
    h.is_sample = now_.sample();
    out_.rebuilt.unused = std::move(anew_.unused);
    out_.replayed.rows += touched_.rows();
    out_.replayed.customers = people_.size();
    out_.replayed.statements = touched_.statements_read();
    footing_.numbers = splice.laid(footing_.numbers, piece_numbers_);
    footing_.trace = std::move(trace_out_);
    footing_.at = state_of(now_);
    return std::move(out_);
  }

 private:
  // One who was touched.
  struct Person {
    std::uint32_t then = kNone, anew = kNone;  // customers
    bool replaced = false;                     // by what was derived anew, be it nothing
    std::vector<TracedAct> events;             // all
    std::size_t fresh = 0;                     // from this one on they came with the tail
    std::uint32_t place = kNone;               // in the new histories
  };

  KnownOfCustomers known() const {
    return {.orders =
                [this](std::uint32_t number, const auto& visit) {
                  const std::uint32_t c = customer_of_[number];
                  if (c == kNone) return;
                  for (std::size_t i = then_.order_begin[c]; i < then_.order_begin[c + 1]; ++i) {
                    visit(trace_.order_seq[i]);
                  }
                },
            .events =
                [this](std::uint32_t number, const auto& visit) {
                  if (customer_of_[number] == kNone) return;
                  for_events_of(customer_of_[number], [&](const Act&, std::uint32_t seq) { visit(seq); });
                },
            .rows = then_.orders() + then_.events.size()};
  }

  template <class Visit>
  void for_events_of(std::uint32_t customer, const Visit& visit) const {
    const auto acts = of_customer(then_.events, customer);
    auto seq = trace_.event_seq.begin() + (acts.begin() - then_.events.begin());
    for (const Act& act : acts) visit(act, *seq++);
  }

  std::uint32_t customer_then(std::uint32_t number) const {
    return number < customer_of_.size() ? customer_of_[number] : kNone;
  }

  // Adds whoever events speak of to the index.
  Result<void> read_events(const Tail& tail) {
    std::unordered_map<std::string, Code> codes;
    for (Code code = 0; code < kinds_.size(); ++code) codes.emplace(kinds_[code], code);
    return now_.events_in(tail.events, [&](const EventRecord& e, IdentityRef who, Seq seq) -> Result<void> {
      if (who.space == IdentitySpace::kNone) return {};
      ++out_.replayed.rows;
      const auto [kind, is_new] = codes.emplace(std::string(e.kind), static_cast<Code>(kinds_.size()));
      if (is_new) kinds_.by_code.emplace_back(e.kind);
      const std::uint32_t number = footing_.index.find_or_add(who);
      const Act act{.customer = number, .day = then_.zone.day_of(e.at), .kind = kind->second};
      came_.push_back({act, static_cast<std::uint32_t>(seq)});
      people_.try_emplace(number);
      return {};
    });
  }

  void gather_people() {
    for (const std::uint32_t number : touched_.anew()) people_[number].replaced = true;
    for (auto& [number, person] : people_) person.then = customer_then(number);
    for (std::uint32_t c = 0; c < anew_numbers_.size(); ++c) {
      if (anew_numbers_[c] != Touched::kNobody) people_.at(anew_numbers_[c]).anew = c;
    }
    // Nobody is added any more: whoever an event is of now was touched.
    for (auto& [number, person] : people_) {
      if (person.then == kNone) continue;
      for_events_of(person.then, [&](const Act& act, std::uint32_t seq) {
        if (touched_.events_gone().contains(seq)) return;
        const auto owner = owner_of_.find(seq);
        people_.at(owner != owner_of_.end() ? owner->second : number).events.push_back({act, seq});
      });
    }
    for (auto& [number, person] : people_) person.fresh = person.events.size();
    for (const TracedAct& came : came_) people_.at(came.act.customer).events.push_back(came);
  }

  // Where and as what a person appears; kNever: they are nobody.
  std::uint64_t appearance(const Person& person) const {
    std::uint64_t out = kNever;
    if (person.replaced && person.anew != kNone) out = anew_trace_.appeared[person.anew];
    if (!person.replaced && person.then != kNone) out = trace_.appeared[person.then];
    for (const TracedAct& event : person.events) {
      out = std::min(out, Trace::appearance(Trace::Turn::kEvent, event.seq));
    }
    return out;
  }

  Splice spliced() {
    std::vector<std::pair<std::uint64_t, std::uint32_t>> somebody;
    for (const auto& [number, person] : people_) {
      if (person.then != kNone) left_.push_back(person.then);
      if (const std::uint64_t at = appearance(person); at != kNever) somebody.emplace_back(at, number);
    }
    std::ranges::sort(somebody);
    std::ranges::sort(left_);
    std::vector<Splice::Piece> pieces;
    for (const auto& [at, number] : somebody) {
      const Person& person = people_.at(number);
      Splice::Piece& piece = pieces.emplace_back();
      piece.appeared = at;
      piece.customer = person.replaced ? person.anew : person.then;
      piece.from = piece.customer == kNone ? Splice::From::kNothing
                   : person.replaced       ? Splice::From::kAnew
                                           : Splice::From::kThen;
      if (piece.from == Splice::From::kNothing) {
        const IdentityRef who = footing_.index.identity(number);
        piece.space = who.space;
        piece.key = std::string(who.value);
      }
      piece_numbers_.push_back(number);
    }
    Splice splice({then_, trace_}, {anew_.histories, anew_trace_}, std::move(pieces), left_);
    for (std::size_t p = 0; p < piece_numbers_.size(); ++p) people_.at(piece_numbers_[p]).place = splice.of_piece(p);
    return splice;
  }

  // A customer's place by the number in the index.
  std::uint32_t place_of(std::uint32_t number, const Splice& splice) const {
    if (const auto person = people_.find(number); person != people_.end()) return person->second.place;
    const std::uint32_t then = customer_then(number);
    return then == kNone ? kNone : splice.of_then(then);
  }

  // What the histories have only the sums of, one by one; and the sums.
  void sum_up(Histories& h, const Splice& splice) {
    std::map<Trace::Why, std::uint32_t> whys;
    const auto why_of = [&](const Trace::Why& why) {
      const auto [at, is_new] = whys.try_emplace(why, static_cast<std::uint32_t>(trace_out_.whys.size()));
      if (is_new) trace_out_.whys.push_back(why);
      return at->second;
    };
    const auto by_seq = [](auto& list, std::size_t middle) {
      std::ranges::inplace_merge(list, list.begin() + static_cast<std::ptrdiff_t>(middle), {},
                                 [](const auto& one) { return one.seq; });
    };
    auto& left_out = trace_out_.left_out;
    for_those_left(trace_.left_out, touched_.orders(), [&](Trace::LeftOutOrder o) {
      o.why = why_of(trace_.whys[o.why]);
      left_out.push_back(o);
    });
    std::size_t middle = left_out.size();
    for (Trace::LeftOutOrder o : anew_trace_.left_out) {
      o.why = why_of(anew_trace_.whys[o.why]);
      left_out.push_back(o);
    }
    by_seq(left_out, middle);
    auto& unconverted = trace_out_.unconverted;
    for_those_left(trace_.unconverted, touched_.orders(), [&](const auto& o) { unconverted.push_back(o); });
    middle = unconverted.size();
    unconverted.insert(unconverted.end(), anew_trace_.unconverted.begin(), anew_trace_.unconverted.end());
    by_seq(unconverted, middle);
    auto& unmatched = trace_out_.unmatched_refunds;
    for (Trace::UnmatchedRefund refund : trace_.unmatched_refunds) {
      if (refund.customer == Trace::kOfNobody) {
        if (touched_.orders().contains(refund.seq) || touched_.refunds().contains(refund.seq)) continue;
      } else {
        refund.customer = replaced(refund.customer) ? kNone : splice_place(refund.customer, splice);
        if (refund.customer == kNone) continue;
      }
      unmatched.push_back(refund);
    }
    for (Trace::UnmatchedRefund refund : anew_trace_.unmatched_refunds) {
      if (refund.customer != Trace::kOfNobody) {
        const std::uint32_t number = anew_numbers_[refund.customer];
        if (number == Touched::kNobody) continue;  // theirs stand as they did
        refund.customer = place_of(number, splice);
      }
      unmatched.push_back(refund);
    }

    struct Sum {
      std::uint64_t orders = 0;
      __int128 gross = 0;
    };
    const auto add = [](Sum& to, std::int64_t gross) {
      ++to.orders;
      to.gross += gross;
    };
    std::vector<Sum> by_why(trace_out_.whys.size());
    for (const Trace::LeftOutOrder& o : left_out) add(by_why[o.why], o.gross_minor);
    for (const auto& [why, number] : whys) {
      const Sum& sum = by_why[number];
      if (sum.orders == 0) continue;
      h.left_out.push_back({why.reason, why.detail, sum.orders, static_cast<std::int64_t>(sum.gross)});
    }
    std::map<std::string, std::pair<money::Currency, Sum>> by_currency;
    for (const Trace::UnconvertedOrder& o : unconverted) {
      const money::Currency currency = money::Currency::from_packed(o.currency);
      auto& [which, sum] = by_currency[std::string(currency.code())];
      which = currency;
      add(sum, o.gross_minor);
    }
    for (const auto& [code, some] : by_currency) {
      h.unconverted.push_back({some.first, some.second.orders, static_cast<std::int64_t>(some.second.gross)});
    }
    __int128 minor = 0;
    for (const Trace::UnmatchedRefund& refund : unmatched) minor += refund.minor;
    h.unmatched_refunds = unmatched.size();
    h.unmatched_refunds_minor = fits(minor) ? static_cast<std::int64_t>(minor) : 0;
  }

  bool replaced(std::uint32_t then) const {
    const auto person = people_.find(footing_.numbers[then]);
    return person != people_.end() && person->second.replaced;
  }
  std::uint32_t splice_place(std::uint32_t then, const Splice& splice) const {
    return place_of(footing_.numbers[then], splice);
  }

  // What an import stated that was taken back may be stated by nobody else now.
  static bool any_all_zero(const Histories& h) {
    const auto all_zero = [](const auto& column) {
      return !column.empty() && std::ranges::all_of(column, [](auto value) { return value == 0; });
    };
    return all_zero(h.tax_minor) || all_zero(h.shipping_minor) || all_zero(h.discount_minor) ||
           all_zero(h.units_milli) || all_zero(h.item_cost_minor) || all_zero(h.item) || all_zero(h.coupon) ||
           all_zero(h.source) || all_zero(h.country);
  }

  void lay_acts(Histories& h, const Splice& splice) {
    std::vector<Act> joined, parted;
    std::vector<TracedAct> events;
    const auto take = [](std::vector<Act>& to, const auto& acts, std::uint32_t place) {
      for (Act act : acts) {
        act.customer = place;
        to.push_back(act);
      }
    };
    for (const auto& [number, person] : people_) {
      if (person.place == kNone) continue;
      std::size_t first = person.fresh;
      if (person.replaced) {
        first = 0;  // only what records say is in what was derived anew
        if (person.anew != kNone) {
          take(joined, of_customer(anew_.histories.relation_joined, person.anew), person.place);
          take(parted, of_customer(anew_.histories.relation_left, person.anew), person.place);
        }
      } else if (person.then != kNone) {
        take(joined, of_customer(then_.relation_joined, person.then), person.place);
        take(parted, of_customer(then_.relation_left, person.then), person.place);
      }
      for (std::size_t i = 0; i < person.events.size(); ++i) {
        TracedAct event = person.events[i];
        event.act.customer = person.place;
        events.push_back(event);
        if (i < first) continue;
        const Act act{.customer = person.place, .day = event.act.day, .kind = 0};
        if (is_joining(kinds_[event.act.kind])) joined.push_back(act);
        if (is_leaving(kinds_[event.act.kind])) parted.push_back(act);
      }
    }
    h.relation_joined = merged(then_.relation_joined, splice, std::move(joined));
    h.relation_left = merged(then_.relation_left, splice, std::move(parted));
    std::ranges::sort(events, {}, [](const TracedAct& e) { return std::tuple(e.act, e.seq); });
    h.events.reserve(then_.events.size() + events.size());
    trace_out_.event_seq.reserve(then_.events.size() + events.size());
    const auto put = [&](const Act& act, std::uint32_t seq) {
      h.events.push_back(act);
      trace_out_.event_seq.push_back(seq);
    };
    auto next = events.begin();
    for (std::size_t i = 0; i < then_.events.size(); ++i) {
      Act act = then_.events[i];
      act.customer = splice.of_then(act.customer);
      if (act.customer == kNone) continue;
      for (; next != events.end() && next->act.customer < act.customer; ++next) put(next->act, next->seq);
      put(act, trace_.event_seq[i]);
    }
    for (; next != events.end(); ++next) put(next->act, next->seq);
  }

  // Kinds are numbered by the first event of each: some are gone.
  void number_kinds_anew(Histories& h) {
    std::vector<std::uint64_t> first(kinds_.size(), kNever);
    for (std::size_t i = 0; i < h.events.size(); ++i) {
      std::uint64_t& seq = first[h.events[i].kind];
      seq = std::min<std::uint64_t>(seq, trace_out_.event_seq[i]);
    }
    std::vector<Code> order;
    for (Code code = 1; code < first.size(); ++code) {
      if (first[code] != kNever) order.push_back(code);
    }
    std::ranges::sort(order, {}, [&first](Code code) { return first[code]; });
    Texts kinds;
    std::vector<Code> now(first.size());
    for (const Code code : order) {
      now[code] = static_cast<Code>(kinds.size());
      kinds.by_code.push_back(std::move(kinds_.by_code[code]));
    }
    kinds_ = std::move(kinds);
    std::vector<TracedAct> events(h.events.size());
    for (std::size_t i = 0; i < events.size(); ++i) {
      events[i] = {h.events[i], trace_out_.event_seq[i]};
      events[i].act.kind = now[events[i].act.kind];
    }
    std::ranges::sort(events, {}, [](const TracedAct& e) { return std::tuple(e.act, e.seq); });
    for (std::size_t i = 0; i < events.size(); ++i) {
      h.events[i] = events[i].act;
      trace_out_.event_seq[i] = events[i].seq;
    }
  }

  // Whether all customers of subscriptions are known, as they are unless the ledger contradicts itself.
  bool take_subscriptions_and_costs(Histories& h, const Splice& splice) {
    h.subscriptions = std::move(anew_.histories.subscriptions);
    for (Subscription& s : h.subscriptions) {
      const std::uint32_t c = s.customer;
      const auto number = footing_.index.find({anew_.histories.customer_space[c], anew_.histories.customer_key[c]});
      s.customer = number ? place_of(*number, splice) : kNone;
      if (s.customer == kNone) return false;
    }
    std::ranges::stable_sort(h.subscriptions, {}, [](const Subscription& s) { return std::pair(s.customer, s.start); });
    h.costs = std::move(anew_.histories.costs);
    return true;
  }

  void find_edges(Histories& h) const {
    const auto reach = [&h](Day day) {
      h.first_order_day = std::min(h.first_order_day.value_or(day), day);
      h.last_order_day = std::max(h.last_order_day.value_or(day), day);
    };
    for (std::size_t c = 0; c < h.customers(); ++c) {
      if (h.order_begin[c] == h.order_begin[c + 1]) continue;
      reach(h.order_day[h.order_begin[c]]);
      reach(h.order_day[h.order_begin[c + 1] - 1]);
    }
    for (const Trace::LeftOutOrder& o : trace_out_.left_out) {
      if (o.day != Trace::kNoDay) reach(Day{o.day});
    }
  }

  const Histories& then_;
  Footing& footing_;
  const Trace& trace_;
  const ledger::Snapshot& now_;
  std::vector<std::uint32_t> customer_of_;  // by the number in the index before the tail
  Touched touched_;
  Rebuilt anew_;  // from the touched statements alone; with all subscriptions and costs
  Trace anew_trace_;
  std::vector<std::uint32_t> anew_numbers_;
  std::unordered_map<Seq, std::uint32_t> owner_of_;
  Texts kinds_;
  std::vector<TracedAct> came_;  // customers by their numbers in the index
  std::map<std::uint32_t, Person> people_;
  std::vector<std::uint32_t> left_, piece_numbers_;
  Followed out_;
  Trace trace_out_;
};

}  // namespace

Result<Founded> rebuild_to_follow(const ledger::Snapshot& snapshot, RebuildOptions options) {
  Founded out;
  Footing footing;
  Statements statements;
  options.statements = &statements;
  options.trace = &footing.trace;
  TRY_ASSIGN(out.rebuilt, rebuild(snapshot, options));
  if (!statements.fits || !footing.trace.fits) return out;
  footing.index = StatementIndex(std::move(statements), out.rebuilt.histories);
  footing.at = state_of(snapshot);
  footing.numbers.resize(out.rebuilt.histories.customers());
  std::iota(footing.numbers.begin(), footing.numbers.end(), 0U);
  out.footing = std::move(footing);
  return out;
}

Result<std::variant<Followed, NotKept>> follow(const Histories& then, Footing& footing, const ledger::Snapshot& now) {
  // The window plays no part in histories.
  LedgerState at = footing.at;
  at.window_days = state_of(now).window_days;
  TRY_ASSIGN(const auto found, tail_since(at, now));
  if (const NotKept* const why = std::get_if<NotKept>(&found)) return *why;
  auto followed = Following(then, footing, now).run(std::get<Tail>(found));
  // Some text or sum is beyond a bound: all is rebuilt, and says what is wrong if it is still.
  if (!followed && followed.error().code == Errc::kOutOfRange) return NotKept::kOffScale;
  return followed;
}

}  // namespace behoud::timeline
