// The questions over 4 M orders of 1 M customers in three years, one in twenty refunded: rows/s are orders a second.
// Asked as of a server, which keeps what questions share (prepared.h), with another window each time; `alone` are asked
// of nothing but the histories.

#include <cmath>

#include <benchmark/benchmark.h>

#include "retention/answers.h"
#include "retention/internal/view.h"
#include "retention/people_behind.h"
#include "retention/report/today.h"

namespace behoud::retention {
namespace {

std::uint64_t mixed(std::uint64_t x) {  // splitmix64
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

// Laid out directly, as the builder would: customer after customer, days ascending. Numbers of orders are geometric
// with a mean of 4, gaps exponential about a mean of their customer's own.
const timeline::Histories& shop() {
  static const timeline::Histories histories = [] {
    constexpr std::uint32_t kCustomers = 1'000'000;
    timeline::Histories h;
    h.zone = calendar::Zone::create("Europe/Amsterdam").value();
    h.currency = money::Currency::parse("EUR").value();
    h.sources.by_code = {"", "mail", "search", "shop", "social"};
    const calendar::Day begin = calendar::civil(2022, 1, 1);
    const int days = calendar::civil(2025, 1, 1) - begin;
    std::uint64_t seed = 1;
    const auto uniform = [&seed] { return static_cast<double>(mixed(++seed) >> 11) / 9007199254740992.0; };
    for (std::uint32_t c = 0; c < kCustomers; ++c) {
      const double gap = 20 + 160 * uniform();
      double at = days * uniform();
      do {
        const auto on = begin + static_cast<int>(at);
        h.order_day.push_back(on);
        h.order_at.push_back({on.number * calendar::kMsPerDay + 36'000'000});
        h.gross_minor.push_back(static_cast<std::int64_t>(1000 + 9000 * uniform()));
        h.source.push_back(static_cast<timeline::Code>(uniform() * 5));
        if (uniform() < 0.05) {
          const auto row = static_cast<std::uint32_t>(h.order_day.size() - 1);
          h.steps.push_back({row, h.order_at.back().ms + 864'000'000, h.gross_minor.back() / 2, true});
        }
        at -= gap * std::log(1 - uniform());
      } while (at < days && uniform() < 0.87);
      h.order_begin.push_back(static_cast<std::uint32_t>(h.order_day.size()));
      h.customer_key.push_back(std::to_string(c));
    }
    h.first_order_day = *std::min_element(h.order_day.begin(), h.order_day.end());
    h.last_order_day = *std::max_element(h.order_day.begin(), h.order_day.end());
    h.customer_space.assign(kCustomers, ledger::IdentitySpace::kCustomerId);
    h.customer_label.resize(kCustomers);
    h.known_since.resize(kCustomers);
    h.orders_before.resize(kCustomers);
    h.units_milli.assign(h.orders(), 1000);
    h.margin_rate_millionth = 400'000;
    return h;
  }();
  return histories;
}

const Prepared& prepared() {
  static const Prepared kept;
  return kept;
}

// The question's window: another one each time, as of somebody who tries them.
ShopSettings settings_of(std::int64_t nth) {
  return {.window_days = 60 + static_cast<int>(nth % 60), .what_if_points = 5};
}

template <class Ask>
void ask(benchmark::State& state, Ask question) {
  const timeline::Histories& h = shop();
  std::int64_t nth = 0;
  (void)question(Source(h, &prepared()), settings_of(nth));  // what is kept is there
  for (auto _ : state) {
    const auto answer = question(Source(h, &prepared()), settings_of(++nth));
    if (!answer.has_value()) return state.SkipWithError("no answer");
    benchmark::DoNotOptimize(&answer);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(h.orders()));
  state.counters["orders"] = static_cast<double>(h.orders());
}

void retention_36_months(benchmark::State& state) {
  ask(state, [](const Source& h, const ShopSettings& s) { return answer_retention(h, s, {}); });
}
void retention_alone(benchmark::State& state) {
  ask(state, [](const Source& h, const ShopSettings& s) { return answer_retention(h.histories, s, {}); });
}
void view_of_a_moment(benchmark::State& state) {
  const timeline::Histories& h = shop();
  for (auto _ : state) benchmark::DoNotOptimize(View::create(h, std::nullopt));
  state.counters["bytes/order"] =
      static_cast<double>(View::create(h, std::nullopt)->bytes()) / static_cast<double>(h.orders());
}
void today(benchmark::State& state) {
  ask(state, [](const Source& h, const ShopSettings& s) { return report::make_today(h, s, {}, {}); });
}
void retention_by_source(benchmark::State& state) {
  Question q;
  q.split = Split::kSource;
  ask(state, [&q](const Source& h, const ShopSettings& s) { return answer_retention(h, s, q); });
}
void retention_1096_days(benchmark::State& state) {
  Question q;
  q.grain.unit = calendar::Grain::Unit::kDay;
  ask(state, [&q](const Source& h, const ShopSettings& s) { return answer_retention(h, s, q); });
}
void cohorts(benchmark::State& state) {
  Question q;
  q.mode = static_cast<CohortMode>(state.range(0));
  ask(state, [&q](const Source& h, const ShopSettings& s) { return answer_cohorts(h, s, q); });
}
void value(benchmark::State& state) {
  ask(state, [](const Source& h, const ShopSettings& s) { return answer_value(h, s, {}); });
}
void cost(benchmark::State& state) {
  ask(state, [](const Source& h, const ShopSettings& s) { return answer_cost(h, s, {}); });
}
void claims(benchmark::State& state) {
  ask(state, [](const Source& h, const ShopSettings& s) { return answer_claims(h, s, {}); });
}
void whatif(benchmark::State& state) {
  ask(state, [](const Source& h, const ShopSettings& s) { return answer_whatif(h, s, {}); });
}
void slipping(benchmark::State& state) {
  ask(state, [](const Source& h, const ShopSettings& s) { return answer_slipping(h, s, {}); });
}
void behind_lost(benchmark::State& state) {
  ask(state, [](const Source& h, const ShopSettings& s) { return people_behind(h, s, {}, "lost"); });
}
void window(benchmark::State& state) {
  ask(state, [](const Source& h, const ShopSettings&) { return Result<WindowChoice>(choose_window(h.histories)); });
}
BENCHMARK(retention_36_months)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();
BENCHMARK(retention_alone)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();
BENCHMARK(view_of_a_moment)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();
BENCHMARK(today)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();
BENCHMARK(retention_by_source)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();
BENCHMARK(retention_1096_days)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();
BENCHMARK(cohorts)->ArgName("mode")->DenseRange(0, 2)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();
BENCHMARK(value)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();
BENCHMARK(cost)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();
BENCHMARK(claims)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();
BENCHMARK(whatif)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();
BENCHMARK(slipping)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();
BENCHMARK(behind_lost)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();
BENCHMARK(window)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

}  // namespace
}  // namespace behoud::retention
