#include "retention/internal/roll.h"

#include <algorithm>
#include <array>

#include "base/together.h"

namespace behoud::retention {

using calendar::Day;
using timeline::Act;
using timeline::Histories;
using timeline::Subscription;

namespace {

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

}  // namespace

void append(std::vector<DaySpan>& spans, std::size_t from, DaySpan next) {
  if (next.begin >= next.end) return;
  if (spans.size() > from && next.begin <= spans.back().end) {
    spans.back().end = std::max(spans.back().end, next.end);
  } else {
    spans.push_back(next);
  }
}

OrderedSince::OrderedSince(const Histories& h, const Purchases& purchases) {
  resize_huge(day, h.customers());
  known.assign(h.customers(), 0);
  const std::optional<Day> first = purchases.history_start;
  if (!first) {
    std::fill(day.begin(), day.end(), kNever);
    return;
  }
  std::array<bool, kParts> whole{}, any{}, ordering{};
  run_in_parts(h.customers(), [&](std::size_t part, std::size_t begin, std::size_t end) {
    bool all = true, some = false, orders = false;
    for (std::size_t c = begin; c < end; ++c) {
      const bool ordered = purchases.begin[c] < purchases.begin[c + 1];
      const bool told = h.known_since[c].has_value();
      const bool told_before = told && *h.known_since[c] < *first;
      const bool before = h.orders_before[c] > 0;
      Day since = ordered ? purchases.day[purchases.begin[c]] : kNever;
      if (before) since = kBeforeTheHistory;
      if (told_before) since = *h.known_since[c];
      day[c] = since;
      known[c] = told || before;
      some = some || known[c];
      orders = orders || ordered;
      const bool partly = (ordered && !told) || told_before || before;
      all = all && !partly;
    }
    whole[part] = all;
    any[part] = some;
    ordering[part] = orders;
  });
  any_known = std::any_of(any.begin(), any.end(), [](bool some) { return some; });
  // Where nobody has ordered, nobody's first order was told.
  whole_life = std::all_of(whole.begin(), whole.end(), [](bool all) { return all; }) &&
               std::any_of(ordering.begin(), ordering.end(), [](bool orders) { return orders; });
}

Result<Roll> Roll::create(const Histories& h, const AsOf& now, Basis basis, const std::vector<std::string>& kinds) {
  Roll roll;
  roll.since.assign(h.customers(), kNever);
  switch (basis) {
    case Basis::kOrders:
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
      roll.read_events(h, now, chosen);
      break;
    }
    case Basis::kSubscriptions:
      roll.read_subscriptions(h, now);
      break;
    case Basis::kRelation:
      roll.read_relation(h, now);
      break;
  }
  for (const Day since : roll.since) {
    if (since != kNever && (!roll.first_since || since < *roll.first_since)) roll.first_since = since;
  }
  return roll;
}

void Roll::read_events(const Histories& h, const AsOf& now, const std::vector<bool>& chosen) {
  begin.push_back(0);
  for_each_customer(h.events, since.size(), [&](std::uint32_t c, auto first, auto last) {
    for (; first != last; ++first) {
      if (first->day >= now.cut || !chosen[first->kind]) continue;
      if (since[c] == kNever) since[c] = first->day;
      if (!left_edge || first->day < *left_edge) left_edge = first->day;
      days.push_back(first->day);
    }
    begin.push_back(static_cast<std::uint32_t>(days.size()));
  });
}

void Roll::read_subscriptions(const Histories& h, const AsOf& now) {
  begin.push_back(0);
  std::vector<DaySpan> own;
  for_each_customer(h.subscriptions, since.size(), [&](std::uint32_t c, auto first, auto last) {
    own.clear();
    for (; first != last; ++first) {
      const Subscription& s = *first;
      const Day paid = s.trial_end.value_or(s.start);
      const bool ended_unpaid = s.end && *s.end <= paid && s.trial_end;
      if (paid >= now.cut || ended_unpaid) continue;
      since[c] = std::min(since[c], paid);
      own.push_back({paid + 1, s.end ? *s.end + 1 : kNever});
    }
    std::sort(own.begin(), own.end(), [](const DaySpan& a, const DaySpan& b) { return a.begin < b.begin; });
    const std::size_t from = spans.size();
    for (const DaySpan& span : own) append(spans, from, span);
    begin.push_back(static_cast<std::uint32_t>(spans.size()));
  });
}

void Roll::read_relation(const Histories& h, const AsOf& now) {
  begin.push_back(0);
  auto left = h.relation_left.begin();
  for_each_customer(h.relation_joined, since.size(), [&](std::uint32_t c, auto first, auto last) {
    const std::size_t from = spans.size();
    while (left != h.relation_left.end() && left->customer < c) ++left;
    for (; first != last && first->day < now.cut; ++first) {
      since[c] = std::min(since[c], first->day);
      while (left != h.relation_left.end() && left->customer == c && left->day < first->day) ++left;
      const bool leaves = left != h.relation_left.end() && left->customer == c && left->day < now.cut;
      append(spans, from, {first->day + 1, leaves ? left->day + 1 : kNever});
    }
    begin.push_back(static_cast<std::uint32_t>(spans.size()));
  });
}

}  // namespace behoud::retention
