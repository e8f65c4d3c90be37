#pragma once

// Calls Access::upkeep() once a minute, on a thread of its own that sleeps in between and ends with the value. What
// goes wrong is told to `failed` and tried again a minute later. `access` must outlive it.

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

#include "access/access.h"

namespace behoud::access {

class Upkeep {
 public:
  explicit Upkeep(Access& access, std::function<void(const Error&)> failed = {},
                  std::chrono::milliseconds every = std::chrono::minutes{1});

 private:
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;  // last: it uses the others, and is joined first
};

}  // namespace behoud::access
