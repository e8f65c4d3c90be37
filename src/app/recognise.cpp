#include "app/recognise.h"

#include <algorithm>
#include <functional>

#include "app/import_view.h"
#include "app/jobs.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "ingest/mapping.h"
#include "ingest/records.h"
#include "ingest/table.h"

namespace behoud::app {
namespace {

constexpr std::size_t kPreviewRows = 20, kPreviewColumns = 200, kPreviewCellBytes = 200;
constexpr std::uint64_t kOrdersToFindACurrency = 1000;
const std::vector<std::string> kCurrencies{"EUR", "USD", "GBP", "SEK", "NOK", "DKK", "CHF", "PLN"};
const std::vector<std::string> kZones{"Europe/Amsterdam", "Europe/Brussels", "Europe/Stockholm",
                                      "Europe/Berlin",    "Europe/London",   "UTC"};

template <class Parse>
auto remembered_by(const ledger::Settings& known, Parse parse) {
  return [&known, parse](std::string_view shape) -> std::optional<std::decay_t<decltype(*parse(std::string{}))>> {
    const auto found = known.mappings.find(shape);
    if (found == known.mappings.end()) return std::nullopt;
    auto mapping = parse(found->second);
    return mapping ? std::optional(std::move(*mapping)) : std::nullopt;
  };
}

// Looks at orders until it has seen in which currency they are, and stops the reading then.
class Glance : public ingest::OrderSink {
 public:
  Result<void> order(const ledger::OrderAssertion& order) override {
    currency = currency || order.currency.known();
    if (++count < kOrdersToFindACurrency) return {};
    stopped = true;
    return fail(Errc::kUnavailable, "seen enough");
  }
  Result<void> refund(const ingest::LooseRefund&) override { return {}; }
  bool currency = false, stopped = false;
  std::uint64_t count = 0;
};

template <class Shape>
SeenFile& seen_of_shape(const Shape& s, Recognised& out) {
  const bool has_names = s.format == "json" || s.format == "parquet";
  if (out.files.empty()) out.rows_above = has_names ? 0 : s.title_rows + (s.header ? 1 : 0);
  return out.files.emplace_back(
      SeenFile{s.file, s.system, s.format, s.encoding, s.delimiter, s.date_format, s.decimal_mark, s.header, {}});
}
void seen_of(const ingest::FileShape& s, Recognised& out) {
  SeenFile& file = seen_of_shape(s, out);
  for (const ingest::ColumnMatch& c : s.columns) {
    file.columns.push_back({c.index, c.header, c.role ? std::string{ingest::name(*c.role)} : "", c.reason, c.confidence,
                            c.refused ? std::string{ingest::name(*c.refused)} : ""});
  }
}
void seen_of(const ingest::RecordShape& s, Recognised& out) {
  SeenFile& file = seen_of_shape(s, out);
  for (const ingest::FieldMatch& c : s.columns) {
    file.columns.push_back({c.index, c.header, c.field, c.reason, c.confidence, c.refused});
  }
}

// The first rows below the header, as they stand, shortened.
Result<std::vector<std::vector<std::string>>> preview_of(const std::string& path, std::uint64_t skip) {
  TRY_ASSIGN(const auto tables, ingest::open_tables(path));
  std::vector<std::vector<std::string>> out;
  if (tables.empty()) return out;
  TRY_ASSIGN(const auto reader, tables.front()->read({}, skip));
  ingest::RowBatch batch;
  TRY_ASSIGN(const bool any, reader->next(batch));
  if (!any) return out;
  for (std::size_t i = 0; i < std::min(batch.rows(), kPreviewRows); ++i) {
    std::vector<std::string>& row = out.emplace_back();
    for (const std::string_view cell : batch.row(i).first(std::min(batch.columns, kPreviewColumns))) {
      std::string text = repair_utf8(cell.substr(0, kPreviewCellBytes));
      if (cell.size() > kPreviewCellBytes) text += "...";
      row.push_back(std::move(text));
    }
  }
  return out;
}

// What was recognised of a file that cannot be read as it stands, where that is anything. What it lacks is the error.
template <class Shape>
class InPart {
 public:
  std::function<void(const Shape&)> taker() {
    return [this](const Shape& shape) { shapes_.push_back(shape); };
  }
  void show(Recognised& out) const {
    if (!out.error || !out.files.empty()) return;
    for (const Shape& shape : shapes_) {
      if (std::ranges::any_of(shape.columns, [](const auto& c) { return is_known(c); })) seen_of(shape, out);
    }
  }

 private:
  static bool is_known(const ingest::ColumnMatch& c) { return c.role.has_value() || c.refused.has_value(); }
  static bool is_known(const ingest::FieldMatch& c) { return !c.field.empty() || !c.refused.empty(); }
  std::vector<Shape> shapes_;
};

// A file of which nothing was recognised, so that a person can say what its columns are: the first row is its header
// where no cell of it is a number.
void seen_plainly(const std::string& path, Recognised& out) {
  const auto tables = ingest::open_tables(path);
  if (!tables || tables->empty()) return;
  const ingest::Table& table = *tables->front();
  const ingest::TableFormat& format = table.format();
  SeenFile file{table.name(), "", format.format, format.encoding, format.delimiter, "", "", !table.names().empty(), {}};
  std::vector<std::string> headers = table.names();
  std::size_t width = headers.size();
  if (headers.empty()) {
    const auto rows = preview_of(path, 0);
    if (!rows || rows->empty()) return;
    const auto is_number = [](const std::string& cell) {
      return !cell.empty() && cell.find_first_not_of("0123456789.,-+ ") == std::string::npos;
    };
    width = rows->front().size();
    file.header = std::ranges::none_of(rows->front(), is_number);
    if (file.header) {
      headers = rows->front();
      out.rows_above = 1;
    }
  }
  for (std::size_t i = 0; i < width; ++i) {
    file.columns.push_back({i, i < headers.size() ? headers[i] : "", "", "", 0, ""});
  }
  out.files.push_back(std::move(file));
}

std::vector<std::string> headers_of(const std::vector<SeenFile>& files) {
  std::vector<std::string> out;
  if (files.empty()) return out;
  for (const SeenColumn& c : files.front().columns) {
    out.push_back(c.header.empty() ? "#" + std::to_string(c.index + 1) : c.header);
  }
  return out;
}

// What the error's way out is about.
void ask_about(const Error& error, Recognised& out) {
  const auto names = [&](std::string_view option) { return error.hint.contains(option); };
  if (names("--map")) out.ask.push_back({"map", headers_of(out.files)});
  if (names("--date-format")) {
    // Those that the column leaves open; where it is no column of dates in any of them, all.
    out.ask.push_back({"date_format", {"DMY", "MDY", "YMD"}});
    if (names("MDY")) std::erase_if(out.ask.back().candidates, [&](const std::string& form) { return !names(form); });
  }
  if (names("--decimal")) out.ask.push_back({"decimal", {",", "."}});
  if (names("--currency")) out.ask.push_back({"currency", kCurrencies});
}

std::string_view question_of(std::string_view option) {
  if (option == "map") return "intake.ask.map";
  if (option == "date_format") return "intake.ask.date_format";
  if (option == "decimal") return "intake.ask.decimal";
  return option == "currency" ? "intake.ask.currency" : "intake.ask.timezone";
}

void glance_at_orders(const ImportRequest& request, const ledger::Settings& known, Recognised& out) {
  ingest::ReadOptions options;
  options.map = request.how.map;
  if (request.how.zone) options.zone = *request.how.zone;
  options.currency = request.how.currency ? request.how.currency : known.currency;
  options.date_format = request.how.date_format;
  options.decimal_mark = request.how.decimal_mark;
  options.source = request.how.source;
  options.now = request.now;
  options.remembered = remembered_by(known, [](const std::string& text) { return ingest::parse_mapping(text); });
  InPart<ingest::FileShape> in_part;
  options.in_part = in_part.taker();
  auto shapes = ingest::recognise(request.paths, options);
  options.in_part = {};
  if (shapes) {
    for (const ingest::FileShape& s : *shapes) seen_of(s, out);
  } else {
    out.error = shapes.error();
  }
  Glance glance;
  auto facts = ingest::read_orders(request.paths, options, glance);
  if (facts) {
    // The whole of it was read: this is what the import would say.
    out.files.clear();
    for (const ingest::FileShape& s : facts->files) seen_of(s, out);
    out.error.reset();
  } else if (!glance.stopped) {
    out.error = facts.error();
  }
  if (request.paths.size() == 1) in_part.show(out);  // of several, the rows that are shown would be another's
  if (out.error) return;
  if (!options.currency && !glance.currency && glance.count > 0) out.ask.push_back({"currency", kCurrencies});
}

void glance_at_records(const ImportRequest& request, ingest::RecordKind kind, const ledger::Settings& known,
                       Recognised& out) {
  ingest::RecordOptions options;
  if (!request.map.empty()) {
    auto map = ingest::parse_field_mapping(kind, request.map);
    if (!map) {
      out.error = map.error();
      return;
    }
    options.map = std::move(*map);
  }
  if (request.how.zone) options.zone = *request.how.zone;
  options.currency = request.how.currency ? request.how.currency : known.currency;
  options.date_format = request.how.date_format;
  options.decimal_mark = request.how.decimal_mark;
  options.now = request.now;
  options.remembered =
      remembered_by(known, [kind](const std::string& text) { return ingest::parse_field_mapping(kind, text); });
  InPart<ingest::RecordShape> in_part;
  options.in_part = in_part.taker();
  auto shapes = ingest::recognise_records(kind, request.paths, options);
  if (!shapes) {
    out.error = shapes.error();
    if (request.paths.size() == 1) in_part.show(out);
    return;
  }
  for (const ingest::RecordShape& s : *shapes) seen_of(s, out);
}

}  // namespace

Result<Recognised> recognise_files(const ImportRequest& request, const ledger::Settings& known) {
  Recognised out;
  if (request.kind == ledger::ImportKind::kOrders) {
    glance_at_orders(request, known, out);
  } else if (const auto kind = ingest::parse_record_kind(ledger::name(request.kind))) {
    glance_at_records(request, *kind, known, out);
  }
  if (out.error && (out.error->code == Errc::kNotFound || out.error->code == Errc::kUnavailable)) {
    return std::unexpected(*out.error);
  }
  if (out.error && out.files.empty()) seen_plainly(request.paths.front(), out);
  if (out.error) ask_about(*out.error, out);
  if (!known.zone && !request.how.zone) out.ask.push_back({"timezone", kZones});
  // What cannot be opened has no rows to show; that it cannot be is the error.
  if (auto preview = preview_of(request.paths.front(), out.rows_above)) out.preview = std::move(*preview);
  return out;
}

std::string recognised_json(const Recognised& recognised, const language::Catalogue& catalogue) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("files").begin_array();
  for (const SeenFile& file : recognised.files) write_seen_file(json, file);
  json.end_array().key("preview").begin_array();
  for (const auto& row : recognised.preview) {
    json.begin_array();
    for (const std::string& cell : row) json.value(cell);
    json.end_array();
  }
  json.end_array().key("ask").begin_array();
  for (const Ask& ask : recognised.ask) {
    json.begin_object().field("option", ask.option).field("question", catalogue.text(question_of(ask.option)));
    json.key("candidates").begin_array();
    for (const std::string& candidate : ask.candidates) json.value(candidate);
    json.end_array().end_object();
  }
  json.end_array().key("error");
  recognised.error ? json.raw(error_object(*recognised.error)) : json.null();
  json.end_object();
  return out + "\n";
}

}  // namespace behoud::app
