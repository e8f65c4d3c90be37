#pragma once

// What each field of each answer means, in one English sentence: what every JSON answer carries under `definitions`, so
// that a number never travels without its meaning. docs/definitions.md says the same at length and names every field
// here; a test holds it to that.

#include <string_view>
#include <vector>

#include "retention/answers.h"

namespace behoud::retention {

struct Field {
  std::string_view name, meaning;
};

// In the order of the rows. W in a sentence is the answer's window_days.
std::vector<Field> retention_fields(Basis basis);
std::vector<Field> cohort_fields(CohortMode mode);  // of rows, cells and means
std::vector<Field> value_fields();
std::vector<Field> cost_fields();
std::vector<Field> claim_fields();
std::vector<Field> what_if_fields();
std::vector<Field> behind_fields();
std::vector<Field> person_fields();  // of the list of customers and of one customer, beside behind_fields()
std::vector<Field> rate_fields();    // of a Rate

}  // namespace behoud::retention
