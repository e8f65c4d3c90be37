#pragma once

// What HistoriesBuilder holds until finish(): one row an assertion, in order of arrival, in columns (columns.h) that
// cost nothing until a source states something in them. Rows of one order are chained from its first row (`next`); a
// row that no other follows is the order's state as it stands. Whose a row is stands in People, what it is called in
// OrderNames.

#include <cstdint>
#include <vector>

#include "timeline/internal/columns.h"

namespace behoud::timeline {

enum StagedFlag : std::uint8_t {
  kDateOnly = 1,
  kTest = 2,
  kLines = 4,         // the assertion states lines
  kRefunds = 8,       // the assertion states refund parts
  kFollowed = 16,     // another row of the same order follows
  kTotalIsGross = 32  // the total is stated, and is the gross
};

struct StagedRefund {
  std::uint32_t row = 0;
  std::uint32_t id = kNoRow;  // reference of its text; kNoRow: without an id
  std::int64_t at_ms = kUnstated;
  std::int64_t minor = 0;
};

struct Staging {
  std::uint32_t rows = 0;
  InstantColumn placed;
  Column<std::uint8_t, 0> flags;
  CodeColumn status;
  Column<std::uint8_t, 0> currency;  // number of the currency in order of appearance; 0: none
  MoneyColumn gross, total, tax, shipping, discount, refund;
  InstantColumn updated_at, refunded_at, cancelled_at;
  MoneyColumn units;
  CodeColumn item, coupon, source, country;
  MoneyColumn item_cost, costed, lines_total;  // of the lines: their cost; amount of those with a cost; of all
  Column<std::uint32_t, kNoRow> next;
  std::vector<StagedRefund> refunds;                                // ascending by row
  std::vector<std::pair<std::uint32_t, std::int64_t>> received_ms;  // from this row on
};

}  // namespace behoud::timeline
