#include "app/answer_sheet.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "language/catalogue.h"
#include "retention/answer_json.h"

namespace behoud::app {
namespace {

using namespace retention;

// Collects one row and, the first time, its columns: so a column and its cell are written side by side.
class Row {
 public:
  explicit Row(Sheet& sheet) : sheet_(sheet), first_(sheet.rows.empty()) { sheet_.rows.emplace_back(); }
  template <class T>
  Row& operator()(std::string_view name, T&& value) {
    Cell cell{std::forward<T>(value)};
    if (first_) sheet_.columns.push_back({std::string{name}, std::holds_alternative<Rate>(cell)});
    sheet_.rows.back().push_back(std::move(cell));
    return *this;
  }

 private:
  Sheet& sheet_;
  bool first_;
};

// A sheet of no rows still has its columns: `write` is called once for a row that is then taken away.
template <class AnswerRow, class Write>
Sheet sheet_of_rows(const std::vector<AnswerRow>& rows, const Write& write) {
  Sheet sheet;
  if (rows.empty()) {
    Row row(sheet);
    write(row, AnswerRow{});
    sheet.rows.clear();
    return sheet;
  }
  for (const auto& r : rows) {
    Row row(sheet);
    write(row, r);
  }
  return sheet;
}
template <class Answer, class Write>
Sheet sheet_of(const Answer& answer, const Write& write) {
  return sheet_of_rows(answer.rows, write);
}

// Nothing stands beside a row that the comparison has no row for.
void stand_beside(Sheet& sheet, Sheet then) {
  for (Sheet::Column& column : then.columns) sheet.columns.push_back({"compared_" + column.name, column.is_rate});
  for (std::size_t i = 0; i < sheet.rows.size(); ++i) {
    if (i < then.rows.size()) {
      std::ranges::move(then.rows[i], std::back_inserter(sheet.rows[i]));
    } else {
      sheet.rows[i].resize(sheet.columns.size());
    }
  }
}

// The columns of the comparison behind those of the rows, by the same names after "compared_".
template <class Answer, class Write>
Sheet compared_sheet(const Answer& answer, const Write& write) {
  Sheet sheet = sheet_of(answer, write);
  if (!answer.comparison) return sheet;
  stand_beside(sheet, sheet_of_rows(answer.comparison->rows, write));
  return sheet;
}

void head(Row& row, const PeriodHead& h) {
  row("period_start", h.period_start)("period_end", h.period_end)("complete", h.complete)("warming_up", h.warming_up);
  row("new_at_most", h.new_at_most)("evaluated_to", cell_or_nothing(h.evaluated_to))("split", h.split);
}

template <class Answer>
bool is_split(const Answer& answer) {
  return std::ranges::any_of(answer.rows, [](const auto& r) { return !r.head.split.empty(); });
}

std::string notes(const PeriodHead& h) {
  std::string out;
  const auto add = [&out](std::string_view note) { out += (out.empty() ? "" : ", ") + std::string{note}; };
  if (h.warming_up) {
    add("warming up");
  } else if (h.new_at_most) {
    add("new: at most");
  }
  if (!h.complete) add("not complete");
  return out;
}

void table_head(Row& row, const PeriodHead& h, bool split) {
  row("period", h.period_start);
  if (split) row("split", h.split);
}

}  // namespace

Sheet to_sheet(const RetentionAnswer& answer) {
  const bool subscriptions = answer.basics.basis == Basis::kSubscriptions;
  return compared_sheet(answer, [&](Row& row, const RetentionRow& r) {
    head(row, r.head);
    row("customers_start", r.customers_start)("customers_end", r.customers_end)("new", r.new_customers);
    row("one_and_gone", r.one_and_gone)("reactivated", r.reactivated)("retained", r.retained)("lost", r.lost);
    row("crr", r.crr)("crr_strict", r.crr_strict)("churn_rate", r.churn_rate)("returning_rate", r.returning_rate);
    row("returning_rate_active", r.returning_rate_active)("orders", r.orders)("buyers", r.buyers);
    row("gross_minor", WholeMinor{r.gross_minor})("revenue_minor", WholeMinor{r.revenue_minor});
    row("repeat_rate", r.repeat_rate);
    if (!subscriptions) return;
    row("paused", cell_or_nothing(r.paused))("in_trial", cell_or_nothing(r.in_trial));
    row("trial_converted", r.trial_converted.value_or(Rate{}))("gross_retention", cell_or_nothing(r.gross_retention));
    row("net_retention", cell_or_nothing(r.net_retention));
  });
}

Sheet to_table_sheet(const RetentionAnswer& answer) {
  const bool split = is_split(answer);
  const bool subscriptions = answer.basics.basis == Basis::kSubscriptions;
  return sheet_of(answer, [&](Row& row, const RetentionRow& r) {
    table_head(row, r.head, split);
    row("start", r.customers_start)("kept", r.retained)("lost", r.lost)("new", r.new_customers)("back", r.reactivated);
    row("end", r.customers_end)("crr", r.crr)("crr_strict", r.crr_strict)("churn", r.churn_rate);
    row("returning", r.returning_rate)("orders", r.orders)("buyers", r.buyers)("repeat", r.repeat_rate);
    row("revenue", WholeMinor{r.revenue_minor});
    if (subscriptions) row("paused", cell_or_nothing(r.paused))("in_trial", cell_or_nothing(r.in_trial));
    row("notes", notes(r.head));
  });
}

namespace {

Sheet cells_sheet(const std::vector<CohortRow>& rows) {
  Sheet sheet;
  const auto write = [](Row& row, const CohortRow& r, const CohortCell& c) {
    row("cohort", r.cohort)("split", r.split)("warming_up", r.warming_up)("size", r.size);
    row("k", std::int64_t{c.k})("complete", c.complete)("customers", c.customers)("rate", c.rate);
    row("revenue_minor", WholeMinor{c.revenue_minor})("cumulative_revenue_minor",
                                                      WholeMinor{c.cumulative_revenue_minor});
  };
  for (const CohortRow& r : rows) {
    for (const CohortCell& c : r.cells) {
      Row row(sheet);
      write(row, r, c);
    }
  }
  if (sheet.rows.empty()) {
    Row row(sheet);
    write(row, {}, {});
    sheet.rows.clear();
  }
  return sheet;
}

}  // namespace

Sheet to_sheet(const CohortAnswer& answer) {
  Sheet sheet = cells_sheet(answer.rows);
  // Cell beside cell, as each row has as many as the one it stands beside.
  if (answer.comparison) stand_beside(sheet, cells_sheet(answer.comparison->rows));
  return sheet;
}

Sheet to_table_sheet(const CohortAnswer& answer) {
  Sheet sheet;
  std::size_t columns = 0;
  for (const CohortRow& r : answer.rows) columns = std::max(columns, r.cells.size());
  const bool split = std::ranges::any_of(answer.rows, [](const CohortRow& r) { return !r.split.empty(); });
  for (const CohortRow& r : answer.rows) {
    Row row(sheet);
    row("cohort", r.cohort);
    if (split) row("split", r.split);
    row("size", r.size);
    for (std::size_t k = 0; k < columns; ++k) {
      const std::string name = std::to_string(k);
      if (k >= r.cells.size()) {
        row(name, std::string{});
      } else if (r.cells[k].complete) {
        row(name, r.cells[k].rate);
      } else {
        const auto& value = r.cells[k].rate.value;
        row(name, value ? fmt::format("{:.1f}%*", 100 * *value) : std::string{});
      }
    }
    row("notes", std::string{r.warming_up ? "warming up" : ""});
  }
  if (std::ranges::any_of(answer.means, [](const CohortMean& m) { return m.cohorts > 0; })) {
    Row row(sheet);
    row("cohort", std::string{"mean"});
    if (split) row("split", std::string{});
    row("size", Cell{});
    for (std::size_t k = 0; k < columns; ++k) {
      const auto mean = k < answer.means.size() ? answer.means[k].weighted : std::nullopt;
      row(std::to_string(k), mean ? fmt::format("{:.1f}%", 100 * *mean) : std::string{});
    }
    row("notes", std::string{"all customers / all sizes"});
  }
  if (sheet.rows.empty()) sheet.columns = {{"cohort", false}, {"size", false}};
  return sheet;
}

Sheet to_sheet(const ValueAnswer& answer) {
  return compared_sheet(answer, [](Row& row, const ValueRow& r) {
    head(row, r.head);
    row("orders", r.orders)("buyers", r.buyers)("gross_minor", WholeMinor{r.gross_minor});
    row("revenue_minor", WholeMinor{r.revenue_minor})("margin_minor", cell_or_nothing(r.margin_minor));
    row("aov_minor", Minor{r.aov_minor})("purchase_frequency", cell_or_nothing(r.purchase_frequency));
    row("items_per_order", cell_or_nothing(r.items_per_order))("customer_value_minor", Minor{r.customer_value_minor});
    row("lifespan", cell_or_nothing(r.lifespan))("clv_minor", Minor{r.clv_minor});
    row("value_to_date_minor", Minor{r.value_to_date_minor})("value_per_active_minor", Minor{r.value_per_active_minor});
    row("repeat_rate", r.repeat_rate);
    row("units", cell_or_nothing(r.units))("customers_start", r.customers_start)("customers_end", r.customers_end);
    row("buyers_to_date", r.buyers_to_date)("revenue_to_date_minor", WholeMinor{r.revenue_to_date_minor});
    const auto of_spans = [&](const char* field, auto member) {
      row(field, cell_or_nothing(r.spans ? std::optional((*r.spans).*member) : std::nullopt));
    };
    of_spans("lifespan_customers_start", &ValueRow::Spans::customers_start);
    of_spans("lifespan_lost", &ValueRow::Spans::lost);
    of_spans("lifespan_buyers", &ValueRow::Spans::buyers);
    of_spans("lifespan_revenue_minor", &ValueRow::Spans::revenue_minor);
  });
}

Sheet to_table_sheet(const ValueAnswer& answer) {
  const bool split = is_split(answer);
  return sheet_of(answer, [&](Row& row, const ValueRow& r) {
    table_head(row, r.head, split);
    row("orders", r.orders)("buyers", r.buyers)("revenue", WholeMinor{r.revenue_minor});
    if (r.margin_minor) {
      row("margin", WholeMinor{*r.margin_minor});
    } else {
      row("margin", Cell{});
    }
    row("aov", Minor{r.aov_minor})("frequency", cell_or_nothing(r.purchase_frequency));
    row("items/order", cell_or_nothing(r.items_per_order))("per buyer", Minor{r.customer_value_minor});
    row("per active", Minor{r.value_per_active_minor})("clv", Minor{r.clv_minor})("repeat", r.repeat_rate);
    row("notes", notes(r.head));
  });
}

Sheet to_sheet(const CostAnswer& answer) {
  return compared_sheet(answer, [](Row& row, const CostRow& r) {
    head(row, r.head);
    row("crc_total_minor", WholeMinor{r.crc_total_minor})("crc_minor", Minor{r.crc_minor});
    row("crc_per_retained_minor", Minor{r.crc_per_retained_minor});
    row("acquisition_cost_minor", WholeMinor{r.acquisition_cost_minor})("cac_minor", Minor{r.cac_minor});
    row("acquisition_roi", cell_or_nothing(r.acquisition_roi));
    row("payback_months", r.payback_months ? Cell{std::int64_t{*r.payback_months}} : Cell{});
    row("customers_end", r.customers_end)("retained", r.retained)("new", r.new_customers);
    row("one_and_gone", r.one_and_gone)("newcomers_margin_minor", cell_or_nothing(r.newcomers_margin_minor));
  });
}

Sheet to_table_sheet(const CostAnswer& answer) {
  const bool split = is_split(answer);
  return sheet_of(answer, [&](Row& row, const CostRow& r) {
    table_head(row, r.head, split);
    row("retention cost", WholeMinor{r.crc_total_minor})("per customer", Minor{r.crc_minor});
    row("per kept", Minor{r.crc_per_retained_minor})("acquisition cost", WholeMinor{r.acquisition_cost_minor});
    row("per new", Minor{r.cac_minor})("roi", cell_or_nothing(r.acquisition_roi));
    row("payback months", r.payback_months ? Cell{std::int64_t{*r.payback_months}} : Cell{});
    row("notes", notes(r.head));
  });
}

Sheet to_sheet(const ClaimsAnswer& answer) {
  return compared_sheet(answer, [](Row& row, const Claim& c) {
    row("name", c.name)("published_low", c.published_low)("published_high", c.published_high);
    row("value", cell_or_nothing(c.value))("low", cell_or_nothing(c.low))("high", cell_or_nothing(c.high));
    row("people", c.people)("verdict", std::string{name(c.verdict)})("why", c.why);
  });
}

// A person reads why in words; a program, in JSON and CSV, by its key.
Sheet to_table_sheet(const ClaimsAnswer& answer) {
  const language::Catalogue words(language::Language::en);
  ClaimsAnswer said{answer.basics, answer.rows};
  for (Claim& c : said.rows) {
    if (words.has(c.why)) c.why = words.text(c.why);
  }
  return to_sheet(said);
}

Sheet to_sheet(const WhatIfAnswer& answer) {
  return compared_sheet(answer, [](Row& row, const WhatIfAnswer::Month& m) {
    row("month", m.month)("extra_customers", m.extra_customers)("extra_revenue_minor", Minor{m.extra_revenue_minor});
  });
}

Sheet to_table_sheet(const WhatIfAnswer& answer) {
  return sheet_of(answer, [](Row& row, const WhatIfAnswer::Month& m) {
    row("month", m.month)("extra customers", m.extra_customers)("extra revenue", Minor{m.extra_revenue_minor});
  });
}

Sheet to_sheet(const BehindAnswer& answer) {
  return sheet_of(answer, [](Row& row, const CustomerRow& r) {
    row("customer", r.customer)("orders", r.orders)("revenue_minor", WholeMinor{r.revenue_minor});
    row("last_order", cell_or_nothing(r.last_order));
  });
}

Sheet to_table_sheet(const BehindAnswer& answer) {
  return sheet_of(answer, [](Row& row, const CustomerRow& r) {
    row("customer", r.customer)("orders", r.orders)("revenue", WholeMinor{r.revenue_minor});
    row("last order", cell_or_nothing(r.last_order));
  });
}

Sheet to_sheet(const CalledAnswer& answer) {
  std::size_t i = 0;
  return sheet_of(answer, [&](Row& row, const CustomerRow& r) {
    const Called called = i < answer.called.size() ? answer.called[i++] : Called{};
    row("customer", r.customer)("email", called.email)("name", called.name)("orders", r.orders);
    row("revenue_minor", WholeMinor{r.revenue_minor})("last_order", cell_or_nothing(r.last_order));
  });
}

Sheet to_table_sheet(const CalledAnswer& answer) {
  std::size_t i = 0;
  return sheet_of(answer, [&](Row& row, const CustomerRow& r) {
    const Called called = i < answer.called.size() ? answer.called[i++] : Called{};
    row("customer", r.customer)("name", called.name)("e-mail", called.email)("orders", r.orders);
    row("revenue", WholeMinor{r.revenue_minor})("last order", cell_or_nothing(r.last_order));
  });
}

std::string basics_line(const Basics& b) {
  const std::string as_of = b.as_of_known ? "As of " + calendar::to_string(b.as_of) : "Nothing has happened yet";
  return fmt::format("{}, window {} days, basis {}, by {}, {}{}{}, revision {}", as_of, b.window_days, name(b.basis),
                     calendar::to_string(b.grain), b.zone, b.currency.empty() ? "" : ", ", b.currency, b.revision);
}

}  // namespace behoud::app
