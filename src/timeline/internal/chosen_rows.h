#pragma once

// Which orders become rows of the histories, on which civil day each falls, and what is summed up of the others.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "timeline/internal/order_worth.h"

namespace behoud::timeline {

struct LeftOutRow {
  std::uint32_t row = 0;
  std::string_view reason;  // lives for ever
  Code word = 0;            // status word, where the sums are by it
  std::optional<calendar::Day> day;
  std::int64_t gross_minor = 0;
};

struct ChosenRows {
  std::vector<std::vector<std::uint32_t>> rows;  // staged rows, ascending from stretch to stretch
  std::vector<calendar::Day> day;                // by staged row
  std::vector<std::uint32_t> stepped;            // rows that may have steps, ascending
  std::vector<std::uint32_t> others;             // orders that are no rows, ascending; where ids are kept
  bool any_foreign = false, any_unconverted = false;
  // Where a trace is kept, ascending: what `h` has only the sums of.
  std::vector<LeftOutRow> left_out;
  std::vector<std::uint32_t> unconverted;
  __int128 magnitude = 0;  // of all amounts

  std::size_t size() const;
};

// Writes `left_out` and `unconverted` of `h`. The refunds of an order that is not here, and the amount of a negative
// one, look for another order of the customer: they go to `loose`. Errors: kOutOfRange (sums beyond 64 bits).
Result<ChosenRows> choose_rows(const Intake& intake, const SettledOrders& orders, const OrderWorth& worth,
                               std::vector<LooseRefund>& loose, Histories& h);

}  // namespace behoud::timeline
