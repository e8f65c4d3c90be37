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
    json.field("text", sentence(view.catalogue, n)).key("subjects").begin_array();
    if (const auto word = n.args.find("word"); word != n.args.end()) json.value(word->second);
    json.end_array().end_object();
  }
  json.end_array().end_object();
  return out + "\n";
}

std::string import_text(const ImportView& view) {
  const ImportOutcome& o = view.outcome;
  const ImportRow& row = o.row;
  const language::Catalogue& words = view.catalogue;
  std::string out;
  if (view.dry_run) out += words.text("ingest.import.dry_run") + "\n";
  if (row.repeats) {
    out += words.text("ingest.import.repeats", {{"file", row.meta.file_name},
                                                {"id", std::uint64_t{*row.repeats}},
                                                {"words", o.statuses_changed.empty() ? "no" : "yes"}});
  } else {
    out += words.text("ingest.import.counts", {{"file", row.meta.file_name},
                                               {"rows", row.rows},
                                               {"kind", std::string(ledger::name(row.meta.kind))},
                                               {"added", row.added},
                                               {"changed", row.changed},
                                               {"repeated", row.repeated},
                                               {"id", view.dry_run ? std::uint64_t{0} : std::uint64_t{row.id}}});
  }
  out += "\n";
  if (!o.statuses_changed.empty()) {
    std::string meanings;
    for (const auto& [word, standing] : o.statuses_changed)
      meanings += (meanings.empty() ? "" : " ") + quoted(word, 40) + "=" + standing;
    out += words.text("ingest.import.statuses", {{"words", meanings}, {"when", view.dry_run ? "then" : "now"}}) + "\n";
  }
  if (o.settings.zone) {
    const std::string currency =
        o.settings.currency ? o.settings.currency->code() : words.text("ingest.import.no_currency");
    out +=
        words.text("ingest.import.shop",
                   {{"zone", *o.settings.zone}, {"currency", currency}, {"days", o.settings.window_days.value_or(0)}}) +
        "\n";
  }
  if (o.window_proposed_days) {
    out += words.text("ingest.import.window",
                      {{"days", *o.window_proposed_days},
                       {"command", fmt::format("behoud settings --window {}d", *o.window_proposed_days)}}) +
           "\n";
  }
  for (const SeenFile& f : o.files) {
    out += fmt::format("\n{}: {}{}\n", f.file, f.system.empty() ? words.text("ingest.import.table") : f.system,
                       f.format.empty() ? "" : ", " + f.format);
    for (const SeenColumn& c : f.columns) {
      if (c.role.empty()) continue;
      const std::string why = words.has(c.reason) ? words.text(c.reason) : c.reason;
      out += fmt::format("  {:<12} {}  ({})\n", c.role, c.header.empty() ? fmt::format("#{}", c.index + 1) : c.header,
                         why);
    }
  }
  if (!o.bridge.lines.empty()) out += "\n";
  for (const BridgeLine& l : o.bridge.lines) out += bridge_line(l, o.currency, words);
  if (!o.notices.empty()) out += "\n";
  for (const ingest::Notice& n : o.notices) out += sentence(words, n) + "\n";
  if (o.rejected_count > 0) {
    out += "\n" + words.text("ingest.import.rejected", {{"count", o.rejected_count}}) + "\n";
    std::size_t shown = 0;
    for (const ingest::Rejected& r : o.rejected) {
      if (shown++ == kReasonsShown) break;
      out += "  " +
             words.text("ingest.import.line", {{"line", std::to_string(r.place.line)},
                                               {"column", r.place.column.empty() ? "" : ", " + r.place.column},
                                               {"reason", words.has(r.reason) ? words.text(r.reason) : r.reason}}) +
             "\n";
    }
    for (const std::string& file : view.rejected_files)
      out += words.text("ingest.import.all_rejected", {{"file", file}}) + "\n";
  }
  return out;
}

Sheet imports_sheet(const std::vector<ImportRow>& rows) {
  Sheet sheet;
  for (const char* column : {"id", "kind", "file", "source", "state", "received", "rows", "added", "changed",
                             "repeated", "repeats", "rejected"}) {
    sheet.columns.push_back({column, false});
  }
  for (const ImportRow& r : rows) {
    sheet.rows.push_back({std::uint64_t{r.id}, std::string{ledger::name(r.meta.kind)}, r.meta.file_name, r.meta.source,
                          std::string{name(r.state)}, calendar::to_string(r.came_at), r.rows, r.added, r.changed,
                          r.repeated, r.repeats ? Cell{std::uint64_t{*r.repeats}} : Cell{}, r.rejected});
  }
  return sheet;
}

}  // namespace behoud::app
