#include "retention/report/internal/measures.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace behoud::retention::report::internal {

namespace {

// What a word of the values is in the catalogue. Keys are literals, so that the catalogue's tests find who asks for
// them.
struct Entry {
  std::string_view name;
  const char* key;
};
template <std::size_t N>
const char* key_of(const Entry (&table)[N], std::string_view name) {
  for (const Entry& e : table) {
    if (e.name == name) return e.key;
  }
  return nullptr;
}

// A period's two rows: what a measure reads.
struct Period {
  const RetentionRow* row = nullptr;
  const ValueRow* value = nullptr;
};

const ValueRow* value_of(const Report& report, const RetentionRow& row) {
  for (const ValueRow& v : report.value.rows) {
    if (v.head.period_start == row.head.period_start && v.head.split == row.head.split) return &v;
  }
  return nullptr;
}

int sign(double difference) { return difference > 0 ? 1 : difference < 0 ? -1 : 0; }

class Builder {
 public:
  Builder(const Report& report, const Words& words, std::size_t trend_periods) : words_(words) {
    const Headline& h = *report.headline;
    now_ = {&h.now, &h.value};
    if (h.previous) previous_ = {&*h.previous, h.previous_value ? &*h.previous_value : nullptr};
    if (h.year_earlier) year_ = {&*h.year_earlier, h.year_earlier_value ? &*h.year_earlier_value : nullptr};
    for (const RetentionRow& row : report.retention.rows) {
      if (!row.head.complete || row.head.period_start > h.now.head.period_start) continue;
      trend_.push_back({&row, value_of(report, row)});
    }
    if (trend_.size() > trend_periods) {
      trend_.erase(trend_.begin(), trend_.end() - static_cast<std::ptrdiff_t>(trend_periods));
    }
  }

  // Differences of rates are in percentage points. A rate of a period that is warming up is in no trend.
  void rate(std::string name, std::string_view key, const std::function<const Rate&(const RetentionRow&)>& of) {
    Measure m;
    m.name = std::move(name);
    m.label = words_(key);
    const Rate& now = of(*now_.row);
    m.now = words_.percent(now.value);
    m.interval = words_.interval(now);
    if (now.low && now.high) {
      m.interval_bare = words_(
          "report.span", {{"low", words_.decimal(*now.low * 100, 1)}, {"high", words_.decimal(*now.high * 100, 1)}});
    }
    m.fraction = now.value ? words_.fraction(now) : "";
    const auto against = [&](const Period& p, std::string& text, std::string& difference, int& direction) {
      if (!p.row) return;
      const Rate& then = of(*p.row);
      text = words_.percent(then.value);
      if (!then.value || !now.value) return;
      difference = words_("report.points", {{"n", words_.points(*now.value - *then.value)}});
      direction = sign(std::round((*now.value - *then.value) * 1000));
    };
    against(previous_, m.previous, m.against_previous, m.direction_previous);
    against(year_, m.year_earlier, m.against_year_earlier, m.direction_year_earlier);
    for (const Period& p : trend_) m.trend.push_back(p.row->head.warming_up ? std::nullopt : of(*p.row).value);
    out_.push_back(std::move(m));
  }

  void figure(std::string name, std::string_view key, const std::function<std::optional<double>(const Period&)>& of,
              const std::function<std::string(std::optional<double>, const Period&)>& show) {
    Measure m;
    m.name = std::move(name);
    m.label = words_(key);
    const std::optional<double> now = of(now_);
    m.now = show(now, now_);
    const auto against = [&](const Period& p, std::string& text, std::string& difference, int& direction) {
      if (!p.row) return;
      const std::optional<double> then = of(p);
      text = show(then, p);
      if (!then || !now || *then <= 0) return;
      const double change = (*now - *then) / *then;
      difference = words_.change(change);
      direction = sign(std::round(change * 1000));
    };
    against(previous_, m.previous, m.against_previous, m.direction_previous);
    against(year_, m.year_earlier, m.against_year_earlier, m.direction_year_earlier);
    for (const Period& p : trend_) m.trend.push_back(of(p));
    out_.push_back(std::move(m));
  }

  void customers(std::string name, std::string_view key, const std::function<std::uint64_t(const RetentionRow&)>& of,
                 bool at_most = false) {
    figure(
        std::move(name), key, [&](const Period& p) { return std::optional(static_cast<double>(of(*p.row))); },
        [&](std::optional<double>, const Period& p) {
          const std::string n = words_.count(of(*p.row));
          return at_most && p.row->head.new_at_most && p.row->new_customers > 0 ? words_("report.at_most", {{"n", n}})
                                                                                : n;
        });
  }

  void of_value(std::string name, std::string_view key, const std::function<std::optional<double>(const ValueRow&)>& of,
                const std::function<std::string(std::optional<double>)>& show) {
    figure(
        std::move(name), key, [&](const Period& p) { return p.value ? of(*p.value) : std::nullopt; },
        [&](std::optional<double> v, const Period&) { return show(v); });
  }

  void alone(std::string name, std::string_view key, std::string now) {
    Measure m;
    m.name = std::move(name);
    m.label = words_(key);
    m.now = std::move(now);
    out_.push_back(std::move(m));
  }

  // What the figure added last means.
  void means(std::string sentence) { out_.back().meaning = std::move(sentence); }

  std::vector<Measure> take() { return std::move(out_); }

 private:
  const Words& words_;
  Period now_, previous_, year_;
  std::vector<Period> trend_;
  std::vector<Measure> out_;
};

}  // namespace

std::vector<Measure> headline_measures(const Report& report, const Words& words, std::size_t trend_periods) {
  if (!report.headline) return {};
  Builder b(report, words, trend_periods);
  b.rate("crr_strict", "report.measure.kept", [](const RetentionRow& r) -> const Rate& { return r.crr_strict; });
  b.means(words("report.term.kept.is"));
  b.rate("churn_rate", "report.measure.lost", [](const RetentionRow& r) -> const Rate& { return r.churn_rate; });
  b.means(words("report.term.lost.is"));
  b.rate("crr", "report.measure.textbook", [](const RetentionRow& r) -> const Rate& { return r.crr; });
  b.means(words("report.term.textbook.is"));
  b.rate("returning_rate", "report.measure.returning",
         [](const RetentionRow& r) -> const Rate& { return r.returning_rate; });
  b.means(words("report.term.returning.is"));
  b.rate("repeat_rate", "report.measure.repeat", [](const RetentionRow& r) -> const Rate& { return r.repeat_rate; });
  b.means(words("report.term.repeat.is"));
  b.customers("customers_end", "report.measure.customers", [](const RetentionRow& r) { return r.customers_end; });
  b.customers("new", "report.measure.new", [](const RetentionRow& r) { return r.new_customers; }, true);
  b.customers("reactivated", "report.measure.back", [](const RetentionRow& r) { return r.reactivated; });
  b.customers("orders", "report.measure.orders", [](const RetentionRow& r) { return r.orders; });
  const auto mean = [&](std::optional<double> v) { return words.mean(v); };
  b.figure(
      "revenue_minor", "report.measure.revenue",
      [](const auto& p) { return std::optional(static_cast<double>(p.row->revenue_minor)); },
      [&](std::optional<double>, const auto& p) { return words.money_whole(p.row->revenue_minor); });
  b.of_value("aov_minor", "report.measure.order_value", [](const ValueRow& v) { return v.aov_minor; }, mean);
  b.of_value(
      "purchase_frequency", "report.measure.frequency", [](const ValueRow& v) { return v.purchase_frequency; },
      [&](std::optional<double> v) { return words.decimal(v, 2); });
  b.of_value(
      "customer_value_minor", "report.measure.customer_value", [](const ValueRow& v) { return v.customer_value_minor; },
      mean);
  // Of the whole history up to as-of, whatever the period: beside others it would say the same again.
  b.alone("clv_minor", "report.measure.lifetime_value", words.mean(report.headline->value.clv_minor));
  b.means(words("report.term.lifetime_value.is", {{"days", report.basics.window_days}}));
  return b.take();
}

const Measure* find(const std::vector<Measure>& measures, std::string_view name) {
  for (const Measure& m : measures) {
    if (m.name == name) return &m;
  }
  return nullptr;
}

namespace {

Number number_of(const char* field, const char* behind, const PeriodHead& head, calendar::Grain grain) {
  return {field, behind, calendar::to_string(head.period_start), calendar::to_string(head.period_end),
          calendar::to_string(grain)};
}

}  // namespace

bool acts_on_orders_beside_basis(const Report& report) {
  static constexpr std::string_view kOfOrders[] = {"second_order_due", "best_source", "refunds_item", "refunds_lately"};
  return report.basics.basis != Basis::kOrders && std::ranges::any_of(report.actions, [](const Action& a) {
           return std::ranges::find(kOfOrders, a.name) != std::end(kOfOrders);
         });
}

Said change_said(const ChangeAnswer& c, calendar::Grain grain, const Words& words) {
  const std::int64_t difference = c.revenue_after_minor - c.revenue_before_minor;
  const char* const key = difference > 0   ? "report.section.change.more"
                          : difference < 0 ? "report.section.change.less"
                                           : "report.section.change.same";
  return words.said(key,
                    {{"difference", words.money_whole(std::abs(difference))},
                     {"after", words.period(c.after, grain)},
                     {"before", words.period(c.before, grain)}},
                    {{"difference", number_of("change_minor", "revenue_minor", c.after, grain)}});
}

std::string change_sentence(const ChangeAnswer& c, calendar::Grain grain, const Words& words) {
  return joined(change_said(c, grain, words));
}

Said answer_said(const Report& report, const Words& words) {
  if (!report.headline) {
    const bool empty = std::ranges::find(report.warnings, Warning::kEmpty) != report.warnings.end();
    return {{words(empty ? "report.answer.empty" : "report.answer.none")}};
  }
  const RetentionRow& r = report.headline->now;
  std::map<std::string_view, Number> numbers;
  for (const auto& [argument, field] :
       {std::pair{"start", "customers_start"}, std::pair{"end", "customers_end"}, std::pair{"kept", "retained"},
        std::pair{"lost", "lost"}, std::pair{"new", "new"}, std::pair{"back", "reactivated"},
        std::pair{"gone", "one_and_gone"}}) {
    numbers[argument] = number_of(field, field, r.head, report.basics.grain);
  }
  if (r.customers_start == 0) {
    return words.said("report.answer.first",
                      {{"date", words.day_of_answer(r.head.period_start)},
                       {"new", r.new_customers},
                       {"end", r.customers_end},
                       {"gone", r.one_and_gone}},
                      numbers);
  }
  Said said = words.said(r.head.new_at_most ? "report.answer.at_most" : "report.answer",
                         {{"start", r.customers_start},
                          {"kept", r.retained},
                          {"lost", r.lost},
                          {"new", r.new_customers},
                          {"back", r.reactivated},
                          {"date", words.day_of_answer(r.head.period_start)}},
                         numbers);
  if (r.one_and_gone > 0) append(said, words.said("report.answer.one_and_gone", {{"gone", r.one_and_gone}}, numbers));
  return said;
}

std::string answer_sentence(const Report& report, const Words& words) { return joined(answer_said(report, words)); }

std::string foot_sentence(const Report& report, const Words& words) {
  return words(
      report.basics.as_of_known ? "report.foot" : "report.foot.empty",
      {{"day", words.day(words.last_day())}, {"zone", report.basics.zone}, {"revision", report.basics.revision}});
}

std::string headline_period(const Report& report, const Words& words) {
  if (!report.headline) return "";
  const PeriodHead& head = report.headline->now.head;
  return words(head.complete ? "report.period.complete" : "report.period.incomplete",
               {{"period", words.period(head, report.basics.grain)}, {"day", words.day(words.last_day())}});
}

std::string window_sentence(const Report& report, const Words& words) {
  if (report.basics.basis == Basis::kSubscriptions) return words("report.customer.subscriptions");
  if (report.basics.basis == Basis::kRelation) return words("report.customer.relation");
  const bool orders = report.basics.basis == Basis::kOrders;
  std::string out =
      words(orders ? "report.customer.orders" : "report.customer.events", {{"days", report.basics.window_days}});
  if (!report.window_choice) return out;
  const WindowChoice& choice = *report.window_choice;
  const char* key = choice.why == "window.few_gaps"      ? "report.window.few_gaps"
                    : choice.why == "window.none_covers" ? "report.window.none_covers"
                                                         : "report.window.covers";
  return out + " " +
         words(key, {{"days", choice.days}, {"gaps", choice.gaps}, {"covered", words.percent(choice.covered)}});
}

std::vector<Said> warnings_said(const Report& report, const Words& words) {
  std::vector<Said> out;
  const std::string start = report.basics.history_start ? words.day(*report.basics.history_start) : words.none();
  const int days = report.basics.window_days;
  const auto say = [&](const char* key) { out.push_back({{words(key)}}); };
  for (const Warning w : report.warnings) {
    switch (w) {
      case Warning::kEmpty:
        say("report.warning.empty");
        break;
      case Warning::kNoOrders:
        say("report.warning.no_orders");
        break;
      case Warning::kNoCompletePeriod:
        say("report.warning.no_complete_period");
        break;
      case Warning::kAllWarmingUp:
        out.push_back(words.said("report.warning.all_warming_up", {{"start", start}, {"days", days}},
                                 {{"days", {"warming_up"}}}));
        break;
      case Warning::kNewAtMost:
        out.push_back(words.said("report.warning.new_at_most", {{"start", start}, {"days", days * 4}},
                                 {{"days", {"new_at_most"}}}));
        break;
      case Warning::kNoCurrency:
        // A data folder has its own in its settings; --currency is of files.
        say(report.files.empty() ? "report.warning.no_currency_kept" : "report.warning.no_currency");
        break;
      case Warning::kFewCustomers: {
        Number people{"customers_start"};
        const std::uint64_t count = report.headline ? report.headline->now.customers_start : 0;
        if (count > 0) {
          const PeriodHead& head = report.headline->now.head;
          people = {"customers_start", "customers_start", to_string(head.period_start), to_string(head.period_end),
                    std::string(calendar::to_string(report.basics.grain))};
        }
        out.push_back(words.said("report.warning.few_customers", {{"people", count}}, {{"people", people}}));
        break;
      }
    }
  }
  return out;
}

std::vector<std::string> warning_sentences(const Report& report, const Words& words) {
  std::vector<std::string> out;
  for (const Said& said : warnings_said(report, words)) out.push_back(joined(said));
  return out;
}

namespace {

constexpr Entry kActionTitles[] = {
    {"slipping_away", "report.action.slipping_away"}, {"second_order_due", "report.action.second_order_due"},
    {"win_back", "report.action.win_back"},           {"best_source", "report.action.best_source"},
    {"refunds_item", "report.action.refunds_item"},   {"refunds_lately", "report.action.refunds_lately"},
    {"anonymous", "report.action.anonymous"},         {"unknown_status", "report.action.unknown_status"},
    {"unconverted", "report.action.unconverted"},     {"unmatched_refunds", "report.action.unmatched_refunds"},
    {"rejected", "report.action.rejected"},           {"no_status", "report.action.no_status"},
    {"no_currency", "report.action.no_currency"},
};
constexpr Entry kActionReasons[] = {
    {"slipping_away", "report.why.slipping_away"}, {"second_order_due", "report.why.second_order_due"},
    {"win_back", "report.why.win_back"},           {"best_source", "report.why.best_source"},
    {"refunds_item", "report.why.refunds_item"},   {"refunds_lately", "report.why.refunds_lately"},
    {"anonymous", "report.why.anonymous"},         {"unknown_status", "report.why.unknown_status"},
    {"unconverted", "report.why.unconverted"},     {"unmatched_refunds", "report.why.unmatched_refunds"},
    {"rejected", "report.why.rejected"},           {"no_status", "report.why.no_status"},
    {"no_currency", "report.why.no_currency"},
};
constexpr Entry kBridgeNames[] = {
    {"rows", "report.bridge.rows"},
    {"title_rows", "report.bridge.title_rows"},
    {"header_rows", "report.bridge.header_rows"},
    {"total_rows", "report.bridge.total_rows"},
    {"blank_rows", "report.bridge.blank_rows"},
    {"rejected", "report.bridge.rejected"},
    {"lines", "report.bridge.lines"},
    {"further_lines", "report.bridge.further_lines"},
    {"refund_rows", "report.bridge.refund_rows"},
    {"orders", "report.bridge.orders"},
    {"refunds_without_order", "report.bridge.refunds_without_order"},
    {"same_order_again", "report.bridge.same_order_again"},
    {"incomplete", "report.bridge.incomplete"},
    {"negative", "report.bridge.negative"},
    {"anonymous", "report.bridge.anonymous"},
    {"awaited", "report.bridge.awaited"},
    {"void", "report.bridge.void"},
    {"refunded", "report.bridge.refunded"},
    {"cancelled", "report.bridge.cancelled"},
    {"unknown_status", "report.bridge.unknown_status"},
    {"test", "report.bridge.test"},
    {"after_as_of", "report.bridge.after_as_of"},
    {"unexplained", "report.bridge.unexplained"},
    {"counted_orders", "report.bridge.counted_orders"},
    {"paid", "report.bridge.paid"},
    {"tax", "report.bridge.tax"},
    {"shipping", "report.bridge.shipping"},
    {"gross", "report.bridge.gross"},
    {"discount", "report.bridge.discount"},
    {"refunds", "report.bridge.refunds"},
    {"revenue", "report.bridge.revenue"},
    {"refunds_after_as_of", "report.bridge.refunds_after_as_of"},
    {"gone_after_as_of", "report.bridge.gone_after_as_of"},
    {"unconverted", "report.bridge.unconverted"},
    {"unmatched_refunds", "report.bridge.unmatched_refunds"},
    // Of records beside orders, which only imports show (bridge_of_records).
    {"read", "report.bridge.read"},
    {"merged", "report.bridge.merged"},
    {"records", "report.bridge.records"},
    {"cells", "report.bridge.cells"},
    {"blank_cells", "report.bridge.blank_cells"},
    {"rejected_cells", "report.bridge.rejected_cells"},
};
constexpr Entry kClaims[] = {
    {"new_costs_five_times", "report.claim.new_costs_five_times"},
    {"returning_spend_more", "report.claim.returning_spend_more"},
    {"three_in_ten_after_a_year", "report.claim.three_in_ten_after_a_year"},
    {"five_points_profit", "report.claim.five_points_profit"},
    {"average_retention", "report.claim.average_retention"},
};

std::string amount_of(const Action& action, const Words& words) {
  return action.amount_minor ? words.money_whole(*action.amount_minor) : words.none();
}

bool is_multiple(const Claim& claim) { return claim.name == "new_costs_five_times"; }

}  // namespace

Said action_title_said(const Action& action, const Words& words, const Number& people) {
  const char* key = key_of(kActionTitles, action.name);
  if (!key) return {{action.name}};
  return words.said(key, {{"people", action.people}, {"orders", action.orders}, {"subject", action.subject}},
                    {{"people", people}, {"orders", {people.field}}});
}

Said action_reason_said(const Action& action, const Words& words, const Number& people) {
  const char* key = key_of(kActionReasons, action.name);
  if (!key) return {};
  // What is made of those who are not on the list is explained by what the list is.
  const Number of_nobody{people.field};
  // A share of the list is one of its people (refunds); that of second orders is of those who came back.
  const bool theirs = action.name != "second_order_due";
  return words.said(key,
                    {{"people", action.people},
                     {"orders", action.orders},
                     {"amount", amount_of(action, words)},
                     {"subject", action.subject},
                     {"rate", words.percent(action.rate)},
                     {"compared", words.percent(action.compared_rate)},
                     {"mean", words.mean(action.mean_minor)},
                     {"compared_mean", words.mean(action.compared_mean_minor)},
                     {"from", action.from_days.value_or(0)},
                     {"to", action.to_days.value_or(0)}},
                    {{"people", people},
                     {"amount", people},
                     {"orders", of_nobody},
                     {"rate", theirs ? people : of_nobody},
                     {"mean", theirs ? people : of_nobody},
                     {"compared", of_nobody},
                     {"compared_mean", of_nobody},
                     {"from", of_nobody},
                     {"to", of_nobody}});
}

std::string action_title(const Action& action, const Words& words) {
  return joined(action_title_said(action, words, {}));
}

std::string action_reason(const Action& action, const Words& words) {
  return joined(action_reason_said(action, words, {}));
}

bool lists_customers(const Report& report) {
  return std::any_of(report.actions.begin(), report.actions.end(), [](const Action& a) { return a.people > 0; });
}

std::string bridge_name(const BridgeLine& line, const Words& words) {
  const char* key = key_of(kBridgeNames, line.name);
  std::string out = key ? words(key) : line.name;
  if (!line.detail.empty()) out += " (" + line.detail + ")";
  return out;
}

std::string claim_figure(const Claim& claim, std::optional<double> value, const Words& words) {
  if (!value) return words.none();
  return is_multiple(claim) ? words("report.times", {{"n", words.decimal(value, 1)}}) : words.percent(value);
}

std::string claim_sentence(const Claim& claim, const Words& words) {
  const char* key = key_of(kClaims, claim.name);
  return key ? words(key) : claim.name;
}

std::string claim_verdict(const Claim& claim, const Words& words) {
  switch (claim.verdict) {
    case Verdict::kTrue:
      return words("report.verdict.true");
    case Verdict::kFalse:
      return words("report.verdict.false");
    case Verdict::kCannotTell:
      break;
  }
  return words("report.verdict.cannot_tell");
}

std::string claim_why(const Claim& claim, const Words& words) {
  return claim.verdict == Verdict::kCannotTell && !claim.why.empty() ? words.or_key(claim.why) : "";
}

namespace {

// "25–95%": the unit once.
std::string claim_span(const Claim& claim, double low, double high, int places, const Words& words) {
  if (is_multiple(claim)) {
    return words(
        "report.times",
        {{"n", words("report.span", {{"low", words.decimal(low, places)}, {"high", words.decimal(high, places)}})}});
  }
  // "−2.9 – 6.5%": a sign and a dash must not run together.
  return words(low < 0 ? "report.span.apart" : "report.span",
               {{"low", words.decimal(low * 100, places)}, {"high", words.percent(high, places)}});
}

}  // namespace

std::string claim_published(const Claim& claim, const Words& words) {
  if (claim.published_low != claim.published_high) {
    return claim_span(claim, claim.published_low, claim.published_high, 0, words);
  }
  return is_multiple(claim) ? words("report.times", {{"n", words.decimal(claim.published_low, 0)}})
                            : words.percent(claim.published_low, 0);
}

std::string claim_interval(const Claim& claim, const Words& words) {
  if (!claim.low || !claim.high) return "";
  return claim_span(claim, *claim.low, *claim.high, 1, words);
}

std::vector<const CohortRow*> shown_cohorts(const CohortAnswer& answer, std::size_t most) {
  std::vector<const CohortRow*> out;
  for (const CohortRow& row : answer.rows) {
    if (row.size > 0) out.push_back(&row);
  }
  if (out.size() > most) out.erase(out.begin(), out.end() - static_cast<std::ptrdiff_t>(most));
  return out;
}

std::string role_word(ingest::Role role, const Words& words) {
  using ingest::Role;
  switch (role) {
    case Role::kCustomer:
      return words("report.role.customer");
    case Role::kDate:
      return words("report.role.date");
    case Role::kAmount:
      return words("report.role.amount");
    case Role::kOrder:
      return words("report.role.order");
    case Role::kTotal:
      return words("report.role.total");
    case Role::kPrice:
      return words("report.role.price");
    case Role::kQuantity:
      return words("report.role.quantity");
    case Role::kCurrency:
      return words("report.role.currency");
    case Role::kItem:
      return words("report.role.item");
    case Role::kStatus:
      return words("report.role.status");
    case Role::kEmail:
      return words("report.role.email");
    case Role::kPhone:
      return words("report.role.phone");
    case Role::kRefund:
      return words("report.role.refund");
    case Role::kTax:
      return words("report.role.tax");
    case Role::kShipping:
      return words("report.role.shipping");
    case Role::kDiscount:
      return words("report.role.discount");
    case Role::kCoupon:
      return words("report.role.coupon");
    case Role::kSource:
      return words("report.role.source");
    case Role::kCountry:
      return words("report.role.country");
    case Role::kName:
      return words("report.role.name");
    case Role::kSubtotal:
      return words("report.role.subtotal");
    case Role::kUpdatedAt:
      return words("report.role.updated_at");
    case Role::kCancelledAt:
      return words("report.role.cancelled_at");
    case Role::kAlias:
      return words("report.role.alias");
    case Role::kItemName:
      return words("report.role.item_name");
    case Role::kTest:
      return words("report.role.test");
  }
  return words("report.role.customer");
}

std::string file_sentence(const ingest::FileShape& file, const Words& words) {
  constexpr Entry kSystems[] = {
      {"shopify", "Shopify"},       {"woocommerce", "WooCommerce"}, {"magento", "Magento"},
      {"prestashop", "PrestaShop"}, {"shopware", "Shopware"},       {"lightspeed", "Lightspeed"},
      {"bol", "Bol.com"},           {"amazon", "Amazon"},           {"stripe", "Stripe"}};
  std::vector<std::string> parts;
  if (!file.system.empty()) {
    const char* known = key_of(kSystems, file.system);
    parts.push_back(words("report.file.system", {{"system", known ? std::string(known) : file.system}}));
  }
  std::string format = file.format;
  for (char& c : format) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  if (!format.empty()) parts.push_back(format);
  if (!file.encoding.empty()) parts.push_back(file.encoding);
  if (!file.delimiter.empty()) {
    const std::string shown = file.delimiter == "\t" ? "Tab" : file.delimiter;
    parts.push_back(words("report.file.delimiter", {{"delimiter", shown}}));
  }
  if (!file.date_format.empty()) parts.push_back(words("report.file.dates", {{"format", file.date_format}}));
  if (!file.decimal_mark.empty()) parts.push_back(words("report.file.decimals", {{"mark", file.decimal_mark}}));
  if (!file.header) parts.push_back(words("report.file.no_header"));
  if (file.title_rows > 0) parts.push_back(words("report.file.title_rows", {{"n", file.title_rows}}));
  if (file.total_rows > 0) parts.push_back(words("report.file.total_rows", {{"n", file.total_rows}}));
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : " · ") + part;
  return out;
}

std::vector<Definition> definitions_of(const Report& report, const Words& words) {
  const int days = report.basics.window_days;
  const std::int64_t points = static_cast<std::int64_t>(std::llround(report.whatif.points));
  return {{words("report.term.customer"), words("report.term.customer.is", {{"days", days}})},
          {words("report.measure.kept"), words("report.term.kept.is")},
          {words("report.measure.lost"), words("report.term.lost.is")},
          {words("report.measure.textbook"), words("report.term.textbook.is")},
          {words("report.came_back"), words("report.term.back.is", {{"days", days}})},
          {words("report.measure.returning"), words("report.term.returning.is")},
          {words("report.measure.repeat"), words("report.term.repeat.is")},
          {words("report.measure.revenue"), words("report.term.revenue.is")},
          {words("report.measure.lifetime_value"), words("report.term.lifetime_value.is", {{"days", days}})},
          {words("report.term.slipping"), words("report.term.slipping.is")},
          {words("report.term.cohort"), words("report.term.cohort.is")},
          {words("report.term.interval"), words("report.term.interval.is")},
          {words("report.term.whatif"), words("report.term.whatif.is", {{"points", points}})}};
}

}  // namespace behoud::retention::report::internal
