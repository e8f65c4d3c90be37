#pragma once

// The routes of costs: book_routes.h.

#include "app/intake.h"

namespace behoud::app {

Result<http::Response> list_costs(Intake& intake, const http::Request& request);
Result<http::Response> enter_cost(Intake& intake, const http::Request& request, const KeptAnswers::Slot* slot);
Result<http::Response> restate_cost(Intake& intake, const http::Request& request);
Result<http::Response> take_cost_away(Intake& intake, const http::Request& request);

}  // namespace behoud::app
