#pragma once

// Files of orders, in whatever shape a shop exports them, to order assertions: opens (zip, gz, encoding), recognises
// (which shop system, what each column is, and how sure), normalises (dates, decimals, statuses, refunds, tax) and
// groups rows into orders. Rows that cannot be read are rejected with file, line, column and reason; nothing is dropped
// in silence.
//
// Two passes over each file: a survey decides what depends on the whole column (date format, decimal mark, whether an
// amount is a line's or the order's), then the reading. A large file is read at once, by what its first rows are, and
// the survey goes beside; where it refutes that, or anything else is wrong, both passes are made after all: so what
// comes out is always what two passes give. Cost: about 100 bytes a row at the peak, 2 M rows/s on 2 cores.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "calendar/zone.h"
#include "ledger/order.h"
#include "ledger/order_sums.h"
#include "money/money.h"

namespace behoud::ingest {

// What a column can be. The names are those of --map.
enum class Role : std::uint8_t {
  kCustomer,
  kDate,
  kAmount,
  kOrder,
  kTotal,
  kPrice,
  kQuantity,
  kCurrency,
  kItem,
  kStatus,
  kEmail,
  kPhone,
  kRefund,
  kTax,
  kShipping,
  kDiscount,
  kCoupon,
  kSource,
  kCountry,
  kName,
  kSubtotal,
  kUpdatedAt,
  kCancelledAt,
  kAlias,
  kItemName,
  kTest
};
std::string_view name(Role role);
std::optional<Role> parse_role(std::string_view text);

// What a column was taken for, why, and how sure.
struct ColumnMatch {
  std::size_t index = 0;  // 0-based
  std::string header;     // "" without a header row
  std::optional<Role> role;
  double confidence = 0;  // [0, 1]
  std::string reason;     // a key of the catalogue: "ingest.match.preset", "ingest.match.name", "ingest.match.values",
                          // "ingest.match.map", "ingest.match.remembered"
  std::optional<Role> refused{};  // what it would be, had the mapping not said that no column is that
};

struct FileShape {
  std::string file;    // as given; a part of an archive as "orders.zip/part-2.csv"
  std::string system;  // "shopify", "woocommerce", "magento", ...; "" for plain
  std::string format;  // "csv", "parquet", "json", "xlsx"
  std::string encoding, delimiter, date_format, decimal_mark;
  bool header = true;
  std::uint64_t title_rows = 0, total_rows = 0;  // skipped above the header, and below
  std::vector<ColumnMatch> columns;
  std::string fingerprint;  // of the shape (headers and their order-free set): a mapping is remembered by it
};

struct Mapping {
  std::map<Role, std::string> columns;  // role -> header, or "#3"; "": no column is that
};

struct ReadOptions {
  std::optional<Mapping> map;
  calendar::Zone zone = calendar::Zone::utc();
  std::optional<money::Currency> currency;  // of amounts that state none
  std::string date_format;  // "" to decide from the column; else "DMY", "MDY", "YMD" or a strptime-like form
  char decimal_mark = 0;    // '.' or ','; 0 to decide from the columns
  std::string source;       // --source NAME: whose customer ids these are; "" is a source of its own
  calendar::Instant now;    // dates beyond it are in the future
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;  // bytes; may be empty
  // Looks up a remembered mapping by a shape's fingerprint; may be empty.
  std::function<std::optional<Mapping>(std::string_view fingerprint)> remembered;
  // Told what was recognised of a table that cannot be read: a needed column is missing, two fit equally, a mapping
  // names one that is not there. May be empty.
  std::function<void(const FileShape& in_part)> in_part;
};

struct Rejected {
  Place place;
  std::string reason;   // a key of the catalogue, "ingest.reject.date"
  std::string excerpt;  // of the cell, at most 80 bytes
};

// A note a person should read: something was decided for them, or is odd.
struct Notice {
  std::string key;  // of the catalogue
  std::map<std::string, std::string> args;
  std::uint64_t count = 0;
};

// One step of the bridge from the file to the figures; money in minor units of ReadFacts::currency. Counts and money
// sum (steps that are 0 are left out):
//   rows   = title_rows + header_rows + blank_rows + total_rows + rejected (one step a reason) + refund_rows + lines
//   lines  = further_lines + orders                orders = anonymous + those of customers
//   billed = tax + shipping + other + gross (of the orders in the main currency)
// Beside the sums stand `discount` (already out of gross), `refunds` (of the total), `refunds_without_order` (orders
// that only refund rows name), and `foreign`: orders and gross in each other currency, `detail` its code ("" for none).
struct BridgeStep {
  std::string name;
  std::uint64_t count = 0;
  std::int64_t minor = 0;
  std::string reason;                // a key of the catalogue, or empty
  std::vector<std::uint64_t> lines;  // the first rows behind it, at most 20
  std::string detail;                // of `foreign` the currency's code
};

struct ReadFacts {
  std::vector<FileShape> files;
  std::vector<BridgeStep> bridge;
  std::vector<Rejected> rejected;  // the first 100,000; rejected_count is exact
  std::uint64_t rejected_count = 0;
  std::uint64_t rows = 0, orders = 0;
  std::vector<Notice> notices;
  money::Currency currency;  // that most orders have; none where no order states one
  std::optional<calendar::Day> first_day, last_day;
  ledger::OrderSums sums;  // of all orders and refunds, which fit
  Place greatest_amount;   // where it stands
};

// A refund that names no order.
struct LooseRefund {
  ledger::IdentityRef customer;
  calendar::Moment at;
  money::Money amount;  // > 0
  std::uint64_t line = 0;
};

class OrderSink {
 public:
  virtual ~OrderSink() = default;
  // Called in the order of the file (of each order's last row; rows without an order id where others have one come at
  // the end), once for each order of each file. An order that only refund rows name has no `placed` and no money, and
  // refunds. Views are valid during the call. An error stops the reading and is returned.
  virtual Result<void> order(const ledger::OrderAssertion& order) = 0;
  virtual Result<void> refund(const LooseRefund& refund) = 0;
  // Forgets all that it was given, as if nothing had been. false: it cannot, ever; then nothing is passed to it before
  // the whole file is surveyed. One that can may be given a large file's orders in a reading that turns out to have
  // gone by a wrong guess; it is told to start over, and is given them again.
  virtual bool start_over() { return false; }
};

// Looks at the first part of each file and says what it would be taken for, without reading it all.
Result<std::vector<FileShape>> recognise(const std::vector<std::string>& files, const ReadOptions& options);

// Errors: kNotFound (no such file), kBadInput (empty, header only, no customer, date or amount column, two that fit
// equally, ambiguous dates or amounts, mixed formats, NUL bytes, a file cut off within a quoted field, an archive that
// unpacks beyond the bounds), kInvalidArgument (a --map that names a column that is not there). A sink has nothing of a
// file with a structural error, unless the error is the sink's own: it was passed nothing, or told to start over.
Result<ReadFacts> read_orders(const std::vector<std::string>& files, const ReadOptions& options, OrderSink& sink);

}  // namespace behoud::ingest
