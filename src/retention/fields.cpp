#include "retention/fields.h"

#include <initializer_list>

namespace behoud::retention {
namespace {

using Fields = std::vector<Field>;

Fields joined(std::initializer_list<Fields> parts) {
  Fields out;
  for (const Fields& part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

Fields head() {
  return {
      {"period_start", "The first day of the period."},
      {"period_end", "The day after the last of the period."},
      {"complete", "Whether the period has ended at as_of; one that has not is read at as_of instead of its end."},
      {"warming_up",
       "Whether the period begins less than W days after the history does, so that earlier customers cannot be seen."},
      {"new_at_most",
       "Whether new customers may be old ones that the history does not reach back to (less than 4 W days)."},
      {"evaluated_to", "The day before whose start an unfinished period is read; null in a complete one."},
      {"split", "The value of the split, from each customer's first counted order; null without a split or a value."},
  };
}

Fields purchases() {
  return {
      {"orders", "Counted orders in the period."},
      {"buyers", "Distinct customers with a counted order in the period."},
      {"gross_minor", "Money of the counted orders before refunds, after discounts, without tax and shipping."},
      {"revenue_minor", "gross_minor less the refunds that are known at as_of."},
  };
}

const Field kRepeatRate{"repeat_rate", "Of the buyers, the share with two or more counted orders in the period."};

}  // namespace

Fields retention_fields(Basis basis) {
  const Fields customers = {
      {"customers_start", "Customers active at the start of the period (S)."},
      {"customers_end", "Customers active at the end of the period (E)."},
      {"new", "Customers who became customers in the period and are active at its end (N)."},
      {"one_and_gone", "Customers who became customers in the period and are no longer active at its end."},
      {"reactivated", "Customers who had lapsed at the start of the period and are active at its end (R)."},
      {"retained", "Customers active at the start and at the end of the period (K)."},
      {"lost", "Customers active at the start of the period and not at its end (L)."},
      {"crr", "Customer retention rate, (E - N) / S: it counts the reactivated as kept and can pass 1."},
      {"crr_strict", "Strict customer retention rate, K / S."},
      {"churn_rate", "L / S, which is 1 - K / S."},
      {"returning_rate", "Of all who had ordered before the period, the share that ordered in it."},
      {"returning_rate_active", "Of the customers active at the start of the period, the share that ordered in it."},
  };
  const Fields subscriptions = {
      {"paused", "Of the customers at the end of the period, those all of whose subscriptions are paused."},
      {"in_trial", "People in a trial at the end of the period who are not yet customers."},
      {"trial_converted", "Of the people whose trial ended in the period, the share that became paying customers."},
      {"gross_retention",
       "Of the recurring revenue of the customers at the start, the share kept at the end, without expansion."},
      {"net_retention", "The same with expansion, so that it can pass 1."},
  };
  return joined(
      {head(), customers, purchases(), {kRepeatRate}, basis == Basis::kSubscriptions ? subscriptions : Fields{}});
}

Fields cohort_fields(CohortMode mode) {
  static constexpr std::string_view kCustomers[] = {
      "Customers of the cohort with a counted order in period k.",
      "Customers of the cohort with a counted order in period k or any later one up to as_of.",
      "Customers of the cohort who are active at the end of period k."};
  return {
      {"cohort", "The first day of the period in which the cohort's customers became customers."},
      {"split", "The value of the split, from each customer's first counted order; null without a split or a value."},
      {"warming_up", "Whether the cohort begins less than W days after the history does; means leave it out."},
      {"size", "Customers who became customers in the cohort's period."},
      {"cells", "What became of the cohort, one cell for each period up to as_of."},
      {"k", "Periods since the cohort's own, which is 0."},
      {"complete", "Whether period k has ended at as_of."},
      {"customers", kCustomers[static_cast<std::size_t>(mode)]},
      {"rate", "customers / size."},
      {"revenue_minor", "Revenue of the cohort in period k."},
      {"cumulative_revenue_minor", "Revenue of the cohort up to the end of period k."},
      {"weighted", "Of all cohorts with a complete cell k: all their customers / all their sizes."},
      {"plain", "Of the same cohorts: the mean of their rates, each counting alike."},
      {"cohorts", "How many cohorts a mean is over."},
  };
}

Fields value_fields() {
  const Fields values = {
      {"margin_minor",
       "Revenue less item cost where items have one, else revenue x the shop's margin rate; null where neither is "
       "known."},
      {"aov_minor", "Average order value, revenue_minor / orders."},
      {"purchase_frequency", "orders / buyers."},
      {"items_per_order", "Units / orders, where the source has units."},
      {"customer_value_minor", "aov_minor x purchase_frequency, which is revenue_minor / buyers."},
      {"lifespan", "1 / churn_rate, in spans of W days, over all such spans that end one after the other at as_of."},
      {"clv_minor", "Customer lifetime value: revenue / buyers of those spans x lifespan; null when nobody was lost."},
      {"value_to_date_minor", "All revenue up to the end of the period / all customers who had ordered by then."},
      {"value_per_active_minor", "revenue_minor / mean(customers at the start, customers at the end)."},
  };
  const Fields made_of = {
      {"units", "Units of the counted orders, where the source has units."},
      {"customers_start", "Customers active at the start of the period (S)."},
      {"customers_end", "Customers active at the end of the period (E)."},
      {"buyers_to_date", "All customers with a counted order before the end of the period."},
      {"revenue_to_date_minor", "All revenue up to the end of the period."},
      {"lifespan_customers_start", "S of the spans that lifespan is over, summed; null in an unfinished period."},
      {"lifespan_lost", "L of those spans, summed."},
      {"lifespan_buyers", "Buyers of those spans, summed."},
      {"lifespan_revenue_minor", "Revenue of those spans, summed."},
  };
  return joined({head(), purchases(), values, {kRepeatRate}, made_of});
}

Fields cost_fields() {
  return joined(
      {head(),
       {
           {"crc_total_minor", "Customer retention cost: all cost of the purpose retention in the period."},
           {"crc_minor", "crc_total_minor / customers at the end of the period."},
           {"crc_per_retained_minor", "crc_total_minor / customers retained in the period."},
           {"acquisition_cost_minor", "All cost of the purpose acquisition in the period."},
           {"cac_minor", "Customer acquisition cost: acquisition_cost_minor / (new + one_and_gone)."},
           {"acquisition_roi",
            "(Margin of the period's new customers within 12 months - acquisition cost) / acquisition cost; "
            "null until the 12 months have passed for all of them."},
           {"payback_months",
            "The first month of the new customers' life by which their margin has paid the acquisition cost; "
            "null while it has not."},
           {"customers_end", "Customers active at the end of the period (E)."},
           {"retained", "Customers active at the start and at the end of the period (K)."},
           {"new", "Customers who became customers in the period and are active at its end (N)."},
           {"one_and_gone", "Customers who became customers in the period and are no longer active at its end."},
           {"newcomers_margin_minor",
            "Margin of the period's new customers within 12 months; null where acquisition_roi is."},
       }});
}

Fields claim_fields() {
  return {
      {"name", "The published claim."},
      {"published_low", "The published figure, from."},
      {"published_high", "The published figure, to."},
      {"value", "The shop's own figure; null where it has none."},
      {"low", "The lower end of the figure's 95 % interval, where it has one."},
      {"high", "The upper end of the figure's 95 % interval, where it has one."},
      {"people", "The people the figure is made from; of two groups, the smaller."},
      {"verdict", "Whether the claim is true for this shop: true, false or cannot_tell."},
      {"why", "Why it cannot be told, as a key of the catalogue; null otherwise."},
  };
}

Fields what_if_fields() {
  return {
      {"month", "The first day of the month m, of the last 12 complete ones."},
      {"extra_customers", "x_m = x_(m-1) K_m / S_m + (points / 100) S_m, with x_0 = 0."},
      {"extra_revenue_minor", "x_m x the month's revenue / mean(S_m, E_m)."},
      {"worth_minor", "The sum of extra_revenue_minor over the 12 months."},
      {"share_of_revenue", "worth_minor / the revenue of the 12 months."},
      {"share_of_margin", "The extra margin, reckoned the same way, / the margin of the 12 months."},
  };
}

Fields behind_fields() {
  return {
      {"customer", "The customer's key, as the source gives it."},
      {"orders", "Counted orders of the customer up to as_of."},
      {"revenue_minor", "Money of those orders less the refunds that are known at as_of."},
      {"last_order", "The day of the last of them."},
  };
}

Fields person_fields() {
  return {
      {"email", "The e-mail address last stated."},
      {"name", "The name last stated."},
      {"country", "The customer's country, else that of the first counted order."},
      {"source", "The customer's source, else that of the first counted order."},
      {"first_order", "The day of the first counted order."},
      {"active", "Whether the customer is active at as_of."},
      {"aov_minor", "revenue_minor / orders."},
      {"usual_gap_days", "What 9 in 10 of the customer's gaps do not exceed; with fewer than 5, of the shop's."},
      {"silent_days", "Days from last_order to as_of."},
      {"lost_on", "The day at whose start the customer is active no more, last_order + W + 1; null while active."},
  };
}

Fields rate_fields() {
  return {
      {"value", "n / d; null when d is 0."},
      {"n", "The numerator."},
      {"d", "The denominator."},
      {"low", "The lower end of the 95 % interval by Wilson; null where the ratio is no proportion."},
      {"high", "The upper end of the 95 % interval by Wilson; null where the ratio is no proportion."},
  };
}

}  // namespace behoud::retention
