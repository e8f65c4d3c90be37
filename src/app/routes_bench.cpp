// Click to result: answers through the router, without sockets, each asked for the first time (another window, search
// or page), of a shop of $BEHOUD_BENCH_ORDERS orders (400,000) with a quarter as many customers. Counters: milliseconds
// at the median and the 95th percentile, bytes of the customers' directory a customer.

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "app/served_shops.h"
#include "app/shop_routes.h"
#include "app/world.h"
#include "base/process_memory.h"
#include "http/router.h"
#include "http/target.h"

namespace behoud::app {
namespace {

std::uint64_t orders_wanted() {
  const char* said = std::getenv("BEHOUD_BENCH_ORDERS");
  return said == nullptr ? 400'000 : std::strtoull(said, nullptr, 10);
}

std::uint64_t mixed(std::uint64_t x) {  // splitmix64
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

constexpr std::string_view kNames[] = {"Jan de Vries", "Åsa Öberg", "José Núñez", "Maria Smit", "Nils Holm"};

class Shop {
 public:
  Shop() : folder_((std::filesystem::temp_directory_path() / fmt::format("behoud-bench-{}", ::getpid())).string()) {
    std::filesystem::create_directory(folder_);
    fill();
    shops_ = std::move(*ServedShops::open(folder_ + "/shop", std::nullopt, real_world()));
    add_shop_routes(router_, *shops_);
    if (!shops_->home().warm.settled()) std::abort();
  }
  ~Shop() {
    shops_.reset();
    std::filesystem::remove_all(folder_);
  }
  Shop(const Shop&) = delete;
  Shop& operator=(const Shop&) = delete;

  ServedShops& shops() { return *shops_; }
  // More orders of those customers, a third of them new, as an import of its own.
  void import_more(std::uint64_t orders) {
    const std::uint64_t customers = std::max<std::uint64_t>(orders_wanted() / 4, 1) * 3 / 2;
    const std::string file = fmt::format("more {}", more_);
    auto import = shops_->home().ledger.begin_import(
        {.kind = ledger::ImportKind::kOrders, .file_name = file, .source = "", .sha256 = file, .options = ""});
    for (; orders > 0; --orders) {
      const std::uint64_t chance = mixed(~++more_);
      const std::string id = fmt::format("more{}", more_), key = fmt::format("{}", chance % customers);
      ledger::OrderAssertion o;
      o.order_id = id;
      o.customer = {ledger::IdentitySpace::kCustomerId, key};
      o.currency = money::Currency::parse("EUR").value();
      o.placed = calendar::Moment{
          {calendar::civil(2024, 10, 1).number * calendar::kMsPerDay + static_cast<std::int64_t>(chance % 80'000'000)},
          false};
      o.gross_minor = static_cast<std::int64_t>(500 + chance % 9000);
      o.source = "mail";
      if (!import->add(o)) std::abort();
    }
    if (!import->commit()) std::abort();
  }
  // So that all is rebuilt.
  void read_a_status_otherwise() {
    ledger::SettingsChange change;
    change.statuses[fmt::format("word {}", ++more_)] = ledger::Standing::kNot;
    if (!shops_->home().ledger.change(change)) std::abort();
  }
  http::Response get(const std::string& target) const {
    http::Request request;
    auto parsed = http::parse_target(target);
    if (!parsed) std::abort();
    request.path = parsed->path;
    request.query = parsed->query;
    auto match = router_.match(http::Method::kGet, request.path);
    request.captures = std::move(match.captures);
    return match.route->handler(request);
  }

 private:
  void fill() {
    const World world = real_world();
    auto ledger =
        ledger::Ledger::open(*ledger::DataFolder::create(folder_ + "/shop", false, {world.now, world.entropy, ""}));
    ledger::SettingsChange settings;
    settings.zone = "Europe/Amsterdam";
    settings.currency = money::Currency::parse("EUR").value();
    settings.window_days = 90;
    auto import = ledger->begin_import(
        {.kind = ledger::ImportKind::kOrders, .file_name = "bench", .source = "", .sha256 = "b", .options = ""});
    const std::uint64_t orders = orders_wanted(), customers = std::max<std::uint64_t>(orders / 4, 1);
    const std::int64_t begin = calendar::civil(2022, 1, 1).number * calendar::kMsPerDay;
    for (std::uint64_t i = 0; i < orders; ++i) {
      const std::uint64_t chance = mixed(i), who = mixed(chance) % customers;
      const std::string id = fmt::format("{}", 100'000 + i), key = fmt::format("{}", who);
      const std::string email = fmt::format("person{}@example.com", who);
      const std::string name = fmt::format("{} {}", kNames[who % 5], who);
      ledger::OrderAssertion o;
      o.order_id = id;
      o.customer = {ledger::IdentitySpace::kCustomerId, key};
      o.email = email;
      o.name = name;
      o.currency = *settings.currency;
      const auto days = static_cast<std::int64_t>(1000 * i / orders);
      o.placed = calendar::Moment{{begin + days * calendar::kMsPerDay + static_cast<std::int64_t>(chance % 80'000'000)},
                                  false};
      o.gross_minor = static_cast<std::int64_t>(500 + chance % 9000);
      o.source = chance % 3 == 0 ? "mail" : "search";
      if (chance % 20 == 0) o.refund_minor = *o.gross_minor / 2;
      if (!import->add(o)) std::abort();
    }
    if (!import->commit(settings)) std::abort();
  }

  std::string folder_;
  std::unique_ptr<ServedShops> shops_;
  http::Router router_;
  std::uint64_t more_ = 0;
};

// Of the thread: it ends before what the ledger keeps for the thread does, which is written through when it is closed.
Shop& shop() {
  static thread_local Shop made;
  return made;
}

template <class Target>
void ask(benchmark::State& state, Target target) {
  std::vector<double> took;
  for (auto _ : state) {
    state.PauseTiming();
    const std::string asked = target(took.size());
    state.ResumeTiming();
    const auto begin = std::chrono::steady_clock::now();
    const http::Response response = shop().get(asked);
    took.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
    if (response.status != 200) return state.SkipWithError(response.body.c_str());
  }
  std::ranges::sort(took);
  state.counters["p50_ms"] = took[took.size() / 2];
  state.counters["p95_ms"] = took[std::min(took.size() - 1, took.size() * 95 / 100)];
}

double peak_megabytes() { return peak_resident_bytes() / (1 << 20); }

// From the end of an import of so many orders (0: from a change after which all is rebuilt) until the server answers
// with it.
void until_answered(benchmark::State& state) {
  (void)shop();
  forget_peak_resident();
  for (auto _ : state) {
    state.PauseTiming();
    state.range(0) > 0 ? shop().import_more(static_cast<std::uint64_t>(state.range(0)))
                       : shop().read_a_status_otherwise();
    state.ResumeTiming();
    WarmShop& warm = shop().shops().home().warm;
    warm.refresh();
    const auto now = warm.settled();
    if (!now || (*now)->followed != (state.range(0) > 0)) return state.SkipWithError("not as it was meant");
  }
  state.counters["peak_MB"] = peak_megabytes();
}
BENCHMARK(until_answered)
    ->ArgName("orders")
    ->Arg(1000)
    ->Arg(1)
    ->Arg(0)
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond)
    ->Iterations(3);

void directory_made(benchmark::State& state) {
  const auto current = shop().shops().home().warm.current();
  for (auto _ : state) {
    const auto snapshot = shop().shops().home().ledger.snapshot();
    const auto directory = CustomerDirectory::create(*snapshot, current);
    for (int sort = 0; sort < 4; ++sort) (void)(*directory)->ascending(static_cast<CustomerSort>(sort));
    const auto customers = static_cast<double>((*directory)->size());
    state.counters["bytes/customer"] = static_cast<double>((*directory)->bytes()) / customers;
    state.counters["index_bytes/customer"] = static_cast<double>((*directory)->search().bytes()) / customers;
    state.counters["customers"] = customers;
  }
}
BENCHMARK(directory_made)->Unit(benchmark::kMillisecond)->Iterations(1);

void route(benchmark::State& state, const char* path) {
  ask(state, [path](std::size_t i) { return fmt::format("/api/v1/{}window={}d", path, 30 + i); });
}
BENCHMARK_CAPTURE(route, retention, "retention?")->Unit(benchmark::kMillisecond)->Iterations(20);
BENCHMARK_CAPTURE(route, retention_compared, "retention?compare=last_year&")
    ->Unit(benchmark::kMillisecond)
    ->Iterations(20);
BENCHMARK_CAPTURE(route, cohorts, "cohorts?")->Unit(benchmark::kMillisecond)->Iterations(20);
BENCHMARK_CAPTURE(route, value, "value?")->Unit(benchmark::kMillisecond)->Iterations(20);
BENCHMARK_CAPTURE(route, cost, "cost?")->Unit(benchmark::kMillisecond)->Iterations(20);
BENCHMARK_CAPTURE(route, claims, "claims?")->Unit(benchmark::kMillisecond)->Iterations(20);
BENCHMARK_CAPTURE(route, whatif, "whatif?")->Unit(benchmark::kMillisecond)->Iterations(20);
BENCHMARK_CAPTURE(route, behind_lost, "customers?behind=lost&limit=100&")
    ->Unit(benchmark::kMillisecond)
    ->Iterations(20);
BENCHMARK_CAPTURE(route, today, "today?")->Unit(benchmark::kMillisecond)->Iterations(8);

void customers_page(benchmark::State& state) {
  ask(state, [](std::size_t i) {
    // In each order; the first of each is when it is sorted.
    constexpr const char* kSorts[] = {"last_order", "revenue", "orders", "first_order"};
    return fmt::format("/api/v1/customers?limit={}&sort={}", 500 + i / 4, kSorts[i % 4]);
  });
}
BENCHMARK(customers_page)->Unit(benchmark::kMillisecond)->Iterations(60);

void customers_search(benchmark::State& state) {
  (void)shop().get("/api/v1/customers?limit=1");
  ask(state, [](std::size_t i) {
    const std::string typed[] = {fmt::format("person{}", i), fmt::format("%231{}", i), "jan",
                                 fmt::format("vries {}", i), fmt::format("a{}", i)};
    return fmt::format("/api/v1/customers?q={}&limit={}", typed[i % 5], 50 + i / 5);
  });
}
BENCHMARK(customers_search)->Unit(benchmark::kMillisecond)->Iterations(100);

void customer_history(benchmark::State& state) {
  (void)shop().get("/api/v1/customers?limit=1");
  ask(state, [](std::size_t i) { return fmt::format("/api/v1/customers/{}", mixed(i) % (orders_wanted() / 4)); });
}
BENCHMARK(customer_history)->Unit(benchmark::kMillisecond)->Iterations(100);

void answered_before(benchmark::State& state) {
  ask(state, [](std::size_t) { return std::string("/api/v1/retention"); });
}
BENCHMARK(answered_before)->Unit(benchmark::kMicrosecond)->Iterations(200);

}  // namespace
}  // namespace behoud::app
