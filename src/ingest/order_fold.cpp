#include "ingest/order_fold.h"

#include <algorithm>
#include <cassert>
#include <limits>

#include "base/text.h"
#include "ingest/identity.h"
#include "ingest/order_money.h"

namespace behoud::ingest {
namespace {

using ledger::IdentitySpace;

// price x quantity in minor units, half away from zero; nullopt beyond 64 bits.
std::optional<std::int64_t> product_minor(const Decimal& price, const Decimal& quantity, int exponent) {
  __int128 product = static_cast<__int128>(price.mantissa) * quantity.mantissa;
  int scale = price.scale + quantity.scale;
  const bool negative = product < 0;
  if (negative) product = -product;
  __int128 rest_unit = 1;  // 10^(scale - exponent), as far as it is needed
  for (; scale > exponent; --scale) {
    if (rest_unit > product * 2 + 1) return 0;
    rest_unit *= 10;
  }
  for (; scale < exponent; ++scale) {
    if (product > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
    product *= 10;
  }
  const __int128 rest = product % rest_unit;
  product = product / rest_unit + (rest * 2 >= rest_unit && rest_unit > 1 ? 1 : 0);
  if (product > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  return static_cast<std::int64_t>(negative ? -product : product);
}

// How much a status word counts, for rows of one order that have different ones; the smallest wins.
int rank_of(std::string_view word) {
  switch (ledger::standing_of(word)) {
    case ledger::Standing::kCounts:
      return 0;
    case ledger::Standing::kUnknown:
      return 1;
    case ledger::Standing::kAwaited:
      return 2;
    case ledger::Standing::kRefunded:
      return 3;
    case ledger::Standing::kNot:
    case ledger::Standing::kTest:
      break;
  }
  return 4;
}

enum class Level : std::uint8_t { kOnce, kSum, kGreatest };

struct MoneyCell {
  Role role;
  std::uint16_t slot;
};

struct ParsedRow {
  RowRef row;
  bool dated = false, negative = false;
  calendar::Moment at;
  money::Currency currency;
  std::size_t cells = 0;  // first of its entries in `cells_`
};
struct ParsedCell {
  Decimal value;
  bool there = false;
};

class Fold final : public OrderFold {
 public:
  Fold(const Layout& layout, const Slots& slots, const OrderSurvey& survey, const ReadOptions& options,
       OrderAccount& account, OrderSink& sink, DateReader date)
      : layout_(layout),
        slots_(slots),
        options_(options),
        account_(account),
        sink_(sink),
        several_rows_(survey.several_rows),
        per_order_(survey.per_order),
        mark_(survey.decimal_mark),
        date_(std::move(date)) {
    for (const Role role : {Role::kTotal, Role::kAmount, Role::kSubtotal, Role::kTax, Role::kShipping, Role::kDiscount,
                            Role::kRefund, Role::kPrice, Role::kQuantity}) {
      for (const std::uint16_t slot : slots.of[index(role)]) {
        if (first_cell_[index(role)] == kNoCell) first_cell_[index(role)] = money_.size();
        money_.push_back({role, slot});
      }
    }
  }
  void set_side_dates(std::optional<DateReader> updated, std::optional<DateReader> cancelled) {
    updated_ = std::move(updated);
    cancelled_ = std::move(cancelled);
  }

  Result<void> fold(std::span<const RowRef> rows, bool made_up, bool alone) override {
    rows_.clear();
    cells_.clear();
    for (const RowRef& row : rows) parse(row);
    if (rows_.empty()) return {};
    const bool conflict = find_customer() || find_currency();
    if (conflict) return {};
    if (!to_minor() || rows_.empty()) return {};

    const auto is_positive = [](const ParsedRow& r) { return !r.negative; };
    auto positive = static_cast<std::size_t>(std::count_if(rows_.begin(), rows_.end(), is_positive));
    if (made_up && positive == 0) return loose_refunds();
    if (positive > 0) {
      if (!check_dates()) return {};
      positive = static_cast<std::size_t>(std::count_if(rows_.begin(), rows_.end(), is_positive));
    }
    return emit(made_up, alone, positive);
  }

 private:
  static constexpr std::size_t kNoCell = static_cast<std::size_t>(-1);

  std::string column_of(std::uint16_t slot) const {
    const std::size_t c = slots_.table_columns[slot];
    if (c < layout_.headers.size() && !trim(layout_.headers[c]).empty()) return layout_.headers[c];
    return "#" + std::to_string(c + 1);
  }
  std::string column_of(Role role) const { return layout_.column_name(role); }

  void reject(const RowRef& row, std::string column, std::string_view reason, std::string_view excerpt) {
    account_.reject(layout_.shape.file, row.line, std::move(column), reason, excerpt);
  }
  // The rest of the order goes with it.
  void reject_all(std::string column, std::string_view reason) {
    for (const ParsedRow& r : rows_) reject(r.row, column, reason, {});
    rows_.clear();
  }

  // Reads what a row says by itself; a row that cannot be read is rejected and not kept.
  void parse(const RowRef& row) {
    ParsedRow out;
    out.row = row;
    out.cells = cells_.size();
    const std::string_view date = slots_.raw(Role::kDate, row.cells);
    if (!date.empty()) {
      switch (date_.read(date, out.at)) {
        case DateFault::kNone:
          out.dated = true;
          break;
        case DateFault::kUnreadable:
          if (is_no_date(date)) break;
          return reject(row, column_of(Role::kDate), "ingest.reject.date", date);
        case DateFault::kTooEarly:
          return reject(row, column_of(Role::kDate), "ingest.reject.date_too_early", date);
        case DateFault::kFuture:
          return reject(row, column_of(Role::kDate), "ingest.reject.date_future", date);
      }
    }
    for (const MoneyCell& m : money_) {
      ParsedCell cell;
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
            cells_.resize(out.cells);
            return reject(row, column_of(m.slot),
                          m.role == Role::kQuantity ? "ingest.reject.quantity" : "ingest.reject.amount", text);
          case AmountFault::kRange:
            cells_.resize(out.cells);
            return reject(row, column_of(m.slot), "ingest.reject.amount_range", text);
        }
        if (!around.empty() && m.role != Role::kQuantity && !out.currency.known()) {
          out.currency = symbol(around);
          const bool code = around.size() == 3 && around.find_first_of(".$") == std::string_view::npos;
          if (code && !out.currency.known() && !equal_ignoring_case(around, "lei") &&
              !equal_ignoring_case(around, "din")) {
            unknown_currency(around);
            cells_.resize(out.cells);
            return reject(row, column_of(m.slot), "ingest.reject.currency", text);
          }
        }
      }
      cells_.push_back(cell);
    }
    if (slots_.has(Role::kCurrency)) {
      const std::string_view text = slots_.text(Role::kCurrency, row.cells);
      if (!text.empty()) {
        const money::Currency stated = currency(text);
        if (!stated.known()) {
          cells_.resize(out.cells);
          unknown_currency(text);
          return reject(row, column_of(Role::kCurrency), "ingest.reject.currency", text);
        }
        out.currency = stated;
      }
    }
    out.negative = is_negative(out);
    rows_.push_back(out);
  }

  std::string_view country(std::string_view text) {
    if (text.empty()) return {};
    if (text != country_text_) {
      country_text_.assign(text);
      country_ = country_code(country_text_);  // of static storage, or a part of country_text_
    }
    return country_;
  }

  void unknown_currency(std::string_view text) {
    account_.notice("ingest.notice.unknown_currency",
                    {{"file", layout_.shape.file}, {"currency", excerpt_of(text.substr(0, 20))}});
  }

  money::Currency currency(std::string_view text) {
    if (text == currency_text_) return currency_;
    currency_text_ = text.substr(0, 64);
    currency_ = money::Currency::guess(text);
    return text.size() > 64 ? money::Currency::none() : currency_;
  }
  money::Currency symbol(std::string_view text) {
    if (text == symbol_text_) return symbol_;
    symbol_text_ = text;
    symbol_ = money::Currency::guess(text);
    return symbol_;
  }

  const ParsedCell* cell(const ParsedRow& row, Role role) const {
    const std::size_t first = first_cell_[index(role)];
    if (first == kNoCell) return nullptr;
    for (std::size_t i = first; i < money_.size() && money_[i].role == role; ++i) {
      if (cells_[row.cells + i].there) return &cells_[row.cells + i];
    }
    return nullptr;
  }

  bool is_negative(const ParsedRow& row) const {
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

  // Whose order it is. True: two customers, and the rows are rejected.
  bool find_customer() {
    customer_ = {};
    id_.clear();
    email_.clear();
    phone_.clear();
    bool two_ids = false, two_emails = false, two_phones = false;
    const auto keep = [](std::string& have, std::string_view text, bool& two) {
      if (text.empty() || text == have) return;
      if (have.empty()) {
        have.assign(text);
      } else {
        two = true;
        if (text < have) have.assign(text);
      }
    };
    bool id_is_email = false;
    for (const ParsedRow& r : rows_) {
      std::string_view id;
      for (const std::uint16_t slot : slots_.of[index(Role::kCustomer)]) {
        id = customer_id(r.row.cells[slot]);
        if (!id.empty()) break;
      }
      if (!id.empty() && id.find('@') != std::string_view::npos && is_email(id)) {
        id_is_email = true;
        id = normalise_email_cell(id, scratch_);
      }
      keep(id_, id, two_ids);
      std::string_view email;
      for (const std::uint16_t slot : slots_.of[index(Role::kEmail)]) {
        email = normalise_email_cell(r.row.cells[slot], scratch_);
        if (!email.empty()) break;
      }
      keep(email_, email, two_emails);
      if (slots_.has(Role::kPhone)) {
        const std::string_view of = country(slots_.text(Role::kCountry, r.row.cells));
        std::string_view phone;
        for (const std::uint16_t slot : slots_.of[index(Role::kPhone)]) {
          phone = normalise_phone(r.row.cells[slot], of, scratch_);
          if (!phone.empty()) break;
        }
        keep(phone_, phone, two_phones);
      }
    }
    if (!id_.empty()) {
      if (two_ids) {
        reject_all(column_of(Role::kCustomer), "ingest.reject.two_customers");
        return true;
      }
      customer_ = id_is_email ? ledger::IdentityRef{IdentitySpace::kEmail, id_}
                              : ledger::IdentityRef{IdentitySpace::kCustomerId,
                                                    customer_of_source(options_.source, id_, id_of_source_)};
      if (id_is_email && email_.empty()) email_ = id_;
    } else if (!email_.empty()) {
      if (two_emails) {
        reject_all(column_of(Role::kEmail), "ingest.reject.two_customers");
        return true;
      }
      customer_ = {IdentitySpace::kEmail, email_};
    } else if (!phone_.empty()) {
      if (two_phones) {
        reject_all(column_of(Role::kPhone), "ingest.reject.two_customers");
        return true;
      }
      customer_ = {IdentitySpace::kPhone, phone_};
    }
    return false;
  }

  // The order's currency. True: two of them, and the rows are rejected.
  bool find_currency() {
    order_currency_ = {};
    for (const ParsedRow& r : rows_) {
      if (!r.currency.known() || r.currency == order_currency_) continue;
      if (order_currency_.known()) {
        const std::string column = slots_.has(Role::kCurrency) ? column_of(Role::kCurrency) : money_column();
        reject_all(column, "ingest.reject.two_currencies");
        return true;
      }
      order_currency_ = r.currency;
    }
    if (!order_currency_.known()) order_currency_ = layout_.header_currency;
    if (!order_currency_.known() && layout_.preset != nullptr && !layout_.preset->currency.empty()) {
      order_currency_ = currency(layout_.preset->currency);
    }
    if (!order_currency_.known() && options_.currency) order_currency_ = *options_.currency;
    return false;
  }

  std::string money_column() const {
    for (const Role role : {Role::kTotal, Role::kAmount, Role::kPrice, Role::kSubtotal}) {
      if (slots_.has(role)) return column_of(role);
    }
    return {};
  }

  // Minor units of every money cell, once the currency is known. Rows beyond 64 bits are rejected. False: none is left.
  bool to_minor() {
    const int exponent = order_currency_.exponent();
    minor_.assign(cells_.size(), 0);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const ParsedRow& r = rows_[i];
      bool fits = true;
      for (std::size_t m = 0; m < money_.size() && fits; ++m) {
        const ParsedCell& c = cells_[r.cells + m];
        if (!c.there || money_[m].role == Role::kPrice) continue;
        const auto v = c.value.minor(money_[m].role == Role::kQuantity ? 3 : exponent);
        // One digit short of 64 bits, so that no sum of two is ever out of range.
        fits = v && *v > INT64_MIN / 4 && *v < INT64_MAX / 4;
        if (fits) {
          minor_[r.cells + m] = *v;
        } else {
          reject(r.row, column_of(money_[m].slot), "ingest.reject.amount_range", r.row.cells[money_[m].slot]);
        }
      }
      if (fits) rows_[kept++] = r;
    }
    rows_.resize(kept);
    return kept > 0;
  }

  std::optional<std::int64_t> row_sum(const ParsedRow& r, Role role) const {
    const std::size_t first = first_cell_[index(role)];
    if (first == kNoCell) return std::nullopt;
    std::optional<std::int64_t> sum;
    for (std::size_t i = first; i < money_.size() && money_[i].role == role; ++i) {
      if (cells_[r.cells + i].there) sum = sum.value_or(0) + minor_[r.cells + i];  // a few columns of under 2^61
    }
    return sum;
  }
  std::int64_t row_quantity(const ParsedRow& r) const { return row_sum(r, Role::kQuantity).value_or(1000); }

  // What the row itself is worth: its amount, else price x quantity. nullopt: not stated. `range`: beyond 64 bits.
  std::optional<std::int64_t> row_amount(const ParsedRow& r, bool& range) const {
    if (const auto amount = row_sum(r, Role::kAmount)) return amount;
    const ParsedCell* price = cell(r, Role::kPrice);
    if (price == nullptr) return std::nullopt;
    const ParsedCell* quantity = cell(r, Role::kQuantity);
    const auto v =
        product_minor(price->value, quantity != nullptr ? quantity->value : Decimal{1, 0}, order_currency_.exponent());
    if (!v || *v <= INT64_MIN / 4 || *v >= INT64_MAX / 4) {
      range = true;
      return std::nullopt;
    }
    return v;
  }

  // What a negative row takes back, > 0.
  std::optional<std::int64_t> taken_back(const ParsedRow& r, bool& range) const {
    std::optional<std::int64_t> v = row_sum(r, Role::kTotal);
    if (!v) v = row_amount(r, range);
    if (!v) v = row_sum(r, Role::kSubtotal);
    if (!v) return std::nullopt;
    return *v < 0 ? -*v : *v;
  }

  bool check_dates() {
    for (const ParsedRow& r : rows_) {
      if (!r.negative && r.dated) return true;
    }
    std::size_t kept = 0;
    for (const ParsedRow& r : rows_) {
      if (r.negative) {
        rows_[kept++] = r;
      } else {
        reject(r.row, column_of(Role::kDate), "ingest.reject.date_missing", slots_.raw(Role::kDate, r.row.cells));
      }
    }
    rows_.resize(kept);
    return kept > 0;
  }

  Result<void> loose_refunds() {
    for (const ParsedRow& r : rows_) {
      if (!r.dated) {
        reject(r.row, column_of(Role::kDate), "ingest.reject.date_missing", slots_.raw(Role::kDate, r.row.cells));
        continue;
      }
      bool range = false;
      const auto back = taken_back(r, range);
      if (!back || range) {
        reject(r.row, money_column(), "ingest.reject.amount_range", {});
        continue;
      }
      if (*back == 0) continue;
      const money::Money amount{*back, order_currency_};
      account_.count_row("refund_rows", r.row.line);
      account_.refund(amount, r.row.line);
      TRY(sink_.refund({customer_, r.at, amount, r.row.line}));
    }
    return {};
  }

  Level level(Role role, bool made_up) const {
    if (made_up) return Level::kSum;
    const bool once = several_rows_ && per_order_.test(index(role));
    if (once) return Level::kOnce;
    if (role == Role::kTotal) {
      return layout_.preset != nullptr || layout_.mapped.test(index(role)) ? Level::kOnce : Level::kSum;
    }
    if (layout_.preset != nullptr && role != Role::kAmount && !layout_.preset->columns.empty() &&
        first_cell_[index(Role::kTotal)] != kNoCell) {
      return Level::kGreatest;
    }
    return Level::kSum;
  }

  // A money column over the order's rows. `two`: it is to be stated once and is stated differently.
  std::optional<std::int64_t> over_rows(Role role, bool made_up, bool& two, bool& range) const {
    if (first_cell_[index(role)] == kNoCell) return std::nullopt;
    if (rows_.size() == 1) return rows_[0].negative ? std::nullopt : row_sum(rows_[0], role);
    std::optional<std::int64_t> out;
    const Level how = level(role, made_up);
    for (const ParsedRow& r : rows_) {
      if (r.negative) continue;
      const auto v = row_sum(r, role);
      if (!v) continue;
      if (!out) {
        out = v;
        continue;
      }
      switch (how) {
        case Level::kOnce:
          two = two || *v != *out;
          out = std::max(*out, *v);
          break;
        case Level::kGreatest:
          out = std::max(*out, *v);
          break;
        case Level::kSum:
          range = range || __builtin_add_overflow(*out, *v, &*out);
          break;
      }
    }
    return out;
  }

  // The smallest text of a role over the rows that state one.
  std::string_view text_over_rows(Role role) const {
    if (!slots_.has(role)) return {};
    if (rows_.size() == 1) return slots_.text(role, rows_[0].row.cells);
    std::string_view out;
    for (const ParsedRow& r : rows_) {
      const std::string_view text = slots_.text(role, r.row.cells);
      if (!text.empty() && (out.empty() || text < out)) out = text;
    }
    return out;
  }

  // The ledger's word for a source's word; "" for one that does not tell whether an order counts.
  std::string translate(std::string_view text, std::size_t column) const {
    std::string word = to_lower(trim(text));
    if (word.starts_with("wc-")) word.erase(0, 3);
    if (layout_.preset == nullptr) return word;
    std::string key = word;
    std::replace(key.begin(), key.end(), ' ', '_');
    std::string_view words = layout_.preset->statuses;
    while (!words.empty()) {
      const std::size_t end = std::min(words.find(' '), words.size());
      const std::string_view pair = words.substr(0, end);
      words.remove_prefix(std::min(end + 1, words.size()));
      const std::size_t equals = pair.find('=');
      if (equals == std::string_view::npos) continue;
      std::string_view from = pair.substr(0, equals);
      if (from.size() > 2 && from[1] == ':') {
        if (static_cast<std::size_t>(from[0] - '1') != column) continue;
        from.remove_prefix(2);
      }
      if (from == key) return std::string(pair.substr(equals + 1));
    }
    return word;
  }

  // The status of a row; of several columns, or words in one, the one that counts least.
  std::string_view row_status(const ParsedRow& row) {
    const auto& slots = slots_.of[index(Role::kStatus)];
    const bool several = layout_.preset != nullptr && (slots.size() > 1 || layout_.preset->split_status);
    if (!several) {
      const std::string_view text = slots_.text(Role::kStatus, row.row.cells);
      if (text.empty()) return {};
      if (text != status_text_) {
        status_text_.assign(text);
        status_ = translate(text, 0);
      }
      return status_;
    }
    scratch_.clear();
    for (const std::uint16_t slot : slots) {
      scratch_ += row.row.cells[slot];
      scratch_ += '\n';
    }
    if (scratch_ == status_text_) return status_;
    status_text_ = scratch_;
    status_.clear();
    bool any = false;
    for (std::size_t column = 0; column < slots.size(); ++column) {
      std::string_view rest = row.row.cells[slots[column]];
      while (!rest.empty()) {
        const std::size_t end = layout_.preset->split_status ? std::min(rest.find(','), rest.size()) : rest.size();
        std::string word = translate(rest.substr(0, end), column);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (word.empty()) continue;
        if (!any || rank_of(word) > rank_of(status_)) status_ = std::move(word);
        any = true;
      }
    }
    return status_;
  }

  std::string_view status_over_rows() {
    if (!slots_.has(Role::kStatus)) return {};
    order_status_.clear();
    bool any = false, differ = false;
    for (const bool negatives : {false, true}) {
      for (const ParsedRow& r : rows_) {
        if (r.negative != negatives) continue;
        const std::string_view word = row_status(r);
        if (word.empty()) continue;
        if (!any) {
          order_status_.assign(word);
          any = true;
        } else if (word != order_status_) {
          differ = true;
          const int a = rank_of(word), b = rank_of(order_status_);
          if (a < b || (a == b && word < order_status_)) order_status_.assign(word);
        }
      }
      if (any) break;  // a refund's own word says nothing about the order
    }
    if (differ) account_.notice("ingest.notice.statuses_differ", {{"file", layout_.shape.file}});
    return order_status_;
  }

  bool is_test() const {
    if (!slots_.has(Role::kTest)) return false;
    for (const ParsedRow& r : rows_) {
      for (const std::uint16_t slot : slots_.of[index(Role::kTest)]) {
        const std::string_view text = trim(r.row.cells[slot]);
        if (text.empty() || text == "0") continue;
        const std::string word = to_lower(text.substr(0, 64));
        if (word.find("bogus") != std::string::npos) return true;
        if (word == "1" || word == "true" || word == "yes" || word == "y" || word == "ja" || word == "test")
          return true;
      }
    }
    return false;
  }

  static std::string_view coupon_of(std::string_view text) {
    if (!text.starts_with("code:")) return text;  // "code:WELCOME|amount:5.00;code:..."
    text.remove_prefix(5);
    return trim(text.substr(0, text.find_first_of("|;")));
  }

  Result<void> emit(bool made_up, bool alone, std::size_t positive) {
    ledger::OrderAssertion out;
    out.customer = customer_;
    out.email = email_;
    out.phone = phone_;
    out.currency = order_currency_;

    // Money.
    bool two = false, range = false;
    StatedMoney stated;
    stated.total = over_rows(Role::kTotal, made_up, two, range);
    if (two) {
      reject_all(column_of(Role::kTotal), "ingest.reject.two_totals");
      return {};
    }
    stated.subtotal = over_rows(Role::kSubtotal, made_up, two, range);
    stated.tax = over_rows(Role::kTax, made_up, two, range);
    stated.shipping = over_rows(Role::kShipping, made_up, two, range);
    stated.discount = over_rows(Role::kDiscount, made_up, two, range);
    std::optional<std::int64_t> refund = over_rows(Role::kRefund, made_up, two, range);
    row_amounts_.assign(rows_.size(), 0);
    const bool once = level(Role::kAmount, made_up) == Level::kOnce && first_cell_[index(Role::kAmount)] != kNoCell;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const ParsedRow& r = rows_[i];
      if (r.negative) continue;
      const auto v = row_amount(r, range);
      if (!v) continue;
      row_amounts_[i] = *v;
      if (once) {
        stated.amount = std::max(stated.amount.value_or(*v), *v);
      } else {
        std::int64_t sum = stated.amount.value_or(0);
        range = range || __builtin_add_overflow(sum, *v, &sum);
        stated.amount = sum;
      }
    }
    MoneyRules rules;
    rules.subtotal = layout_.subtotal_rule();
    rules.amount_net = layout_.amount_net;
    if (layout_.preset != nullptr) {
      rules.discount_in_amount = layout_.preset->discount_in_amount;
      if (layout_.preset->tax_outside_in_north_america) {
        const std::string code = order_currency_.code();
        rules.amount_net = code == "USD" || code == "CAD" || code == "MXN";
      }
    } else {
      rules.amount_of_order = first_cell_[index(Role::kAmount)] != kNoCell && (once || made_up || !several_rows_);
    }
    std::optional<SettledMoney> settled;
    if (positive > 0) {
      const bool none = !stated.total && !stated.amount && !stated.subtotal;
      if (none && !range && slots_.has(Role::kStatus)) {
        // Amazon prints no price for what was cancelled, or is not confirmed yet: an order that does not count.
        const auto standing = ledger::standing_of(status_over_rows());
        if (standing == ledger::Standing::kNot || standing == ledger::Standing::kAwaited) stated.amount = 0;
      }
      if (!range) settled = settle(stated, rules);
      if (!settled) {
        reject_all(money_column(), none && !range ? "ingest.reject.amount_missing" : "ingest.reject.amount_range");
        return {};
      }
      out.gross_minor = settled->gross;
      out.total_minor = settled->total;
      out.tax_minor = settled->tax;
      out.shipping_minor = settled->shipping;
      if (stated.discount) out.discount_minor = *stated.discount < 0 ? -*stated.discount : *stated.discount;
      if (refund) out.refund_minor = *refund < 0 ? -*refund : *refund;
    }

    // When.
    std::optional<calendar::Moment> placed;
    for (const ParsedRow& r : rows_) {
      if (r.negative || !r.dated) continue;
      if (!placed || r.at.at < placed->at || (r.at.at == placed->at && placed->date_only && !r.at.date_only)) {
        placed = r.at;
      }
    }
    out.placed = placed;
    std::uint64_t line = UINT64_MAX;
    for (const ParsedRow& r : rows_) line = std::min(line, r.row.line);
    out.line = line;
    read_side_date(Role::kUpdatedAt, updated_, out.updated_at);
    read_side_date(Role::kCancelledAt, cancelled_, out.cancelled_at);

    // Who, what.
    std::string_view id;
    if (made_up) {
      make_up_id(alone);
      id = made_up_id_;
    } else {
      for (const ParsedRow& r : rows_) {
        id = order_id(slots_.text(Role::kOrder, r.row.cells));
        if (!id.empty()) break;
      }
    }
    out.order_id = id;
    if (slots_.has(Role::kAlias)) {
      out.alias = order_id(text_over_rows(Role::kAlias));
      if (out.alias == id) out.alias = {};
    }
    out.status = status_over_rows();
    out.coupon = coupon_of(text_over_rows(Role::kCoupon));
    out.source = text_over_rows(Role::kSource);
    out.country = country(text_over_rows(Role::kCountry));
    out.name = name_over_rows();
    out.test = is_test();
    if (slots_.has(Role::kQuantity) && positive > 0) {
      std::int64_t units = 0;
      bool any = false;
      for (const ParsedRow& r : rows_) {
        if (r.negative) continue;
        const auto q = row_sum(r, Role::kQuantity);
        if (!q) continue;
        any = true;
        if (__builtin_add_overflow(units, *q, &units)) units = INT64_MAX;
      }
      if (any) out.units_milli = units;
    }
    if (positive > 0 && (slots_.has(Role::kItem) || slots_.has(Role::kItemName)))
      make_lines(settled->gross, once);
    else
      lines_.clear();
    out.lines = lines_;
    TRY(make_refunds(id));
    out.refunds = parts_;

    if (positive == 0) {
      if (parts_.empty()) return {};
      account_.count_row("refunds_without_order", line);
      return sink_.order(out);
    }
    account_.order(out, *settled, positive);
    return sink_.order(out);
  }

  void read_side_date(Role role, std::optional<DateReader>& reader, std::optional<calendar::Instant>& out) {
    if (!reader || !slots_.has(role)) return;
    for (const ParsedRow& r : rows_) {
      const std::string_view text = slots_.raw(role, r.row.cells);
      calendar::Moment at;
      if (text.empty() || reader->read(text, at) != DateFault::kNone) continue;
      if (!out || at.at > *out) out = at.at;
    }
  }

  std::string_view name_over_rows() {
    const auto& slots = slots_.of[index(Role::kName)];
    if (slots.size() <= 1) return text_over_rows(Role::kName);
    name_.clear();
    for (const ParsedRow& r : rows_) {
      scratch_.clear();
      for (const std::uint16_t slot : slots) {
        const std::string_view part = trim(r.row.cells[slot]);
        if (part.empty()) continue;
        if (!scratch_.empty()) scratch_ += ' ';
        scratch_ += part;
      }
      if (!scratch_.empty() && (name_.empty() || scratch_ < name_)) name_ = scratch_;
    }
    return name_;
  }

  void make_up_id(bool alone) {
    const ParsedRow* first = nullptr;
    for (const ParsedRow& r : rows_) {
      if (r.dated && (first == nullptr || r.at.at < first->at.at)) first = &r;
    }
    assert(first != nullptr);
    CivilTime civil;
    if (const auto read = date_.read_civil(slots_.raw(Role::kDate, first->row.cells))) civil = *read;
    if (!alone) {
      const std::string_view space = customer_.space == IdentitySpace::kCustomerId ? "c"
                                     : customer_.space == IdentitySpace::kEmail    ? "e"
                                                                                   : "p";
      made_up_id_ = ingest::made_up_id(made_up_key(space, customer_.value, civil));
      return;
    }
    // Nobody's order: named by all it says, and by how many said the same before it.
    Hash128 hash = made_up_key("", "", civil);
    for (std::size_t role = 0; role < kRoles; ++role) {
      const std::string_view text = slots_.text(static_cast<Role>(role), first->row.cells);
      if (text.empty()) continue;
      hash.add(static_cast<std::uint64_t>(role));
      hash.add(text);
    }
    hash.add(anonymous_seen_[hash.a]++);
    made_up_id_ = ingest::made_up_id(hash);
  }

  // Lines with an item, their amounts brought to sum to the order's gross over all lines: each gets
  // floor(G C_i / C) - floor(G C_(i-1) / C) with C_i the sum of the first i weights, in the order of (weight, item,
  // name, quantity), so that the cents do not depend on the order of the rows.
  void make_lines(std::int64_t gross, bool once) {
    lines_.clear();
    weights_.clear();
    bool any_amount = false;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const ParsedRow& r = rows_[i];
      if (r.negative) continue;
      Weighted w;
      w.line.item = slots_.text(Role::kItem, r.row.cells);
      w.line.name = slots_.text(Role::kItemName, r.row.cells);
      if (w.line.item.empty()) w.line.item = w.line.name;
      w.line.quantity_milli = row_quantity(r);
      bool range = false;
      std::optional<std::int64_t> amount;
      if (!once) {
        amount = row_amounts_[i];
      } else if (const ParsedCell* price = cell(r, Role::kPrice)) {  // `amount` is the order's: the price is the line's
        const ParsedCell* quantity = cell(r, Role::kQuantity);
        amount = product_minor(price->value, quantity != nullptr ? quantity->value : Decimal{1, 0},
                               order_currency_.exponent());
      }
      (void)range;
      w.weight = std::max<std::int64_t>(amount.value_or(0), 0);
      any_amount = any_amount || w.weight > 0;
      weights_.push_back(w);
    }
    if (weights_.size() == 1) {
      if (weights_[0].line.item.empty()) return;
      weights_[0].line.amount_minor = gross;
      lines_.push_back(weights_[0].line);
      return;
    }
    if (!any_amount) {
      for (Weighted& w : weights_) w.weight = std::max<std::int64_t>(w.line.quantity_milli, 1);
    }
    std::sort(weights_.begin(), weights_.end(), [](const Weighted& a, const Weighted& b) {
      return std::tie(a.weight, a.line.item, a.line.name, a.line.quantity_milli) <
             std::tie(b.weight, b.line.item, b.line.name, b.line.quantity_milli);
    });
    __int128 sum = 0, so_far = 0;
    for (const Weighted& w : weights_) sum += w.weight;
    std::int64_t before = 0;
    for (Weighted& w : weights_) {
      so_far += w.weight;
      // Below 2^126: gross is under 2^63, and so is each sum of fewer than 4 rows of under 2^61; more rows than that
      // are scaled down first.
      __int128 part = so_far, whole = sum;
      while (whole > (static_cast<__int128>(1) << 62)) part >>= 1, whole >>= 1;
      const auto here = static_cast<std::int64_t>(static_cast<__int128>(gross) * part / whole);
      w.line.amount_minor = here - before;
      before = here;
      if (!w.line.item.empty()) lines_.push_back(w.line);
    }
  }

  Result<void> make_refunds(std::string_view id) {
    parts_.clear();
    part_ids_.clear();
    for (const ParsedRow& r : rows_) {
      if (!r.negative) continue;
      bool range = false;
      const auto back = taken_back(r, range);
      if (!back || range) {
        reject(r.row, money_column(), "ingest.reject.amount_range", {});
        continue;
      }
      account_.count_row("refund_rows", r.row.line);
      if (*back == 0) continue;
      ledger::RefundPart part;
      if (r.dated) part.at = r.at.at;
      part.minor = *back;
      account_.refund({*back, order_currency_}, r.row.line);
      parts_.push_back(part);
    }
    if (parts_.empty()) return {};
    std::sort(parts_.begin(), parts_.end(), [](const ledger::RefundPart& a, const ledger::RefundPart& b) {
      return std::tie(a.at, a.minor) < std::tie(b.at, b.minor);
    });
    part_ids_.reserve(parts_.size());
    std::uint64_t same = 0;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      same = i > 0 && parts_[i].at == parts_[i - 1].at && parts_[i].minor == parts_[i - 1].minor ? same + 1 : 0;
      Hash128 hash;
      hash.add(id);
      hash.add(static_cast<std::uint64_t>(parts_[i].at ? parts_[i].at->ms : INT64_MIN));
      hash.add(static_cast<std::uint64_t>(parts_[i].minor));
      hash.add(same);
      part_ids_.push_back("~" + hash.hex().substr(0, 24));
    }
    for (std::size_t i = 0; i < parts_.size(); ++i) parts_[i].id = part_ids_[i];
    return {};
  }

  const Layout& layout_;
  const Slots& slots_;
  const ReadOptions& options_;
  OrderAccount& account_;
  OrderSink& sink_;
  bool several_rows_;
  std::bitset<kRoles> per_order_;
  char mark_;
  DateReader date_;
  std::optional<DateReader> updated_, cancelled_;

  std::vector<MoneyCell> money_;
  std::array<std::size_t, kRoles> first_cell_ = [] {
    std::array<std::size_t, kRoles> a{};
    a.fill(kNoCell);
    return a;
  }();

  // Of the order at hand.
  std::vector<ParsedRow> rows_;
  std::vector<ParsedCell> cells_;
  std::vector<std::int64_t> minor_, row_amounts_;
  ledger::IdentityRef customer_;
  money::Currency order_currency_;
  std::string id_, id_of_source_, email_, phone_, name_, scratch_, made_up_id_, order_status_;
  struct Weighted {
    std::int64_t weight = 0;
    ledger::OrderLine line;
  };
  std::vector<Weighted> weights_;
  std::vector<ledger::OrderLine> lines_;
  std::vector<ledger::RefundPart> parts_;
  std::vector<std::string> part_ids_;

  // Texts looked at last, since they hardly change from row to row.
  std::string currency_text_, symbol_text_, status_text_, status_, country_text_;
  std::string_view country_;
  money::Currency currency_, symbol_;
  std::unordered_map<std::uint64_t, std::uint64_t> anonymous_seen_;
};

}  // namespace

Result<std::unique_ptr<OrderFold>> OrderFold::create(const Layout& layout, const Slots& slots,
                                                     const OrderSurvey& survey, const ReadOptions& options,
                                                     OrderAccount& account, OrderSink& sink) {
  TRY_ASSIGN(DateReader date, DateReader::create(survey.date_form, options.zone, options.now));
  auto fold = std::make_unique<Fold>(layout, slots, survey, options, account, sink, std::move(date));
  std::optional<DateReader> updated, cancelled;
  if (survey.updated_form) {
    TRY_ASSIGN(updated, DateReader::create(*survey.updated_form, options.zone, options.now));
  }
  if (survey.cancelled_form) {
    TRY_ASSIGN(cancelled, DateReader::create(*survey.cancelled_form, options.zone, options.now));
  }
  fold->set_side_dates(std::move(updated), std::move(cancelled));
  return fold;
}

}  // namespace behoud::ingest
