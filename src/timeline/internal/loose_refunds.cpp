#include "timeline/internal/loose_refunds.h"

#include <algorithm>
#include <tuple>

namespace behoud::timeline {
namespace {

using calendar::Day;

// The greatest of a customer's amounts left by range, so that "the latest order before `end` with `least` left" takes
// O(log n).
class AmountsLeft {
 public:
  explicit AmountsLeft(const std::vector<std::int64_t>& left) {
    while (leaves_ < left.size()) leaves_ *= 2;
    greatest_.assign(2 * leaves_, -1);
    std::copy(left.begin(), left.end(), greatest_.begin() + static_cast<std::ptrdiff_t>(leaves_));
    for (std::size_t i = leaves_ - 1; i > 0; --i) greatest_[i] = std::max(greatest_[2 * i], greatest_[2 * i + 1]);
  }
  std::optional<std::size_t> latest_before(std::size_t end, std::int64_t least) const {
    return search(1, 0, leaves_, end, least);
  }
  void take(std::size_t i, std::int64_t amount) {
    i += leaves_;
    greatest_[i] -= amount;
    for (i /= 2; i > 0; i /= 2) greatest_[i] = std::max(greatest_[2 * i], greatest_[2 * i + 1]);
  }

 private:
  std::optional<std::size_t> search(std::size_t node, std::size_t begin, std::size_t size, std::size_t end,
                                    std::int64_t least) const {
    if (begin >= end || greatest_[node] < least) return std::nullopt;
    if (size == 1) return begin;
    if (const auto right = search(2 * node + 1, begin + size / 2, size / 2, end, least)) return right;
    return search(2 * node, begin, size / 2, end, least);
  }
  std::size_t leaves_ = 1;
  std::vector<std::int64_t> greatest_;
};

// How many of the orders in [begin, end) lie before a refund: on an earlier day, or on the same one and not after the
// refund's instant, if it has one.
std::size_t earlier(const Histories& h, std::size_t begin, std::size_t end, const LooseRefund& refund, Day day) {
  const auto first = h.order_day.begin() + static_cast<std::ptrdiff_t>(begin);
  const auto last = h.order_day.begin() + static_cast<std::ptrdiff_t>(end);
  const auto after = std::partition_point(first, last, [&](const Day& d) {
    if (d != day || refund.at.date_only) return d <= day;
    return h.order_at[static_cast<std::size_t>(&d - h.order_day.data())] <= refund.at.at;
  });
  return static_cast<std::size_t>(after - first);
}

}  // namespace

Result<MatchedRefunds> match_loose_refunds(std::vector<LooseRefund> loose, const Intake& intake,
                                           const OrderWorth& worth, const Clustering& orders, Histories& h,
                                           std::vector<UnmatchedLoose>* unmatched_one_by_one) {
  MatchedRefunds matched;  // by staged row
  // An amount without a currency is in the shop's.
  for (LooseRefund& refund : loose) {
    if (!refund.currency.known()) refund.currency = worth.reporting();
  }
  std::sort(loose.begin(), loose.end(), [](const LooseRefund& a, const LooseRefund& b) {
    return std::tuple(a.customer, a.currency, a.at.at.ms, a.arrival, a.minor) <
           std::tuple(b.customer, b.currency, b.at.at.ms, b.arrival, b.minor);
  });
  const money::RateTable* const rates = intake.settings.rates;
  __int128 unmatched = 0;
  for (std::size_t first = 0; first < loose.size();) {
    std::size_t last = first;
    while (last < loose.size() && loose[last].customer == loose[first].customer &&
           loose[last].currency == loose[first].currency) {
      ++last;
    }
    const std::uint32_t c = loose[first].customer;
    const std::size_t begin = c == kNoRow ? 0 : h.order_begin[c];
    const std::size_t end = c == kNoRow ? 0 : h.order_begin[c + 1];
    std::vector<std::int64_t> left(end - begin, -1);
    for (std::size_t i = begin; i < end; ++i) left[i - begin] = worth.left_of(orders.row(i), loose[first].currency);
    AmountsLeft amounts(left);
    for (std::size_t r = first; r < last; ++r) {
      const LooseRefund& refund = loose[r];
      std::optional<std::size_t> found;
      Day day{};
      if (refund.at.at.ms != kUnstated) {
        day = intake.settings.zone.day_of(refund.at);
        found = amounts.latest_before(earlier(h, begin, end, refund, day), refund.minor);
      }
      if (found) {
        amounts.take(*found, refund.minor);
        matched[orders.row(begin + *found)].push_back({refund.at.at.ms, refund.minor});
        continue;
      }
      ++h.unmatched_refunds;
      std::int64_t minor = 0;
      if (refund.currency == worth.reporting()) {
        minor = refund.minor;
      } else if (rates != nullptr && refund.at.at.ms != kUnstated) {
        minor = rates->convert({refund.minor, refund.currency}, worth.reporting(), day).value_or(0);
      }
      unmatched += minor;
      if (unmatched_one_by_one != nullptr) unmatched_one_by_one->push_back({c, refund.arrival, minor});
    }
    first = last;
  }
  if (!fits(unmatched)) {
    return fail(Errc::kOutOfRange, "together the refunds that name no order are too large to count with",
                "undo the import that brought what cannot be right: `behoud imports` lists them", {},
                {"problem.shop_sum_too_large"});
  }
  h.unmatched_refunds_minor = static_cast<std::int64_t>(unmatched);
  return matched;
}

}  // namespace behoud::timeline
