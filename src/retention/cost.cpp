#include <algorithm>
#include <array>

#include "base/together.h"
#include "retention/internal/compare.h"
#include "retention/internal/costs.h"
#include "retention/internal/counted.h"
#include "retention/internal/months.h"

namespace behoud::retention {

using calendar::Day;

std::int64_t cost_within(const timeline::CostEntry& entry, Day a, Day b) {
  const int days = std::max(entry.to - entry.from, 1);  // an entry of a day, however it is written
  const auto until = [&](Day d) -> std::int64_t {       // of its first days, those before d
    const int i = std::clamp(d - entry.from, 0, days);
    const __int128 product = static_cast<__int128>(entry.minor) * i;
    const __int128 quotient = product / days;
    return static_cast<std::int64_t>(product % days < 0 ? quotient - 1 : quotient);
  };
  return a < b ? until(b) - until(a) : 0;
}

Result<std::int64_t> cost_of(const timeline::Histories& h, std::string_view purpose, Day a, Day b) {
  std::int64_t sum = 0;
  for (const timeline::CostEntry& entry : h.costs) {
    if (entry.purpose != purpose) continue;
    const auto more = money::checked_add(sum, cost_within(entry, a, b));
    if (!more) {
      return fail(Errc::kOutOfRange, "together the costs of " + std::string(purpose) + " from " +
                                         calendar::to_string(a) + " to " + calendar::to_string(b) +
                                         " are too large to count with");
    }
    sum = *more;
  }
  return sum;
}

namespace {

// What the newcomers of one period brought, by the month of their life.
struct MonthOfLife {
  std::int64_t revenue_minor = 0, costed_revenue_minor = 0, item_cost_minor = 0;
  void add(const MonthOfLife& o) {
    revenue_minor += o.revenue_minor;
    costed_revenue_minor += o.costed_revenue_minor;
    item_cost_minor += o.item_cost_minor;
  }
};

using Lives = std::vector<std::vector<MonthOfLife>>;  // by period, and month of life less 1

Lives months_of_newcomers(const Shop& shop, const Axis& axis) {
  const timeline::Histories& h = *shop.histories;
  const Purchases& purchases = *shop.purchases;
  if (!purchases.first_day) return Lives(axis.periods().size());
  const MonthTable months(std::min(axis.points().front(), *purchases.first_day),
                          std::max(axis.points().back(), *purchases.last_day + 1));
  std::array<Lives, kParts> parts;
  run_in_parts(h.customers(), [&](std::size_t part, std::size_t begin, std::size_t end) {
    Lives& own = parts[part];
    own.resize(axis.periods().size());
    for (std::size_t c = begin; c < end; ++c) {
      const Day since = shop.population->since(c);
      const int p = since == kNever ? -1 : axis.period_of(since);
      if (p < 0) continue;
      auto& life = own[static_cast<std::size_t>(p)];
      for (std::size_t i = purchases.begin[c]; i < purchases.begin[c + 1]; ++i) {
        if (purchases.day[i] < since) continue;
        const auto m = static_cast<std::size_t>(months.month_of_life(since, purchases.day[i]));
        if (life.size() < m) life.resize(m);
        life[m - 1].revenue_minor += purchases.revenue_minor[i];
        if (h.item_cost_minor.empty()) continue;
        life[m - 1].item_cost_minor += h.item_cost_minor[purchases.row(i)];
        life[m - 1].costed_revenue_minor += costed_revenue(h, purchases.row(i), purchases.revenue_minor[i]);
      }
    }
  });
  Lives lives = std::move(parts[0]);
  lives.resize(axis.periods().size());
  for (std::size_t part = 1; part < kParts; ++part) {
    for (std::size_t p = 0; p < parts[part].size(); ++p) {
      const auto& from = parts[part][p];
      if (lives[p].size() < from.size()) lives[p].resize(from.size());
      for (std::size_t m = 0; m < from.size(); ++m) lives[p][m].add(from[m]);
    }
  }
  return lives;
}

// The margin of the first `count` months of life.
std::optional<std::int64_t> margin_of(const timeline::Histories& h, const std::vector<MonthOfLife>& life,
                                      std::size_t count) {
  MonthOfLife sum;
  for (std::size_t m = 0; m < std::min(count, life.size()); ++m) sum.add(life[m]);
  return margin(h, sum.revenue_minor, sum.costed_revenue_minor, sum.item_cost_minor);
}

Result<std::vector<CostRow>> rows_of(const Shop& shop, const Counted& counted) {
  const timeline::Histories& h = *shop.histories;
  const auto& [axis, split, t] = counted;
  // What newcomers brought is put beside what was spent on them: where nothing was, nobody looks.
  const bool acquires = !axis.empty() && std::any_of(h.costs.begin(), h.costs.end(), [](const auto& entry) {
    return entry.purpose == "acquisition" && entry.minor > 0;
  });
  const Lives newcomers = acquires ? months_of_newcomers(shop, axis) : Lives(axis.periods().size());
  std::vector<CostRow> rows;
  for (int p = 0; p < axis.size(); ++p) {
    const std::size_t i = t.at(0, p);
    const Day a = axis.points()[i], b = axis.points()[i + 1];
    CostRow row;
    row.head = shop.head(axis, p);
    row.head.new_at_most = row.head.new_at_most && !t.newcomers_are_known(i);
    TRY_ASSIGN(row.crc_total_minor, cost_of(h, "retention", a, b));
    TRY_ASSIGN(row.acquisition_cost_minor, cost_of(h, "acquisition", a, b));
    const auto per = [](std::int64_t minor, std::uint64_t people) -> std::optional<double> {
      if (people == 0) return std::nullopt;
      return static_cast<double>(minor) / static_cast<double>(people);
    };
    row.customers_end = t.customers_end[i];
    row.retained = t.retained[i];
    row.new_customers = t.fresh[i];
    row.one_and_gone = t.one_and_gone[i];
    row.crc_minor = per(row.crc_total_minor, row.customers_end);
    row.crc_per_retained_minor = per(row.crc_total_minor, row.retained);
    row.cac_minor = per(row.acquisition_cost_minor, row.new_customers + row.one_and_gone);

    if (const std::int64_t cost = row.acquisition_cost_minor; cost > 0) {
      // Everybody new in the period has been seen for 12 months.
      const bool whole_year = row.head.complete && add_months(b, 12) <= shop.now.cut;
      const auto year = margin_of(h, newcomers[i], 12);
      if (whole_year && year) {
        row.newcomers_margin_minor = year;
        row.acquisition_roi = (static_cast<double>(*year) - static_cast<double>(cost)) / static_cast<double>(cost);
      }
      for (std::size_t m = 1; row.head.complete && m <= newcomers[i].size() && !row.payback_months; ++m) {
        const auto so_far = margin_of(h, newcomers[i], m);
        if (!so_far) break;
        if (*so_far >= cost) row.payback_months = static_cast<int>(m);
      }
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

Result<CostAnswer> answer_cost(const Source& h, const ShopSettings& s, const Question& q) {
  if (q.split != Split::kNone) {
    return fail(Errc::kInvalidArgument, "cost cannot be split: an entry does not say whose first order it paid for",
                "ask without --split");
  }
  TRY_ASSIGN(const Shop shop, Shop::open(h, s, q));
  TRY_ASSIGN(const Counted counted, Counted::create(shop, q));
  return answer_cost(shop, q, counted);
}

Result<CostAnswer> answer_cost(const Shop& shop, const Question& q, const Counted& counted) {
  CostAnswer answer{shop.basics, {}};
  if (!counted.axis.empty()) {
    TRY_ASSIGN(answer.rows, rows_of(shop, counted));
  }
  if (q.compare) {
    TRY_ASSIGN(Axis earlier, compared_axis(counted.axis, q.grain, *q.compare));
    answer.comparison = begin_comparison<CostRow>(earlier, *q.compare);
    if (!earlier.empty()) {
      TRY_ASSIGN(const Counted then, Counted::create(shop, std::move(earlier), counted.split));
      TRY_ASSIGN(answer.comparison->rows, rows_of(shop, then));
    }
  }
  return answer;
}

}  // namespace behoud::retention
