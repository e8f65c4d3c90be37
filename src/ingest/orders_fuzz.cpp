// Any bytes as a file of orders, through everything between opening it and the assertions: what is read has the shape
// that orders.h promises, and every row is accounted for.

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "base/text.h"
#include "ingest/order_reader.h"
#include "ingest/orders_for_tests.h"
#include "ingest/read/bytes.h"
#include "ingest/read/open_bytes.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

using namespace behoud;
using namespace behoud::ingest;

class Checking final : public OrderSink {
 public:
  std::uint64_t orders = 0, refunds = 0;
  Result<void> order(const ledger::OrderAssertion& o) override {
    require(!o.order_id.empty());
    require((o.customer.space == ledger::IdentitySpace::kNone) == o.customer.value.empty());
    require(o.placed.has_value() == o.gross_minor.has_value());
    require(o.gross_minor.has_value() == o.total_minor.has_value());
    if (!o.placed) require(!o.refunds.empty());
    if (o.placed) {
      ++orders;
      require(o.placed->at.ms >= calendar::kEarliestDay.number * calendar::kMsPerDay - calendar::kMsPerDay);
      require(o.placed->at.ms <= test_options().now.ms + calendar::kMsPerDay);
      require(*o.gross_minor >= 0 || *o.total_minor < 0);
    }
    require(o.discount_minor.value_or(0) >= 0 && o.refund_minor.value_or(0) >= 0);
    for (const ledger::RefundPart& r : o.refunds) require(r.minor > 0 && !r.id.empty());
    __int128 lines = 0;
    for (const ledger::OrderLine& l : o.lines) {
      require(!l.item.empty() && l.amount_minor >= 0);
      lines += l.amount_minor;
    }
    require(o.lines.empty() || lines <= *o.gross_minor);
    return {};
  }
  Result<void> refund(const LooseRefund& r) override {
    ++refunds;
    require(r.amount.minor > 0);
    return {};
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  ReadOptions options = test_options();
  // The first byte chooses how the rest is read.
  if (data[0] & 1) options.map = Mapping{{{Role::kCustomer, "#1"}, {Role::kDate, "#2"}, {Role::kAmount, "#3"}}};
  if (data[0] & 2) options.date_format = "DMY";
  if (data[0] & 4) options.currency = money::Currency::parse("JPY").value();
  if (data[0] & 8) options.zone = calendar::Zone::create("Australia/Lord_Howe").value();
  const std::string text(reinterpret_cast<const char*>(data + 1), size - 1);
  auto tables = read::open_bytes(read::bytes_of("f", text), "f", {});
  if (!tables) return 0;
  OpenFile file;
  for (const auto& table : *tables) file.tables.push_back(table.get());
  Checking sink;
  const auto facts = read_order_tables({&file, 1}, options, sink);
  if (!facts) {
    require(!facts.error().message.empty());
    // Structural errors are known before anything is passed on; a sum too great is not, nor damage far into the file
    // that only the second reading of a compressed part could meet.
    if (facts.error().code == Errc::kInvalidArgument) require(sink.orders == 0);
    return 0;
  }
  require(bridge_fault(*facts).empty());
  require(facts->orders == sink.orders);
  for (const Rejected& r : facts->rejected) {
    require(!r.reason.empty() && r.excerpt.size() <= 80 && is_utf8(r.excerpt));
    require(!r.place.file.empty() && r.place.line > 0);
  }
  return 0;
}
