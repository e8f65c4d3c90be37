#include "retention/internal/purchases.h"

#include <algorithm>
#include <numeric>

#include "base/together.h"

namespace behoud::retention {

Purchases::Purchases(const timeline::Histories& h, const AsOf& now) {
  bool all = h.steps.empty();
  for (std::size_t i = 0; all && i < h.orders(); ++i) all = happened(h, i, now);
  if (all) {
    begin = h.order_begin;
    day = h.order_day;
    gross_minor = revenue_minor = h.gross_minor;
  } else {
    copy_counted(h, now);
  }
  for (std::size_t c = 0; c < customers(); ++c) {
    if (const auto days = days_of(c); !days.empty())
      first_day = std::min(first_day.value_or(days.front()), days.front());
  }
}

// Visits the orders of customers [first, end) that are counted: visit(c, row, revenue).
template <class Visit>
static void each_counted(const timeline::Histories& h, const AsOf& now, std::size_t first, std::size_t end,
                         const Visit& visit) {
  auto step = std::partition_point(h.steps.begin(), h.steps.end(),
                                   [&](const timeline::OrderStep& s) { return s.order < h.order_begin[first]; });
  for (std::size_t c = first; c < end; ++c) {
    for (std::uint32_t i = h.order_begin[c]; i < h.order_begin[c + 1]; ++i) {
      std::int64_t refunded = 0;
      bool counts = happened(h, i, now);
      for (; step != h.steps.end() && step->order == i; ++step) {
        const bool known = step->at_ms == timeline::kUnknownInstant || step->at_ms < now.at.ms;
        if (!known) continue;
        refunded = step->refunded_minor;
        counts = counts && step->counts;
      }
      if (counts) visit(c, i, h.gross_minor[i] - refunded);
    }
  }
}

// Counted first, so that each stretch of customers knows where its orders begin; then copied.
void Purchases::copy_counted(const timeline::Histories& h, const AsOf& now) {
  begin_.assign(h.customers() + 1, 0);
  run_in_parts(h.customers(), [&](std::size_t, std::size_t first, std::size_t end) {
    each_counted(h, now, first, end, [&](std::size_t c, std::uint32_t, std::int64_t) { ++begin_[c + 1]; });
  });
  std::partial_sum(begin_.begin(), begin_.end(), begin_.begin());
  const std::size_t size = begin_.back();
  rows_ = ZeroedArray<std::uint32_t>(size);
  day_ = ZeroedArray<calendar::Day>(size);
  gross_ = ZeroedArray<std::int64_t>(size);
  revenue_ = ZeroedArray<std::int64_t>(size);
  run_in_parts(h.customers(), [&](std::size_t, std::size_t first, std::size_t end) {
    std::size_t at = begin_[first];
    each_counted(h, now, first, end, [&](std::size_t, std::uint32_t row, std::int64_t revenue) {
      rows_[at] = row;
      day_[at] = h.order_day[row];
      gross_[at] = h.gross_minor[row];
      revenue_[at] = revenue;
      ++at;
    });
  });
  begin = begin_;
  rows = rows_.span();
  day = day_.span();
  gross_minor = gross_.span();
  revenue_minor = revenue_.span();
}

}  // namespace behoud::retention
