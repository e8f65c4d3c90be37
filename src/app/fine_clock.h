#pragma once

// The real clocks in nanoseconds, for what is timed below a millisecond: handed to benches as an argument, as World's
// are to everything else.

#include <cstdint>

#include <pthread.h>

namespace behoud::app {

std::int64_t steady_ns();
// Processor time that the whole process used; that one thread of it, which still runs, used.
std::int64_t process_cpu_ns();
std::int64_t thread_cpu_ns(pthread_t thread);

}  // namespace behoud::app
