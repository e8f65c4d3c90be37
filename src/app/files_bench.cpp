// From a file to answers, as a person would: the binary is started as a process of its own, its wall time and its
// greatest memory are the operating system's. Beside `report` stands the same work in plain DuckDB in the same run:
// reading the file, one row an order, clustered by customer, and the monthly cohort table (without settling refunds,
// rates, zones, intervals or a report, so the comparison favours DuckDB). The two take turns, and `ratio` is the median
// of report's time over DuckDB's of the same turn, so that it holds on a machine whose speed changes.
//
// 1 M customers, 3.4 M orders without more; BEHOUD_BENCH_CUSTOMERS sets another number (3,000,000 gives 10 M orders).

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ingest/duckdb.h"
#include "sample/shop.h"
#include "sample/shop_file.h"

extern char** environ;

namespace behoud::app {
namespace {

namespace fs = std::filesystem;

std::uint32_t customers_wanted() {
  const char* text = std::getenv("BEHOUD_BENCH_CUSTOMERS");
  return text != nullptr ? static_cast<std::uint32_t>(std::strtoul(text, nullptr, 10)) : 1'000'000;
}

// Removed with everything in it when the benchmarks end.
class Scratch {
 public:
  Scratch() : path_(fs::temp_directory_path() / ("behoud-bench-" + std::to_string(getpid()))) {
    fs::create_directories(path_);
  }
  ~Scratch() { fs::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

struct ShopFile {
  std::string path;
  std::uint64_t orders = 0;
};

const fs::path& scratch() {
  static const Scratch kScratch;
  return kScratch.path();
}

const ShopFile& shop_file(std::uint32_t customers) {
  static std::map<std::uint32_t, ShopFile> files;
  auto [place, fresh] = files.try_emplace(customers);
  if (fresh) {
    sample::Plan plan;
    plan.customers = customers;
    plan.behaviour = false;
    const auto shop = sample::make_shop(plan).value();
    place->second.path = (scratch() / ("orders-" + std::to_string(customers) + ".csv")).string();
    place->second.orders = shop.orders.size();
    std::ofstream out(place->second.path, std::ios::binary);
    (void)sample::write_shop(shop, sample::Shape::kPlain, calendar::Zone::utc(),
                             [&](std::string_view part) -> Result<void> {
                               out.write(part.data(), static_cast<std::streamsize>(part.size()));
                               return {};
                             });
  }
  return place->second;
}

struct Run {
  double seconds = 0;
  double memory_mib = 0;
  int status = -1;
};

Run run(std::vector<std::string> words) {
  words.insert(words.begin(), BEHOUD_BINARY);
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  Run result;
  pid_t pid = 0;
  const auto began = std::chrono::steady_clock::now();
  if (posix_spawn(&pid, BEHOUD_BINARY, &actions, nullptr, argv.data(), environ) == 0) {
    rusage usage{};
    int status = 0;
    wait4(pid, &status, 0, &usage);
    result.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    result.memory_mib = static_cast<double>(usage.ru_maxrss) / 1024;
  }
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  posix_spawn_file_actions_destroy(&actions);
  return result;
}

// Runs `words` once an iteration and reports rows/s and memory; a run that fails is an error of the benchmark.
void measure(benchmark::State& state, std::uint64_t rows, const std::vector<std::string>& words,
             const std::string& remove = {}) {
  double memory = 0;
  for (auto _ : state) {
    if (!remove.empty()) fs::remove_all(remove);
    const Run r = run(words);
    state.SetIterationTime(r.seconds);
    memory = std::max(memory, r.memory_mib);
    if (r.status != 0) {
      state.SkipWithError(("behoud ended with " + std::to_string(r.status)).c_str());
      return;
    }
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(rows) * state.iterations());
  state.counters["memory_mib"] = memory;
}

void ReportOfSmallFile(benchmark::State& state) {
  const ShopFile& file = shop_file(20'600);  // 70,000 rows
  measure(state, file.orders, {"report", file.path});
}
BENCHMARK(ReportOfSmallFile)->UseManualTime()->Iterations(5)->Unit(benchmark::kMillisecond);

std::optional<double> in_plain_duckdb(const ShopFile& file, std::string& error) {
  ingest::DuckOptions options;
  options.memory_bytes_max = std::uint64_t{4} << 30;
  options.files = {file.path};
  const auto began = std::chrono::steady_clock::now();
  auto duck = ingest::DuckDb::open(options);
  if (!duck) {
    error = duck.error().message;
    return std::nullopt;
  }
  const std::string sql =
      "CREATE TABLE o AS SELECT customer, date::TIMESTAMP AS placed, any_value((amount::DECIMAL(18,2) * 100)::BIGINT) "
      "AS "
      "minor "
      "FROM read_csv(" +
      ingest::duck_text(file.path) +
      ", header=true, all_varchar=true) WHERE status IN ('paid', 'partially_refunded') "
      "GROUP BY order_id, customer, placed ORDER BY customer, placed;"
      "CREATE TABLE c AS WITH f AS (SELECT customer, date_trunc('month', min(placed)) AS cohort FROM o GROUP BY "
      "customer) "
      "SELECT cohort, date_diff('month', cohort, date_trunc('month', placed)) AS k, count(DISTINCT customer), "
      "sum(minor) "
      "FROM o JOIN f USING (customer) GROUP BY ALL ORDER BY ALL;";
  if (const auto done = duck->run(sql); !done) {
    error = done.error().message;
    return std::nullopt;
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void ReportBesidePlainDuckDb(benchmark::State& state) {
  const ShopFile& file = shop_file(customers_wanted());
  std::vector<double> own, duck, ratios;
  double memory = 0;
  for (auto _ : state) {
    const Run r = run({"report", file.path});
    if (r.status != 0) return state.SkipWithError(("behoud ended with " + std::to_string(r.status)).c_str());
    std::string error;
    const auto other = in_plain_duckdb(file, error);
    if (!other) return state.SkipWithError(error.c_str());
    state.SetIterationTime(r.seconds);
    memory = std::max(memory, r.memory_mib);
    own.push_back(r.seconds);
    duck.push_back(*other);
    ratios.push_back(r.seconds / *other);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(file.orders) * state.iterations());
  state.counters["memory_mib"] = memory;
  state.counters["seconds"] = median(own);
  state.counters["duckdb_seconds"] = median(duck);
  state.counters["ratio"] = median(ratios);
}
BENCHMARK(ReportBesidePlainDuckDb)->UseManualTime()->Iterations(3)->Unit(benchmark::kMillisecond);

void ImportIntoAnEmptyLedger(benchmark::State& state) {
  const ShopFile& file = shop_file(customers_wanted());
  const std::string folder = (scratch() / "ledger").string();
  measure(state, file.orders, {"import", "orders", file.path, "--data", folder}, folder);
}
BENCHMARK(ImportIntoAnEmptyLedger)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

// Every row is known: finds each, and writes that this import asserts it too. Another name, so that it is another
// import.
constexpr const char* kColumns =
    "customer=customer,date=date,amount=amount,order=order_id,total=total,currency=currency,status=status,"
    "refund=refund,item=item,quantity=quantity,coupon=coupon,source=source,country=country";
void ImportOfWhatIsThere(benchmark::State& state) {
  const ShopFile& file = shop_file(customers_wanted());
  const std::string folder = (scratch() / "ledger").string();
  measure(state, file.orders, {"import", "orders", file.path, "--data", folder, "--map", kColumns});
}
BENCHMARK(ImportOfWhatIsThere)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

// A process that starts cold: opens the folder, builds the histories, answers.
void AnswerFromTheLedger(benchmark::State& state, const char* question) {
  const ShopFile& file = shop_file(customers_wanted());
  const std::string folder = (scratch() / "ledger").string();
  measure(state, file.orders, {question, "--data", folder, "--format", "json"});
}
BENCHMARK_CAPTURE(AnswerFromTheLedger, retention, "retention")
    ->UseManualTime()
    ->Iterations(3)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(AnswerFromTheLedger, cohorts, "cohorts")
    ->UseManualTime()
    ->Iterations(3)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace behoud::app
