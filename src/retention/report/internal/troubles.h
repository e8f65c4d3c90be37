#pragma once

// What is wrong with the data, in words: a stable code, what it is, what that means, the way out of it, and what it is
// about as the data has it: status words, currencies, a source.

#include <optional>
#include <string>
#include <vector>

#include "retention/report/internal/words.h"
#include "retention/report/today.h"

namespace behoud::retention::report::internal {

struct Trouble {
  std::string code, title, detail, way_out;  // detail and way_out may be ""
  std::vector<std::string> subjects;
  std::optional<std::uint64_t> count;
};
std::vector<Trouble> troubles_of(const Today& today, const Words& words);

}  // namespace behoud::retention::report::internal
