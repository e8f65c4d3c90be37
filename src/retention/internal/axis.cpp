#include "retention/internal/axis.h"

#include <algorithm>
#include <cassert>

namespace behoud::retention {

using calendar::Day;
using calendar::Period;

Result<Axis> Axis::create(const Question& q, std::optional<Day> first, const AsOf& now) {
  std::optional<Day> from = q.from, to = q.to;
  if (!from && first) from = calendar::floor_to(q.grain, *first, *first);
  if (!from && to) return fail(Errc::kInvalidArgument, "an end without a start, and no order to start from");
  if (!from) return Axis{};
  if (!to) {
    if (calendar::floor_to(q.grain, *from, *from) != *from) {
      return std::unexpected(calendar::periods(q.grain, *from, *from + 1).error());  // names the two nearest
    }
    to = calendar::next(q.grain, *from, *from);
    while (*to < now.cut) to = calendar::next(q.grain, *to, *from);
  }
  TRY_ASSIGN(std::vector<Period> periods, calendar::periods(q.grain, *from, *to));
  Axis axis = consecutive(std::move(periods), now);
  axis.anchor_ = calendar::anchor_of(q.grain, *from, *to);
  return axis;
}

Axis Axis::consecutive(std::vector<Period> periods, const AsOf& now) {
  Axis axis;
  std::erase_if(periods, [&now](const Period& p) { return p.begin() >= now.cut; });
  if (periods.empty()) return axis;
  const Day end = periods.back().end();
  axis.lay(std::move(periods), std::min(end, now.cut));
  // An end that as-of has reached within its day before is not complete either: as-of must be at or after it.
  axis.complete_ = end <= now.today;
  return axis;
}

Axis Axis::read_until(std::vector<Period> periods, Day until) {
  Axis axis;
  if (periods.empty()) return axis;
  assert(periods.back().begin() < until && until <= periods.back().end());
  axis.complete_ = until == periods.back().end();
  axis.lay(std::move(periods), until);
  return axis;
}

void Axis::lay(std::vector<Period> periods, Day until) {
  anchor_ = periods.front().begin();
  for (const Period& p : periods) points_.push_back(p.begin());
  points_.push_back(until);
  periods_ = std::move(periods);
  const int span = points_.back() - points_.front();
  points_before_.reserve(static_cast<std::size_t>(span) + 2);
  int point = 0;
  for (int d = 0; d <= span; ++d) {
    while (points_[static_cast<std::size_t>(point)] < points_.front() + d) ++point;
    points_before_.push_back(point);
  }
  points_before_.push_back(static_cast<int>(points_.size()));
}

Result<Axis> Axis::to_as_of(calendar::Grain grain, const Axis& chosen, const AsOf& now) {
  if (chosen.empty()) return chosen;
  Day to = chosen.points().front();
  while (to < now.cut) to = calendar::next(grain, to, chosen.anchor());
  TRY_ASSIGN(std::vector<Period> periods, calendar::periods(grain, chosen.points().front(), to, chosen.anchor()));
  Axis axis = Axis::consecutive(std::move(periods), now);
  axis.anchor_ = chosen.anchor();
  return axis;
}

}  // namespace behoud::retention
