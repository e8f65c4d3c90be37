#pragma once

// Who may import into a ledger next: one at a time, in the order in which they asked. A turn is taken before anything
// is decided from what the ledger holds (a first import sets the shop's zone and currency) and kept until all of the
// import is done, so that the next one sees what this one left.
//
//   TRY_ASSIGN(const auto turn, ledger.import_queue().enter(say, given_up));
//
// Thread-safety: enter() from any thread. A turn may be given back by another thread than the one that took it, and
// not after the queue's end.

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <utility>

#include "base/result.h"

namespace behoud::ledger {

class ImportQueue {
 public:
  class Turn {
   public:
    explicit Turn(ImportQueue* queue) : queue_(queue) {}
    Turn(Turn&& other) noexcept : queue_(std::exchange(other.queue_, nullptr)) {}
    Turn& operator=(Turn&& other) noexcept {
      std::swap(queue_, other.queue_);
      return *this;
    }
    ~Turn() {
      if (queue_ != nullptr) queue_->leave();
    }

   private:
    ImportQueue* queue_;
  };

  // Waits until nobody is before. `waits` is told once how many are, if any; `given_up` is asked from time to time
  // while waiting; both may be empty. Errors: kUnavailable (given up; who comes behind moves up).
  Result<Turn> enter(const std::function<void(std::size_t before)>& waits = {},
                     const std::function<bool()>& given_up = {});

 private:
  void leave();

  std::mutex mutex_;
  std::condition_variable moved_;
  std::deque<std::uint64_t> queue_;  // its front has the turn
  std::uint64_t next_ = 0;
};

}  // namespace behoud::ledger
