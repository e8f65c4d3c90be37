#include "retention/internal/purchases.h"

#include <algorithm>

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

void Purchases::copy_counted(const timeline::Histories& h, const AsOf& now) {
  begin_.reserve(h.order_begin.size());
  begin_.push_back(0);
  rows_.reserve(h.orders());
  day_.reserve(h.orders());
  gross_.reserve(h.orders());
  revenue_.reserve(h.orders());
  auto step = h.steps.begin();
  for (std::size_t c = 0; c < h.customers(); ++c) {
    for (std::uint32_t i = h.order_begin[c]; i < h.order_begin[c + 1]; ++i) {
      std::int64_t refunded = 0;
      bool counts = happened(h, i, now);
      for (; step != h.steps.end() && step->order == i; ++step) {
        const bool known = step->at_ms == timeline::kUnknownInstant || step->at_ms < now.at.ms;
        if (!known) continue;
        refunded = step->refunded_minor;
        counts = counts && step->counts;
      }
      if (!counts) continue;
      rows_.push_back(i);
      day_.push_back(h.order_day[i]);
      gross_.push_back(h.gross_minor[i]);
      revenue_.push_back(h.gross_minor[i] - refunded);
    }
    begin_.push_back(static_cast<std::uint32_t>(rows_.size()));
  }
  begin = begin_;
  day = day_;
  gross_minor = gross_;
  revenue_minor = revenue_;
}

}  // namespace behoud::retention
