#include "http/router.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <optional>

#include "http/target.h"

namespace behoud::http {
namespace {

std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> out;
  assert(!path.empty() && path.front() == '/');
  path.remove_prefix(1);
  while (true) {
    const auto slash = std::min(path.find('/'), path.size());
    out.emplace_back(path.substr(0, slash));
    if (slash == path.size()) return out;
    path.remove_prefix(slash + 1);
  }
}

bool is_capture(std::string_view segment) { return segment.size() > 2 && segment.front() == '{'; }
bool is_rest(std::string_view segment) { return is_capture(segment) && segment.ends_with("...}"); }

// The captures of `path` under `route`; nullopt when it does not fit.
std::optional<Parameters> fit(const Route& route, const std::vector<std::string>& path) {
  Parameters captures;
  for (std::size_t i = 0; i < route.segments.size(); ++i) {
    const std::string& segment = route.segments[i];
    if (is_rest(segment)) {
      std::string rest;
      for (std::size_t j = i; j < path.size(); ++j) rest += (j > i ? "/" : "") + path[j];
      if (rest.empty()) return std::nullopt;
      captures.emplace_back(segment.substr(1, segment.size() - 5), std::move(rest));
      return captures;
    }
    if (i >= path.size()) return std::nullopt;
    if (is_capture(segment)) {
      if (path[i].empty()) return std::nullopt;
      captures.emplace_back(segment.substr(1, segment.size() - 2), path[i]);
    } else if (segment != path[i]) {
      return std::nullopt;
    }
  }
  if (path.size() != route.segments.size()) return std::nullopt;
  return captures;
}

// Literal before capture before rest, segment by segment.
bool more_exact(const Route& a, const Route& b) {
  const auto rank = [](const std::string& s) { return is_rest(s) ? 2 : is_capture(s) ? 1 : 0; };
  return std::ranges::lexicographical_compare(a.segments, b.segments, {}, rank, rank);
}

}  // namespace

void Router::add(Method method, std::string pattern, Handler handler, RoutePolicy policy) {
  assert(std::ranges::none_of(routes_, [&](const Route& r) { return r.method == method && r.pattern == pattern; }));
  Route route{method, std::move(pattern), std::move(handler), policy, {}};
  route.segments = split(route.pattern);
  routes_.insert(std::ranges::upper_bound(routes_, route, more_exact), std::move(route));
}

void Router::set_fallback(Handler handler, RoutePolicy policy) {
  fallback_ = Route{Method::kGet, "/{path...}", std::move(handler), policy, {}};
}

Router::Match Router::match(Method method, std::string_view path) const {
  Match out;
  if (path.empty() || path.front() != '/') return out;
  std::vector<std::string> segments = split(path);
  for (std::string& segment : segments) {
    if (segment.find('%') == std::string::npos) continue;
    auto decoded = percent_decode(segment, false);
    if (!decoded) return out;
    segment = std::move(*decoded);
  }
  const Method wanted = method == Method::kHead ? Method::kGet : method;
  std::array<bool, 7> allowed{};
  for (const Route& route : routes_) {
    auto captures = fit(route, segments);
    if (!captures) continue;
    allowed[static_cast<std::size_t>(route.method)] = true;
    if (route.method == Method::kGet) allowed[static_cast<std::size_t>(Method::kHead)] = true;
    if (route.method == wanted && out.route == nullptr) {
      out.route = &route;
      out.captures = std::move(*captures);
    }
  }
  if (std::ranges::find(allowed, true) == allowed.end()) {
    if (fallback_ && wanted == Method::kGet) out.route = &*fallback_;
    return out;
  }
  allowed[static_cast<std::size_t>(Method::kOptions)] = true;
  for (std::size_t i = 0; i < allowed.size(); ++i) {
    if (!allowed[i]) continue;
    if (!out.allow.empty()) out.allow += ", ";
    out.allow += name(static_cast<Method>(i));
  }
  return out;
}

}  // namespace behoud::http
