#include "app/random_id.h"

#include <algorithm>

#include <fmt/format.h>

namespace behoud::app {

std::string random_id(std::string_view prefix, const World& world) {
  return fmt::format("{}{:016x}{:016x}", prefix, world.entropy(), world.entropy());
}

bool is_id(std::string_view prefix, std::string_view text) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return !text.empty() && text.size() <= 64 &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace behoud::app
