#pragma once

// How a route of the own shop becomes a handler: one that reads, one that writes (refused on the sample), and one that
// writes and, under one Idempotency-Key, does so once. Each refuses parameters that it does not know.

#include <utility>

#include "app/intake.h"
#include "app/route_answers.h"
#include "http/router.h"

namespace behoud::app {

struct IntakeHandlers {
  Intake& intake;  // must outlive the handlers

  using Made = Result<http::Response> (*)(Intake&, const http::Request&);
  using Asked = Result<http::Response> (*)(Intake&, const http::Request&, const KeptAnswers::Slot*);

  http::Handler reads(Made made, Parameters known = {}) const {
    return [&in = intake, made, known = std::move(known)](const http::Request& r) -> http::Response {
      if (const auto right = require_parameters(r, known); !right) return refusal(right.error());
      return answer_or_refusal(made(in, r));
    };
  }
  http::Handler writes(Made made) const {
    return [&in = intake, made](const http::Request& r) -> http::Response {
      if (const auto right = require_parameters(r, {}); !right) return refusal(right.error());
      if (auto refused = in.shops().refuse_write(r)) return std::move(*refused);
      return answer_or_refusal(made(in, r));
    };
  }
  http::Handler once(Asked made) const {
    return [&in = intake, made](const http::Request& r) -> http::Response {
      if (const auto right = require_parameters(r, {}); !right) return refusal(right.error());
      if (auto refused = in.shops().refuse_write(r)) return std::move(*refused);
      return in.answers().once(r, [&](const KeptAnswers::Slot* slot) { return answer_or_refusal(made(in, r, slot)); });
    };
  }
};

}  // namespace behoud::app
