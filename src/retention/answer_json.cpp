#include "retention/answer_json.h"

#include <span>
#include <utility>

#include "base/json_writer.h"

namespace behoud::retention {
namespace {

using calendar::to_string;
using Field = std::pair<std::string_view, std::string_view>;

// What a field means, in the words of docs/definitions.md; W is the window.
constexpr Field kRetentionFields[] = {
    {"customers_start", "active at period_start"},
    {"customers_end", "active at period_end"},
    {"new", "became a customer in the period and active at its end"},
    {"one_and_gone", "became a customer in the period and no longer active at its end"},
    {"reactivated", "lapsed at period_start and active at period_end"},
    {"retained", "active at period_start and at period_end"},
    {"lost", "active at period_start and not at period_end"},
    {"crr", "(customers_end - new) / customers_start"},
    {"crr_strict", "retained / customers_start"},
    {"churn_rate", "lost / customers_start"},
    {"returning_rate", "of all who had ordered before the period, the share that ordered in it"},
    {"returning_rate_active", "of customers_start, the share that ordered in the period"},
    {"repeat_rate", "buyers with two or more counted orders in the period / buyers"},
};
constexpr Field kSubscriptionFields[] = {
    {"paused", "of customers_end, those whose subscriptions are paused"},
    {"in_trial", "in a trial at period_end, and not yet a customer"},
    {"trial_converted", "of the trials that ended in the period, those that became paid"},
    {"gross_retention", "subscription revenue kept from the customers at period_start, without expansion"},
    {"net_retention", "subscription revenue kept from the customers at period_start, with expansion"},
};
constexpr Field kCohortFields[] = {
    {"size", "customers who became customers in the cohort's period"},
    {"k", "calendar periods since the cohort's own, which is 0"},
    {"rate", "customers / size"},
    {"cumulative_revenue_minor", "revenue of the cohort up to the end of period k"},
};
constexpr Field kModeFields[] = {
    {"on", "with a counted order in period k"},
    {"on_or_after", "with a counted order in period k or any later one up to as_of"},
    {"active", "active at the end of period k"},
};
constexpr Field kValueFields[] = {
    {"orders", "counted orders"},
    {"buyers", "distinct customers with a counted order"},
    {"gross_minor", "before refunds, after discounts, without tax and shipping where the source says so"},
    {"revenue_minor", "gross less refunds known at as_of"},
    {"margin_minor", "revenue less item cost, else revenue x the shop's margin rate"},
    {"aov_minor", "revenue / orders"},
    {"purchase_frequency", "orders / buyers"},
    {"items_per_order", "units / orders"},
    {"customer_value_minor", "aov x purchase_frequency"},
    {"lifespan", "1 / churn_rate over the spans of W days ending at as_of, in such spans"},
    {"clv_minor", "customer_value x lifespan, over spans of W days ending at as_of"},
    {"value_to_date_minor", "revenue so far per customer"},
    {"value_per_active_minor", "revenue / mean(customers_start, customers_end)"},
    {"repeat_rate", "buyers with two or more counted orders in the period / buyers"},
};
constexpr Field kCostFields[] = {
    {"crc_total_minor", "all retention cost in the period"},
    {"crc_minor", "crc_total / customers_end"},
    {"crc_per_retained_minor", "crc_total / retained"},
    {"acquisition_cost_minor", "all acquisition cost in the period"},
    {"cac_minor", "acquisition cost / (new + one_and_gone)"},
    {"acquisition_roi", "(margin of the new customers within 12 months - acquisition cost) / acquisition cost"},
    {"payback_months", "months until the new customers' margin has paid their acquisition"},
};
constexpr Field kClaimFields[] = {
    {"value", "the shop's own figure"},
    {"published_low", "the published claim, from"},
    {"published_high", "the published claim, to"},
    {"verdict", "true, false or cannot_tell"},
};
constexpr Field kWhatIfFields[] = {
    {"extra_customers", "x_0 = 0, x_m = x_(m-1) retained_m / customers_start_m + (points / 100) customers_start_m"},
    {"worth_minor", "sum over m of x_m revenue_m / mean(customers_start_m, customers_end_m)"},
};
constexpr Field kBehindFields[] = {
    {"orders", "counted orders of the customer"},
    {"revenue_minor", "after refunds known at as_of"},
    {"last_order", "day of the last counted order"},
};

void text_or_null(JsonWriter& json, std::string_view name, std::string_view text) {
  json.key(name);
  text.empty() ? json.null() : json.value(text);
}

void day_or_null(JsonWriter& json, std::string_view name, std::optional<calendar::Day> day) {
  json.key(name);
  day ? json.value(to_string(*day)) : json.null();
}

void rate(JsonWriter& json, std::string_view name, const Rate& r) {
  json.key(name);
  write_json(json, r);
}

// Opens the document up to and with the open object of definitions, to which a caller may add.
void begin(JsonWriter& json, const Basics& b) {
  json.begin_object().field("as_of", to_string(b.as_of)).field("revision", b.revision);
  day_or_null(json, "history_start", b.history_start);
  json.key("definitions").begin_object();
  json.field("grain", calendar::to_string(b.grain)).field("window_days", b.window_days);
  json.field("basis", name(b.basis)).field("timezone", b.zone);
  text_or_null(json, "currency", b.currency);
}

void fields(JsonWriter& json, std::span<const Field> known) {
  for (const auto& [field, meaning] : known) json.field(field, meaning);
}

// Closes the definitions with what the fields mean.
void define(JsonWriter& json, std::span<const Field> known) {
  json.key("fields").begin_object();
  fields(json, known);
  json.end_object().end_object();
}

void head(JsonWriter& json, const PeriodHead& h) {
  json.field("period_start", to_string(h.period_start)).field("period_end", to_string(h.period_end));
  json.field("complete", h.complete).field("warming_up", h.warming_up).field("new_at_most", h.new_at_most);
  day_or_null(json, "evaluated_to", h.evaluated_to);
  text_or_null(json, "split", h.split);
}

template <class Row, class Write>
void rows(JsonWriter& json, const std::vector<Row>& all, Write write) {
  json.key("rows").begin_array();
  for (const Row& row : all) {
    json.begin_object();
    write(row);
    json.end_object();
  }
  json.end_array();
}

}  // namespace

std::string_view name(Basis basis) {
  switch (basis) {
    case Basis::kOrders:
      return "orders";
    case Basis::kSubscriptions:
      return "subscriptions";
    case Basis::kRelation:
      return "relation";
    case Basis::kEvents:
      return "events";
  }
  return "";
}

std::string_view name(Split split) {
  switch (split) {
    case Split::kNone:
      return "none";
    case Split::kSource:
      return "source";
    case Split::kCountry:
      return "country";
    case Split::kItem:
      return "item";
    case Split::kCoupon:
      return "coupon";
  }
  return "";
}

std::string_view name(CohortMode mode) {
  switch (mode) {
    case CohortMode::kOn:
      return "on";
    case CohortMode::kOnOrAfter:
      return "on_or_after";
    case CohortMode::kActive:
      return "active";
  }
  return "";
}

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kTrue:
      return "true";
    case Verdict::kFalse:
      return "false";
    case Verdict::kCannotTell:
      return "cannot_tell";
  }
  return "";
}

void write_json(JsonWriter& json, const Rate& r) {
  json.begin_object().field("value", r.value).field("n", r.n).field("d", r.d);
  json.field("low", r.low).field("high", r.high).end_object();
}

void write_json(JsonWriter& json, const RetentionAnswer& a) {
  begin(json, a.basics);
  json.key("fields").begin_object();
  fields(json, kRetentionFields);
  if (a.basics.basis == Basis::kSubscriptions) fields(json, kSubscriptionFields);
  json.end_object().end_object();
  rows(json, a.rows, [&](const RetentionRow& r) {
    head(json, r.head);
    json.field("customers_start", r.customers_start).field("customers_end", r.customers_end);
    json.field("new", r.new_customers).field("one_and_gone", r.one_and_gone).field("reactivated", r.reactivated);
    json.field("retained", r.retained).field("lost", r.lost);
    rate(json, "crr", r.crr);
    rate(json, "crr_strict", r.crr_strict);
    rate(json, "churn_rate", r.churn_rate);
    rate(json, "returning_rate", r.returning_rate);
    rate(json, "returning_rate_active", r.returning_rate_active);
    json.field("orders", r.orders).field("buyers", r.buyers);
    json.field("gross_minor", r.gross_minor).field("revenue_minor", r.revenue_minor);
    rate(json, "repeat_rate", r.repeat_rate);
    if (a.basics.basis != Basis::kSubscriptions) return;
    json.field("paused", r.paused).field("in_trial", r.in_trial);
    rate(json, "trial_converted", r.trial_converted.value_or(Rate{}));
    json.field("gross_retention", r.gross_retention).field("net_retention", r.net_retention);
  });
  json.end_object();
}

void write_json(JsonWriter& json, const CohortAnswer& a) {
  begin(json, a.basics);
  json.field("mode", name(a.mode)).key("fields").begin_object();
  const auto& mode = kModeFields[static_cast<std::size_t>(a.mode)];
  json.field("customers", mode.second);
  fields(json, kCohortFields);
  json.end_object().end_object();
  rows(json, a.rows, [&](const CohortRow& r) {
    json.field("cohort", to_string(r.cohort));
    text_or_null(json, "split", r.split);
    json.field("warming_up", r.warming_up).field("size", r.size).key("cells").begin_array();
    for (const CohortCell& c : r.cells) {
      json.begin_object().field("k", c.k).field("complete", c.complete).field("customers", c.customers);
      rate(json, "rate", c.rate);
      json.field("revenue_minor", c.revenue_minor).field("cumulative_revenue_minor", c.cumulative_revenue_minor);
      json.end_object();
    }
    json.end_array();
  });
  json.key("means").begin_array();
  for (const CohortMean& m : a.means) {
    json.begin_object().field("k", m.k).field("weighted", m.weighted).field("plain", m.plain);
    json.field("cohorts", m.cohorts).end_object();
  }
  json.end_array().end_object();
}

void write_json(JsonWriter& json, const ValueAnswer& a) {
  begin(json, a.basics);
  define(json, kValueFields);
  rows(json, a.rows, [&](const ValueRow& r) {
    head(json, r.head);
    json.field("orders", r.orders).field("buyers", r.buyers);
    json.field("gross_minor", r.gross_minor).field("revenue_minor", r.revenue_minor);
    json.field("margin_minor", r.margin_minor).field("aov_minor", r.aov_minor);
    json.field("purchase_frequency", r.purchase_frequency).field("items_per_order", r.items_per_order);
    json.field("customer_value_minor", r.customer_value_minor).field("lifespan", r.lifespan);
    json.field("clv_minor", r.clv_minor).field("value_to_date_minor", r.value_to_date_minor);
    json.field("value_per_active_minor", r.value_per_active_minor);
    rate(json, "repeat_rate", r.repeat_rate);
  });
  json.end_object();
}

void write_json(JsonWriter& json, const CostAnswer& a) {
  begin(json, a.basics);
  define(json, kCostFields);
  rows(json, a.rows, [&](const CostRow& r) {
    head(json, r.head);
    json.field("crc_total_minor", r.crc_total_minor).field("crc_minor", r.crc_minor);
    json.field("crc_per_retained_minor", r.crc_per_retained_minor);
    json.field("acquisition_cost_minor", r.acquisition_cost_minor).field("cac_minor", r.cac_minor);
    json.field("acquisition_roi", r.acquisition_roi).field("payback_months", r.payback_months);
  });
  json.end_object();
}

void write_json(JsonWriter& json, const ClaimsAnswer& a) {
  begin(json, a.basics);
  define(json, kClaimFields);
  rows(json, a.rows, [&](const Claim& c) {
    json.field("name", c.name).field("published_low", c.published_low).field("published_high", c.published_high);
    json.field("value", c.value).field("low", c.low).field("high", c.high).field("people", c.people);
    json.field("verdict", name(c.verdict));
    text_or_null(json, "why", c.why);
  });
  json.end_object();
}

void write_json(JsonWriter& json, const WhatIfAnswer& a) {
  begin(json, a.basics);
  json.field("points", a.points);
  define(json, kWhatIfFields);
  json.field("worth_minor", a.worth_minor).field("share_of_revenue", a.share_of_revenue);
  json.field("share_of_margin", a.share_of_margin);
  rows(json, a.rows, [&](const WhatIfAnswer::Month& m) {
    json.field("month", to_string(m.month)).field("extra_customers", m.extra_customers);
    json.field("extra_revenue_minor", m.extra_revenue_minor);
  });
  json.end_object();
}

void write_json(JsonWriter& json, const BehindAnswer& a) {
  begin(json, a.basics);
  define(json, kBehindFields);
  rows(json, a.rows, [&](const CustomerRow& r) {
    json.field("customer", r.customer).field("orders", r.orders).field("revenue_minor", r.revenue_minor);
    day_or_null(json, "last_order", r.last_order);
  });
  json.end_object();
}

}  // namespace behoud::retention
