#include "app/import_view.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "app/imports_json.h"
#include "base/json_writer.h"
#include "base/terminal.h"

namespace behoud::app {
namespace {

using ledger::ImportRow;

constexpr std::size_t kReasonsShown = 5;

std::map<std::string, std::uint64_t> reasons_of(const ImportOutcome& outcome) {
  std::map<std::string, std::uint64_t> out;
  for (const ingest::Rejected& r : outcome.rejected) ++out[r.reason];
  return out;
}

// A notice's sentence: its arguments are texts, and its count.
std::string sentence(const language::Catalogue& catalogue, const ingest::Notice& notice) {
  if (!catalogue.has(notice.key)) return notice.key;
  std::vector<language::Arg> args;
  args.reserve(notice.args.size() + 1);
  for (const auto& [name, value] : notice.args) args.emplace_back(name, value);
  args.emplace_back("count", notice.count);
  return catalogue.text(notice.key, args);
}

std::string spaced(std::string_view name) {
  std::string out{name};
  std::ranges::replace(out, '_', ' ');
  return out;
}

}  // namespace

void write_seen_file(JsonWriter& json, const SeenFile& f) {
  json.begin_object().field("file", f.file);
  json.text_or_null("system", f.system);
  json.field("format", f.format);
  json.text_or_null("encoding", f.encoding);
  json.text_or_null("delimiter", f.delimiter);
  json.text_or_null("date_format", f.date_format);
  json.text_or_null("decimal_mark", f.decimal_mark);
  json.field("header", f.header).key("columns").begin_array();
  for (const SeenColumn& c : f.columns) {
    json.begin_object().field("column", c.index + 1);
    json.text_or_null("header", c.header);
    json.text_or_null("role", c.role);
    json.field("confidence", c.confidence);
    json.text_or_null("reason", c.reason);
    if (!c.refused.empty()) json.field("refused", c.refused);
    json.end_object();
  }
  json.end_array().end_object();
}

std::string import_json(const ImportView& view) {
  const ImportOutcome& o = view.outcome;
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("dry_run", view.dry_run).key("import");
  write_import(json, o.row);
  json.key("settings").begin_object();
  json.field("timezone", o.settings.zone);
  json.text_or_null("currency", o.settings.currency ? o.settings.currency->code() : std::string{});
  json.field("window_days", o.settings.window_days);
  json.field("window_proposed_days", o.window_proposed_days).end_object();
  json.key("files").begin_array();
  for (const SeenFile& f : o.files) write_seen_file(json, f);
  json.end_array().key("bridge").begin_array();
  for (const ingest::BridgeStep& step : o.bridge) {
    json.begin_object().field("name", step.name).field("count", step.count).field("amount_minor", step.minor);
    json.text_or_null("reason", step.reason);
    json.text_or_null("detail", step.detail);
    json.key("lines").begin_array();
    for (const std::uint64_t line : step.lines) json.value(line);
    json.end_array().end_object();
  }
  json.end_array().key("rejected").begin_object().field("count", o.rejected_count).key("files").begin_array();
  for (const std::string& file : view.rejected_files) json.value(file);
  json.end_array().key("reasons").begin_array();
  for (const auto& [reason, rows] : reasons_of(o))
    json.begin_object().field("reason", reason).field("rows", rows).end_object();
  json.end_array().end_object().key("notices").begin_array();
  for (const ingest::Notice& n : o.notices) {
    json.begin_object().field("key", n.key).field("count", n.count);
    json.field("text", sentence(view.catalogue, n)).end_object();
  }
  json.end_array().end_object();
  return out + "\n";
}

std::string import_text(const ImportView& view) {
  const ImportOutcome& o = view.outcome;
  const ImportRow& row = o.row;
  std::string out;
  if (view.dry_run) out += "A dry run: nothing was written. This is what would happen.\n";
  if (row.repeats) {
    out += fmt::format("{} is the very file of import {}: nothing is new.\n", row.meta.file_name, *row.repeats);
  } else {
    out += fmt::format("{}: {} {}: {} new, {} changed, {} known already{}.\n", row.meta.file_name, row.rows,
                       ledger::name(row.meta.kind), row.added, row.changed, row.repeated,
                       view.dry_run ? "" : fmt::format(" (import {})", row.id));
  }
  if (o.settings.zone) {
    out += fmt::format("The shop: days in {}, money in {}", *o.settings.zone,
                       o.settings.currency ? o.settings.currency->code() : "no currency yet");
    if (o.settings.window_days) out += fmt::format(", active within {} days", *o.settings.window_days);
    out += ".\n";
  }
  if (o.window_proposed_days) {
    out += fmt::format("These orders would choose {0} days now; to take that: behoud settings --window {0}d\n",
                       *o.window_proposed_days);
  }
  for (const SeenFile& f : o.files) {
    out += fmt::format("\n{}: {}{}\n", f.file, f.system.empty() ? "a table" : f.system,
                       f.format.empty() ? "" : ", " + f.format);
    for (const SeenColumn& c : f.columns) {
      if (c.role.empty()) continue;
      const std::string why = view.catalogue.has(c.reason) ? view.catalogue.text(c.reason) : c.reason;
      out += fmt::format("  {:<12} {}  ({})\n", c.role, c.header.empty() ? fmt::format("#{}", c.index + 1) : c.header,
                         why);
    }
  }
  if (!o.bridge.empty()) out += "\n";
  for (const ingest::BridgeStep& step : o.bridge) {
    const std::string why = view.catalogue.has(step.reason) ? view.catalogue.text(step.reason) : "";
    std::string line = fmt::format("  {:<22} {:>12}", spaced(step.name), step.count);
    line += step.minor != 0 ? fmt::format(" {:>16}", money::to_decimal(step.minor, o.currency.exponent()))
                            : std::string(17, ' ');
    if (!step.detail.empty()) line += "  " + step.detail;
    if (!why.empty()) line += "  " + why;
    while (line.ends_with(' ')) line.pop_back();
    out += line + "\n";
  }
  if (!o.notices.empty()) out += "\n";
  for (const ingest::Notice& n : o.notices) out += sentence(view.catalogue, n) + "\n";
  if (o.rejected_count > 0) {
    out += fmt::format("\n{} could not be read.\n",
                       o.rejected_count == 1 ? "1 row" : fmt::format("{} rows", o.rejected_count));
    std::size_t shown = 0;
    for (const ingest::Rejected& r : o.rejected) {
      if (shown++ == kReasonsShown) break;
      out += fmt::format("  line {}{}: {}\n", r.place.line, r.place.column.empty() ? "" : ", " + r.place.column,
                         view.catalogue.has(r.reason) ? view.catalogue.text(r.reason) : r.reason);
    }
    for (const std::string& file : view.rejected_files) out += fmt::format("All of them: {}\n", file);
  }
  return out;
}

Sheet imports_sheet(const std::vector<ImportRow>& rows) {
  Sheet sheet;
  for (const char* column :
       {"id", "kind", "file", "source", "state", "received", "rows", "added", "changed", "repeated"}) {
    sheet.columns.push_back({column, false});
  }
  for (const ImportRow& r : rows) {
    sheet.rows.push_back({std::uint64_t{r.id}, std::string{ledger::name(r.meta.kind)}, r.meta.file_name, r.meta.source,
                          std::string{name(r.state)}, calendar::to_string(r.received), r.rows, r.added, r.changed,
                          r.repeated});
  }
  return sheet;
}

}  // namespace behoud::app
