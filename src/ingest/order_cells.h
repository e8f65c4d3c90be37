#pragma once

// The rows of the order at hand, each read by itself: its date, its currency and its numbers. A row that cannot be read
// is rejected and not kept. Not thread-safe.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/amounts.h"
#include "ingest/dates.h"
#include "ingest/order_account.h"
#include "ingest/order_rows.h"
#include "ingest/shared_sign.h"

namespace behoud::ingest {

struct ParsedRow {
  RowRef row;
  bool dated = false, negative = false;
  calendar::Moment at;
  money::Currency currency;
  SharedSign sign = SharedSign::kNone;  // beside an amount, where no currency is stated
  std::size_t cells = 0;                // first of its entries among the cells
};
struct ParsedCell {
  Decimal value;
  bool there = false;
};

// Minor units, where they are stated. A plain struct, since it stays in registers where an optional of the same goes
// through memory (of 10 M orders a fifth of a second).
struct StatedMinor {
  std::int64_t minor = 0;
  bool there = false;
  explicit operator bool() const { return there; }
  std::int64_t operator*() const { return minor; }
  std::int64_t value_or(std::int64_t other) const { return there ? minor : other; }
};

class OrderCells {
 public:
  // All but `date` and `decimal_mark` must outlive it.
  OrderCells(const Layout& layout, const Slots& slots, OrderAccount& account, char decimal_mark, DateReader date);

  // The rows that were read, and are left. Whoever drops some keeps the others' order.
  std::vector<ParsedRow> rows;

  void clear();
  void read(const RowRef& row);
  // Minor units of every money cell, once the currency is known. Rows beyond 64 bits are rejected. False: none is left.
  bool to_minor(money::Currency currency);

  // Whether a money column, or the quantity, is read at all.
  bool reads(Role role) const { return first_cell_[index(role)] != kNoCell; }
  // Of several columns the first that states something; nullptr: none does.
  const ParsedCell* cell(const ParsedRow& row, Role role) const {
    const std::size_t first = first_cell_[index(role)];
    if (first == kNoCell) return nullptr;
    for (std::size_t i = first; i < money_.size() && money_[i].role == role; ++i) {
      if (cells_[row.cells + i].there) return &cells_[row.cells + i];
    }
    return nullptr;
  }
  // After to_minor().
  StatedMinor sum(const ParsedRow& r, Role role) const {
    const std::size_t first = first_cell_[index(role)];
    StatedMinor sum;
    if (first == kNoCell) return sum;
    for (std::size_t i = first; i < money_.size() && money_[i].role == role; ++i) {
      if (!cells_[r.cells + i].there) continue;
      sum.minor += minor_[r.cells + i];  // a few columns of under 2^61
      sum.there = true;
    }
    return sum;
  }
  std::int64_t quantity_milli(const ParsedRow& r) const { return sum(r, Role::kQuantity).value_or(1000); }
  // What the row itself is worth: its amount, else price x quantity. `range`: beyond 64 bits.
  StatedMinor amount(const ParsedRow& r, bool& range) const;
  std::optional<std::int64_t> price_times_quantity(const ParsedRow& r) const;  // nullopt: no price, or beyond 64 bits
  // What a negative row takes back, > 0.
  std::optional<std::int64_t> taken_back(const ParsedRow& r, bool& range) const;

  // Rejects the rows of an order of which one bears a sign that its currency cannot have, and says false. Where the
  // order has no currency, the signs are noted, for the one that the file turns out to be in.
  bool check_signs(money::Currency currency);

  money::Currency currency(std::string_view text);
  DateReader& dates() { return date_; }

  void reject(const RowRef& row, std::string column, std::string_view reason, std::string_view excerpt);
  // All rows of the order. Of a role each with its cell, but for what tells who somebody is: the list of rejected rows
  // is kept, and holds no addresses and no numbers to call.
  void reject_all(const std::string& column, std::string_view reason);
  void reject_all(Role role, std::string_view reason);
  std::string column_of(Role role) const { return layout_.column_name(role); }

 private:
  static constexpr std::size_t kNoCell = static_cast<std::size_t>(-1);
  struct MoneyCell {
    Role role;
    std::uint16_t slot;
  };

  bool read_into(ParsedRow& out);
  std::string column_of(std::uint16_t slot) const;
  void unknown_currency(std::string_view text);
  money::Currency symbol(std::string_view text);
  bool is_negative(const ParsedRow& row) const;

  const Layout& layout_;
  const Slots& slots_;
  OrderAccount& account_;
  char mark_;
  DateReader date_;
  int exponent_ = 2;
  std::vector<MoneyCell> money_;
  std::array<std::size_t, kRoles> first_cell_;
  std::vector<ParsedCell> cells_;
  std::vector<std::int64_t> minor_;  // of each cell
  // Looked at last, since they hardly change from row to row.
  std::string currency_text_, symbol_text_;
  money::Currency currency_, symbol_;
  SharedSign sign_ = SharedSign::kNone;  // of symbol_text_
};

}  // namespace behoud::ingest
