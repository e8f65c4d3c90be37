#pragma once

// A page of the customers: those found by a search, of a standing, in an order, from a cursor on. The bytes of
// `behoud customers --format json` and of GET /api/v1/customers, both without `behind`:
//
//   {"as_of","revision","rows":[{"customer","namespace","email","name","country","source","orders","revenue_minor",
//    "first_order","last_order","active"}],"next":cursor or null,"total":how many in all,"not_searched":[..]}
//
// Those alike in what they are sorted by are ordered by a number of their own, so pages never overlap and together are
// the whole. A cursor holds what the last row was sorted by and that number, and nothing else, so it means the same
// place after the data has changed. Who has no order comes last where the greatest comes first. `not_searched` names
// what the index is too large to hold (customer_search.h), usually nothing.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/command.h"
#include "app/customer_directory.h"
#include "app/question_options.h"
#include "app/sheet.h"
#include "retention/called.h"

namespace behoud::app {

inline constexpr std::size_t kSearchTextMax = 200;

struct CustomerQuery {
  std::string search;  // trimmed; empty: all
  CustomerSort sort = CustomerSort::kLastOrder;
  bool descending = true;
  std::optional<retention::People::Standing> standing;
  std::size_t limit = 50;
  struct After {
    std::uint64_t key = 0, tag = 0;
  };
  std::optional<After> after;
};
// --search, --sort, --direction, --status, --limit, --cursor. Errors: kInvalidArgument, naming the option; a cursor
// that is none, or of another order.
std::vector<Option> customer_list_options();
Result<CustomerQuery> parse_customer_query(const Lookup& said);

// Whether the words of `customers` ask for the list, not for the people behind a number. Errors: kInvalidArgument (an
// option of the other one).
Result<bool> asks_for_list(const Lookup& said);

struct CustomerPage {
  std::vector<std::uint32_t> customers;
  std::optional<std::string> next;  // the cursor of what follows
  std::uint64_t total = 0;
};
CustomerPage page_of(const CustomerDirectory& directory, const CustomerQuery& query);

// What the customers behind a number are called, whose indices are those of `of`. The directory may be of another
// revision: who is not in it is called nothing.
std::vector<retention::Called> called_of(const CustomerDirectory& directory, const timeline::Histories& of,
                                         std::span<const retention::CustomerRow> rows);

std::string page_json(const CustomerDirectory& directory, const CustomerPage& page);  // with its line end
Sheet page_sheet(const CustomerDirectory& directory, const CustomerPage& page);

}  // namespace behoud::app
