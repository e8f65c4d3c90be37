#pragma once

// The small tables beside the orders: files of customers, costs, items, exchange rates and subscriptions, to the
// records of ledger/records.h. As with orders (orders.h): any table that table.h opens; columns are recognised by their
// names in English, Dutch, Swedish and German and by what is in them, `--map field=COL` overrides; what a date or a
// decimal mark is, is decided over a whole column, in a first pass; rows that cannot be read are rejected with file,
// line, column and reason; nothing is dropped in silence, and nothing is passed on before the structure of all files is
// known to be sound.
//
// What each field is called, and what may stand in it, for a shop owner: docs/imports.md. The fields of each kind:
//   customers       id email phone name country source language first_order orders consent consent_at unsubscribed
//                   unsubscribed_at
//   costs           from to amount currency kind purpose campaign note
//   items           id name category cost currency
//   rates           date currency rate base
//   subscriptions   id customer email plan start trial_end pause resume end reason amount currency interval
//
// Cost: two passes; memory is the batch, but subscriptions, of which each is held until the end.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "calendar/zone.h"
#include "ingest/orders.h"
#include "ledger/records.h"
#include "money/money.h"

namespace behoud::ingest {

enum class RecordKind : std::uint8_t { kCustomers, kCosts, kItems, kRates, kSubscriptions };
std::string_view name(RecordKind kind);  // "customers", "costs", "items", "rates", "subscriptions"
std::optional<RecordKind> parse_record_kind(std::string_view name);
// What a column of that kind can be mapped to, in the order above.
std::span<const std::string_view> field_names(RecordKind kind);

// What the user says about a file's columns.
struct FieldMapping {
  std::map<std::string, std::string, std::less<>> columns;  // field -> header, or "#3"; "": no column is that
  friend bool operator==(const FieldMapping&, const FieldMapping&) = default;
};
// `field=COL` parts between commas, written as those of orders are (mapping.h). Errors: kInvalidArgument naming the
// part.
Result<FieldMapping> parse_field_mapping(RecordKind kind, std::string_view text);
// The same, written out so that parse_field_mapping gives the mapping back.
std::string to_string(const FieldMapping& mapping);

struct RecordShape;

struct RecordOptions {
  std::optional<FieldMapping> map;
  calendar::Zone zone = calendar::Zone::utc();  // of times without offset, and of the days that instants fall on
  std::optional<money::Currency> currency;      // the shop's: of amounts that state none
  std::string date_format;                      // "" to decide from the column; else as parse_date_format takes it
  char decimal_mark = 0;                        // '.' or ','; 0 to decide from the columns
  std::string source;                           // --source NAME: whose customer ids these are
  calendar::Instant now;                        // what lies beyond it is in the future
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;  // bytes; may be empty
  // Looks up a remembered mapping by RecordShape::fingerprint; may be empty.
  std::function<std::optional<FieldMapping>(std::string_view fingerprint)> remembered;
  std::function<void(const RecordShape& in_part)> in_part;  // as ReadOptions::in_part; may be empty
};

// What a column was taken for, why (a key of the catalogue, as ColumnMatch::reason), and how sure.
struct FieldMatch {
  std::size_t index = 0;  // 0-based
  std::string header;     // "" without a header row
  std::string field;      // "" for nothing; of a wide file of rates "rate"
  double confidence = 0;  // [0, 1]
  std::string reason;
  std::string refused{};  // as ColumnMatch::refused
};

struct RecordShape {
  std::string file;    // as given; a part of an archive as "rates.zip/eurofxref-hist.csv"
  std::string system;  // "shopify", "woocommerce", "ecb", ...; "" for plain
  std::string format, encoding, delimiter, date_format, decimal_mark;
  bool header = true;
  std::uint64_t title_rows = 0, total_rows = 0;
  std::vector<FieldMatch> columns;
  std::string fingerprint;  // the kind, and the set of headers
};

// One bridge for all files of a reading; counts sum, steps that are 0 are left out:
//   rows    = title_rows + header_rows + blank_rows + total_rows + rejected (one step a reason) + read
//   read    = merged + records                       (merged: further rows of a subscription)
// and of a wide file of rates, where a row is a day and has a cell for each currency:
//   cells   = blank_cells + rejected_cells (one step a reason) + records
struct RecordFacts {
  std::vector<RecordShape> files;
  std::vector<BridgeStep> bridge;
  std::vector<Rejected> rejected;    // rows and cells, the first 100,000
  std::uint64_t rejected_count = 0;  // exact
  std::uint64_t rows = 0, records = 0;
  std::vector<Notice> notices;
};

// Called in the order of the files. Views in a record are valid during the call. An error stops the reading and is
// returned.
using CustomerSink = std::function<Result<void>(const ledger::CustomerRecord&)>;
using CostSink = std::function<Result<void>(const ledger::CostRecord&)>;
using ItemSink = std::function<Result<void>(const ledger::ItemRecord&)>;
using RateSink = std::function<Result<void>(const ledger::RateRecord&)>;
using SubscriptionSink = std::function<Result<void>(const ledger::SubscriptionRecord&)>;

// Errors of all: kNotFound (no such file), kBadInput (empty; a header only; no column for a needed field: what was
// looked for and what was found; two that fit equally; dates that cannot be told or are mixed: the hint names
// --date-format; mixed or ambiguous decimal marks; whatever table.h finds), kInvalidArgument (a mapping that names a
// column that is not there; amounts that state no currency, while none was given: the hint names --currency).

// One record a row: a customer is who its id says, else its e-mail address, else its phone number. Shopify's customers
// are known by their e-mail, as in its order files. A column that counts all orders of a customer ("Total Orders") is
// not taken for `orders`, which are those before the history begins; a notice says so.
Result<RecordFacts> read_customers(const std::vector<std::string>& files, const RecordOptions& options,
                                   const CustomerSink& sink);
// `to` is the last day in a file, the day after it in a record; without one a cost is of the day `from`, and a month in
// place of a date ("2024-03", "March 2024") is all of its days. Dates may lie up to ten years ahead.
Result<RecordFacts> read_costs(const std::vector<std::string>& files, const RecordOptions& options,
                               const CostSink& sink);
Result<RecordFacts> read_items(const std::vector<std::string>& files, const RecordOptions& options,
                               const ItemSink& sink);
// Either one rate a row, or, as the European Central Bank's history has it, one day a row and a column a currency, with
// EUR as base. "N/A" and blank cells are no rates; of rates without a base the base is EUR, and a notice says so.
Result<RecordFacts> read_rates(const std::vector<std::string>& files, const RecordOptions& options,
                               const RateSink& sink);
// Rows of one id are one subscription, over all files: of each field the last row that states it holds; each row's
// pause is one more. Passed on at the end, in the order of their first rows. Dates may lie up to ten years ahead.
Result<RecordFacts> read_subscriptions(const std::vector<std::string>& files, const RecordOptions& options,
                                       const SubscriptionSink& sink);

// What the files would be taken for, without reading them whole.
Result<std::vector<RecordShape>> recognise_records(RecordKind kind, const std::vector<std::string>& files,
                                                   const RecordOptions& options);

}  // namespace behoud::ingest
