#include "http/request_counts.h"

#include <algorithm>
#include <limits>

namespace behoud::http {

void RequestCounts::count(const Served& served) {
  const double seconds = std::chrono::duration<double>(served.took).count();
  const auto bucket = static_cast<std::size_t>(std::ranges::lower_bound(kBounds, seconds) - kBounds.begin());
  const std::lock_guard lock(mutex_);
  ++requests_[{std::string{served.pattern}, served.method, served.status}];
  auto found = routes_.find(served.pattern);
  if (found == routes_.end()) found = routes_.emplace(std::string{served.pattern}, Route{}).first;
  ++found->second.within[bucket];
  found->second.seconds += seconds;
  found->second.bytes += served.bytes;
}

void RequestCounts::write(PrometheusText& out) const {
  const std::lock_guard lock(mutex_);
  out.family("behoud_http_requests_total", "counter", "Requests answered, by the pattern of their route.");
  for (const auto& [key, count] : requests_) {
    const auto& [route, method, status] = key;
    out.sample({{"method", name(method)}, {"route", route}, {"status", std::to_string(status)}},
               static_cast<double>(count));
  }
  out.family("behoud_http_response_bytes_total", "counter", "Bytes of bodies, as sent.");
  for (const auto& [route, r] : routes_) out.sample({{"route", route}}, static_cast<double>(r.bytes));
  out.family("behoud_http_request_duration_seconds", "histogram",
             "From a request that was read to its response written.");
  for (const auto& [route, r] : routes_) {
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < r.within.size(); ++i) {
      below += r.within[i];
      const double bound = i < kBounds.size() ? kBounds[i] : std::numeric_limits<double>::infinity();
      out.sample({{"route", route}, {"le", prometheus_number(bound)}}, static_cast<double>(below), "_bucket");
    }
    out.sample({{"route", route}}, r.seconds, "_sum");
    out.sample({{"route", route}}, static_cast<double>(below), "_count");
  }
}

void write_connections(PrometheusText& out, const ServerCounts& counts) {
  const auto number = [](std::uint64_t n) { return static_cast<double>(n); };
  out.family("behoud_http_connections", "gauge", "Connections open now.").sample({}, number(counts.open));
  out.family("behoud_http_connections_accepted_total", "counter", "Connections that came.")
      .sample({}, number(counts.accepted));
  out.family("behoud_http_connections_refused_total", "counter", "Connections beyond a bound.")
      .sample({}, number(counts.refused));
  out.family("behoud_tls_handshakes_failed_total", "counter", "Connections that did not become TLS.")
      .sample({}, number(counts.handshakes_failed));
  out.family("behoud_http_received_bytes_total", "counter", "Bytes received, before TLS.")
      .sample({}, number(counts.bytes_received));
  out.family("behoud_http_sent_bytes_total", "counter", "Bytes sent, before TLS.")
      .sample({}, number(counts.bytes_sent));
}

}  // namespace behoud::http
