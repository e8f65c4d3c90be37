#include <algorithm>
#include <cmath>

#include "retention/report/internal/charts.h"
#include "retention/report/internal/page.h"

// What to do about it: the actions, what changed, what it would be worth, and whom it would be too late for.

namespace behoud::retention::report::internal {

void Page::todo() {
  section("todo", words_("report.section.todo"));
  if (report_.actions.empty()) {
    say(words_("report.section.todo.none"));
    end();
    return;
  }
  if (acts_on_orders_beside_basis(report_)) {
    w_.element("p", words_("report.todo.of_orders"), {{"class", "small soft"}});
  }
  w_.open("ol", {{"class", "todo"}}).line();
  for (const Action& a : report_.actions) {
    w_.open("li").open("div");
    w_.element("h3", action_title(a, words_));
    w_.element("p", action_reason(a, words_));
    if (!a.command.empty()) w_.open("p").element("code", a.command).close("p");
    w_.close("div").open("div", {{"class", "worth"}});
    w_.open("p").element("b", a.amount_minor ? words_.money_whole(*a.amount_minor) : words_.none()).close("p");
    if (a.people > 0) {
      w_.element("p", words_("report.people", {{"n", a.people}}), {{"class", "small soft"}});
    } else if (a.orders > 0) {
      w_.element("p", words_("report.orders", {{"n", a.orders}}), {{"class", "small soft"}});
    }
    w_.close("div").close("li").line();
  }
  w_.close("ol");
  if (lists_customers(report_) && !report_.first_command.empty()) {
    w_.element("p", words_("report.todo.first", {{"command", report_.first_command}}), {{"class", "small soft"}});
  }
  end();
}

void Page::change() {
  if (!report_.change) return;
  const ChangeAnswer& c = *report_.change;
  const calendar::Grain grain = report_.basics.grain;
  section("change", words_("report.section.change"));
  say(change_sentence(c, grain, words_));
  chart(change_chart(c, grain, words_));
  open_details(words_("report.as_table"));
  open_table(words_("report.section.change"));
  w_.open("tbody");
  const auto line = [&](std::string_view label, const std::string& amount, bool total) {
    w_.open("tr", {{"class", total ? "total" : "step"}});
    row_header(label);
    number(amount);
    w_.close("tr");
  };
  line(words_.period(c.before, grain), words_.money(c.revenue_before_minor), true);
  line(words_("report.change.customers"), words_.money(c.by_customers_minor), false);
  line(words_("report.change.frequency"), words_.money(c.by_frequency_minor), false);
  line(words_("report.change.order_value"), words_.money(c.by_order_value_minor), false);
  line(words_.period(c.after, grain), words_.money(c.revenue_after_minor), true);
  w_.close("tbody");
  close_table();
  close_details();
  end();
}

void Page::whatif() {
  const WhatIfAnswer& a = report_.whatif;
  if (!a.worth_minor || a.rows.empty()) return;
  section("whatif", words_("report.section.whatif",
                           {{"points", words_.decimal(a.points, a.points == std::floor(a.points) ? 0 : 1)}}));
  say(words_("report.section.whatif.say",
             {{"worth", words_.mean_whole(a.worth_minor)}, {"share", words_.percent(a.share_of_revenue)}}));
  chart(whatif_chart(a, words_));
  open_details(words_("report.as_table"));
  open_table(words_("report.as_table"));
  w_.open("thead").open("tr");
  header(words_("report.column.month"));
  header(words_("report.column.extra_customers"), true);
  header(words_("report.column.extra_revenue"), true);
  w_.close("tr").close("thead").open("tbody");
  for (const auto& m : a.rows) {
    w_.open("tr");
    row_header(words_.period_short(m.month, {}));
    number(words_.decimal(m.extra_customers, 1));
    number(words_.mean_whole(m.extra_revenue_minor));
    w_.close("tr");
  }
  w_.close("tbody").open("tfoot").open("tr");
  row_header(words_("report.total"));
  cell("");
  number(words_.mean_whole(a.worth_minor));
  w_.close("tr").close("tfoot");
  close_table();
  close_details();
  end();
}

void Page::slipping() {
  const SlippingPart& s = report_.slipping;
  section("slipping", words_("report.section.slipping"));
  say(words_("report.section.slipping.say",
             {{"people", s.customers}, {"amount", words_.money_whole(s.at_stake_minor)}}));
  if (s.rows.empty()) {
    end();
    return;
  }
  int longest = 1;
  for (const SlippingRow& r : s.rows) longest = std::max(longest, r.silent_days);
  open_table(words_("report.section.slipping"));
  w_.open("thead").open("tr");
  header(words_("report.column.customer"));
  header(words_("report.column.orders"), true);
  header(words_("report.column.last_order"), true);
  header(words_("report.column.silent"), true);
  header(words_("report.column.usual"), true);
  header(words_("report.column.silence"));
  header(words_("report.column.at_stake"), true);
  w_.close("tr").close("thead").open("tbody").line();
  for (const SlippingRow& r : s.rows) {
    w_.open("tr").open("th", {{"scope", "row"}});
    name(r.customer);
    w_.close("th");
    number(count(r.orders));
    number(words_.day_short(r.last_order));
    number(words_.integer(r.silent_days));
    number(words_.integer(r.usual_days));
    w_.open("td")
        .add(silence_bar(r.silent_days, r.usual_days, longest,
                         words_("report.silence", {{"silent", r.silent_days}, {"usual", r.usual_days}})))
        .close("td");
    number(words_.money_whole(r.at_stake_minor));
    w_.close("tr").line();
  }
  w_.close("tbody");
  if (s.customers > s.rows.size()) {
    w_.open("tfoot").open("tr");
    w_.element("th", words_("report.all_of_them", {{"n", s.customers}}), {{"scope", "row"}, {"colspan", "6"}});
    number(words_.money_whole(s.at_stake_minor));
    w_.close("tr").close("tfoot");
  }
  close_table();
  if (s.customers > s.rows.size()) {
    w_.open("p", {{"class", "small soft"}});
    w_.text(words_("report.slipping.shown", {{"shown", count(s.rows.size())}, {"all", count(s.customers)}}) + " ");
    w_.element("code", s.command).close("p").line();
  }
  end();
}

}  // namespace behoud::retention::report::internal
