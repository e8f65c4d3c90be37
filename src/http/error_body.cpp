#include "http/error_body.h"

#include <variant>

#include "base/json_writer.h"

namespace behoud::http {
namespace {

struct Row {
  std::string_view word;
  int status;
};

constexpr Row row_of(Errc code) {
  switch (code) {
    case Errc::kInvalidArgument:
      return {"invalid_argument", 400};
    case Errc::kBadInput:
      return {"bad_input", 422};
    case Errc::kNotFound:
      return {"not_found", 404};
    case Errc::kConflict:
      return {"conflict", 409};
    case Errc::kOutOfRange:
      return {"out_of_range", 422};
    case Errc::kCorrupt:
      return {"corrupt", 500};
    case Errc::kUnavailable:
      return {"unavailable", 503};
  }
  return {"internal", 500};
}

void text_or_null(JsonWriter& json, std::string_view name, std::string_view text) {
  json.key(name);
  text.empty() ? json.null() : json.value(text);
}

// Everything that a sentence about the reason names, so that a client needs nothing else.
void write_why(JsonWriter& json, const Error& error) {
  json.field("reason", error.why.reason).key("params").begin_object();
  if (!error.place.file.empty()) json.field("file", error.place.file);
  if (error.place.line > 0) json.field("line", error.place.line);
  if (!error.place.column.empty()) json.field("column", error.place.column);
  for (const Why::Value& value : error.why.values) {
    json.key(value.name);
    std::visit([&](const auto& one) { json.value(one); }, value.value);
  }
  json.end_object();
}

}  // namespace

std::string_view word_of(Errc code) { return row_of(code).word; }
int status_of(Errc code) { return row_of(code).status; }

std::string error_json(const Error& error, std::string_view code) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("error").begin_object();
  json.field("code", code.empty() ? word_of(error.code) : code);
  text_or_null(json, "message", error.message);
  text_or_null(json, "field", error.place.column);
  text_or_null(json, "hint", error.hint);
  if (!error.place.file.empty()) json.field("file", error.place.file);
  if (error.place.line > 0) json.field("line", error.place.line);
  if (!error.why.reason.empty()) write_why(json, error);
  json.end_object().end_object();
  return out;
}

Response error_response(const Error& error) {
  return {status_of(error.code), "application/json", error_json(error) + "\n", {}};
}

Response error_response(int status, std::string_view code, std::string_view message, std::string_view hint) {
  const Error error{Errc::kInvalidArgument, std::string{message}, std::string{hint}, {}};
  return {status, "application/json", error_json(error, code) + "\n", {}};
}

}  // namespace behoud::http
