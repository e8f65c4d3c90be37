#pragma once

// Lets one writer in at a time, in the order they came, so that an import, which comes back at once after each chunk,
// never keeps a short write waiting for longer than one chunk. A std::mutex promises no order.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

namespace behoud::ledger::internal {

class WriteGate {
 public:
  // Held until destroyed. May be given back by another thread than the one that took it.
  class Pass {
   public:
    Pass() = default;
    explicit Pass(WriteGate* gate) : gate_(gate) {}
    Pass(Pass&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)) {}
    Pass& operator=(Pass&& other) noexcept {
      std::swap(gate_, other.gate_);
      return *this;
    }
    ~Pass() { release(); }
    void release() {
      if (WriteGate* gate = std::exchange(gate_, nullptr)) gate->leave();
    }
    explicit operator bool() const { return gate_ != nullptr; }

   private:
    WriteGate* gate_ = nullptr;
  };

  Pass enter() {
    std::unique_lock lock(mutex_);
    const std::uint64_t ticket = next_ticket_++;
    turn_.wait(lock, [&] { return serving_ == ticket; });
    return Pass(this);
  }

  // Whether somebody waits for whoever is in now.
  bool wanted() {
    const std::lock_guard lock(mutex_);
    return next_ticket_ - serving_ > 1 + given_up_.size();
  }

  // As enter(), for at most so long; nullopt: it was not our turn by then, and the place in the queue is given up.
  std::optional<Pass> enter_within(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    const std::uint64_t ticket = next_ticket_++;
    if (turn_.wait_for(lock, patience, [&] { return serving_ == ticket; })) return Pass(this);
    given_up_.insert(ticket);
    return std::nullopt;
  }

 private:
  void leave() {
    const std::lock_guard lock(mutex_);
    ++serving_;
    while (given_up_.erase(serving_) > 0) ++serving_;
    turn_.notify_all();
  }
  std::mutex mutex_;
  std::condition_variable turn_;
  std::uint64_t next_ticket_ = 0, serving_ = 0;
  std::set<std::uint64_t> given_up_;  // tickets behind serving_
};

}  // namespace behoud::ledger::internal
