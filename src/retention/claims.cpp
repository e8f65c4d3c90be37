#include <algorithm>
#include <array>
#include <cmath>

#include "base/together.h"
#include "retention/internal/claim_people.h"
#include "retention/internal/classify.h"
#include "retention/internal/compare.h"
#include "retention/internal/costs.h"
#include "retention/internal/counted.h"
#include "retention/internal/months.h"

namespace behoud::retention {

using calendar::Day;

namespace {

constexpr std::uint64_t kPeopleMin = 30;  // fewer say nothing about a proportion or a mean
constexpr double z = 1.959964;            // 95 %

constexpr const char* kNoCosts = "claim.why.no_costs";
constexpr const char* kShortHistory = "claim.why.short_history";
constexpr const char* kFewPeople = "claim.why.few_people";
constexpr const char* kTooClose = "claim.why.too_close";
constexpr const char* kNoRevenue = "claim.why.no_revenue";

Claim named(std::string name, double low, double high) {
  Claim claim;
  claim.name = std::move(name);
  claim.published_low = low;
  claim.published_high = high;
  return claim;
}
Claim cannot_tell(Claim claim, const char* why) {
  claim.why = why;
  return claim;
}
Claim verdict(Claim claim, bool is_true) {
  claim.verdict = is_true ? Verdict::kTrue : Verdict::kFalse;
  return claim;
}
// Of a claim "at least so much": true when the whole interval says so, false when none of it does.
Claim at_least(Claim claim) {
  if (claim.people < kPeopleMin) return cannot_tell(std::move(claim), kFewPeople);
  if (*claim.low >= claim.published_low) return verdict(std::move(claim), true);
  if (*claim.high < claim.published_low) return verdict(std::move(claim), false);
  return cannot_tell(std::move(claim), kTooClose);
}

// A new customer costs five times a kept one: cac against crc, both of the last 12 complete months.
Result<Claim> new_costs_five_times(const Shop& shop, const LastYear& year) {
  Claim claim = named("new_costs_five_times", 5, 5);
  const std::uint64_t newcomers = year.whole.fresh[0] + year.whole.one_and_gone[0];
  const std::uint64_t kept = year.whole.customers_end[0];
  claim.people = std::min(newcomers, kept);
  TRY_ASSIGN(const std::int64_t acquisition, cost_of(*shop.histories, "acquisition", year.begin, year.end));
  TRY_ASSIGN(const std::int64_t retention, cost_of(*shop.histories, "retention", year.begin, year.end));
  if (acquisition <= 0 || retention <= 0) return cannot_tell(std::move(claim), kNoCosts);
  if (!year.known) return cannot_tell(std::move(claim), kShortHistory);
  if (newcomers == 0 || kept == 0) return cannot_tell(std::move(claim), kFewPeople);
  const double cac = static_cast<double>(acquisition) / static_cast<double>(newcomers);
  const double crc = static_cast<double>(retention) / static_cast<double>(kept);
  claim.value = cac / crc;
  if (claim.people < kPeopleMin) return cannot_tell(std::move(claim), kFewPeople);
  const bool is_true = *claim.value >= claim.published_low;
  return verdict(std::move(claim), is_true);
}

// Size, mean and variance of a list of amounts, in one pass (Welford 1962, Technometrics 4(3)).
struct Sample {
  std::uint64_t n = 0;
  double mean = 0, squares = 0;
  void add(double x) {
    ++n;
    const double delta = x - mean;
    mean += delta / static_cast<double>(n);
    squares += delta * (x - mean);
  }
  double variance_of_mean() const { return n < 2 ? 0 : squares / static_cast<double>(n - 1) / static_cast<double>(n); }
};

// Calls visit(customer, revenue_minor, whether it is a repeat order) for each counted order whose money is known,
// customer after customer.
template <class Visit>
void each_order(const Shop& shop, Visit visit) {
  const timeline::Histories& h = *shop.histories;
  const Purchases& purchases = *shop.purchases;
  for (std::size_t c = 0; c < purchases.customers(); ++c) {
    bool returning = shop.population->ordered_since(c) != kNever && !purchases.days_of(c).empty() &&
                     shop.population->ordered_since(c) < purchases.days_of(c).front();
    for (std::size_t i = purchases.begin[c]; i < purchases.begin[c + 1]; ++i) {
      // An order whose money is unknown is no order of 0.
      if (h.converted.empty() || h.converted[purchases.row(i)]) visit(c, purchases.revenue_minor[i], returning);
      returning = true;
    }
  }
}

// What first and repeat orders brought, one after the other in the order of the customers, and how many have a repeat
// order: of a View, since it hangs on no window.
struct OrderValues {
  Sample first, repeat;
  std::uint64_t returned = 0;
  std::size_t bytes() const { return sizeof(*this); }
};
OrderValues order_values(const Shop& shop) {
  OrderValues values;
  std::size_t last = shop.purchases->customers();
  each_order(shop, [&](std::size_t c, std::int64_t minor, bool is_repeat) {
    (is_repeat ? values.repeat : values.first).add(static_cast<double>(minor));
    if (is_repeat && c != last) {
      last = c;
      ++values.returned;
    }
  });
  return values;
}

// Returning customers spend 67 % more: mean revenue of repeat orders over that of first orders, less 1. Its interval is
// that of the logarithm of a ratio of two means (delta method).
Claim returning_spend_more(const Shop& shop) {
  Claim claim = named("returning_spend_more", 0.67, 0.67);
  const auto& [first, repeat, returned] = shop.view->shared<OrderValues>([&] { return order_values(shop); });
  // A customer has one first order.
  claim.people = std::min(first.n, returned);
  if (claim.people < kPeopleMin) return cannot_tell(std::move(claim), kFewPeople);
  if (first.mean <= 0 || repeat.mean <= 0) return cannot_tell(std::move(claim), kNoRevenue);
  const double ratio_of_means = repeat.mean / first.mean;
  const double error = std::sqrt(first.variance_of_mean() / (first.mean * first.mean) +
                                 repeat.variance_of_mean() / (repeat.mean * repeat.mean));
  claim.value = ratio_of_means - 1;
  claim.low = ratio_of_means * std::exp(-z * error) - 1;
  claim.high = ratio_of_means * std::exp(z * error) - 1;
  return at_least(std::move(claim));
}

// The yearly cohorts, and which of them are not warming up and have seen every member's day 365 pass.
struct YearsSeen {
  Axis years;
  std::vector<std::uint8_t> seen;
};
Result<YearsSeen> years_seen(const Shop& shop) {
  const auto first = shop.population->left_edge();
  if (!first) return YearsSeen{};
  Question q;
  q.grain.unit = calendar::Grain::Unit::kYear;
  TRY_ASSIGN(Axis years, Axis::create(q, first, shop.now));
  std::vector<std::uint8_t> seen;
  for (const calendar::Period& cohort : years.periods()) {
    seen.push_back(!shop.warming_up(cohort.begin()) && cohort.end() + 365 <= shop.now.cut);
  }
  return YearsSeen{std::move(years), std::move(seen)};
}

// Calls visit(customer, whether they ordered after their day 365) for each member of those in [begin, end).
template <class Visit>
void each_seen_for_a_year(const Shop& shop, const YearsSeen& cohorts, std::size_t begin, std::size_t end, Visit visit) {
  if (cohorts.years.empty()) return;
  for (std::size_t c = begin; c < end; ++c) {
    const Day since = shop.population->since(c);
    const int year = since == kNever ? -1 : cohorts.years.period_of(since);
    if (year < 0 || !cohorts.seen[static_cast<std::size_t>(year)]) continue;
    const auto days = shop.purchases->days_of(c);
    visit(c, !days.empty() && days.back() > since + 365);
  }
}

// Three in ten still buy after a year.
Result<Claim> three_in_ten(const Shop& shop) {
  Claim claim = named("three_in_ten_after_a_year", 0.3, 0.3);
  TRY_ASSIGN(const YearsSeen cohorts, years_seen(shop));
  std::array<std::pair<std::uint64_t, std::uint64_t>, kParts> counts{};
  run_in_parts(shop.purchases->customers(), [&](std::size_t part, std::size_t begin, std::size_t end) {
    std::uint64_t members = 0, members_still = 0;
    each_seen_for_a_year(shop, cohorts, begin, end, [&](std::size_t, bool ordered) {
      ++members;
      members_still += ordered;
    });
    counts[part] = {members, members_still};
  });
  std::uint64_t people = 0, still = 0;
  for (const auto& [members, members_still] : counts) {
    people += members;
    still += members_still;
  }
  claim.people = people;
  if (people == 0) return cannot_tell(std::move(claim), kShortHistory);
  const Rate rate = proportion(still, people);
  claim.value = rate.value;
  claim.low = rate.low;
  claim.high = rate.high;
  return at_least(std::move(claim));
}

// Five points of retention bring 25 to 95 %: the what-if of five points as a share of margin, else of revenue.
Claim five_points(const Shop& shop, const LastYear& year) {
  Claim claim = named("five_points_profit", 0.25, 0.95);
  claim.people = year.whole.customers_end[0];
  if (!year.known || year.warming_up) return cannot_tell(std::move(claim), kShortHistory);
  const WhatIfAnswer answer = what_if(shop, year, 5);
  claim.value = answer.share_of_margin ? answer.share_of_margin : answer.share_of_revenue;
  if (!claim.value) return cannot_tell(std::move(claim), kNoRevenue);
  if (claim.people < kPeopleMin) return cannot_tell(std::move(claim), kFewPeople);
  const bool is_true = *claim.value >= claim.published_low && *claim.value <= claim.published_high;
  return verdict(std::move(claim), is_true);
}

// 38 % average retention, yearly: K / S of the last 12 complete months. True when the interval holds it.
Claim average_retention(const LastYear& year) {
  Claim claim = named("average_retention", 0.38, 0.38);
  claim.people = year.whole.customers_start[0];
  if (!year.known || year.warming_up) return cannot_tell(std::move(claim), kShortHistory);
  const Rate rate = proportion(year.whole.retained[0], year.whole.customers_start[0]);
  claim.value = rate.value;
  claim.low = rate.low;
  claim.high = rate.high;
  if (claim.people < kPeopleMin) return cannot_tell(std::move(claim), kFewPeople);
  const bool is_true = *rate.low <= claim.published_low && claim.published_low <= *rate.high;
  return verdict(std::move(claim), is_true);
}

}  // namespace

Result<ClaimsAnswer> answer_claims(const Source& h, const ShopSettings& s, const Question& q) {
  TRY_ASSIGN(const Shop shop, Shop::open(h, s, q));
  TRY_ASSIGN(const LastYear year, last_year(shop));
  TRY_ASSIGN(ClaimsAnswer answer, answer_claims(shop, year));
  if (q.compare) {
    TRY_ASSIGN(const Question before, a_year_ago(q, shop));
    TRY_ASSIGN(const Shop then, Shop::open(h, s, before));
    TRY_ASSIGN(const LastYear year_then, last_year(then));
    TRY_ASSIGN(ClaimsAnswer was, answer_claims(then, year_then));
    answer.comparison = begin_year_before<YearBefore<Claim>>(then, *q.compare, year_then.begin, year_then.end);
    answer.comparison->rows = std::move(was.rows);
  }
  return answer;
}

Result<ClaimsAnswer> answer_claims(const Shop& shop, const LastYear& year) {
  ClaimsAnswer answer{shop.basics, {}};
  TRY_ASSIGN(Claim costs, new_costs_five_times(shop, year));
  answer.rows.push_back(std::move(costs));
  answer.rows.push_back(returning_spend_more(shop));
  TRY_ASSIGN(Claim still, three_in_ten(shop));
  answer.rows.push_back(std::move(still));
  answer.rows.push_back(five_points(shop, year));
  answer.rows.push_back(average_retention(year));
  return answer;
}

Result<std::vector<bool>> people_of_claim(const Shop& shop, const LastYear& year, std::string_view claim) {
  std::vector<bool> out(shop.histories->customers());
  const auto those = [&](std::initializer_list<Standing> wanted) {
    const Axis one = Axis::consecutive({calendar::Period::create(year.begin, year.end).value()}, shop.now);
    std::vector<DaySpan> scratch;
    std::vector<PointRun> active;
    for (std::size_t c = 0; c < out.size(); ++c) {
      const Day since = shop.population->since(c);
      if (since == kNever) continue;
      points_of(shop.population->active(c, scratch), one, active);
      classify(active, since, one, [&](Standing standing, int, int) {
        out[c] = out[c] || std::find(wanted.begin(), wanted.end(), standing) != wanted.end();
      });
    }
  };
  if (claim == "new_costs_five_times") {
    const std::uint64_t newcomers = year.whole.fresh[0] + year.whole.one_and_gone[0];
    newcomers < year.whole.customers_end[0] ? those({Standing::kNew, Standing::kOneAndGone})
                                            : those({Standing::kAtEnd});
  } else if (claim == "returning_spend_more") {
    std::vector<bool> returned(out.size());
    std::uint64_t first = 0;
    each_order(shop, [&](std::size_t c, std::int64_t, bool is_repeat) {
      (is_repeat ? returned : out)[c] = true;
      first += !is_repeat;
    });
    if (static_cast<std::uint64_t>(std::count(returned.begin(), returned.end(), true)) <= first) out = returned;
  } else if (claim == "three_in_ten_after_a_year") {
    TRY_ASSIGN(const YearsSeen cohorts, years_seen(shop));
    each_seen_for_a_year(shop, cohorts, 0, out.size(), [&](std::size_t c, bool) { out[c] = true; });
  } else if (claim == "five_points_profit") {
    those({Standing::kAtEnd});
  } else if (claim == "average_retention") {
    those({Standing::kAtStart});
  } else {
    return fail(Errc::kInvalidArgument, "there is no claim of that name",
                "one of: new_costs_five_times, returning_spend_more, three_in_ten_after_a_year, five_points_profit, "
                "average_retention",
                {{}, 0, "behind"});
  }
  return out;
}

}  // namespace behoud::retention
