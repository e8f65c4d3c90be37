// A start beside a ledger of 200,000 orders and 800,000 events of 50,000 customers: with the file at the ledger's
// state, with a tail to replay, without a file. And what is written for each event that comes, in batches of 20,000,
// and what following takes of the processor beside what the ledger takes.
// BEHOUD_BENCH_EVENTS=10000000: ten million of both together, of 500,000 customers.

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <optional>
#include <string>

#include <benchmark/benchmark.h>

#include "base/testing/temporary_folder.h"
#include "timeline/kept/kept_timeline.h"

namespace behoud::timeline {
namespace {

std::int64_t asked_events() {
  const char* const asked = std::getenv("BEHOUD_BENCH_EVENTS");
  return asked == nullptr ? 1'000'000 : std::max<std::int64_t>(1000, std::atoll(asked));
}
const std::int64_t kOrders = asked_events() / 5, kEvents = kOrders * 4;
const std::uint64_t kCustomers = static_cast<std::uint64_t>(asked_events()) / 20;

double cpu_us() { return 1e6 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

template <class T>
T given(Result<T> result) {
  if (!result) std::abort();
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

// As a shop's day goes: customers in no order, items and sources a few.
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
    orders(kOrders);
    events(kEvents);
  }
  void orders(std::int64_t n) {
    import(ledger::ImportKind::kOrders, [&](ledger::ImportWriter& writer) {
      for (; n > 0; --n) {
        const std::string id = std::to_string(++made_), who = std::to_string(random() % kCustomers);
        ledger::OrderAssertion o;
        o.order_id = id;
        o.customer = {ledger::IdentitySpace::kCustomerId, who};
        o.placed = calendar::Moment{moment(), false};
        o.currency = given(money::Currency::parse("EUR"));
        o.gross_minor = static_cast<std::int64_t>(500 + random() % 20'000);
        o.source = made_ % 3 == 0 ? "mail" : "search";
        given(writer.add(o));
      }
    });
  }
  void events(std::int64_t n) {
    import(ledger::ImportKind::kEvents, [&](ledger::ImportWriter& writer) {
      for (; n > 0; --n) {
        const std::string who = std::to_string(random() % kCustomers);
        ledger::EventRecord e;
        e.customer = {ledger::IdentitySpace::kCustomerId, who};
        e.kind = n % 4 == 0 ? "Product Added" : "Product Viewed";
        e.at = {moment(), false};
        given(writer.add(e));
      }
    });
  }
  // The import that came last is taken back.
  void undo() { given(ledger_->undo_import(imported_)); }
  void merge(std::int64_t n) {
    for (; n > 0; --n) {
      const std::string a = std::to_string(random() % kCustomers), b = std::to_string(random() % kCustomers);
      if (a != b)
        given(ledger_->merge({ledger::IdentitySpace::kCustomerId, a}, {ledger::IdentitySpace::kCustomerId, b}));
    }
  }
  std::unique_ptr<KeptTimeline> open(double bytes_an_event) {
    return given(KeptTimeline::open(kept(), [this] { return ledger_->snapshot(); },
                                    {.made_by = 1, .bytes_an_event = bytes_an_event}));
  }
  std::string kept() const { return folder_ / "timeline"; }
  std::uint64_t kept_bytes() const {
    std::uint64_t bytes = 0;
    for (const auto& entry : std::filesystem::directory_iterator(kept())) bytes += entry.file_size();
    return bytes;
  }

 private:
  template <class Add>
  void import(ledger::ImportKind kind, const Add& add) {
    ledger::ImportMeta meta;
    meta.kind = kind;
    meta.file_name = meta.sha256 = std::to_string(++files_);
    auto writer = given(ledger_->begin_import(meta));
    add(writer);
    imported_ = given(writer.commit()).id;
  }
  std::uint64_t random() {
    return (state_ = state_ * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL) >> 33;
  }
  calendar::Instant moment() {
    constexpr std::int64_t kFirst = 1'640'995'200'000, kSeconds = 2 * 365 * 86'400;
    return {kFirst + static_cast<std::int64_t>(random() % kSeconds) * 1000};
  }
  TemporaryFolder folder_;
  std::optional<ledger::Ledger> ledger_;
  std::uint64_t state_ = 7, made_ = 0;
  int files_ = 0;
  ledger::ImportId imported_ = 0;
};

void WithoutAFile(benchmark::State& state) {
  Shop shop;
  for (auto _ : state) {
    std::filesystem::remove_all(shop.kept());
    benchmark::DoNotOptimize(shop.open(0));
  }
  state.counters["file_bytes_an_event"] =
      static_cast<double>(shop.kept_bytes()) / static_cast<double>(kOrders + kEvents);
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * (kOrders + kEvents));
}
BENCHMARK(WithoutAFile)->Unit(benchmark::kMillisecond)->Iterations(3);

void AtTheLedgersState(benchmark::State& state) {
  Shop shop;
  shop.open(0);
  for (auto _ : state) benchmark::DoNotOptimize(shop.open(0));
}
BENCHMARK(AtTheLedgersState)->Unit(benchmark::kMillisecond)->Iterations(20);

// So many orders and four times as many events.
void WithATail(benchmark::State& state) {
  Shop shop;
  shop.open(0);
  if (state.range(0) > 0) shop.orders(state.range(0));
  shop.events(4 * state.range(0));
  Replayed replayed;
  for (auto _ : state) {
    const auto kept = shop.open(0);
    if (!kept->account().derived_because.empty()) state.SkipWithError("all was derived anew");
    replayed = kept->account().replayed;
  }
  state.counters["customers"] = static_cast<double>(replayed.customers);
  state.counters["statements"] = static_cast<double>(replayed.statements);
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * replayed.rows));
}
BENCHMARK(WithATail)->Unit(benchmark::kMillisecond)->Arg(10)->Arg(100)->Arg(1000)->Iterations(3);

// A start behind so many merges, and behind an import of so many orders that was taken back.
void StartBehind(benchmark::State& state, Shop& shop) {
  Replayed replayed;
  for (auto _ : state) {
    const auto kept = shop.open(0);
    if (!kept->account().derived_because.empty()) state.SkipWithError("all was derived anew");
    replayed = kept->account().replayed;
  }
  state.counters["customers"] = static_cast<double>(replayed.customers);
  state.counters["statements"] = static_cast<double>(replayed.statements);
}
void BehindMerges(benchmark::State& state) {
  Shop shop;
  shop.open(0);
  shop.merge(state.range(0));
  StartBehind(state, shop);
}
BENCHMARK(BehindMerges)->Unit(benchmark::kMillisecond)->Arg(1)->Arg(100)->Arg(400)->Iterations(3);
void BehindAnImportTakenBack(benchmark::State& state) {
  Shop shop;
  shop.orders(state.range(0));
  shop.open(0);
  shop.undo();
  StartBehind(state, shop);
}
BENCHMARK(BehindAnImportTakenBack)->Unit(benchmark::kMillisecond)->Arg(10)->Arg(100)->Arg(1000)->Iterations(3);

void FollowingAStream(benchmark::State& state) {
  Shop shop;
  const auto kept = shop.open(150);
  constexpr std::int64_t kBatch = 20'000;
  double ledger_us = 0, follow_us = 0;  // of the processor
  for (auto _ : state) {
    state.PauseTiming();
    double begin = cpu_us();
    shop.events(kBatch);
    ledger_us += cpu_us() - begin;
    state.ResumeTiming();
    begin = cpu_us();
    given(kept->follow());
    follow_us += cpu_us() - begin;
  }
  given(kept->write());
  const auto came = static_cast<double>(state.iterations() * kBatch);
  state.counters["ledger_us_an_event"] = ledger_us / came;
  state.counters["follow_us_an_event"] = follow_us / came;
  const KeptTimeline::Account account = kept->account();
  state.counters["bytes_written_an_event"] =
      static_cast<double>(account.bytes_written) / static_cast<double>(account.events_written);
  state.counters["writes"] = static_cast<double>(account.writes);
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * kBatch);
}
BENCHMARK(FollowingAStream)->Unit(benchmark::kMillisecond)->Iterations(40);

}  // namespace
}  // namespace behoud::timeline
