#pragma once

// The real steady clock in nanoseconds, for what is timed below a millisecond: handed to benches as an argument, as
// World's is to everything else.

#include <cstdint>

namespace behoud::app {

std::int64_t steady_ns();

}  // namespace behoud::app
