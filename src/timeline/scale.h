#pragma once

// How a timeline's columns count time: whole seconds from its epoch, civil days and civil months of the shop's zone
// from the epoch's. The epoch is the beginning of the civil month that holds the timeline's first event, so that day 0
// is the first of month 0 and both are never negative.
//
// Laws. day_of and month_of agree with calendar::Zone for every second of [epoch, end]; a second before the first day's
// first instant (a date-only event is dated at midnight UTC, which in the west lies before it) is day 0.
// Cost: a lookup is two loads and a compare, no branch: the time line is cut into buckets so short that at most one day
// (month) begins in each. 11 kB a table for three years. Thread-safety: immutable; copied into every snapshot.

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/result.h"
#include "calendar/day.h"
#include "calendar/zone.h"

namespace behoud::timeline {

// A step function of seconds: what holds from each of a few ascending seconds on.
class StepClock {
 public:
  struct Bucket {
    std::uint32_t bound = 0xFFFFFFFF;  // the second from which `after` holds
    std::uint16_t before = 0, after = 0;
  };
  StepClock() = default;
  // `steps`: (second, value), ascending by second; the first value holds before its second too. `end` is the last
  // second that will be asked for.
  StepClock(std::span<const std::pair<std::uint32_t, std::uint16_t>> steps, std::uint32_t end);

  std::uint32_t operator()(std::uint32_t at) const {
    const Bucket& b = buckets_[at >> shift_];
    return at >= b.bound ? b.after : b.before;
  }
  int shift() const { return shift_; }
  const Bucket* buckets() const { return buckets_.data(); }  // for kernels: bucket of `at` is at >> shift()

 private:
  int shift_ = 16;
  std::vector<Bucket> buckets_{Bucket{}};
};

class Scale {
 public:
  // Of events from `first` to `last`, both included; `room_days` more days are laid out behind, for what will arrive.
  // Errors: kInvalidArgument (first > last), kOutOfRange (before 1990, after 9999, or over 136 years, the columns'
  // span).
  static Result<Scale> create(calendar::Zone zone, calendar::Instant first, calendar::Instant last, int room_days = 0);

  // The scale again whose epoch_day() and days() these were. Errors: kInvalidArgument (no whole months), kOutOfRange.
  static Result<Scale> laid_out(calendar::Zone zone, calendar::Day epoch_day, std::uint32_t days);

  const calendar::Zone& zone() const { return zone_; }
  calendar::Instant epoch() const { return epoch_; }      // a whole second
  calendar::Day epoch_day() const { return epoch_day_; }  // the first of a month
  std::uint32_t seconds() const { return seconds_; }      // the last second that there is
  std::uint32_t days() const { return days_; }            // civil days laid out, whole months
  std::uint32_t months() const { return static_cast<std::uint32_t>(month_begin_.size()) - 1; }

  calendar::Instant instant(std::uint32_t at, std::uint32_t ms = 0) const {
    return {epoch_.ms + std::int64_t{at} * 1000 + ms};
  }
  calendar::Day day(std::uint32_t index) const { return epoch_day_ + static_cast<int>(index); }
  std::uint32_t day_of(std::uint32_t at) const { return day_clock_(at); }
  std::uint32_t month_of(std::uint32_t at) const { return month_clock_(at); }
  std::uint32_t month_of_day(std::uint32_t day) const { return month_of_day_[day]; }  // day < days()
  // The first day of month m, m <= months(): month_begin(m + 1) is where month m ends.
  std::uint32_t month_begin(std::uint32_t m) const { return month_begin_[m]; }
  // The first second of a day; day <= days(). Not before 0.
  std::uint32_t first_second(std::uint32_t day) const { return first_second_[day]; }

  const StepClock& day_clock() const { return day_clock_; }
  const StepClock& month_clock() const { return month_clock_; }

 private:
  Scale() : zone_(calendar::Zone::utc()) {}
  calendar::Zone zone_;
  calendar::Instant epoch_;
  calendar::Day epoch_day_;
  std::uint32_t seconds_ = 0, days_ = 0;
  std::vector<std::uint32_t> month_begin_;
  std::vector<std::uint16_t> month_of_day_;
  std::vector<std::uint32_t> first_second_;
  StepClock day_clock_, month_clock_;
};

}  // namespace behoud::timeline
