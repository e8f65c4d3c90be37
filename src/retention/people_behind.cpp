#include "retention/people_behind.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "retention/internal/customer_revenue.h"
#include "retention/internal/view.h"

namespace behoud::retention {
namespace {

const CustomerRevenue& revenue_at(const View& view) {
  return view.shared<CustomerRevenue>([&] { return CustomerRevenue::of(view.purchases()); });
}

// Reorders `who` to descend by revenue; those alike stay as they are. Radix sort, two bytes at a time from the lowest,
// of what their revenues differ in.
void sort_by_revenue(std::vector<std::uint32_t>& who, const std::vector<std::int64_t>& revenue_minor) {
  constexpr int kBits = 16;
  constexpr std::uint64_t kMask = (std::uint64_t{1} << kBits) - 1;
  if (who.empty()) return;
  std::int64_t least = std::numeric_limits<std::int64_t>::max(), most = std::numeric_limits<std::int64_t>::min();
  for (const std::uint32_t c : who) {
    least = std::min(least, revenue_minor[c]);
    most = std::max(most, revenue_minor[c]);
  }
  const auto below_most = [most](std::int64_t minor) {
    return static_cast<std::uint64_t>(most) - static_cast<std::uint64_t>(minor);
  };
  struct Entry {
    std::uint64_t key;
    std::uint32_t customer;
  };
  std::vector<Entry> from, to(who.size());
  from.reserve(who.size());
  for (const std::uint32_t c : who) from.push_back({below_most(revenue_minor[c]), c});
  std::vector<std::size_t> begin;
  for (int shift = 0; shift < 64 && below_most(least) >> shift != 0; shift += kBits) {
    begin.assign(kMask + 2, 0);
    for (const Entry& e : from) ++begin[(e.key >> shift & kMask) + 1];
    for (std::size_t i = 1; i < begin.size(); ++i) begin[i] += begin[i - 1];
    for (const Entry& e : from) to[begin[e.key >> shift & kMask]++] = e;
    from.swap(to);
  }
  for (std::size_t i = 0; i < who.size(); ++i) who[i] = from[i].customer;
}

}  // namespace

PeopleBehind::PeopleBehind(const timeline::Histories& h, std::shared_ptr<const View> view, Basics basics,
                           std::vector<std::uint32_t> customers, Order order)
    : h_(h),
      view_(std::move(view)),
      basics_(std::move(basics)),
      customers_(std::move(customers)),
      order_(order),
      revenue_minor_(&revenue_at(*view_).minor) {
  if (order_ == Order::kByRevenue) sort_by_revenue(customers_, *revenue_minor_);
  settled_.resize(customers_.size());
}

std::int64_t PeopleBehind::revenue_of(std::uint32_t customer) const { return (*revenue_minor_)[customer]; }

// Puts those of the revenue of row i in order.
void PeopleBehind::settle(std::size_t i) {
  if (order_ == Order::kAsGiven || (settled_begin_ <= i && i < settled_end_)) return;
  const std::int64_t minor = revenue_of(customers_[i]);
  const auto before = [this](std::uint32_t c, std::int64_t revenue) { return revenue_of(c) > revenue; };
  const auto after = [this](std::int64_t revenue, std::uint32_t c) { return revenue > revenue_of(c); };
  const auto first = std::lower_bound(customers_.begin(), customers_.end(), minor, before);
  const auto end = std::upper_bound(first, customers_.end(), minor, after);
  settled_begin_ = static_cast<std::size_t>(first - customers_.begin());
  settled_end_ = static_cast<std::size_t>(end - customers_.begin());
  if (settled_[settled_begin_]) return;
  std::sort(first, end, [this](std::uint32_t a, std::uint32_t b) {
    return std::tie(h_.customer_key[a], a) < std::tie(h_.customer_key[b], b);
  });
  settled_[settled_begin_] = true;
}

std::string_view PeopleBehind::key(std::size_t i) {
  settle(i);
  return h_.customer_key[customers_[i]];
}

CustomerRow PeopleBehind::row(std::size_t i) {
  settle(i);
  const std::uint32_t c = customers_[i];
  const auto days = view_->purchases().days_of(c);
  CustomerRow row;
  row.customer = h_.customer_key[c];
  row.index = c;
  row.orders = days.size();
  row.revenue_minor = revenue_of(c);
  if (!days.empty()) row.last_order = days.back();
  return row;
}

std::pair<std::size_t, std::size_t> PeopleBehind::find(std::int64_t revenue_minor, std::string_view key) {
  const auto before = [this](std::uint32_t c, std::int64_t revenue) { return revenue_of(c) > revenue; };
  const auto first = std::lower_bound(customers_.begin(), customers_.end(), revenue_minor, before);
  const auto at = static_cast<std::size_t>(first - customers_.begin());
  if (first == customers_.end() || revenue_of(*first) != revenue_minor) return {at, at};
  settle(at);
  struct ByKey {
    const timeline::Histories& h;
    bool operator()(std::uint32_t c, std::string_view wanted) const { return h.customer_key[c] < wanted; }
    bool operator()(std::string_view wanted, std::uint32_t c) const { return wanted < h.customer_key[c]; }
  };
  const auto end = customers_.begin() + static_cast<std::ptrdiff_t>(settled_end_);
  const auto [from, to] = std::equal_range(first, end, key, ByKey{h_});
  return {static_cast<std::size_t>(from - customers_.begin()), static_cast<std::size_t>(to - customers_.begin())};
}

std::vector<CustomerRow> PeopleBehind::rows(std::size_t begin, std::size_t end) {
  std::vector<CustomerRow> out;
  out.reserve(end - begin);
  for (std::size_t i = begin; i < end; ++i) out.push_back(row(i));
  return out;
}

}  // namespace behoud::retention
