// Reading CSV: 8 of 12 columns of a made-up order file, beside DuckDB's read_csv of the same file with the same
// columns. One thread each, unless said otherwise.

#include <filesystem>
#include <fstream>
#include <string>

#include <benchmark/benchmark.h>
#include <fmt/core.h>
#include <unistd.h>

#include "ingest/duckdb.h"
#include "ingest/read/csv.h"
#include "ingest/read/csv_scan.h"

namespace behoud::ingest::read {
namespace {

constexpr std::uint64_t kRows = 2'000'000;
constexpr std::size_t kWanted[] = {0, 1, 2, 4, 5, 7, 8, 11};

// The files of a run, removed when it ends.
struct BenchFolder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / fmt::format("behoud-csv-bench-{}", ::getpid());
  BenchFolder() { std::filesystem::create_directories(path); }
  ~BenchFolder() { std::filesystem::remove_all(path); }
};

// `quoted`: every cell in quotes, as WooCommerce writes them.
std::string make_file(bool quoted) {
  static const BenchFolder folder;
  const std::filesystem::path path = folder.path / (quoted ? "quoted.csv" : "plain.csv");
  if (std::filesystem::exists(path)) return path;
  std::ofstream out(path.string() + ".part", std::ios::binary);
  const char* const q = quoted ? "\"" : "";
  std::string text;
  const auto row = [&](std::initializer_list<std::string> cells) {
    const char* comma = "";
    for (const std::string& cell : cells) {
      text += comma;
      text += q + cell + q;
      comma = ",";
    }
    text += '\n';
    if (text.size() > 1'000'000) {
      out << text;
      text.clear();
    }
  };
  row({"order_id", "customer_id", "created_at", "note", "total", "currency", "status", "email", "quantity", "sku",
       "tax", "country"});
  for (std::uint64_t i = 0; i < kRows; ++i) {
    const std::uint64_t h = i * 0x9E3779B97F4A7C15ULL >> 20;
    row({fmt::format("{}", 100'000 + i), fmt::format("C{}", h % 400'000),
         fmt::format("2023-{:02}-{:02} {:02}:{:02}:00", 1 + h % 12, 1 + h % 28, h % 24, h % 60), "",
         fmt::format("{}.{:02}", h % 300, h % 100), "EUR", "paid", fmt::format("c{}@example.org", h % 400'000),
         fmt::format("{}", 1 + h % 4), fmt::format("SKU-{}", h % 900), "21", "NL"});
  }
  out << text;
  out.close();
  std::filesystem::rename(path.string() + ".part", path);
  return path;
}

std::uint64_t drain(RowReader& reader) {
  RowBatch batch;
  std::uint64_t rows = 0, bytes = 0;
  while (*reader.next(batch)) {
    rows += batch.rows();
    for (const std::string_view cell : batch.cells) bytes += cell.size();
  }
  benchmark::DoNotOptimize(bytes);
  return rows;
}

void read_ours(benchmark::State& state, bool quoted, bool thread) {
  const std::string path = make_file(quoted);
  std::uint64_t rows = 0;
  for (auto _ : state) {
    const auto table = *open_csv(*open_file(path), path, {.thread = thread});
    rows += drain(**table->read(kWanted, 1));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(rows));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(std::filesystem::file_size(path)));
}

// DuckDB, told the dialect and that all is text, so that neither sniffing nor conversion is counted; the rows come in
// chunks in their order, as ours do.
void read_duckdb(benchmark::State& state, bool quoted, int threads) {
  const std::string path = make_file(quoted);
  std::uint64_t rows = 0;
  auto db = *DuckDb::open({.threads = threads, .files = {path}});
  for (auto _ : state) {
    auto result = *db.query(
        "SELECT order_id, customer_id, created_at, total, currency, email, quantity, country "
        "FROM read_csv(" +
        duck_text(path) + ", header=true, all_varchar=true, delim=',', quote='\"', escape='\"', auto_detect=true)");
    std::uint64_t bytes = 0;
    while (*result.next()) {
      rows += result.rows();
      for (std::size_t c = 0; c < 8; ++c) {
        for (std::size_t r = 0; r < result.rows(); ++r) bytes += result.text(r, c).size();
      }
    }
    benchmark::DoNotOptimize(bytes);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(rows));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(std::filesystem::file_size(path)));
}

BENCHMARK_CAPTURE(read_ours, plain, false, false)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(read_ours, plain_with_thread, false, true)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(read_ours, quoted, true, false)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(read_duckdb, plain, false, 1)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(read_duckdb, plain_2_threads, false, 2)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(read_duckdb, quoted, true, 1)->Unit(benchmark::kMillisecond)->UseRealTime();

void scan_only(benchmark::State& state, bool quoted) {
  const std::string path = make_file(quoted);
  std::string text(16 << 20, '\0');
  std::ifstream(path, std::ios::binary).read(text.data(), static_cast<std::streamsize>(text.size()));
  text.append(64, '\0');
  CsvIndex index;
  std::size_t bytes = 0;
  for (auto _ : state) {
    for (std::size_t at = 0; at + (256 << 10) + 64 <= text.size();) {
      scan_csv(text.data() + at, 256 << 10, {}, index);
      at += index.consumed;
      bytes += index.consumed;
    }
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}
BENCHMARK_CAPTURE(scan_only, plain, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(scan_only, quoted, true)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace behoud::ingest::read
