#include "http/error_body.h"

#include <array>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

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

boost::json::value text_or_null(std::string_view text) {
  if (text.empty()) return nullptr;
  return boost::json::value(boost::json::string_view(text.data(), text.size()));
}

}  // namespace

std::string_view word_of(Errc code) { return row_of(code).word; }
int status_of(Errc code) { return row_of(code).status; }

std::string error_json(const Error& error, std::string_view code) {
  boost::json::object body{{"code", text_or_null(code.empty() ? word_of(error.code) : code)},
                           {"message", text_or_null(error.message)},
                           {"field", text_or_null(error.place.column)},
                           {"hint", text_or_null(error.hint)}};
  if (!error.place.file.empty()) body["file"] = text_or_null(error.place.file);
  if (error.place.line > 0) body["line"] = error.place.line;
  return boost::json::serialize(boost::json::object{{"error", std::move(body)}});
}

Response error_response(const Error& error) {
  return {status_of(error.code), "application/json", error_json(error) + "\n", {}};
}

Response error_response(int status, std::string_view code, std::string_view message, std::string_view hint) {
  const Error error{Errc::kInvalidArgument, std::string{message}, std::string{hint}, {}};
  return {status, "application/json", error_json(error, code) + "\n", {}};
}

}  // namespace behoud::http
