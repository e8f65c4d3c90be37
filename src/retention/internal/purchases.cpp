#include "retention/internal/purchases.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "base/together.h"

namespace behoud::retention {

using calendar::Day;

namespace {

// Calls visit(row, counts, refunded) for the orders of customers [first, end) that a step changes, ascending.
template <class Visit>
void each_changed(const timeline::Histories& h, const AsOf& now, std::size_t first, std::size_t end,
                  const Visit& visit) {
  auto step = std::partition_point(h.steps.begin(), h.steps.end(),
                                   [&](const timeline::OrderStep& s) { return s.order < h.order_begin[first]; });
  while (step != h.steps.end() && step->order < h.order_begin[end]) {
    const std::uint32_t row = step->order;
    std::int64_t refunded = 0;
    bool counts = true;
    for (; step != h.steps.end() && step->order == row; ++step) {
      const bool known = step->at_ms == timeline::kUnknownInstant || step->at_ms < now.at.ms;
      if (!known) continue;
      refunded = step->refunded_minor;
      counts = counts && step->counts;
    }
    visit(row, counts, refunded);
  }
}

}  // namespace

Purchases::Purchases(const timeline::Histories& h, const AsOf& now) {
  if (h.first_order_day && *h.first_order_day < now.cut) history_start = h.first_order_day;
  // Every order has happened where the last of each customer was before today.
  std::array<bool, kParts> happened_in{};
  run_in_parts(h.customers(), [&](std::size_t part, std::size_t first, std::size_t end) {
    bool all = true;
    for (std::size_t c = first; c < end; ++c) {
      const std::uint32_t until = h.order_begin[c + 1];
      all = all && (until == h.order_begin[c] || h.order_day[until - 1] < now.today);
    }
    if (!all) {
      all = true;
      for (std::size_t i = h.order_begin[first]; all && i < h.order_begin[end]; ++i) all = happened(h, i, now);
    }
    happened_in[part] = all;
  });
  const bool all_happened = std::all_of(happened_in.begin(), happened_in.end(), [](bool all) { return all; });
  if (all_happened && h.steps.empty()) {
    begin = h.order_begin;
    day = h.order_day;
    revenue_minor = h.gross_minor;
  } else {
    copy_counted(h, now, all_happened);
  }
  struct Edges {
    std::optional<Day> first, last;
    std::uint64_t buyers = 0;
  };
  std::array<Edges, kParts> edges;
  run_in_parts(customers(), [&](std::size_t part, std::size_t from, std::size_t end) {
    Edges own;
    for (std::size_t c = from; c < end; ++c) {
      const std::uint32_t a = begin[c], b = begin[c + 1];
      if (a == b) continue;
      ++own.buyers;
      own.first = std::min(own.first.value_or(day[a]), day[a]);
      own.last = std::max(own.last.value_or(day[b - 1]), day[b - 1]);
    }
    edges[part] = own;
  });
  for (const Edges& own : edges) {
    if (own.buyers == 0) continue;
    buyers += own.buyers;
    first_day = std::min(first_day.value_or(*own.first), *own.first);
    last_day = std::max(last_day.value_or(*own.last), *own.last);
  }
}

// Counted first, so that each stretch of customers knows where its orders begin; then copied.
void Purchases::copy_counted(const timeline::Histories& h, const AsOf& now, bool all_happened) {
  resize_huge(begin_, h.customers() + 1);
  run_in_parts(h.customers(), [&](std::size_t, std::size_t first, std::size_t end) {
    for (std::size_t c = first; c < end; ++c) {
      std::uint32_t count = h.order_begin[c + 1] - h.order_begin[c];
      for (std::uint32_t i = h.order_begin[c]; !all_happened && i < h.order_begin[c + 1]; ++i) {
        count -= !happened(h, i, now);
      }
      begin_[c + 1] = count;
    }
    std::size_t c = first;
    each_changed(h, now, first, end, [&](std::uint32_t row, bool counts, std::int64_t) {
      if (counts || !(all_happened || happened(h, row, now))) return;
      while (h.order_begin[c + 1] <= row) ++c;
      --begin_[c + 1];
    });
  });
  begin_[0] = 0;
  std::partial_sum(begin_.begin(), begin_.end(), begin_.begin());
  const std::size_t size = begin_.back();
  rows_ = ZeroedArray<std::uint32_t>(size);
  day_ = ZeroedArray<Day>(size);
  revenue_ = ZeroedArray<std::int64_t>(size);
  run_in_parts(h.customers(), [&](std::size_t, std::size_t first, std::size_t end) {
    std::size_t at = begin_[first];
    std::uint32_t next = h.order_begin[first];
    const auto take = [&](std::uint32_t row, std::int64_t refunded) {
      rows_[at] = row;
      day_[at] = h.order_day[row];
      revenue_[at] = h.gross_minor[row] - refunded;
      ++at;
    };
    const auto take_until = [&](std::uint32_t until) {
      for (; next < until; ++next) {
        if (all_happened || happened(h, next, now)) take(next, 0);
      }
    };
    each_changed(h, now, first, end, [&](std::uint32_t row, bool counts, std::int64_t refunded) {
      take_until(row);
      if (counts && (all_happened || happened(h, row, now))) take(row, refunded);
      next = row + 1;
    });
    take_until(h.order_begin[end]);
  });
  begin = begin_;
  rows = rows_.span();
  day = day_.span();
  revenue_minor = revenue_.span();
  bytes_ = begin_.size() * sizeof(begin_[0]) + size * (sizeof(std::uint32_t) + sizeof(Day) + sizeof(std::int64_t));
}

}  // namespace behoud::retention
