#include <cassert>

#include "retention/internal/compare.h"
#include "retention/internal/subscription_book.h"
#include "retention/internal/tally.h"

namespace behoud::retention {

namespace {

// What was counted of an axis, and its rows.
class Counted {
 public:
  static Result<Counted> create(const Shop& shop, const Axis& axis, const SplitOf& split) {
    TRY_ASSIGN(Tally t, tally(shop, axis, split));
    Counted counted(shop, axis, split, std::move(t));
    if (shop.basics.basis == Basis::kSubscriptions) counted.book_.emplace(shop, axis, split);
    return counted;
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
  Counted(const Shop& shop, const Axis& axis, const SplitOf& split, Tally t)
      : shop_(&shop), axis_(&axis), split_(&split), tally_(std::move(t)) {}
  const Shop* shop_;
  const Axis* axis_;
  const SplitOf* split_;
  Tally tally_;
  std::optional<SubscriptionBook> book_;
};

}  // namespace

Result<RetentionAnswer> answer_retention(const timeline::Histories& h, const ShopSettings& s, const Question& q) {
  TRY_ASSIGN(const Shop shop, Shop::open(h, s, q));
  TRY_ASSIGN(const Axis axis, shop.axis(q));
  const SplitOf split(shop, q.split);
  TRY_ASSIGN(const Counted counted, Counted::create(shop, axis, split));

  RetentionAnswer answer{shop.basics, {}};
  std::vector<Cell> cells;
  std::vector<bool> begun(split.size(), q.split == Split::kNone);  // a part's rows begin with its first customer
  for (int p = 0; p < axis.size(); ++p) {
    for (std::size_t part = 0; part < split.size(); ++part) {
      begun[part] = begun[part] || counted.anybody(part, p);
      if (!begun[part]) continue;
      answer.rows.push_back(counted.row(part, p));
      cells.push_back({part, p});
    }
  }
  if (q.compare) {
    TRY_ASSIGN(const Axis earlier, compared_axis(axis, q.grain, *q.compare));
    TRY_ASSIGN(const Counted then, Counted::create(shop, earlier, split));
    answer.comparison = begin_comparison<RetentionRow>(earlier, *q.compare);
    for (const Cell& cell : cells) answer.comparison->rows.push_back(then.row(cell.part, cell.period));
  }
  return answer;
}

}  // namespace behoud::retention
