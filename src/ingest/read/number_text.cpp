#include "ingest/read/number_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/core.h>

namespace behoud::ingest::read {

std::string text_of_number(std::string_view stored) {
  std::string_view digits = stored;
  if (digits.starts_with('-')) digits.remove_prefix(1);
  if (digits.find_first_not_of("0123456789") == std::string_view::npos) return std::string(stored);
  double value = 0;
  const auto [end, error] = std::from_chars(stored.data(), stored.data() + stored.size(), value);
  if (error != std::errc() || end != stored.data() + stored.size() || !std::isfinite(value)) return std::string(stored);
  const double size = std::fabs(value);
  if (size >= 1e18 || (size != 0 && size < 1e-30)) return std::string(stored);
  if (value == std::floor(value)) return fmt::format("{:.0f}", value + 0.0);  // -0 becomes 0
  if (size >= 1e15) return std::string(stored);
  // Fifteen significant digits, without an exponent.
  const int decimals = std::max(1, 14 - static_cast<int>(std::floor(std::log10(size))));
  std::string text = fmt::format("{:.{}f}", value, decimals);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

}  // namespace behoud::ingest::read
