#pragma once

// GET /metrics: requests, connections, shops and the process itself, for Prometheus to read. It needs the right to
// read, as a token of that scope; with `open_here` also of whoever asks from this machine.

#include <functional>
#include <optional>

#include "app/served_shops.h"
#include "app/world.h"
#include "http/request_counts.h"
#include "http/router.h"

namespace behoud::app {

struct MetricsSources {
  const http::RequestCounts* requests = nullptr;  // nullptr: none are counted
  std::function<http::ServerCounts()> connections;
  std::int64_t started_ms = 0;  // since 1970
  bool open_here = false;       // to whoever asks from this machine
};

// What is given must outlive the router.
void add_metrics_route(http::Router& router, const ServedShops& shops, MetricsSources sources);

// What the kernel says about this process; nothing where /proc is not there.
struct ProcessNumbers {
  double resident_bytes = 0, cpu_seconds = 0, open_files = 0, threads = 0;
};
std::optional<ProcessNumbers> process_numbers();

}  // namespace behoud::app
