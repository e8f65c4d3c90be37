#pragma once

// The routes of notes: book_routes.h.

#include "app/intake.h"

namespace behoud::app {

Result<http::Response> list_notes(Intake& intake, const http::Request& request);
Result<http::Response> add_note(Intake& intake, const http::Request& request, const KeptAnswers::Slot* slot);
Result<http::Response> remove_note(Intake& intake, const http::Request& request);

}  // namespace behoud::app
