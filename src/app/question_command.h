#pragma once

#include <vector>

#include "app/command.h"

namespace behoud::app {

// behoud retention, cohorts, value, cost, claims, whatif, customers.
std::vector<Command> question_commands();

}  // namespace behoud::app
