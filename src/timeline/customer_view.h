#pragma once

// One customer's whole history, as a look into a segment: what a fold steps over. Rows ascend by (instant, seq).
// Cost: nothing to make; each accessor is a load or two. Valid as long as its segment.

#include <cstdint>

#include "timeline/segment.h"

namespace behoud::timeline {

class CustomerView {
 public:
  CustomerView(const Segment& segment, std::uint32_t index)
      : segment_(&segment),
        index_(index),
        event_begin_(segment.event_begin()[index]),
        event_end_(segment.event_begin()[index + 1]),
        order_begin_(segment.order_begin()[index]),
        order_end_(segment.order_begin()[index + 1]) {}

  const Segment& segment() const { return *segment_; }
  std::uint32_t index() const { return index_; }                     // in the segment
  std::uint32_t number() const { return segment_->number(index_); }  // among all customers

  std::uint32_t events() const { return event_end_ - event_begin_; }
  std::uint32_t event_row(std::uint32_t i) const { return event_begin_ + i; }
  std::uint32_t at(std::uint32_t i) const { return segment_->at()[event_begin_ + i]; }
  // Milliseconds from the epoch: what instants are compared by.
  std::int64_t at_ms(std::uint32_t i) const { return std::int64_t{at(i)} * 1000 + segment_->ms()[event_begin_ + i]; }
  Kind kind(std::uint32_t i) const { return static_cast<Kind>(segment_->kind().raw(event_begin_ + i)); }
  std::uint64_t seq(std::uint32_t i) const { return static_cast<std::uint64_t>(segment_->seq()[event_begin_ + i]); }
  bool date_only(std::uint32_t i) const { return segment_->date_only().raw(event_begin_ + i) != 0; }
  std::uint32_t event_dimension(std::size_t k, std::uint32_t i) const {
    return static_cast<std::uint32_t>(segment_->event_dimension(k)[event_begin_ + i]);
  }
  // The civil day of event i: a date-only one keeps its own.
  std::uint32_t event_day(const Scale& scale, std::uint32_t i) const {
    if (!date_only(i)) return scale.day_of(at(i));
    const std::int64_t from_ms = scale.epoch().ms - std::int64_t{scale.epoch_day().number} * calendar::kMsPerDay;
    return static_cast<std::uint32_t>((at_ms(i) + from_ms) / calendar::kMsPerDay);
  }

  std::uint32_t orders() const { return order_end_ - order_begin_; }
  std::uint32_t order_row(std::uint32_t i) const { return order_begin_ + i; }
  std::uint32_t order_at(std::uint32_t i) const { return segment_->order_at()[order_begin_ + i]; }
  std::uint32_t order_day(std::uint32_t i) const { return segment_->order_day()[order_begin_ + i]; }
  std::int64_t gross(std::uint32_t i) const { return segment_->gross()[order_begin_ + i]; }
  std::int64_t order_measure(std::size_t k, std::uint32_t i) const {
    return segment_->order_measure(k)[order_begin_ + i];
  }
  std::uint32_t dimension(std::size_t k) const {
    return static_cast<std::uint32_t>(segment_->customer_dimension(k)[index_]);
  }
  // Nothing happened and nothing is said: what is kept of a number that is nobody's.
  bool is_blank(const Schema& schema) const {
    if (events() > 0 || orders() > 0) return false;
    for (std::size_t k = 0; k < schema.customer_dimensions.size(); ++k) {
      if (dimension(k) != 0) return false;
    }
    return true;
  }

 private:
  const Segment* segment_;
  std::uint32_t index_, event_begin_, event_end_, order_begin_, order_end_;
};

}  // namespace behoud::timeline
