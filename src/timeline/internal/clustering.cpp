#include "timeline/internal/clustering.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <tuple>

#include "base/together.h"

namespace behoud::timeline {

using calendar::Instant;

namespace {

// to[i] = value(i, from[order[i]]) of a staged column that states something, which is freed.
template <class From, class T, class Value>
void gather(const std::vector<std::uint32_t>& order, From& from, std::vector<T>& to, const Value& value) {
  if (from.empty()) return;
  resize_huge(to, order.size());
  run_in_parts(order.size(), [&](std::size_t, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) to[i] = value(i, from[order[i]]);
  });
  from.free();
}

}  // namespace

Clustering::Clustering(Intake& intake, const OrderWorth& worth, ChosenRows& chosen, Histories& h)
    : intake_(intake), staged_(intake.staged), worth_(worth), chosen_(chosen), h_(h) {
  const std::size_t n = chosen.size(), customers = intake.people.size();
  const auto& customer = intake.people.customer_of_row;
  // A counting sort by customer: each thread has customers of its own, so that no two write to one place.
  h.order_begin.assign(customers + 1, 0);
  run_in_parts(customers, [&](std::size_t, std::size_t begin, std::size_t end) {
    for (const auto& rows : chosen.rows) {
      for (const std::uint32_t row : rows) {
        const std::uint32_t c = customer[row];
        if (begin <= c && c < end) ++h.order_begin[c + 1];
      }
    }
  });
  std::partial_sum(h.order_begin.begin(), h.order_begin.end(), h.order_begin.begin());
  resize_huge(order_, n);
  resize_huge(h.order_day, n);
  resize_huge(h.order_at, n);
  run_in_parts(customers, [&](std::size_t, std::size_t begin, std::size_t end) {
    lay_out(static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end));
  });
  std::vector<std::vector<std::uint32_t>>().swap(chosen.rows);
}

void Clustering::lay_out(std::uint32_t first_customer, std::uint32_t end_customer) {
  const auto& customer = intake_.people.customer_of_row;
  std::vector<std::uint32_t> cursor(h_.order_begin.begin() + first_customer, h_.order_begin.begin() + end_customer);
  for (const auto& rows : chosen_.rows) {
    for (const std::uint32_t row : rows) {
      const std::uint32_t c = customer[row];
      if (first_customer <= c && c < end_customer) order_[cursor[c - first_customer]++] = row;
    }
  }
  const auto gather_times = [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) h_.order_day[i] = chosen_.day[order_[i]];
    for (std::size_t i = begin; i < end; ++i) h_.order_at[i] = Instant{staged_.placed[order_[i]]};
  };
  gather_times(h_.order_begin[first_customer], h_.order_begin[end_customer]);
  for (std::size_t c = first_customer; c < end_customer; ++c) {
    const std::size_t begin = h_.order_begin[c], end = h_.order_begin[c + 1];
    bool ascending = true;
    for (std::size_t i = begin + 1; i < end && ascending; ++i) {
      ascending = std::pair(h_.order_day[i - 1], h_.order_at[i - 1]) <= std::pair(h_.order_day[i], h_.order_at[i]);
    }
    if (ascending) continue;
    std::sort(order_.begin() + static_cast<std::ptrdiff_t>(begin), order_.begin() + static_cast<std::ptrdiff_t>(end),
              [this](std::uint32_t a, std::uint32_t b) { return comes_before(a, b); });
    gather_times(begin, end);
  }
}

bool Clustering::comes_before(std::uint32_t a, std::uint32_t b) const {
  return std::tuple(chosen_.day[a], staged_.placed[a], a) < std::tuple(chosen_.day[b], staged_.placed[b], b);
}

std::size_t Clustering::place_of(std::uint32_t row) const {
  const std::uint32_t c = intake_.people.customer_of_row[row];
  const auto at = std::lower_bound(order_.begin() + h_.order_begin[c], order_.begin() + h_.order_begin[c + 1], row,
                                   [this](std::uint32_t a, std::uint32_t b) { return comes_before(a, b); });
  assert(*at == row);
  return static_cast<std::size_t>(at - order_.begin());
}

void Clustering::fill_columns() {
  std::vector<calendar::Day>().swap(chosen_.day);
  staged_.placed.free();
  const std::size_t n = size();
  if (intake_.any_date_only) {
    h_.date_only.resize(n);
    bool any = false;  // of those that are here
    for (std::size_t i = 0; i < n; ++i) any |= h_.date_only[i] = (staged_.flags[order_[i]] & kDateOnly) != 0;
    if (!any) h_.date_only = {};
  }
  fill_money();
  const auto code = [](std::size_t, Code c) { return c; };
  gather(order_, staged_.item, h_.item, code);
  gather(order_, staged_.coupon, h_.coupon, code);
  gather(order_, staged_.source, h_.source, code);
  gather(order_, staged_.country, h_.country, code);
  gather(order_, staged_.units, h_.units_milli, [](std::size_t, std::int64_t u) { return or_zero(u); });
  fill_item_costs();
  if (intake_.settings.keep_order_ids) {
    h_.order_id.resize(n);
    for (std::size_t i = 0; i < n; ++i) h_.order_id[i] = intake_.names.id(order_[i]);
  }
}

// In the reporting currency. First what is made from others: the gross, which some find by total, tax and shipping.
void Clustering::fill_money() {
  const std::size_t n = size();
  const auto money = [this](std::size_t i, std::int64_t minor) {
    if (!chosen_.any_foreign) return minor;
    const std::uint8_t currency = staged_.currency[order_[i]];
    return worth_.foreign(currency) ? worth_.convert(minor, currency, h_.order_day[i]).value_or(0) : minor;
  };
  resize_huge(h_.gross_minor, n);
  if (chosen_.any_unconverted) h_.converted.resize(n);
  run_in_parts(n, [&](std::size_t, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) h_.gross_minor[i] = money(i, worth_.gross_of(order_[i]));
    for (std::size_t i = begin; i < end && chosen_.any_unconverted; ++i) {
      const std::uint32_t row = order_[i];
      h_.converted[i] = worth_.convert(worth_.gross_of(row), staged_.currency[row], h_.order_day[i]).has_value();
    }
  });
  staged_.gross.free();
  staged_.total.free();
  const auto stated = [&](std::size_t i, std::int64_t minor) { return money(i, or_zero(minor)); };
  gather(order_, staged_.tax, h_.tax_minor, stated);
  gather(order_, staged_.shipping, h_.shipping_minor, stated);
  gather(order_, staged_.discount, h_.discount_minor, stated);
}

// Where a discount lies on the whole order, the lines sum to more than its gross: each line bears its share.
void Clustering::fill_item_costs() {
  if (staged_.item_cost.empty()) return;
  h_.item_cost_minor.resize(size());
  h_.costed_gross_minor.resize(size());
  for (std::size_t i = 0; i < size(); ++i) {
    const std::uint32_t row = order_[i];
    const bool converted = h_.converted.empty() || h_.converted[i];
    if (staged_.item_cost[row] == kUnstated || !converted) continue;
    const std::int64_t all = staged_.lines_total[row], costed = staged_.costed[row], gross = h_.gross_minor[i];
    h_.item_cost_minor[i] = staged_.item_cost[row];
    if (all == costed) {
      h_.costed_gross_minor[i] = gross;
    } else if (all > 0) {
      h_.costed_gross_minor[i] = money::mul_div(gross, costed, all).value_or(0);
    }
  }
}

}  // namespace behoud::timeline
