#pragma once

// What the basis `subscriptions` tells besides: who is paused or in a trial at the end of a period, which trials were
// converted, and how much of the recurring revenue stayed.
//
// paused          of the customers at the end, those none of whose running subscriptions is unpaused
// in_trial        in a trial at the end, and no customer then
// trial_converted of the customers with a trial that ended in the period, those of whom one became paid
// gross_retention recurring revenue at the end of those who were customers at the start, of each at most what it was at
//                 the start, over what it was at the start; net_retention: without that bound
// A subscription's recurring revenue is that of a year: amount x 12 / months, or amount x 365.25 / days of its
// interval; nothing in a trial or a pause.

#include <vector>

#include "retention/internal/shop.h"

namespace behoud::retention {

class SubscriptionBook {
 public:
  SubscriptionBook(const Shop& shop, const Axis& axis, const SplitOf& split);
  void fill(RetentionRow& row, std::size_t part, int period) const;

  // What one customer's subscriptions are at the start of day t.
  struct State {
    bool running = false;  // paid, paused or not
    bool unpaused = false;
    bool trial = false;
    double recurring_minor = 0;  // of a year
  };
  static State state_at(std::span<const timeline::Subscription> own, calendar::Day t);
  // Whether a trial of theirs ended in [a, b), and whether one of those became paid.
  struct Trials {
    bool ended = false, converted = false;
  };
  static Trials trials_in(std::span<const timeline::Subscription> own, calendar::Day a, calendar::Day b);

 private:
  struct Cell {
    std::uint64_t paused = 0, in_trial = 0, trials_ended = 0, trials_converted = 0;
    double recurring_start = 0, kept_gross = 0, kept_net = 0;
  };
  std::size_t periods_;
  std::vector<Cell> cells_;
};

// The customers that have subscriptions, with theirs.
std::vector<std::span<const timeline::Subscription>> subscriptions_by_customer(const timeline::Histories& h);

}  // namespace behoud::retention
