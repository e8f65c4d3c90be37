#pragma once

// What the oracles see: the counted orders of each customer at as-of, and what docs/definitions.md says of a customer
// on a day and of a period, sentence by sentence, over sets of days. Slow and obvious on purpose. For tests alone.

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "retention/answers.h"

namespace behoud::retention::oracle {

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

class World {
 public:
  World(const Histories& h, const ShopSettings& s, const Question& q, std::optional<Day> seen_until = {});

  const Histories& h() const { return h_; }
  const std::vector<Person>& people() const { return people_; }
  // The day that cells and periods are read at, at the latest.
  Day cut() const { return std::min(cut_, seen_until_.value_or(cut_)); }
  Instant as_of() const { return as_of_; }
  int w() const { return w_; }

  // ---- "Who is a customer at the start of day t"

  bool active(const Person& p, Day t) const;

  // Became a customer before the start of day t.
  bool since_before(const Person& p, Day t) const;
  bool became_in(const Person& p, Day a, Day b) const { return since_before(p, b) && !since_before(p, a); }
  std::optional<Day> since_day(const Person& p) const;
  bool had_ordered_before(const Person& p, Day a) const;
  std::vector<const Purchase*> purchases_in(const Person& p, Day a, Day b) const;
  std::string part(const Person& p) const;
  std::set<std::string> parts() const;

  std::vector<const Subscription*> subscriptions(const Person& p) const;
  static Day paid_start(const Subscription& s) { return s.trial_end ? *s.trial_end : s.start; }
  static bool paid(const Subscription& s) { return !(s.trial_end && s.end && *s.end <= *s.trial_end); }
  static bool paused(const Subscription& s, Day t);
  bool in_trial(const Person& p, Day t) const;
  double recurring(const Person& p, Day t) const;
  std::vector<Day> event_days(const Person& p) const;

  // ---- Periods and the left edge

  std::optional<Day> first_known_day() const;
  std::vector<calendar::Period> periods() const;
  bool complete(Day end) const { return h_.zone.first_instant(end) <= as_of_ && (!seen_until_ || end <= *seen_until_); }
  std::optional<Day> left_edge() const;
  bool whole_life() const;
  bool edge_within(Day a, int windows) const;
  // A customer file tells of orders, not of other acts.
  bool told(const Person& p) const;

  Basics basics() const;
  PeriodHead head(const calendar::Period& p, const std::string& part) const;
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

  std::set<std::uint32_t> counted(std::string_view field, Day a, Day b, const std::optional<std::string>& of) const;

  struct Sums {
    std::uint64_t orders = 0;
    std::int64_t gross = 0, revenue = 0, units_milli = 0, cost = 0, costed_revenue = 0;
  };
  Sums sums(Day a, Day b, const std::optional<std::string>& of) const;
  std::optional<std::int64_t> margin(std::int64_t revenue, std::int64_t costed, std::int64_t cost) const;

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

std::int64_t rounded(__int128 a, __int128 b, __int128 c);  // a b / c, half away from zero
std::optional<double> divided(double n, double d);         // nullopt: by nothing
Day months_after(Day d, int months);                       // or the month's last day, where it has no such day
// A part is in the answer once somebody of it has ordered or is a customer.
bool begun(const World& w, Day b, const std::string& part);

}  // namespace behoud::retention::oracle
