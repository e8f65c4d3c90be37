#include "app/book_routes.h"

#include "app/costs_book.h"
#include "app/intake_handlers.h"
#include "app/notes_book.h"
#include "app/request_body.h"
#include "app/settings_book.h"

namespace behoud::app {

void add_book_routes(http::Router& router, Intake& intake) {
  using http::Method;
  using http::Request;
  using http::Response;
  using http::Right;
  constexpr http::RoutePolicy kReads{.right = Right::kRead};
  constexpr http::RoutePolicy kWrites{.body_bytes_max = kJsonBodyBytesMax, .right = Right::kWrite};
  const IntakeHandlers on{intake};
  router.add(Method::kGet, "/api/v1/settings", on.reads(show_settings), kReads);
  router.add(Method::kPatch, "/api/v1/settings", on.writes(change_settings), kWrites);
  router.add(Method::kGet, "/api/v1/costs", on.reads(list_costs, {"cursor", "limit", "format"}), kReads);
  router.add(Method::kPost, "/api/v1/costs", on.once(enter_cost), kWrites);
  router.add(Method::kPut, "/api/v1/costs/{id}", on.writes(restate_cost), kWrites);
  router.add(Method::kDelete, "/api/v1/costs/{id}", on.writes(take_cost_away), kWrites);
  router.add(Method::kGet, "/api/v1/notes", on.reads(list_notes, {"cursor", "limit", "format"}), kReads);
  router.add(Method::kPost, "/api/v1/notes", on.once(add_note), kWrites);
  router.add(Method::kDelete, "/api/v1/notes/{id}", on.writes(remove_note), kWrites);
}

}  // namespace behoud::app
