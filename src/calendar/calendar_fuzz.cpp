// Days, instants and grains from any text: what is read is written back, and read again, as the same.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "calendar/day.h"
#include "calendar/period.h"
#include "calendar/zone.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace behoud::calendar;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const Zone kZone = Zone::create("America/Sao_Paulo").value();

  if (const auto day = parse_day(text)) {
    if (to_string(*day) != text) std::abort();
    if (kZone.first_instant(*day) > kZone.first_instant(*day + 1)) std::abort();
  }
  if (const auto instant = parse_instant(text)) {
    if (parse_instant(to_string(*instant)) != *instant) std::abort();
    const Day day = kZone.day_of(*instant);
    if (*instant < kZone.first_instant(day) || *instant >= kZone.first_instant(day + 1)) std::abort();
  }
  if (const auto grain = parse_grain(text)) {
    if (parse_grain(to_string(*grain)) != *grain) std::abort();
    const Day day = civil(2024, 2, 29), anchor = civil(2023, 1, 31);
    const Day begin = floor_to(*grain, day, anchor);
    if (begin > day || next(*grain, begin, anchor) <= day) std::abort();
  }
  return 0;
}
