#pragma once

// One customer's whole history: every order with its refunds, status and items, and every event, newest first, with who
// they are and what their figures say. The bytes of `behoud customer ID --format json` and of GET
// /api/v1/customers/{id}:
//
//   {"as_of","revision","customer","namespace","identities":[{"namespace","value","merged"}],"profile":{..},
//    "summary":{..},"cohort","events":[{"at","day","kind","order","status","counts","amount_minor","currency",
//    "refunded_minor","revenue_minor","items":[{"item","name","quantity","amount_minor"}],"source","import"}],
//    "next","total"}
//
// An order's amounts are in its own currency, as its source states them: `amount_minor` before refunds, after
// discounts, without tax and shipping where known; `refunded_minor` of the order's total. `revenue_minor` is what it
// adds to the customer's revenue, in the shop's currency; absent where it does not count. Those that count sum to the
// summary, which is retention/people.h's: an order's state is settled, converted and judged by the same code as
// everybody's. A cursor is a place in time, so it outlives the data.
//
// Cost: a few milliseconds, by looking up the rows that the directory knows.

#include <optional>
#include <string>
#include <vector>

#include "app/command.h"
#include "app/customer_directory.h"
#include "app/question_options.h"
#include "app/sheet.h"

namespace behoud::app {

struct HistoryQuery {
  std::size_t limit = 100;
  struct After {
    std::int64_t at_ms = 0;
    ledger::Seq seq = 0;
  };
  std::optional<After> after;
};
// --limit and --cursor. Errors: kInvalidArgument.
std::vector<Option> history_options();
Result<HistoryQuery> parse_history_query(const Lookup& said);

// Who is meant by a key and, where said, a --namespace. Errors: kNotFound, kInvalidArgument (no such namespace).
Result<std::uint32_t> customer_named(const CustomerDirectory& directory, std::string_view key, const Lookup& said);

struct HistoryItem {
  std::string item, name;
  std::int64_t quantity_milli = 0, amount_minor = 0;
};
struct HistoryEvent {
  calendar::Instant at;
  calendar::Day day;
  ledger::Seq seq = 0;        // the first that was said of it
  std::string kind;           // "order", "refund" (one that names no order), or the event's own
  std::string order, status;  // the number, the source's word
  bool counts = false;
  std::optional<std::int64_t> amount_minor, refunded_minor, revenue_minor;
  std::string currency;
  std::vector<HistoryItem> items;
  std::string source;
  std::optional<ledger::ImportId> import;
};
struct CustomerHistory {
  std::uint32_t customer = 0;
  std::vector<std::pair<ledger::IdentitySpace, std::string>> identities;  // the customer's own first
  std::string language;
  std::optional<bool> consent, unsubscribed;
  std::optional<calendar::Day> consent_day, unsubscribed_day;
  std::vector<HistoryEvent> events;  // a page
  std::uint64_t total = 0;
  std::optional<std::string> next;
};
// `snapshot` is of the ledger that the directory was made from, at its revision or a later one. Errors: those of the
// snapshot's reads and of the builder.
Result<CustomerHistory> history_of(const ledger::Snapshot& snapshot, const CustomerDirectory& directory,
                                   std::uint32_t customer, const HistoryQuery& query);

std::string history_json(const CustomerDirectory& directory, const CustomerHistory& history);  // with its line end
Sheet history_sheet(const CustomerHistory& history);
std::string history_heading(const CustomerDirectory& directory, const CustomerHistory& history);  // over a table

}  // namespace behoud::app
