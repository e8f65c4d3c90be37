// Reading the formats other than CSV (read/csv_bench.cpp): 8 of 12 columns of a million made-up orders.

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include <benchmark/benchmark.h>
#include <fmt/core.h>
#include <sys/resource.h>
#include <unistd.h>
#include <zip.h>

#include "ingest/duckdb.h"
#include "ingest/table.h"

namespace behoud::ingest {
namespace {

constexpr std::uint64_t kRows = 1'000'000;
constexpr std::size_t kWanted[] = {0, 1, 2, 4, 5, 7, 8, 11};

std::string path_of(const std::string& name) {
  return std::filesystem::temp_directory_path() / ("behoud-bench-" + name);
}

std::string duckdb_file(const std::string& name, const std::string& options) {
  const std::string path = path_of(name);
  if (std::filesystem::exists(path)) return path;
  auto db = *DuckDb::open({.files = {path}});
  const auto copied = db.run(fmt::format(
      "COPY (SELECT 100000 + range AS order_id, 'C' || hash(range) % 400000 AS customer_id, TIMESTAMP '2023-01-01' + "
      "INTERVAL (hash(range) % 600) DAY AS created_at, '' AS note, (hash(range) % 30000 / 100)::DECIMAL(9,2) AS total, "
      "'EUR' "
      "AS currency, 'paid' AS status, 'c' || hash(range) % 400000 || '@example.org' AS email, hash(range) % 4 AS "
      "quantity, "
      "'SKU-' || hash(range) % 900 AS sku, 21 AS tax, 'NL' AS country FROM range({})) TO {} ({})",
      kRows, duck_text(path), options));
  if (!copied) fmt::print(stderr, "{}\n", copied.error().message);
  return path;
}

// Half of the texts are shared and different in each row, as Excel stores them.
std::string workbook() {
  const std::string path = path_of("orders.xlsx");
  if (std::filesystem::exists(path)) return path;
  std::string sheet = "<worksheet><sheetData>", shared = "<sst>";
  std::uint64_t texts = 0;
  for (std::uint64_t i = 1; i <= kRows; ++i) {
    const std::uint64_t h = i * 0x9E3779B97F4A7C15ULL >> 20;
    sheet += fmt::format("<row r=\"{}\" spans=\"1:12\">", i);
    for (char column = 'A'; column <= 'L'; ++column) {
      const bool text =
          column == 'B' || column == 'F' || column == 'G' || column == 'H' || column == 'J' || column == 'L';
      if (text) {
        shared += fmt::format("<si><t>{}{}@example.org</t></si>", column, h % 400'000);
        sheet += fmt::format("<c r=\"{}{}\" t=\"s\"><v>{}</v></c>", column, i, texts++);
      } else {
        sheet += fmt::format("<c r=\"{}{}\" s=\"{}\"><v>{}.{:02}</v></c>", column, i, column == 'C' ? 1 : 0,
                             column == 'C' ? 45'000 + h % 600 : h % 90'000, h % 100);
      }
    }
    sheet += "</row>";
  }
  sheet += "</sheetData></worksheet>";
  shared += "</sst>";
  const std::pair<const char*, std::string> parts[] = {
      {"[Content_Types].xml", "<Types/>"},
      {"_rels/.rels", "<r><Relationship Id=\"a\" Type=\"x/officeDocument\" Target=\"xl/workbook.xml\"/></r>"},
      {"xl/workbook.xml", "<workbook><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"},
      {"xl/_rels/workbook.xml.rels",
       "<r><Relationship Id=\"r1\" Type=\"x/worksheet\" Target=\"s.xml\"/><Relationship Id=\"r2\" "
       "Type=\"x/sharedStrings\" Target=\"t.xml\"/><Relationship Id=\"r3\" Type=\"x/styles\" Target=\"y.xml\"/></r>"},
      {"xl/y.xml", "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"},
      {"xl/s.xml", sheet},
      {"xl/t.xml", shared}};
  int error = 0;
  zip_t* const archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &error);
  for (const auto& [name, content] : parts) {
    zip_file_add(archive, name, zip_source_buffer(archive, content.data(), content.size(), 0), 0);
  }
  zip_close(archive);
  return path;
}

void read(benchmark::State& state, const std::string& path) {
  std::uint64_t rows = 0, bytes = 0;
  for (auto _ : state) {
    const auto tables = open_tables(path);
    if (!tables) {
      state.SkipWithError(tables.error().message.c_str());
      return;
    }
    const auto reader = *tables->front()->read(kWanted, 0);
    RowBatch batch;
    for (;;) {
      const auto more = reader->next(batch);
      if (!more) {
        state.SkipWithError(more.error().message.c_str());
        return;
      }
      if (!*more) break;
      rows += batch.rows();
      for (const std::string_view cell : batch.cells) bytes += cell.size();
    }
  }
  benchmark::DoNotOptimize(bytes);
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  state.counters["peak_mb"] = static_cast<double>(usage.ru_maxrss) / 1024;
  state.SetItemsProcessed(static_cast<std::int64_t>(rows));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(std::filesystem::file_size(path)));
}

void read_parquet(benchmark::State& state) { read(state, duckdb_file("orders.parquet", "FORMAT parquet")); }
void read_json_lines(benchmark::State& state) { read(state, duckdb_file("orders.jsonl", "FORMAT json")); }
void read_xlsx(benchmark::State& state) { read(state, workbook()); }
BENCHMARK(read_parquet)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(read_json_lines)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(read_xlsx)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace behoud::ingest
