#include "access/upkeep.h"

namespace behoud::access {

Upkeep::Upkeep(Access& access, std::function<void(const Error&)> failed, std::chrono::milliseconds every)
    : thread_([this, &access, failed = std::move(failed), every](const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        while (!wake_.wait_for(lock, stop, every, [&] { return stop.stop_requested(); })) {
          if (const auto done = access.upkeep(); !done && failed) failed(done.error());
        }
      }) {}

}  // namespace behoud::access
