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
//
// A window and a basis over a View, which must outlive it: making one reads nothing.

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "retention/internal/view.h"

namespace behoud::retention {

class Population {
 public:
  // Errors: kInvalidArgument (a window below 1 or above 36,500 days, an unknown kind).
  static Result<Population> create(const timeline::Histories& h, const View& view, Basis basis, int window_days,
                                   const std::vector<std::string>& kinds);

  std::size_t size() const { return since_.size(); }
  calendar::Day since(std::size_t c) const { return since_[c]; }  // kNever: no customer yet
  // Whatever the basis: the day of the first counted order, or of the one before the history; kNever: none.
  calendar::Day ordered_since(std::size_t c) const { return ordered_->day[c]; }
  // The first day of the history that the basis reads; nothing where states are told with their beginnings, so that a
  // left edge hides nobody.
  std::optional<calendar::Day> left_edge() const;
  std::optional<calendar::Day> first_since() const;  // on which somebody became one, within what the basis reads
  // The customer file tells the first order of every customer, and none lies before the history: nothing is cut off.
  bool whole_life() const { return !roll_ && ordered_->whole_life; }
  // Under `orders`: the customer file tells c's first order, so that c is new is known, not supposed.
  bool since_is_known(std::size_t c) const { return !roll_ && ordered_->known[c] != 0; }

  // Of all customers, whatever the basis: since when they have ordered.
  const OrderedSince& ordered() const { return *ordered_; }
  bool of_orders() const { return !roll_; }
  int window_days() const { return window_days_; }
  // Spans ascending, neither overlapping nor touching. Valid until `scratch` changes.
  std::span<const DaySpan> active(std::size_t c, std::vector<DaySpan>& scratch) const;
  bool active_at(std::size_t c, calendar::Day t) const;

 private:
  std::span<const calendar::Day> days_of(std::size_t c) const {
    return roll_ ? roll_->days_of(c) : purchases_->days_of(c);
  }

  Basis basis_ = Basis::kOrders;
  int window_days_ = 0;
  const Purchases* purchases_ = nullptr;
  const OrderedSince* ordered_ = nullptr;
  std::shared_ptr<const Roll> roll_;  // of the bases other than `orders`
  std::span<const calendar::Day> since_;
};

}  // namespace behoud::retention
