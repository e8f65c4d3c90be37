#include "http/internal/wake_signal.h"

#include <boost/asio/post.hpp>

namespace behoud::http {

struct WakeSignal::Shared {
  std::mutex mutex;
  WakeSignal* signal = nullptr;  // nullptr: the stream is over
  bool posted = false;           // a wake is on its way already

  static void wake(const std::shared_ptr<Shared>& self) {
    const std::lock_guard lock(self->mutex);
    if (self->signal == nullptr || self->posted) return;
    self->posted = true;
    // Under the lock: the stream, and so the loop, is there until end() has taken it.
    asio::post(self->signal->io_, [self] {
      WakeSignal* signal = nullptr;
      {
        const std::lock_guard inner(self->mutex);
        self->posted = false;
        signal = self->signal;
      }
      // end() is called on this thread, so the signal is there as long as this runs.
      if (signal == nullptr) return;
      signal->woken_ = true;
      signal->timer_.cancel();
    });
  }
};

WakeSignal::WakeSignal(asio::io_context& io) : io_(io), timer_(io.get_executor()) {}
WakeSignal::~WakeSignal() { end(); }

Wake WakeSignal::begin() {
  end();
  shared_ = std::make_shared<Shared>();
  shared_->signal = this;
  woken_ = false;
  return Wake(std::make_shared<const std::function<void()>>([shared = shared_] { Shared::wake(shared); }));
}

void WakeSignal::end() {
  if (!shared_) return;
  const std::lock_guard lock(shared_->mutex);
  shared_->signal = nullptr;
}

Task<void> WakeSignal::wait(Clock::time_point latest) {
  if (woken_) co_return;
  timer_.expires_at(latest);
  co_await timer_.async_wait(kAwait);
}

void WakeSignal::nudge() { timer_.cancel(); }

}  // namespace behoud::http
