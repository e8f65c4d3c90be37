#include "app/question_options.h"

#include <fmt/format.h>

#include "base/text.h"
#include "retention/answer_json.h"

namespace behoud::app {
namespace {

using namespace retention;

constexpr int kWindowDaysMax = 3650;

std::unexpected<Error> wrong(std::string_view option, std::string message, std::string hint, Why why = {}) {
  return fail(Errc::kInvalidArgument, std::move(message), std::move(hint), {{}, 0, std::string{option}},
              std::move(why));
}

// The value whose name() is `text`.
template <class E>
Result<E> parse_name(std::string_view option, std::string_view text, std::initializer_list<E> all) {
  std::string known;
  for (const E e : all) {
    if (name(e) == text) return e;
    known += (known.empty() ? "" : ", ") + std::string{name(e)};
  }
  return wrong(option, fmt::format("{} is not known", quoted(text)), fmt::format("one of: {}", known),
               {"problem.value_unknown", {{"value", text}, {"known", known}}});
}

Result<calendar::Instant> parse_as_of(std::string_view text, const calendar::Zone& zone) {
  if (const auto day = calendar::parse_day(text)) return zone.first_instant(*day);
  if (const auto instant = calendar::parse_instant(text)) return *instant;
  return wrong("as-of", fmt::format("{} is neither a day nor an instant", quoted(text)),
               "as 2024-07-01 or 2024-07-01T00:00:00Z", {"problem.instant_unreadable", {{"value", text}}});
}

}  // namespace

std::vector<Option> question_options() {
  return {{"from", "DATE", "the first day; on a boundary of the grain (default: the history's start)", false},
          {"to", "DATE", "the day after the last; on a boundary of the grain (default: after as-of)", false},
          {"grain", "GRAIN", "day, week, month, quarter, year, or 28d, 4w, 3mo (default: month)", false},
          {"window", "Nd", "who ordered in the last N days is active (default: the shop's)", false},
          {"basis", "BASIS", "what makes a customer active: orders, subscriptions, relation, events", false},
          {"kinds", "KIND,...", "the kinds of events, with --basis events", false},
          {"split", "BY", "one row a value of: source, country, item, coupon", false},
          {"as-of", "DATE", "as if asked then: a day or an instant (default: after the last order)", false}};
}

Option mode_option() { return {"mode", "MODE", "what a cell counts: on, on_or_after, active (default: on)", false}; }

Option compare_option() {
  return {"compare", "WITH", "beside it: previous (as many periods right before) or last_year", false};
}

Result<int> parse_window(std::string_view text) {
  std::string_view digits = text;
  if (digits.ends_with('d')) digits.remove_suffix(1);
  const auto days = parse_integer(digits);
  if (!days || *days < 1 || *days > kWindowDaysMax) {
    return wrong("window", fmt::format("{} is not a number of days", quoted(text)),
                 fmt::format("1d to {}d, as 90d", kWindowDaysMax),
                 {"problem.window_unfit", {{"most", kWindowDaysMax}}});
  }
  return static_cast<int>(*days);
}

Result<std::optional<std::size_t>> parse_limit(const Lookup& said) {
  const auto text = said("limit");
  if (!text) return std::nullopt;
  const auto rows = parse_integer(*text);
  if (!rows || *rows < 1 || *rows > static_cast<std::int64_t>(kPageRowsMax)) {
    return wrong("limit", fmt::format("{} is not a number of rows", quoted(*text)),
                 fmt::format("1 to {}", kPageRowsMax),
                 {"problem.number_unfit", {{"value", *text}, {"least", "1"}, {"most", std::to_string(kPageRowsMax)}}});
  }
  return static_cast<std::size_t>(*rows);
}

Result<Question> parse_question(const Lookup& said, const calendar::Zone& zone) {
  Question q;
  if (const auto text = said("from")) {
    TRY_ASSIGN(q.from, of_option("from", calendar::parse_day(*text)));
  }
  if (const auto text = said("to")) {
    TRY_ASSIGN(q.to, of_option("to", calendar::parse_day(*text)));
  }
  if (const auto text = said("grain")) {
    TRY_ASSIGN(q.grain, of_option("grain", calendar::parse_grain(*text)));
  }
  if (const auto text = said("window")) {
    TRY_ASSIGN(q.window_days, parse_window(*text));
  }
  if (const auto text = said("basis")) {
    TRY_ASSIGN(q.basis,
               parse_name("basis", *text, {Basis::kOrders, Basis::kSubscriptions, Basis::kRelation, Basis::kEvents}));
  }
  if (const auto text = said("split")) {
    TRY_ASSIGN(q.split, parse_name("split", *text,
                                   {Split::kNone, Split::kSource, Split::kCountry, Split::kItem, Split::kCoupon}));
  }
  if (const auto text = said("mode")) {
    TRY_ASSIGN(q.mode, parse_name("mode", *text, {CohortMode::kOn, CohortMode::kOnOrAfter, CohortMode::kActive}));
  }
  if (const auto text = said("compare")) {
    TRY_ASSIGN(q.compare, parse_name("compare", *text, {Compare::kPrevious, Compare::kLastYear}));
  }
  if (const auto text = said("as-of")) {
    TRY_ASSIGN(q.as_of, parse_as_of(*text, zone));
  }
  if (const auto text = said("kinds")) {
    if (q.basis != Basis::kEvents) {
      return wrong("kinds", "kinds of events need --basis events", "add --basis events",
                   {"problem.kinds_without_events"});
    }
    std::string_view rest = *text;
    while (true) {
      const auto comma = std::min(rest.find(','), rest.size());
      const std::string_view kind = trim(rest.substr(0, comma));
      if (kind.empty()) return wrong("kinds", "a kind of events is empty", "as \"Product Viewed,Email Opened\"");
      q.kinds.emplace_back(kind);
      if (comma == rest.size()) break;
      rest.remove_prefix(comma + 1);
    }
  }
  return q;
}

}  // namespace behoud::app
