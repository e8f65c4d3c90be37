#pragma once

// The bridge from the file to the figures: rows -> lines -> orders -> counted orders, then the money, paid -> gross ->
// revenue. Each step says how many, how much, why, and in which rows. It sums: between two totals of a chain the steps
// add up to the difference exactly, in counts and in money (`check`). What the reading and the histories do not explain
// between them stands as a step "unexplained", so that a mistake shows instead of hiding.
//
//   rows            70,000
//     title_rows        -2
//     rejected         -12
//   lines           69,986
//     further_lines  -20,000
//   orders          49,986    2,513,004.10
//     anonymous        -100       -5,010.00
//   counted_orders  49,886    2,507,994.10
//   paid                      3,034,672.86
//     tax                      -526,678.76
//   gross                     2,507,994.10
//     refunds                   -61,200.00
//   revenue                   2,446,794.10
//
// What is dated after the as-of is not known at it: a refund or a cancellation that comes later stands beside the sums,
// as "refunds_after_as_of" and "gone_after_as_of", and is taken off by a later bridge.
//
// The bridge of an import is the same as that of a report of its files, without building histories of them
// (order_tally.h); that of other records (customers, costs, ...) ends in `records`.
//
// Money is in minor units of the reporting currency, but in an aside "unconverted", which is in its own.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "ingest/orders.h"
#include "retention/answers.h"
#include "timeline/histories.h"

namespace behoud::retention::report {

struct BridgeLine {
  enum class Kind : std::uint8_t {
    kTotal,  // what is there at this point
    kStep,   // what was taken away (negative) or came in (positive) since the total before
    kAside,  // worth knowing, and part of no sum: discounts (already off), money that could not be converted
  };
  std::string name;
  Kind kind = Kind::kTotal;
  std::optional<std::int64_t> count;  // rows, lines or orders
  std::optional<std::int64_t> amount_minor;
  std::string detail;               // a status word, or the currency's code
  std::string reason;               // a key of the catalogue, or empty where the name says it
  std::vector<std::uint64_t> rows;  // the first lines of the file behind it, at most 20
  friend bool operator==(const BridgeLine&, const BridgeLine&) = default;
};
std::string_view name(BridgeLine::Kind kind);  // "total", "step", "aside"

struct Bridge {
  std::vector<BridgeLine> lines;
  const BridgeLine* find(std::string_view name) const;  // the first of that name, or nullptr
};

// What the orders come to by how they stand at an as-of: the part of the bridge that takes a pass over them, on two
// threads. Sums may pass 64 bits on the way: a hostile file must not wrap a total.
struct OrderSumsByStanding {
  struct Sums {
    __int128 gross = 0, tax = 0, shipping = 0, discount = 0, refunds = 0;
    std::int64_t orders = 0, refunded_orders = 0, discounted_orders = 0;
    // What is dated after the as-of takes off these: of orders that still count then, and of those that do not.
    __int128 refunds_to_come = 0, going = 0;
    std::int64_t orders_to_refund = 0, orders_going = 0;
    void add(const Sums& o);
  };
  Sums counted, gone, later;  // purchases; refunded in full or cancelled; not placed yet
  std::size_t bytes() const { return sizeof(*this); }
};
OrderSumsByStanding sum_orders(const timeline::Histories& histories, calendar::Instant as_of);

// All that a bridge tells of orders: what they come to at an as-of, and what is in none of those sums.
struct BridgeOrders {
  OrderSumsByStanding sums;
  std::vector<timeline::LeftOut> left_out;         // ascending by (reason, detail)
  std::vector<timeline::Unconverted> unconverted;  // ascending by code
  std::uint64_t unmatched_refunds = 0;
  std::int64_t unmatched_refunds_minor = 0;
};

// `at`: the first civil day that is not counted any more (the as-of's). Errors: kOutOfRange (a sum beyond 64 bits).
Result<Bridge> make_bridge(const BridgeOrders& orders, const ingest::ReadFacts& facts);
Result<Bridge> make_bridge(const timeline::Histories& histories, const ingest::ReadFacts& facts,
                           calendar::Instant as_of);
Result<Bridge> make_bridge(const timeline::Histories& histories, const ingest::ReadFacts& facts,
                           const OrderSumsByStanding& sums);

// Of records beside orders: rows -> read -> records, and of cells -> records where a row holds several. `steps` as
// ingest/records.h says.
Bridge bridge_of_records(const std::vector<ingest::BridgeStep>& steps);

// [{"name","kind","count","amount_minor","detail","reason","rows"}]: what a report and an import give as "bridge".
void write_bridge(JsonWriter& json, const Bridge& bridge);

// Errors: kCorrupt, naming the total that does not follow from the one before.
Result<void> check(const Bridge& bridge);

}  // namespace behoud::retention::report
