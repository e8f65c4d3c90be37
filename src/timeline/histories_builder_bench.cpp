// Building histories of 10 M orders by 2 M customers: from a stream by time, as an export is, with ids that ascend and
// with ids in any order; and with every order stated again by a second, overlapping export. Run each alone to read its
// peak of memory: `VmHWM` is the process's.

#include <charconv>
#include <string>

#include <benchmark/benchmark.h>

#include "base/process_memory.h"
#include "timeline/histories_builder.h"

namespace behoud::timeline {
namespace {

double peak_megabytes() { return peak_resident_bytes() / (1 << 20); }

// A few ns a number (splitmix64), so that the stream costs next to nothing.
std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

void build(benchmark::State& state) {
  const auto orders = static_cast<std::uint64_t>(state.range(0));
  const auto times = static_cast<std::uint64_t>(state.range(1));
  const bool ascending = state.range(2) != 0;
  const std::uint64_t customers = orders / 5;
  static const char* const kSources[] = {"", "google", "instagram", "mail", "direct"};
  for (auto _ : state) {
    BuildSettings settings;
    settings.zone = calendar::Zone::create("Europe/Amsterdam").value();
    HistoriesBuilder builder(std::move(settings));
    const money::Currency euro = money::Currency::parse("EUR").value();
    std::string id, key;
    const auto number = [](std::string& text, std::uint64_t value) {
      char digits[20];
      text.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
    };
    std::uint64_t seq = 0;
    for (std::uint64_t n = 0; n < orders * times; ++n) {
      const std::uint64_t i = n % orders, r = mixed(i);
      id.clear();
      number(id, ascending ? 100'000'000 + i : mixed(i));
      key = "c";
      number(key, r % customers);
      key += "@example.org";
      ledger::OrderAssertion o;
      o.order_id = id;
      o.customer = {ledger::IdentitySpace::kEmail, key};
      o.placed = calendar::Moment{{1'640'995'200'000 + static_cast<std::int64_t>(i * 9'467)}, false};
      o.currency = euro;
      o.gross_minor = static_cast<std::int64_t>(r >> 40 & 0x3fff);
      o.status = "paid";
      o.source = kSources[(r >> 32) % 5];
      benchmark::DoNotOptimize(builder.add(o, {1}, ++seq));
    }
    Histories h = std::move(builder).finish().value();
    benchmark::DoNotOptimize(h.gross_minor.data());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0) * state.range(1));
  state.counters["peak_MB"] = peak_megabytes();
}
BENCHMARK(build)
    ->ArgNames({"orders", "times", "ascending"})
    ->Args({10'000'000, 1, 1})
    ->Args({10'000'000, 1, 0})
    ->Args({2'000'000, 2, 1})
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);

}  // namespace
}  // namespace behoud::timeline
