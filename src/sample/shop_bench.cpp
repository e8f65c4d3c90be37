#include <benchmark/benchmark.h>

#include "sample/shop.h"
#include "sample/shop_file.h"

namespace behoud::sample {
namespace {

void MakeShop(benchmark::State& state) {
  Plan plan;
  plan.customers = static_cast<std::uint32_t>(state.range(0));
  std::size_t made = 0;
  for (auto _ : state) {
    const Shop shop = make_shop(plan).value();
    made += shop.orders.size() + shop.events.size();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(made));
}
BENCHMARK(MakeShop)->Arg(20'000)->Unit(benchmark::kMillisecond);

void WriteShop(benchmark::State& state) {
  Plan plan;
  plan.customers = 20'000;
  const Shop shop = make_shop(plan).value();
  const auto shape = static_cast<Shape>(state.range(0));
  std::size_t bytes = 0;
  for (auto _ : state) {
    const auto written = write_shop(shop, shape, calendar::Zone::utc(), [&](std::string_view part) -> Result<void> {
      bytes += part.size();
      return {};
    });
    if (!written) state.SkipWithError(written.error().message.c_str());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
  const std::size_t items = shape == Shape::kEvents ? shop.orders.size() + shop.events.size() : shop.orders.size();
  state.SetItemsProcessed(static_cast<std::int64_t>(items) * state.iterations());
}
BENCHMARK(WriteShop)->DenseRange(0, 3)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace behoud::sample
