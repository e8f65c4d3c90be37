#pragma once

// The questions asked of a shop that is opened once, and of periods that are counted once: a report asks ten of them of
// one moment, window and basis. Each gives what the function of its name in answers.h gives, which opens and counts for
// itself. The shop must have been opened for a question that differs from `q` in periods, grain, split and mode alone.

#include "retention/internal/last_year.h"
#include "retention/internal/tally.h"

namespace behoud::retention {

// All counts of a question's periods.
struct Counted {
  Axis axis;
  SplitOf split;
  Tally tally;

  // Errors: those of Shop::axis and tally().
  static Result<Counted> create(const Shop& shop, const Question& q);
  static Result<Counted> create(const Shop& shop, Axis axis, SplitOf split);
};

Result<RetentionAnswer> answer_retention(const Shop& shop, const Question& q, const Counted& counted);
Result<ValueAnswer> answer_value(const Shop& shop, const Question& q, const Counted& counted);
Result<CostAnswer> answer_cost(const Shop& shop, const Question& q, const Counted& counted);  // without a split
Result<std::optional<ChangeAnswer>> answer_change(const Shop& shop, const Counted& counted);  // without a split
// The same between any two periods that were counted. Errors: kOutOfRange.
Result<ChangeAnswer> change_between(const Basics& basics, const RetentionRow& before, const RetentionRow& after);
Result<ClaimsAnswer> answer_claims(const Shop& shop, const LastYear& year);
Result<CohortAnswer> answer_cohorts(const Shop& shop, const Question& q);
Result<SlippingAnswer> answer_slipping(const Shop& shop);

}  // namespace behoud::retention
