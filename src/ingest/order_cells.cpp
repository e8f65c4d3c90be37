#include "ingest/order_cells.h"

#include <algorithm>

#include "base/text.h"
#include "ingest/identity.h"
#include "ingest/order_money.h"

namespace behoud::ingest {

OrderCells::OrderCells(const Layout& layout, const Slots& slots, OrderAccount& account, char decimal_mark,
                       DateReader date)
    : layout_(layout), slots_(slots), account_(account), mark_(decimal_mark), date_(std::move(date)) {
  first_cell_.fill(kNoCell);
  for (const Role role : {Role::kTotal, Role::kAmount, Role::kSubtotal, Role::kTax, Role::kShipping, Role::kDiscount,
                          Role::kRefund, Role::kPrice, Role::kQuantity}) {
    for (const std::uint16_t slot : slots.of[index(role)]) {
      if (first_cell_[index(role)] == kNoCell) first_cell_[index(role)] = money_.size();
      money_.push_back({role, slot});
    }
  }
}

void OrderCells::clear() {
  rows.clear();
  cells_.clear();
}

std::string OrderCells::column_of(std::uint16_t slot) const {
  const std::size_t c = slots_.table_columns[slot];
  if (c < layout_.headers.size() && !trim(layout_.headers[c]).empty()) return layout_.headers[c];
  return "#" + std::to_string(c + 1);
}

void OrderCells::reject(const RowRef& row, std::string column, std::string_view reason, std::string_view excerpt) {
  account_.reject(layout_.shape.file, row.line, std::move(column), reason, excerpt);
}

void OrderCells::reject_all(const std::string& column, std::string_view reason) {
  for (const ParsedRow& r : rows) reject(r.row, column, reason, {});
  rows.clear();
}

void OrderCells::reject_all(Role role, std::string_view reason) {
  for (const ParsedRow& r : rows) {
    const std::string_view cell = slots_.text(role, r.row.cells);
    const bool personal = role == Role::kEmail || role == Role::kPhone || cell.find('@') != std::string_view::npos;
    reject(r.row, column_of(role), reason, personal ? std::string_view{} : cell);
  }
  rows.clear();
}

// Rows and cells are read where they are kept: copied right after their parts were stored they would wait for those.
void OrderCells::read(const RowRef& row) {
  const std::size_t cells = cells_.size();
  ParsedRow& out = rows.emplace_back();
  out.row = row;
  out.cells = cells;
  if (read_into(out)) return;
  rows.pop_back();
  cells_.resize(cells);
}

// False: the row has been rejected.
bool OrderCells::read_into(ParsedRow& out) {
  const RowRef& row = out.row;
  const auto rejected = [&](std::string column, std::string_view reason, std::string_view excerpt) {
    reject(row, std::move(column), reason, excerpt);
    return false;
  };
  const std::string_view date = slots_.raw(Role::kDate, row.cells);
  if (!date.empty()) {
    switch (date_.read(date, out.at)) {
      case DateFault::kNone:
        out.dated = true;
        break;
      case DateFault::kUnreadable:
        if (is_no_date(date)) break;
        return rejected(column_of(Role::kDate), "ingest.reject.date", date);
      case DateFault::kTooEarly:
        return rejected(column_of(Role::kDate), "ingest.reject.date_too_early", date);
      case DateFault::kFuture:
        return rejected(column_of(Role::kDate), "ingest.reject.date_future", date);
    }
  }
  for (const MoneyCell& m : money_) {
    ParsedCell& cell = cells_.emplace_back();
    std::string_view around;
    const std::string_view text = row.cells[m.slot];
    if (!text.empty()) {
      switch (read_amount(text, mark_, cell.value, around)) {
        case AmountFault::kNone:
          cell.there = true;
          break;
        case AmountFault::kBlank:
          break;
        case AmountFault::kUnreadable:
          return rejected(column_of(m.slot),
                          m.role == Role::kQuantity ? "ingest.reject.quantity" : "ingest.reject.amount", text);
        case AmountFault::kRange:
          return rejected(column_of(m.slot), "ingest.reject.amount_range", text);
      }
      if (!around.empty() && m.role != Role::kQuantity && !out.currency.known()) {
        out.currency = symbol(around);
        if (!out.currency.known() && out.sign == SharedSign::kNone) out.sign = sign_;
        const bool code = around.size() == 3 && around.find_first_of(".$") == std::string_view::npos;
        if (code && !out.currency.known() && !equal_ignoring_case(around, "lei") &&
            !equal_ignoring_case(around, "din")) {
          unknown_currency(around);
          return rejected(column_of(m.slot), "ingest.reject.currency", text);
        }
      }
    }
  }
  if (slots_.has(Role::kCurrency)) {
    const std::string_view text = slots_.text(Role::kCurrency, row.cells);
    if (!text.empty()) {
      const money::Currency stated = currency(text);
      if (!stated.known()) {
        unknown_currency(text);
        return rejected(column_of(Role::kCurrency), "ingest.reject.currency", text);
      }
      out.currency = stated;
      out.sign = SharedSign::kNone;
    }
  }
  out.negative = is_negative(out);
  return true;
}

void OrderCells::unknown_currency(std::string_view text) {
  account_.notice("ingest.notice.unknown_currency",
                  {{"file", layout_.shape.file}, {"currency", excerpt_of(text.substr(0, 20))}});
}

money::Currency OrderCells::currency(std::string_view text) {
  if (text == currency_text_) return currency_;
  currency_text_ = text.substr(0, 64);
  currency_ = money::Currency::guess(text);
  return text.size() > 64 ? money::Currency::none() : currency_;
}

money::Currency OrderCells::symbol(std::string_view text) {
  if (text == symbol_text_) return symbol_;
  symbol_text_ = text;
  symbol_ = money::Currency::guess(text);
  sign_ = shared_sign(text);
  return symbol_;
}

bool OrderCells::check_signs(money::Currency currency) {
  bool other = false;
  for (const ParsedRow& r : rows) {
    if (r.sign == SharedSign::kNone) continue;
    if (!currency.known()) account_.bare_sign(r.sign, layout_.shape.file, r.row.line);
    other = other || !may_bear(currency, r.sign);
  }
  if (!other) return true;
  for (const ParsedRow& r : rows) {
    if (!may_bear(currency, r.sign)) {
      account_.notice(
          "ingest.notice.other_currency_sign",
          {{"file", layout_.shape.file}, {"sign", std::string(written(r.sign))}, {"currency", currency.code()}});
    }
    // The cell that bears it; a row without a sign goes with the others of its order.
    const auto bears = [&](const MoneyCell& m) {
      Decimal value;
      std::string_view around;
      return m.role != Role::kQuantity && r.sign != SharedSign::kNone &&
             read_amount(r.row.cells[m.slot], mark_, value, around) == AmountFault::kNone &&
             shared_sign(around) == r.sign;
    };
    const auto found = std::ranges::find_if(money_, bears);
    const bool there = found != money_.end();
    reject(r.row, there ? column_of(found->slot) : std::string{}, "ingest.reject.currency_sign",
           there ? r.row.cells[found->slot] : std::string_view{});
  }
  rows.clear();
  return false;
}

bool OrderCells::is_negative(const ParsedRow& row) const {
  for (const Role role : {Role::kTotal, Role::kAmount}) {
    if (const ParsedCell* c = cell(row, role); c != nullptr && c->value.negative()) return true;
  }
  if (slots_.has(Role::kTotal) || slots_.has(Role::kAmount)) return false;
  if (!slots_.has(Role::kPrice)) {
    const ParsedCell* s = cell(row, Role::kSubtotal);
    return s != nullptr && s->value.negative();
  }
  const ParsedCell* price = cell(row, Role::kPrice);
  const ParsedCell* quantity = cell(row, Role::kQuantity);
  if (price == nullptr || price->value.mantissa == 0) return false;
  return price->value.negative() != (quantity != nullptr && quantity->value.negative());
}

bool OrderCells::to_minor(money::Currency currency) {
  exponent_ = currency.exponent();
  minor_.assign(cells_.size(), 0);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const ParsedRow& r = rows[i];
    bool fits = true;
    for (std::size_t m = 0; m < money_.size() && fits; ++m) {
      const ParsedCell& c = cells_[r.cells + m];
      if (!c.there || money_[m].role == Role::kPrice) continue;
      const auto v = c.value.minor(money_[m].role == Role::kQuantity ? 3 : exponent_);
      // One digit short of 64 bits, so that no sum of two is ever out of range.
      fits = v && *v > INT64_MIN / 4 && *v < INT64_MAX / 4;
      if (fits) {
        minor_[r.cells + m] = *v;
      } else {
        reject(r.row, column_of(money_[m].slot), "ingest.reject.amount_range", r.row.cells[money_[m].slot]);
      }
    }
    if (fits) rows[kept++] = r;
  }
  rows.resize(kept);
  return kept > 0;
}

std::optional<std::int64_t> OrderCells::price_times_quantity(const ParsedRow& r) const {
  const ParsedCell* price = cell(r, Role::kPrice);
  if (price == nullptr) return std::nullopt;
  const ParsedCell* quantity = cell(r, Role::kQuantity);
  return product_minor(price->value, quantity != nullptr ? quantity->value : Decimal{1, 0}, exponent_);
}

StatedMinor OrderCells::amount(const ParsedRow& r, bool& range) const {
  if (const auto amount = sum(r, Role::kAmount)) return amount;
  if (cell(r, Role::kPrice) == nullptr) return {};
  const auto v = price_times_quantity(r);
  if (!v || *v <= INT64_MIN / 4 || *v >= INT64_MAX / 4) {
    range = true;
    return {};
  }
  return {*v, true};
}

std::optional<std::int64_t> OrderCells::taken_back(const ParsedRow& r, bool& range) const {
  StatedMinor v = sum(r, Role::kTotal);
  if (!v) v = amount(r, range);
  if (!v) v = sum(r, Role::kSubtotal);
  if (!v) return std::nullopt;
  return *v < 0 ? -*v : *v;
}

}  // namespace behoud::ingest
