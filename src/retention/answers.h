#pragma once

// The questions of docs/definitions.md and their answers as values. Field names here are the field names of the JSON.
// Every answer is a pure function of (Histories, Question): the same arguments give the same bytes, whatever is kept
// (prepared.h) from one question to the next.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "calendar/period.h"
#include "retention/prepared.h"
#include "timeline/histories.h"

namespace behoud::retention {

enum class Basis : std::uint8_t { kOrders, kSubscriptions, kRelation, kEvents };
enum class Split : std::uint8_t { kNone, kSource, kCountry, kItem, kCoupon };
enum class CohortMode : std::uint8_t { kOn, kOnOrAfter, kActive };
// What an answer is put beside: as many periods right before, or the same ones a year earlier.
enum class Compare : std::uint8_t { kPrevious, kLastYear };

struct Question {
  std::optional<calendar::Day> from, to;  // default: floor of history_start, and the boundary after as-of
  calendar::Grain grain;
  std::optional<int> window_days;  // default: the shop's
  Basis basis = Basis::kOrders;
  Split split = Split::kNone;
  std::optional<calendar::Instant> as_of;  // default: the start of the day after the last order
  CohortMode mode = CohortMode::kOn;
  std::vector<std::string> kinds;  // basis events
  std::optional<Compare> compare{};
};

// A proportion with its Wilson 95 % interval (z = 1.959964). value, low and high are absent when d == 0.
struct Rate {
  std::uint64_t n = 0, d = 0;
  std::optional<double> value, low, high;  // low and high absent too where the ratio is no proportion (crr)
};
Rate proportion(std::uint64_t n, std::uint64_t d);
Rate ratio(std::uint64_t n, std::uint64_t d);  // no interval: crr, which is no proportion

// What every answer opens with.
struct Basics {
  calendar::Instant as_of;
  std::int64_t revision = 0;
  std::optional<calendar::Day> history_start;
  int window_days = 0;
  Basis basis = Basis::kOrders;
  calendar::Grain grain;
  std::string zone, currency;
  bool as_of_known = true;  // false: nothing has happened in the shop yet, so as_of means nothing (JSON: null)
};

struct PeriodHead {
  calendar::Day period_start, period_end;  // end excluded
  bool complete = true;
  bool warming_up = false;
  bool new_at_most = false;                   // until history_start + 4 W `new` is "at most"
  std::optional<calendar::Day> evaluated_to;  // as-of's day, in an incomplete period
  std::string split;                          // the value of the split; "" without
};

// The rows of an earlier span, row i beside row i of the answer: the same part of the split, the period that the
// question's is compared with. An unfinished period stands beside the same part of the earlier one, whose
// `evaluated_to` says where it was read. All at the question's as-of. from and to are absent where nothing was asked.
template <class Row>
struct Comparison {
  Compare with = Compare::kPrevious;
  std::optional<calendar::Day> from, to;
  std::vector<Row> rows;
};

struct RetentionRow {
  PeriodHead head;
  std::uint64_t customers_start = 0, customers_end = 0, new_customers = 0, one_and_gone = 0, reactivated = 0,
                retained = 0, lost = 0;
  Rate crr, crr_strict, churn_rate, returning_rate, returning_rate_active, repeat_rate;
  std::uint64_t orders = 0, buyers = 0;
  std::int64_t gross_minor = 0, revenue_minor = 0;
  // Basis subscriptions alone.
  std::optional<std::uint64_t> paused, in_trial;
  std::optional<Rate> trial_converted;
  std::optional<double> gross_retention, net_retention;
};
struct RetentionAnswer {
  Basics basics;
  std::vector<RetentionRow> rows;
  std::optional<Comparison<RetentionRow>> comparison{};  // where the question asks for one
};

struct CohortCell {
  int k = 0;
  bool complete = true;
  std::uint64_t customers = 0;
  Rate rate;
  std::int64_t revenue_minor = 0, cumulative_revenue_minor = 0;
};
struct CohortRow {
  calendar::Day cohort;  // first day of the cohort's period
  std::string split;
  bool warming_up = false;
  std::uint64_t size = 0;
  std::vector<CohortCell> cells;
};
struct CohortMean {
  int k = 0;
  std::optional<double> weighted, plain;
  std::uint64_t cohorts = 0;
  std::uint64_t customers = 0, size = 0;  // of those cohorts, summed: weighted is customers / size
};
// The cohorts of the earlier span, each at the age of the one it stands beside: as many cells, the last ones read at
// `evaluated_to` where those of the question's are unfinished. The means are over all of its cohorts.
struct CohortComparison : Comparison<CohortRow> {
  std::optional<calendar::Day> evaluated_to;
  std::vector<CohortMean> means;
};
struct CohortAnswer {
  Basics basics;
  CohortMode mode = CohortMode::kOn;
  std::vector<CohortRow> rows;
  std::vector<CohortMean> means;
  std::optional<CohortComparison> comparison{};  // where the question asks for one
};

struct ValueRow {
  PeriodHead head;
  std::uint64_t orders = 0, buyers = 0;
  std::int64_t gross_minor = 0, revenue_minor = 0;
  std::optional<std::int64_t> margin_minor;
  std::optional<double> aov_minor, purchase_frequency, items_per_order, customer_value_minor, clv_minor, lifespan,
      value_to_date_minor, value_per_active_minor;
  Rate repeat_rate;
  // What those are made of, beside orders, buyers and revenue.
  std::optional<double> units;
  std::uint64_t customers_start = 0, customers_end = 0, buyers_to_date = 0;
  std::int64_t revenue_to_date_minor = 0;
  // Sums over the spans of W days that lifespan and clv_minor are pooled from.
  struct Spans {
    std::uint64_t customers_start = 0, lost = 0, buyers = 0;
    std::int64_t revenue_minor = 0;
  };
  std::optional<Spans> spans;
};
struct ValueAnswer {
  Basics basics;
  std::vector<ValueRow> rows;
  std::optional<Comparison<ValueRow>> comparison{};  // where the question asks for one
};

struct CostRow {
  PeriodHead head;
  std::int64_t crc_total_minor = 0, acquisition_cost_minor = 0;
  std::optional<double> crc_minor, crc_per_retained_minor, cac_minor, acquisition_roi;
  std::optional<int> payback_months;
  // What those are made of.
  std::uint64_t customers_end = 0, retained = 0, new_customers = 0, one_and_gone = 0;
  std::optional<std::int64_t> newcomers_margin_minor;  // within 12 months; known when the roi is
};
struct CostAnswer {
  Basics basics;
  std::vector<CostRow> rows;
  std::optional<Comparison<CostRow>> comparison{};  // where the question asks for one
};

enum class Verdict : std::uint8_t { kTrue, kFalse, kCannotTell };
struct Claim {
  std::string name;  // "new_costs_five_times", "returning_spend_more", "three_in_ten_after_a_year",
                     // "five_points_profit", "average_retention"
  double published_low = 0, published_high = 0;
  std::optional<double> value, low, high;
  std::uint64_t people = 0;
  Verdict verdict = Verdict::kCannotTell;
  std::string why;  // a key of the catalogue: why it cannot be told
};
// What is always asked of the last 12 complete months is compared with itself as asked a year before, with either
// Compare: [from, to) are the 12 complete months before `as_of`, absent where nothing has happened yet.
template <class Row>
struct YearBefore : Comparison<Row> {
  std::optional<calendar::Instant> as_of;
};

struct ClaimsAnswer {
  Basics basics;
  std::vector<Claim> rows;
  std::optional<YearBefore<Claim>> comparison{};  // where the question asks for one
};

struct WhatIfAnswer {
  Basics basics;
  double points = 0;
  std::optional<double> worth_minor, share_of_revenue, share_of_margin;
  struct Month {
    calendar::Day month;
    double extra_customers = 0, extra_revenue_minor = 0;
  };
  std::vector<Month> rows;
  struct Before : YearBefore<Month> {
    std::optional<double> worth_minor, share_of_revenue, share_of_margin;
  };
  std::optional<Before> comparison{};  // where the question asks for one
};

struct CustomerRow {
  std::string customer;
  std::uint64_t orders = 0;
  std::int64_t revenue_minor = 0;
  std::optional<calendar::Day> last_order;
  std::uint32_t index = 0;  // in Histories
};
struct BehindAnswer {
  Basics basics;
  std::vector<CustomerRow> rows;
  // Where `rows` are a page of the list: how many there are in all, and what leads on.
  struct Page {
    std::uint64_t total = 0;
    std::optional<std::string> next;
  };
  std::optional<Page> page{};
};

// W for this shop: the smallest of 30, 60, 90, 180, 365 days that covers 90 % of the gaps between successive order days
// of customers with two or more orders.
struct WindowChoice {
  int days = 365;
  std::uint64_t gaps = 0;
  double covered = 0;  // share of the gaps covered by `days`
  std::string why;     // catalogue key: "window.covers", "window.few_gaps", "window.none_covers"
  std::vector<std::pair<int, double>> candidates;  // each of the five with its share
};
WindowChoice choose_window(const timeline::Histories& h);

struct ShopSettings {
  int window_days = 365;
  double what_if_points = 5;
};

// Errors of all questions: kInvalidArgument (from/to off the grain's boundaries, an unknown kind), kOutOfRange (sums; a
// comparison before the year 1).
// What an answer to this question opens with, alone.
Result<Basics> basics_of(const Source& source, const ShopSettings& s, const Question& q);
Result<RetentionAnswer> answer_retention(const Source& h, const ShopSettings& s, const Question& q);
Result<CohortAnswer> answer_cohorts(const Source& h, const ShopSettings& s, const Question& q);
Result<ValueAnswer> answer_value(const Source& h, const ShopSettings& s, const Question& q);
Result<CostAnswer> answer_cost(const Source& h, const ShopSettings& s, const Question& q);
Result<ClaimsAnswer> answer_claims(const Source& h, const ShopSettings& s, const Question& q);
Result<WhatIfAnswer> answer_whatif(const Source& h, const ShopSettings& s, const Question& q);
// `behind`: a count's field name ("retained", "lost", "new", "buyers", ...; the numerator of a rate by the rate's name)
// in the answer to `q`, whose [from, to) must then be one period (else the last complete one is meant), or
// "cohort:2024-01-01:3" (a cell), "cohort:2024-01-01" (the cohort). As many rows as the number says.
Result<BehindAnswer> customers_behind(const Source& h, const ShopSettings& s, const Question& q,
                                      std::string_view behind);

// Slipping away: active, but silent longer than 9 in 10 of their own gaps (the shop's, with fewer than 5 gaps).
struct Slipping {
  std::uint32_t customer = 0;
  int silent_days = 0, usual_days = 0;
  std::int64_t at_stake_minor = 0;
  std::uint64_t orders = 0;
  calendar::Day last_order;
};
struct SlippingAnswer {
  Basics basics;
  std::vector<Slipping> rows;
  std::int64_t at_stake_minor = 0;
};  // by money at stake, descending
Result<SlippingAnswer> answer_slipping(const Source& h, const ShopSettings& s, const Question& q);

// What changed between two neighbouring periods: customers x frequency x AOV, in parts that sum exactly to the change.
struct ChangeAnswer {
  Basics basics;
  PeriodHead before, after;
  std::int64_t revenue_before_minor = 0, revenue_after_minor = 0;
  std::int64_t by_customers_minor = 0, by_frequency_minor = 0, by_order_value_minor = 0;  // sum == after - before
};
Result<std::optional<ChangeAnswer>> answer_change(const Source& h, const ShopSettings& s, const Question& q);

}  // namespace behoud::retention
