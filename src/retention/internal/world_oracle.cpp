#include "retention/internal/world_oracle.h"

namespace behoud::retention::oracle {

World::World(const Histories& h, const ShopSettings& s, const Question& q, std::optional<Day> seen_until)
    : h_(h), q_(q), seen_until_(seen_until) {
  w_ = q.window_days.value_or(s.window_days);
  // as_of: the start of the day after the last order; the days seen are those before `cut`.
  if (q.as_of) {
    as_of_ = *q.as_of;
  } else {
    std::optional<Day> last = h.last_order_day;
    const auto see = [&](Day d) { last = std::max(last.value_or(d), d); };
    if (!last) {
      for (const auto& act : h.relation_joined) see(act.day);
      for (const auto& act : h.relation_left) see(act.day);
      for (const auto& act : h.events) see(act.day);
      for (const auto& sub : h.subscriptions) see(sub.end.value_or(sub.start));
    }
    anything_ = last.has_value();
    as_of_ = h.zone.first_instant(last ? *last + 1 : Day{0});
  }
  const Day today = h.zone.day_of(as_of_);
  const bool day_begins = h.zone.first_instant(today) == as_of_;
  cut_ = day_begins ? today : today + 1;

  for (std::uint32_t c = 0; c < h.customers(); ++c) {
    Person person;
    person.index = c;
    for (std::uint32_t i = h.order_begin[c]; i < h.order_begin[c + 1]; ++i) {
      const bool date_only = !h.date_only.empty() && h.date_only[i];
      const bool happened =
          h.order_day[i] < today || (h.order_day[i] == today && !day_begins && (date_only || h.order_at[i] < as_of_));
      if (!happened) continue;
      std::int64_t refunded = 0;
      bool counts = true;
      for (const auto& step : h.steps) {
        if (step.order != i) continue;
        if (step.at_ms != timeline::kUnknownInstant && step.at_ms >= as_of_.ms) continue;
        refunded = step.refunded_minor;
        counts = step.counts;
      }
      if (!counts) continue;
      Purchase p;
      p.day = h.order_day[i];
      p.gross = h.gross_minor[i];
      p.revenue = p.gross - refunded;
      if (!h.units_milli.empty()) p.units_milli = h.units_milli[i];
      if (!h.item_cost_minor.empty()) {
        p.cost = h.item_cost_minor[i];
        p.costed_revenue = h.costed_gross_minor[i] == p.gross
                               ? p.revenue
                               : (p.gross == 0 ? 0 : rounded(p.revenue, h.costed_gross_minor[i], p.gross));
      }
      if (!h.source.empty()) p.source = h.sources[h.source[i]];
      if (!h.country.empty()) p.country = h.countries[h.country[i]];
      if (!h.item.empty()) p.item = h.items[h.item[i]];
      if (!h.coupon.empty()) p.coupon = h.coupons[h.coupon[i]];
      person.purchases.push_back(p);
    }
    people_.push_back(person);
  }
  if (h.first_order_day && *h.first_order_day < cut_) history_start_ = h.first_order_day;
  for (Person& p : people_) {
    if (!history_start_) continue;
    const auto known = h.known_since[p.index];
    if (known && *known < *history_start_) p.known_since = known;
    p.ordered_before_history = p.known_since.has_value() || h.orders_before[p.index] > 0;
  }
}

bool World::active(const Person& p, Day t) const {
  switch (q_.basis) {
    case Basis::kOrders:
      for (const Purchase& o : p.purchases) {
        if (t - w_ <= o.day && o.day < t) return true;
      }
      return false;
    case Basis::kSubscriptions:
      for (const Subscription* s : subscriptions(p)) {
        if (paid(*s) && paid_start(*s) < t && !(s->end && *s->end < t)) return true;
      }
      return false;
    case Basis::kRelation: {
      std::optional<Day> joined;
      for (const auto& act : h_.relation_joined) {
        if (act.customer == p.index && act.day < t && act.day < cut_)
          joined = std::max(joined.value_or(act.day), act.day);
      }
      if (!joined) return false;
      for (const auto& act : h_.relation_left) {
        if (act.customer == p.index && act.day < t && act.day >= *joined) return false;
      }
      return true;
    }
    case Basis::kEvents:
      for (const Day d : event_days(p)) {
        if (t - w_ <= d && d < t) return true;
      }
      return false;
  }
  return false;
}

bool World::since_before(const Person& p, Day t) const {
  if (q_.basis == Basis::kOrders && p.ordered_before_history && !p.known_since) return true;
  const auto since = since_day(p);
  return since && *since < t;
}

std::optional<Day> World::since_day(const Person& p) const {
  std::optional<Day> since;
  const auto see = [&](Day d) { since = std::min(since.value_or(d), d); };
  switch (q_.basis) {
    case Basis::kOrders:
      if (p.known_since) return p.known_since;
      if (p.ordered_before_history) return std::nullopt;  // on no known day
      if (!p.purchases.empty()) see(p.purchases.front().day);
      break;
    case Basis::kSubscriptions:
      for (const Subscription* s : subscriptions(p)) {
        if (paid(*s) && paid_start(*s) < cut_) see(paid_start(*s));
      }
      break;
    case Basis::kRelation:
      for (const auto& act : h_.relation_joined) {
        if (act.customer == p.index && act.day < cut_) see(act.day);
      }
      break;
    case Basis::kEvents:
      for (const Day d : event_days(p)) see(d);
      break;
  }
  return since;
}

bool World::had_ordered_before(const Person& p, Day a) const {
  if (p.known_since) return *p.known_since < a;
  if (p.ordered_before_history) return true;
  return !p.purchases.empty() && p.purchases.front().day < a;
}

std::vector<const Purchase*> World::purchases_in(const Person& p, Day a, Day b) const {
  std::vector<const Purchase*> in;
  for (const Purchase& o : p.purchases) {
    if (a <= o.day && o.day < b) in.push_back(&o);
  }
  return in;
}

std::string World::part(const Person& p) const {
  if (p.purchases.empty()) return "";
  const Purchase& first = p.purchases.front();
  switch (q_.split) {
    case Split::kSource:
      return first.source;
    case Split::kCountry:
      return first.country;
    case Split::kItem:
      return first.item;
    case Split::kCoupon:
      return first.coupon;
    case Split::kNone:
      break;
  }
  return "";
}

std::set<std::string> World::parts() const {
  std::set<std::string> all{""};
  for (const Person& p : people_) all.insert(part(p));
  return all;
}

std::vector<const Subscription*> World::subscriptions(const Person& p) const {
  std::vector<const Subscription*> own;
  for (const Subscription& s : h_.subscriptions) {
    if (s.customer == p.index) own.push_back(&s);
  }
  return own;
}

bool World::paused(const Subscription& s, Day t) {
  for (const auto& [from, to] : s.pauses) {
    if (from < t && !(to && *to < t)) return true;
  }
  return false;
}

bool World::in_trial(const Person& p, Day t) const {
  for (const Subscription* s : subscriptions(p)) {
    if (s->trial_end && s->start < t && !(*s->trial_end < t) && !(s->end && *s->end < t)) return true;
  }
  return false;
}

double World::recurring(const Person& p, Day t) const {
  double sum = 0;
  for (const Subscription* s : subscriptions(p)) {
    if (!paid(*s) || !(paid_start(*s) < t) || (s->end && *s->end < t) || paused(*s, t)) continue;
    const auto amount = static_cast<double>(s->amount_minor);
    if (s->interval_months > 0) {
      sum += amount * 12 / s->interval_months;
    } else if (s->interval_days > 0) {
      sum += amount * 365.25 / s->interval_days;
    }
  }
  return sum;
}

std::vector<Day> World::event_days(const Person& p) const {
  std::vector<Day> days;
  for (const auto& act : h_.events) {
    const bool chosen =
        q_.kinds.empty() || std::count(q_.kinds.begin(), q_.kinds.end(), std::string(h_.kinds[act.kind])) > 0;
    if (act.customer == p.index && act.day < cut_ && chosen) days.push_back(act.day);
  }
  return days;
}

std::optional<Day> World::first_known_day() const {
  std::optional<Day> first = history_start_;
  if (q_.basis == Basis::kOrders) return first;
  for (const Person& p : people_) {
    if (const auto since = since_day(p)) first = std::min(first.value_or(*since), *since);
  }
  return first;
}

std::vector<calendar::Period> World::periods() const {
  const auto first = first_known_day();
  if (!q_.from && !first) return {};
  const Day from = q_.from ? *q_.from : calendar::floor_to(q_.grain, *first, *first);
  Day to = from;
  if (q_.to) {
    to = *q_.to;
  } else {
    do {
      to = calendar::next(q_.grain, to, from);
    } while (to < cut_);
  }
  std::vector<calendar::Period> begun;
  const std::vector<calendar::Period> all = calendar::periods(q_.grain, from, to).value();
  for (const auto& p : all) {
    if (p.begin() < cut_) begun.push_back(p);
  }
  return begun;
}

std::optional<Day> World::left_edge() const {
  if (q_.basis == Basis::kOrders) return history_start_;
  if (q_.basis != Basis::kEvents) return std::nullopt;
  std::optional<Day> first;
  for (const Person& p : people_) {
    for (const Day d : event_days(p)) first = std::min(first.value_or(d), d);
  }
  return first;
}

bool World::whole_life() const {
  if (q_.basis != Basis::kOrders) return false;
  bool ordered = false;
  for (const Person& p : people_) {
    if (p.ordered_before_history) return false;
    if (p.purchases.empty()) continue;
    if (!h_.known_since[p.index]) return false;
    ordered = true;
  }
  return ordered;
}

bool World::edge_within(Day a, int windows) const {
  const auto edge = left_edge();
  return edge && !whole_life() && a < *edge + windows * w_;
}

bool World::told(const Person& p) const {
  return q_.basis == Basis::kOrders && (h_.known_since[p.index] || h_.orders_before[p.index] > 0);
}

Basics World::basics() const {
  return {as_of_, h_.revision, history_start_, w_, q_.basis, q_.grain, h_.zone.name(), h_.currency.code(), anything_};
}

PeriodHead World::head(const calendar::Period& p, const std::string& part) const {
  PeriodHead head;
  head.period_start = p.begin();
  head.period_end = p.end();
  head.complete = complete(p.end());
  if (!head.complete) head.evaluated_to = cut_;
  head.warming_up = edge_within(p.begin(), 1);
  head.new_at_most = edge_within(p.begin(), 4);
  // What the customer file tells of everybody who looks new is no "at most".
  std::uint64_t newcomers = 0, untold = 0;
  for (const Person& person : people_) {
    if (q_.split != Split::kNone && this->part(person) != part) continue;
    if (!became_in(person, p.begin(), read_to(p))) continue;
    ++newcomers;
    untold += !told(person);
  }
  if (newcomers > 0 && untold == 0) head.new_at_most = false;
  head.split = part;
  return head;
}

std::set<std::uint32_t> World::counted(std::string_view field, Day a, Day b,
                                       const std::optional<std::string>& of) const {
  const auto bought = [&](const Person& p) { return purchases_in(p, a, b).size(); };
  const auto holds = [&](const Person& p) {
    if (field == "customers_start") return active(p, a);
    if (field == "customers_end") return active(p, b);
    if (field == "new") return became_in(p, a, b) && active(p, b);
    if (field == "one_and_gone") return became_in(p, a, b) && !active(p, b);
    if (field == "reactivated") return since_before(p, a) && !active(p, a) && active(p, b);
    if (field == "retained" || field == "crr_strict") return active(p, a) && active(p, b);
    if (field == "lost" || field == "churn_rate") return active(p, a) && !active(p, b);
    if (field == "crr") return active(p, b) && !became_in(p, a, b);
    if (field == "buyers") return bought(p) >= 1;
    if (field == "repeat_rate") return bought(p) >= 2;
    if (field == "ordered_before") return had_ordered_before(p, a);
    if (field == "returning_rate") return had_ordered_before(p, a) && bought(p) >= 1;
    if (field == "returning_rate_active") return active(p, a) && bought(p) >= 1;
    if (field == "paused") {
      if (!active(p, b)) return false;
      for (const Subscription* s : subscriptions(p)) {
        const bool runs = paid(*s) && paid_start(*s) < b && !(s->end && *s->end < b);
        if (runs && !paused(*s, b)) return false;
      }
      return true;
    }
    if (field == "in_trial") return in_trial(p, b) && !active(p, b);
    if (field == "trials_ended" || field == "trial_converted") {
      for (const Subscription* s : subscriptions(p)) {
        if (!s->trial_end) continue;
        const Day over = s->end && *s->end < *s->trial_end ? *s->end : *s->trial_end;
        if (over >= a && over < b && (field == "trials_ended" || paid(*s))) return true;
      }
      return false;
    }
    return false;
  };
  return those(of, holds);
}

World::Sums World::sums(Day a, Day b, const std::optional<std::string>& of) const {
  Sums s;
  for (const Person& p : people_) {
    if (of && part(p) != *of) continue;
    for (const Purchase* o : purchases_in(p, a, b)) {
      ++s.orders;
      s.gross += o->gross;
      s.revenue += o->revenue;
      s.units_milli += o->units_milli;
      s.cost += o->cost;
      s.costed_revenue += o->costed_revenue;
    }
  }
  return s;
}

std::optional<std::int64_t> World::margin(std::int64_t revenue, std::int64_t costed, std::int64_t cost) const {
  if (h_.margin_rate_millionth) {
    return costed - cost + rounded(revenue - costed, *h_.margin_rate_millionth, 1'000'000);
  }
  if (h_.item_cost_minor.empty() || revenue != costed) return std::nullopt;
  return costed - cost;
}

std::int64_t rounded(__int128 a, __int128 b, __int128 c) {
  const __int128 product = a * b;
  const __int128 twice = 2 * (product < 0 ? -product : product) + (c < 0 ? -c : c);
  const __int128 magnitude = twice / (2 * (c < 0 ? -c : c));
  return static_cast<std::int64_t>((product < 0) != (c < 0) ? -magnitude : magnitude);
}

std::optional<double> divided(double n, double d) { return d == 0 ? std::nullopt : std::optional<double>(n / d); }

Day months_after(Day d, int months) {
  const auto date = calendar::ymd(d);
  const int index =
      static_cast<int>(date.year()) * 12 + static_cast<int>(static_cast<unsigned>(date.month())) - 1 + months;
  const int year = index / 12;
  const auto month = static_cast<unsigned>(index % 12 + 1);
  for (auto day_of_month = static_cast<unsigned>(date.day());; --day_of_month) {
    const std::chrono::year_month_day there{std::chrono::year{year}, std::chrono::month{month},
                                            std::chrono::day{day_of_month}};
    if (there.ok()) return calendar::civil(year, month, day_of_month);
  }
}

bool begun(const World& w, Day b, const std::string& part) {
  return !w.those(part, [&](const Person& p) { return !w.purchases_in(p, kLongAgo, b).empty(); }).empty();
}

}  // namespace behoud::retention::oracle
