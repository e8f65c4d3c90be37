#include <cassert>

#include "retention/internal/compare.h"
#include "retention/internal/counted.h"
#include "retention/internal/subscription_book.h"

namespace behoud::retention {

namespace {

// The rows of what was counted, which must outlive this.
class Rows {
 public:
  Rows(const Shop& shop, const Counted& counted)
      : shop_(&shop), axis_(&counted.axis), split_(&counted.split), tally_(counted.tally) {
    if (shop.basics.basis == Basis::kSubscriptions) book_.emplace(shop, *axis_, *split_);
  }

  bool anybody(std::size_t part, int p) const {
    const std::size_t i = tally_.at(part, p);
    return tally_.buyers_to_date[i] > 0 || tally_.customers_end[i] > 0;
  }

  RetentionRow row(std::size_t part, int p) const {
    const Tally& t = tally_;
    const std::size_t i = t.at(part, p);
    RetentionRow row;
    row.head = shop_->head(*axis_, p);
    row.head.split = split_->name(part);
    row.customers_start = t.customers_start[i];
    row.customers_end = t.customers_end[i];
    row.new_customers = t.fresh[i];
    row.one_and_gone = t.one_and_gone[i];
    row.reactivated = t.reactivated[i];
    row.retained = t.retained[i];
    row.lost = t.lost[i];
    assert(row.customers_start == row.retained + row.lost);
    assert(row.customers_end == row.retained + row.new_customers + row.reactivated);
    row.head.new_at_most = row.head.new_at_most && !t.newcomers_are_known(i);
    row.crr = ratio(row.customers_end - row.new_customers, row.customers_start);
    row.crr_strict = proportion(row.retained, row.customers_start);
    row.churn_rate = proportion(row.lost, row.customers_start);
    row.returning_rate = proportion(t.returned[i], t.ordered_before[i]);
    row.returning_rate_active = proportion(t.returned_active[i], row.customers_start);
    row.orders = t.orders[i];
    row.buyers = t.buyers[i];
    row.gross_minor = t.gross_minor[i];
    row.revenue_minor = t.revenue_minor[i];
    row.repeat_rate = proportion(t.repeaters[i], row.buyers);
    if (book_) book_->fill(row, part, p);
    return row;
  }

 private:
  const Shop* shop_;
  const Axis* axis_;
  const SplitOf* split_;
  const Tally& tally_;
  std::optional<SubscriptionBook> book_;
};

}  // namespace

Result<Counted> Counted::create(const Shop& shop, const Question& q) {
  TRY_ASSIGN(Axis axis, shop.axis(q));
  return create(shop, std::move(axis), SplitOf(shop, q.split));
}

Result<Counted> Counted::create(const Shop& shop, Axis axis, SplitOf split) {
  TRY_ASSIGN(Tally t, retention::tally(shop, axis, split));
  return Counted{std::move(axis), std::move(split), std::move(t)};
}

Result<RetentionAnswer> answer_retention(const Source& h, const ShopSettings& s, const Question& q) {
  TRY_ASSIGN(const Shop shop, Shop::open(h, s, q));
  TRY_ASSIGN(const Counted counted, Counted::create(shop, q));
  return answer_retention(shop, q, counted);
}

Result<RetentionAnswer> answer_retention(const Shop& shop, const Question& q, const Counted& counted) {
  const auto& [axis, split, t] = counted;
  const Rows rows(shop, counted);

  RetentionAnswer answer{shop.basics, {}};
  std::vector<Cell> cells;
  std::vector<bool> begun(split.size(), q.split == Split::kNone);  // a part's rows begin with its first customer
  for (int p = 0; p < axis.size(); ++p) {
    for (std::size_t part = 0; part < split.size(); ++part) {
      begun[part] = begun[part] || rows.anybody(part, p);
      if (!begun[part]) continue;
      answer.rows.push_back(rows.row(part, p));
      cells.push_back({part, p});
    }
  }
  if (q.compare) {
    TRY_ASSIGN(Axis earlier, compared_axis(axis, q.grain, *q.compare));
    TRY_ASSIGN(const Counted counted_then, Counted::create(shop, std::move(earlier), split));
    const Rows then(shop, counted_then);
    answer.comparison = begin_comparison<RetentionRow>(counted_then.axis, *q.compare);
    for (const Cell& cell : cells) answer.comparison->rows.push_back(then.row(cell.part, cell.period));
  }
  return answer;
}

}  // namespace behoud::retention
