#include "app/findings.h"

#include <algorithm>

#include "base/json_writer.h"

namespace behoud::app {

std::string_view word_of(ledger::Severity severity) {
  switch (severity) {
    case ledger::Severity::kOk:
      return "ok";
    case ledger::Severity::kNote:
      return "note";
    case ledger::Severity::kWarning:
      return "warning";
    case ledger::Severity::kProblem:
      return "problem";
  }
  return "";
}

std::string findings_json(const std::string& data, const std::vector<ledger::Finding>& findings) {
  const bool problem =
      std::ranges::any_of(findings, [](const ledger::Finding& f) { return f.severity == ledger::Severity::kProblem; });
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("data", data).field("healthy", !problem).key("findings").begin_array();
  for (const ledger::Finding& f : findings) {
    json.begin_object().field("key", f.key).field("severity", word_of(f.severity)).field("message", f.message);
    json.key("way_out");
    f.way_out.empty() ? json.null() : json.value(f.way_out);
    json.end_object();
  }
  json.end_array().end_object();
  return out + "\n";
}

}  // namespace behoud::app
