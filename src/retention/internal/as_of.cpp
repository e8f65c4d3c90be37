#include "retention/internal/as_of.h"

#include <algorithm>

namespace behoud::retention {

using calendar::Day;

AsOf as_of(const timeline::Histories& h, std::optional<calendar::Instant> asked) {
  AsOf now;
  if (asked) {
    now.at = *asked;
  } else {
    std::optional<Day> last = h.last_order_day;
    const auto reach = [&last](Day d) { last = last ? std::max(*last, d) : d; };
    if (!last) {
      for (const auto* acts : {&h.relation_joined, &h.relation_left, &h.events}) {
        for (const timeline::Act& act : *acts) reach(act.day);
      }
      for (const timeline::Subscription& s : h.subscriptions) reach(s.end.value_or(s.start));
    }
    now.known = last.has_value();
    now.at = h.zone.first_instant(last ? *last + 1 : Day{0});
  }
  now.today = h.zone.day_of(now.at);
  now.cut = h.zone.first_instant(now.today) == now.at ? now.today : now.today + 1;
  return now;
}

}  // namespace behoud::retention
