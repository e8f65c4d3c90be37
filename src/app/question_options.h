#pragma once

// The words of a question, to a Question: the same names and the same checks for the options of a command and for the
// parameters of a URL, so that both mean the same (`--as-of` and `?as_of=` alike).
//
// Errors: kInvalidArgument with the option's name as the place's column, and what would be right as the hint.

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "app/options.h"
#include "calendar/zone.h"
#include "retention/answers.h"

namespace behoud::app {

// Gives what was said for a name with dashes ("as-of"); nullopt: nothing was.
using Lookup = std::function<std::optional<std::string_view>(std::string_view name)>;

std::vector<Option> question_options();  // --from, --to, --grain, --window, --basis, --kinds, --split, --as-of
Option mode_option();                    // --mode, of cohorts
Option compare_option();                 // --compare, of all questions but that for people

// A day stands for its start in `zone`.
Result<retention::Question> parse_question(const Lookup& said, const calendar::Zone& zone);

// --limit of a list, where said. Errors: kInvalidArgument (not 1 to kPageRowsMax).
inline constexpr std::size_t kPageRowsMax = 1000;
Result<std::optional<std::size_t>> parse_limit(const Lookup& said);

// "90d" or "90". Errors: kInvalidArgument (not 1 to 3,650 days).
Result<int> parse_window(std::string_view text);

}  // namespace behoud::app
