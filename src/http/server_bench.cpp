// How many requests a second, from bytes to bytes: the reader alone, and the whole server over loopback.

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <sched.h>
#include <sys/resource.h>

#include "http/finish.h"
#include "http/request_counts.h"
#include "http/request_reader.h"
#include "http/server.h"
#include "http/testing/certificate.h"
#include "http/testing/raw_client.h"

namespace behoud::http {
namespace {

const std::string kRequest =
    "GET /api/v1/retention?from=2024-01-01&to=2024-07-01&grain=month HTTP/1.1\r\nHost: localhost:8080\r\n"
    "Accept: application/json\r\nAccept-Encoding: gzip, deflate\r\nUser-Agent: bench/1.0\r\n\r\n";

void read_requests(benchmark::State& state) {
  RequestReader reader;
  for (auto _ : state) {
    const auto taken = reader.feed(kRequest);
    if (!taken || !reader.done()) state.SkipWithError("not read");
    benchmark::DoNotOptimize(reader.take());
  }
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kRequest.size()));
}
BENCHMARK(read_requests);

void finish_small(benchmark::State& state) {
  const Request request;
  const Response response{200, "application/json", R"({"status":"ok","version":"0.1.0"})", {}};
  for (auto _ : state) benchmark::DoNotOptimize(write_head(finish(request, response), true, "now"));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(finish_small);

void gzip_json(benchmark::State& state) {
  std::string body = "[";
  for (int i = 0; i < 1000; ++i)
    body += R"({"period_start":"2024-01-01","customers_start":)" + std::to_string(i * 7919) + "},";
  for (auto _ : state) benchmark::DoNotOptimize(gzip(body));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(body.size()));
}
BENCHMARK(gzip_json);

// Each connection sends one request and waits for its answer, as browsers do. The client shares the machine.
void serve(benchmark::State& state) {
  Router router;
  router.add(Method::kGet, "/small", [](const Request&) { return Response{200, "application/json", R"({"a":1})", {}}; },
             {.quick = state.range(1) != 0});
  ServerOptions options;
  options.port = 0;
  const auto server = Server::listen(options, router);
  (*server)->start();
  std::vector<std::unique_ptr<testing::RawClient>> clients;
  for (int i = 0; i < state.range(0); ++i) clients.push_back(std::make_unique<testing::RawClient>((*server)->port()));
  for (auto _ : state) {
    for (const auto& client : clients) client->send("GET /small HTTP/1.1\r\nHost: localhost\r\n\r\n");
    for (const auto& client : clients) benchmark::DoNotOptimize(client->receive());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(serve)->ArgNames({"connections", "quick"})->Args({64, 1})->Args({64, 0})->UseRealTime();

// The whole server on one processor, asked by wrk from the other: 64 connections, a small JSON answer. The aim is
// 20,000 requests a second.
void serve_wrk(benchmark::State& state) {
  const bool tls = state.range(0) != 0;
  cpu_set_t before{}, first{};
  CPU_SET(0, &first);
  ::sched_getaffinity(0, sizeof before, &before);
  ::sched_setaffinity(0, sizeof first, &first);  // what is started from here on stays on the first processor
  Router router;
  router.add(Method::kGet, "/small", [](const Request&) { return Response{200, "application/json", R"({"a":1})", {}}; },
             {.quick = true});
  ServerOptions options;
  options.port = 0;
  options.guard = [](Request& request, const Route&) -> std::optional<Response> {
    request.actor.role = request.headers.find("Cookie") ? Role::kViewer : Role::kNobody;
    return std::nullopt;
  };
  RequestCounts counts;
  options.on_served = [&counts](const Served& served) { counts.count(served); };
  options.unix_seconds = [] { return std::int64_t{784111777}; };
  const std::string folder = std::filesystem::temp_directory_path();
  const std::string certificate = folder + "/behoud-bench.pem", key = folder + "/behoud-bench-key.pem";
  if (tls) {
    testing::write_certificate("bench.example", certificate, key);
    options.tls = *TlsIdentity::load(certificate, key);
  }
  const auto server = Server::listen(options, router);
  (*server)->start();
  const std::string command = "taskset -c 1 wrk -t1 -c64 -d5s " + (*server)->url() + "/small 2>&1";
  const auto cpu_seconds = [] {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);  // of the server alone: wrk is a process of its own
    const auto seconds = [](const timeval& t) {
      return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
  };
  double rate = 0;
  double total = 0;
  const double began = cpu_seconds();
  for (auto _ : state) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> wrk(::popen(command.c_str(), "r"), ::pclose);
    std::array<char, 256> line{};
    while (wrk && std::fgets(line.data(), line.size(), wrk.get()) != nullptr) {
      std::sscanf(line.data(), " %lf requests in", &total);
      std::sscanf(line.data(), "Requests/sec: %lf", &rate);
    }
  }
  if (rate == 0) state.SkipWithError("wrk is not there: script/install --test");
  state.counters["requests/s"] = rate;
  // What a processor of its own would give, however busy this machine is.
  state.counters["requests/cpu_s"] = total / std::max(cpu_seconds() - began, 1e-9);
  ::sched_setaffinity(0, sizeof before, &before);
  std::filesystem::remove(certificate);
  std::filesystem::remove(key);
}
BENCHMARK(serve_wrk)->ArgName("tls")->Arg(0)->Arg(1)->Iterations(1)->UseRealTime();

}  // namespace
}  // namespace behoud::http
