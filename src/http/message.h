#pragma once

// A request and a response as plain values: what routes take and give. Nothing here knows of sockets or of Beast, so a
// route's translation unit stays small and a route is tested by calling it.
//
// Invariants: header names compare without case; `path` is the target up to '?', as it came (still percent-encoded) and
// begins with '/'; `query` is decoded, in order, and may hold a name twice. Thread-safety: plain values.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/stream.h"

namespace behoud::http {

enum class Method : std::uint8_t { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions };
std::string_view name(Method method);
std::optional<Method> parse_method(std::string_view text);
// GET, HEAD and OPTIONS change nothing (RFC 9110, 9.2.1).
bool is_safe(Method method);

class Headers {
 public:
  using Field = std::pair<std::string, std::string>;
  void add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }
  void set(std::string_view name, std::string value);  // replaces each of that name
  void remove(std::string_view name);
  // The first of that name; nullopt where there is none.
  std::optional<std::string_view> find(std::string_view name) const;
  std::size_t count(std::string_view name) const;
  const std::vector<Field>& all() const { return fields_; }

 private:
  std::vector<Field> fields_;
};

using Parameters = std::vector<std::pair<std::string, std::string>>;

// Who asks, as the guard found out (router.h); nobody before. Holds no name and no e-mail, so that it may be logged.
enum class Role : std::uint8_t { kNobody, kViewer, kEditor, kOwner };
enum class Credential : std::uint8_t { kNone, kSession, kToken };
struct Actor {
  std::string user;  // an id; "" is nobody
  Role role = Role::kNobody;
  Credential credential = Credential::kNone;
  std::string credential_id;  // which session or token of that user: an id that opens nothing
  friend bool operator==(const Actor&, const Actor&) = default;
};

struct Request {
  Method method = Method::kGet;
  std::string path = "/";
  Parameters query;
  Headers headers;
  std::string body;
  int minor_version = 1;  // of HTTP/1
  Parameters captures;    // what the route's {names} stood for, decoded; set by the router
  // Where a route with `spool` finds a body above 1 MiB: a file of its own, which is removed after the handler unless
  // that has renamed it. `body` is empty then, and body_bytes() counts either.
  std::string body_file;
  std::uint64_t body_file_bytes = 0;
  std::string client;   // the address of the reader, "192.0.2.7" or "2001:db8::7"; behind a trusted proxy, as it says
  bool secure = false;  // whether the reader came over TLS, to here or to a trusted proxy
  Actor actor;          // set by the guard

  std::optional<std::string_view> parameter(std::string_view name) const;  // of the query, the first of that name
  std::string_view capture(std::string_view name) const;                   // "" where there is none
  std::uint64_t body_bytes() const { return body_file.empty() ? body.size() : body_file_bytes; }
};

struct Response {
  int status = 200;
  std::string content_type;  // "" without a body
  std::string body;
  Headers headers;
  Stream stream{};  // where set, is sent instead of `body`, while it is made
};

std::string_view reason_of(int status);
// Whether a comma-separated header value holds `token`, ignoring case and parameters ("gzip;q=0" does not hold gzip).
bool has_token(std::string_view list, std::string_view token);

}  // namespace behoud::http
