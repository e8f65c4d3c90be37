#include "app/fine_clock.h"

#include <chrono>
#include <ctime>

namespace behoud::app {
namespace {

std::int64_t read(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

std::int64_t steady_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

std::int64_t process_cpu_ns() { return read(CLOCK_PROCESS_CPUTIME_ID); }

std::int64_t thread_cpu_ns(pthread_t thread) {
  clockid_t clock{};
  return ::pthread_getcpuclockid(thread, &clock) == 0 ? read(clock) : 0;
}

}  // namespace behoud::app
