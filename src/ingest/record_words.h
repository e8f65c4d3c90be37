#pragma once

// Words of cells in the small tables, in English, Dutch, Swedish and German: yes and no, what a cost is for, months,
// intervals, languages. All are compared squashed (mapping.h).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "calendar/day.h"

namespace behoud::ingest {

// "yes", "1", "ja", "true", "subscribed", "x"; "no", "0", "nee", "nej", "nein", "unsubscribed"; nullopt: neither.
std::optional<bool> parse_flag(std::string_view text);

// One of definitions.md's kinds of cost; "" where the word is none of them.
std::string_view cost_kind(std::string_view text);
// "retention" or "acquisition"; "" where the word is neither.
std::string_view cost_purpose(std::string_view text);

// [begin, end) of "2024-03", "3/2024", "March 2024", "mrt 2024"; years 1990 to 2199. nullopt: no month of a year.
struct MonthSpan {
  calendar::Day begin, end;
  friend bool operator==(const MonthSpan&, const MonthSpan&) = default;
};
std::optional<MonthSpan> parse_month(std::string_view text);

// "month", "monthly", "4 weeks", "every 3 months", "P1Y", "halfjaar"; at most 1,200 units. One of the two is above 0.
struct Interval {
  std::int32_t months = 0, days = 0;
  friend bool operator==(const Interval&, const Interval&) = default;
};
std::optional<Interval> parse_interval(std::string_view text);

// ISO 639-1 in lower case of "nl", "nl-NL", "nl_BE", "Dutch", "Nederlands"; else the text, trimmed. The view is into
// `text`, `out` or of static storage.
std::string_view language_code(std::string_view text, std::string& out);

}  // namespace behoud::ingest
