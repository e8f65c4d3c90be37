#include <algorithm>
#include <cmath>
#include <map>

#include "retention/oracle.h"

namespace behoud::retention::oracle {
namespace {

using calendar::Day;
using calendar::Instant;
using timeline::Histories;
using timeline::Subscription;

// One counted order at as-of.
struct Purchase {
  Day day;
  std::int64_t gross = 0, revenue = 0, units_milli = 0, cost = 0, costed_revenue = 0;
  std::string source, country, item, coupon;
};

struct Person {
  std::uint32_t index = 0;
  std::vector<Purchase> purchases;  // by day
  bool ordered_before_history = false;
  std::optional<Day> known_since;
};

std::int64_t rounded(__int128 a, __int128 b, __int128 c) {  // a b / c, half away from zero
  const __int128 product = a * b;
  const __int128 twice = 2 * (product < 0 ? -product : product) + (c < 0 ? -c : c);
  const __int128 magnitude = twice / (2 * (c < 0 ? -c : c));
  return static_cast<std::int64_t>((product < 0) != (c < 0) ? -magnitude : magnitude);
}

class World {
 public:
  World(const Histories& h, const ShopSettings& s, const Question& q, std::optional<Day> seen_until = {})
      : h_(h), q_(q), seen_until_(seen_until) {
    w_ = q.window_days.value_or(s.window_days);
    // as_of: the start of the day after the last order; the days seen are those before `cut`.
    if (q.as_of) {
      as_of_ = *q.as_of;
    } else {
      std::optional<Day> last;
      const auto see = [&](Day d) { last = std::max(last.value_or(d), d); };
      for (const Day d : h.order_day) see(d);
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
    for (const Person& p : people_) {
      for (const Purchase& purchase : p.purchases) {
        history_start_ = std::min(history_start_.value_or(purchase.day), purchase.day);
      }
    }
    for (Person& p : people_) {
      if (!history_start_) continue;
      const auto known = h.known_since[p.index];
      if (known && *known < *history_start_) p.known_since = known;
      p.ordered_before_history = p.known_since.has_value() || h.orders_before[p.index] > 0;
    }
  }

  const Histories& h() const { return h_; }
  const std::vector<Person>& people() const { return people_; }
  // The day that cells and periods are read at, at the latest.
  Day cut() const { return std::min(cut_, seen_until_.value_or(cut_)); }
  Instant as_of() const { return as_of_; }
  int w() const { return w_; }

  // ---- "Who is a customer at the start of day t"

  bool active(const Person& p, Day t) const {
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

  // Became a customer before the start of day t.
  bool since_before(const Person& p, Day t) const {
    if (q_.basis == Basis::kOrders && p.ordered_before_history && !p.known_since) return true;
    const auto since = since_day(p);
    return since && *since < t;
  }
  bool became_in(const Person& p, Day a, Day b) const { return since_before(p, b) && !since_before(p, a); }
  std::optional<Day> since_day(const Person& p) const {
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
  bool had_ordered_before(const Person& p, Day a) const {
    if (p.known_since) return *p.known_since < a;
    if (p.ordered_before_history) return true;
    return !p.purchases.empty() && p.purchases.front().day < a;
  }
  std::vector<const Purchase*> purchases_in(const Person& p, Day a, Day b) const {
    std::vector<const Purchase*> in;
    for (const Purchase& o : p.purchases) {
      if (a <= o.day && o.day < b) in.push_back(&o);
    }
    return in;
  }
  std::string part(const Person& p) const {
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
  std::set<std::string> parts() const {
    std::set<std::string> all{""};
    for (const Person& p : people_) all.insert(part(p));
    return all;
  }

  std::vector<const Subscription*> subscriptions(const Person& p) const {
    std::vector<const Subscription*> own;
    for (const Subscription& s : h_.subscriptions) {
      if (s.customer == p.index) own.push_back(&s);
    }
    return own;
  }
  static Day paid_start(const Subscription& s) { return s.trial_end ? *s.trial_end : s.start; }
  static bool paid(const Subscription& s) { return !(s.trial_end && s.end && *s.end <= *s.trial_end); }
  static bool paused(const Subscription& s, Day t) {
    for (const auto& [from, to] : s.pauses) {
      if (from < t && !(to && *to < t)) return true;
    }
    return false;
  }
  bool in_trial(const Person& p, Day t) const {
    for (const Subscription* s : subscriptions(p)) {
      if (s->trial_end && s->start < t && !(*s->trial_end < t) && !(s->end && *s->end < t)) return true;
    }
    return false;
  }
  double recurring(const Person& p, Day t) const {
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
  std::vector<Day> event_days(const Person& p) const {
    std::vector<Day> days;
    for (const auto& act : h_.events) {
      const bool chosen =
          q_.kinds.empty() || std::count(q_.kinds.begin(), q_.kinds.end(), std::string(h_.kinds[act.kind])) > 0;
      if (act.customer == p.index && act.day < cut_ && chosen) days.push_back(act.day);
    }
    return days;
  }

  // ---- Periods and the left edge

  std::optional<Day> first_known_day() const {
    std::optional<Day> first = history_start_;
    if (q_.basis == Basis::kOrders) return first;
    for (const Person& p : people_) {
      if (const auto since = since_day(p)) first = std::min(first.value_or(*since), *since);
    }
    return first;
  }
  std::vector<calendar::Period> periods() const {
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
  bool complete(Day end) const { return h_.zone.first_instant(end) <= as_of_ && (!seen_until_ || end <= *seen_until_); }
  std::optional<Day> left_edge() const {
    if (q_.basis == Basis::kOrders) return history_start_;
    if (q_.basis != Basis::kEvents) return std::nullopt;
    std::optional<Day> first;
    for (const Person& p : people_) {
      for (const Day d : event_days(p)) first = std::min(first.value_or(d), d);
    }
    return first;
  }
  bool whole_life() const {
    if (q_.basis != Basis::kOrders) return false;
    for (const Person& p : people_) {
      if (p.ordered_before_history) return false;
      if (!p.purchases.empty() && !h_.known_since[p.index]) return false;
    }
    return true;
  }
  bool edge_within(Day a, int windows) const {
    const auto edge = left_edge();
    return edge && !whole_life() && a < *edge + windows * w_;
  }
  // A customer file tells of orders, not of other acts.
  bool told(const Person& p) const {
    return q_.basis == Basis::kOrders && (h_.known_since[p.index] || h_.orders_before[p.index] > 0);
  }

  Basics basics() const {
    return {as_of_, h_.revision, history_start_, w_, q_.basis, q_.grain, h_.zone.name(), h_.currency.code(), anything_};
  }
  PeriodHead head(const calendar::Period& p, const std::string& part) const {
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
  Day read_to(const calendar::Period& p) const { return std::min(p.end(), cut()); }

  // Of the people of a part, those for whom `holds`.
  template <class Holds>
  std::set<std::uint32_t> those(const std::optional<std::string>& of_part, Holds holds) const {
    std::set<std::uint32_t> out;
    for (const Person& p : people_) {
      if ((!of_part || part(p) == *of_part) && holds(p)) out.insert(p.index);
    }
    return out;
  }

  std::set<std::uint32_t> counted(std::string_view field, Day a, Day b, const std::optional<std::string>& of) const {
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

  struct Sums {
    std::uint64_t orders = 0;
    std::int64_t gross = 0, revenue = 0, units_milli = 0, cost = 0, costed_revenue = 0;
  };
  Sums sums(Day a, Day b, const std::optional<std::string>& of) const {
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
  std::optional<std::int64_t> margin(std::int64_t revenue, std::int64_t costed, std::int64_t cost) const {
    if (h_.margin_rate_millionth) {
      return costed - cost + rounded(revenue - costed, *h_.margin_rate_millionth, 1'000'000);
    }
    if (h_.item_cost_minor.empty() || revenue != costed) return std::nullopt;
    return costed - cost;
  }

 private:
  const Histories& h_;
  const Question& q_;
  int w_ = 0;
  Instant as_of_;
  bool anything_ = true;
  Day cut_;
  std::optional<Day> seen_until_;
  std::vector<Person> people_;
  std::optional<Day> history_start_;
};

constexpr Day kLongAgo{-1'000'000};

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

// A part is in the answer once somebody of it has ordered or is a customer.
bool begun(const World& w, Day b, const std::string& part) {
  return !w.those(part, [&](const Person& p) { return !w.purchases_in(p, kLongAgo, b).empty(); }).empty();
}

}  // namespace

RetentionAnswer retention(const Histories& h, const ShopSettings& s, const Question& q) {
  const World w(h, s, q);
  RetentionAnswer answer{w.basics(), {}};
  std::set<std::string> seen;
  for (const auto& period : w.periods()) {
    const Day a = period.begin(), b = w.read_to(period);
    for (const std::string& part : w.parts()) {
      const auto of = q.split == Split::kNone ? std::nullopt : std::optional(part);
      const auto count = [&](std::string_view field) -> std::uint64_t { return w.counted(field, a, b, of).size(); };
      if (q.split == Split::kNone || begun(w, b, part) || count("customers_end") > 0) seen.insert(part);
      if (!seen.contains(part)) continue;
      RetentionRow row;
      row.head = w.head(period, part);
      row.customers_start = count("customers_start");
      row.customers_end = count("customers_end");
      row.new_customers = count("new");
      row.one_and_gone = count("one_and_gone");
      row.reactivated = count("reactivated");
      row.retained = count("retained");
      row.lost = count("lost");
      row.crr = ratio(count("crr"), row.customers_start);
      row.crr_strict = proportion(count("retained"), row.customers_start);
      row.churn_rate = proportion(count("lost"), row.customers_start);
      row.returning_rate = proportion(count("returning_rate"), count("ordered_before"));
      row.returning_rate_active = proportion(count("returning_rate_active"), row.customers_start);
      const World::Sums sums = w.sums(a, b, of);
      row.orders = sums.orders;
      row.buyers = count("buyers");
      row.gross_minor = sums.gross;
      row.revenue_minor = sums.revenue;
      row.repeat_rate = proportion(count("repeat_rate"), row.buyers);
      if (q.basis == Basis::kSubscriptions) {
        row.paused = count("paused");
        row.in_trial = count("in_trial");
        row.trial_converted = proportion(count("trial_converted"), count("trials_ended"));
        double start = 0, gross = 0, net = 0;
        for (const Person& p : w.people()) {
          if ((of && w.part(p) != *of) || !w.active(p, a)) continue;
          start += w.recurring(p, a);
          gross += std::min(w.recurring(p, a), w.recurring(p, b));
          net += w.recurring(p, b);
        }
        row.gross_retention = divided(gross, start);
        row.net_retention = divided(net, start);
      }
      answer.rows.push_back(row);
    }
  }
  return answer;
}

std::set<std::uint32_t> people(const Histories& h, const ShopSettings& s, const Question& q, std::string_view field,
                               Day a, Day b, const std::optional<std::string>& part) {
  const World w(h, s, q);
  return w.counted(field, a, std::min(b, w.cut()), part);
}

std::set<std::uint32_t> cell(const Histories& h, const ShopSettings& s, const Question& q, Day cohort, int k,
                             const std::optional<std::string>& part, std::optional<Day> seen_until) {
  const World w(h, s, q, seen_until);
  const Day anchor = q.from.value_or(cohort);
  const Day cohort_end = calendar::next(q.grain, cohort, anchor);
  Day begin = cohort;
  for (int i = 0; i < k; ++i) begin = calendar::next(q.grain, begin, anchor);
  const Day end = std::min(calendar::next(q.grain, begin, anchor), w.cut());
  return w.those(part, [&](const Person& p) {
    const auto since = w.since_day(p);
    if (!since || *since < cohort || *since >= std::min(cohort_end, w.cut())) return false;
    switch (q.mode) {
      case CohortMode::kOn:
        return !w.purchases_in(p, begin, end).empty();
      case CohortMode::kOnOrAfter:
        return !w.purchases_in(p, begin, w.cut()).empty();
      case CohortMode::kActive:
        return w.active(p, end);
    }
    return false;
  });
}

CohortAnswer cohorts(const Histories& h, const ShopSettings& s, const Question& q, std::optional<Day> seen_until) {
  const World w(h, s, q, seen_until);
  CohortAnswer answer{w.basics(), q.mode, {}, {}};
  const auto periods = w.periods();
  for (const auto& period : periods) {
    for (const std::string& part : w.parts()) {
      const auto of = q.split == Split::kNone ? std::nullopt : std::optional(part);
      CohortRow row;
      row.cohort = period.begin();
      row.split = part;
      row.warming_up = w.edge_within(period.begin(), 1);
      const auto members = w.those(of, [&](const Person& p) {
        const auto since = w.since_day(p);
        return since && *since >= period.begin() && *since < w.read_to(period);
      });
      row.size = members.size();
      if (q.split != Split::kNone && members.empty()) continue;
      const Day anchor = periods.front().begin();
      Question from_anchor = q;
      from_anchor.from = anchor;
      Day begin = period.begin();
      std::int64_t cumulative = 0;
      for (int k = 0; begin < w.cut(); ++k) {
        const Day end = calendar::next(q.grain, begin, anchor);
        CohortCell cell;
        cell.k = k;
        cell.complete = w.complete(end);
        cell.customers = oracle::cell(h, s, from_anchor, period.begin(), k, of, seen_until).size();
        cell.rate = proportion(cell.customers, row.size);
        for (const Person& p : w.people()) {
          if (!members.contains(p.index)) continue;
          for (const Purchase* o : w.purchases_in(p, begin, std::min(end, w.cut()))) cell.revenue_minor += o->revenue;
        }
        cumulative += cell.revenue_minor;
        cell.cumulative_revenue_minor = cumulative;
        row.cells.push_back(cell);
        begin = end;
      }
      answer.rows.push_back(row);
    }
  }
  std::size_t longest = 0;
  for (const CohortRow& row : answer.rows) longest = std::max(longest, row.cells.size());
  for (std::size_t k = 0; k < longest; ++k) {
    CohortMean mean;
    mean.k = static_cast<int>(k);
    double customers = 0, size = 0, rates = 0;
    for (const CohortRow& row : answer.rows) {
      if (row.warming_up || row.size == 0 || row.cells.size() <= k || !row.cells[k].complete) continue;
      ++mean.cohorts;
      customers += static_cast<double>(row.cells[k].customers);
      size += static_cast<double>(row.size);
      rates += static_cast<double>(row.cells[k].customers) / static_cast<double>(row.size);
    }
    mean.weighted = divided(customers, size);
    mean.plain = divided(rates, static_cast<double>(mean.cohorts));
    answer.means.push_back(mean);
  }
  return answer;
}

namespace {

struct Lifetime {
  std::optional<double> lifespan, clv;
};
// Over all spans of W days that end at as-of, one before the other, in the history past its left edge.
Lifetime lifetime(const World& w, const std::optional<std::string>& of) {
  const auto first = w.first_known_day();
  if (!first) return {};  // asked for a span of a shop where nobody has come yet
  std::uint64_t at_start = 0, lost = 0, buyers = 0;
  std::int64_t spent = 0;
  for (Day end = w.cut(); end - w.w() >= *first && !w.edge_within(end - w.w(), 1); end = end - w.w()) {
    at_start += w.counted("customers_start", end - w.w(), end, of).size();
    lost += w.counted("lost", end - w.w(), end, of).size();
    buyers += w.counted("buyers", end - w.w(), end, of).size();
    spent += w.sums(end - w.w(), end, of).revenue;
  }
  Lifetime life;
  life.lifespan = divided(static_cast<double>(at_start), static_cast<double>(lost));
  const auto customer_value = divided(static_cast<double>(spent), static_cast<double>(buyers));
  if (life.lifespan && customer_value) life.clv = *customer_value * *life.lifespan;
  return life;
}

}  // namespace

ValueAnswer value(const Histories& h, const ShopSettings& s, const Question& q) {
  const World w(h, s, q);
  ValueAnswer answer{w.basics(), {}};
  std::set<std::string> seen;
  std::map<std::string, Lifetime> lifetimes;
  for (const auto& period : w.periods()) {
    const Day a = period.begin(), b = w.read_to(period);
    for (const std::string& part : w.parts()) {
      const auto of = q.split == Split::kNone ? std::nullopt : std::optional(part);
      const auto count = [&](std::string_view field) { return static_cast<double>(w.counted(field, a, b, of).size()); };
      if (q.split == Split::kNone || begun(w, b, part) || count("customers_end") > 0) seen.insert(part);
      if (!seen.contains(part)) continue;
      const World::Sums sums = w.sums(a, b, of);
      const auto revenue = static_cast<double>(sums.revenue), orders = static_cast<double>(sums.orders);
      ValueRow row;
      row.head = w.head(period, part);
      row.orders = sums.orders;
      row.buyers = w.counted("buyers", a, b, of).size();
      row.gross_minor = sums.gross;
      row.revenue_minor = sums.revenue;
      row.margin_minor = w.margin(sums.revenue, sums.costed_revenue, sums.cost);
      row.aov_minor = divided(revenue, orders);
      row.purchase_frequency = divided(orders, count("buyers"));
      if (!h.units_milli.empty()) row.items_per_order = divided(static_cast<double>(sums.units_milli) / 1000, orders);
      row.customer_value_minor = divided(revenue, count("buyers"));
      const auto bought_so_far =
          w.those(of, [&](const Person& p) { return !w.purchases_in(p, kLongAgo, b).empty(); }).size();
      row.value_to_date_minor =
          divided(static_cast<double>(w.sums(kLongAgo, b, of).revenue), static_cast<double>(bought_so_far));
      row.value_per_active_minor = divided(revenue, (count("customers_start") + count("customers_end")) / 2);
      row.repeat_rate = proportion(w.counted("repeat_rate", a, b, of).size(), row.buyers);
      if (row.head.complete) {
        if (!lifetimes.contains(part)) lifetimes[part] = lifetime(w, of);
        row.lifespan = lifetimes[part].lifespan;
        row.clv_minor = lifetimes[part].clv;
      }
      answer.rows.push_back(row);
    }
  }
  return answer;
}

CostAnswer cost(const Histories& h, const ShopSettings& s, const Question& q) {
  const World w(h, s, q);
  CostAnswer answer{w.basics(), {}};
  for (const auto& period : w.periods()) {
    const Day a = period.begin(), b = w.read_to(period);
    CostRow row;
    row.head = w.head(period, "");
    for (const auto& entry : h.costs) {
      // Day i of n gets floor(A i / n) - floor(A (i - 1) / n).
      const int n = std::max(1, entry.to - entry.from);
      const auto floor_div = [](std::int64_t x, std::int64_t y) { return x >= 0 ? x / y : -((-x + y - 1) / y); };
      for (int i = 1; i <= n; ++i) {
        const Day on = entry.from + (i - 1);
        if (on < a || on >= b) continue;
        const std::int64_t share = floor_div(entry.minor * i, n) - floor_div(entry.minor * (i - 1), n);
        if (entry.purpose == "retention") row.crc_total_minor += share;
        if (entry.purpose == "acquisition") row.acquisition_cost_minor += share;
      }
    }
    const auto per = [](std::int64_t minor, std::size_t people) {
      return divided(static_cast<double>(minor), static_cast<double>(people));
    };
    row.crc_minor = per(row.crc_total_minor, w.counted("customers_end", a, b, {}).size());
    row.crc_per_retained_minor = per(row.crc_total_minor, w.counted("retained", a, b, {}).size());
    row.cac_minor =
        per(row.acquisition_cost_minor, w.counted("new", a, b, {}).size() + w.counted("one_and_gone", a, b, {}).size());
    if (row.acquisition_cost_minor > 0 && row.head.complete) {
      // The margin of the period's new customers within m months of their first day.
      const auto margin_within = [&](int months) {
        std::int64_t revenue = 0, costed = 0, item_cost = 0;
        for (const Person& p : w.people()) {
          const auto since = w.since_day(p);
          if (!since || *since < a || *since >= b) continue;
          for (const Purchase* o : w.purchases_in(p, *since, months_after(*since, months))) {
            revenue += o->revenue;
            costed += o->costed_revenue;
            item_cost += o->cost;
          }
        }
        return w.margin(revenue, costed, item_cost);
      };
      const auto spent = static_cast<double>(row.acquisition_cost_minor);
      if (const auto year = margin_within(12); year && months_after(b, 12) <= w.cut()) {
        row.acquisition_roi = (static_cast<double>(*year) - spent) / spent;
      }
      for (int m = 1; m <= 200 && !row.payback_months; ++m) {
        const auto margin = margin_within(m);
        if (margin && *margin >= row.acquisition_cost_minor) row.payback_months = m;
      }
    }
    answer.rows.push_back(row);
  }
  return answer;
}

WhatIfAnswer whatif(const Histories& h, const ShopSettings& s, const Question& q) {
  const World w(h, s, q);
  WhatIfAnswer answer;
  answer.basics = w.basics();
  answer.points = s.what_if_points;
  // The last 12 months that have ended.
  const Day today = h.zone.day_of(w.as_of());
  const Day end = calendar::floor_to({}, today, today), begin = months_after(end, -12);
  const auto first = w.first_known_day();
  if (!first || calendar::floor_to({}, *first, *first) > begin) return answer;
  double x = 0, worth = 0, revenue = 0, worth_margin = 0, margin_sum = 0;
  bool margin_known = true;
  for (int m = 0; m < 12; ++m) {
    const Day a = months_after(begin, m), b = months_after(begin, m + 1);
    const auto start = static_cast<double>(w.counted("customers_start", a, b, {}).size());
    const auto finish = static_cast<double>(w.counted("customers_end", a, b, {}).size());
    const auto kept = static_cast<double>(w.counted("retained", a, b, {}).size());
    const World::Sums sums = w.sums(a, b, {});
    x = (start > 0 ? x * kept / start : 0) + s.what_if_points / 100 * start;
    const double share = start + finish > 0 ? x / ((start + finish) / 2) : 0;
    const auto margin = w.margin(sums.revenue, sums.costed_revenue, sums.cost);
    margin_known = margin_known && margin;
    worth += share * static_cast<double>(sums.revenue);
    revenue += static_cast<double>(sums.revenue);
    worth_margin += share * static_cast<double>(margin.value_or(0));
    margin_sum += static_cast<double>(margin.value_or(0));
    answer.rows.push_back({a, x, share * static_cast<double>(sums.revenue)});
  }
  answer.worth_minor = worth;
  if (revenue > 0) answer.share_of_revenue = worth / revenue;
  if (margin_known && margin_sum > 0) answer.share_of_margin = worth_margin / margin_sum;
  return answer;
}

namespace {

std::multiset<int> gaps(const Person& p) {
  std::set<Day> days;
  for (const Purchase& o : p.purchases) days.insert(o.day);
  std::multiset<int> out;
  for (auto d = days.begin(); d != days.end() && std::next(d) != days.end(); ++d) out.insert(*std::next(d) - *d);
  return out;
}

}  // namespace

SlippingAnswer slipping(const Histories& h, const ShopSettings& s, const Question& q) {
  const World w(h, s, q);
  SlippingAnswer answer{w.basics(), {}, 0};
  std::multiset<int> of_shop;
  for (const Person& p : w.people()) of_shop.merge(gaps(p));
  for (const Person& p : w.people()) {
    if (p.purchases.empty() || !w.active(p, w.cut())) continue;
    const std::multiset<int> own = gaps(p);
    const std::multiset<int>& usual = own.size() < 5 ? of_shop : own;
    const int silent = w.cut() - p.purchases.back().day;
    // Longer than 9 in 10 of the gaps.
    const auto shorter =
        static_cast<std::size_t>(std::count_if(usual.begin(), usual.end(), [&](int gap) { return gap < silent; }));
    if (usual.empty() || shorter * 10 < usual.size() * 9) continue;
    Slipping row;
    row.customer = p.index;
    row.silent_days = silent;
    for (const int gap : usual) {  // ascending: the first that 9 in 10 do not exceed
      const auto within =
          static_cast<std::size_t>(std::count_if(usual.begin(), usual.end(), [&](int other) { return other <= gap; }));
      if (within * 10 < usual.size() * 9) continue;
      row.usual_days = gap;
      break;
    }
    row.orders = p.purchases.size();
    row.last_order = p.purchases.back().day;
    for (const Purchase* o : w.purchases_in(p, months_after(w.cut(), -12), w.cut())) row.at_stake_minor += o->revenue;
    answer.at_stake_minor += row.at_stake_minor;
    answer.rows.push_back(row);
  }
  std::stable_sort(answer.rows.begin(), answer.rows.end(), [&](const Slipping& x, const Slipping& y) {
    if (x.at_stake_minor != y.at_stake_minor) return x.at_stake_minor > y.at_stake_minor;
    return h.customer_key[x.customer] < h.customer_key[y.customer];
  });
  return answer;
}

std::optional<ChangeAnswer> change(const Histories& h, const ShopSettings& s, const Question& q) {
  const World w(h, s, q);
  std::vector<calendar::Period> ended;
  for (const auto& p : w.periods()) {
    if (w.complete(p.end())) ended.push_back(p);
  }
  if (ended.size() < 2) return std::nullopt;
  const auto before = ended[ended.size() - 2], after = ended.back();
  ChangeAnswer answer;
  answer.basics = w.basics();
  answer.before = w.head(before, "");
  answer.after = w.head(after, "");
  answer.before.new_at_most = w.edge_within(before.begin(), 4);
  answer.after.new_at_most = w.edge_within(after.begin(), 4);
  const World::Sums x = w.sums(before.begin(), before.end(), {}), y = w.sums(after.begin(), after.end(), {});
  const auto buyers = [&](const calendar::Period& p) {
    return static_cast<std::int64_t>(w.counted("buyers", p.begin(), p.end(), {}).size());
  };
  answer.revenue_before_minor = x.revenue;
  answer.revenue_after_minor = y.revenue;
  if (x.orders == 0 || y.orders == 0) {
    answer.by_customers_minor = y.revenue - x.revenue;
    return answer;
  }
  // More buyers who buy as before; then as often as now; then for as much as now.
  const std::int64_t first = rounded(x.revenue, buyers(after), buyers(before));
  const std::int64_t second =
      rounded(x.revenue, static_cast<std::int64_t>(y.orders), static_cast<std::int64_t>(x.orders));
  answer.by_customers_minor = first - x.revenue;
  answer.by_frequency_minor = second - first;
  answer.by_order_value_minor = y.revenue - second;
  return answer;
}

WindowChoice window(const Histories& h) {
  const Question q;
  const World w(h, {}, q);
  std::multiset<int> all;
  for (const Person& p : w.people()) all.merge(gaps(p));
  WindowChoice choice;
  choice.gaps = all.size();
  choice.why = all.size() < 30 ? "window.few_gaps" : "window.none_covers";
  bool chosen = all.size() < 30;
  for (const int days : {30, 60, 90, 180, 365}) {
    const auto within = static_cast<double>(std::count_if(all.begin(), all.end(), [&](int g) { return g <= days; }));
    const double share = all.empty() ? 0 : within / static_cast<double>(all.size());
    choice.candidates.emplace_back(days, share);
    if (days == 365 && choice.why != "window.covers") choice.covered = share;
    if (!chosen && within * 10 >= static_cast<double>(all.size()) * 9) {
      chosen = true;
      choice.days = days;
      choice.covered = share;
      choice.why = "window.covers";
    }
  }
  return choice;
}

}  // namespace behoud::retention::oracle
