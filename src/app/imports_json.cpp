#include "app/imports_json.h"

#include "base/json_writer.h"

namespace behoud::app {

std::string_view import_state(const ledger::ImportRow& import) {
  switch (import.state) {
    case ledger::ImportState::kOpen:
      return "open";
    case ledger::ImportState::kCommitted:
      return "committed";
    case ledger::ImportState::kUndone:
      return "undone";
  }
  return "";
}

std::string import_json(const ledger::ImportRow& row) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.field("id", row.id).field("kind", ledger::name(row.meta.kind)).field("file", row.meta.file_name);
  json.field("source", row.meta.source).field("state", import_state(row)).field("received", to_string(row.received));
  json.key("undone_at");
  if (row.undone_at) {
    json.value(to_string(*row.undone_at));
  } else {
    json.null();
  }
  json.field("rows", row.rows).field("added", row.added).field("changed", row.changed);
  json.field("repeated", row.repeated).field("repeats", row.repeats);
  json.end_object();
  return out;
}

std::string imports_json(const std::vector<ledger::ImportRow>& imports) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.key("rows").begin_array();
  for (const ledger::ImportRow& row : imports) json.raw(import_json(row));
  json.end_array();
  json.end_object();
  return out;
}

}  // namespace behoud::app
