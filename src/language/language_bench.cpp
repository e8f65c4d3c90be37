// Texts and amounts as a reader sees them: items/s. A report has a few thousand of them.

#include <benchmark/benchmark.h>

#include "language/catalogue.h"

namespace behoud::language {
namespace {

void BM_Text(benchmark::State& state) {
  const Catalogue c(Language::nl);
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        c.text("example.kept", {{"kept", 80}, {"start", 100}, {"day", calendar::civil(2024, 3, 1)}}));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Text);

void BM_Money(benchmark::State& state) {
  const Conventions c(Language::sv);
  const money::Currency sek = money::Currency::parse("SEK").value();
  for (auto _ : state) benchmark::DoNotOptimize(c.money(money::Money{123450, sek}));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Money);

void BM_CatalogueCreate(benchmark::State& state) {
  for (auto _ : state) {
    const Catalogue c(Language::nl);
    benchmark::DoNotOptimize(c.text("example.plain"));
  }
}
BENCHMARK(BM_CatalogueCreate);

}  // namespace
}  // namespace behoud::language
