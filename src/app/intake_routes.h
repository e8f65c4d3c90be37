#pragma once

// Files into the own shop, and the jobs that do it (docs/api.md):
//
//   POST   /api/v1/uploads?name=            the file itself, up to 4 GiB
//   DELETE /api/v1/uploads/{id}
//   POST   /api/v1/uploads/recognise        what it would be taken for, and what must be asked
//   POST   /api/v1/imports                  -> a job; Idempotency-Key
//   POST   /api/v1/imports/{id}/undo        -> a job; Idempotency-Key
//   GET    /api/v1/imports/{id}/rejected    the rows that could not be read, as CSV; ?lang=
//   GET    /api/v1/jobs, /api/v1/jobs/{id}, /api/v1/jobs/{id}/events (server-sent); DELETE cancels

#include "app/intake.h"
#include "http/router.h"

namespace behoud::app {

// Ends a stream whose reader may no longer read it (access/stream_guard.h).
using StreamGuard = std::function<http::Stream(const http::Request&, http::Right, http::Stream)>;

// `intake` must outlive the router; so must what `guard` looks at. Without a guard a stream is read to its end.
void add_intake_routes(http::Router& router, Intake& intake, const StreamGuard& guard = {});

}  // namespace behoud::app
