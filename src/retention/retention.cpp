#include <cassert>

#include "retention/internal/subscription_book.h"
#include "retention/internal/tally.h"

namespace behoud::retention {

Result<RetentionAnswer> answer_retention(const timeline::Histories& h, const ShopSettings& s, const Question& q) {
  TRY_ASSIGN(const Shop shop, Shop::open(h, s, q));
  TRY_ASSIGN(const Axis axis, shop.axis(q));
  const SplitOf split(shop, q.split);
  TRY_ASSIGN(const Tally t, tally(shop, axis, split));
  std::optional<SubscriptionBook> book;
  if (q.basis == Basis::kSubscriptions) book.emplace(shop, axis, split);

  RetentionAnswer answer{shop.basics, {}};
  std::vector<bool> begun(split.size(), q.split == Split::kNone);  // a part's rows begin with its first customer
  for (int p = 0; p < axis.size(); ++p) {
    for (std::size_t part = 0; part < split.size(); ++part) {
      const std::size_t i = t.at(part, p);
      begun[part] = begun[part] || t.buyers_to_date[i] > 0 || t.customers_end[i] > 0;
      if (!begun[part]) continue;
      RetentionRow row;
      row.head = shop.head(axis, p);
      row.head.split = split.name(part);
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
      if (book) book->fill(row, part, p);
      answer.rows.push_back(std::move(row));
    }
  }
  return answer;
}

}  // namespace behoud::retention
