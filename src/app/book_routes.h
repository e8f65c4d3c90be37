#pragma once

// What people keep about the own shop themselves (docs/api.md):
//
//   GET, PATCH /api/v1/settings              If-Match: "<revision>" refuses a change when another was first
//   GET, POST  /api/v1/costs                 Idempotency-Key; PUT, DELETE /api/v1/costs/{id} of those that were entered
//   GET, POST  /api/v1/notes                 notes on the time axis; DELETE /api/v1/notes/{id}

#include "app/intake.h"
#include "http/router.h"

namespace behoud::app {

// `intake` must outlive the router.
void add_book_routes(http::Router& router, Intake& intake);

}  // namespace behoud::app
