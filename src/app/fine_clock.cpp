#include "app/fine_clock.h"

#include <chrono>

namespace behoud::app {

std::int64_t steady_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace behoud::app
