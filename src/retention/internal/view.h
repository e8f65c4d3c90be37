#pragma once

// A shop as it stands at an as-of, whatever is asked of it: the counted orders, since when each customer has ordered,
// and what every day brought. What takes a pass over everything and does not hang on a window is worked out here once
// (`shared`) and read by every question after that. Immutable but for that; shared by whoever asks.
//
// Cost: a pass over the orders on two threads; 16 bytes an order where something has to be taken away (else a view on
// the histories), 5 a customer. Borrows the columns of the Histories, not the Histories: they may be moved about.
// Thread-safety: any thread; who asks for what another is making waits for it.

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <typeindex>
#include <vector>

#include "retention/internal/as_of.h"
#include "retention/internal/day_totals.h"
#include "retention/internal/purchases.h"
#include "retention/internal/roll.h"

namespace behoud::retention {

class View {
 public:
  static std::shared_ptr<const View> create(const timeline::Histories& h, std::optional<calendar::Instant> asked);

  const AsOf& now() const { return now_; }
  const Purchases& purchases() const { return purchases_; }
  const OrderedSince& ordered_since() const { return ordered_since_; }
  const DayTotals& totals() const { return totals_; }

  // Who is a customer under a basis other than `orders`. Errors: those of Roll::create.
  Result<std::shared_ptr<const Roll>> roll(const timeline::Histories& h, Basis basis,
                                           const std::vector<std::string>& kinds) const;

  // The T of this view, which has a bytes(): made by make() when it is first asked for, and valid as long as the view.
  // `make` may ask for another T, of which none asks for this one.
  template <class T, class Make>
  const T& shared(const Make& make) const {
    Slot* slot = nullptr;
    {
      const std::lock_guard lock(mutex_);
      slot = &slots_[typeid(T)];
    }
    const std::lock_guard lock(slot->mutex);
    if (!slot->value) {
      auto value = std::make_shared<const T>(make());
      bytes_ += value->bytes();
      slot->value = std::move(value);
    }
    return *static_cast<const T*>(slot->value.get());
  }

  std::size_t bytes() const { return bytes_; }  // beside the histories

 private:
  explicit View(const timeline::Histories& h, const AsOf& now);

  struct Slot {
    std::mutex mutex;  // held by who makes it
    std::shared_ptr<const void> value;
  };
  struct KeptRoll {
    Basis basis;
    std::vector<std::string> kinds;
    std::shared_ptr<const Roll> roll;
  };

  AsOf now_;
  Purchases purchases_;
  OrderedSince ordered_since_;
  DayTotals totals_;
  mutable std::atomic<std::size_t> bytes_ = 0;
  mutable std::mutex mutex_, rolls_mutex_;
  mutable std::map<std::type_index, Slot> slots_;
  mutable std::vector<KeptRoll> rolls_;  // the last made last
};

}  // namespace behoud::retention
