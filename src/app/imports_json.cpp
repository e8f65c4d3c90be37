#include "app/imports_json.h"

#include "base/json_writer.h"

namespace behoud::app {

std::string_view name(ledger::ImportState state) {
  switch (state) {
    case ledger::ImportState::kOpen:
      return "open";
    case ledger::ImportState::kCommitted:
      return "committed";
    case ledger::ImportState::kUndone:
      return "undone";
  }
  return "";
}

void write_import(JsonWriter& json, const ledger::ImportRow& row) {
  json.begin_object().field("id", row.id).field("kind", ledger::name(row.meta.kind)).field("file", row.meta.file_name);
  json.field("source", row.meta.source).field("state", name(row.state)).field("received", to_string(row.received));
  json.key("undone_at");
  row.undone_at ? json.value(to_string(*row.undone_at)) : json.null();
  json.field("rows", row.rows).field("added", row.added).field("changed", row.changed);
  json.field("repeated", row.repeated).field("repeats", row.repeats).end_object();
}

std::string imports_json(const std::vector<ledger::ImportRow>& imports) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("rows").begin_array();
  for (const ledger::ImportRow& row : imports) write_import(json, row);
  json.end_array().end_object();
  return out + "\n";
}

}  // namespace behoud::app
