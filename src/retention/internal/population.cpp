#include "retention/internal/population.h"

#include <algorithm>

namespace behoud::retention {

using calendar::Day;

Result<Population> Population::create(const timeline::Histories& h, const View& view, Basis basis, int window_days,
                                      const std::vector<std::string>& kinds) {
  constexpr int kWindowDaysMax = 36'500;
  if (window_days < 1 || window_days > kWindowDaysMax) {
    return fail(Errc::kInvalidArgument, "a window of " + std::to_string(window_days) + " days has no meaning",
                "give a window of 1 to 36500 days, as 90d");
  }
  Population p;
  p.basis_ = basis;
  p.window_days_ = window_days;
  p.purchases_ = &view.purchases();
  p.ordered_ = &view.ordered_since();
  p.since_ = p.ordered_->day;
  if (basis != Basis::kOrders) {
    TRY_ASSIGN(p.roll_, view.roll(h, basis, kinds));
    p.since_ = p.roll_->since;
  }
  return p;
}

std::optional<Day> Population::left_edge() const { return roll_ ? roll_->left_edge : purchases_->history_start; }

std::optional<Day> Population::first_since() const {
  if (roll_) return roll_->first_since;
  return purchases_->history_start;
}

std::span<const DaySpan> Population::active(std::size_t c, std::vector<DaySpan>& scratch) const {
  if (basis_ == Basis::kSubscriptions || basis_ == Basis::kRelation) return roll_->spans_of(c);
  scratch.clear();
  for (const Day d : days_of(c)) append(scratch, 0, {d + 1, d + window_days_ + 1});
  return scratch;
}

bool Population::active_at(std::size_t c, Day t) const {
  if (basis_ == Basis::kSubscriptions || basis_ == Basis::kRelation) {
    const auto spans = roll_->spans_of(c);
    return std::any_of(spans.begin(), spans.end(), [t](const DaySpan& s) { return s.begin <= t && t < s.end; });
  }
  // The last day before t is within the window.
  const auto days = days_of(c);
  const auto after = std::lower_bound(days.begin(), days.end(), t);
  return after != days.begin() && t - window_days_ <= *(after - 1);
}

}  // namespace behoud::retention
