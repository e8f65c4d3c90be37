#include "app/imports_json.h"

#include "base/csv.h"
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
  json.field("source", row.meta.source).field("state", name(row.state)).field("received", to_string(row.came_at));
  json.key("undone_at");
  row.undone_at ? json.value(to_string(*row.undone_at)) : json.null();
  json.field("rows", row.rows).field("added", row.added).field("changed", row.changed);
  json.field("repeated", row.repeated).field("repeats", row.repeats);
  json.field("rejected", row.rejected).end_object();
}

namespace {

void write_rows(JsonWriter& json, std::span<const ledger::ImportRow> rows) {
  json.key("rows").begin_array();
  for (const ledger::ImportRow& row : rows) write_import(json, row);
  json.end_array();
}

std::string reason_of(const ledger::RejectedRow& row, const language::Catalogue& catalogue) {
  return catalogue.has(row.reason) ? catalogue.text(row.reason) : row.reason;
}

}  // namespace

std::string imports_json(const std::vector<ledger::ImportRow>& imports) {
  std::string out;
  JsonWriter json(out);
  write_rows(json.begin_object(), imports);
  json.end_object();
  return out + "\n";
}

std::string imports_json(std::span<const ledger::ImportRow> part, const std::optional<std::string>& next) {
  std::string out;
  JsonWriter json(out);
  write_rows(json.begin_object(), part);
  json.field("next", next).end_object();
  return out + "\n";
}

std::string rejected_csv(const std::vector<ledger::RejectedRow>& rows, const language::Catalogue& catalogue) {
  std::string out;
  CsvWriter csv(out);
  csv.value("file").value("line").value("column").value("reason").value("cell").end_row();
  for (const ledger::RejectedRow& r : rows) {
    csv.text(r.file).value(std::to_string(r.line)).text(r.column);
    csv.text(reason_of(r, catalogue)).text(r.excerpt).end_row();
  }
  return out;
}

std::string rejected_json(const std::vector<ledger::RejectedRow>& rows, const language::Catalogue& catalogue) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("rows").begin_array();
  for (const ledger::RejectedRow& r : rows) {
    json.begin_object().field("file", r.file).field("line", r.line).field("column", r.column);
    json.field("reason", reason_of(r, catalogue)).field("cell", r.excerpt).end_object();
  }
  json.end_array().end_object();
  return out + "\n";
}

}  // namespace behoud::app
