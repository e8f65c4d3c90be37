#pragma once

// What a customer is in each period of an axis: the one place where kept, lost, new, one-and-gone and came back are
// told apart. Every count of them, and every list of the people behind a count, comes from here.
//
// Each standing is given as a run of periods [begin, end), since most customers stay what they are for long. For period
// p, read over [points[p], points[p + 1]):
//   at start, at end   active at points[p], at points[p + 1]
//   retained           both;  lost: at start only
//   new                at end only, and became a customer in the period;  reactivated: at end only, and earlier
//   one and gone       became a customer in the period, and not active at its end
// So at start = retained + lost and at end = retained + new + reactivated, for each customer and period.

#include <algorithm>
#include <span>
#include <vector>

#include "retention/internal/axis.h"
#include "retention/internal/population.h"

namespace behoud::retention {

enum class Standing : std::uint8_t { kAtStart, kAtEnd, kRetained, kLost, kNew, kOneAndGone, kReactivated };

struct PointRun {
  int begin, end;  // of points
};

// The points at which a customer with these spans is active, as runs that do not touch.
inline void points_of(std::span<const DaySpan> spans, const Axis& axis, std::vector<PointRun>& out) {
  out.clear();
  for (const DaySpan& span : spans) {
    const PointRun run{axis.point_from(span.begin), axis.point_from(span.end)};
    if (run.begin == run.end) continue;
    if (!out.empty() && out.back().end == run.begin) {
      out.back().end = run.end;  // inactive between two points only
    } else {
      out.push_back(run);
    }
  }
}

// Calls visit(standing, first period, end period) with non-empty runs. `active` is what points_of gives.
template <class Visit>
void classify(std::span<const PointRun> active, calendar::Day since, const Axis& axis, Visit visit) {
  const int periods = axis.size();
  const int born = axis.period_of(since);  // -1: outside
  bool there_at_end_of_birth = false;
  const auto tell = [&visit](Standing standing, int begin, int end) {
    if (begin < end) visit(standing, begin, end);
  };
  for (const PointRun& run : active) {
    tell(Standing::kAtStart, run.begin, std::min(run.end, periods));
    tell(Standing::kAtEnd, std::max(run.begin - 1, 0), run.end - 1);
    tell(Standing::kRetained, run.begin, run.end - 1);
    if (run.end <= periods) tell(Standing::kLost, run.end - 1, run.end);
    if (run.begin == 0) continue;
    const int came = run.begin - 1;
    tell(came == born ? Standing::kNew : Standing::kReactivated, came, came + 1);
    there_at_end_of_birth = there_at_end_of_birth || came == born;
  }
  if (born >= 0 && !there_at_end_of_birth) tell(Standing::kOneAndGone, born, born + 1);
}

}  // namespace behoud::retention
