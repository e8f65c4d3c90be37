#include <algorithm>
#include <set>

#include "retention/internal/world_oracle.h"
#include "retention/oracle.h"

// What hangs on the gaps between orders (who is slipping away, which window fits the shop), and what changed.

namespace behoud::retention::oracle {
namespace {

std::multiset<int> gaps(const Person& p) {
  std::set<Day> days;
  for (const Purchase& o : p.purchases) days.insert(o.day);
  std::multiset<int> out;
  for (auto d = days.begin(); d != days.end() && std::next(d) != days.end(); ++d) out.insert(*std::next(d) - *d);
  return out;
}

}  // namespace

SlippingAnswer slipping(const Histories& h, const ShopSettings& s, const Question& q) {
  const World w(h, s, q);
  SlippingAnswer answer{w.basics(), {}, 0};
  std::multiset<int> of_shop;
  for (const Person& p : w.people()) of_shop.merge(gaps(p));
  for (const Person& p : w.people()) {
    if (p.purchases.empty() || !w.active(p, w.cut())) continue;
    const std::multiset<int> own = gaps(p);
    const std::multiset<int>& usual = own.size() < 5 ? of_shop : own;
    const int silent = w.cut() - p.purchases.back().day;
    // Longer than 9 in 10 of the gaps.
    const auto shorter =
        static_cast<std::size_t>(std::count_if(usual.begin(), usual.end(), [&](int gap) { return gap < silent; }));
    if (usual.empty() || shorter * 10 < usual.size() * 9) continue;
    Slipping row;
    row.customer = p.index;
    row.silent_days = silent;
    for (const int gap : usual) {  // ascending: the first that 9 in 10 do not exceed
      const auto within =
          static_cast<std::size_t>(std::count_if(usual.begin(), usual.end(), [&](int other) { return other <= gap; }));
      if (within * 10 < usual.size() * 9) continue;
      row.usual_days = gap;
      break;
    }
    row.orders = p.purchases.size();
    row.last_order = p.purchases.back().day;
    for (const Purchase* o : w.purchases_in(p, months_after(w.cut(), -12), w.cut())) row.at_stake_minor += o->revenue;
    answer.at_stake_minor += row.at_stake_minor;
    answer.rows.push_back(row);
  }
  std::stable_sort(answer.rows.begin(), answer.rows.end(), [&](const Slipping& x, const Slipping& y) {
    if (x.at_stake_minor != y.at_stake_minor) return x.at_stake_minor > y.at_stake_minor;
    return h.customer_key[x.customer] < h.customer_key[y.customer];
  });
  return answer;
}

std::optional<ChangeAnswer> change(const Histories& h, const ShopSettings& s, const Question& q) {
  const World w(h, s, q);
  std::vector<calendar::Period> ended;
  for (const auto& p : w.periods()) {
    if (w.complete(p.end())) ended.push_back(p);
  }
  if (ended.size() < 2) return std::nullopt;
  const auto before = ended[ended.size() - 2], after = ended.back();
  ChangeAnswer answer;
  answer.basics = w.basics();
  answer.before = w.head(before, "");
  answer.after = w.head(after, "");
  answer.before.new_at_most = w.edge_within(before.begin(), 4);
  answer.after.new_at_most = w.edge_within(after.begin(), 4);
  const World::Sums x = w.sums(before.begin(), before.end(), {}), y = w.sums(after.begin(), after.end(), {});
  const auto buyers = [&](const calendar::Period& p) {
    return static_cast<std::int64_t>(w.counted("buyers", p.begin(), p.end(), {}).size());
  };
  answer.revenue_before_minor = x.revenue;
  answer.revenue_after_minor = y.revenue;
  if (x.orders == 0 || y.orders == 0) {
    answer.by_customers_minor = y.revenue - x.revenue;
    return answer;
  }
  // More buyers who buy as before; then as often as now; then for as much as now.
  const std::int64_t first = rounded(x.revenue, buyers(after), buyers(before));
  const std::int64_t second =
      rounded(x.revenue, static_cast<std::int64_t>(y.orders), static_cast<std::int64_t>(x.orders));
  answer.by_customers_minor = first - x.revenue;
  answer.by_frequency_minor = second - first;
  answer.by_order_value_minor = y.revenue - second;
  return answer;
}

WindowChoice window(const Histories& h) {
  const Question q;
  const World w(h, {}, q);
  std::multiset<int> all;
  for (const Person& p : w.people()) all.merge(gaps(p));
  WindowChoice choice;
  choice.gaps = all.size();
  choice.why = all.size() < 30 ? "window.few_gaps" : "window.none_covers";
  bool chosen = all.size() < 30;
  for (const int days : {30, 60, 90, 180, 365}) {
    const auto within = static_cast<double>(std::count_if(all.begin(), all.end(), [&](int g) { return g <= days; }));
    const double share = all.empty() ? 0 : within / static_cast<double>(all.size());
    choice.candidates.emplace_back(days, share);
    if (days == 365 && choice.why != "window.covers") choice.covered = share;
    if (!chosen && within * 10 >= static_cast<double>(all.size()) * 9) {
      chosen = true;
      choice.days = days;
      choice.covered = share;
      choice.why = "window.covers";
    }
  }
  return choice;
}

}  // namespace behoud::retention::oracle
