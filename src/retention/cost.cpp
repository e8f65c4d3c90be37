#include <algorithm>

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
    TRY_ASSIGN(sum, money::checked_add(sum, cost_within(entry, a, b)));
  }
  return sum;
}

namespace {

// What the newcomers of one period brought, by the month of their life.
struct MonthOfLife {
  std::int64_t revenue_minor = 0, costed_revenue_minor = 0, item_cost_minor = 0;
};

std::vector<std::vector<MonthOfLife>> months_of_newcomers(const Shop& shop, const Axis& axis) {
  const timeline::Histories& h = *shop.histories;
  const Purchases& purchases = *shop.purchases;
  std::vector<std::vector<MonthOfLife>> months(axis.periods().size());
  for (std::size_t c = 0; c < h.customers(); ++c) {
    const Day since = shop.population->since(c);
    const int p = since == kNever ? -1 : axis.period_of(since);
    if (p < 0) continue;
    for (std::size_t i = purchases.begin[c]; i < purchases.begin[c + 1]; ++i) {
      if (purchases.day[i] < since) continue;
      const auto m = static_cast<std::size_t>(month_of_life(since, purchases.day[i]));
      auto& life = months[static_cast<std::size_t>(p)];
      if (life.size() < m) life.resize(m);
      life[m - 1].revenue_minor += purchases.revenue_minor[i];
      if (h.item_cost_minor.empty()) continue;
      life[m - 1].item_cost_minor += h.item_cost_minor[purchases.row(i)];
      life[m - 1].costed_revenue_minor += costed_revenue(h, purchases.row(i), purchases.revenue_minor[i]);
    }
  }
  return months;
}

// The margin of the first `count` months of life.
std::optional<std::int64_t> margin_of(const timeline::Histories& h, const std::vector<MonthOfLife>& life,
                                      std::size_t count) {
  MonthOfLife sum;
  for (std::size_t m = 0; m < std::min(count, life.size()); ++m) {
    sum.revenue_minor += life[m].revenue_minor;
    sum.costed_revenue_minor += life[m].costed_revenue_minor;
    sum.item_cost_minor += life[m].item_cost_minor;
  }
  return margin(h, sum.revenue_minor, sum.costed_revenue_minor, sum.item_cost_minor);
}

Result<std::vector<CostRow>> rows_of(const Shop& shop, const Counted& counted) {
  const timeline::Histories& h = *shop.histories;
  const auto& [axis, split, t] = counted;
  const auto newcomers = months_of_newcomers(shop, axis);
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
    row.crc_minor = per(row.crc_total_minor, t.customers_end[i]);
    row.crc_per_retained_minor = per(row.crc_total_minor, t.retained[i]);
    row.cac_minor = per(row.acquisition_cost_minor, t.fresh[i] + t.one_and_gone[i]);

    if (const std::int64_t cost = row.acquisition_cost_minor; cost > 0) {
      // Everybody new in the period has been seen for 12 months.
      const bool whole_year = row.head.complete && add_months(b, 12) <= shop.now.cut;
      const auto year = margin_of(h, newcomers[i], 12);
      if (whole_year && year) {
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
