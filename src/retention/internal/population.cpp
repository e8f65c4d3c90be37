#include "retention/internal/population.h"

#include <algorithm>

namespace behoud::retention {

using calendar::Day;
using timeline::Act;
using timeline::Histories;
using timeline::Subscription;

namespace {

constexpr int kWindowDaysMax = 36'500;

// Calls visit(c, first, last) for each customer's run of records, which are sorted by customer.
template <class Record, class Visit>
void for_each_customer(const std::vector<Record>& records, std::size_t customers, Visit visit) {
  auto first = records.begin();
  for (std::uint32_t c = 0; c < customers; ++c) {
    auto last = first;
    while (last != records.end() && last->customer == c) ++last;
    visit(c, first, last);
    first = last;
  }
}

// Adds a span to those of one customer, which begin at `from` in `spans`; they come by their begin.
void append(std::vector<DaySpan>& spans, std::size_t from, DaySpan next) {
  if (next.begin >= next.end) return;
  if (spans.size() > from && next.begin <= spans.back().end) {
    spans.back().end = std::max(spans.back().end, next.end);
  } else {
    spans.push_back(next);
  }
}

}  // namespace

Result<Population> Population::create(const Histories& h, const Purchases& purchases, const AsOf& now, Basis basis,
                                      int window_days, const std::vector<std::string>& kinds) {
  if (window_days < 1 || window_days > kWindowDaysMax) {
    return fail(Errc::kInvalidArgument, "a window of " + std::to_string(window_days) + " days has no meaning",
                "give a window of 1 to 36500 days, as 90d");
  }
  Population p;
  p.basis_ = basis;
  p.window_days_ = window_days;
  p.purchases_ = &purchases;
  p.read_orders(h);
  p.since_.assign(h.customers(), kNever);
  switch (basis) {
    case Basis::kOrders:
      p.since_ = p.ordered_since_;
      p.left_edge_ = purchases.first_day;
      break;
    case Basis::kEvents: {
      std::vector<bool> chosen(h.kinds.size(), kinds.empty());
      for (const std::string& kind : kinds) {
        const auto known = std::find(h.kinds.by_code.begin(), h.kinds.by_code.end(), kind);
        if (kind.empty() || known == h.kinds.by_code.end()) {
          return fail(Errc::kInvalidArgument, "there is no event of the kind '" + kind + "'");
        }
        chosen[static_cast<std::size_t>(known - h.kinds.by_code.begin())] = true;
      }
      p.read_events(h, now, chosen);
      break;
    }
    case Basis::kSubscriptions:
      p.read_subscriptions(h, now);
      break;
    case Basis::kRelation:
      p.read_relation(h, now);
      break;
  }
  return p;
}

void Population::read_orders(const Histories& h) {
  ordered_since_.assign(h.customers(), kNever);
  known_.assign(h.customers(), false);
  const std::optional<Day> first = purchases_->first_day;
  if (!first) return;
  bool whole_life = true;
  for (std::size_t c = 0; c < h.customers(); ++c) {
    const auto days = purchases_->days_of(c);
    const bool told = h.known_since[c].has_value();
    const bool told_before = told && *h.known_since[c] < *first;
    if (!days.empty()) ordered_since_[c] = days.front();
    if (h.orders_before[c] > 0) ordered_since_[c] = kBeforeTheHistory;
    if (told_before) ordered_since_[c] = *h.known_since[c];
    known_[c] = told || h.orders_before[c] > 0;
    if ((!days.empty() && !told) || told_before || h.orders_before[c] > 0) whole_life = false;
  }
  whole_life_ = whole_life && basis_ == Basis::kOrders;
}

void Population::read_events(const Histories& h, const AsOf& now, const std::vector<bool>& chosen) {
  begin_.push_back(0);
  for_each_customer(h.events, size(), [&](std::uint32_t c, auto first, auto last) {
    for (; first != last; ++first) {
      if (first->day >= now.cut || !chosen[first->kind]) continue;
      if (since_[c] == kNever) since_[c] = first->day;
      if (!left_edge_ || first->day < *left_edge_) left_edge_ = first->day;
      days_.push_back(first->day);
    }
    begin_.push_back(static_cast<std::uint32_t>(days_.size()));
  });
}

void Population::read_subscriptions(const Histories& h, const AsOf& now) {
  begin_.push_back(0);
  std::vector<DaySpan> own;
  for_each_customer(h.subscriptions, size(), [&](std::uint32_t c, auto first, auto last) {
    own.clear();
    for (; first != last; ++first) {
      const Subscription& s = *first;
      const Day paid = s.trial_end.value_or(s.start);
      const bool ended_unpaid = s.end && *s.end <= paid && s.trial_end;
      if (paid >= now.cut || ended_unpaid) continue;
      since_[c] = std::min(since_[c], paid);
      own.push_back({paid + 1, s.end ? *s.end + 1 : kNever});
    }
    std::sort(own.begin(), own.end(), [](const DaySpan& a, const DaySpan& b) { return a.begin < b.begin; });
    const std::size_t from = spans_.size();
    for (const DaySpan& span : own) append(spans_, from, span);
    begin_.push_back(static_cast<std::uint32_t>(spans_.size()));
  });
}

void Population::read_relation(const Histories& h, const AsOf& now) {
  begin_.push_back(0);
  auto left = h.relation_left.begin();
  for_each_customer(h.relation_joined, size(), [&](std::uint32_t c, auto first, auto last) {
    const std::size_t from = spans_.size();
    while (left != h.relation_left.end() && left->customer < c) ++left;
    for (; first != last && first->day < now.cut; ++first) {
      since_[c] = std::min(since_[c], first->day);
      while (left != h.relation_left.end() && left->customer == c && left->day < first->day) ++left;
      const bool leaves = left != h.relation_left.end() && left->customer == c && left->day < now.cut;
      append(spans_, from, {first->day + 1, leaves ? left->day + 1 : kNever});
    }
    begin_.push_back(static_cast<std::uint32_t>(spans_.size()));
  });
}

std::span<const Day> Population::days_of(std::size_t c) const {
  if (basis_ == Basis::kOrders) return purchases_->days_of(c);
  return {days_.data() + begin_[c], days_.data() + begin_[c + 1]};
}

std::span<const DaySpan> Population::active(std::size_t c, std::vector<DaySpan>& scratch) const {
  if (basis_ == Basis::kSubscriptions || basis_ == Basis::kRelation) {
    return {spans_.data() + begin_[c], spans_.data() + begin_[c + 1]};
  }
  scratch.clear();
  for (const Day d : days_of(c)) append(scratch, 0, {d + 1, d + window_days_ + 1});
  return scratch;
}

bool Population::active_at(std::size_t c, Day t) const {
  std::vector<DaySpan> scratch;
  for (const DaySpan& span : active(c, scratch)) {
    if (span.begin <= t && t < span.end) return true;
  }
  return false;
}

}  // namespace behoud::retention
