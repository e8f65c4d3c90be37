#pragma once

// The closed list of questions as words: one function answers the command `behoud retention` and the route
// /api/v1/retention, so that the same words give the same bytes.

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/command.h"
#include "app/options.h"
#include "app/question_options.h"
#include "retention/answers.h"
#include "retention/called.h"
#include "timeline/histories.h"

namespace behoud::app {

struct QuestionSyntax {
  std::string_view name;     // of the command, and the last segment of the path
  std::string_view title;    // in a few words
  std::string_view details;  // for the help
  std::vector<Option> options;
};
const QuestionSyntax& question_named(std::string_view name);  // requires that there is one
const std::vector<QuestionSyntax>& questions();  // retention, cohorts, value, cost, claims, whatif, customers

// What a question is asked of. `settings` are the shop's; a question may state its own window and points.
struct Asked {
  const timeline::Histories& histories;
  const retention::ShopSettings& settings;
  const retention::Prepared* prepared = nullptr;  // what is kept of these histories, if anything is
  // Says what the customers of rows are called (called_of in customer_list.h); asked where wants_names().
  std::function<std::vector<retention::Called>(std::span<const retention::CustomerRow>)> called{};

  retention::Source source() const { return {histories, prepared}; }
};

// Whether there is anything that the question counts customers by. A shop without orders is asked nothing: its answers
// say so. Errors: kInvalidArgument (no subscriptions, no relations, no events; no event of a kind that is named).
Result<void> require_basis(const timeline::Histories& h, const retention::Question& question);

// Whether the customers behind a number are to be called by name: --names, or ?names=true. Errors: kInvalidArgument
// (another word).
Result<bool> wants_names(const Lookup& said);

// The answer's whole text in a format; for a table with a line over it that says what it was computed from.
// Errors: kInvalidArgument (the words; no such question is a broken invariant), those of the answers.
Result<std::string> answer_question(std::string_view name, const Asked& of, const Lookup& said, Format format,
                                    bool utf8);

// A line for a person whose shop has no orders that count: what there is, and the way out. "" where it has.
std::string without_orders(const timeline::Histories& h);

}  // namespace behoud::app
