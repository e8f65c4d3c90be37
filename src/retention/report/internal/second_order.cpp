#include "retention/report/internal/second_order.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "retention/report/internal/found.h"

namespace behoud::retention::report::internal {

namespace {

using timeline::Histories;

// The smallest value that covers `share` of `values` (not empty), which it reorders.
int covering(std::vector<int>& values, double share) {
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size()) - 1e-9));
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(std::clamp<std::size_t>(rank, 1, values.size()) - 1);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

// The second order day of who has one.
struct Second {
  std::optional<int> gap;  // days after the first
  std::int64_t minor = 0;  // what the orders of that day brought
};
Second second_of(const Purchases& purchases, std::size_t c) {
  Second second;
  const calendar::Day first = purchases.day[purchases.begin[c]];
  for (std::size_t i = purchases.begin[c]; i < purchases.begin[c + 1]; ++i) {
    const int gap = purchases.day[i] - first;
    if (gap == 0) continue;
    if (second.gap && gap > *second.gap) break;
    second.gap = gap;
    second.minor += purchases.revenue_minor[i];
  }
  return second;
}

// When second orders come, whatever the window. Of a View.
struct SecondGaps {
  std::size_t gaps = 0;
  int from_days = 0, to_days = 0;  // the median, the 90th percentile
  std::size_t bytes() const { return sizeof(*this); }

  static SecondGaps of(const Histories& h, const Purchases& purchases) {
    std::array<std::vector<int>, kParts> parts;
    run_in_parts(h.customers(), [&](std::size_t part, std::size_t begin, std::size_t end) {
      for (std::size_t c = begin; c < end; ++c) {
        if (!begins_here(h, purchases, c)) continue;
        if (const auto gap = second_of(purchases, c).gap) parts[part].push_back(*gap);
      }
    });
    std::vector<int> all;
    for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
    SecondGaps out;
    out.gaps = all.size();
    if (all.empty()) return out;
    out.from_days = covering(all, 0.5);
    out.to_days = covering(all, 0.9);
    return out;
  }
};

}  // namespace

Due second_order_due(const Histories& h, const View& view, int window_days, std::vector<std::uint32_t>* who) {
  const Purchases& purchases = view.purchases();
  const calendar::Day end_day = view.now().cut;
  const SecondGaps& gaps = view.shared<SecondGaps>([&] { return SecondGaps::of(h, purchases); });
  Due due;
  if (gaps.gaps < kPeopleMin) return due;
  due.from_days = gaps.from_days;
  due.to_days = gaps.to_days;
  // Of those seen for a whole window who had not come back by the median: who still did, and for how much.
  struct Waiting {
    std::uint64_t waited = 0, came = 0, due = 0;
    std::int64_t spent = 0;
    void add(const Waiting& o) {
      waited += o.waited;
      came += o.came;
      due += o.due;
      spent += o.spent;
    }
  };
  std::array<Waiting, kParts> parts;
  Found found;
  run_in_parts(h.customers(), [&](std::size_t part, std::size_t begin, std::size_t end) {
    Waiting own;
    for (std::size_t c = begin; c < end; ++c) {
      if (!begins_here(h, purchases, c)) continue;
      const Second second = second_of(purchases, c);
      const int seen = end_day - purchases.day[purchases.begin[c]];
      if (!second.gap && seen > due.from_days && seen <= due.to_days) {
        ++own.due;
        if (who != nullptr) found.add(part, c);
      }
      if (seen <= window_days || (second.gap && *second.gap <= due.from_days)) continue;
      ++own.waited;
      if (second.gap && *second.gap <= window_days) {
        ++own.came;
        own.spent += second.minor;
      }
    }
    parts[part] = own;
  });
  const Waiting all = sum_of(parts);
  if (all.waited < kPeopleMin || all.came == 0) return due;
  due.people = all.due;
  due.rate = static_cast<double>(all.came) / static_cast<double>(all.waited);
  due.mean_minor = static_cast<double>(all.spent) / static_cast<double>(all.came);
  if (who != nullptr) *who = found.all();
  return due;
}

}  // namespace behoud::retention::report::internal
