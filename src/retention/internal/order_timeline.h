#pragma once

// The counted orders of a View as a timeline of the engine, for the questions that read who ordered on which day: one
// segment of orders alone (timeline/segment.h), customer c of it customer c of the Histories, order row i order i of
// the Purchases. Money is not in it: who sums it reads the Purchases' at the same row.
//
// A shop whose counted orders span more than the engine's scale (136 years: a mistyped year) has no timeline, and is
// asked of its Purchases. Cost: a pass over the orders on two threads; 2 bytes an order and 8 a customer.

#include <cstdint>
#include <memory>
#include <optional>

#include "retention/internal/purchases.h"
#include "timeline/timeline.h"

namespace behoud::retention {

class OrderTimeline {
 public:
  OrderTimeline(const timeline::Histories& h, const Purchases& purchases);

  // nullptr: the shop has none.
  const timeline::Timeline* timeline() const { return timeline_ ? &*timeline_ : nullptr; }
  // The same with a customer dimension, 0, of `codes` codes, which must outlive it. Requires a timeline().
  timeline::Timeline split_by(const timeline::Column& code, std::size_t codes) const;
  std::size_t bytes() const { return bytes_; }

 private:
  std::shared_ptr<const void> memory_;
  std::optional<timeline::Timeline> timeline_;
  std::size_t bytes_ = 0;
};

}  // namespace behoud::retention
