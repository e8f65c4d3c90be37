#include "retention/internal/axis.h"

#include <algorithm>

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
  return consecutive(std::move(periods), now);
}

Axis Axis::consecutive(std::vector<Period> periods, const AsOf& now) {
  Axis axis;
  std::erase_if(periods, [&now](const Period& p) { return p.begin() >= now.cut; });
  if (periods.empty()) return axis;
  for (const Period& p : periods) axis.points_.push_back(p.begin());
  axis.points_.push_back(std::min(periods.back().end(), now.cut));
  // An end that as-of has reached within its day before is not complete either: as-of must be at or after it.
  const Day end = periods.back().end();
  axis.complete_ = end <= now.today;
  axis.periods_ = std::move(periods);
  const int span = axis.points_.back() - axis.points_.front();
  axis.points_before_.reserve(static_cast<std::size_t>(span) + 1);
  int point = 0;
  for (int d = 0; d <= span; ++d) {
    while (axis.points_[static_cast<std::size_t>(point)] < axis.points_.front() + d) ++point;
    axis.points_before_.push_back(point);
  }
  return axis;
}

Result<Axis> to_as_of(calendar::Grain grain, const Axis& chosen, const AsOf& now) {
  Question q;
  q.grain = grain;
  q.from = chosen.points().front();
  return Axis::create(q, std::nullopt, now);
}

}  // namespace behoud::retention
