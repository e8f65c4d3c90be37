#include "retention/report/json.h"

#include "base/json_writer.h"
#include "retention/answer_json.h"
#include "retention/report/internal/measures.h"
#include "retention/report/internal/words.h"

namespace behoud::retention::report {

namespace {

using calendar::to_string;

void rate(JsonWriter& json, std::string_view key, const Rate& r) {
  json.key(key);
  write_json(json, r);
}
template <class Answer>
void answer(JsonWriter& json, std::string_view key, const Answer& a) {
  json.key(key);
  write_json(json, a);
}

void window(JsonWriter& json, const Report& r) {
  json.key("window").begin_object().field("days", r.basics.window_days).field("chosen", r.window_choice.has_value());
  if (const auto& c = r.window_choice) {
    json.field("why", c->why).field("gaps", c->gaps).field("covered", c->covered).key("candidates").begin_array();
    for (const auto& [days, covered] : c->candidates) {
      json.begin_object().field("days", days).field("covered", covered).end_object();
    }
    json.end_array();
  }
  json.end_object();
}

void headline(JsonWriter& json, const Report& r) {
  json.key("headline");
  if (!r.headline) {
    json.null();
    return;
  }
  const Headline& h = *r.headline;
  const RetentionRow& now = h.now;
  json.begin_object()
      .field("period_start", to_string(now.head.period_start))
      .field("period_end", to_string(now.head.period_end));
  json.field("complete", now.head.complete)
      .field("warming_up", now.head.warming_up)
      .field("new_at_most", now.head.new_at_most);
  json.field("previous_start", h.previous ? std::optional(h.previous->head.period_start) : std::nullopt);
  json.field("year_earlier_start", h.year_earlier ? std::optional(h.year_earlier->head.period_start) : std::nullopt);
  json.field("customers_start", now.customers_start).field("retained", now.retained).field("lost", now.lost);
  json.field("new", now.new_customers).field("one_and_gone", now.one_and_gone).field("reactivated", now.reactivated);
  json.field("customers_end", now.customers_end);
  rate(json, "crr", now.crr);
  rate(json, "crr_strict", now.crr_strict);
  rate(json, "churn_rate", now.churn_rate);
  rate(json, "returning_rate", now.returning_rate);
  rate(json, "returning_rate_active", now.returning_rate_active);
  rate(json, "repeat_rate", now.repeat_rate);
  json.field("orders", now.orders).field("buyers", now.buyers);
  json.field("gross_minor", now.gross_minor).field("revenue_minor", now.revenue_minor);
  json.field("aov_minor", h.value.aov_minor).field("purchase_frequency", h.value.purchase_frequency);
  json.field("customer_value_minor", h.value.customer_value_minor).field("clv_minor", h.value.clv_minor);
  json.end_object();
}

void change(JsonWriter& json, const Report& r) {
  json.key("change");
  if (!r.change) {
    json.null();
    return;
  }
  const ChangeAnswer& c = *r.change;
  json.begin_object()
      .field("before_start", to_string(c.before.period_start))
      .field("before_end", to_string(c.before.period_end));
  json.field("after_start", to_string(c.after.period_start)).field("after_end", to_string(c.after.period_end));
  json.field("revenue_before_minor", c.revenue_before_minor).field("revenue_after_minor", c.revenue_after_minor);
  json.field("by_customers_minor", c.by_customers_minor).field("by_frequency_minor", c.by_frequency_minor);
  json.field("by_order_value_minor", c.by_order_value_minor).end_object();
}

void slipping(JsonWriter& json, const SlippingPart& s) {
  json.key("slipping").begin_object().field("customers", s.customers).field("at_stake_minor", s.at_stake_minor);
  json.key("rows").begin_array();
  for (const SlippingRow& r : s.rows) {
    json.begin_object()
        .field("customer", r.customer)
        .field("orders", r.orders)
        .field("last_order", to_string(r.last_order));
    json.field("silent_days", r.silent_days)
        .field("usual_days", r.usual_days)
        .field("at_stake_minor", r.at_stake_minor);
    json.end_object();
  }
  json.end_array().end_object();
}

void actions(JsonWriter& json, const Report& r) {
  json.key("actions").begin_array();
  for (const Action& a : r.actions) {
    json.begin_object().field("name", a.name).field("people", a.people).field("orders", a.orders);
    json.field("amount_minor", a.amount_minor);
    json.text_or_null("subject", a.subject);
    json.field("rate", a.rate).field("compared_rate", a.compared_rate).field("mean_minor", a.mean_minor);
    json.field("compared_mean_minor", a.compared_mean_minor)
        .field("from_days", a.from_days)
        .field("to_days", a.to_days);
    json.text_or_null("command", a.command);
    json.end_object();
  }
  json.end_array();
  json.text_or_null("first_command", r.first_command);
}

void reading(JsonWriter& json, const Reading& r) {
  json.key("reading").begin_object().field("rows", r.rows).field("orders", r.orders).field("rejected", r.rejected);
  json.key("files").begin_array();
  for (const ingest::FileShape& f : r.files) {
    json.begin_object().field("file", f.file);
    json.text_or_null("system", f.system);
    json.field("format", f.format);
    json.text_or_null("encoding", f.encoding);
    json.text_or_null("delimiter", f.delimiter);
    json.text_or_null("date_format", f.date_format);
    json.text_or_null("decimal_mark", f.decimal_mark);
    json.field("header", f.header).field("title_rows", f.title_rows).field("total_rows", f.total_rows);
    json.key("columns").begin_array();
    for (const ingest::ColumnMatch& c : f.columns) {
      json.begin_object().field("column", c.index + 1);
      json.text_or_null("header", c.header);
      json.key("taken_for");
      c.role ? json.value(ingest::name(*c.role)) : json.null();
      json.field("confidence", c.confidence);
      json.text_or_null("reason", c.reason);
      json.end_object();
    }
    json.end_array().end_object();
  }
  json.end_array().key("notices").begin_array();
  for (const ingest::Notice& n : r.notices) {
    json.begin_object().field("key", n.key).field("count", n.count).key("args").begin_object();
    for (const auto& [key, value] : n.args) json.field(key, value);
    json.end_object().end_object();
  }
  json.end_array().field("reasons_complete", r.reasons_complete).key("reasons").begin_array();
  for (const RejectedReason& reason : r.reasons) {
    json.begin_object().field("reason", reason.reason).field("rows", reason.rows).key("places").begin_array();
    for (const Place& p : reason.places) {
      json.begin_object().field("file", p.file).field("line", p.line);
      json.text_or_null("column", p.column);
      json.end_object();
    }
    json.end_array().end_object();
  }
  json.end_array().end_object();
}

}  // namespace

Result<std::string> render_json(const Report& r) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("as_of");
  r.basics.as_of_known ? json.value(to_string(r.basics.as_of)) : json.null();
  json.field("revision", r.basics.revision);
  json.field("history_start", r.basics.history_start);
  json.field("sample", r.sample).key("files").begin_array();
  for (const std::string& f : r.files) json.value(f);
  json.end_array().field("timezone", r.basics.zone);
  json.text_or_null("currency", r.basics.currency);
  json.field("grain", calendar::to_string(r.basics.grain)).field("basis", name(r.basics.basis));
  json.field("first_day", r.first_day);
  json.field("last_day", r.last_day);
  json.field("customers", r.customers);
  window(json, r);
  json.key("warnings").begin_array();
  for (const Warning w : r.warnings) json.value(name(w));
  json.end_array().key("answer").begin_object();
  for (const language::Language l : language::kLanguages) {
    TRY_ASSIGN(const internal::Words words, internal::Words::create(language::code(l), r.basics));
    json.field(language::code(l), internal::answer_sentence(r, words));
  }
  json.end_object();
  headline(json, r);
  json.key("bridge");
  write_bridge(json, r.bridge);
  change(json, r);
  slipping(json, r.slipping);
  actions(json, r);
  reading(json, r.reading);
  answer(json, "retention", r.retention);
  answer(json, "value", r.value);
  answer(json, "cost", r.cost);
  json.key("cohorts").begin_object().field("grain", calendar::to_string(r.cohort_grain));
  answer(json, "on", r.cohorts_on);
  answer(json, "on_or_after", r.cohorts_on_or_after);
  json.end_object();
  answer(json, "claims", r.claims);
  answer(json, "whatif", r.whatif);
  json.end_object();
  return out;
}

}  // namespace behoud::retention::report
