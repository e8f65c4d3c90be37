#pragma once

// The headline's figures, formatted: each of the last complete period beside the one before and a year earlier. What
// the terminal and the HTML file both show.

#include <optional>
#include <string>
#include <vector>

#include "retention/report/internal/words.h"
#include "retention/report/report.h"

namespace behoud::retention::report::internal {

struct Measure {
  std::string name;           // of the JSON field: "crr_strict"
  std::string label;          // "Customers kept"
  std::string meaning;        // its definition in a sentence; empty where the label says it
  std::string now;            // "80.0 %"
  std::string interval;       // "71.1–86.7 %"; empty where the figure has none
  std::string interval_bare;  // "71.1–86.7"
  std::string fraction;       // "80 / 100"; empty where the figure has none
  std::string previous, year_earlier;
  std::string against_previous, against_year_earlier;  // "+1.2", in points, or "+4.0 %"; empty where it cannot be told
  int direction_previous = 0, direction_year_earlier = 0;  // -1, 0, +1
  std::vector<std::optional<double>> trend;                // of the last complete periods, oldest first
};

std::vector<Measure> headline_measures(const Report& report, const Words& words, std::size_t trend_periods);
const Measure* find(const std::vector<Measure>& measures, std::string_view name);

// "You kept 80 of the 100 customers you had on 1 January; 20 left, 17 came new, 3 came back."
// The basis makes others customers than who buys, and some of the things to do are about buyers: that is to be said.
bool acts_on_orders_beside_basis(const Report& report);
std::string answer_sentence(const Report& report, const Words& words);
// It in parts: each count with its people in the headline's period.
Said answer_said(const Report& report, const Words& words);
// "Revenue rose by €1,234 in March 2024 against February 2024. This is what made it."
std::string change_sentence(const ChangeAnswer& change, calendar::Grain grain, const Words& words);
// It in parts: the difference, "change_minor", with the buyers of the later period.
Said change_said(const ChangeAnswer& change, calendar::Grain grain, const Words& words);
std::string foot_sentence(const Report& report, const Words& words);  // up to when, where, of which revision
// "March 2024, the last complete month"
std::string headline_period(const Report& report, const Words& words);
// Who counts as a customer, and why this window.
std::string window_sentence(const Report& report, const Words& words);
std::vector<std::string> warning_sentences(const Report& report, const Words& words);
// They in parts: what is too few are people, the days have the meaning of what they make true for so long.
std::vector<Said> warnings_said(const Report& report, const Words& words);
std::string action_title(const Action& action, const Words& words);
std::string action_reason(const Action& action, const Words& words);
// They in parts, where `people` is the list of the action: its numbers have the action's meaning, and those that are
// made from its people lead to it.
Said action_title_said(const Action& action, const Words& words, const Number& people);
Said action_reason_said(const Action& action, const Words& words, const Number& people);
bool lists_customers(const Report& report);  // an action names people, by a command that needs a data folder
std::string bridge_name(const BridgeLine& line, const Words& words);  // the name itself where we have no words for it
// "five times", "67 %": a claim's figures in the claim's own unit.
std::string claim_figure(const Claim& claim, std::optional<double> value, const Words& words);
std::string claim_sentence(const Claim& claim, const Words& words);
std::string claim_verdict(const Claim& claim, const Words& words);
std::string claim_why(const Claim& claim, const Words& words);  // "" where it can be told
std::string claim_published(const Claim& claim, const Words& words);
std::string claim_interval(const Claim& claim, const Words& words);

// The newest cohorts that anybody is in, at most `most`, oldest first: what a table shows.
std::vector<const CohortRow*> shown_cohorts(const CohortAnswer& answer, std::size_t most);
std::string role_word(ingest::Role role, const Words& words);
// "Shopify export, comma-separated, UTF-8, dates as DMY, 2 title rows skipped."
std::string file_sentence(const ingest::FileShape& file, const Words& words);

struct Definition {
  std::string term, meaning;
};
std::vector<Definition> definitions_of(const Report& report, const Words& words);

}  // namespace behoud::retention::report::internal
