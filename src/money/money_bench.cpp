// Amounts read and converted: rows/s.

#include <vector>

#include <benchmark/benchmark.h>

#include "money/money.h"
#include "money/rates.h"

namespace behoud::money {
namespace {

void BM_ParseMinor(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(parse_minor("1234.50", 2));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_ParseMinor);

void BM_Convert(benchmark::State& state) {
  const Currency eur = Currency::parse("EUR").value(), usd = Currency::parse("USD").value(),
                 sek = Currency::parse("SEK").value();
  std::vector<Rate> rates;
  for (int day = 0; day < 7000; ++day) {
    for (const Currency c : {usd, sek}) rates.push_back({calendar::civil(2024, 1, 1) - day, c, 10'000 + day, 4});
  }
  RateTable table(eur);
  if (!table.add_all(rates)) state.SkipWithError("the rates were refused");
  int day = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(table.convert({123450, usd}, sek, calendar::civil(2024, 1, 1) - day));
    if (++day == 7000) day = 0;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Convert);

}  // namespace
}  // namespace behoud::money
