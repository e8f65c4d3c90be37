#include "app/book_routes.h"

#include "app/costs_book.h"
#include "app/notes_book.h"
#include "app/request_body.h"
#include "app/route_answers.h"
#include "app/settings_book.h"

namespace behoud::app {

void add_book_routes(http::Router& router, Intake& intake) {
  using http::Method;
  using http::Request;
  using http::Response;
  using http::Right;
  constexpr http::RoutePolicy kReads{.right = Right::kRead};
  constexpr http::RoutePolicy kWrites{.body_bytes_max = kJsonBodyBytesMax, .right = Right::kWrite};
  using Made = Result<Response> (*)(Intake&, const Request&);
  using Asked = Result<Response> (*)(Intake&, const Request&, const KeptAnswers::Slot*);
  const auto reads = [&intake](Made made) {
    return [&intake, made](const Request& r) { return answer_or_refusal(made(intake, r)); };
  };
  const auto writes = [&intake](Made made) {
    return [&intake, made](const Request& r) -> Response {
      if (auto refused = intake.shops().refuse_write(r)) return std::move(*refused);
      return answer_or_refusal(made(intake, r));
    };
  };
  const auto once = [&intake](Asked made) {
    return [&intake, made](const Request& r) -> Response {
      if (auto refused = intake.shops().refuse_write(r)) return std::move(*refused);
      return intake.answers().once(
          r, [&](const KeptAnswers::Slot* slot) { return answer_or_refusal(made(intake, r, slot)); });
    };
  };
  router.add(Method::kGet, "/api/v1/settings", reads(show_settings), kReads);
  router.add(Method::kPatch, "/api/v1/settings", writes(change_settings), kWrites);
  router.add(Method::kGet, "/api/v1/costs", reads(list_costs), kReads);
  router.add(Method::kPost, "/api/v1/costs", once(enter_cost), kWrites);
  router.add(Method::kPut, "/api/v1/costs/{id}", writes(restate_cost), kWrites);
  router.add(Method::kDelete, "/api/v1/costs/{id}", writes(take_cost_away), kWrites);
  router.add(Method::kGet, "/api/v1/notes", reads(list_notes), kReads);
  router.add(Method::kPost, "/api/v1/notes", once(add_note), kWrites);
  router.add(Method::kDelete, "/api/v1/notes/{id}", writes(remove_note), kWrites);
}

}  // namespace behoud::app
