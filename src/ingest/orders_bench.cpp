// Recognising, surveying, reading and folding a file of orders, as `report` and `import` do, with a taker that does
// nothing: rows/s and bytes/s of both passes. One row an order, with ids that ascend and with ids in any order; and
// Shopify's shape, three rows an order.

#include <string>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "ingest/orders.h"
#include "ingest/records_for_tests.h"

namespace behoud::ingest {
namespace {

class Nobody : public OrderSink {
 public:
  Result<void> order(const ledger::OrderAssertion&) override {
    ++orders;
    return {};
  }
  Result<void> refund(const LooseRefund&) override { return {}; }
  std::uint64_t orders = 0;
};

std::uint64_t mixed(std::uint64_t x) {  // splitmix64
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

std::string date(std::uint64_t second) {
  const auto ymd = calendar::ymd(calendar::Day{19'000 + static_cast<std::int32_t>(second / 86'400)});
  return fmt::format("{}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(ymd.year()),
                     static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()), second / 3600 % 24,
                     second / 60 % 60, second % 60);
}

std::string plain(std::uint64_t rows, bool ascending) {
  std::string out = "order_id,customer,date,amount,currency,status,total,item,quantity,source,country\n";
  for (std::uint64_t i = 0; i < rows; ++i) {
    const std::uint64_t h = mixed(i);
    // An odd factor permutes the numbers below a power of two.
    const std::uint64_t id = ascending ? 10'000'000 + i : 10'000'000 + (i * 0x9e3779b1ULL & 0xffffff);
    out += fmt::format("{},c{},{},{}.{:02},EUR,paid,{}.{:02},SKU-{},{},mail,NL\n", id, h % (rows / 4 + 1), date(i * 9),
                       h >> 20 & 0x7f, h >> 28 & 0x3f, 5 + (h >> 20 & 0x7f), h >> 28 & 0x3f, h >> 40 & 0xff,
                       1 + (h >> 50 & 3));
  }
  return out;
}

std::string shopify(std::uint64_t orders) {
  std::string out =
      "Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,"
      "Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Refunded Amount,Id\n";
  for (std::uint64_t i = 0; i < orders; ++i) {
    const std::uint64_t h = mixed(i);
    out += fmt::format("#{},c{}@example.com,paid,{},EUR,30.00,4.95,5.21,34.95,,0.00,{},1,Tea,10.00,TEA-{},0.00,{}\n",
                       1001 + i, h % (orders / 4 + 1), date(i * 30), date(i * 30), h & 0xff, 5'000'000'000 + i);
    for (int line = 0; line < 2; ++line) {
      out += fmt::format("#{},c{}@example.com,,,,,,,,,,{},1,Mug,10.00,MUG-{},,\n", 1001 + i, h % (orders / 4 + 1),
                         date(i * 30), h >> 8 & 0xff);
    }
  }
  return out;
}

void read(benchmark::State& state, const std::string& text, std::uint64_t rows, std::uint64_t orders) {
  const TestFolder folder("orders-bench");
  const std::string path = folder.write("orders.csv", text);
  ReadOptions options;
  options.now = calendar::Instant{4'000'000'000'000};
  for (auto _ : state) {
    Nobody nobody;
    const auto facts = read_orders({path}, options, nobody);
    if (!facts) return state.SkipWithError(facts.error().message.c_str());
    if (nobody.orders != orders) return state.SkipWithError("not all orders were read");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(rows));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

constexpr std::uint64_t kRows = 600'000;

void read_plain_orders(benchmark::State& state) { read(state, plain(kRows, true), kRows, kRows); }
void read_plain_orders_in_any_order(benchmark::State& state) { read(state, plain(kRows, false), kRows, kRows); }
void read_shopify_orders(benchmark::State& state) { read(state, shopify(kRows / 3), kRows, kRows / 3); }
BENCHMARK(read_plain_orders)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(read_plain_orders_in_any_order)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(read_shopify_orders)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace behoud::ingest
