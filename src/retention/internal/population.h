#pragma once

// Who is a customer, when. For each customer: since when (the day they became one), and the days t at whose start they
// are active, as spans [begin, end). Everything that is counted about customers is read off these two.
//
// An act on day d makes active from the start of d + 1 on; under the bases with a window through the start of d + W.
//   orders         a counted order on d: t in [d + 1, d + W + 1)
//   events         an event of the chosen kinds on d: the same
//   subscriptions  paid from s, ended on e: t in [s + 1, e + 1)
//   relation       joined on j, left on l: t in [j + 1, l + 1); of a joining and a leaving on one day the leaving holds
//
// since: the first counted order, event, paid start or joining. Under `orders` a customer file that knows of orders
// before the history's start puts it there. Days at or after as-of's cut are not seen.

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

class Population {
 public:
  // Errors: kInvalidArgument (a window below 1 or above 36,500 days, an unknown kind).
  static Result<Population> create(const timeline::Histories& h, const Purchases& purchases, const AsOf& now,
                                   Basis basis, int window_days, const std::vector<std::string>& kinds);

  std::size_t size() const { return since_.size(); }
  calendar::Day since(std::size_t c) const { return since_[c]; }  // kNever: no customer yet
  // Whatever the basis: the day of the first counted order, or of the one before the history; kNever: none.
  calendar::Day ordered_since(std::size_t c) const { return ordered_since_[c]; }
  // The first day of the history that the basis reads; nothing where states are told with their beginnings, so that a
  // left edge hides nobody.
  std::optional<calendar::Day> left_edge() const { return left_edge_; }
  // The customer file tells the first order of every customer, and none lies before the history: nothing is cut off.
  bool whole_life() const { return whole_life_; }
  // Under `orders`: the customer file tells c's first order, so that c is new is known, not supposed.
  bool since_is_known(std::size_t c) const { return basis_ == Basis::kOrders && known_[c]; }

  // Spans ascending, neither overlapping nor touching. Valid until `scratch` changes.
  std::span<const DaySpan> active(std::size_t c, std::vector<DaySpan>& scratch) const;
  bool active_at(std::size_t c, calendar::Day t) const;

 private:
  void read_orders(const timeline::Histories& h);
  void read_events(const timeline::Histories& h, const AsOf& now, const std::vector<bool>& chosen);
  void read_subscriptions(const timeline::Histories& h, const AsOf& now);
  void read_relation(const timeline::Histories& h, const AsOf& now);
  std::span<const calendar::Day> days_of(std::size_t c) const;

  Basis basis_ = Basis::kOrders;
  int window_days_ = 0;
  const Purchases* purchases_ = nullptr;
  std::vector<calendar::Day> since_, ordered_since_;
  std::vector<bool> known_;
  std::optional<calendar::Day> left_edge_;
  bool whole_life_ = false;
  // Basis events: the days of the chosen ones. Bases without a window: the spans themselves. By customer.
  std::vector<std::uint32_t> begin_;
  std::vector<calendar::Day> days_;
  std::vector<DaySpan> spans_;
};

}  // namespace behoud::retention
