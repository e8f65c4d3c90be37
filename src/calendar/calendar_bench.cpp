// Instants to days and texts to instants: rows/s.

#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "calendar/day.h"
#include "calendar/zone.h"

namespace behoud::calendar {
namespace {

std::vector<Instant> instants(bool sorted) {
  std::mt19937_64 random(42);
  std::vector<Instant> out;
  const std::int64_t begin = civil(2014, 1, 1).number * kMsPerDay;
  const std::int64_t length = 10 * 365 * kMsPerDay;
  constexpr std::int64_t kCount = 1 << 16;
  for (std::int64_t i = 0; i < kCount; ++i) {
    out.push_back({begin + (sorted ? length / kCount * i
                                   : static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(length)))});
  }
  return out;
}

void BM_DayOf(benchmark::State& state) {
  const Zone zone = Zone::create("Europe/Amsterdam").value();
  const auto all = instants(state.range(0) == 1);
  for (auto _ : state) {
    for (const Instant t : all) benchmark::DoNotOptimize(zone.day_of(t));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(all.size()));
}
BENCHMARK(BM_DayOf)->ArgName("sorted")->Arg(1)->Arg(0);

void BM_FromLocal(benchmark::State& state) {
  const Zone zone = Zone::create("Europe/Amsterdam").value();
  const auto all = instants(false);
  for (auto _ : state) {
    for (const Instant t : all) benchmark::DoNotOptimize(zone.from_local(t.ms));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(all.size()));
}
BENCHMARK(BM_FromLocal);

void BM_ParseInstant(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(parse_instant("2024-02-29T14:05:07.250+01:00"));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_ParseInstant);

void BM_ZoneCreate(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(Zone::create("Europe/Amsterdam"));
}
BENCHMARK(BM_ZoneCreate);

}  // namespace
}  // namespace behoud::calendar
