#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "timeline/questions/oracle.h"

namespace behoud::timeline::oracle {
namespace {

using calendar::Day;

// Days of orders, ascending.
std::vector<Day> order_days(const Shop& shop, const PlainHistory& history) {
  std::vector<Day> days;
  for (const PlainEvent& e : history.events) {
    if (e.kind == shop.schema.order_kind) days.push_back(e.day);
  }
  std::ranges::sort(days);
  return days;
}
Day month_start(const Shop& shop, std::uint32_t m) { return shop.scale.day(shop.scale.month_begin(m)); }
bool in_month(const Shop& shop, std::uint32_t m, Day day) {
  return month_start(shop, m) <= day && day < month_start(shop, m + 1);
}

}  // namespace

CohortMonths cohort_months(const Shop& shop) {
  const std::uint32_t months = shop.scale.months();
  CohortMonths out{months, std::vector<std::uint64_t>(std::size_t{months} * months)};
  for (const PlainHistory& history : shop.histories) {
    const std::vector<Day> days = order_days(shop, history);
    for (std::uint32_t c = 0; c < months; ++c) {
      if (days.empty() || !in_month(shop, c, days.front())) continue;
      for (std::uint32_t m = 0; m < months; ++m) {
        out.customers[c * months + m] += std::ranges::any_of(days, [&](Day d) { return in_month(shop, m, d); });
      }
    }
  }
  return out;
}

std::vector<MonthActivity> month_activity(const Shop& shop, std::uint32_t window_days) {
  std::vector<MonthActivity> out;
  for (std::uint32_t m = 0; m < shop.scale.months(); ++m) {
    MonthActivity row;
    const Day a = month_start(shop, m), b = month_start(shop, m + 1);
    for (const PlainHistory& history : shop.histories) {
      const std::vector<Day> days = order_days(shop, history);
      const auto active = [&](Day t) {
        return std::ranges::any_of(days,
                                   [&](Day d) { return t.number - std::int64_t{window_days} <= d.number && d < t; });
      };
      const bool start = active(a), end = active(b);
      const bool born = !days.empty() && a <= days.front() && days.front() < b;
      const bool had_ordered = !days.empty() && days.front() < a;
      row.customers_start += start;
      row.customers_end += end;
      row.new_customers += born && end;
      row.one_and_gone += born && !end;
      row.reactivated += had_ordered && !start && end;
      row.retained += start && end;
      row.lost += start && !end;
    }
    out.push_back(row);
  }
  return out;
}

std::vector<PeriodActivity> period_activity(const Shop& shop, const PeriodQuestion& question) {
  std::vector<PeriodActivity> out;
  for (std::size_t p = 0; p + 1 < question.points.size(); ++p) {
    PeriodActivity row;
    const Day a = question.points[p], b = question.points[p + 1];
    for (const PlainHistory& history : shop.histories) {
      const std::vector<Day> days = order_days(shop, history);
      Day since = days.empty() ? PeriodQuestion::kNever : days.front();
      if (!question.since.empty()) since = question.since[history.customer];
      if (since == PeriodQuestion::kNever) continue;
      const bool known = !question.known.empty() && question.known[history.customer] != 0;
      const auto active = [&](Day t) {
        return std::ranges::any_of(days, [&](Day d) { return t - question.window_days <= d && d < t; });
      };
      const auto orders = std::ranges::count_if(days, [&](Day d) { return a <= d && d < b; });
      const bool start = active(a), end = active(b), born = a <= since && since < b;
      row.customers_start += start;
      row.customers_end += end;
      row.new_customers += born && end;
      row.one_and_gone += born && !end;
      row.reactivated += since < a && !start && end;
      row.retained += start && end;
      row.lost += start && !end;
      row.unknown_newcomers += born && !known;
      row.ordered_before += since < a;
      row.buyers += orders > 0;
      row.repeaters += orders > 1;
      row.returned += orders > 0 && since < a;
      row.returned_active += orders > 0 && start;
      row.buyers_to_date += !days.empty() && days.front() < b;
    }
    out.push_back(row);
  }
  return out;
}

std::vector<PurchaseCell> purchase_cells(const Shop& shop, const PurchaseQuestion& question) {
  const Day as_of = shop.scale.epoch_day() + static_cast<int>(question.as_of_day);
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>, PurchaseCell> cells;
  for (const PlainHistory& history : shop.histories) {
    std::vector<Day> days = order_days(shop, history);
    std::erase_if(days, [&](Day d) { return d >= as_of; });
    if (days.empty()) continue;
    const auto unit = [&](int n) { return static_cast<std::uint32_t>(n) / question.unit_days; };
    PurchaseCell cell{.repeats = static_cast<std::uint32_t>(days.size() - 1),
                      .recency = unit(days.back() - days.front()),
                      .age = unit(as_of - days.front())};
    PurchaseCell& sum = cells.try_emplace({cell.repeats, cell.recency, cell.age}, cell).first->second;
    ++sum.customers;
    for (const PlainEvent& e : history.events) {
      if (e.kind == shop.schema.order_kind && e.day < as_of) sum.spend_minor += e.gross_minor;
    }
  }
  std::vector<PurchaseCell> out;
  out.reserve(cells.size());
  for (const auto& [key, cell] : cells) out.push_back(cell);
  return out;
}

std::vector<std::uint32_t> audience(const Shop& shop, const Audience& question) {
  const Day as_of = shop.scale.epoch_day() + static_cast<int>(question.as_of_day);
  std::vector<std::uint32_t> out;
  for (const PlainHistory& history : shop.histories) {
    const auto value = [&](const Condition& c) -> std::int64_t {
      const Day since = c.days == 0 ? Day{-1'000'000} : as_of - static_cast<int>(c.days);
      std::int64_t orders = 0, spend = 0, events = 0, after = 0;
      bool ordered = false;
      for (const PlainEvent& e : history.events) {
        if (e.day >= as_of) continue;
        if (e.kind == shop.schema.order_kind) {
          ordered = true;
          after = 0;
          if (e.day >= since) ++orders, spend += e.gross_minor;
        } else if (e.kind == c.kind) {
          ++after;
        }
        if (e.kind == c.kind && e.day >= since) ++events;
      }
      switch (c.of) {
        case Condition::Of::kOrders:
          return orders;
        case Condition::Of::kSpend:
          return spend;
        case Condition::Of::kEvents:
          return events;
        case Condition::Of::kAfterLastOrder:
          return ordered ? after : 0;
        default:
          return history.dimensions[c.dimension];
      }
    };
    const bool fits = std::ranges::all_of(
        question.all, [&](const Condition& c) { return c.least <= value(c) && value(c) <= c.most; });
    if (fits) out.push_back(history.customer);
  }
  return out;
}

FunnelMonths funnel(const Shop& shop, const FunnelQuestion& question) {
  FunnelMonths out;
  for (std::uint32_t m = 0; m < shop.scale.months(); ++m) {
    std::vector<std::uint64_t> row(question.steps.size());
    for (const PlainHistory& history : shop.histories) {
      std::size_t best = 0;  // steps reached
      for (std::size_t i = 0; i < history.events.size(); ++i) {
        const PlainEvent& start = history.events[i];
        if (start.kind != question.steps[0] || !in_month(shop, m, start.day)) continue;
        std::size_t reached = 1;
        for (std::size_t j = i + 1; j < history.events.size() && reached < question.steps.size(); ++j) {
          const PlainEvent& e = history.events[j];
          if (e.at_ms - start.at_ms > std::int64_t{question.window_seconds} * 1000) break;
          reached += e.kind == question.steps[reached];
        }
        best = std::max(best, reached);
      }
      for (std::size_t s = 0; s < best; ++s) ++row[s];
    }
    out.reached.push_back(row);
  }
  return out;
}

ReturnDays return_days(const Shop& shop, const ReturnQuestion& question) {
  const Day as_of = shop.scale.epoch_day() + static_cast<int>(question.as_of_day);
  ReturnDays out{std::vector<std::uint64_t>(question.days + 1), std::vector<std::uint64_t>(question.days + 1)};
  for (const PlainHistory& history : shop.histories) {
    const auto first = std::ranges::find(history.events, question.first, &PlainEvent::kind);
    if (first == history.events.end()) continue;
    for (std::uint32_t n = 0; n <= question.days; ++n) {
      const Day day = first->day + static_cast<int>(n);
      if (day >= as_of) continue;
      ++out.customers[n];
      out.returned[n] += std::ranges::any_of(history.events, [&](const PlainEvent& e) { return e.day == day; });
    }
  }
  return out;
}

std::vector<Path> paths(const Shop& shop, const PathQuestion& question) {
  std::map<std::array<Kind, kPathMax>, std::uint64_t> customers;
  for (const PlainHistory& history : shop.histories) {
    std::vector<Kind> way;
    for (const PlainEvent& e : history.events) {
      if (way.empty() ? e.kind == question.from : e.kind != way.back()) way.push_back(e.kind);
    }
    if (way.empty()) continue;
    way.resize(std::min(way.size(), question.length));
    way.resize(kPathMax, kPathEnd);
    std::array<Kind, kPathMax> key{};
    std::ranges::copy(way, key.begin());
    ++customers[key];
  }
  std::vector<Path> out;
  out.reserve(customers.size());
  for (const auto& [kinds, n] : customers) out.push_back({kinds, n});
  std::ranges::stable_sort(out, std::greater{}, &Path::customers);
  return out;
}

ItemPairs item_pairs(const Shop& shop, const PairQuestion& question) {
  ItemPairs out;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> customers;
  for (const PlainHistory& history : shop.histories) {
    std::set<std::uint32_t> items;
    for (const PlainEvent& e : history.events) {
      if (e.kind == shop.schema.order_kind && e.dimensions[question.dimension] != 0)
        items.insert(e.dimensions[question.dimension]);
    }
    if (items.size() > question.items_max) {
      ++out.left_out;
      continue;
    }
    for (const std::uint32_t a : items) {
      for (const std::uint32_t b : items) {
        if (a < b) ++customers[{a, b}];
      }
    }
  }
  for (const auto& [items, n] : customers) out.pairs.push_back({items.first, items.second, n});
  std::ranges::stable_sort(out.pairs, std::greater{}, &ItemPair::customers);
  if (out.pairs.size() > question.top) out.pairs.resize(question.top);
  return out;
}

}  // namespace behoud::timeline::oracle
