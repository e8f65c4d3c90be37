#pragma once

// The report as one JSON document: everything in a Report, with the field names of docs/definitions.md. The answers
// stand in it as `behoud retention --format json` and its sisters give them, to the byte (retention/answer_json.h).
//
//   {"as_of","revision","history_start","sample","files","zone","currency","window":{..},"warnings":[..],
//    "answer":{"en","nl","sv"},"headline":{..},"bridge":[..],"change":{..},"slipping":{..},"actions":[..],
//    "reading":{..},"retention":{answer},"value":{answer},"cost":{answer},"cohorts":{"on":{answer},
//    "on_or_after":{answer}},"claims":{answer},"whatif":{answer}}
//
// Pure: the same report gives the same bytes. One line; what is absent is null.

#include <string>

#include "base/result.h"
#include "retention/report/report.h"

namespace behoud::retention::report {

// Errors: kInvalidArgument (a currency that is none).
Result<std::string> render_json(const Report& report);

}  // namespace behoud::retention::report
