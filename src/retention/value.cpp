#include <algorithm>

#include "retention/internal/compare.h"
#include "retention/internal/counted.h"

namespace behoud::retention {
namespace {

using calendar::Day;

std::optional<double> quotient(double n, double d) {
  if (d == 0) return std::nullopt;
  return n / d;
}
double number(std::int64_t x) { return static_cast<double>(x); }
double number(std::uint64_t x) { return static_cast<double>(x); }

// Lifespan and lifetime value of a part: over all consecutive spans of W days that end at as-of and lie in the history
// past its left edge, pooled.
struct Lifetime {
  std::optional<double> lifespan, clv_minor;
  ValueRow::Spans spans;
};

Result<std::vector<Lifetime>> lifetimes(const Shop& shop, Day first, const SplitOf& split) {
  std::vector<Lifetime> out(split.size());
  std::vector<calendar::Period> spans;
  const int w = shop.window_days;
  for (Day end = shop.now.cut; first <= end - w && !shop.warming_up(end - w); end = end - w) {
    spans.push_back(calendar::Period::create(end - w, end).value());
  }
  if (spans.empty()) return out;
  std::reverse(spans.begin(), spans.end());
  const Axis axis = Axis::consecutive(std::move(spans), shop.now);
  TRY_ASSIGN(const Tally t, tally(shop, axis, split));
  for (std::size_t part = 0; part < split.size(); ++part) {
    ValueRow::Spans& sum = out[part].spans;
    for (int p = 0; p < axis.size(); ++p) {
      sum.customers_start += t.customers_start[t.at(part, p)];
      sum.lost += t.lost[t.at(part, p)];
      sum.buyers += t.buyers[t.at(part, p)];
      sum.revenue_minor += t.revenue_minor[t.at(part, p)];
    }
    out[part].lifespan = quotient(number(sum.customers_start), number(sum.lost));
    const auto customer_value = quotient(number(sum.revenue_minor), number(sum.buyers));
    if (out[part].lifespan && customer_value) out[part].clv_minor = *customer_value * *out[part].lifespan;
  }
  return out;
}

// The rows of what was counted, which must outlive this.
class Rows {
 public:
  Rows(const Shop& shop, const Counted& counted)
      : shop_(&shop),
        axis_(&counted.axis),
        split_(&counted.split),
        tally_(counted.tally),
        revenue_to_date_(tally_.revenue_minor) {
    for (std::size_t part = 0; part < split_->size(); ++part) {
      std::int64_t sum = tally_.revenue_before_minor[part];
      for (int p = 0; p < axis_->size(); ++p) {
        sum += tally_.revenue_minor[tally_.at(part, p)];
        revenue_to_date_[tally_.at(part, p)] = sum;
      }
    }
  }

  bool anybody(std::size_t part, int p) const {
    const std::size_t i = tally_.at(part, p);
    return tally_.buyers_to_date[i] > 0 || tally_.customers_end[i] > 0;
  }

  ValueRow row(std::size_t part, int p, const std::vector<Lifetime>& lifetime) const {
    const timeline::Histories& h = *shop_->histories;
    const Tally& t = tally_;
    const std::size_t i = t.at(part, p);
    ValueRow row;
    row.head = shop_->head(*axis_, p);
    row.head.split = split_->name(part);
    row.head.new_at_most = row.head.new_at_most && !t.newcomers_are_known(i);
    row.orders = t.orders[i];
    row.buyers = t.buyers[i];
    row.gross_minor = t.gross_minor[i];
    row.revenue_minor = t.revenue_minor[i];
    row.margin_minor = margin(h, t.revenue_minor[i], t.costed_revenue_minor[i], t.item_cost_minor[i]);
    row.aov_minor = quotient(number(row.revenue_minor), number(row.orders));
    row.purchase_frequency = quotient(number(row.orders), number(row.buyers));
    if (!h.units_milli.empty()) {
      row.units = number(t.units_milli[i]) / 1000;
      row.items_per_order = quotient(*row.units, number(row.orders));
    }
    row.customer_value_minor = quotient(number(row.revenue_minor), number(row.buyers));
    row.revenue_to_date_minor = revenue_to_date_[i];
    row.buyers_to_date = t.buyers_to_date[i];
    row.value_to_date_minor = quotient(number(row.revenue_to_date_minor), number(row.buyers_to_date));
    row.customers_start = t.customers_start[i];
    row.customers_end = t.customers_end[i];
    row.value_per_active_minor =
        quotient(number(row.revenue_minor), (number(row.customers_start) + number(row.customers_end)) / 2);
    if (row.head.complete) {
      row.spans = lifetime[part].spans;
      row.lifespan = lifetime[part].lifespan;
      row.clv_minor = lifetime[part].clv_minor;
    }
    row.repeat_rate = proportion(t.repeaters[i], row.buyers);
    return row;
  }

 private:
  const Shop* shop_;
  const Axis* axis_;
  const SplitOf* split_;
  const Tally& tally_;
  Tally::Sums revenue_to_date_;
};

}  // namespace

Result<ValueAnswer> answer_value(const Source& h, const ShopSettings& s, const Question& q) {
  TRY_ASSIGN(const Shop shop, Shop::open(h, s, q));
  TRY_ASSIGN(const Counted counted, Counted::create(shop, q));
  return answer_value(shop, q, counted);
}

Result<ValueAnswer> answer_value(const Shop& shop, const Question& q, const Counted& counted) {
  const auto& [axis, split, t] = counted;
  ValueAnswer answer{shop.basics, {}};
  if (axis.empty()) {
    if (q.compare) answer.comparison = begin_comparison<ValueRow>(axis, *q.compare);
    return answer;
  }
  const Rows rows(shop, counted);
  TRY_ASSIGN(const std::vector<Lifetime> lifetime, lifetimes(shop, shop.first_known_day().value_or(Day{}), split));

  std::vector<Cell> cells;
  std::vector<bool> begun(split.size(), q.split == Split::kNone);
  for (int p = 0; p < axis.size(); ++p) {
    for (std::size_t part = 0; part < split.size(); ++part) {
      begun[part] = begun[part] || rows.anybody(part, p);
      if (!begun[part]) continue;
      answer.rows.push_back(rows.row(part, p, lifetime));
      cells.push_back({part, p});
    }
  }
  if (q.compare) {
    TRY_ASSIGN(Axis earlier, compared_axis(axis, q.grain, *q.compare));
    TRY_ASSIGN(const Counted counted_then, Counted::create(shop, std::move(earlier), split));
    const Rows then(shop, counted_then);
    answer.comparison = begin_comparison<ValueRow>(counted_then.axis, *q.compare);
    for (const Cell& cell : cells) answer.comparison->rows.push_back(then.row(cell.part, cell.period, lifetime));
  }
  return answer;
}

}  // namespace behoud::retention
