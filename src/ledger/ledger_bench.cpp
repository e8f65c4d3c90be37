// Rows per second of the ledger: a first import, the same rows from another file (all repeats), a newer export (one row
// in ten changed), and reading back. An order is a row of about 90 bytes: id, customer (one of orders / 3), e-mail,
// instant, amount, total, tax, status, source, country, and one line, or two where the name says so.
//
// Behoud's budget (docs/adr): 10 M orders in under 25 s with parsing on the other core, so 700 k orders/s here, and
// reading at 3 M orders/s. BEHOUD_BENCH_ORDERS sets the size; the default is 1 M.

#include <charconv>
#include <cstdlib>

#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include "ledger/internal/testing.h"
#include "ledger/ledger.h"

namespace behoud::ledger {
namespace {

std::int64_t orders_wanted() {
  const char* text = std::getenv("BEHOUD_BENCH_ORDERS");
  return text ? std::atoll(text) : 1'000'000;
}

template <class T>
T must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "%s\n", result.error().message.c_str());
    std::abort();
  }
  return std::move(*result);
}
void must(Result<void> result) {
  if (!result) {
    std::fprintf(stderr, "%s\n", result.error().message.c_str());
    std::abort();
  }
}

Ledger open(const std::string& path) {
  if (DataFolder::holds_ledger(path)) {
    return must(Ledger::open(must(DataFolder::open(path, Access::kWrite, testing::environment()))));
  }
  return must(Ledger::open(must(DataFolder::create(path, false, testing::environment()))));
}

ImportRow import(Ledger& ledger, const std::string& file, std::int64_t orders, int lines, int changed_of_ten) {
  ImportMeta meta;
  meta.file_name = meta.sha256 = file;
  auto writer = must(ledger.begin_import(meta));
  const auto euro = money::Currency::parse("EUR").value();
  char id[24] = "10", customer[32] = "c";
  std::string email;
  for (std::int64_t i = 0; i < orders; ++i) {
    OrderAssertion o;
    o.order_id = {id, static_cast<std::size_t>(std::to_chars(id + 2, id + 24, i).ptr - id)};
    const std::int64_t who = i * 7919 % (orders / 3 + 1);
    o.customer = {IdentitySpace::kCustomerId,
                  {customer, static_cast<std::size_t>(std::to_chars(customer + 1, customer + 32, who).ptr - customer)}};
    email.assign(o.customer.value);
    email += "@shop.example";
    o.email = email;
    o.placed = calendar::Moment{calendar::Instant{1'600'000'000'000 + i * 6007}, false};
    o.currency = euro;
    o.gross_minor = 500 + i % 9000;
    o.tax_minor = *o.gross_minor / 5;
    o.total_minor = *o.gross_minor + *o.tax_minor;
    o.units_milli = 1000;
    o.status = i % 10 < changed_of_ten ? "refunded" : "paid";
    static constexpr std::string_view kSources[] = {"google", "newsletter", "direct", "shop"};
    o.source = kSources[i & 3];
    o.country = i % 5 == 0 ? "BE" : "NL";
    char item[16] = "sku-";
    const std::string_view sku(item, static_cast<std::size_t>(std::to_chars(item + 4, item + 16, i % 4999).ptr - item));
    const OrderLine line[] = {{sku, "", 1000, *o.gross_minor}, {"gift wrap", "", 1000, 0}};
    o.lines = std::span(line).first(static_cast<std::size_t>(lines));
    o.line = static_cast<std::uint64_t>(i) + 2;
    must(writer.add(o));
  }
  return must(writer.commit());
}

// Of the whole process; the filling of the benchmark's own orders is the other thread's.
double cpu_seconds() {
  rusage u{};
  getrusage(RUSAGE_SELF, &u);
  return static_cast<double>(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
         static_cast<double>(u.ru_utime.tv_usec + u.ru_stime.tv_usec) * 1e-6;
}
double peak_mb() {
  rusage u{};
  getrusage(RUSAGE_SELF, &u);
  return static_cast<double>(u.ru_maxrss) / 1024;
}

void report(benchmark::State& state, std::int64_t rows, double cpu) {
  state.SetItemsProcessed(rows);
  state.counters["cpu_ns_a_row"] = cpu * 1e9 / static_cast<double>(rows);
  state.counters["peak_MB"] = peak_mb();
}

void first_import(benchmark::State& state, int lines) {
  for (auto _ : state) {
    const testing::TemporaryFolder t;
    auto ledger = open(t / "data");
    const double cpu = cpu_seconds();
    const auto row = import(ledger, "a", orders_wanted(), lines, 0);
    report(state, static_cast<std::int64_t>(row.added), cpu_seconds() - cpu);
    state.PauseTiming();
    {
      const Ledger closed = std::move(ledger);
    }
    state.ResumeTiming();
  }
}
BENCHMARK_CAPTURE(first_import, one_line, 1)->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(first_import, two_lines, 2)->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();

void second_import(benchmark::State& state, int changed_of_ten) {
  const testing::TemporaryFolder t;
  auto ledger = open(t / "data");
  import(ledger, "a", orders_wanted(), 1, 0);
  for (auto _ : state) {
    const double cpu = cpu_seconds();
    const auto row = import(ledger, "b", orders_wanted(), 1, changed_of_ten);
    report(state, static_cast<std::int64_t>(row.rows), cpu_seconds() - cpu);
    state.counters["repeated"] = static_cast<double>(row.repeated);
    state.counters["changed"] = static_cast<double>(row.changed);
  }
}
BENCHMARK_CAPTURE(second_import, all_repeated, 0)->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(second_import, one_in_ten_changed, 1)->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();

void read(benchmark::State& state, int lines) {
  const testing::TemporaryFolder t;
  auto ledger = open(t / "data");
  import(ledger, "a", orders_wanted(), lines, 0);
  for (auto _ : state) {
    const double cpu = cpu_seconds();
    std::int64_t rows = 0, sum = 0;
    const auto snapshot = must(ledger.snapshot());
    must(snapshot.orders([&](const StoredOrder& o) -> Result<void> {
      ++rows;
      sum += *o.order.gross_minor + static_cast<std::int64_t>(o.order.customer.value.size());
      return {};
    }));
    benchmark::DoNotOptimize(sum);
    report(state, rows, cpu_seconds() - cpu);
  }
}
BENCHMARK_CAPTURE(read, one_line, 1)->Iterations(8)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(read, two_lines, 2)->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace behoud::ledger
