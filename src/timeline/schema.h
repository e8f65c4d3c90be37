#pragma once

// What a timeline's columns are called: its kinds of events, its dimensions, its measures. All open-ended; columns
// refer to them by their place here. A timeline's segments share one.
//
// Codes. A kind's code is its place in `kinds`. A dimension's column holds codes of the dimension's own dictionary
// (kept by the timeline, beside this), 0 for "not known". A measure's column holds amounts in minor units or counts in
// thousandths.

#include <cstdint>
#include <string>
#include <vector>

namespace behoud::timeline {

using Kind = std::uint16_t;

struct Schema {
  std::vector<std::string> kinds{};                // "page_view", "order", ...; at most 65,535
  Kind order_kind = 0;                             // the kind whose events are purchases that count
  std::vector<std::string> customer_dimensions{};  // "source", "country", "first_product", ...
  std::vector<std::string> event_dimensions{};     // "item", "source", "campaign", promoted properties
  std::vector<std::string> order_measures{};       // besides gross: "tax", "shipping", "discount", "units"
  std::uint32_t window_days = 90;                  // the shop's activity window, which the active planes are made with
  friend bool operator==(const Schema&, const Schema&) = default;
};

}  // namespace behoud::timeline
