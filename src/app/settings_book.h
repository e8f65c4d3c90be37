#pragma once

// The routes of settings: book_routes.h.

#include "app/intake.h"

namespace behoud::app {

Result<http::Response> show_settings(Intake& intake, const http::Request& request);
Result<http::Response> change_settings(Intake& intake, const http::Request& request);

}  // namespace behoud::app
