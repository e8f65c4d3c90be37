#pragma once

// Records as rows of their tables, and back. Every table has `seq` and `import` first and `line` last; the columns
// between are the content: two statements are equal when these are. docs/formats/ledger.md describes the columns.
//
// Of an order, what people look for stands in columns and the rest in one blob, `more`: a column costs 14 ns to read
// and 12 ns to write, a field of the blob 2. A single line that says nothing the order does not say (its units, its
// amount) is no row of order_line: its item stands in `more`.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/internal/arena.h"
#include "ledger/internal/names.h"
#include "ledger/internal/sqlite.h"
#include "ledger/ledger.h"
#include "ledger/records.h"

namespace behoud::ledger::internal {

// A table of statements. The key, which names what is stated about, are the first `keys` columns of the content (of an
// order also its alias). With keys == 0 it is all of the content, `nth` with it: the how many-th equal row of its
// import this is, from 0. An event that has a message id is known by that.
struct TableShape {
  const char* table;
  const char* columns;  // all, in order
  int count;
  int keys;
  int nth;  // the column, or 0
  static constexpr int kContent = 2;
  int content_end() const { return count - 1; }
};

inline constexpr TableShape kOrderTable{
    "order_event", "seq, import, order_key, identity, occurred_at, flags, currency, amount, status, more", 10, 1, 0};
// The last column of order_event begins with the line, which is no content.
std::string_view content_of_more(std::string_view more);
std::string_view alias_of_more(std::string_view more);  // empty where there is none
inline constexpr TableShape kRefundTable{
    "refund", "seq, import, identity, occurred_at, flags, currency, amount, nth, line", 9, 0, 7};
inline constexpr TableShape kEventTable{
    "event",
    "seq, import, kind, identity, occurred_at, flags, currency, amount, source, campaign, nth, message_id, properties, "
    "line",
    14, 0, 10};  // message_id and properties lie in event_body, which events without either have no row of
inline constexpr TableShape kCustomerTable{
    "customer",
    "seq, import, identity, contact, country, source, language, first_order, orders_before, consent, consent_at, "
    "unsubscribed, unsubscribed_at, flags, line",
    15, 1, 0};
inline constexpr TableShape kCostTable{
    "cost", "seq, import, from_day, to_day, currency, amount, kind, purpose, campaign, note, nth, line", 12, 0, 10};
inline constexpr TableShape kItemTable{"item", "seq, import, item, name, category, currency, cost, line", 8, 1, 0};
inline constexpr TableShape kRateTable{"rate", "seq, import, base, currency, day, mantissa, scale, line", 8, 3, 0};
inline constexpr TableShape kSubscriptionTable{
    "subscription",
    "seq, import, subscription, identity, plan, reason, start, trial_end, end, pauses, currency, amount, "
    "interval_months, interval_days, line",
    15, 1, 0};

// order_line.id = seq * 65536 + index.
inline constexpr int kLineColumns = 5;  // id, item, name, quantity, amount
constexpr std::int64_t line_id(std::uint64_t seq, std::size_t index) {
  return static_cast<std::int64_t>(seq << 16 | index);
}

// ---- To rows.

// Errors: kInvalidArgument (an empty key, a refund that is not above 0), kOutOfRange (beyond what bounds.h allows; a
// pause before 1990).
Result<void> check(const OrderAssertion& order);
Result<void> check(const RefundRecord& refund);
Result<void> check(const EventRecord& event);
Result<void> check(const CustomerRecord& customer);
Result<void> check(const CostRecord& cost);
Result<void> check(const ItemRecord& item);
Result<void> check(const RateRecord& rate);
Result<void> check(const SubscriptionRecord& subscription);

// Of a checked record. `row` has the table's count of cells, all NULL; seq, import and nth are the caller's to fill in.
// Texts borrow from the record or the arena.

// What an order's numbers are found by, computed for a whole batch first.
struct OrderHashes {
  Hash128 identity, contact;
  bool email_is_customer = false;
};
OrderHashes hashes_of(const OrderAssertion& order, const Names& names);
// `lines` gets kLineColumns cells a line that needs a row; their ids are the caller's.
void to_row(const OrderAssertion& order, const OrderHashes& hashes, Names& names, Arena& arena, Cell* row,
            std::vector<Cell>& lines);
void to_row(const RefundRecord& refund, Names& names, Cell* row);
void to_row(const EventRecord& event, Names& names, Cell* row);
void to_row(const CustomerRecord& customer, Names& names, Cell* row);
void to_row(const CostRecord& cost, Names& names, Cell* row);
void to_row(const ItemRecord& item, Names& names, Cell* row);
void to_row(const RateRecord& rate, Arena& arena, Cell* row);
void to_row(const SubscriptionRecord& subscription, Names& names, Arena& arena, Cell* row);

// ---- From rows.

// The texts behind the numbers, all in memory: about 40 bytes each and the texts.
class Texts {
 public:
  // Each is read when first needed. Errors of the lookups: kCorrupt (a number that is not there).
  Result<void> load_dictionary(Database& db);
  Result<void> load_identities(Database& db);
  Result<void> load_contacts(Database& db);
  // From now on identities and contacts that are not loaded are read from `db` when they are looked up, and kept.
  void look_up_in(Database& db) { db_ = &db; }

  Result<std::string_view> text(const Row& row, int i) const;  // of a dictionary column
  Result<std::string_view> text(const Cell& cell) const;
  Result<std::string_view> text(std::uint64_t code) const;
  Result<money::Currency> currency(const Row& row, int i);
  Result<IdentityRef> identity(std::int64_t id) const;  // none for 0
  struct Contact {
    std::string_view email, phone, name;
  };
  Result<Contact> contact(std::int64_t id) const;  // empty for 0
  std::size_t identities() const { return identities_.size(); }

 private:
  Arena arena_;
  std::vector<std::string_view> dictionary_;
  std::vector<money::Currency> currencies_;  // by code, none where not asked for yet
  std::vector<IdentityRef> identities_;
  std::vector<Contact> contacts_;
  Database* db_ = nullptr;
  mutable Arena looked_up_;
  mutable std::map<std::int64_t, IdentityRef> some_identities_;
  mutable std::map<std::int64_t, Contact> some_contacts_;
};

// Lines of one order at a time, in the order of seq, read beside the orders.
struct LineBuffer {
  std::vector<OrderLine> lines;
  std::vector<RefundPart> refunds;
};

// Does not fill `lines` where the row says there are rows of order_line: `line_rows` is then how many.
Result<void> from_row(const Row& row, Texts& texts, OrderAssertion& order, LineBuffer& buffer, std::size_t& line_rows);
Result<RefundRecord> refund_from_row(const Row& row, Texts& texts);
Result<EventRecord> event_from_row(const Row& row, Texts& texts);
Result<CustomerRecord> customer_from_row(const Row& row, Texts& texts);
Result<CostRecord> cost_from_row(const Row& row, Texts& texts);
Result<ItemRecord> item_from_row(const Row& row, Texts& texts);
Result<RateRecord> rate_from_row(const Row& row);
Result<SubscriptionRecord> subscription_from_row(const Row& row, Texts& texts);

}  // namespace behoud::ledger::internal
