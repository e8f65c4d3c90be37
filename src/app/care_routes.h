#pragma once

// GET /api/v1/export/{what}?format=csv|parquet: orders, customers or events as a file, as `behoud export` writes them.
// GET /api/v1/doctor: what is wrong with the shop's data folder, as `behoud doctor --json` prints it.

#include "app/intake.h"
#include "http/router.h"

namespace behoud::app {

// `intake` must outlive the router.
void add_care_routes(http::Router& router, Intake& intake);

}  // namespace behoud::app
