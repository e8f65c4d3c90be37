// How many requests a second, from bytes to bytes: the reader alone, and the whole server over loopback.

#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "http/finish.h"
#include "http/request_reader.h"
#include "http/server.h"
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
             {0, state.range(1) != 0});
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

}  // namespace
}  // namespace behoud::http
