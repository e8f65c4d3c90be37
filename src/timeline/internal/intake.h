#pragma once

// All that was said, as it came: statements about orders in columns (staging.h), whose they are (people.h), what they
// are called (order_names.h), refunds that name no order, and the words and currencies that occur. Decides nothing.

#include <cstdint>
#include <vector>

#include "timeline/histories_builder.h"
#include "timeline/internal/dictionary.h"
#include "timeline/internal/order_names.h"
#include "timeline/internal/people.h"
#include "timeline/internal/staging.h"

namespace behoud::timeline {

struct LooseRefund {
  std::uint32_t customer = kNoRow;  // kNoRow: nobody's
  calendar::Moment at;              // at.ms kUnstated: never matches
  std::int64_t minor = 0;
  money::Currency currency;
  // Order of arrival, whatever is left out before: a refund that names no order stands before the row that it came
  // before, one that a row gives off behind that row.
  std::uint64_t arrival = 0;
  static std::uint64_t before_row(std::uint32_t row, std::size_t nth) { return std::uint64_t{row} << 32 | nth; }
  static std::uint32_t row_of(std::uint64_t arrival) { return static_cast<std::uint32_t>(arrival >> 32); }
  static std::uint64_t of_row(std::uint32_t row) { return std::uint64_t{row} << 32 | 0xffff'ffff; }
};

struct Intake {
  explicit Intake(BuildSettings build_settings);

  // What HistoriesBuilder promises of its calls of these names.
  Result<void> add(const ledger::OrderAssertion& assertion, calendar::Instant received);
  Result<void> add_refund(ledger::IdentityRef customer, calendar::Moment at, money::Money refund);

  std::optional<std::uint8_t> find(money::Currency currency) const;

  BuildSettings settings;
  Staging staged;
  OrderNames names;
  People people;
  TextMap refund_ids;
  Dictionary status_words, items, coupons, sources, countries;
  std::vector<ledger::Standing> statuses;                            // by code of status_words
  std::vector<money::Currency> currencies{money::Currency::none()};  // by the number that is staged
  std::vector<LooseRefund> loose;
  bool any_date_only = false;

 private:
  Result<Code> status_of(std::string_view word);
  Result<std::uint8_t> number_of(money::Currency currency);
  Result<void> add_lines(std::uint32_t row, const ledger::OrderAssertion& a);
  Result<void> add_refund_parts(std::uint32_t row, const ledger::OrderAssertion& a);

  TextMap costed_items_;  // of unit_costs_
  std::vector<std::int64_t> unit_costs_;
};

}  // namespace behoud::timeline
