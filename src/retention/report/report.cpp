#include "retention/report/report.h"

#include <algorithm>
#include <cstdint>
#include <map>

#include "base/together.h"
#include "retention/internal/compare.h"
#include "retention/internal/counted.h"
#include "retention/report/internal/standing.h"

namespace behoud::retention::report {

namespace {

constexpr std::size_t kPlacesMax = 5;  // of rejected rows, for each reason

// The calendar grain after `g`: what a table takes that would be too fine.
std::optional<calendar::Grain> coarser(calendar::Grain g) {
  using Unit = calendar::Grain::Unit;
  switch (g.unit) {
    case Unit::kDay:
    case Unit::kDays:
      return calendar::Grain{Unit::kWeek, 1};
    case Unit::kWeek:
    case Unit::kWeeks:
      return calendar::Grain{Unit::kMonth, 1};
    case Unit::kMonth:
    case Unit::kMonths:
      return calendar::Grain{Unit::kQuarter, 1};
    case Unit::kQuarter:
      return calendar::Grain{Unit::kYear, 1};
    case Unit::kYear:
      break;
  }
  return std::nullopt;
}

template <class Row>
const Row* row_at(const std::vector<Row>& rows, calendar::Day start) {
  const auto it = std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.head.period_start == start; });
  return it == rows.end() ? nullptr : &*it;
}
template <class Row>
std::optional<Row> copied(const Row* row) {
  return row ? std::optional<Row>(*row) : std::nullopt;
}

Headline make_headline(const RetentionAnswer& retention, const ValueAnswer& value, const RetentionRow& now) {
  Headline h;
  h.now = now;
  if (const ValueRow* v = row_at(value.rows, now.head.period_start)) h.value = *v;
  const RetentionRow* previous = nullptr;
  for (const RetentionRow& r : retention.rows) {
    if (r.head.period_end == now.head.period_start) previous = &r;
  }
  const calendar::Day a_year_ago = a_year_before(retention.basics.grain, now.head.period_start);
  const RetentionRow* year = row_at(retention.rows, a_year_ago);
  if (year == previous) year = nullptr;  // grain year: they are one
  h.previous = copied(previous);
  h.year_earlier = copied(year);
  if (previous) h.previous_value = copied(row_at(value.rows, previous->head.period_start));
  if (year) h.year_earlier_value = copied(row_at(value.rows, a_year_ago));
  return h;
}

Reading make_reading(const ingest::ReadFacts& facts) {
  Reading r;
  r.files = facts.files;
  r.notices = facts.notices;
  r.rows = facts.rows;
  r.orders = facts.orders;
  r.rejected = facts.rejected_count;
  r.reasons_complete = facts.rejected.size() == facts.rejected_count;
  std::map<std::string, RejectedReason> reasons;
  for (const ingest::Rejected& x : facts.rejected) {
    RejectedReason& reason = reasons[x.reason];
    reason.reason = x.reason;
    ++reason.rows;
    if (reason.places.size() < kPlacesMax) reason.places.push_back(x.place);
  }
  for (auto& [key, reason] : reasons) r.reasons.push_back(std::move(reason));
  std::stable_sort(r.reasons.begin(), r.reasons.end(), [](const auto& a, const auto& b) { return a.rows > b.rows; });
  return r;
}

// Cohorts in the grain asked for, if that is not too fine for a table; a coarser one begins anew, at the first order.
Question cohort_question(const Question& q, const Report& r) {
  Question out = q;
  out.mode = CohortMode::kOn;
  if (!r.first_day || !r.last_day) return out;
  const auto periods = [&](calendar::Grain g) {
    std::size_t n = 1;
    for (calendar::Day d = calendar::floor_to(g, *r.first_day, *r.first_day); n <= kCohortsMax; ++n) {
      d = calendar::next(g, d, *r.first_day);
      if (d > *r.last_day) break;
    }
    return n;
  };
  while (periods(out.grain) > kCohortsMax) {
    const auto next = coarser(out.grain);
    if (!next) break;
    out.grain = *next;
    out.from = out.to = std::nullopt;
  }
  return out;
}

template <class Answer>
Result<void> put(Answer& out, Result<Answer> answer) {
  if (!answer) return std::unexpected(std::move(answer).error());
  out = std::move(*answer);
  return {};
}

// Questions that share nothing but the shop, on two threads. Errors: that of the first question that has one, whoever
// is done first.
Result<void> ask_together(const std::vector<std::function<Result<void>()>>& questions) {
  std::vector<Result<void>> outcomes(questions.size());
  std::vector<std::function<void()>> tasks;
  tasks.reserve(questions.size());
  for (std::size_t i = 0; i < questions.size(); ++i) {
    tasks.emplace_back([&, i] { outcomes[i] = questions[i](); });
  }
  run_together(tasks);
  for (Result<void>& outcome : outcomes) TRY(std::move(outcome));
  return {};
}

std::vector<Warning> make_warnings(const Report& r) {
  std::vector<Warning> out;
  if (!r.headline) {
    const BridgeLine* all = r.bridge.find("orders");
    out.push_back(all && all->count == 0 && r.files.empty() ? Warning::kEmpty : Warning::kNoOrders);
  } else {
    const RetentionRow& now = r.headline->now;
    if (!now.head.complete) out.push_back(Warning::kNoCompletePeriod);
    if (now.head.warming_up) {
      out.push_back(Warning::kAllWarmingUp);
    } else if (now.head.new_at_most) {
      out.push_back(Warning::kNewAtMost);
    }
    if (now.customers_start < kFewCustomers && !now.head.warming_up) out.push_back(Warning::kFewCustomers);
  }
  if (r.basics.currency.empty()) out.push_back(Warning::kNoCurrency);
  return out;
}

}  // namespace

std::string_view name(Warning w) {
  switch (w) {
    case Warning::kEmpty:
      return "empty";
    case Warning::kNoOrders:
      return "no_orders";
    case Warning::kNoCompletePeriod:
      return "no_complete_period";
    case Warning::kAllWarmingUp:
      return "all_warming_up";
    case Warning::kNewAtMost:
      return "new_at_most";
    case Warning::kNoCurrency:
      return "no_currency";
    case Warning::kFewCustomers:
      break;
  }
  return "few_customers";
}

const RetentionRow* headline_row(const RetentionAnswer& answer) {
  const RetentionRow* row = nullptr;
  for (const RetentionRow& r : answer.rows) {
    if (r.head.complete || !row) row = &r;
  }
  // Nothing is complete: the period that is running.
  if (row && !row->head.complete) row = &answer.rows.back();
  return row;
}

Result<Report> make_report(const Source& of, const ingest::ReadFacts& facts, const ShopSettings& settings,
                           const ReportOptions& options) {
  // What its questions share is kept for them, whoever asked.
  const Prepared own;
  const Source source(of.histories, of.prepared != nullptr ? of.prepared : &own);
  const timeline::Histories& h = source.histories;
  Report r;
  r.sample = h.is_sample;
  r.files = options.files;
  r.window_choice = options.window_choice;
  r.reading = make_reading(facts);
  Question q = options.question;
  q.split = Split::kNone;
  q.mode = CohortMode::kOn;

  TRY_ASSIGN(const Shop shop, Shop::open(source, settings, q));
  TRY_ASSIGN(const Counted counted, Counted::create(shop, q));
  TRY_ASSIGN(r.retention, answer_retention(shop, q, counted));
  r.basics = r.retention.basics;
  const auto& sums = shop.view->shared<OrderSumsByStanding>([&] { return sum_orders(h, shop.now.at); });
  TRY_ASSIGN(r.bridge, make_bridge(h, facts, sums));

  r.first_day = shop.purchases->first_day;
  r.last_day = shop.purchases->last_day;
  r.customers = shop.purchases->buyers;
  const RetentionRow* now = headline_row(r.retention);
  const bool orders_asked = q.basis == Basis::kOrders;
  if (!now || (orders_asked && r.customers == 0)) {
    r.warnings = make_warnings(r);
    return r;
  }

  const Question cohorts = cohort_question(q, r);
  r.cohort_grain = cohorts.grain;

  Question later = cohorts;
  later.mode = CohortMode::kOnOrAfter;
  SlippingAnswer slipping;
  const bool whole = !options.headline_alone;
  Result<void> asked = ask_together({
      [&] { return whole ? put(r.cohorts_on, answer_cohorts(shop, cohorts)) : Result<void>(); },
      [&] { return whole ? put(r.cohorts_on_or_after, answer_cohorts(shop, later)) : Result<void>(); },
      [&] { return put(slipping, answer_slipping(shop)); },
      [&] { return put(r.value, answer_value(shop, q, counted)); },
      [&] { return whole ? put(r.cost, answer_cost(shop, q, counted)) : Result<void>(); },
      [&] { return put(r.change, answer_change(shop, counted)); },
      [&]() -> Result<void> {
        if (!whole) return {};
        TRY_ASSIGN(const LastYear year, last_year(shop));
        TRY(put(r.claims, answer_claims(shop, year)));
        r.whatif = what_if(shop, year, settings.what_if_points);
        return {};
      },
  });
  TRY(std::move(asked));
  r.slipping.customers = slipping.rows.size();
  r.slipping.at_stake_minor = slipping.at_stake_minor;
  if (!slipping.rows.empty()) r.slipping.command = list_command("slipping_away", q, options.data_dir);
  for (const Slipping& s : slipping.rows) {
    if (r.slipping.rows.size() >= options.slipping_rows) break;
    const std::string& label = s.customer < h.customer_label.size() ? h.customer_label[s.customer] : std::string();
    r.slipping.rows.push_back({label.empty() ? h.customer_key[s.customer] : label, s.orders, s.silent_days,
                               s.usual_days, s.at_stake_minor, s.last_order});
  }
  r.actions =
      make_actions({source, facts, r.bridge, slipping, now, q, r.basics.window_days, r.basics.as_of, options.files,
                    options.reading_arguments, options.data_dir, options.headline_alone ? SIZE_MAX : kActionsMax});

  r.headline = make_headline(r.retention, r.value, *now);
  if (!options.files.empty()) {
    r.first_command = "behoud import orders";
    for (const std::string& file : options.files) r.first_command.append(" ").append(file_word(file));
    for (const std::string& word : options.reading_arguments) r.first_command.append(" ").append(shell_word(word));
  }
  r.warnings = make_warnings(r);
  return r;
}

}  // namespace behoud::retention::report
