#pragma once

// The other end of a Wake (http/stream.h): a connection waits here until somebody, on any thread, calls it.
//
// Wakes that come before the wait are not lost, many at once are one, and one that comes after the connection has gone
// does nothing. But for what a Wake does, of the connections' thread alone.

#include <functional>
#include <memory>
#include <mutex>

#include "http/internal/net.h"
#include "http/stream.h"

namespace behoud::http {

class WakeSignal {
 public:
  explicit WakeSignal(asio::io_context& io);
  ~WakeSignal();
  WakeSignal(const WakeSignal&) = delete;
  WakeSignal& operator=(const WakeSignal&) = delete;

  // A wake for a stream that begins; those of the stream before do nothing any more.
  Wake begin();
  void end();

  // Forgets wakes that came so far: to be called before the stream is asked for news.
  void clear() { woken_ = false; }
  bool woken() const { return woken_; }
  // Until a wake or a nudge, at most until `latest`.
  Task<void> wait(Clock::time_point latest);
  // Ends a wait without being news.
  void nudge();

 private:
  struct Shared;
  asio::io_context& io_;
  Timer timer_;
  std::shared_ptr<Shared> shared_;  // shared with the wakes, which may outlive this
  bool woken_ = false;
};

}  // namespace behoud::http
