#include "app/import_account.h"

#include <fmt/format.h>

#include "app/csv.h"
#include "app/imports_json.h"
#include "base/json_writer.h"
#include "language/catalogue.h"

namespace behoud::app {
namespace {

const language::Catalogue& words() {
  static const language::Catalogue kWords(language::Language::en);
  return kWords;
}

// The sentence of a key that another room gave; the key itself where no sentence was written.
std::string sentence(const std::string& key) { return words().has(key) ? words().text(key) : key; }

std::string sentence(const ingest::Notice& notice) {
  if (!words().has(notice.key)) return notice.key;
  std::vector<language::Arg> args;
  for (const auto& [name, value] : notice.args) args.emplace_back(name, value);
  args.emplace_back("count", notice.count);
  return words().text(notice.key, args);
}

// "further_lines" -> "further lines"
std::string plain(std::string name) {
  for (char& c : name) c = c == '_' ? ' ' : c;
  return name;
}

template <class Shape, class RoleOf>
ImportedFile file_of(const Shape& shape, RoleOf role_of) {
  ImportedFile out{shape.file,      shape.system,      shape.format,       shape.encoding,
                   shape.delimiter, shape.date_format, shape.decimal_mark, {}};
  for (const auto& column : shape.columns) {
    std::string role = role_of(column);
    if (role.empty()) continue;
    std::string header = column.header.empty() ? fmt::format("#{}", column.index + 1) : column.header;
    out.columns.push_back({std::move(header), std::move(role), column.reason, column.confidence});
  }
  return out;
}

template <class Facts>
ImportAccount common(const Facts& facts) {
  ImportAccount out;
  out.bridge = facts.bridge;
  out.rejected = facts.rejected;
  out.rejected_count = facts.rejected_count;
  out.notices = facts.notices;
  return out;
}

void write_file(JsonWriter& json, const ImportedFile& file) {
  json.begin_object();
  json.field("file", file.file).field("system", file.system).field("format", file.format);
  json.field("encoding", file.encoding).field("delimiter", file.delimiter);
  json.field("date_format", file.date_format).field("decimal_mark", file.decimal_mark);
  json.key("columns").begin_array();
  for (const auto& column : file.columns) {
    json.begin_object();
    json.field("header", column.header).field("role", column.role).field("confidence", column.confidence);
    json.field("reason", sentence(column.reason));
    json.end_object();
  }
  json.end_array().end_object();
}

}  // namespace

ImportAccount account_of(const ingest::ReadFacts& facts) {
  ImportAccount out = common(facts);
  out.currency = facts.currency;
  for (const auto& shape : facts.files) {
    out.files.push_back(file_of(shape, [](const ingest::ColumnMatch& c) {
      return c.role ? std::string(ingest::name(*c.role)) : std::string{};
    }));
  }
  return out;
}

ImportAccount account_of(const ingest::RecordFacts& facts) {
  ImportAccount out = common(facts);
  for (const auto& shape : facts.files) {
    out.files.push_back(file_of(shape, [](const ingest::FieldMatch& c) { return c.field; }));
  }
  return out;
}

std::string to_text(const ImportAccount& a) {
  std::string out;
  for (const ImportedFile& file : a.files) {
    out += fmt::format("{}: {}{}\n", file.file, file.system.empty() ? "" : file.system + " export, ", file.format);
    for (const auto& column : file.columns) {
      out += fmt::format("  {} = {} ({:.0f}%, {})\n", column.header, plain(column.role), column.confidence * 100,
                         sentence(column.reason));
    }
  }
  for (const ingest::BridgeStep& step : a.bridge) {
    out += fmt::format("  {:<28}{:>12}", plain(step.name), step.count);
    if (step.minor != 0) {
      out += fmt::format("{:>18} {}", money::to_decimal(step.minor, a.currency.exponent()), a.currency.code());
    }
    if (!step.reason.empty()) out += "  " + sentence(step.reason);
    while (out.ends_with(' ')) out.pop_back();
    out += "\n";
  }
  for (const ingest::Notice& notice : a.notices) out += "! " + sentence(notice) + "\n";
  for (const std::string& remark : a.remarks) out += "! " + remark + "\n";
  if (a.rejected_count > 0) {
    out += fmt::format("! {} rejected{}\n", a.rejected_count,
                       a.rejected_file.empty() ? "" : ", each with line, column and reason in " + a.rejected_file);
  }
  if (a.import && a.import->repeats) {
    out += fmt::format("This is the file of import {}, which is there: nothing was added.\n", *a.import->repeats);
  } else if (a.import) {
    const auto& row = *a.import;
    out += fmt::format("{}: {} new, {} changed, {} known already.\n",
                       a.dry_run ? std::string("A dry run, nothing was kept") : fmt::format("Import {}", row.id),
                       row.added, row.changed, row.repeated);
    if (!a.dry_run) out += fmt::format("Take it back with: behoud imports undo {}\n", row.id);
  } else if (a.dry_run) {
    out += "A dry run, nothing was kept.\n";
  }
  return out;
}

std::string to_json(const ImportAccount& a) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.field("dry_run", a.dry_run);
  json.key("import");
  if (a.import) {
    json.raw(import_json(*a.import));
  } else {
    json.null();
  }
  json.key("files").begin_array();
  for (const ImportedFile& file : a.files) write_file(json, file);
  json.end_array();
  json.field("currency", a.currency.code());
  json.key("bridge").begin_array();
  for (const ingest::BridgeStep& step : a.bridge) {
    json.begin_object();
    json.field("name", step.name).field("count", step.count).field("minor", step.minor);
    json.field("reason", step.reason.empty() ? std::string{} : sentence(step.reason));
    json.key("lines").begin_array();
    for (const std::uint64_t line : step.lines) json.value(line);
    json.end_array().end_object();
  }
  json.end_array();
  json.field("rejected", a.rejected_count).field("rejected_file", a.rejected_file);
  json.key("notices").begin_array();
  for (const ingest::Notice& notice : a.notices) {
    json.begin_object();
    json.field("key", notice.key).field("message", sentence(notice)).field("count", notice.count);
    json.end_object();
  }
  json.end_array();
  json.key("remarks").begin_array();
  for (const std::string& remark : a.remarks) json.value(remark);
  json.end_array();
  json.end_object();
  return out;
}

std::string rejected_csv(const std::vector<ingest::Rejected>& rejected) {
  std::string out;
  CsvWriter csv(out);
  for (const char* name : {"file", "line", "column", "reason", "excerpt"}) csv.value(name);
  csv.end_row();
  for (const ingest::Rejected& row : rejected) {
    csv.text(row.place.file).value(std::to_string(row.place.line)).text(row.place.column).text(sentence(row.reason));
    csv.text(row.excerpt);
    csv.end_row();
  }
  return out;
}

}  // namespace behoud::app
