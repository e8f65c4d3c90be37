#pragma once

// Refunds beyond the usual, and beyond chance (Wilson, 95 %): of one product, at more than twice the rate of the others
// in the last 365 days; of all, in the last 90 days against the year before.
// Cost: a pass over the orders on two threads, kept with the view; each list of people is one more.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "retention/internal/view.h"
#include "retention/report/internal/standing.h"
#include "timeline/histories.h"

namespace behoud::retention::report::internal {

struct Refunds {
  std::uint64_t orders = 0, refunded = 0;
  double gross_minor = 0, refunded_minor = 0;  // whole numbers
  void add(const Refunds& o) {
    orders += o.orders;
    refunded += o.refunded;
    gross_minor += o.gross_minor;
    refunded_minor += o.refunded_minor;
  }
  void take(const Refunds& o) {
    orders -= o.orders;
    refunded -= o.refunded;
    gross_minor -= o.gross_minor;
    refunded_minor -= o.refunded_minor;
  }
  // An order of this gross that was placed, and how it stands.
  void add(std::int64_t gross, const Standing& s) {
    ++orders;
    gross_minor += static_cast<double>(gross);
    if (!is_refunded(s)) return;
    ++refunded;
    refunded_minor += static_cast<double>(s.counts ? s.refunded_minor : gross);
  }
  static bool is_refunded(const Standing& s) { return s.refunded_minor != 0 || !s.counts; }
};

struct Excess {
  bool any = false;
  std::uint64_t people = 0;  // with such a refund
  timeline::Code item = 0;
  Refunds there, elsewhere;
  double minor = 0;
};

struct RefundsBeyond {
  Excess item, lately;
  std::size_t bytes() const { return sizeof(*this); }

  static RefundsBeyond of(const timeline::Histories& h, const AsOf& now);
  // Those with a refund of the item in the last year, or lately.
  static std::vector<std::uint32_t> with_item(const timeline::Histories& h, const AsOf& now, timeline::Code item);
  static std::vector<std::uint32_t> with_any_lately(const timeline::Histories& h, const AsOf& now);

 private:
  template <class Which>
  static std::vector<std::uint32_t> with(const timeline::Histories& h, const AsOf& now, const Which& which);
  void judge_items(const timeline::Histories& h, const AsOf& now, const std::vector<Refunds>& by_item);
  void judge_lately();
};

const RefundsBeyond& refunds_beyond(const timeline::Histories& h, const View& view);

}  // namespace behoud::retention::report::internal
