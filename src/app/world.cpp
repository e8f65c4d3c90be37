#include "app/world.h"

#include <chrono>
#include <cstdlib>
#include <random>

namespace behoud::app {

World real_world() {
  using namespace std::chrono;
  return {
      .now =
          [] { return calendar::Instant{duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count()}; },
      .steady_ms = [] { return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count(); },
      .entropy =
          [] {
            std::random_device device;
            return (std::uint64_t{device()} << 32) | device();
          },
      .variable = [](const char* name) -> const char* { return std::getenv(name); }};
}

}  // namespace behoud::app
