#include "app/world.h"

#include <chrono>
#include <cstdlib>

#include <sys/random.h>

#include "app/fine_clock.h"

namespace behoud::app {

World real_world() {
  using namespace std::chrono;
  return {
      .now =
          [] { return calendar::Instant{duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count()}; },
      .steady_ms = [] { return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count(); },
      .steady_ns = steady_ns,
      .entropy =
          [] {
            // The kernel's own, which sessions and tokens are made of. It never fails for 8 bytes once the machine is
            // up.
            std::uint64_t word = 0;
            if (::getentropy(&word, sizeof word) != 0) std::abort();
            return word;
          },
      .variable = [](const char* name) -> const char* { return std::getenv(name); }};
}

}  // namespace behoud::app
