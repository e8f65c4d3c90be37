#include "timeline/scale.h"

#include <algorithm>
#include <cassert>
#include <chrono>

namespace behoud::timeline {
namespace {

calendar::Day month_floor(calendar::Day d) {
  const auto date = calendar::ymd(d);
  return calendar::civil(static_cast<int>(date.year()), static_cast<unsigned>(date.month()), 1);
}
calendar::Day month_after(calendar::Day first) {
  const auto date = calendar::ymd(first) + std::chrono::months{1};
  return calendar::civil(static_cast<int>(date.year()), static_cast<unsigned>(date.month()), 1);
}

bool one_step_a_bucket(std::span<const std::pair<std::uint32_t, std::uint16_t>> steps, int shift) {
  for (std::size_t i = 2; i < steps.size(); ++i) {
    if (steps[i].first >> shift == steps[i - 1].first >> shift) return false;
  }
  return true;
}

}  // namespace

StepClock::StepClock(std::span<const std::pair<std::uint32_t, std::uint16_t>> steps, std::uint32_t end) {
  assert(!steps.empty());
  while (shift_ > 0 && !one_step_a_bucket(steps, shift_)) --shift_;
  buckets_.assign((std::size_t{end} >> shift_) + 1, Bucket{});
  std::size_t next = 1;  // the first step holds from the beginning
  std::uint16_t value = steps[0].second;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    Bucket& bucket = buckets_[i];
    bucket.before = value;
    if (next < steps.size() && steps[next].first >> shift_ == i) {
      bucket.bound = steps[next].first;
      value = steps[next++].second;
    }
    bucket.after = value;
  }
}

Result<Scale> Scale::create(calendar::Zone zone, calendar::Instant first, calendar::Instant last, int room_days) {
  if (last < first) return fail(Errc::kInvalidArgument, "a timeline cannot end before it begins");
  // A date-only event is dated at midnight UTC: its own day is the day of that instant in UTC, which may be the zone's
  // next one.
  const calendar::Zone utc = calendar::Zone::utc();
  const calendar::Day first_day = std::min(zone.day_of(first), utc.day_of(first));
  const calendar::Day last_day = std::max(zone.day_of(last), utc.day_of(last));
  if (first_day < calendar::kEarliestDay || last_day + room_days > calendar::kLatestDay - 31) {
    return fail(Errc::kOutOfRange, "a timeline's events lie from 1990 to 9999");
  }
  const calendar::Day epoch_day = month_floor(first_day);
  return laid_out(std::move(zone), epoch_day,
                  static_cast<std::uint32_t>(month_after(month_floor(last_day + room_days)) - epoch_day));
}

Result<Scale> Scale::laid_out(calendar::Zone zone, calendar::Day epoch_day, std::uint32_t days) {
  // 2^32 seconds are 136 years and 49,710 days, so days and months fit 16 bits.
  constexpr std::uint32_t kDaysMax = 49'710;
  if (days > kDaysMax) return fail(Errc::kOutOfRange, "a timeline spans at most 136 years");
  if (epoch_day < month_floor(calendar::kEarliestDay) || epoch_day + static_cast<int>(days) > calendar::kLatestDay) {
    return fail(Errc::kOutOfRange, "a timeline's events lie from 1990 to 9999");
  }
  Scale scale;
  scale.epoch_day_ = epoch_day;
  const std::int64_t midnight_ms = std::int64_t{epoch_day.number} * calendar::kMsPerDay;
  scale.epoch_ = {std::min(zone.first_instant(epoch_day).ms, midnight_ms)};
  for (calendar::Day month = epoch_day;; month = month_after(month)) {
    scale.month_begin_.push_back(static_cast<std::uint32_t>(month - epoch_day));
    if (scale.month_begin_.back() >= days) break;
  }
  if (days == 0 || month_floor(epoch_day) != epoch_day || scale.month_begin_.back() != days) {
    return fail(Errc::kInvalidArgument, "a timeline's scale is laid out in whole months");
  }
  scale.days_ = scale.month_begin_.back();
  const std::int64_t end_ms = std::max(zone.first_instant(scale.epoch_day_ + static_cast<int>(scale.days_)).ms,
                                       midnight_ms + scale.days_ * calendar::kMsPerDay);
  const std::int64_t seconds = (end_ms - scale.epoch_.ms) / 1000;
  if (seconds > 0xFFFF'FFFE) return fail(Errc::kOutOfRange, "a timeline spans at most 136 years");
  scale.seconds_ = static_cast<std::uint32_t>(seconds);

  std::vector<std::pair<std::uint32_t, std::uint16_t>> day_steps, month_steps;
  scale.month_of_day_.resize(scale.days_ + 1);
  scale.first_second_.resize(scale.days_ + 1);
  std::uint16_t month = 0;
  for (std::uint32_t d = 0; d <= scale.days_; ++d) {
    if (month + 1U < scale.month_begin_.size() && d >= scale.month_begin_[month + 1U]) ++month;
    scale.month_of_day_[d] = month;
    const std::int64_t from_ms = zone.first_instant(scale.day(d)).ms - scale.epoch_.ms;
    const auto second = static_cast<std::uint32_t>(std::max<std::int64_t>(from_ms, 0) / 1000);
    scale.first_second_[d] = second;
    // A day that does not exist begins with the next one: the later value holds.
    const auto lay = [&](auto& steps, std::uint16_t value) {
      if (!steps.empty() && steps.back().second == value) return;
      if (!steps.empty() && steps.back().first == second) steps.pop_back();
      steps.emplace_back(second, value);
    };
    if (d < scale.days_) {
      lay(day_steps, static_cast<std::uint16_t>(d));
      lay(month_steps, month);
    }
  }
  scale.day_clock_ = StepClock(day_steps, scale.seconds_);
  scale.month_clock_ = StepClock(month_steps, scale.seconds_);
  scale.zone_ = std::move(zone);
  return scale;
}

}  // namespace behoud::timeline
