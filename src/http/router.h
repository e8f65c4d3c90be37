#pragma once

// Which handler answers a method and a path. Patterns are literal segments, `{name}` for one segment and, last,
// `{name...}` for the rest: "/api/v1/customers/{id}", "/assets/{path...}". A literal segment beats a capture.
//
// HEAD is answered by GET's route, OPTIONS by the router itself. Paths are compared decoded, case and slashes count.
// Cost: one comparison a route. Thread-safety: immutable once serving.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace behoud::http {

// Called on a worker thread, several at once; an exception becomes a 500.
using Handler = std::function<Response(const Request&)>;

// What somebody must be allowed to do to be answered. The guard knows who may do what; a route only says what it needs.
enum class Right : std::uint8_t {
  kPublic,  // nobody needs to sign in
  kRead,    // look at figures and people
  kWrite,   // bring data in, change settings and notes
  kAdmin,   // people, tokens, the log of who did what
};

struct RoutePolicy {
  std::uint64_t body_bytes_max = 0;
  bool quick = false;           // answers in microseconds without waiting: runs on the connection's own thread
  Right right = Right::kAdmin;  // a route that forgets to say is closed
  bool spool = false;           // a body above 1 MiB goes to a file (Request::body_file) instead of into memory
};

struct Route {
  Method method = Method::kGet;
  std::string pattern;
  Handler handler;
  RoutePolicy policy;
  std::vector<std::string> segments;
};

// Asked before every handler, and before the body is read where there is one: may this request be served? Finds out who
// asks, puts that into `request.actor`, and gives nothing; or gives the response that refuses. What is looked at is the
// head: `request.body` is not there yet. Called on the thread the handler runs on: the guard of a quick route is quick.
using Guard = std::function<std::optional<Response>(Request& request, const Route& route)>;

class Router {
 public:
  // Requires a pattern that begins with '/', and that method and pattern are not there yet.
  void add(Method method, std::string pattern, Handler handler, RoutePolicy policy = {});

  // Answers GET and HEAD where no path fits, instead of a 404 from the router.
  void set_fallback(Handler handler, RoutePolicy policy);

  struct Match {
    const Route* route = nullptr;  // nullptr: no such path (allow is empty), or not with this method
    Parameters captures;
    std::string allow;  // the methods of this path, "GET, HEAD, OPTIONS"; empty: no such path
  };
  Match match(Method method, std::string_view path) const;

  const std::vector<Route>& routes() const { return routes_; }
  const std::optional<Route>& fallback() const { return fallback_; }

 private:
  std::vector<Route> routes_;
  std::optional<Route> fallback_;
};

}  // namespace behoud::http
