#pragma once

// The body of a request: one JSON object, read strictly. A member that nobody knows is a mistake that would otherwise
// go unseen; a null is as if the member were not there.
//
// Errors of all: kInvalidArgument, with the member's name as the place's column.

#include <boost/json.hpp>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/read_options.h"
#include "base/result.h"
#include "http/message.h"

namespace behoud::app {

// That the body is said to be JSON: a form of another site cannot say so.
Result<void> require_json(const http::Request& request);

// Of routes that take JSON.
inline constexpr std::uint64_t kJsonBodyBytesMax = 256 * 1024;

class RequestBody {
 public:
  // As require_json() says.
  static Result<RequestBody> parse(const http::Request& request, std::initializer_list<std::string_view> known);
  static Result<RequestBody> parse(std::string_view text, std::initializer_list<std::string_view> known);

  const boost::json::value* find(std::string_view name) const;               // nullptr: not there, or null
  bool says(std::string_view name) const { return object_.contains(name); }  // also null

  Result<std::optional<std::string>> text(std::string_view name) const;
  Result<std::optional<std::int64_t>> integer(std::string_view name) const;
  Result<std::optional<double>> number(std::string_view name) const;
  Result<bool> truth(std::string_view name) const;  // false where it is not there
  Result<std::vector<std::string>> texts(std::string_view name) const;
  Result<std::string> required_text(std::string_view name) const;
  Result<std::int64_t> required_integer(std::string_view name) const;

 private:
  explicit RequestBody(boost::json::object object) : object_(std::move(object)) {}
  boost::json::object object_;
};

// Of a member "statuses": {"shipped":"counts","lost":null}; null and "default" forget the shop's own reading.
Result<Standings> standings_of(const boost::json::value& statuses);

std::unexpected<Error> wrong_member(std::string_view name, std::string message, std::string hint = {}, Why why = {});

}  // namespace behoud::app
