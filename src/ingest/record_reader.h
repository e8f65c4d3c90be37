#pragma once

// The rows of the small tables, one by one, and the account of them all. The readers of the five kinds (customers.cpp,
// ...) turn a row into a record; what a date or an amount in it is, is asked here.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/amounts.h"
#include "ingest/dates.h"
#include "ingest/order_reader.h"
#include "ingest/record_layout.h"

namespace behoud::ingest {

// What was counted while reading.
class RecordAccount {
 public:
  void reject(Place place, std::string_view reason, std::string_view excerpt, bool cell = false);
  void count(std::string_view step, std::uint64_t line);  // "title_rows", "read", ...
  // The `rows` of one record, at least one, were read, and only now it shows that they cannot stand together.
  void take_back(std::uint64_t rows);
  void notice(const std::string& key, std::map<std::string, std::string> args);
  void record() { ++records_; }
  void finish(RecordFacts& facts);

 private:
  struct Step {
    std::uint64_t count = 0;
    std::vector<std::uint64_t> lines;
    void add(std::uint64_t line);
  };
  using Steps = std::map<std::string, Step, std::less<>>;
  Steps steps_, rejected_rows_, rejected_cells_;  // the latter by reason
  std::vector<Rejected> rejected_;
  std::uint64_t rejected_count_ = 0, records_ = 0;
  std::map<std::string, Notice> notices_;  // by key and arguments
};

// What is decided over all rows of a table; what it cannot tell, others of its shape may.
struct RecordSurvey {
  std::vector<std::optional<DateForm>> dates;  // of each field that holds dates
  char mark = '.', rate_mark = '.';
  bool guessed = false;
};

// One row. A cell that cannot be read rejects the row and reads as not stated: a reader takes what it needs, then asks
// rejected(). The first reason holds. Views are valid during the call.
// Of a text that the ledger would refuse (ledger/bounds.h), and its whole file with it.
inline constexpr std::string_view kTextTooLong = "ingest.reject.text_too_long";

class RecordRow {
 public:
  RecordRow(const RecordLayout& layout, const RecordOptions& options, RecordAccount& account)
      : layout_(layout), options_(options), account_(account) {}

  const RecordLayout& layout() const { return layout_; }
  std::uint64_t line() const { return line_; }
  bool has(std::size_t field) const { return layout_.has(field); }
  // Trimmed; of several columns the first that is not blank; "" where all are.
  std::string_view text(std::size_t field) const;
  // Also bounds: from 1990, and not in the future but where the kind allows it.
  std::optional<calendar::Moment> moment(std::size_t field);
  std::optional<calendar::Day> day(std::size_t field);
  // In the currency of the field `currency` (kNoField: none), a sign beside the number, the header or the option, in
  // this order.
  std::optional<money::Money> money(std::size_t field, std::size_t currency);
  std::optional<std::uint32_t> count(std::size_t field);
  // Of a wide table, cell `i` of layout().wide.
  std::string_view wide(std::size_t i) const;
  // A rate above 0, with as few decimals as it needs. Its own faults reject nothing: kBlank is no rate.
  AmountFault rate(std::string_view cell, Decimal& out) const;

  void reject(std::size_t field, std::string_view reason, bool show_cell = true);
  bool rejected() const { return rejected_; }
  void notice(const std::string& key, std::map<std::string, std::string> args) {
    account_.notice(key, std::move(args));
  }
  Place place(std::size_t field) const { return {layout_.shape.file, line_, layout_.column_name(field)}; }
  RecordAccount& account() { return account_; }

 private:
  friend class RecordReading;
  const RecordLayout& layout_;
  const RecordOptions& options_;
  RecordAccount& account_;
  std::vector<std::vector<std::uint16_t>> slots_;  // of each field, in the projected row
  std::vector<std::uint16_t> wide_slots_;
  std::vector<std::optional<DateReader>> dates_;
  char mark_ = '.', rate_mark_ = '.';
  std::uint64_t line_ = 0;
  std::span<const std::string_view> cells_;
  bool rejected_ = false;
};

// Calls `row` for every row of records, in the order of the files, once all tables are recognised and surveyed. An
// error of it stops the reading. The caller finishes the account.
using RowFn = std::function<Result<void>(RecordRow&)>;
Result<RecordFacts> read_record_tables(std::span<const OpenFile> files, const RecordSpec& spec,
                                       const RecordOptions& options, RecordAccount& account, const RowFn& row);

Result<std::vector<RecordShape>> recognise_record_tables(std::span<const OpenFile> files, const RecordSpec& spec,
                                                         const RecordOptions& options);

// records.h over tables that are open already.
Result<RecordFacts> read_customer_tables(std::span<const OpenFile> files, const RecordOptions& options,
                                         const CustomerSink& sink);
Result<RecordFacts> read_cost_tables(std::span<const OpenFile> files, const RecordOptions& options,
                                     const CostSink& sink);
Result<RecordFacts> read_item_tables(std::span<const OpenFile> files, const RecordOptions& options,
                                     const ItemSink& sink);
Result<RecordFacts> read_rate_tables(std::span<const OpenFile> files, const RecordOptions& options,
                                     const RateSink& sink);
Result<RecordFacts> read_subscription_tables(std::span<const OpenFile> files, const RecordOptions& options,
                                             const SubscriptionSink& sink);

}  // namespace behoud::ingest
