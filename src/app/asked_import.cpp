#include "app/asked_import.h"

#include <boost/json.hpp>

#include "app/question_options.h"
#include "app/random_id.h"
#include "app/request_body.h"
#include "base/text.h"
#include "ingest/mapping.h"
#include "ingest/records.h"

namespace behoud::app {
namespace {

constexpr std::size_t kUploadsMax = 64;

Result<std::string> map_of(const RequestBody& body) {
  const boost::json::value* found = body.find("map");
  if (found == nullptr) return std::string{};
  if (found->is_string()) return std::string{found->get_string()};
  if (!found->is_object()) return wrong_member("map", "this is neither a text nor an object");
  std::string out;
  for (const auto& part : found->get_object()) {
    const bool none = part.value().is_null();
    if (!none && !part.value().is_string())
      return wrong_member("map", "a column is no text", "null where there is none");
    if (!none && part.value().get_string().empty()) continue;
    if (!out.empty()) out += ',';
    out += std::string_view{part.key().data(), part.key().size()};
    out += '=';
    ingest::append_mapped_column(out, none ? std::string_view{} : std::string_view{part.value().get_string()});
  }
  return out;
}

}  // namespace

Result<AskedImport> parse_asked_files(const RequestBody& body, ledger::ImportKind kind) {
  AskedImport out;
  TRY_ASSIGN(out.uploads, body.texts("uploads"));
  if (out.uploads.empty() || out.uploads.size() > kUploadsMax) {
    return wrong_member("uploads", "name the files to be read", "the ids that POST /api/v1/uploads gave; at most 64");
  }
  ImportRequest& request = out.request;
  request.kind = kind;
  TRY_ASSIGN(request.map, map_of(body));
  if (!request.map.empty()) {
    if (kind == ledger::ImportKind::kOrders) {
      TRY_ASSIGN(request.how.map, of_option("map", ingest::parse_mapping(request.map)));
    } else if (const auto of_records = ingest::parse_record_kind(ledger::name(kind))) {
      TRY(of_option("map", ingest::parse_field_mapping(*of_records, request.map)));
    }
  }
  TRY_ASSIGN(const auto zone, body.text("timezone"));
  if (zone) {
    TRY_ASSIGN(request.how.zone, of_option("timezone", calendar::Zone::create(*zone)));
  }
  TRY_ASSIGN(const auto currency, body.text("currency"));
  if (currency) {
    TRY_ASSIGN(request.how.currency, of_option("currency", money::Currency::parse(*currency)));
  }
  TRY_ASSIGN(const auto date_format, body.text("date_format"));
  request.how.date_format = date_format.value_or("");
  TRY_ASSIGN(const auto decimal, body.text("decimal"));
  if (decimal) {
    TRY_ASSIGN(request.how.decimal_mark, of_option("decimal", parse_decimal_mark(*decimal)));
  }
  TRY_ASSIGN(const auto source, body.text("source"));
  request.how.source = source.value_or("");
  if (const boost::json::value* statuses = body.find("statuses")) {
    TRY_ASSIGN(request.statuses, standings_of(*statuses));
  }
  TRY_ASSIGN(const auto lang, body.text("lang"));
  if (lang) {
    const auto known = language::parse_language(*lang);
    if (!known) return wrong_member("lang", quoted(*lang) + " is none of our languages", "en, nl or sv");
    out.lang = *known;
  }
  return out;
}

Result<AskedImport> parse_asked_import(std::string_view json) {
  TRY_ASSIGN(const RequestBody body,
             RequestBody::parse(json, {"uploads", "kind", "map", "source", "timezone", "currency", "date_format",
                                       "decimal", "window", "statuses", "dry_run", "lang"}));
  TRY_ASSIGN(const std::string kind, body.required_text("kind"));
  const auto parsed = ledger::parse_import_kind(kind);
  if (!parsed || *parsed == ledger::ImportKind::kEvents) {
    return wrong_member("kind", quoted(kind) + " is nothing to import",
                        "one of: orders, customers, costs, items, rates, subscriptions");
  }
  TRY_ASSIGN(AskedImport out, parse_asked_files(body, *parsed));
  TRY_ASSIGN(const auto window, body.text("window"));
  if (window) {
    TRY_ASSIGN(out.request.window_days, parse_window(*window));
  }
  TRY_ASSIGN(out.request.dry_run, body.truth("dry_run"));
  return out;
}

Result<void> fill_in_files(AskedImport& asked, Uploads& uploads) {
  asked.request.typed.clear();
  asked.request.paths.clear();
  for (const std::string& id : asked.uploads) {
    TRY_ASSIGN(const Upload upload, uploads.find(id));
    asked.request.typed.push_back(upload.name);
    asked.request.paths.push_back(upload.path);
  }
  return {};
}

std::string as_uploaded(const ImportRequest& request, std::string text) {
  for (std::size_t i = 0; i < request.paths.size(); ++i) {
    const std::string& path = request.paths[i];
    const std::string& name = request.typed[i];
    for (auto at = text.find(path); at != std::string::npos; at = text.find(path, at + name.size())) {
      text.replace(at, path.size(), name);
    }
  }
  return text;
}

Error as_uploaded(const ImportRequest& request, Error error) {
  error.message = as_uploaded(request, std::move(error.message));
  error.hint = as_uploaded(request, std::move(error.hint));
  error.place.file = as_uploaded(request, std::move(error.place.file));
  for (Why::Value& value : error.why.values) {
    if (auto* const text = std::get_if<std::string>(&value.value)) *text = as_uploaded(request, std::move(*text));
  }
  return error;
}

void name_as_uploaded(const ImportRequest& request, std::vector<SeenFile>& files) {
  for (SeenFile& file : files) file.file = as_uploaded(request, std::move(file.file));
}

void name_as_uploaded(const ImportRequest& request, std::vector<ingest::Notice>& notices) {
  for (ingest::Notice& notice : notices) {
    if (const auto file = notice.args.find("file"); file != notice.args.end()) {
      file->second = as_uploaded(request, std::move(file->second));
    }
  }
}

void name_as_uploaded(const ImportRequest& request, ingest::ReadFacts& facts) {
  for (ingest::FileShape& shape : facts.files) shape.file = as_uploaded(request, std::move(shape.file));
  for (ingest::Rejected& row : facts.rejected) row.place.file = as_uploaded(request, std::move(row.place.file));
  name_as_uploaded(request, facts.notices);
}

}  // namespace behoud::app
