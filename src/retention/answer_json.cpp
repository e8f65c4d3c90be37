#include "retention/answer_json.h"

#include <span>
#include <utility>

#include "base/json_writer.h"
#include "retention/called.h"
#include "retention/fields.h"

namespace behoud::retention {
namespace {

using calendar::to_string;

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

// Opens the document up to the rows: what it was computed from (`more` adds the question's own settings), what each of
// its fields means, and the money that is in none of its sums.
template <class More>
void begin(JsonWriter& json, const Basics& b, Unconverted unconverted, const std::vector<Field>& fields, More more) {
  json.begin_object().key("as_of");
  b.as_of_known ? json.value(to_string(b.as_of)) : json.null();
  json.field("revision", b.revision);
  day_or_null(json, "history_start", b.history_start);
  json.key("definitions").begin_object();
  json.field("grain", calendar::to_string(b.grain)).field("window_days", b.window_days);
  json.field("basis", name(b.basis)).field("timezone", b.zone);
  text_or_null(json, "currency", b.currency);
  more();
  for (const Field& field : fields) json.field(field.name, field.meaning);
  json.end_object();
  if (unconverted.empty()) return;
  json.key("unconverted").begin_array();
  for (const timeline::Unconverted& u : unconverted) {
    json.begin_object().field("currency", u.currency.code()).field("orders", u.orders);
    json.field("gross_minor", u.gross_minor).end_object();
  }
  json.end_array();
}
void begin(JsonWriter& json, const Basics& b, Unconverted unconverted, const std::vector<Field>& fields) {
  begin(json, b, unconverted, fields, [] {});
}

void head(JsonWriter& json, const PeriodHead& h) {
  json.field("period_start", to_string(h.period_start)).field("period_end", to_string(h.period_end));
  json.field("complete", h.complete).field("warming_up", h.warming_up).field("new_at_most", h.new_at_most);
  day_or_null(json, "evaluated_to", h.evaluated_to);
  text_or_null(json, "split", h.split);
}

template <class Row, class Write>
void rows(JsonWriter& json, const std::vector<Row>& all, const Write& write) {
  json.key("rows").begin_array();
  for (const Row& row : all) {
    json.begin_object();
    write(row);
    json.end_object();
  }
  json.end_array();
}

// Opens a comparison, up to its rows.
template <class Comparison>
void begin_comparison(JsonWriter& json, const Comparison& c) {
  json.key("comparison").begin_object().field("compare", name(c.with));
  if constexpr (requires { c.as_of; }) {
    json.key("as_of");
    c.as_of ? json.value(to_string(*c.as_of)) : json.null();
  }
  day_or_null(json, "from", c.from);
  day_or_null(json, "to", c.to);
}

// Rows and, where there is one, the comparison's beside them.
template <class Answer, class Write>
void compared_rows(JsonWriter& json, const Answer& a, const Write& write) {
  rows(json, a.rows, write);
  if (!a.comparison) return;
  begin_comparison(json, *a.comparison);
  rows(json, a.comparison->rows, write);
  json.end_object();
}

void means(JsonWriter& json, const std::vector<CohortMean>& all) {
  json.key("means").begin_array();
  for (const CohortMean& m : all) {
    json.begin_object().field("k", m.k).field("weighted", m.weighted).field("plain", m.plain);
    json.field("cohorts", m.cohorts).field("customers", m.customers).field("size", m.size).end_object();
  }
  json.end_array();
}

}  // namespace

std::string_view name(Compare compare) {
  switch (compare) {
    case Compare::kPrevious:
      return "previous";
    case Compare::kLastYear:
      return "last_year";
  }
  return "";
}

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

void write_json(JsonWriter& json, const RetentionAnswer& a, Unconverted unconverted) {
  begin(json, a.basics, unconverted, retention_fields(a.basics.basis));
  compared_rows(json, a, [&](const RetentionRow& r) {
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

void write_json(JsonWriter& json, const CohortAnswer& a, Unconverted unconverted) {
  begin(json, a.basics, unconverted, cohort_fields(a.mode), [&] { json.field("mode", name(a.mode)); });
  const auto row = [&](const CohortRow& r) {
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
  };
  rows(json, a.rows, row);
  means(json, a.means);
  if (a.comparison) {
    begin_comparison(json, *a.comparison);
    day_or_null(json, "evaluated_to", a.comparison->evaluated_to);
    rows(json, a.comparison->rows, row);
    means(json, a.comparison->means);
    json.end_object();
  }
  json.end_object();
}

void write_json(JsonWriter& json, const ValueAnswer& a, Unconverted unconverted) {
  begin(json, a.basics, unconverted, value_fields());
  compared_rows(json, a, [&](const ValueRow& r) {
    head(json, r.head);
    json.field("orders", r.orders).field("buyers", r.buyers);
    json.field("gross_minor", r.gross_minor).field("revenue_minor", r.revenue_minor);
    json.field("margin_minor", r.margin_minor).field("aov_minor", r.aov_minor);
    json.field("purchase_frequency", r.purchase_frequency).field("items_per_order", r.items_per_order);
    json.field("customer_value_minor", r.customer_value_minor).field("lifespan", r.lifespan);
    json.field("clv_minor", r.clv_minor).field("value_to_date_minor", r.value_to_date_minor);
    json.field("value_per_active_minor", r.value_per_active_minor);
    rate(json, "repeat_rate", r.repeat_rate);
    json.field("units", r.units).field("customers_start", r.customers_start).field("customers_end", r.customers_end);
    json.field("buyers_to_date", r.buyers_to_date).field("revenue_to_date_minor", r.revenue_to_date_minor);
    const auto of_spans = [&](const char* field, auto member) {
      json.field(field, r.spans ? std::optional((*r.spans).*member) : std::nullopt);
    };
    of_spans("lifespan_customers_start", &ValueRow::Spans::customers_start);
    of_spans("lifespan_lost", &ValueRow::Spans::lost);
    of_spans("lifespan_buyers", &ValueRow::Spans::buyers);
    of_spans("lifespan_revenue_minor", &ValueRow::Spans::revenue_minor);
  });
  json.end_object();
}

void write_json(JsonWriter& json, const CostAnswer& a, Unconverted unconverted) {
  begin(json, a.basics, unconverted, cost_fields());
  compared_rows(json, a, [&](const CostRow& r) {
    head(json, r.head);
    json.field("crc_total_minor", r.crc_total_minor).field("crc_minor", r.crc_minor);
    json.field("crc_per_retained_minor", r.crc_per_retained_minor);
    json.field("acquisition_cost_minor", r.acquisition_cost_minor).field("cac_minor", r.cac_minor);
    json.field("acquisition_roi", r.acquisition_roi).field("payback_months", r.payback_months);
    json.field("customers_end", r.customers_end).field("retained", r.retained).field("new", r.new_customers);
    json.field("one_and_gone", r.one_and_gone).field("newcomers_margin_minor", r.newcomers_margin_minor);
  });
  json.end_object();
}

void write_json(JsonWriter& json, const ClaimsAnswer& a, Unconverted unconverted) {
  begin(json, a.basics, unconverted, claim_fields());
  compared_rows(json, a, [&](const Claim& c) {
    json.field("name", c.name).field("published_low", c.published_low).field("published_high", c.published_high);
    json.field("value", c.value).field("low", c.low).field("high", c.high).field("people", c.people);
    json.field("verdict", name(c.verdict));
    text_or_null(json, "why", c.why);
  });
  json.end_object();
}

void write_json(JsonWriter& json, const WhatIfAnswer& a, Unconverted unconverted) {
  begin(json, a.basics, unconverted, what_if_fields(), [&] { json.field("points", a.points); });
  json.field("worth_minor", a.worth_minor).field("share_of_revenue", a.share_of_revenue);
  json.field("share_of_margin", a.share_of_margin);
  const auto month = [&](const WhatIfAnswer::Month& m) {
    json.field("month", to_string(m.month)).field("extra_customers", m.extra_customers);
    json.field("extra_revenue_minor", m.extra_revenue_minor);
  };
  rows(json, a.rows, month);
  if (a.comparison) {
    begin_comparison(json, *a.comparison);
    json.field("worth_minor", a.comparison->worth_minor).field("share_of_revenue", a.comparison->share_of_revenue);
    json.field("share_of_margin", a.comparison->share_of_margin);
    rows(json, a.comparison->rows, month);
    json.end_object();
  }
  json.end_object();
}

namespace {

// `called`: null, or what the customers of the rows are called.
void write_behind(JsonWriter& json, const BehindAnswer& a, const Called* called, Unconverted unconverted) {
  std::vector<Field> fields = behind_fields();
  if (called) {
    for (const Field& field : person_fields()) {
      if (field.name == "email" || field.name == "name") fields.push_back(field);
    }
  }
  begin(json, a.basics, unconverted, fields);
  rows(json, a.rows, [&](const CustomerRow& r) {
    json.field("customer", r.customer);
    if (called) {
      text_or_null(json, "email", called->email);
      text_or_null(json, "name", called->name);
      ++called;
    }
    json.field("orders", r.orders).field("revenue_minor", r.revenue_minor);
    day_or_null(json, "last_order", r.last_order);
  });
  if (a.page) json.field("next", a.page->next).field("total", a.page->total);
  json.end_object();
}

}  // namespace

void write_json(JsonWriter& json, const BehindAnswer& a, Unconverted unconverted) {
  write_behind(json, a, nullptr, unconverted);
}

void write_json(JsonWriter& json, const CalledAnswer& a, Unconverted unconverted) {
  static const Called kNobody;
  write_behind(json, a, a.called.empty() ? &kNobody : a.called.data(), unconverted);
}

}  // namespace behoud::retention
