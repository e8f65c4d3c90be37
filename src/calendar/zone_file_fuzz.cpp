// Time zone files of any bytes: they are refused, or give transitions in order.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "calendar/zone_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace behoud::calendar;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto transitions = read_tzif(bytes, 2030)) {
    if (transitions->empty()) std::abort();
    for (std::size_t i = 1; i < transitions->size(); ++i) {
      if ((*transitions)[i - 1].at_ms >= (*transitions)[i].at_ms) std::abort();
    }
  }
  if (const auto rule = expand_rule(bytes, 2020, 2030)) {
    for (std::size_t i = 1; i < rule->size(); ++i) {
      if ((*rule)[i - 1].at_ms > (*rule)[i].at_ms) std::abort();
    }
  }
  return 0;
}
