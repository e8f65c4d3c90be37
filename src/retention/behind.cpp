#include <algorithm>
#include <array>
#include <functional>

#include "base/together.h"
#include "retention/internal/claim_people.h"
#include "retention/internal/classify.h"
#include "retention/internal/shop.h"
#include "retention/internal/subscription_book.h"
#include "retention/people_behind.h"

namespace behoud::retention {
namespace {

using calendar::Day;
// What a test of one customer after the other works in.
struct Scratch {
  std::vector<DaySpan> spans;
  std::vector<PointRun> active;
};
using Test = std::function<bool(std::uint32_t customer, Scratch&)>;

constexpr const char* kNames =
    "customers_start, customers_end, new, one_and_gone, reactivated, retained, lost, crr, crr_strict, churn_rate, "
    "returning_rate, returning_rate_active, buyers, repeat_rate, paused, in_trial, trial_converted, the fields of "
    "value "
    "and cost, cohort:DAY, cohort:DAY:K, claim:NAME";

// Whose orders or presence a figure is made from that counts no people itself.
struct MadeFrom {
  std::string_view field, people;
};
constexpr MadeFrom kMadeFrom[] = {{"orders", "buyers"},
                                  {"gross_retention", "customers_start"},
                                  {"net_retention", "customers_start"},
                                  {"gross_minor", "buyers"},
                                  {"revenue_minor", "buyers"},
                                  {"margin_minor", "buyers"},
                                  {"aov_minor", "buyers"},
                                  {"purchase_frequency", "buyers"},
                                  {"items_per_order", "buyers"},
                                  {"units", "buyers"},
                                  {"customer_value_minor", "buyers"},
                                  {"crc_minor", "customers_end"},
                                  {"crc_per_retained_minor", "retained"}};

// A number and, where the question splits, the part it is of: "lost:instagram", "cohort:2024-01-01:3:instagram".
struct Asked {
  std::string_view name;
  std::optional<Day> cohort;
  std::optional<int> k;
  std::optional<std::string_view> part;
  std::string_view claim;
};

Result<Asked> parse(std::string_view text, bool split) {
  const auto take = [&text]() {
    const auto colon = text.find(':');
    const std::string_view word = text.substr(0, colon);
    text.remove_prefix(colon == std::string_view::npos ? text.size() : colon + 1);
    return word;
  };
  const std::string whole(text);
  const bool has_colon = text.find(':') != std::string_view::npos;
  Asked asked;
  asked.name = take();
  bool more = has_colon;
  if (asked.name == "claim") {
    asked.claim = text;
    return asked;
  }
  if (asked.name == "cohort") {
    more = text.find(':') != std::string_view::npos;
    TRY_ASSIGN(asked.cohort, calendar::parse_day(take()));
    // What follows the day is k, or where the cohort itself is asked for, the part.
    const std::string_view digits = text.substr(0, text.find(':'));
    const bool is_number = !digits.empty() && digits.size() < 6 &&
                           std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (more && is_number) {
      asked.k = std::stoi(std::string(digits));
      more = text.find(':') != std::string_view::npos;
      take();
    }
  }
  if (more) {
    if (!split) {
      return fail(Errc::kInvalidArgument, "'" + whole + "' names a part, but the question has no split",
                  "add --split, or ask for one of: " + std::string(kNames));
    }
    asked.part = text;
  } else if (split) {
    return fail(Errc::kInvalidArgument, "'" + whole + "' does not say which part of the split is meant",
                "add it after a colon, as lost:instagram; nothing after the colon is the part that is not known");
  }
  return asked;
}

// The customers that a field of one period counts; nullopt where the field counts none.
std::optional<Test> test_of(const Shop& shop, std::string_view field, const Axis& axis) {
  const auto of_standing = [&shop, &axis](std::vector<Standing> wanted) -> Test {
    return [&shop, &axis, wanted = std::move(wanted)](std::uint32_t c, Scratch& scratch) {
      const Day since = shop.population->since(c);
      if (since == kNever) return false;
      points_of(shop.population->active(c, scratch.spans), axis, scratch.active);
      bool found = false;
      classify(scratch.active, since, axis, [&](Standing standing, int, int) {
        found = found || std::find(wanted.begin(), wanted.end(), standing) != wanted.end();
      });
      return found;
    };
  };
  const auto orders_in_period = [&shop, &axis](std::uint32_t c) {
    const auto days = shop.purchases->days_of(c);
    return std::count_if(days.begin(), days.end(), [&axis](Day d) { return axis.period_of(d) == 0; });
  };
  const Day a = axis.points()[0], b = axis.points()[1];
  if (const auto* made = std::ranges::find(kMadeFrom, field, &MadeFrom::field); made != std::end(kMadeFrom)) {
    field = made->people;
  }
  if (field == "cac_minor" || field == "acquisition_roi" || field == "payback_months" ||
      field == "newcomers_margin_minor") {
    return of_standing({Standing::kNew, Standing::kOneAndGone});
  }
  if (field == "value_per_active_minor") return of_standing({Standing::kAtStart, Standing::kAtEnd});
  if (field == "value_to_date_minor" || field == "buyers_to_date" || field == "revenue_to_date_minor") {
    return [=, &shop](std::uint32_t c, Scratch&) {
      const auto days = shop.purchases->days_of(c);
      return !days.empty() && days.front() < b;
    };
  }
  if (field == "customers_start") return of_standing({Standing::kAtStart});
  if (field == "customers_end") return of_standing({Standing::kAtEnd});
  if (field == "new") return of_standing({Standing::kNew});
  if (field == "one_and_gone") return of_standing({Standing::kOneAndGone});
  if (field == "reactivated") return of_standing({Standing::kReactivated});
  if (field == "retained" || field == "crr_strict") return of_standing({Standing::kRetained});
  if (field == "lost" || field == "churn_rate") return of_standing({Standing::kLost});
  // customers_end - new
  if (field == "crr") return of_standing({Standing::kRetained, Standing::kReactivated});
  if (field == "buyers") return [=](std::uint32_t c, Scratch&) { return orders_in_period(c) >= 1; };
  if (field == "repeat_rate") return [=](std::uint32_t c, Scratch&) { return orders_in_period(c) >= 2; };
  if (field == "returning_rate") {
    return [=, &shop](std::uint32_t c, Scratch&) {
      return shop.population->ordered_since(c) < a && orders_in_period(c) >= 1;
    };
  }
  if (field == "returning_rate_active") {
    return [=, at_start = of_standing({Standing::kAtStart})](std::uint32_t c, Scratch& scratch) {
      return orders_in_period(c) >= 1 && at_start(c, scratch);
    };
  }
  if (shop.basics.basis != Basis::kSubscriptions) return std::nullopt;
  const auto own = [&shop](std::uint32_t c) {
    const auto& all = shop.histories->subscriptions;
    const auto range = std::equal_range(all.begin(), all.end(), c, [](const auto& x, const auto& y) {
      const auto customer = [](const auto& v) {
        if constexpr (std::is_same_v<std::decay_t<decltype(v)>, timeline::Subscription>) {
          return v.customer;
        } else {
          return v;
        }
      };
      return customer(x) < customer(y);
    });
    return std::span<const timeline::Subscription>(range.first, range.second);
  };
  if (field == "paused") {
    return [=](std::uint32_t c, Scratch&) {
      const auto state = SubscriptionBook::state_at(own(c), b);
      return state.running && !state.unpaused;
    };
  }
  if (field == "in_trial") {
    return [=](std::uint32_t c, Scratch&) {
      const auto state = SubscriptionBook::state_at(own(c), b);
      return state.trial && !state.running;
    };
  }
  if (field == "trial_converted") {
    return [=](std::uint32_t c, Scratch&) { return SubscriptionBook::trials_in(own(c), a, b).converted; };
  }
  return std::nullopt;
}

// The period that a field is of: the question's only one, else its last complete one.
Result<Axis> period_of(const Shop& shop, const Question& q) {
  if (!shop.now.known) {
    // Nothing has happened yet: nobody is behind any number of any period.
    TRY_ASSIGN(const calendar::Period any, calendar::Period::create(shop.now.cut - 1, shop.now.cut));
    return Axis::consecutive({any}, shop.now);
  }
  TRY_ASSIGN(const Axis axis, shop.axis(q));
  int p = axis.size() - 1;
  while (axis.size() > 1 && p >= 0 && !axis.complete(p)) --p;
  if (p < 0) return fail(Errc::kInvalidArgument, "no period of the question has ended at as-of");
  return Axis::consecutive({axis.periods()[static_cast<std::size_t>(p)]}, shop.now);
}

// The periods of the answer that the cohort is a row of, from its own or an earlier one to as-of.
Result<Axis> axis_of_cohort(const Shop& shop, const Question& q, Day cohort) {
  // Counted grains are laid from the question's own start; where it has none from the answer's, or from the cohort.
  if (q.grain.counted()) {
    Question open = q;
    if (!q.from) open.to.reset();
    const Result<Axis> chosen = shop.axis(open);
    const Result<Axis> axis = chosen ? Axis::to_as_of(q.grain, *chosen, shop.now) : chosen;
    if (axis && !axis->empty() && std::ranges::binary_search(axis->periods(), cohort, {}, &calendar::Period::begin)) {
      return *axis;
    }
  }
  if (!q.grain.counted() || !q.from) {
    Question from_cohort = q;
    from_cohort.from = cohort;
    from_cohort.to.reset();
    Result<Axis> axis = Axis::create(from_cohort, std::nullopt, shop.now);
    if (axis && !axis->empty()) return axis;
  }
  return fail(Errc::kInvalidArgument,
              "no cohort of this grain begins on " + calendar::to_string(cohort) + ", or it has not begun at as-of");
}

// The customers of the cohort of period p, or of its cell k.
Result<Test> cohort_test(const Shop& shop, CohortMode mode, const Axis& axis, int p, std::optional<int> k) {
  const int cell = p + k.value_or(0);
  if (cell >= axis.size()) {
    return fail(Errc::kInvalidArgument, "the cohort has no cell " + std::to_string(*k) + " yet");
  }
  return [&shop, &axis, mode, p, k, cell](std::uint32_t c, Scratch&) {
    const Day since = shop.population->since(c);
    if (since == kNever || axis.period_of(since) != p) return false;
    if (!k) return true;
    const auto days = shop.purchases->days_of(c);
    switch (mode) {
      case CohortMode::kOn:
        return std::any_of(days.begin(), days.end(), [&](Day d) { return axis.period_of(d) == cell; });
      case CohortMode::kOnOrAfter:
        return std::any_of(days.begin(), days.end(), [&](Day d) { return axis.period_of(d) >= cell; });
      case CohortMode::kActive:
        return shop.population->active_at(c, axis.points()[static_cast<std::size_t>(cell) + 1]);
    }
    return false;
  };
}

PeopleBehind list(const Shop& shop, const Test& test, const SplitOf& split, std::optional<std::size_t> part) {
  std::array<std::vector<std::uint32_t>, kParts> found;
  run_in_parts(shop.population->size(), [&](std::size_t stretch, std::size_t begin, std::size_t end) {
    Scratch scratch;
    for (std::size_t i = begin; i < end; ++i) {
      const auto c = static_cast<std::uint32_t>(i);
      if ((!part || split.part(c) == *part) && test(c, scratch)) found[stretch].push_back(c);
    }
  });
  std::vector<std::uint32_t> who;
  for (const auto& own : found) who.insert(who.end(), own.begin(), own.end());
  return {*shop.histories, shop.view, shop.basics, std::move(who), PeopleBehind::Order::kByRevenue};
}

PeopleBehind nobody(const Shop& shop) {
  return {*shop.histories, shop.view, shop.basics, {}, PeopleBehind::Order::kByRevenue};
}

}  // namespace

Result<BehindAnswer> customers_behind(const Source& h, const ShopSettings& s, const Question& q,
                                      std::string_view behind) {
  TRY_ASSIGN(PeopleBehind people, people_behind(h, s, q, behind));
  return BehindAnswer{people.basics(), people.rows(0, people.size())};
}

Result<PeopleBehind> people_behind(const Source& source, const ShopSettings& s, const Question& q,
                                   std::string_view behind) {
  TRY_ASSIGN(const Asked asked, parse(behind, q.split != Split::kNone));
  TRY_ASSIGN(const Shop shop, Shop::open(source, s, q));
  const SplitOf split(shop, q.split);
  std::optional<std::size_t> part;
  if (asked.part) {
    part = split.find(*asked.part);
    if (!part) return nobody(shop);  // a value that nobody's first order has
  }
  if (asked.cohort && !shop.now.known) return nobody(shop);
  if (asked.cohort) {
    TRY_ASSIGN(const Axis axis, axis_of_cohort(shop, q, *asked.cohort));
    const int p = axis.period_of(*asked.cohort);
    TRY_ASSIGN(const Test test, cohort_test(shop, q.mode, axis, p, asked.k));
    return list(shop, test, split, part);
  }
  if (asked.name == "claim") {
    // Of the whole shop, whatever is asked with it, as the claims are.
    TRY_ASSIGN(const LastYear year, last_year(shop));
    TRY_ASSIGN(const std::vector<bool> people, people_of_claim(shop, year, asked.claim));
    return list(shop, [&](std::uint32_t c, Scratch&) { return static_cast<bool>(people[c]); }, split, {});
  }
  TRY_ASSIGN(const Axis axis, period_of(shop, q));
  const std::optional<Test> test = test_of(shop, asked.name, axis);
  if (!test) {
    return fail(Errc::kInvalidArgument, "no people are counted under '" + std::string(asked.name) + "'",
                "ask for one of: " + std::string(kNames));
  }
  return list(shop, *test, split, part);
}

}  // namespace behoud::retention
