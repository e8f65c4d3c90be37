#include "app/metrics_route.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <sys/resource.h>
#include <unistd.h>

#include "app/command.h"
#include "http/error_body.h"
#include "http/forwarded.h"

namespace behoud::app {
namespace {

double seconds(const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; }

void write_shops(http::PrometheusText& out, const ServedShops& shops) {
  struct Row {
    std::string_view shop;
    std::shared_ptr<const FolderShop> loaded;
    bool trouble;
    double seconds;
    WarmShop::Loads loads;
  };
  std::vector<Row> rows;
  for (const ServedShop* shop : {shops.own(), shops.sample()}) {
    if (shop == nullptr) continue;
    rows.push_back({shop->name, shop->warm.current(), shop->warm.trouble().has_value(), shop->warm.load_seconds(),
                    shop->warm.loads()});
  }
  const auto each = [&](std::string_view name, std::string_view help, auto value) {
    out.family(name, "gauge", help);
    for (const Row& row : rows) {
      if (row.loaded) out.sample({{"shop", row.shop}}, static_cast<double>(value(row)));
    }
  };
  out.family("behoud_shop_up", "gauge", "Whether the last load of a shop went well.");
  for (const Row& row : rows) out.sample({{"shop", row.shop}}, row.loaded && !row.trouble ? 1 : 0);
  each("behoud_shop_revision", "The revision of the ledger that answers.",
       [](const Row& r) { return r.loaded->revision; });
  each("behoud_shop_customers", "Customers of a shop.", [](const Row& r) { return r.loaded->histories.customers(); });
  each("behoud_shop_orders", "Orders of a shop.", [](const Row& r) { return r.loaded->histories.orders(); });
  each("behoud_shop_load_seconds", "How long the last load of a shop took.", [](const Row& r) { return r.seconds; });
  out.family("behoud_shop_loads_total", "counter",
             "How often a shop was read as it was kept, from what came since the last time, or all anew.");
  for (const Row& row : rows) {
    const auto loads = [&](std::string_view how, std::uint64_t times) {
      out.sample({{"shop", row.shop}, {"how", how}}, static_cast<double>(times));
    };
    loads("kept", row.loads.kept);
    loads("followed", row.loads.followed);
    loads("rebuilt", row.loads.rebuilt);
  }
}

void write_process(http::PrometheusText& out, std::int64_t started_ms) {
  out.family("behoud_info", "gauge", "The version that runs.").sample({{"version", version()}}, 1);
  out.family("process_start_time_seconds", "gauge", "When it was started, since 1970.")
      .sample({}, static_cast<double>(started_ms) / 1e3);
  const auto numbers = process_numbers();
  if (!numbers) return;
  out.family("process_resident_memory_bytes", "gauge", "Memory in use.").sample({}, numbers->resident_bytes);
  out.family("process_cpu_seconds_total", "counter", "Time on a processor.").sample({}, numbers->cpu_seconds);
  out.family("process_open_fds", "gauge", "Open descriptors.").sample({}, numbers->open_files);
  out.family("process_threads", "gauge", "Threads.").sample({}, numbers->threads);
}

// Whether the connection itself, and not only what a proxy said, comes from this machine: behind a proxy on this
// machine everybody would.
bool is_from_here(const http::Request& request) {
  const auto address = http::parse_address(request.client);
  return address && address->is_loopback() && !request.headers.find("X-Forwarded-For") &&
         !request.headers.find("Forwarded");
}

}  // namespace

std::optional<ProcessNumbers> process_numbers() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t size = 0, resident = 0;
  if (!(statm >> size >> resident)) return std::nullopt;
  ProcessNumbers out;
  out.resident_bytes = static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE));
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  out.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  std::error_code error;
  for (std::filesystem::directory_iterator at("/proc/self/fd", error), end; !error && at != end; at.increment(error)) {
    ++out.open_files;
  }
  for (std::filesystem::directory_iterator at("/proc/self/task", error), end; !error && at != end;
       at.increment(error)) {
    ++out.threads;
  }
  return out;
}

void add_metrics_route(http::Router& router, const ServedShops& shops, MetricsSources sources) {
  const http::RoutePolicy policy{.right = sources.open_here ? http::Right::kPublic : http::Right::kRead};
  router.add(
      http::Method::kGet, "/metrics",
      [sources = std::move(sources), &shops](const http::Request& request) -> http::Response {
        if (sources.open_here && !is_from_here(request) && request.actor.role == http::Role::kNobody) {
          return http::error_response(401, "not_signed_in", "the metrics are open to this machine alone",
                                      "from elsewhere, use a token of the scope read");
        }
        http::PrometheusText out;
        if (sources.requests != nullptr) sources.requests->write(out);
        if (sources.connections) http::write_connections(out, sources.connections());
        write_shops(out, shops);
        write_process(out, sources.started_ms);
        http::Response response{200, std::string{http::kPrometheusType}, out.text(), {}};
        response.headers.set("Cache-Control", "no-store");
        return response;
      },
      policy);
}

}  // namespace behoud::app
