#include "app/import_view.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "app/imports_json.h"
#include "base/json_writer.h"
#include "base/terminal.h"
#include "base/text.h"

namespace behoud::app {
namespace {

using ledger::ImportRow;
using retention::report::BridgeLine;

constexpr std::size_t kReasonsShown = 5, kRowsShown = 3;

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

// A step stands indented under the total that it is taken from; what is part of no sum, in brackets.
std::string bridge_line(const BridgeLine& l, money::Currency currency, const language::Catalogue& catalogue) {
  const std::string key = "report.bridge." + l.name;
  std::string name = catalogue.has(key) ? catalogue.text(key) : spaced(l.name);
  // A status word is as its file writes it, and may hold anything.
  if (!l.detail.empty()) name += l.name == "unconverted" ? " (" + l.detail + ")" : " " + quoted(l.detail, 24);
  const bool apart = l.kind == BridgeLine::Kind::kAside;
  const auto shown = [apart](const std::string& text) { return apart ? "(" + text + ")" : text; };
  int exponent = currency.exponent();
  if (l.name == "unconverted") {
    if (const auto own = money::Currency::parse(l.detail)) exponent = own->exponent();
  }
  if (l.kind != BridgeLine::Kind::kTotal) name.insert(0, "  ");
  const int width = 32 + static_cast<int>(name.size()) - columns_of(name);
  std::string line = fmt::format("  {:<{}} {:>13} {:>17}", name, width, l.count ? shown(std::to_string(*l.count)) : "",
                                 l.amount_minor ? shown(money::to_decimal(*l.amount_minor, exponent)) : "");
  std::string why = catalogue.has(l.reason) ? catalogue.text(l.reason) : "";
  if (!l.rows.empty()) {
    std::string rows;
    for (std::size_t i = 0; i < l.rows.size() && i < kRowsShown; ++i)
      rows += fmt::format("{}{}", i ? ", " : "", l.rows[i]);
    if (l.rows.size() > kRowsShown) rows += ", ...";
    why = catalogue.text("report.in_rows", {{"rows", rows}}) + (why.empty() ? "" : ": " + why);
  }
  if (!why.empty()) line += "  " + why;
  while (line.ends_with(' ')) line.pop_back();
  return line + "\n";
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
  json.end_array().key("bridge");
  retention::report::write_bridge(json, o.bridge);
  json.key("rejected").begin_object().field("count", o.rejected_count).key("files").begin_array();
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
    out += fmt::format("{} is the very file of import {}: {}.\n", row.meta.file_name, *row.repeats,
                       o.statuses_changed.empty() ? "nothing is new" : "nothing in it is new");
  } else {
    out += fmt::format("{}: {} {}: {} new, {} changed, {} known already{}.\n", row.meta.file_name, row.rows,
                       ledger::name(row.meta.kind), row.added, row.changed, row.repeated,
                       view.dry_run ? "" : fmt::format(" (import {})", row.id));
  }
  if (!o.statuses_changed.empty()) {
    out += "What status words mean to the shop:";
    for (const auto& [word, standing] : o.statuses_changed) out += " " + quoted(word, 40) + "=" + standing;
    out += view.dry_run ? ", from then on.\n" : ", from now on.\n";
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
  if (!o.bridge.lines.empty()) out += "\n";
  for (const BridgeLine& l : o.bridge.lines) out += bridge_line(l, o.currency, view.catalogue);
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
       {"id", "kind", "file", "source", "state", "received", "rows", "added", "changed", "repeated", "repeats"}) {
    sheet.columns.push_back({column, false});
  }
  for (const ImportRow& r : rows) {
    sheet.rows.push_back({std::uint64_t{r.id}, std::string{ledger::name(r.meta.kind)}, r.meta.file_name, r.meta.source,
                          std::string{name(r.state)}, calendar::to_string(r.came_at), r.rows, r.added, r.changed,
                          r.repeated, r.repeats ? Cell{std::uint64_t{*r.repeats}} : Cell{}});
  }
  return sheet;
}

}  // namespace behoud::app
