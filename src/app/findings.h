#pragma once

// What `behoud doctor` found, as JSON: for the command and the route.

#include <string>
#include <vector>

#include "ledger/doctor.h"

namespace behoud::app {

std::string_view word_of(ledger::Severity severity);

// {"data","healthy","findings":[{"key","severity","message","way_out"}]}
std::string findings_json(const std::string& data, const std::vector<ledger::Finding>& findings);

}  // namespace behoud::app
