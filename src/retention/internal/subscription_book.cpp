#include "retention/internal/subscription_book.h"

#include <algorithm>

namespace behoud::retention {

using calendar::Day;
using timeline::Subscription;

namespace {

Day paid_from(const Subscription& s) { return s.trial_end.value_or(s.start); }

bool becomes_paid(const Subscription& s) { return !s.trial_end || !s.end || *s.end > *s.trial_end; }

double recurring_minor(const Subscription& s) {
  const auto amount = static_cast<double>(s.amount_minor);
  if (s.interval_months > 0) return amount * 12 / s.interval_months;
  if (s.interval_days > 0) return amount * 365.25 / s.interval_days;
  return 0;
}

}  // namespace

SubscriptionBook::State SubscriptionBook::state_at(std::span<const Subscription> own, Day t) {
  State state;
  for (const Subscription& s : own) {
    if (s.end && *s.end < t) continue;
    if (s.start < t && s.trial_end && t <= *s.trial_end) state.trial = true;
    if (!becomes_paid(s) || paid_from(s) >= t) continue;
    state.running = true;
    const bool paused = std::any_of(s.pauses.begin(), s.pauses.end(), [t](const auto& pause) {
      return pause.first < t && (!pause.second || t <= *pause.second);
    });
    if (paused) continue;
    state.unpaused = true;
    state.recurring_minor += recurring_minor(s);
  }
  return state;
}

SubscriptionBook::Trials SubscriptionBook::trials_in(std::span<const Subscription> own, Day a, Day b) {
  Trials trials;
  for (const Subscription& s : own) {
    if (!s.trial_end) continue;
    const Day over = s.end ? std::min(*s.end, *s.trial_end) : *s.trial_end;
    if (over < a || over >= b) continue;
    trials.ended = true;
    trials.converted = trials.converted || becomes_paid(s);
  }
  return trials;
}

std::vector<std::span<const Subscription>> subscriptions_by_customer(const timeline::Histories& h) {
  std::vector<std::span<const Subscription>> own;
  for (std::size_t i = 0; i < h.subscriptions.size();) {
    std::size_t end = i;
    while (end < h.subscriptions.size() && h.subscriptions[end].customer == h.subscriptions[i].customer) ++end;
    own.emplace_back(h.subscriptions.data() + i, end - i);
    i = end;
  }
  return own;
}

SubscriptionBook::SubscriptionBook(const Shop& shop, const Axis& axis, const SplitOf& split)
    : periods_(axis.periods().size()), cells_(periods_ * split.size()) {
  for (const auto& own : subscriptions_by_customer(*shop.histories)) {
    const std::size_t part = split.part(own.front().customer);
    for (std::size_t p = 0; p < periods_; ++p) {
      Cell& cell = cells_[part * periods_ + p];
      const Day a = axis.points()[p], b = axis.points()[p + 1];
      const State start = state_at(own, a), end = state_at(own, b);
      cell.paused += end.running && !end.unpaused;
      cell.in_trial += end.trial && !end.running;
      const Trials trials = trials_in(own, a, b);
      cell.trials_ended += trials.ended;
      cell.trials_converted += trials.converted;
      if (!start.running) continue;
      cell.recurring_start += start.recurring_minor;
      cell.kept_gross += std::min(start.recurring_minor, end.recurring_minor);
      cell.kept_net += end.recurring_minor;
    }
  }
}

void SubscriptionBook::fill(RetentionRow& row, std::size_t part, int period) const {
  const Cell& cell = cells_[part * periods_ + static_cast<std::size_t>(period)];
  row.paused = cell.paused;
  row.in_trial = cell.in_trial;
  row.trial_converted = proportion(cell.trials_converted, cell.trials_ended);
  if (cell.recurring_start <= 0) return;
  row.gross_retention = cell.kept_gross / cell.recurring_start;
  row.net_retention = cell.kept_net / cell.recurring_start;
}

}  // namespace behoud::retention
