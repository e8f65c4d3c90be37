#pragma once

// Everything that the product takes from the real world: clock, chance, environment. Only app/ reads it, here; all else
// is given it. Tests give their own.

#include <cstdint>
#include <functional>
#include <string>

#include "calendar/day.h"

namespace behoud::app {

struct World {
  std::function<calendar::Instant()> now;
  std::function<std::int64_t()> steady_ms;  // for measuring and for progress
  std::function<std::int64_t()> steady_ns;  // the same clock, for what is timed below a millisecond
  std::function<std::uint64_t()> entropy;
  std::function<const char*(const char*)> variable;  // of the environment; nullptr: not set

  // The value of a variable; "" when it is not set.
  std::string value(const char* name) const {
    const char* found = variable(name);
    return found == nullptr ? std::string{} : std::string{found};
  }
};

World real_world();

}  // namespace behoud::app
