#pragma once

// GET /api/v1/export/{what}?format=csv|parquet: orders, customers or events as a file, as `behoud export` writes them.
// GET and POST /api/v1/backups, GET and DELETE /api/v1/backups/{id}: backups of the own shop that the server keeps
// (backups.h). For owners alone: a backup holds everything, people, tokens and passwords' hashes too.
// GET /api/v1/doctor: what is wrong with the shop's data folder, as `behoud doctor --json` prints it.

#include "app/intake.h"
#include "http/router.h"

namespace behoud::app {

// `intake` must outlive the router.
void add_care_routes(http::Router& router, Intake& intake);

}  // namespace behoud::app
