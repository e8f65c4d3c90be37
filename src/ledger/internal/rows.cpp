#include "ledger/internal/rows.h"

#include <algorithm>
#include <cassert>
#include <tuple>

#include <fmt/format.h>

#include "base/text.h"
#include "ledger/bounds.h"
#include "ledger/internal/varint.h"

namespace behoud::ledger::internal {
namespace {

// flags
constexpr std::int64_t kDateOnly = 1, kTest = 2, kSingleLine = 4, kEmailIsCustomer = 8;
// of customer: of first_order, consent_at, unsubscribed_at
constexpr std::int64_t kFirstOrderDateOnly = 1, kConsentDateOnly = 2, kUnsubscribedDateOnly = 4, kEmailIsId = 8;

// Fields of order_event.more, in this order.
enum More : std::uint64_t {
  kAlias = 1 << 0,
  kTotal = 1 << 1,  // less the amount, where there is one
  kUnits = 1 << 2,
  kSource = 1 << 3,
  kCountry = 1 << 4,
  kCoupon = 1 << 5,
  kItem = 1 << 6,
  kItemName = 1 << 7,
  kLines = 1 << 8,  // how many rows of order_line
  kVersion = 1 << 9,
  kContact = 1 << 10,
  kTax = 1 << 11,
  kShipping = 1 << 12,
  kDiscount = 1 << 13,
  kRefund = 1 << 14,
  kRefundedAt = 1 << 15,
  kCancelledAt = 1 << 16,
  kRefunds = 1 << 17,
  kMoreEnd = 1 << 18
};

Error damaged(std::string_view what) {
  return {Errc::kCorrupt,
          fmt::format("the ledger holds {} that cannot be read", what),
          "restore the latest backup with `behoud restore`",
          {}};
}

Result<void> check_texts(std::initializer_list<std::string_view> texts) {
  for (const std::string_view t : texts) {
    if (t.size() > kTextBytesMax) {
      return fail(Errc::kOutOfRange, fmt::format("a text is longer than {} bytes", kTextBytesMax));
    }
  }
  return {};
}
Result<void> check_moments(std::initializer_list<std::optional<calendar::Instant>> moments) {
  for (const auto& t : moments) {
    if (!in_range(t)) return fail(Errc::kOutOfRange, "a moment is not within the years 1900 to 9999");
  }
  return {};
}
std::optional<calendar::Instant> instant_of(const std::optional<calendar::Moment>& moment) {
  return moment ? std::optional(moment->at) : std::nullopt;
}
Error empty_key(std::string_view of) { return {Errc::kInvalidArgument, fmt::format("{} has no id", of), "", {}}; }

Cell number_or_null(std::uint64_t v) { return v == 0 ? Cell() : Cell::of(static_cast<std::int64_t>(v)); }
Cell day_cell(const std::optional<calendar::Day>& day) { return day ? Cell::of(std::int64_t{day->number}) : Cell(); }
std::optional<calendar::Day> day_of(const Row& row, int i) {
  if (row.null(i)) return std::nullopt;
  return calendar::Day{static_cast<std::int32_t>(row.integer(i))};
}
std::optional<calendar::Moment> moment_of(const Row& row, int i, bool date_only) {
  if (row.null(i)) return std::nullopt;
  return calendar::Moment{calendar::Instant{row.integer(i)}, date_only};
}
std::uint64_t line_of(const Row& row, int i) { return static_cast<std::uint64_t>(row.integer(i)); }

// A text by its code, or 0 and the text itself once the dictionary is full.
char* put_ref(char* to, const Cell& text) {
  if (text.type == Cell::Type::kInteger) return put_varint(to, static_cast<std::uint64_t>(text.integer));
  return put_text(put_varint(to, 0), text.view());
}
std::size_t room_for(const Cell& text) { return 20 + (text.type == Cell::Type::kText ? text.size : 0); }

std::string_view put_more(const OrderAssertion& o, bool single, std::uint32_t contact, Names& names, Arena& arena) {
  const Cell source = names.text(o.source), country = names.text(o.country), coupon = names.text(o.coupon);
  const Cell item = single ? names.text(o.lines[0].item) : Cell();
  const Cell item_name = single ? names.text(o.lines[0].name) : Cell();
  const std::size_t line_rows = single ? 0 : o.lines.size();

  std::size_t room = 160 + o.alias.size();
  for (const Cell* text : {&source, &country, &coupon, &item, &item_name}) room += room_for(*text);
  for (const RefundPart& r : o.refunds) room += 40 + r.id.size();
  char* const begin = arena.allocate(room);
  char* to = put_varint(begin, o.line);

  std::uint64_t fields = 0;
  const auto has = [&](std::uint64_t field, bool there) { fields |= there ? field : 0; };
  has(kAlias, !o.alias.empty());
  has(kTotal, o.total_minor.has_value());
  has(kUnits, o.units_milli.has_value());
  has(kSource, source.type != Cell::Type::kNull);
  has(kCountry, country.type != Cell::Type::kNull);
  has(kCoupon, coupon.type != Cell::Type::kNull);
  has(kItem, item.type != Cell::Type::kNull);
  has(kItemName, item_name.type != Cell::Type::kNull);
  has(kLines, line_rows > 0);
  has(kVersion, o.updated_at.has_value());
  has(kContact, contact > 0);
  has(kTax, o.tax_minor.has_value());
  has(kShipping, o.shipping_minor.has_value());
  has(kDiscount, o.discount_minor.has_value());
  has(kRefund, o.refund_minor.has_value());
  has(kRefundedAt, o.refunded_at.has_value());
  has(kCancelledAt, o.cancelled_at.has_value());
  has(kRefunds, !o.refunds.empty());
  to = put_varint(to, fields);

  if ((fields & kAlias) != 0) to = put_text(to, o.alias);
  if (o.total_minor) {
    const auto less = static_cast<std::uint64_t>(o.gross_minor.value_or(0));
    to = put_signed(to, static_cast<std::int64_t>(static_cast<std::uint64_t>(*o.total_minor) - less));
  }
  if (o.units_milli) to = put_signed(to, *o.units_milli);
  for (const Cell* text : {&source, &country, &coupon, &item, &item_name}) {
    if (text->type != Cell::Type::kNull) to = put_ref(to, *text);
  }
  if (line_rows > 0) to = put_varint(to, line_rows);
  if (o.updated_at) to = put_signed(to, o.updated_at->ms);
  if (contact > 0) to = put_varint(to, contact);
  if (o.tax_minor) to = put_signed(to, *o.tax_minor);
  if (o.shipping_minor) to = put_signed(to, *o.shipping_minor);
  if (o.discount_minor) to = put_signed(to, *o.discount_minor);
  if (o.refund_minor) to = put_signed(to, *o.refund_minor);
  if (o.refunded_at) to = put_signed(to, o.refunded_at->ms);
  if (o.cancelled_at) to = put_signed(to, o.cancelled_at->ms);
  if (!o.refunds.empty()) {
    // A set: equal sets give equal bytes.
    thread_local std::vector<RefundPart> sorted;
    sorted.assign(o.refunds.begin(), o.refunds.end());
    std::sort(sorted.begin(), sorted.end(), [](const RefundPart& a, const RefundPart& b) {
      return std::tie(a.id, a.at, a.minor) < std::tie(b.id, b.at, b.minor);
    });
    to = put_varint(to, sorted.size());
    for (const RefundPart& r : sorted) {
      to = put_text(to, r.id);
      *to++ = r.at ? 1 : 0;
      if (r.at) to = put_signed(to, r.at->ms);
      to = put_signed(to, r.minor);
    }
  }
  const auto size = static_cast<std::size_t>(to - begin);
  assert(size <= room);
  arena.give_back(room - size);
  return {begin, size};
}

// Takes fields off the front; what is not there leaves its target as it is. `whole` falls when the text ends early.
struct Take {
  std::string_view from;
  bool whole = true;
  std::uint64_t number() {
    const auto v = take_varint(from);
    whole = whole && v;
    return v.value_or(0);
  }
  std::int64_t integer() {
    const auto v = take_signed(from);
    whole = whole && v;
    return v.value_or(0);
  }
  std::string_view text() {
    const auto v = take_text(from);
    whole = whole && v;
    return v.value_or(std::string_view());
  }
};

bool take_refunds(Take& take, std::vector<RefundPart>& refunds) {
  const std::uint64_t count = take.number();
  if (count > take.from.size()) return false;  // a part has more than a byte
  for (std::uint64_t i = 0; i < count; ++i) {
    RefundPart part;
    part.id = take.text();
    if (take.from.empty()) return false;
    const bool dated = take.from.front() != 0;
    take.from.remove_prefix(1);
    if (dated) part.at = calendar::Instant{take.integer()};
    part.minor = take.integer();
    refunds.push_back(part);
  }
  return take.whole;
}

}  // namespace

Result<void> check(const OrderAssertion& o) {
  if (o.order_id.empty()) return std::unexpected(empty_key("an order"));
  TRY(check_texts(
      {o.order_id, o.alias, o.customer.value, o.email, o.phone, o.name, o.status, o.coupon, o.source, o.country}));
  TRY(check_moments({instant_of(o.placed), o.updated_at, o.refunded_at, o.cancelled_at}));
  if (o.lines.size() > kOrderLinesMax) return fail(Errc::kOutOfRange, "an order has more than 65,535 lines");
  for (const OrderLine& l : o.lines) TRY(check_texts({l.item, l.name}));
  if (o.refunds.size() > kOrderLinesMax) return fail(Errc::kOutOfRange, "an order has more than 65,535 refunds");
  for (const RefundPart& r : o.refunds) {
    TRY(check_texts({r.id}));
    TRY(check_moments({r.at}));
  }
  return {};
}
Result<void> check(const RefundRecord& r) {
  if (r.amount.minor <= 0) return fail(Errc::kInvalidArgument, "a refund's amount is not above 0");
  TRY(check_moments({r.at.at}));
  return check_texts({r.customer.value});
}
Result<void> check(const EventRecord& e) {
  if (e.kind.empty()) return fail(Errc::kInvalidArgument, "an event has no kind");
  TRY(check_moments({e.at.at}));
  if (e.properties.size() > kPropertiesBytesMax) {
    return fail(Errc::kOutOfRange, "the properties of an event are longer than 1 MiB");
  }
  return check_texts({e.message_id, e.customer.value, e.kind, e.source, e.campaign});
}
Result<void> check(const CustomerRecord& c) {
  if (c.id.space == IdentitySpace::kNone || c.id.value.empty()) return std::unexpected(empty_key("a customer"));
  TRY(check_moments({instant_of(c.first_order), instant_of(c.consent_at), instant_of(c.unsubscribed_at)}));
  return check_texts({c.id.value, c.email, c.phone, c.name, c.country, c.source, c.language});
}
Result<void> check(const CostRecord& c) { return check_texts({c.kind, c.purpose, c.campaign, c.note}); }
Result<void> check(const ItemRecord& i) {
  if (i.id.empty()) return std::unexpected(empty_key("an item"));
  return check_texts({i.id, i.name, i.category});
}
Result<void> check(const RateRecord& r) {
  if (!r.rate.currency.known()) return fail(Errc::kInvalidArgument, "a rate has no currency");
  return {};
}
Result<void> check(const SubscriptionRecord& s) {
  if (s.id.empty()) return std::unexpected(empty_key("a subscription"));
  TRY(check_texts({s.id, s.customer, s.plan, s.reason}));
  for (const auto& [from, to] : s.pauses) {
    if (from < calendar::kEarliestDay || (to && *to < calendar::kEarliestDay)) {
      return fail(Errc::kOutOfRange, "a subscription's pause lies before 1990");
    }
  }
  return {};
}

OrderHashes hashes_of(const OrderAssertion& o, const Names& names) {
  OrderHashes h;
  h.email_is_customer = o.customer.space == IdentitySpace::kEmail && !o.email.empty() && o.email == o.customer.value;
  h.identity = names.identity_hash(o.customer);
  names.prefetch_identity(h.identity);
  const std::string_view email = h.email_is_customer ? std::string_view() : o.email;
  if (!email.empty() || !o.phone.empty() || !o.name.empty()) {
    h.contact = names.contact_hash(email, o.phone, o.name);
    names.prefetch_contact(h.contact);
  }
  return h;
}

void to_row(const OrderAssertion& o, const OrderHashes& hashes, Names& names, Arena& arena, Cell* row,
            std::vector<Cell>& lines) {
  const bool single = o.lines.size() == 1 && o.units_milli && o.gross_minor &&
                      o.lines[0].quantity_milli == *o.units_milli && o.lines[0].amount_minor == *o.gross_minor;
  std::int64_t flags = 0;
  if (o.placed && o.placed->date_only) flags |= kDateOnly;
  if (o.test) flags |= kTest;
  if (single) flags |= kSingleLine;
  if (hashes.email_is_customer) flags |= kEmailIsCustomer;
  const std::uint32_t contact =
      names.contact(hashes.contact, hashes.email_is_customer ? std::string_view() : o.email, o.phone, o.name);

  row[2] = Cell::text(o.order_id);
  row[3] = number_or_null(names.identity(hashes.identity, o.customer));
  row[4] = o.placed ? Cell::of(o.placed->at.ms) : Cell();
  row[5] = Cell::of(flags);
  row[6] = names.currency(o.currency);
  row[7] = Cell::of(o.gross_minor);
  row[8] = names.text(o.status);
  row[9] = Cell::blob(put_more(o, single, contact, names, arena));

  lines.clear();
  if (!single) {
    for (const OrderLine& l : o.lines) {
      lines.emplace_back();
      lines.push_back(names.text(l.item));
      lines.push_back(names.text(l.name));
      lines.push_back(Cell::of(l.quantity_milli));
      lines.push_back(Cell::of(l.amount_minor));
    }
  }
}

void to_row(const RefundRecord& r, Names& names, Cell* row) {
  row[2] = number_or_null(names.identity(r.customer));
  row[3] = Cell::of(r.at.at.ms);
  row[4] = Cell::of(r.at.date_only ? kDateOnly : 0);
  row[5] = names.currency(r.amount.currency);
  row[6] = Cell::of(r.amount.minor);
  row[8] = number_or_null(r.line);
}

void to_row(const EventRecord& e, Names& names, Cell* row) {
  row[2] = names.text(e.kind);
  row[3] = number_or_null(names.identity(e.customer));
  row[4] = Cell::of(e.at.at.ms);
  row[5] = Cell::of(e.at.date_only ? kDateOnly : 0);
  row[6] = names.currency(e.currency);
  row[7] = Cell::of(e.amount_minor);
  row[8] = names.text(e.source);
  row[9] = names.text(e.campaign);
  row[11] = Cell::text(e.message_id);
  row[12] = Cell::text(e.properties);
  row[13] = number_or_null(e.line);
}

void to_row(const CustomerRecord& c, Names& names, Cell* row) {
  const bool email_is_id = c.id.space == IdentitySpace::kEmail && !c.email.empty() && c.email == c.id.value;
  std::int64_t flags = 0;
  if (c.first_order && c.first_order->date_only) flags |= kFirstOrderDateOnly;
  if (c.consent_at && c.consent_at->date_only) flags |= kConsentDateOnly;
  if (c.unsubscribed_at && c.unsubscribed_at->date_only) flags |= kUnsubscribedDateOnly;
  if (email_is_id) flags |= kEmailIsId;
  row[2] = Cell::of(std::int64_t{names.identity(c.id)});
  row[3] = number_or_null(names.contact(email_is_id ? std::string_view() : c.email, c.phone, c.name));
  row[4] = names.text(c.country);
  row[5] = names.text(c.source);
  row[6] = names.text(c.language);
  row[7] = c.first_order ? Cell::of(c.first_order->at.ms) : Cell();
  row[8] = c.orders_before ? Cell::of(std::int64_t{*c.orders_before}) : Cell();
  row[9] = c.consent ? Cell::of(std::int64_t{*c.consent}) : Cell();
  row[10] = c.consent_at ? Cell::of(c.consent_at->at.ms) : Cell();
  row[11] = c.unsubscribed ? Cell::of(std::int64_t{*c.unsubscribed}) : Cell();
  row[12] = c.unsubscribed_at ? Cell::of(c.unsubscribed_at->at.ms) : Cell();
  row[13] = Cell::of(flags);
  row[14] = number_or_null(c.line);
}

void to_row(const CostRecord& c, Names& names, Cell* row) {
  row[2] = Cell::of(std::int64_t{c.from.number});
  row[3] = Cell::of(std::int64_t{c.to.number});
  row[4] = names.currency(c.amount.currency);
  row[5] = Cell::of(c.amount.minor);
  row[6] = Cell::text(c.kind);
  row[7] = Cell::text(c.purpose);
  row[8] = Cell::text(c.campaign);
  row[9] = Cell::text(c.note);
  row[11] = number_or_null(c.line);
}

void to_row(const ItemRecord& i, Names& names, Cell* row) {
  row[2] = Cell::text(i.id);
  row[3] = Cell::text(i.name);
  row[4] = Cell::text(i.category);
  row[5] = i.cost ? names.currency(i.cost->currency) : Cell();
  row[6] = i.cost ? Cell::of(i.cost->minor) : Cell();
  row[7] = number_or_null(i.line);
}

void to_row(const RateRecord& r, Arena& arena, Cell* row) {
  row[2] = Cell::text(arena.copy(r.base.code()));
  row[3] = Cell::text(arena.copy(r.rate.currency.code()));
  row[4] = Cell::of(std::int64_t{r.rate.day.number});
  row[5] = Cell::of(r.rate.mantissa);
  row[6] = Cell::of(std::int64_t{r.rate.scale});
  row[7] = number_or_null(r.line);
}

void to_row(const SubscriptionRecord& s, Names& names, Arena& arena, Cell* row) {
  std::string pauses;  // "19000-19030 19100-": days, for people to read
  for (const auto& [from, to] : s.pauses) {
    if (!pauses.empty()) pauses += ' ';
    pauses += fmt::format("{}-", from.number);
    if (to) pauses += std::to_string(to->number);
  }
  row[2] = Cell::text(s.id);
  row[3] = number_or_null(names.identity({s.customer_space, s.customer}));
  row[4] = Cell::text(s.plan);
  row[5] = Cell::text(s.reason);
  row[6] = day_cell(s.start);
  row[7] = day_cell(s.trial_end);
  row[8] = day_cell(s.end);
  row[9] = Cell::text(arena.copy(pauses));
  row[10] = s.amount ? names.currency(s.amount->currency) : Cell();
  row[11] = s.amount ? Cell::of(s.amount->minor) : Cell();
  row[12] = Cell::of(std::int64_t{s.interval_months});
  row[13] = Cell::of(std::int64_t{s.interval_days});
  row[14] = number_or_null(s.line);
}

Result<void> Texts::load_dictionary(Database& db) {
  const auto each = [&](const Row& row) -> Result<void> {
    const auto code = static_cast<std::uint64_t>(row.integer(0));
    if (code == 0 || code > kDictionaryMax) return std::unexpected(damaged("a text of the dictionary"));
    if (dictionary_.size() <= code) dictionary_.resize(code + 1);
    dictionary_[code] = arena_.copy(row.bytes(1));
    return {};
  };
  return db.scan("code, text", "FROM dictionary", {}, each);
}

Result<void> Texts::load_identities(Database& db) {
  identities_.resize(1);
  const auto each = [&](const Row& row) -> Result<void> {
    const auto id = static_cast<std::uint64_t>(row.integer(0));
    const auto space = row.integer(1);
    // Ids are dense but for those of imports that were removed.
    if (id < identities_.size() || id > UINT32_MAX || space < 0 || space > 4) {
      return std::unexpected(damaged("an identity"));
    }
    identities_.resize(id + 1);
    identities_[id] = {static_cast<IdentitySpace>(space), arena_.copy(row.bytes(2))};
    return {};
  };
  return db.scan("id, space, value", "FROM identity", {}, each);
}

Result<void> Texts::load_contacts(Database& db) {
  contacts_.resize(1);
  const auto each = [&](const Row& row) -> Result<void> {
    const auto id = static_cast<std::uint64_t>(row.integer(0));
    if (id < contacts_.size() || id > UINT32_MAX) return std::unexpected(damaged("a contact"));
    contacts_.resize(id + 1);
    contacts_[id] = {arena_.copy(row.bytes(1)), arena_.copy(row.bytes(2)), arena_.copy(row.bytes(3))};
    return {};
  };
  return db.scan("id, email, phone, name", "FROM contact", {}, each);
}

Result<std::string_view> Texts::text(const Row& row, int i) const {
  if (row.null(i)) return std::string_view();
  if (row.is_text(i)) return row.bytes(i);
  return text(static_cast<std::uint64_t>(row.integer(i)));
}

Result<std::string_view> Texts::text(std::uint64_t code) const {
  if (code == 0 || code >= dictionary_.size()) return std::unexpected(damaged("a code without a text"));
  return dictionary_[code];
}

Result<std::string_view> Texts::text(const Cell& cell) const {
  if (cell.type == Cell::Type::kNull) return std::string_view();
  if (cell.type != Cell::Type::kInteger) return cell.view();
  return text(static_cast<std::uint64_t>(cell.integer));
}

Result<money::Currency> Texts::currency(const Row& row, int i) {
  if (row.null(i)) return money::Currency::none();
  if (row.is_text(i)) return money::Currency::parse(row.bytes(i));
  const auto code = static_cast<std::uint64_t>(row.integer(i));
  if (code == 0 || code >= dictionary_.size()) return std::unexpected(damaged("a code without a text"));
  if (currencies_.size() <= code) currencies_.resize(dictionary_.size());
  if (!currencies_[code].known()) {
    auto parsed = money::Currency::parse(dictionary_[code]);
    if (!parsed) return std::unexpected(damaged("a currency"));
    currencies_[code] = *parsed;
  }
  return currencies_[code];
}

Result<IdentityRef> Texts::identity(std::int64_t id) const {
  if (id == 0) return IdentityRef{};
  if (db_ != nullptr && static_cast<std::uint64_t>(id) >= identities_.size()) {
    const auto known = some_identities_.find(id);
    if (known != some_identities_.end()) return known->second;
    const std::int64_t wanted[] = {id};
    std::optional<IdentityRef> found;
    TRY(db_->scan("space, value", "FROM identity WHERE id = ?1", wanted, [&](const Row& row) -> Result<void> {
      const auto space = row.integer(0);
      if (space < 0 || space > 4) return std::unexpected(damaged("an identity"));
      found = IdentityRef{static_cast<IdentitySpace>(space), looked_up_.copy(row.bytes(1))};
      return {};
    }));
    if (!found) return std::unexpected(damaged("an identity without a value"));
    return some_identities_.emplace(id, *found).first->second;
  }
  if (id < 0 || static_cast<std::uint64_t>(id) >= identities_.size()) {
    return std::unexpected(damaged("an identity without a value"));
  }
  return identities_[static_cast<std::size_t>(id)];
}

Result<Texts::Contact> Texts::contact(std::int64_t id) const {
  if (id == 0) return Contact{};
  if (db_ != nullptr && static_cast<std::uint64_t>(id) >= contacts_.size()) {
    const auto known = some_contacts_.find(id);
    if (known != some_contacts_.end()) return known->second;
    const std::int64_t wanted[] = {id};
    std::optional<Contact> found;
    TRY(db_->scan("email, phone, name", "FROM contact WHERE id = ?1", wanted, [&](const Row& row) -> Result<void> {
      found = Contact{looked_up_.copy(row.bytes(0)), looked_up_.copy(row.bytes(1)), looked_up_.copy(row.bytes(2))};
      return {};
    }));
    if (!found) return std::unexpected(damaged("a contact that is not there"));
    return some_contacts_.emplace(id, *found).first->second;
  }
  if (id < 0 || static_cast<std::uint64_t>(id) >= contacts_.size()) {
    return std::unexpected(damaged("a contact that is not there"));
  }
  return contacts_[static_cast<std::size_t>(id)];
}

std::string_view content_of_more(std::string_view more) {
  take_varint(more);  // the line
  return more;
}
std::string_view alias_of_more(std::string_view more) {
  take_varint(more);
  const auto fields = take_varint(more);
  if (!fields || (*fields & kAlias) == 0) return {};
  return take_text(more).value_or(std::string_view());
}

Result<void> from_row(const Row& row, Texts& texts, OrderAssertion& o, LineBuffer& buffer, std::size_t& line_rows) {
  o = OrderAssertion{};
  buffer.lines.clear();
  buffer.refunds.clear();
  const std::int64_t flags = row.integer(5);
  o.order_id = row.bytes(2);
  TRY_ASSIGN(o.customer, texts.identity(row.integer(3)));
  o.placed = moment_of(row, 4, (flags & kDateOnly) != 0);
  o.test = (flags & kTest) != 0;
  TRY_ASSIGN(o.currency, texts.currency(row, 6));
  o.gross_minor = row.maybe(7);
  TRY_ASSIGN(o.status, texts.text(row, 8));

  Take take{row.bytes(9)};
  o.line = take.number();
  const std::uint64_t fields = take.number();
  if (fields >= kMoreEnd) return std::unexpected(damaged("an order"));
  Result<void> known;
  const auto text = [&]() -> std::string_view {
    const std::uint64_t code = take.number();
    if (code == 0) return take.text();
    const auto found = texts.text(code);
    if (!found) known = std::unexpected(found.error());
    return found.value_or(std::string_view());
  };
  if ((fields & kAlias) != 0) o.alias = take.text();
  if ((fields & kTotal) != 0) {
    o.total_minor = static_cast<std::int64_t>(static_cast<std::uint64_t>(take.integer()) +
                                              static_cast<std::uint64_t>(o.gross_minor.value_or(0)));
  }
  if ((fields & kUnits) != 0) o.units_milli = take.integer();
  if ((fields & kSource) != 0) o.source = text();
  if ((fields & kCountry) != 0) o.country = text();
  if ((fields & kCoupon) != 0) o.coupon = text();
  line_rows = 0;
  if ((flags & kSingleLine) != 0) {
    if (!o.units_milli || !o.gross_minor) return std::unexpected(damaged("an order's line"));
    OrderLine& line = buffer.lines.emplace_back();
    if ((fields & kItem) != 0) line.item = text();
    if ((fields & kItemName) != 0) line.name = text();
    line.quantity_milli = *o.units_milli;
    line.amount_minor = *o.gross_minor;
    o.lines = buffer.lines;
  } else if ((fields & (kItem | kItemName)) != 0) {
    return std::unexpected(damaged("an order's line"));
  }
  if ((fields & kLines) != 0) line_rows = take.number();
  if (line_rows > kOrderLinesMax) return std::unexpected(damaged("an order's count of lines"));
  if ((fields & kVersion) != 0) o.updated_at = calendar::Instant{take.integer()};
  if ((fields & kContact) != 0) {
    TRY_ASSIGN(const auto contact, texts.contact(static_cast<std::int64_t>(take.number())));
    o.email = contact.email;
    o.phone = contact.phone;
    o.name = contact.name;
  }
  if ((flags & kEmailIsCustomer) != 0) o.email = o.customer.value;
  if ((fields & kTax) != 0) o.tax_minor = take.integer();
  if ((fields & kShipping) != 0) o.shipping_minor = take.integer();
  if ((fields & kDiscount) != 0) o.discount_minor = take.integer();
  if ((fields & kRefund) != 0) o.refund_minor = take.integer();
  if ((fields & kRefundedAt) != 0) o.refunded_at = calendar::Instant{take.integer()};
  if ((fields & kCancelledAt) != 0) o.cancelled_at = calendar::Instant{take.integer()};
  if ((fields & kRefunds) != 0) {
    if (!take_refunds(take, buffer.refunds)) return std::unexpected(damaged("an order's refunds"));
    o.refunds = buffer.refunds;
  }
  if (!known) return known;
  if (!take.whole || !take.from.empty()) return std::unexpected(damaged("an order"));
  return {};
}

Result<RefundRecord> refund_from_row(const Row& row, Texts& texts) {
  RefundRecord r;
  TRY_ASSIGN(r.customer, texts.identity(row.integer(2)));
  r.at = {calendar::Instant{row.integer(3)}, (row.integer(4) & kDateOnly) != 0};
  TRY_ASSIGN(r.amount.currency, texts.currency(row, 5));
  r.amount.minor = row.integer(6);
  r.line = line_of(row, 8);
  return r;
}

Result<EventRecord> event_from_row(const Row& row, Texts& texts) {
  EventRecord e;
  TRY_ASSIGN(e.kind, texts.text(row, 2));
  TRY_ASSIGN(e.customer, texts.identity(row.integer(3)));
  e.at = {calendar::Instant{row.integer(4)}, (row.integer(5) & kDateOnly) != 0};
  TRY_ASSIGN(e.currency, texts.currency(row, 6));
  e.amount_minor = row.maybe(7);
  TRY_ASSIGN(e.source, texts.text(row, 8));
  TRY_ASSIGN(e.campaign, texts.text(row, 9));
  e.message_id = row.bytes(11);
  e.properties = row.bytes(12);
  e.line = line_of(row, 13);
  return e;
}

Result<CustomerRecord> customer_from_row(const Row& row, Texts& texts) {
  CustomerRecord c;
  const std::int64_t flags = row.integer(13);
  TRY_ASSIGN(c.id, texts.identity(row.integer(2)));
  if (!row.null(3)) {
    TRY_ASSIGN(const auto contact, texts.contact(row.integer(3)));
    c.email = contact.email;
    c.phone = contact.phone;
    c.name = contact.name;
  }
  if ((flags & kEmailIsId) != 0) c.email = c.id.value;
  TRY_ASSIGN(c.country, texts.text(row, 4));
  TRY_ASSIGN(c.source, texts.text(row, 5));
  TRY_ASSIGN(c.language, texts.text(row, 6));
  c.first_order = moment_of(row, 7, (flags & kFirstOrderDateOnly) != 0);
  if (const auto n = row.maybe(8)) c.orders_before = static_cast<std::uint32_t>(*n);
  if (const auto b = row.maybe(9)) c.consent = *b != 0;
  c.consent_at = moment_of(row, 10, (flags & kConsentDateOnly) != 0);
  if (const auto b = row.maybe(11)) c.unsubscribed = *b != 0;
  c.unsubscribed_at = moment_of(row, 12, (flags & kUnsubscribedDateOnly) != 0);
  c.line = line_of(row, 14);
  return c;
}

Result<CostRecord> cost_from_row(const Row& row, Texts& texts) {
  CostRecord c;
  c.from = day_of(row, 2).value_or(calendar::Day{});
  c.to = day_of(row, 3).value_or(calendar::Day{});
  TRY_ASSIGN(c.amount.currency, texts.currency(row, 4));
  c.amount.minor = row.integer(5);
  c.kind = row.bytes(6);
  c.purpose = row.bytes(7);
  c.campaign = row.bytes(8);
  c.note = row.bytes(9);
  c.line = line_of(row, 11);
  return c;
}

Result<ItemRecord> item_from_row(const Row& row, Texts& texts) {
  ItemRecord i;
  i.id = row.bytes(2);
  i.name = row.bytes(3);
  i.category = row.bytes(4);
  if (!row.null(6)) {
    TRY_ASSIGN(const auto currency, texts.currency(row, 5));
    i.cost = money::Money{row.integer(6), currency};
  }
  i.line = line_of(row, 7);
  return i;
}

Result<RateRecord> rate_from_row(const Row& row) {
  RateRecord r;
  if (!row.null(2)) {
    TRY_ASSIGN(r.base, money::Currency::parse(row.bytes(2)));
  }
  TRY_ASSIGN(r.rate.currency, money::Currency::parse(row.bytes(3)));
  r.rate.day = day_of(row, 4).value_or(calendar::Day{});
  r.rate.mantissa = row.integer(5);
  r.rate.scale = static_cast<int>(row.integer(6));
  r.line = line_of(row, 7);
  return r;
}

Result<SubscriptionRecord> subscription_from_row(const Row& row, Texts& texts) {
  SubscriptionRecord s;
  s.id = row.bytes(2);
  TRY_ASSIGN(const IdentityRef customer, texts.identity(row.integer(3)));
  s.customer_space = customer.space;
  s.customer = customer.value;
  s.plan = row.bytes(4);
  s.reason = row.bytes(5);
  s.start = day_of(row, 6);
  s.trial_end = day_of(row, 7);
  s.end = day_of(row, 8);
  std::string_view pauses = row.bytes(9);
  const auto number = [&]() -> std::optional<calendar::Day> {
    std::int32_t n = 0;
    std::size_t used = 0;
    while (used < pauses.size() && used < 8 && is_digit(pauses[used])) n = n * 10 + (pauses[used++] - '0');
    if (used == 0) return std::nullopt;
    pauses.remove_prefix(used);
    return calendar::Day{n};
  };
  while (!pauses.empty()) {
    const auto from = number();
    if (!from || !pauses.starts_with('-')) return std::unexpected(damaged("a subscription's pauses"));
    pauses.remove_prefix(1);
    s.pauses.emplace_back(*from, number());
    if (pauses.starts_with(' ')) {
      pauses.remove_prefix(1);
    } else if (!pauses.empty()) {
      return std::unexpected(damaged("a subscription's pauses"));
    }
  }
  if (!row.null(11)) {
    TRY_ASSIGN(const auto currency, texts.currency(row, 10));
    s.amount = money::Money{row.integer(11), currency};
  }
  s.interval_months = static_cast<std::int32_t>(row.integer(12));
  s.interval_days = static_cast<std::int32_t>(row.integer(13));
  s.line = line_of(row, 14);
  return s;
}

}  // namespace behoud::ledger::internal
