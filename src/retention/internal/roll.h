#pragma once

// Who is a customer, whatever the window. `OrderedSince` is of orders: since which day each customer has ordered, and
// whether that is known. `Roll` is of the bases that read something else: since when, and what their activity is made
// of, the days of events or the spans of states.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "retention/answers.h"
#include "retention/internal/purchases.h"

namespace behoud::retention {

struct DaySpan {
  calendar::Day begin, end;  // of the days t at whose start one is active
  friend bool operator==(const DaySpan&, const DaySpan&) = default;
};

inline constexpr calendar::Day kNever{0x3fffffff};
inline constexpr calendar::Day kBeforeTheHistory{-0x3fffffff};

// Adds a span to those of one customer, which begin at `from` in `spans`; they come by their begin.
void append(std::vector<DaySpan>& spans, std::size_t from, DaySpan next);

struct OrderedSince {
  OrderedSince(const timeline::Histories& h, const Purchases& purchases);

  std::vector<calendar::Day> day;   // the first counted order, or the one before the history; kNever: none
  std::vector<std::uint8_t> known;  // 1: the customer file tells it
  bool any_known = false;           // of somebody
  bool whole_life = false;          // it tells that of everybody, and none lies before the history
  std::size_t bytes() const { return day.capacity() * sizeof(calendar::Day) + known.capacity(); }
};

struct Roll {
  // Of subscriptions, relation or events. Errors: kInvalidArgument (an unknown kind).
  static Result<Roll> create(const timeline::Histories& h, const AsOf& now, Basis basis,
                             const std::vector<std::string>& kinds);

  std::vector<calendar::Day> since;  // by customer; kNever: no customer yet
  std::optional<calendar::Day> left_edge, first_since;
  // Customer c's are [begin[c], begin[c + 1]): the days of the chosen events, or the spans themselves.
  std::vector<std::uint32_t> begin;
  std::vector<calendar::Day> days;
  std::vector<DaySpan> spans;

  std::span<const calendar::Day> days_of(std::size_t c) const {
    return {days.data() + begin[c], days.data() + begin[c + 1]};
  }
  std::span<const DaySpan> spans_of(std::size_t c) const {
    return {spans.data() + begin[c], spans.data() + begin[c + 1]};
  }
  std::size_t bytes() const {
    return since.capacity() * sizeof(since[0]) + begin.capacity() * sizeof(begin[0]) +
           days.capacity() * sizeof(days[0]) + spans.capacity() * sizeof(spans[0]);
  }

 private:
  void read_events(const timeline::Histories& h, const AsOf& now, const std::vector<bool>& chosen);
  void read_subscriptions(const timeline::Histories& h, const AsOf& now);
  void read_relation(const timeline::Histories& h, const AsOf& now);
};

}  // namespace behoud::retention
