#pragma once

// What was served, counted by route and status, with how long it took: what a server tells its operator. Routes are
// named by their patterns, so that there are few of them and none holds what somebody asked for.
//
// Thread-safety: any thread. Cost: a lock and a look-up a request, 0.2 us.

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <tuple>

#include "http/prometheus.h"
#include "http/server.h"

namespace behoud::http {

class RequestCounts {
 public:
  void count(const Served& served);
  // behoud_http_requests_total{method,route,status}, behoud_http_response_bytes_total{route},
  // behoud_http_request_duration_seconds{route}
  void write(PrometheusText& out) const;

 private:
  // Upper bounds in seconds, from a cached answer to a report over millions of orders.
  static constexpr std::array<double, 12> kBounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10};
  struct Route {
    std::array<std::uint64_t, kBounds.size() + 1> within{};  // the last: longer than any bound
    double seconds = 0;
    std::uint64_t bytes = 0;
  };
  mutable std::mutex mutex_;
  std::map<std::tuple<std::string, Method, int>, std::uint64_t> requests_;
  std::map<std::string, Route, std::less<>> routes_;
};

// behoud_http_connections and what became of them.
void write_connections(PrometheusText& out, const ServerCounts& counts);

}  // namespace behoud::http
