#pragma once

// The periods of a question, and the days at whose start it looks: the first day of each period, and after the last one
// its end or, where that lies beyond as-of, as-of's cut. Periods that have not begun at as-of are not there.
//
// Invariant: points() is strictly ascending, one more than periods(), period p is read over [points[p], points[p + 1]).
// Cost: 4 bytes a day of its span; finding a day is one look-up.

#include <algorithm>
#include <vector>

#include "calendar/period.h"
#include "retention/answers.h"
#include "retention/internal/as_of.h"

namespace behoud::retention {

class Axis {
 public:
  // The question's periods: `from` and `to` where given, else from the period with `first` to the one with as-of.
  // Errors: those of calendar::periods.
  static Result<Axis> create(const Question& q, std::optional<calendar::Day> first, const AsOf& now);
  // Periods that the caller cut: ascending, each beginning where the one before it ends.
  static Axis consecutive(std::vector<calendar::Period> periods, const AsOf& now);
  // The same, all of them begun, the last one read at `until`: within it, or at its end.
  static Axis read_until(std::vector<calendar::Period> periods, calendar::Day until);

  // The axis of `chosen` carried on to as-of: the cells of its cohorts. Errors: kOutOfRange (too many periods).
  static Result<Axis> to_as_of(calendar::Grain grain, const Axis& chosen, const AsOf& now);

  int size() const { return static_cast<int>(periods_.size()); }
  bool empty() const { return periods_.empty(); }
  const std::vector<calendar::Period>& periods() const { return periods_; }
  const std::vector<calendar::Day>& points() const { return points_; }
  bool complete(int p) const { return complete_ || p + 1 < size(); }
  calendar::Day anchor() const { return anchor_; }  // what a counted grain's periods are laid from

  // How many points lie before d: the first point at or after d, or points().size(). Requires !empty(). No branches: it
  // is asked of every order.
  int point_from(calendar::Day d) const {
    const int i = std::clamp(d - points_.front(), 0, static_cast<int>(points_before_.size()) - 1);
    return points_before_[static_cast<std::size_t>(i)];
  }
  // The period that d is read in, or -1. Requires !empty().
  int period_of(calendar::Day d) const {
    if (d < points_.front() || d >= points_.back()) return -1;
    return points_before_[static_cast<std::size_t>(d - points_.front()) + 1] - 1;
  }

 private:
  void lay(std::vector<calendar::Period> periods, calendar::Day until);

  std::vector<calendar::Period> periods_;
  std::vector<calendar::Day> points_;
  std::vector<int> points_before_;  // by day from the first point to the one after the last
  calendar::Day anchor_{};
  bool complete_ = true;  // the last period
};

}  // namespace behoud::retention
