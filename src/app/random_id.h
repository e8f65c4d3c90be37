#pragma once

// Names that nobody guesses and nobody gives twice: "j_" and 32 hexadecimal digits out of the world's chance.

#include <string>
#include <string_view>

#include "app/world.h"

namespace behoud::app {

std::string random_id(std::string_view prefix, const World& world);

// Whether `text` is `prefix` and hexadecimal digits: what may be looked up, and be part of a path.
bool is_id(std::string_view prefix, std::string_view text);

}  // namespace behoud::app
