#pragma once

// Which handler answers a method and a path. Patterns are literal segments, `{name}` for one segment and, last,
// `{name...}` for the rest: "/api/v1/customers/{id}", "/assets/{path...}". A literal segment beats a capture.
//
// HEAD is answered by GET's route, OPTIONS by the router itself. Paths are compared decoded, case and slashes count.
// Cost: one comparison a route. Thread-safety: immutable once serving.

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace behoud::http {

// Called on a worker thread, several at once; an exception becomes a 500.
using Handler = std::function<Response(const Request&)>;

struct RoutePolicy {
  std::uint64_t body_bytes_max = 0;
  bool quick = false;  // answers in microseconds without waiting: runs on the connection's own thread
};

struct Route {
  Method method = Method::kGet;
  std::string pattern;
  Handler handler;
  RoutePolicy policy;
  std::vector<std::string> segments;
};

class Router {
 public:
  // Requires a pattern that begins with '/', and that method and pattern are not there yet.
  void add(Method method, std::string pattern, Handler handler, RoutePolicy policy = {});

  struct Match {
    const Route* route = nullptr;  // nullptr: no such path (allow is empty), or not with this method
    Parameters captures;
    std::string allow;  // the methods of this path, "GET, HEAD, OPTIONS"; empty: no such path
  };
  Match match(Method method, std::string_view path) const;

  const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
};

}  // namespace behoud::http
