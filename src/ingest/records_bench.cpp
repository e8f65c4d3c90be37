// Reading the small tables from files: rows/s, both passes. The history of the European Central Bank has some 7,000
// days and 41 currencies; a shop's customers may be millions.

#include <string>

#include <benchmark/benchmark.h>

#include "ingest/records_for_tests.h"

namespace behoud::ingest {
namespace {

std::string customers(std::int64_t rows) {
  std::string out = "id,email,phone,name,country,first_order,orders_before,consent,consent_at\n";
  for (std::int64_t i = 0; i < rows; ++i) {
    const std::string n = std::to_string(i);
    out += "c" + n + ",customer" + n + "@example.com,+316" + std::to_string(10'000'000 + i) + ",Customer " + n +
           ",NL," + calendar::to_string(calendar::Day{15000 + static_cast<std::int32_t>(i % 4000)}) + "," +
           std::to_string(i % 9) + ",yes,2020-01-02 10:00:00\n";
  }
  return out;
}

void read_customer_file(benchmark::State& state) {
  const TestFolder folder("customers-bench");
  const std::string text = customers(state.range(0));
  const std::string path = folder.write("customers.csv", text);
  for (auto _ : state) {
    const auto facts =
        read_customers({path}, record_options(), [](const ledger::CustomerRecord&) { return Result<void>(); });
    if (!facts || facts->records != static_cast<std::uint64_t>(state.range(0))) state.SkipWithError("not read");
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(read_customer_file)->Arg(200'000)->Unit(benchmark::kMillisecond);

void read_rate_history(benchmark::State& state) {
  const std::string_view codes =
      "USD,JPY,BGN,CYP,CZK,DKK,EEK,GBP,HUF,LTL,LVL,MTL,PLN,ROL,RON,SEK,SIT,SKK,CHF,ISK,NOK,HRK,RUB,TRL,TRY,AUD,BRL,"
      "CAD,CNY,HKD,IDR,ILS,INR,KRW,MXN,MYR,NZD,PHP,SGD,THB,ZAR";
  std::string text = "Date," + std::string(codes) + ",\n";
  constexpr std::int64_t kDays = 7000;
  for (std::int64_t d = 0; d < kDays; ++d) {
    text += calendar::to_string(calendar::Day{static_cast<std::int32_t>(20'000 - d)});
    for (int c = 0; c < 41; ++c)
      text += c % 4 == 3 ? ",N/A" : "," + std::to_string(1 + c) + ".0" + std::to_string(d % 97);
    text += ",\n";
  }
  const TestFolder folder("rates-bench");
  const std::string path = folder.write("eurofxref-hist.csv", text);
  std::uint64_t rates = 0;
  for (auto _ : state) {
    const auto facts = read_rates({path}, record_options(), [](const ledger::RateRecord&) { return Result<void>(); });
    if (!facts) state.SkipWithError("not read");
    rates = facts ? facts->records : 0;
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(rates));
}
BENCHMARK(read_rate_history)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace behoud::ingest
