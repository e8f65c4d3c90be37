#include "ingest/order_fold.h"

#include <algorithm>
#include <cassert>

#include "base/text.h"
#include "ingest/identity.h"
#include "ingest/order_cells.h"
#include "ingest/order_lines.h"
#include "ingest/order_money.h"
#include "ingest/order_status.h"
#include "ledger/bounds.h"

namespace behoud::ingest {
namespace {

using ledger::IdentitySpace;

enum class Level : std::uint8_t { kOnce, kSum, kGreatest };

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
        cells_(layout, slots, account, survey.decimal_mark, std::move(date)),
        status_(layout, slots) {}
  void set_side_dates(std::optional<DateReader> updated, std::optional<DateReader> cancelled) {
    updated_ = std::move(updated);
    cancelled_ = std::move(cancelled);
  }

  Result<void> fold(std::span<const RowRef> rows, bool made_up, bool alone) override {
    cells_.clear();
    for (const RowRef& row : rows) cells_.read(row);
    if (rows_.empty()) return {};
    const bool conflict = find_customer() || find_currency();
    if (conflict) return {};
    if (!cells_.check_signs(order_currency_)) return {};
    if (!cells_.to_minor(order_currency_) || rows_.empty()) return {};

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
  std::string_view country(std::string_view text) {
    if (text.empty()) return {};
    if (text != country_text_) {
      country_text_.assign(text);
      country_ = country_code(country_text_);  // of static storage, or a part of country_text_
    }
    return country_;
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
        cells_.reject_all(Role::kCustomer, "ingest.reject.two_customers");
        return true;
      }
      customer_ = id_is_email ? ledger::IdentityRef{IdentitySpace::kEmail, id_}
                              : ledger::IdentityRef{IdentitySpace::kCustomerId,
                                                    customer_of_source(options_.source, id_, id_of_source_)};
      if (id_is_email && email_.empty()) email_ = id_;
    } else if (!email_.empty()) {
      if (two_emails) {
        cells_.reject_all(Role::kEmail, "ingest.reject.two_customers");
        return true;
      }
      customer_ = {IdentitySpace::kEmail, email_};
    } else if (!phone_.empty()) {
      if (two_phones) {
        cells_.reject_all(Role::kPhone, "ingest.reject.two_customers");
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
        if (slots_.has(Role::kCurrency)) {
          cells_.reject_all(Role::kCurrency, "ingest.reject.two_currencies");
        } else {
          cells_.reject_all(money_column(), "ingest.reject.two_currencies");
        }
        return true;
      }
      order_currency_ = r.currency;
    }
    if (!order_currency_.known()) order_currency_ = layout_.header_currency;
    if (!order_currency_.known() && layout_.preset != nullptr && !layout_.preset->currency.empty()) {
      order_currency_ = cells_.currency(layout_.preset->currency);
    }
    if (!order_currency_.known() && options_.currency) order_currency_ = *options_.currency;
    return false;
  }

  std::string money_column() const {
    for (const Role role : {Role::kTotal, Role::kAmount, Role::kPrice, Role::kSubtotal}) {
      if (slots_.has(role)) return cells_.column_of(role);
    }
    return {};
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
        cells_.reject(r.row, cells_.column_of(Role::kDate), "ingest.reject.date_missing",
                      slots_.raw(Role::kDate, r.row.cells));
      }
    }
    rows_.resize(kept);
    return kept > 0;
  }

  Result<void> loose_refunds() {
    if (customer_.value.size() > ledger::kTextBytesMax) {
      cells_.reject_all(Role::kCustomer, kTooLong);
      return {};
    }
    for (const ParsedRow& r : rows_) {
      if (!r.dated) {
        cells_.reject(r.row, cells_.column_of(Role::kDate), "ingest.reject.date_missing",
                      slots_.raw(Role::kDate, r.row.cells));
        continue;
      }
      bool range = false;
      const auto back = cells_.taken_back(r, range);
      if (!back || range) {
        cells_.reject(r.row, money_column(), "ingest.reject.amount_range", {});
        continue;
      }
      if (*back == 0) continue;
      const money::Money amount{*back, order_currency_};
      account_.count_row("refund_rows", r.row.line);
      account_.refund(amount, r.row.line);
      mark_refund(r, *back);
      TRY(account_.check_sums());
      TRY(sink_.refund({customer_, r.at, amount, r.row.line}));
    }
    return {};
  }

  void mark_refund(const ParsedRow& r, std::int64_t back) {
    const auto magnitude = static_cast<std::uint64_t>(back);
    if (account_.is_greatest(magnitude)) account_.greatest(magnitude, {layout_.shape.file, r.row.line, money_column()});
  }

  Level level(Role role, bool made_up) const {
    if (made_up) return Level::kSum;
    const bool once = several_rows_ && per_order_.test(index(role));
    if (once) return Level::kOnce;
    if (role == Role::kTotal) {
      return layout_.preset != nullptr || layout_.mapped.test(index(role)) ? Level::kOnce : Level::kSum;
    }
    if (layout_.preset != nullptr && role != Role::kAmount && !layout_.preset->columns.empty() &&
        cells_.reads(Role::kTotal)) {
      return Level::kGreatest;
    }
    return Level::kSum;
  }

  // A money column over the order's rows: left as it is where none states it. `two`: it is to be stated once and is
  // stated differently. Written in place: an optional that is handed on right after its halves were stored waits for
  // them, a tenth of a microsecond an order in all.
  void over_rows(Role role, bool made_up, std::optional<std::int64_t>& out, bool& two, bool& range) const {
    if (!cells_.reads(role)) return;
    if (rows_.size() == 1) {
      if (rows_[0].negative) return;
      if (const auto v = cells_.sum(rows_[0], role)) out = *v;
      return;
    }
    const Level how = level(role, made_up);
    for (const ParsedRow& r : rows_) {
      if (r.negative) continue;
      const auto v = cells_.sum(r, role);
      if (!v) continue;
      if (!out) {
        out = *v;
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

  std::string_view status_over_rows() {
    if (!slots_.has(Role::kStatus)) return {};
    bool differ = false;
    const std::string_view status = status_.of(rows_, differ);
    if (differ) account_.notice("ingest.notice.statuses_differ", {{"file", layout_.shape.file}});
    return status;
  }

  std::unexpected<Error> too_many_statuses(std::uint64_t line) const {
    const Place at{layout_.shape.file, line, cells_.column_of(Role::kStatus)};
    return fail(Errc::kBadInput,
                "column " + quoted(at.column) + " has more than " + std::to_string(kStatusWordsMax) +
                    " different words by line " + std::to_string(line) + ": these are no statuses of orders",
                "Say which column holds the status: --map status=COLUMN.", at,
                {"problem.statuses_too_many", {{"most", kStatusWordsMax}}});
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

  static constexpr std::string_view kTooLong = "ingest.reject.text_too_long";

  // Whether the ledger takes the order's texts. False: it would refuse the whole file for them, and the rows are
  // rejected instead.
  bool texts_fit(const ledger::OrderAssertion& o) {
    const auto over = [](std::string_view text) { return text.size() > ledger::kTextBytesMax; };
    const auto fault = [&]() -> std::optional<Role> {
      if (over(o.order_id)) return Role::kOrder;
      if (over(o.alias)) return Role::kAlias;
      if (over(o.customer.value)) return Role::kCustomer;
      if (over(o.name)) return Role::kName;
      if (over(o.status)) return Role::kStatus;
      if (over(o.coupon)) return Role::kCoupon;
      if (over(o.source)) return Role::kSource;
      if (over(o.country)) return Role::kCountry;
      for (const Role role : {Role::kItem, Role::kItemName}) {
        if (!slots_.has(role)) continue;
        for (const ParsedRow& r : rows_) {
          if (over(slots_.text(role, r.row.cells))) return role;
        }
      }
      return std::nullopt;
    }();
    if (!fault) return true;
    if (*fault == Role::kName) {
      cells_.reject_all(cells_.column_of(*fault), kTooLong);
    } else {
      cells_.reject_all(*fault, kTooLong);
    }
    return false;
  }

  static std::string_view coupon_of(std::string_view text) {
    if (!text.starts_with("code:")) return text;  // "code:WELCOME|amount:5.00;code:..."
    text.remove_prefix(5);
    return trim(text.substr(0, text.find_first_of("|;")));
  }

  Result<void> emit(bool made_up, bool alone, std::size_t positive) {
    ledger::OrderAssertion& out = order_;
    forget(out);
    out.customer = customer_;
    out.email = email_;
    out.phone = phone_;
    out.currency = order_currency_;

    // Money.
    bool two = false, range = false;
    StatedMoney& stated = stated_;
    for (auto* const amount :
         {&stated.total, &stated.amount, &stated.subtotal, &stated.tax, &stated.shipping, &stated.discount}) {
      amount->reset();
    }
    over_rows(Role::kTotal, made_up, stated.total, two, range);
    if (two) {
      cells_.reject_all(Role::kTotal, "ingest.reject.two_totals");
      return {};
    }
    over_rows(Role::kSubtotal, made_up, stated.subtotal, two, range);
    over_rows(Role::kTax, made_up, stated.tax, two, range);
    over_rows(Role::kShipping, made_up, stated.shipping, two, range);
    over_rows(Role::kDiscount, made_up, stated.discount, two, range);
    std::optional<std::int64_t> refund;
    over_rows(Role::kRefund, made_up, refund, two, range);
    row_amounts_.assign(rows_.size(), 0);
    const bool once = level(Role::kAmount, made_up) == Level::kOnce && cells_.reads(Role::kAmount);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const ParsedRow& r = rows_[i];
      if (r.negative) continue;
      const auto v = cells_.amount(r, range);
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
      rules.amount_of_order = cells_.reads(Role::kAmount) && (once || made_up || !several_rows_);
    }
    const bool none = !stated.total && !stated.amount && !stated.subtotal;
    if (positive > 0 && none && !range && slots_.has(Role::kStatus)) {
      // Amazon prints no price for what was cancelled, or is not confirmed yet: an order that does not count.
      const auto standing = ledger::standing_of(status_over_rows());
      if (standing == ledger::Standing::kNot || standing == ledger::Standing::kAwaited) stated.amount = 0;
    }
    const auto settled = positive > 0 && !range ? settle(stated, rules) : std::optional<SettledMoney>();
    if (positive > 0) {
      if (!settled) {
        cells_.reject_all(money_column(),
                          none && !range ? "ingest.reject.amount_missing" : "ingest.reject.amount_range");
        return {};
      }
      out.gross_minor = settled->gross;
      out.total_minor = settled->total;
      if (settled->tax) out.tax_minor = settled->tax;
      if (settled->shipping) out.shipping_minor = settled->shipping;
      if (stated.discount) out.discount_minor = *stated.discount < 0 ? -*stated.discount : *stated.discount;
      if (refund) out.refund_minor = *refund < 0 ? -*refund : *refund;
    }

    // When.
    const calendar::Moment* placed = nullptr;
    for (const ParsedRow& r : rows_) {
      if (r.negative || !r.dated) continue;
      if (placed == nullptr || r.at.at < placed->at ||
          (r.at.at == placed->at && placed->date_only && !r.at.date_only)) {
        placed = &r.at;
      }
    }
    if (placed != nullptr) out.placed = *placed;
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
    if (status_.too_many_words()) return too_many_statuses(line);
    out.coupon = coupon_of(text_over_rows(Role::kCoupon));
    out.source = text_over_rows(Role::kSource);
    out.country = country(text_over_rows(Role::kCountry));
    out.name = name_over_rows();
    if (!texts_fit(out)) return {};
    out.test = is_test();
    if (slots_.has(Role::kQuantity) && positive > 0) {
      std::int64_t units = 0;
      bool any = false;
      for (const ParsedRow& r : rows_) {
        if (r.negative) continue;
        const auto q = cells_.sum(r, Role::kQuantity);
        if (!q) continue;
        any = true;
        if (__builtin_add_overflow(units, *q, &units)) {
          cells_.reject_all(Role::kQuantity, "ingest.reject.amount_range");
          return {};
        }
      }
      if (any) out.units_milli = units;
    }
    if (positive > 0 && (slots_.has(Role::kItem) || slots_.has(Role::kItemName)))
      make_lines(settled->gross, once);
    else
      lines_.clear();
    if (std::max(lines_.size(), rows_.size() - positive) > ledger::kOrderLinesMax) {
      cells_.reject_all(Role::kOrder, "ingest.reject.order_too_long");
      return {};
    }
    out.lines = lines_;
    TRY(make_refunds(id));
    out.refunds = parts_;

    if (positive == 0) {
      if (parts_.empty()) return {};
      account_.count_row("refunds_without_order", line);
      TRY(account_.check_sums());
      return sink_.order(out);
    }
    account_.order(out, *settled, positive);
    mark_greatest(out);
    TRY(account_.check_sums());
    return sink_.order(out);
  }

  // What emit() does not write of every order; refunded_at is written by none. Clearing the whole of it, 400 bytes,
  // takes longer than a cell takes to be read.
  static void forget(ledger::OrderAssertion& o) {
    o.alias = {};
    for (auto* const amount : {&o.gross_minor, &o.total_minor, &o.tax_minor, &o.shipping_minor, &o.discount_minor,
                               &o.refund_minor, &o.units_milli}) {
      amount->reset();
    }
    o.placed.reset();
    o.updated_at.reset();
    o.cancelled_at.reset();
  }

  void mark_greatest(const ledger::OrderAssertion& o) {
    const auto mark = [&](std::optional<std::int64_t> amount, auto column) {
      const auto bits = static_cast<std::uint64_t>(amount.value_or(0));
      const std::uint64_t magnitude = amount.value_or(0) < 0 ? -bits : bits;
      if (account_.is_greatest(magnitude)) account_.greatest(magnitude, {layout_.shape.file, o.line, column()});
    };
    const auto of = [&](Role role) {
      return [this, role] { return slots_.has(role) ? cells_.column_of(role) : money_column(); };
    };
    mark(o.gross_minor, [this] { return money_column(); });
    mark(o.total_minor, [this] { return money_column(); });
    mark(o.tax_minor, of(Role::kTax));
    mark(o.shipping_minor, of(Role::kShipping));
    mark(o.discount_minor, of(Role::kDiscount));
    mark(o.refund_minor, of(Role::kRefund));
    mark(o.units_milli, of(Role::kQuantity));
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
    if (const auto read = cells_.dates().read_civil(slots_.raw(Role::kDate, first->row.cells))) civil = *read;
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

  void make_lines(std::int64_t gross, bool once) {
    if (rows_.size() == 1) {  // as below; most orders of most files
      lines_.clear();
      const RowRef& row = rows_[0].row;
      const std::string_view name = slots_.text(Role::kItemName, row.cells);
      std::string_view item = slots_.text(Role::kItem, row.cells);
      if (item.empty()) item = name;
      if (!item.empty()) lines_.emplace_back(item, name, cells_.quantity_milli(rows_[0]), gross);
      return;
    }
    weights_.clear();
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const ParsedRow& r = rows_[i];
      if (r.negative) continue;
      WeightedLine w;
      w.line.item = slots_.text(Role::kItem, r.row.cells);
      w.line.name = slots_.text(Role::kItemName, r.row.cells);
      if (w.line.item.empty()) w.line.item = w.line.name;
      w.line.quantity_milli = cells_.quantity_milli(r);
      // Where `amount` is the order's, the price is the line's.
      const auto amount = once ? cells_.price_times_quantity(r) : row_amounts_[i];
      w.weight = std::max<std::int64_t>(amount.value_or(0), 0);
      weights_.push_back(w);
    }
    deal_out(gross, weights_, lines_);
  }

  Result<void> make_refunds(std::string_view id) {
    parts_.clear();
    for (const ParsedRow& r : rows_) {
      if (!r.negative) continue;
      bool range = false;
      const auto back = cells_.taken_back(r, range);
      if (!back || range) {
        cells_.reject(r.row, money_column(), "ingest.reject.amount_range", {});
        continue;
      }
      account_.count_row("refund_rows", r.row.line);
      if (*back == 0) continue;
      ledger::RefundPart part;
      if (r.dated) part.at = r.at.at;
      part.minor = *back;
      account_.refund({*back, order_currency_}, r.row.line);
      mark_refund(r, *back);
      parts_.push_back(part);
    }
    if (parts_.empty()) return {};
    name_refund_parts(id, parts_, part_ids_);
    return {};
  }

  const Layout& layout_;
  const Slots& slots_;
  const ReadOptions& options_;
  OrderAccount& account_;
  OrderSink& sink_;
  bool several_rows_;
  std::bitset<kRoles> per_order_;
  std::optional<DateReader> updated_, cancelled_;

  // Of the order at hand.
  OrderCells cells_;
  std::vector<ParsedRow>& rows_ = cells_.rows;
  OrderStatus status_;
  ledger::OrderAssertion order_;  // that is passed on
  StatedMoney stated_;
  std::vector<std::int64_t> row_amounts_;
  ledger::IdentityRef customer_;
  money::Currency order_currency_;
  std::string id_, id_of_source_, email_, phone_, name_, scratch_, made_up_id_;
  std::vector<WeightedLine> weights_;
  std::vector<ledger::OrderLine> lines_;
  std::vector<ledger::RefundPart> parts_;
  std::vector<std::string> part_ids_;

  // Looked at last, since it hardly changes from row to row.
  std::string country_text_;
  std::string_view country_;
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
