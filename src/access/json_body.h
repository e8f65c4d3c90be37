#pragma once

// The body of a request as one flat JSON object of texts, read strictly: a member that nobody knows is a mistake that
// would otherwise go unseen.
//
// Errors: kInvalidArgument (no JSON object; a member that is not known or no text; with its name as the
// field), and 415 for a Content-Type that is not application/json: no form of another site can send that one.

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "access/refusal.h"
#include "http/message.h"

namespace behoud::access {

inline constexpr std::uint64_t kBodyBytesMax = 16 * 1024;

class JsonBody {
 public:
  static Answer<JsonBody> parse(const http::Request& request, std::initializer_list<std::string_view> known);

  // nullopt: not there, or null.
  std::optional<std::string> find(std::string_view name) const;
  std::string get(std::string_view name) const { return find(name).value_or(""); }
  Answer<std::string> require(std::string_view name) const;  // kInvalidArgument where it is not there

 private:
  std::map<std::string, std::string, std::less<>> members_;
};

}  // namespace behoud::access
