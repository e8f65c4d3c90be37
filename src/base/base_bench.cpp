// Words of a dictionary, hashes and checksums, JSON: rows/s and bytes/s.

#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "base/dictionary.h"
#include "base/hash.h"
#include "base/json_writer.h"
#include "base/text.h"

namespace behoud {
namespace {

constexpr HashKey kKey{1, 2};

std::vector<std::string> customers(std::size_t n) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < n; ++i) out.push_back("customer-" + std::to_string(i * 7919 % 10'000'019));
  return out;
}

// `distinct` words, interned again and again: the hot path of a column with few values (item) or many (customer).
void BM_DictionaryIntern(benchmark::State& state) {
  const auto words = customers(static_cast<std::size_t>(state.range(0)));
  Dictionary d(kKey);
  for (const auto& w : words) benchmark::DoNotOptimize(d.intern(w));
  std::size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(d.intern(words[i]));
    if (++i == words.size()) i = 0;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_DictionaryIntern)->Arg(100)->Arg(10'000)->Arg(1'000'000);

void BM_DictionaryBuild(benchmark::State& state) {
  const auto words = customers(static_cast<std::size_t>(state.range(0)));
  std::uint64_t word_bytes = 0;
  for (const auto& w : words) word_bytes += w.size();
  double overhead = 0;
  for (auto _ : state) {
    Dictionary d(kKey);
    for (const auto& w : words) benchmark::DoNotOptimize(d.intern(w));
    overhead = static_cast<double>(d.bytes() - word_bytes) / static_cast<double>(d.size());
  }
  state.counters["overhead_bytes_a_word"] = overhead;
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_DictionaryBuild)->Arg(1'000'000);

template <auto kHash>
void BM_Hash(benchmark::State& state) {
  std::string bytes(static_cast<std::size_t>(state.range(0)), 'x');
  for (auto _ : state) {
    ++bytes[0];
    benchmark::DoNotOptimize(kHash(kKey, bytes));
  }
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_Hash<keyed_hash64>)->Name("BM_KeyedHash64")->Arg(8)->Arg(16)->Arg(40);
BENCHMARK(BM_Hash<keyed_hash128>)->Name("BM_KeyedHash128")->Arg(16)->Arg(40);
BENCHMARK(BM_Hash<table_hash>)->Name("BM_TableHash")->Arg(16);

void BM_Checksum(benchmark::State& state) {
  const std::string bytes(1 << 20, 'x');
  for (auto _ : state) benchmark::DoNotOptimize(checksum(bytes));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}
BENCHMARK(BM_Checksum);

void BM_JsonRow(benchmark::State& state) {
  std::string out;
  for (auto _ : state) {
    out.clear();
    JsonWriter json(out);
    json.begin_object().field("customer", "someone@example.com").field("orders", 12).field("revenue_minor", 123450);
    json.field("rate", 0.8123).field("last_order", "2024-03-01").end_object();
    benchmark::DoNotOptimize(out.data());
  }
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(out.size()));
}
BENCHMARK(BM_JsonRow);

void BM_IsUtf8(benchmark::State& state) {
  std::string text;
  while (text.size() < (1 << 20)) text += "Ångström & Söner, 12 rue de la Paix; ";
  for (auto _ : state) benchmark::DoNotOptimize(is_utf8(text));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(BM_IsUtf8);

}  // namespace
}  // namespace behoud
