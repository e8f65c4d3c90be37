#pragma once

// What is wrong with the data, in words: a stable code, what it is, what that means, the way out of it, and what it is
// about as the data has it: status words, currencies, a source. A number of the title or the detail has the meaning of
// its own field, else that of the code; its people where there are any.

#include <optional>
#include <string>
#include <vector>

#include "retention/report/internal/said.h"
#include "retention/report/internal/words.h"
#include "retention/report/today.h"

namespace behoud::retention::report::internal {

struct Trouble {
  std::string code;
  Said title, detail;   // detail may have no parts
  std::string way_out;  // may be ""
  std::vector<std::string> subjects{};
  std::optional<std::uint64_t> count{};
  std::vector<std::uint32_t> imports{};  // whose rows it is about, the newest first
};
std::vector<Trouble> troubles_of(const Today& today, const Words& words);

}  // namespace behoud::retention::report::internal
