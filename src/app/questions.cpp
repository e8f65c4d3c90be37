#include "app/questions.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "app/answer_sheet.h"
#include "app/customer_list.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "retention/answer_json.h"
#include "retention/people_behind.h"
#include "retention/report/actions.h"

namespace behoud::app {
namespace {

using namespace retention;

constexpr double kPointsMax = 100;

bool parse_hex(std::string_view text, std::uint64_t& out) {
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out, 16);
  return ec == std::errc{} && end == text.data() + text.size();
}
bool parse_hex_bytes(std::string_view text, std::string& out) {
  for (; !text.empty(); text.remove_prefix(2)) {
    std::uint64_t byte = 0;
    if (!parse_hex(text.substr(0, 2), byte)) return false;
    out += static_cast<char>(byte);
  }
  return true;
}

Result<double> parse_points(std::string_view text) {
  double points = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), points);
  if (ec == std::errc{} && end == text.data() + text.size() && points > 0 && points <= kPointsMax) return points;
  return fail(Errc::kInvalidArgument, fmt::format("{} is not a number of points", quoted(text)),
              "above 0 and at most 100, as 5 or 2.5", {{}, 0, "points"});
}

// What a table says under its rows.
template <class Answer>
std::string summary(const Answer&, const Asked&) {
  return {};
}
std::string summary(const WhatIfAnswer& a, const Asked& of) {
  if (!a.worth_minor) return "\nWorth: cannot be told: there are no 12 complete months with customers yet.\n";
  const int exponent = of.histories.currency.exponent();
  const auto worth = money::to_decimal(static_cast<std::int64_t>(std::llround(*a.worth_minor)), exponent);
  std::string out = fmt::format("\n{} more points of retention: worth {}", a.points, worth);
  if (of.histories.currency.known()) out += " " + of.histories.currency.code();
  if (a.share_of_revenue) out += fmt::format(", {:.1f}% of revenue", 100 * *a.share_of_revenue);
  if (a.share_of_margin) out += fmt::format(", {:.1f}% of margin", 100 * *a.share_of_margin);
  return out + "\n";
}

// The money that is in no sum of a table.
std::string unconverted_note(const timeline::Histories& h) {
  std::string out;
  for (const timeline::Unconverted& u : h.unconverted) {
    out += fmt::format("Without an exchange rate: {} {} of {} {} in all, counted as orders, their money in no sum\n",
                       u.orders, u.orders == 1 ? "order" : "orders",
                       money::to_decimal(u.gross_minor, u.currency.exponent()), u.currency.code());
  }
  return out;
}

// The comparison as an answer of its own.
template <class Answer>
Answer as_answer(const Answer& answer) {
  return {answer.basics, answer.comparison->rows};
}
CohortAnswer as_answer(const CohortAnswer& answer) {
  return {answer.basics, answer.mode, answer.comparison->rows, answer.comparison->means};
}
WhatIfAnswer as_answer(const WhatIfAnswer& answer) {
  const WhatIfAnswer::Before& then = *answer.comparison;
  return {answer.basics, answer.points, then.worth_minor, then.share_of_revenue, then.share_of_margin, then.rows};
}

// What stands under the rows: a table of the comparison.
template <class Answer>
std::string compared_table(const Answer&, const Asked&, bool) {
  return {};
}
template <class Answer>
  requires requires(const Answer& a) { a.comparison; }
std::string compared_table(const Answer& answer, const Asked& of, bool utf8) {
  if (!answer.comparison || !answer.comparison->from) return {};
  const auto& c = *answer.comparison;
  std::string out = "\nCompared with ";
  if constexpr (requires { c.as_of; }) {
    out += fmt::format("a year before, as of {}", calendar::to_string(*c.as_of));
  } else {
    out += fmt::format("{}, {} to {}", c.with == Compare::kPrevious ? "the periods before" : "last year",
                       calendar::to_string(*c.from), calendar::to_string(*c.to));
  }
  const Answer then = as_answer(answer);
  return out + "\n\n" + to_table(to_table_sheet(then), {of.histories.currency, utf8}) + summary(then, of);
}

template <class Answer>
std::string written(const Answer& answer, const Asked& of, Format format, bool utf8) {
  std::string out;
  switch (format) {
    case Format::kJson: {
      JsonWriter json(out);
      write_json(json, answer, of.histories.unconverted);
      out += '\n';
      break;
    }
    case Format::kCsv:
      out = to_csv(to_sheet(answer));
      break;
    case Format::kTable:
      out = basics_line(answer.basics);
      if (of.histories.is_sample) out += ", a sample shop";
      out += "\n";
      out += without_orders(of.histories);
      out += unconverted_note(of.histories);
      out += '\n';
      out += to_table(to_table_sheet(answer), {of.histories.currency, utf8});
      out += summary(answer, of);
      out += compared_table(answer, of, utf8);
      break;
  }
  return out;
}

std::vector<Option> options_of(std::initializer_list<Option> more) {
  std::vector<Option> out = question_options();
  out.insert(out.end(), more);
  return out;
}

std::vector<Option> customer_options() {
  std::vector<Option> out = options_of({{"behind", "FIELD", "the number", false},
                                        mode_option(),
                                        {"names", "", "with --behind: each with e-mail and name", false}});
  for (const Option& option : customer_list_options()) out.push_back(option);
  return out;
}

std::string hex_of(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return out;
}

// Where the row after the cursor's stands. A list behind a number is ordered by (revenue, descending; key; number), and
// its cursor holds the first two of the last row and which of those alike in both it is: "b1", revenue and that count
// as 16 and 8 hexadecimal digits, the key as two a byte. A list of things to do has an order of its own: "l1", the
// row's number in 8 digits, 16 of 0, and the key; if that is gone, what follows the number follows.
class RowCursor {
 public:
  explicit RowCursor(bool own_order) : own_order_(own_order) {}

  std::string of(PeopleBehind& rows, std::size_t last) const {
    const CustomerRow row = rows.row(last);
    if (own_order_) return fmt::format("l1{:016x}{:08x}", 0, last) + hex_of(row.customer);
    const std::size_t nth = last - rows.find(row.revenue_minor, row.customer).first;
    return fmt::format("b1{:016x}{:08x}", static_cast<std::uint64_t>(row.revenue_minor), nth) + hex_of(row.customer);
  }

  Result<std::size_t> after(PeopleBehind& rows, std::string_view text) const {
    CustomerRow last;
    std::uint64_t revenue = 0, nth = 0;
    const bool good = text.starts_with(own_order_ ? "l1" : "b1") && text.size() >= 26 && text.size() % 2 == 0 &&
                      parse_hex(text.substr(2, 16), revenue) && parse_hex(text.substr(18, 8), nth) &&
                      parse_hex_bytes(text.substr(26), last.customer);
    if (!good) {
      return fail(Errc::kInvalidArgument, "the cursor is broken",
                  "take it as `next` gave it, or leave it out for the first page", {{}, 0, "cursor"});
    }
    if (own_order_) {
      if (nth < rows.size() && rows.key(nth) == last.customer) return nth + 1;
      std::size_t same = 0;
      while (same < rows.size() && rows.key(same) != last.customer) ++same;
      return same < rows.size() ? same + 1 : std::min(nth + 1, rows.size());
    }
    const auto [first, end] = rows.find(static_cast<std::int64_t>(revenue), last.customer);
    return first + std::min(end - first, nth + 1);
  }

 private:
  bool own_order_;
};

// The rows that --limit and --cursor ask for; without either, all as they are.
Result<BehindAnswer> page_behind(PeopleBehind& people, const Lookup& said, bool own_order) {
  TRY_ASSIGN(const auto limit, parse_limit(said));
  const auto cursor = said("cursor");
  if (!limit && !cursor) return BehindAnswer{people.basics(), people.rows(0, people.size())};
  const RowCursor place(own_order);
  std::size_t from = 0;
  if (cursor) {
    TRY_ASSIGN(from, place.after(people, *cursor));
  }
  const std::size_t to = std::min(people.size(), from + limit.value_or(kPageRowsMax));
  BehindAnswer answer{people.basics(), people.rows(from, to)};
  answer.page = retention::BehindAnswer::Page{.total = people.size(), .next = {}};
  if (from < to && to < people.size()) answer.page->next = place.of(people, to - 1);
  return answer;
}

}  // namespace

Result<void> require_basis(const timeline::Histories& h, const Question& question) {
  constexpr std::size_t kKindsShown = 20;
  if (h.orders() == 0) return {};
  const auto nothing = [](std::string message, std::string hint, Why why) {
    return fail(Errc::kInvalidArgument, std::move(message), std::move(hint), {{}, 0, "basis"}, std::move(why));
  };
  switch (question.basis) {
    case Basis::kOrders:
      return {};
    case Basis::kSubscriptions:
      if (!h.subscriptions.empty()) return {};
      return nothing("there are no subscriptions here, so nobody can be counted by them",
                     "import them into a data folder: behoud import subscriptions FILE; or leave out --basis",
                     {"problem.no_subscriptions"});
    case Basis::kRelation:
      if (!h.relation_joined.empty()) return {};
      return nothing("nothing here says who signed up and when, so nobody can be counted by that",
                     "import it into a data folder: behoud import customers FILE, with the columns consent and "
                     "consent_at; or leave out --basis",
                     {"problem.no_relation"});
    case Basis::kEvents:
      break;
  }
  if (h.events.empty()) {
    return nothing("there are no events here, so nobody can be counted by them",
                   "count by orders: leave out --basis and --kinds", {"problem.no_events"});
  }
  for (const std::string& kind : question.kinds) {
    if (std::ranges::find(h.kinds.by_code, kind) != h.kinds.by_code.end()) continue;
    std::vector<std::string> kinds(h.kinds.by_code.begin(), h.kinds.by_code.end());
    std::erase(kinds, "");
    std::ranges::sort(kinds);
    std::string known;
    for (std::size_t i = 0; i < kinds.size() && i < kKindsShown; ++i) known += (i > 0 ? ", " : "") + kinds[i];
    if (kinds.size() > kKindsShown) known += ", …";
    return fail(Errc::kInvalidArgument, fmt::format("there is no event of the kind {}", quoted(kind)),
                "these kinds there are: " + known, {{}, 0, "kinds"},
                {"problem.event_kind_unknown", {{"kind", kind}, {"known", known}}});
  }
  return {};
}

std::string without_orders(const timeline::Histories& h) {
  if (h.orders() > 0) return {};
  std::uint64_t left_out = 0;
  for (const timeline::LeftOut& l : h.left_out) left_out += timeline::of_orders(l) ? l.orders : 0;
  if (left_out == 0) return "No orders yet. Bring them in: behoud import orders FILE\n";
  return fmt::format("Not one of {} orders counts; behoud report --data DIR says why\n", left_out);
}

Result<bool> wants_names(const Lookup& said) {
  const auto word = said("names");
  if (!word || *word == "false") return false;
  if (word->empty() || *word == "true") return true;
  return fail(Errc::kInvalidArgument, quoted(*word) + " is not known", "true or false", {{}, 0, "names"});
}

const QuestionSyntax& question_named(std::string_view name) {
  const auto found = std::ranges::find(questions(), name, &QuestionSyntax::name);
  assert(found != questions().end());
  return *found;
}

const std::vector<QuestionSyntax>& questions() {
  static const std::vector<QuestionSyntax> all{
      {"retention", "Are we keeping our customers?",
       "One row a period: who was active at its start, who stayed, left, came new and came back, and the rates.",
       options_of({compare_option()})},
      {"cohorts", "What becomes of those who came in one period?",
       "One row a cohort, one cell a period since. --from and --to choose cohorts; a star marks a cell that is not "
       "complete.",
       options_of({mode_option(), compare_option()})},
      {"value", "What are customers worth?", "One row a period: orders, revenue, and values per order and customer.",
       options_of({compare_option()})},
      {"cost", "What does keeping customers cost, and winning them?",
       "One row a period, from imported costs (behoud import costs).", options_of({compare_option()})},
      {"claims", "Are the published claims true for this shop?",
       "One row a claim: the published figure, the shop's own, and the verdict. Compared, they stand beside what they\n"
       "were a year before.",
       options_of({compare_option()})},
      {"whatif", "What would a few more points of retention bring?",
       "Over the last 12 complete months; one row a month. Compared, they stand beside the 12 months before.",
       options_of({{"points", "P", "points of monthly retention more (default: 5)", false}, compare_option()})},
      {"customers", "Who is behind a number?",
       "--behind takes a count's or a rate's name (retained, lost, new, reactivated, buyers, crr_strict, ...), in the\n"
       "last complete period or in the one that --from and --to span; a cohort (cohort:2024-01-01) or one of its "
       "cells\n"
       "(cohort:2024-01-01:3); a figure of value or cost (aov_minor: the buyers; cac_minor: the new); a claim\n"
       "(claim:average_retention); or a list of the report (slipping_away, second_order_due, win_back, best_source,\n"
       "refunds_item, refunds_lately). As many rows as the number says.\n"
       "Without --behind: all customers, searched and sorted, with what they are called.",
       customer_options()}};
  return all;
}

Result<std::string> answer_question(std::string_view name, const Asked& of, const Lookup& said, Format format,
                                    bool utf8) {
  const Source h = of.source();
  ShopSettings settings = of.settings;
  TRY_ASSIGN(const Question q, parse_question(said, of.histories.zone));
  TRY(require_basis(of.histories, q));
  const auto write = [&](auto answer) -> Result<std::string> {
    if (!answer) return std::unexpected(std::move(answer).error());
    return written(*answer, of, format, utf8);
  };
  if (name == "retention") return write(answer_retention(h, settings, q));
  if (name == "cohorts") return write(answer_cohorts(h, settings, q));
  if (name == "value") return write(answer_value(h, settings, q));
  if (name == "cost") return write(answer_cost(h, settings, q));
  if (name == "claims") return write(answer_claims(h, settings, q));
  if (name == "whatif") {
    if (const auto points = said("points")) {
      TRY_ASSIGN(settings.what_if_points, parse_points(*points));
    }
    return write(answer_whatif(h, settings, q));
  }
  assert(name == "customers");
  const auto behind = said("behind");
  if (!behind || behind->empty()) {
    return fail(Errc::kInvalidArgument, "say which number's people: --behind FIELD", "as --behind lost",
                {{}, 0, "behind"});
  }
  const bool to_act_on = retention::report::is_action_list(*behind);
  TRY_ASSIGN(PeopleBehind people, to_act_on ? retention::report::people_to_act_on(h, settings, q, *behind)
                                            : people_behind(h, settings, q, *behind));
  TRY_ASSIGN(const bool names, wants_names(said));
  TRY_ASSIGN(const BehindAnswer answer, page_behind(people, said, to_act_on));
  if (names && of.called) return written(retention::CalledAnswer{answer, of.called(answer.rows)}, of, format, utf8);
  return written(answer, of, format, utf8);
}

}  // namespace behoud::app
