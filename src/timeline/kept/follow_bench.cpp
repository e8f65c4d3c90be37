// Histories of $BEHOUD_BENCH_ORDERS orders (1,000,000) of a quarter as many customers, after an import of so many more:
// rebuilt, rebuilt to be followed from, and followed; and after a start beside a file of the state before. Counters:
// the process's peak of memory since the timing began.

#include <cstdlib>
#include <optional>
#include <string>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "base/process_memory.h"
#include "base/testing/temporary_folder.h"
#include "timeline/kept/footing_file.h"
#include "timeline/kept/kept_histories.h"

namespace behoud::timeline {
namespace {

template <class T>
T given(Result<T> result) {
  if (!result) std::abort();
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

class Shop {
 public:
  Shop() {
    ledger::Environment world;
    world.now = [now = std::int64_t{1'709'251'200'000}]() mutable { return calendar::Instant{now += 1000}; };
    world.entropy = [n = std::uint64_t{1}]() mutable { return n = n * 6'364'136'223'846'793'005ULL + 1; };
    ledger_.emplace(given(ledger::Ledger::open(given(ledger::DataFolder::create(folder_ / "shop", false, world)))));
    ledger::SettingsChange change;
    change.currency = given(money::Currency::parse("EUR"));
    given(ledger_->change(change));
    orders(static_cast<std::int64_t>(wanted()));
  }
  static std::uint64_t wanted() {
    const char* said = std::getenv("BEHOUD_BENCH_ORDERS");
    return said == nullptr ? 1'000'000 : std::strtoull(said, nullptr, 10);
  }
  void orders(std::int64_t n) {
    ledger::ImportMeta meta;
    meta.kind = ledger::ImportKind::kOrders;
    meta.file_name = meta.sha256 = std::to_string(++files_);
    auto writer = given(ledger_->begin_import(meta));
    for (; n > 0; --n) {
      const std::string id = std::to_string(++made_), who = std::to_string(random() % (wanted() / 4));
      const std::string email = fmt::format("person{}@example.com", who);
      ledger::OrderAssertion o;
      o.order_id = id;
      o.customer = {ledger::IdentitySpace::kCustomerId, who};
      o.email = email;
      o.placed = calendar::Moment{{kFirst + static_cast<std::int64_t>(random() % kSeconds) * 1000}, false};
      o.currency = given(money::Currency::parse("EUR"));
      o.gross_minor = static_cast<std::int64_t>(500 + random() % 20'000);
      o.source = made_ % 3 == 0 ? "mail" : "search";
      if (made_ % 20 == 0) o.refund_minor = *o.gross_minor / 2;
      if (made_ % 30 == 0) o.status = "pending";
      given(writer.add(o));
    }
    given(writer.commit());
  }
  ledger::Snapshot snapshot() const { return given(ledger_->snapshot()); }
  std::string kept() const { return folder_ / "histories"; }

 private:
  static constexpr std::int64_t kFirst = 1'640'995'200'000, kSeconds = 2 * 365 * 86'400;
  std::uint64_t random() {
    return (state_ = state_ * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL) >> 33;
  }
  TemporaryFolder folder_;
  std::optional<ledger::Ledger> ledger_;
  std::uint64_t state_ = 7, made_ = 0;
  int files_ = 0;
};

// Of the thread: it ends before what the ledger keeps for the thread does, which is written through when it is closed.
Shop& shop() {
  static thread_local Shop made;
  return made;
}

double peak_megabytes() { return peak_resident_bytes() / (1 << 20); }

void rebuilt(benchmark::State& state) {
  const ledger::Snapshot now = shop().snapshot();
  forget_peak_resident();
  for (auto _ : state) benchmark::DoNotOptimize(given(rebuild(now)));
  state.counters["peak_MB"] = peak_megabytes();
}
void rebuilt_to_follow(benchmark::State& state) {
  const ledger::Snapshot now = shop().snapshot();
  forget_peak_resident();
  for (auto _ : state) benchmark::DoNotOptimize(given(rebuild_to_follow(now)));
  state.counters["peak_MB"] = peak_megabytes();
}

void followed(benchmark::State& state) {
  Founded current = given(rebuild_to_follow(shop().snapshot()));
  double statements = 0;
  forget_peak_resident();
  for (auto _ : state) {
    state.PauseTiming();
    if (state.range(0) > 0) shop().orders(state.range(0));
    state.ResumeTiming();
    auto next = given(follow(current.rebuilt.histories, *current.footing, shop().snapshot()));
    state.PauseTiming();
    if (!std::holds_alternative<Followed>(next)) return state.SkipWithError("it was not followed");
    statements = static_cast<double>(std::get<Followed>(next).replayed.statements);
    current.rebuilt = std::move(std::get<Followed>(next).rebuilt);
    state.ResumeTiming();
  }
  state.counters["statements"] = statements;
  state.counters["peak_MB"] = peak_megabytes();
}

// What a start does: the file of the state before is read, with its footing, and followed.
void started(benchmark::State& state) {
  FileMark mark;
  {
    const Founded founded = given(rebuild_to_follow(shop().snapshot()));
    mark = {.generation = founded.footing->at.generation, .seq = founded.footing->at.revision, .settings = 1};
    state.counters["file_bytes_an_order"] =
        static_cast<double>(given(write_histories(shop().kept(), mark, founded.rebuilt.histories,
                                                  founded.rebuilt.unused, system_calls(), &*founded.footing))) /
        static_cast<double>(founded.rebuilt.histories.orders());
  }
  if (state.range(0) > 0) shop().orders(state.range(0));
  const ledger::Snapshot now = shop().snapshot();
  FileMark wanted = mark;
  wanted.seq = now.revision();
  for (auto _ : state) {
    auto read = read_histories_to_follow(shop().kept(), wanted);
    auto& kept = std::get<KeptHistories>(read);
    Footing footing = given(read_footing(kept.file, kept.rebuilt.histories));
    benchmark::DoNotOptimize(given(follow(kept.rebuilt.histories, footing, now)));
  }
}

BENCHMARK(rebuilt)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime()->Iterations(2);
BENCHMARK(rebuilt_to_follow)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime()->Iterations(2);
BENCHMARK(followed)
    ->ArgName("orders")
    ->Arg(0)
    ->Arg(1)
    ->Arg(1000)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Iterations(4);
BENCHMARK(started)
    ->ArgName("orders")
    ->Arg(0)
    ->Arg(1000)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Iterations(3);

}  // namespace
}  // namespace behoud::timeline
