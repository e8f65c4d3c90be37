#pragma once

// The first pass over an order file: what can only be known from all of its rows, before any order is passed on; or
// beside a reading that goes by a guess, which the survey then proves or refutes.
//  - what the dates and the decimal mark are (dates.h, amounts.h);
//  - which money columns are the order's: equal or blank in every row of every order of several rows;
//  - which orders have rows that are not adjacent, and in how many runs they come.
// Reads the projected columns once; a second time where the sample could not tell the dates of a source without order
// ids, and where orders are not adjacent while a column may still be the order's.
//
// Memory: 8 bytes an order while order ids ascend or descend, else a set of 64-bit hashes, 13 bytes an order at the
// peak; freed before the reading pass.

#include <bitset>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/prefetch.h"
#include "ingest/amounts.h"
#include "ingest/dates.h"
#include "ingest/layout.h"
#include "ingest/order_rows.h"

namespace behoud::ingest {

struct OrderSurvey {
  DateForm date_form;
  std::optional<DateForm> updated_form, cancelled_form;  // of those columns, where they read as dates
  char decimal_mark = '.';
  bool decimal_guessed = false;
  std::bitset<kRoles> per_order;  // money columns that are the order's; meaningful with several_rows
  std::bitset<kRoles> repeated;   // of those: some order states it in more than one row
  bool several_rows = false;      // some order has more than one row
  bool order_ids = false;
  // Of each table its rows below the header, and the runs of each key that has more than one. Rows without an order id
  // in a source that has them are not in it.
  std::vector<std::uint64_t> rows;
  std::vector<std::unordered_map<std::uint64_t, std::uint32_t>> runs;
};

// `tables` are of one shape (the parts of an archive, or files of one export), `layouts` parallel to them. `progress`
// is told the bytes read since the last call. Errors: kBadInput (dates, decimal marks), and those of reading.
Result<OrderSurvey> survey_orders(std::span<const Table* const> tables, std::span<const Layout> layouts,
                                  const ReadOptions& options, const std::function<void(std::uint64_t)>& progress);

// What the first rows of a table alone would be surveyed as. nullopt: it is of no use as a guess of the whole (no order
// ids; orders whose rows lie apart). Errors: those of survey_orders, which the whole need not have.
Result<std::optional<OrderSurvey>> survey_head(const Table& table, const Layout& layout, const ReadOptions& options,
                                               std::uint64_t rows);

// Surveys a table beside a reading that goes by a guess, and tells at the end whether the guess was what survey_orders
// gives of the whole: then the reading gave what it would have given after a survey.
class SurveyBeside {
 public:
  // `slots` are those of `layout`, and `guess` is what survey_head gave. All must outlive this. Errors: as
  // survey_orders.
  static Result<std::unique_ptr<SurveyBeside>> create(const Table& table, const Layout& layout, const Slots& slots,
                                                      const OrderSurvey& guess, const ReadOptions& options);
  ~SurveyBeside();

  // A row, and the key that the reading made of it without knowing how many rows follow. The cells live until
  // end_batch(). false: the guess is refuted already.
  bool see(const RowKey& key, std::span<const std::string_view> cells, std::uint32_t width, std::uint64_t line);
  void end_batch();
  void prefetch(const RowKey& key) const;  // of a row that will be seen soon
  // Whether the guess holds of all rows that were seen; then `survey` is what survey_orders gives. Once, at the end.
  Result<bool> agrees(OrderSurvey& survey);

 private:
  struct Impl;
  explicit SurveyBeside(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// A set of 64-bit hashes, open addressing. 0 is stored as 1.
class HashSet {
 public:
  explicit HashSet(std::size_t expected = 0);
  bool insert(std::uint64_t hash);  // true: it is new
  void prefetch(std::uint64_t hash) const { prefetch_line(slots_.data() + (hash & mask_)); }
  std::size_t size() const { return size_; }

 private:
  void grow();
  std::vector<std::uint64_t> slots_;
  std::size_t mask_ = 0, size_ = 0;
};

}  // namespace behoud::ingest
