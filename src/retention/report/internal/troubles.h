#pragma once

// What is wrong with the data, in words: a stable code, what it is, what that means, and the way out of it.

#include <optional>
#include <string>
#include <vector>

#include "retention/report/internal/words.h"
#include "retention/report/today.h"

namespace behoud::retention::report::internal {

struct Trouble {
  std::string code, title, detail, way_out;  // detail and way_out may be ""
  std::optional<std::uint64_t> count;
};
std::vector<Trouble> troubles_of(const Today& today, const Words& words);

}  // namespace behoud::retention::report::internal
